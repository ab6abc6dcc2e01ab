import { FingerprintLog } from "./fingerprint-log.ts";
import { type FingerprintSet, fingerprintOf } from "./fingerprint-set.ts";

/** Repeated record keys that are decided in one pass over the file. */
const keysPerPass = 100_000;

/** Record keys of a file, all of them added before the first question: which of them occur more than once. */
export class RepeatSearch {
  readonly #log = new FingerprintLog();
  #repeated: FingerprintSet | undefined;

  add(key: string): void {
    this.#log.add(fingerprintOf(key));
  }

  get size(): number {
    return this.#decided().size;
  }

  /** Passes that are needed to decide all of them in bounded memory. */
  get passes(): number {
    return Math.ceil(this.size / keysPerPass);
  }

  isInPass(key: string, pass: number): boolean {
    const fingerprint = fingerprintOf(key);
    return this.#decided().has(fingerprint) && fingerprint % this.passes === pass;
  }

  #decided(): FingerprintSet {
    this.#repeated ??= this.#log.repeated();
    return this.#repeated;
  }
}

/** Lines of a file by number, one bit each. */
export class LineSet {
  #bits = new Uint8Array(1_024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(line: number): void {
    const at = line >>> 3;
    if (at >= this.#bits.length) {
      const bits = new Uint8Array(Math.max(at + 1, this.#bits.length * 2));
      bits.set(this.#bits);
      this.#bits = bits;
    }
    if (this.has(line)) return;
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (line & 7));
    this.#size++;
  }

  has(line: number): boolean {
    return ((this.#bits[line >>> 3] ?? 0) & (1 << (line & 7))) !== 0;
  }
}

/** One of several rows of a record. */
export type Candidate = {
  readonly line: number;
  readonly preference: readonly number[];
  readonly text: string;
};

/** Whether `left` counts rather than `right`: greater preference from the left, then the smaller line in byte order. */
export function isPreferred(left: Candidate, right: Candidate): boolean {
  for (const [at, value] of left.preference.entries()) {
    const other = right.preference[at] ?? 0;
    if (value !== other) return value > other;
  }
  const order = Buffer.compare(Buffer.from(left.text), Buffer.from(right.text));
  return order === 0 ? left.line < right.line : order < 0;
}
