import { dayNumber, monthNumber } from "../../shared/registers/calendar.ts";
import {
  noAge,
  noDate,
  noKey,
  noMonth,
  type RecordColumns,
  type TextColumn,
  unknownKey,
} from "../../shared/registers/record-block.ts";
import type { StoredColumns, StoredType } from "../../shared/registers/register.ts";

/** One record as texts, by column. */
export type Row = Readonly<Record<string, string>>;

/** Rows of a table of texts: one header line, cells between `|`, white space around them ignored. */
export function rowsOf(table: string): readonly Row[] {
  const lines = table.split("\n").filter((line) => line.trim() !== "");
  const [header = [], ...rows] = lines.map((line) => line.split("|").map((cell) => cell.trim()));
  return rows.map((cells) => Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ""])));
}

/** Stored columns from literals; what a row does not name comes from `defaults`, else it is empty. */
export function columnsOf(types: StoredColumns, rows: readonly Row[], defaults: Row = {}): RecordColumns {
  const cell = (row: Row, name: string): string => row[name] ?? defaults[name] ?? "";
  const typeOf = (name: string, allowed: readonly StoredType[]): StoredType => {
    const type = types[name];
    if (type === undefined || !allowed.includes(type))
      throw new RangeError(`No such stored column: "${name}"`);
    return type;
  };
  return {
    rowCount: rows.length,
    numbers: (name) => {
      const type = typeOf(name, ["u8", "u16", "u32", "f64", "date", "month"]);
      return typedArray(
        type,
        rows.map((row) => numberOf(type, name, cell(row, name))),
      );
    },
    text: (name) => {
      typeOf(name, ["text"]);
      return textColumn(rows.map((row) => cell(row, name)));
    },
    pseudonyms: (name) => {
      typeOf(name, ["pseudonym"]);
      const bytes = new Uint8Array(rows.length * 16);
      for (const [at, row] of rows.entries()) bytes.set(pseudonymOf(cell(row, name)), at * 16);
      return bytes;
    },
  };
}

/** A readable pseudonym: the letters of a name, padded with zeros. */
function pseudonymOf(name: string): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes.set(new TextEncoder().encode(name).subarray(0, 16));
  return bytes;
}

function textColumn(texts: readonly string[]): TextColumn {
  const values = [...new Set(texts)];
  return { index: Uint32Array.from(texts, (text) => values.indexOf(text)), values };
}

function typedArray(type: StoredType, numbers: readonly number[]) {
  switch (type) {
    case "u8":
      return Uint8Array.from(numbers);
    case "u16":
    case "month":
      return Uint16Array.from(numbers);
    case "u32":
      return Uint32Array.from(numbers);
    case "date":
      return Int32Array.from(numbers);
    default:
      return Float64Array.from(numbers);
  }
}

const sexes = ["", "m", "w", "d", "x"];

function numberOf(type: StoredType, name: string, text: string): number {
  if (name === "geschlecht") return sexes.indexOf(text);
  if (text === "") return emptyValue(type, name);
  if (type === "date") return dayNumber(text);
  if (type === "month") return monthNumber(text);
  return text === "?" ? unknownKey : Number(text);
}

function emptyValue(type: StoredType, name: string): number {
  if (type === "date") return noDate;
  if (name.startsWith("staatsang")) return noKey;
  return name === "alter" ? noAge : noMonth;
}
