import type { ColumnBuffer, StoredValue } from "./column-buffer.ts";
import { columnBuffer } from "./column-buffer.ts";
import { columnChecksum } from "./column-checksum.ts";
import type { BlockLayout, RecordBlock } from "./record-block.ts";
import { rowsPerBlock } from "./record-block.ts";
import {
  bytesPerRow,
  checksumBytes,
  dictionaryName,
  entityByteLimit,
  entityReserve,
  propertyByteLimit,
  propertyCountLimit,
  propertyCountReserve,
} from "./stored-columns.ts";

/**
 * Gathers records into column blocks of at most 1,000 rows, fewer where a property would exceed 64 KiB or the
 * entity 1 MiB (strings count 2 bytes a character). Numbers are little endian; every Binary property ends with
 * the checksum of its column. Blocks are numbered from 0. The same rows give the same bytes.
 *
 * @throws {RangeError} if the layout has too many columns, a number does not fit its type, or one row alone exceeds a limit.
 * @throws {TypeError} if a value has not the type of its column.
 */
export class ColumnWriter {
  readonly #names: readonly string[];
  readonly #buffers: readonly ColumnBuffer[];
  readonly #texts: readonly ColumnBuffer[];
  readonly #fixedBytes: number;
  #rowCount = 0;
  #number = 0;

  constructor(layout: BlockLayout) {
    const columns = Object.entries(layout.columns);
    const texts = columns.filter(([, type]) => type === "text").length;
    if (columns.length + texts > propertyCountLimit - propertyCountReserve) {
      throw new RangeError(`Cannot lay out ${columns.length} columns: an entity holds ${propertyCountLimit}`);
    }
    this.#names = columns.map(([name]) => name);
    this.#buffers = columns.map(([name, type]) => columnBuffer(name, type));
    this.#texts = this.#buffers.filter((_, at) => columns[at]?.[1] === "text");
    this.#fixedBytes = columns.reduce((sum, [, type]) => sum + bytesPerRow[type] * rowsPerBlock, 0);
  }

  /** Blocks handed out so far. */
  get blockCount(): number {
    return this.#number;
  }

  /** Takes one record, its values in the order of the layout, and returns the block that became full, if one did. */
  add(values: readonly StoredValue[]): RecordBlock | undefined {
    this.#put(values);
    if (!this.#exceedsLimits()) {
      this.#rowCount++;
      return this.#rowCount === rowsPerBlock ? this.flush() : undefined;
    }
    for (const text of this.#texts) text.takeBack(this.#rowCount);
    const full = this.flush();
    if (full === undefined)
      throw new RangeError("Cannot store the record: one row exceeds a property's limit");
    this.#put(values);
    this.#rowCount++;
    return full;
  }

  /** The rows that wait, as the last block; undefined where none wait. */
  flush(): RecordBlock | undefined {
    if (this.#rowCount === 0) return undefined;
    const properties: Record<string, Uint8Array | string> = {};
    for (const [at, buffer] of this.#buffers.entries()) {
      const name = this.#names[at] ?? "";
      const dictionary = buffer.dictionary();
      properties[name] = sealed(name, this.#rowCount, buffer.bytes(this.#rowCount), dictionary);
      if (dictionary !== undefined) properties[dictionaryName(name)] = dictionary;
      buffer.reset();
    }
    const block = { number: this.#number++, rowCount: this.#rowCount, properties };
    this.#rowCount = 0;
    return block;
  }

  #put(values: readonly StoredValue[]): void {
    const buffers = this.#buffers;
    for (let at = 0; at < buffers.length; at++) {
      const value = values[at];
      if (value === undefined) throw new TypeError(`Cannot store column "${this.#names[at]}": no value`);
      buffers[at]?.put(this.#rowCount, value);
    }
  }

  #exceedsLimits(): boolean {
    let total = this.#fixedBytes;
    for (const text of this.#texts) {
      const bytes = text.dictionaryBytes();
      if (bytes > propertyByteLimit) return true;
      total += bytes;
    }
    return total > entityByteLimit - entityReserve;
  }
}

function sealed(
  column: string,
  rowCount: number,
  bytes: Uint8Array,
  dictionary: string | undefined,
): Uint8Array {
  const property = new Uint8Array(bytes.length + checksumBytes);
  property.set(bytes);
  new DataView(property.buffer).setUint32(
    bytes.length,
    columnChecksum(column, rowCount, bytes, dictionary),
    true,
  );
  return property;
}
