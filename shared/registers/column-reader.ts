import { columnChecksum } from "./column-checksum.ts";
import type { RecordBlock, RecordColumns, TextColumn } from "./record-block.ts";
import { refuseUnknown } from "./refuse-unknown.ts";
import type { StoredColumns, StoredType } from "./register.ts";
import { bytesPerRow, checksumBytes, dictionaryName, dictionarySeparator } from "./stored-columns.ts";

type NumberArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;
type StoredBlock = Pick<RecordBlock, "rowCount" | "properties">;
type Columns = {
  readonly numbers: ReadonlyMap<string, NumberArray>;
  readonly texts: ReadonlyMap<string, TextColumn>;
  readonly pseudonyms: ReadonlyMap<string, Uint8Array>;
};

/**
 * The wanted columns of the blocks of one delivery, in block order.
 *
 * @throws {SyntaxError} if a block lacks a wanted column or is damaged (length, checksum, dictionary).
 */
export function readColumnBlocks(wanted: StoredColumns, blocks: readonly StoredBlock[]): RecordColumns {
  const rowCount = blocks.reduce((sum, block) => sum + block.rowCount, 0);
  const numbers = new Map<string, NumberArray>();
  const texts = new Map<string, TextColumn>();
  const pseudonyms = new Map<string, Uint8Array>();
  for (const [name, type] of Object.entries(wanted)) {
    if (type === "text") texts.set(name, readTexts(name, blocks, rowCount));
    else if (type === "pseudonym") pseudonyms.set(name, readBytes(name, type, blocks, rowCount));
    else numbers.set(name, numberArray(type, readBytes(name, type, blocks, rowCount).buffer));
  }
  return recordColumns(rowCount, { numbers, texts, pseudonyms });
}

/**
 * Rows of several deliveries one after the other, with the columns of the first. No parts: no rows and no columns.
 *
 * @throws {RangeError} if a part lacks a column of the first one.
 */
export function joinColumns(parts: readonly RecordColumns[]): RecordColumns {
  const rowCount = parts.reduce((sum, part) => sum + part.rowCount, 0);
  return {
    rowCount,
    numbers: (column) => joinNumbers(parts.map((part) => part.numbers(column))),
    text: (column) => joinTexts(parts.map((part) => part.text(column))),
    pseudonyms: (column) => joinBytes(parts.map((part) => part.pseudonyms(column))),
  };
}

function recordColumns(rowCount: number, columns: Columns): RecordColumns {
  return {
    rowCount,
    numbers: (column) => found(columns.numbers, column),
    text: (column) => found(columns.texts, column),
    pseudonyms: (column) => found(columns.pseudonyms, column),
  };
}

function found<T>(columns: ReadonlyMap<string, T>, column: string): T {
  const values = columns.get(column);
  if (values === undefined)
    throw new RangeError(`Cannot find column "${column}" of this kind: it was not read`);
  return values;
}

function readBytes(
  column: string,
  type: StoredType,
  blocks: readonly StoredBlock[],
  rowCount: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(rowCount * bytesPerRow[type]);
  let offset = 0;
  for (const [number, block] of blocks.entries()) {
    const part = checkedBytes(column, type, block, number);
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

function checkedBytes(column: string, type: StoredType, block: StoredBlock, number: number): Uint8Array {
  const property = block.properties[column];
  const dictionary = type === "text" ? block.properties[dictionaryName(column)] : undefined;
  const length = block.rowCount * bytesPerRow[type];
  if (!(property instanceof Uint8Array) || property.length !== length + checksumBytes) {
    throw damaged(column, number, `expected ${length + checksumBytes} bytes`);
  }
  if (type === "text" && typeof dictionary !== "string")
    throw damaged(column, number, "expected a dictionary");
  const bytes = property.subarray(0, length);
  const checksum = new DataView(property.buffer, property.byteOffset).getUint32(length, true);
  const text = typeof dictionary === "string" ? dictionary : undefined;
  if (checksum !== columnChecksum(column, block.rowCount, bytes, text)) {
    throw damaged(column, number, "expected its checksum");
  }
  return bytes;
}

function damaged(column: string, block: number, wanted: string): SyntaxError {
  return new SyntaxError(`Cannot read column "${column}" of block ${block}: ${wanted}`);
}

function readTexts(column: string, blocks: readonly StoredBlock[], rowCount: number): TextColumn {
  const index = new Uint32Array(rowCount);
  const positions = new Map<string, number>();
  let offset = 0;
  for (const [number, block] of blocks.entries()) {
    const bytes = checkedBytes(column, "text", block, number);
    const values = String(block.properties[dictionaryName(column)]).split(dictionarySeparator);
    const merged = Uint32Array.from(values, (value) => positionOf(positions, value));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let row = 0; row < block.rowCount; row++) {
      const position = merged[view.getUint16(row * 2, true)];
      if (position === undefined) throw damaged(column, number, "expected an index into its dictionary");
      index[offset + row] = position;
    }
    offset += block.rowCount;
  }
  return { index, values: [...positions.keys()] };
}

function positionOf(positions: Map<string, number>, value: string): number {
  const known = positions.get(value);
  if (known !== undefined) return known;
  positions.set(value, positions.size);
  return positions.size - 1;
}

/** The stored bytes are little endian, as is every machine that Node 24 runs on in Azure. */
function numberArray(type: Exclude<StoredType, "text" | "pseudonym">, buffer: ArrayBuffer): NumberArray {
  switch (type) {
    case "u8":
      return new Uint8Array(buffer);
    case "u16":
    case "month":
      return new Uint16Array(buffer);
    case "u32":
      return new Uint32Array(buffer);
    case "date":
      return new Int32Array(buffer);
    case "f64":
      return new Float64Array(buffer);
    default:
      return refuseUnknown(type, "stored column type");
  }
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

function joinNumbers(parts: readonly NumberArray[]): NumberArray {
  const first = parts[0] ?? new Uint8Array(0);
  const bytes = joinBytes(
    parts.map((part) => {
      if (part.constructor !== first.constructor)
        throw new RangeError("Cannot join columns of different types");
      return new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    }),
  );
  const buffer = bytes.buffer as ArrayBuffer; // joinBytes allocates it: never shared
  if (first instanceof Uint16Array) return new Uint16Array(buffer);
  if (first instanceof Uint32Array) return new Uint32Array(buffer);
  if (first instanceof Int32Array) return new Int32Array(buffer);
  return first instanceof Float64Array ? new Float64Array(buffer) : bytes;
}

function joinTexts(parts: readonly TextColumn[]): TextColumn {
  const index = new Uint32Array(parts.reduce((sum, part) => sum + part.index.length, 0));
  const positions = new Map<string, number>();
  let offset = 0;
  for (const part of parts) {
    const merged = part.values.map((value) => positionOf(positions, value));
    for (let row = 0; row < part.index.length; row++) index[offset + row] = merged[part.index[row] ?? 0] ?? 0;
    offset += part.index.length;
  }
  return { index, values: [...positions.keys()] };
}
