import { rowsPerBlock } from "./record-block.ts";
import { refuseUnknown } from "./refuse-unknown.ts";
import type { StoredType } from "./register.ts";
import { bytesPerRow, dictionarySeparator } from "./stored-columns.ts";

/** A value on its way into a block: number columns, text columns, pseudonyms. */
export type StoredValue = number | string | Uint8Array;

/** The rows of one column that wait for their block. */
export type ColumnBuffer = {
  put(row: number, value: StoredValue): void;
  /** Bytes of the dictionary, 0 for other columns. */
  dictionaryBytes(): number;
  /** Forgets what only `row` brought into the dictionary. */
  takeBack(row: number): void;
  bytes(rowCount: number): Uint8Array;
  dictionary(): string | undefined;
  reset(): void;
};

export function columnBuffer(name: string, type: StoredType): ColumnBuffer {
  switch (type) {
    case "text":
      return new TextBuffer(name);
    case "pseudonym":
      return new PseudonymBuffer(name);
    case "u8":
      return new NumberBuffer(name, new Uint8Array(rowsPerBlock), 0, 0xff);
    case "u16":
    case "month":
      return new NumberBuffer(name, new Uint16Array(rowsPerBlock), 0, 0xffff);
    case "u32":
      return new NumberBuffer(name, new Uint32Array(rowsPerBlock), 0, 0xffffffff);
    case "date":
      return new NumberBuffer(name, new Int32Array(rowsPerBlock), -0x80000000, 0x7fffffff);
    case "f64":
      return new NumberBuffer(name, new Float64Array(rowsPerBlock), -Infinity, Infinity);
    default:
      return refuseUnknown(type, "stored column type");
  }
}

class NumberBuffer implements ColumnBuffer {
  readonly #name: string;
  readonly #values: Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;
  readonly #min: number;
  readonly #max: number;

  constructor(
    name: string,
    values: Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array,
    min: number,
    max: number,
  ) {
    this.#name = name;
    this.#values = values;
    this.#min = min;
    this.#max = max;
  }

  put(row: number, value: StoredValue): void {
    if (typeof value !== "number")
      throw new TypeError(`Cannot store column "${this.#name}": expected a number`);
    if (value < this.#min || value > this.#max || (this.#max !== Infinity && !Number.isInteger(value))) {
      throw new RangeError(`Cannot store column "${this.#name}": the number does not fit its type`);
    }
    this.#values[row] = value;
  }

  dictionaryBytes(): number {
    return 0;
  }

  takeBack(): void {}

  bytes(rowCount: number): Uint8Array {
    return new Uint8Array(this.#values.buffer, 0, rowCount * this.#values.BYTES_PER_ELEMENT);
  }

  dictionary(): undefined {
    return undefined;
  }

  reset(): void {}
}

class PseudonymBuffer implements ColumnBuffer {
  readonly #name: string;
  readonly #values = new Uint8Array(rowsPerBlock * bytesPerRow.pseudonym);

  constructor(name: string) {
    this.#name = name;
  }

  put(row: number, value: StoredValue): void {
    if (!(value instanceof Uint8Array) || value.length !== bytesPerRow.pseudonym) {
      throw new TypeError(`Cannot store column "${this.#name}": expected a pseudonym of 16 bytes`);
    }
    this.#values.set(value, row * bytesPerRow.pseudonym);
  }

  dictionaryBytes(): number {
    return 0;
  }

  takeBack(): void {}

  bytes(rowCount: number): Uint8Array {
    return this.#values.subarray(0, rowCount * bytesPerRow.pseudonym);
  }

  dictionary(): undefined {
    return undefined;
  }

  reset(): void {}
}

class TextBuffer implements ColumnBuffer {
  readonly #name: string;
  readonly #index = new Uint16Array(rowsPerBlock);
  readonly #positions = new Map<string, number>();
  #values: string[] = [];
  #firstRows: number[] = [];
  #characters = 0;
  #last: string | undefined;
  #lastPosition = 0;

  constructor(name: string) {
    this.#name = name;
  }

  put(row: number, value: StoredValue): void {
    if (value !== this.#last) this.#lastPosition = this.#positionOf(row, value);
    this.#index[row] = this.#lastPosition;
  }

  #positionOf(row: number, value: StoredValue): number {
    if (typeof value !== "string") throw new TypeError(`Cannot store column "${this.#name}": expected text`);
    this.#last = value;
    const known = this.#positions.get(value);
    if (known !== undefined) return known;
    if (value.includes(dictionarySeparator)) {
      throw new RangeError(`Cannot store column "${this.#name}": text holds a line break`);
    }
    const position = this.#values.length;
    this.#positions.set(value, position);
    this.#values.push(value);
    this.#firstRows.push(row);
    this.#characters += value.length + 1;
    return position;
  }

  dictionaryBytes(): number {
    return this.#characters * 2;
  }

  takeBack(row: number): void {
    while (this.#firstRows.at(-1) === row) {
      this.#firstRows.pop();
      const value = this.#values.pop() ?? "";
      this.#positions.delete(value);
      this.#characters -= value.length + 1;
    }
    this.#last = undefined;
  }

  bytes(rowCount: number): Uint8Array {
    return new Uint8Array(this.#index.buffer, 0, rowCount * bytesPerRow.text);
  }

  dictionary(): string {
    return this.#values.join(dictionarySeparator);
  }

  reset(): void {
    this.#positions.clear();
    this.#values = [];
    this.#firstRows = [];
    this.#characters = 0;
    this.#last = undefined;
  }
}
