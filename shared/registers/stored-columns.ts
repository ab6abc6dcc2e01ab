import type { StoredType } from "./register.ts";

/** Limits of one entity of Table storage. The emulator does not enforce all of them, so the writer checks. */
export const propertyByteLimit = 65_536;
export const entityByteLimit = 1_048_576;
export const propertyCountLimit = 252;
/** Room left in an entity for its keys, the row count and the columns' names. */
export const entityReserve = 32_768;
/** Own properties of an entity that are not columns: row count and what storage adds. */
export const propertyCountReserve = 4;

/** Bytes of the checksum at the end of every Binary property. */
export const checksumBytes = 4;

/** Bytes a row takes in a column's Binary property. */
export const bytesPerRow = {
  u8: 1,
  u16: 2,
  u32: 4,
  f64: 8,
  date: 4,
  month: 2,
  pseudonym: 16,
  text: 2,
} as const satisfies Record<StoredType, number>;

/** Name of the property that holds the distinct values of a text column. */
export function dictionaryName(column: string): string {
  return `${column}_werte`;
}

export const dictionarySeparator = "\n";
