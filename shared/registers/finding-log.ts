import type { FindingCode } from "./finding.ts";
import { findingCodes } from "./finding.ts";

const initialCapacity = 256;

/**
 * Row findings of one file, 13 bytes each, so that a file in which every row is wrong does not fill the memory.
 * A finding is a code, a line of the delivered file, a column position (-1: the whole row) and one number of detail
 * (E-001: fields found, E-010: the other line, otherwise 0). Content never enters, except a code of a code column that
 * fits its pattern (`value`), for the protected receipt.
 */
export class FindingLog {
  #codes = new Uint8Array(initialCapacity);
  #lines = new Uint32Array(initialCapacity);
  #columns = new Int32Array(initialCapacity);
  #details = new Uint32Array(initialCapacity);
  readonly #values = new Map<number, string>();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(code: FindingCode, line: number, column = -1, detail = 0, value?: string): void {
    if (this.#length === this.#codes.length) this.#grow();
    const at = this.#length++;
    this.#codes[at] = findingCodes.indexOf(code);
    this.#lines[at] = line;
    this.#columns[at] = column;
    this.#details[at] = detail;
    if (value !== undefined && this.#values.size < 10_000) this.#values.set(at, value);
  }

  *entries(): Generator<{
    code: FindingCode;
    line: number;
    column: number;
    detail: number;
    value: string | undefined;
  }> {
    for (let at = 0; at < this.#length; at++) {
      const code = findingCodes[this.#codes[at] ?? 0] ?? findingCodes[0];
      yield {
        code,
        line: this.#lines[at] ?? 0,
        column: this.#columns[at] ?? -1,
        detail: this.#details[at] ?? 0,
        value: this.#values.get(at),
      };
    }
  }

  #grow(): void {
    const capacity = this.#codes.length * 2;
    this.#codes = enlarged(this.#codes, new Uint8Array(capacity));
    this.#lines = enlarged(this.#lines, new Uint32Array(capacity));
    this.#columns = enlarged(this.#columns, new Int32Array(capacity));
    this.#details = enlarged(this.#details, new Uint32Array(capacity));
  }
}

function enlarged<A extends Uint8Array | Uint32Array | Int32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
