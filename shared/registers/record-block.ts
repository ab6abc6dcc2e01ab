import type { StoredColumns } from "./register.ts";

/** Up to 1,000 records of one delivery as columns, ready to be stored as one entity. */
export type RecordBlock = {
  /** From 0, without gaps. */
  readonly number: number;
  readonly rowCount: number;
  /** Binary property per column; a text column has a second one, `<name>_werte`, with its dictionary. */
  readonly properties: Readonly<Record<string, Uint8Array | string>>;
};

export const rowsPerBlock = 1_000;

/** Days since 1970-01-01 that stands for "no date" or "open end". */
export const noDate = -0x80000000;
/** Month number (year × 12 + month − 1) that stands for "no month". */
export const noMonth = 0;
/** Key that stands for an empty citizenship, and for one that the code table does not know. */
export const noKey = 0xffff;
export const unknownKey = 0xfffe;
/** Age that is not known; an unknown year of birth is 0. */
export const noAge = 0xff;

/** A text column read back: an index per row into the distinct values. "" stands for "empty". */
export type TextColumn = { readonly index: Uint32Array; readonly values: readonly string[] };

/** Columns of one or more deliveries, row by row in block order. Missing values as above; `f64` uses NaN. */
export type RecordColumns = {
  readonly rowCount: number;
  /** `u8` → Uint8Array, `u16` and `month` → Uint16Array, `u32` → Uint32Array, `f64` → Float64Array, `date` → Int32Array. */
  numbers(column: string): Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;
  text(column: string): TextColumn;
  /** 16 bytes a row. */
  pseudonyms(column: string): Uint8Array;
};

export type BlockLayout = { readonly columns: StoredColumns };
