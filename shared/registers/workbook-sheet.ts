import { dayText } from "./calendar.ts";
import { hasControlCharacter } from "./encoding.ts";
import { dayOfSerial } from "./values.ts";
import { notAWorkbook } from "./workbook-guard.ts";
import type { Workbook } from "./workbook-parts.ts";
import { isTrue, unescapedText, type XmlAttributes, type XmlReader } from "./workbook-xml.ts";

export type SheetCell = {
  /** Column of the sheet, from 0. */
  readonly column: number;
  readonly text: string;
  readonly defect?: "E-013" | "E-015";
};
export type SheetRow = { readonly number: number; readonly cells: readonly SheetCell[] };

/** A merged area, all ends inside; rows from 1, columns from 0. */
export type MergedArea = {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
};

/** Columns right of this one are not read; no delivery has as many. */
const columnsAtMost = 1_024;
const lastRowOfSheets = 1_048_576;

/** Collects the rows of a sheet as text, in the order of the file; whoever walks the sheet takes them out. */
export class SheetRowReader implements XmlReader {
  readonly #workbook: Workbook;
  #rows: SheetRow[] = [];
  #row = 0;
  #column = -1;
  #cells: SheetCell[] = [];
  #type = "n";
  #style = 0;
  #value: string | undefined;
  #hasFormula = false;
  #isInValue = false;
  #phonetic = 0;

  constructor(workbook: Workbook) {
    this.#workbook = workbook;
  }

  takeRows(): SheetRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  open(name: string, attributes: XmlAttributes): void {
    switch (name) {
      case "row":
        this.#row = rowNumber(attributes["r"], this.#row);
        this.#column = -1;
        this.#cells = [];
        break;
      case "c":
        this.#openCell(attributes);
        break;
      case "f":
        this.#hasFormula = true;
        break;
      case "rPh":
        this.#phonetic++;
        break;
      case "v":
      case "t":
        this.#isInValue = this.#phonetic === 0;
        this.#value ??= "";
        break;
    }
  }

  text(text: string): void {
    if (this.#isInValue) this.#value = (this.#value ?? "") + text;
  }

  close(name: string): void {
    if (name === "v" || name === "t") this.#isInValue = false;
    else if (name === "rPh") this.#phonetic--;
    else if (name === "c") this.#closeCell();
    else if (name === "row") this.#rows.push({ number: this.#row, cells: this.#cells });
  }

  #openCell(attributes: XmlAttributes): void {
    // Some writers leave out the reference; then a cell follows the one before.
    const reference = attributes["r"];
    this.#column = reference === undefined ? this.#column + 1 : cellPlace(reference).column;
    this.#type = attributes["t"] ?? "n";
    this.#style = Number(attributes["s"] ?? 0);
    this.#value = undefined;
    this.#hasFormula = false;
  }

  #closeCell(): void {
    const column = this.#column;
    const value = this.#value;
    if (column >= columnsAtMost) return;
    if (value === undefined || (value === "" && this.#type === "n")) {
      if (this.#hasFormula) this.#cells.push({ column, text: "", defect: "E-015" });
      return;
    }
    const text = cellText(this.#type, value, this.#style, this.#workbook);
    if (text === undefined) this.#cells.push({ column, text: "", defect: "E-015" });
    else if (hasControlCharacter(text)) this.#cells.push({ column, text, defect: "E-013" });
    else if (text !== "") this.#cells.push({ column, text });
  }
}

/** Collects what stands beside the rows of a sheet; skips texts. */
export class SheetSurvey implements XmlReader {
  readonly merged: MergedArea[] = [];
  hasHiddenRows = false;
  #hasZeroHeight = false;

  open(name: string, attributes: XmlAttributes): void {
    if (name === "row") {
      const hidden = attributes["hidden"];
      if (hidden === undefined ? this.#hasZeroHeight : isTrue(hidden)) this.hasHiddenRows = true;
    } else if (name === "mergeCell") this.merged.push(mergedArea(attributes["ref"] ?? ""));
    else if (name === "filterColumn") this.hasHiddenRows = true;
    else if (name === "sheetFormatPr") this.#hasZeroHeight = isTrue(attributes["zeroHeight"]);
  }

  close(): void {}
}

function rowNumber(reference: string | undefined, before: number): number {
  const row = reference === undefined ? before + 1 : Number(reference);
  // Rows out of order would make two rows of one line number.
  if (!(Number.isInteger(row) && row > before && row <= lastRowOfSheets)) throw notAWorkbook();
  return row;
}

/** @throws {FileRefused} if it is no reference like "AB12". */
function cellPlace(reference: string): { column: number; row: number } {
  let column = 0;
  let at = 0;
  for (; at < reference.length; at++) {
    const letter = reference.charCodeAt(at) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  const row = Number(reference.slice(at));
  if (at === 0 || at > 3 || !Number.isInteger(row) || row < 1) throw notAWorkbook();
  return { column: column - 1, row };
}

function mergedArea(reference: string): MergedArea {
  const [from = "", to = from] = reference.replaceAll("$", "").split(":");
  const first = cellPlace(from);
  const last = cellPlace(to);
  return { top: first.row, bottom: last.row, left: first.column, right: last.column };
}

/** The text of a cell; undefined for an error value. @throws {FileRefused} for a kind of cell that does not exist. */
function cellText(type: string, value: string, style: number, workbook: Workbook): string | undefined {
  switch (type) {
    case "s":
      return sharedText(workbook, value);
    case "n":
      return numericText(value, workbook.isDateStyle[style] === true, workbook.serials);
    case "str":
    case "inlineStr":
      return unescapedText(value);
    case "b":
      return isTrue(value) ? "J" : "N";
    case "d":
      return value.replace(/T[\d:.]*Z?$/, "");
    case "e":
      return;
    default:
      throw notAWorkbook();
  }
}

function sharedText(workbook: Workbook, index: string): string {
  const text = workbook.sharedStrings[Number(index)];
  if (text === undefined) throw notAWorkbook();
  return text;
}

const shortWholeNumber = /^[1-9]\d{0,14}$/;

function numericText(value: string, isDate: boolean, serials: 1900 | 1904): string | undefined {
  if (!isDate && shortWholeNumber.test(value)) return value;
  const number = Number(value);
  if (!Number.isFinite(number)) return;
  const day = isDate ? dayOfSerial(number, serials) : Number.NaN;
  return Number.isNaN(day) ? numberText(number) : dayText(day);
}

/** A number as a spreadsheet shows it: 15 significant digits, decimal comma, no mark for thousands. */
export function numberText(number: number): string {
  const shown = Number(number.toPrecision(15));
  if (Number.isInteger(shown)) return String(BigInt(shown));
  const text = String(shown);
  return (text.includes("e") ? shown.toFixed(20).replace(/0+$/, "") : text).replace(".", ",");
}
