import Papa from "papaparse";
import type { FineCell, FormerValues } from "../disclosure/hold.ts";
import type { CountedTable } from "../tables/table.ts";
import { longHeader, longRow, plainText } from "./csv.ts";

/** Columns behind those that say which cell it is. */
const numberColumns = ["wert", "status"] as const;

// No text of a released file has control characters.
const separator = "\u0001";

/** What readers last saw, by the CSV files of earlier releases. */
export class ReleasedBefore {
  readonly #numbers = new Map<string, number>();

  /**
   * Takes in the file of a table, newest release first: what a newer one said of a cell stays. A cell is the same in both
   * when all codes, labels and levels are; a table with other dimensions has other cells.
   *
   * @throws {SyntaxError} naming table and line, if the file is not of the form that releases are written in.
   */
  add(tableId: string, csv: string): void {
    const { data, errors } = Papa.parse<string[]>(csv.replace(/^\uFEFF/, ""), {
      delimiter: ";",
      skipEmptyLines: true,
    });
    const [header = [], ...rows] = data;
    if (
      errors.length > 0 ||
      numberColumns.some((name, at) => header.at(at - numberColumns.length) !== name)
    ) {
      throw new SyntaxError(`Cannot read released table "${tableId}": line 1 must end with "wert;status"`);
    }
    for (const [at, row] of rows.entries()) {
      const key = [tableId, ...header, ...row.slice(0, -numberColumns.length)].join(separator);
      const number = row.length === header.length ? numberIn(row) : "malformed";
      if (number === "malformed") {
        throw new SyntaxError(
          `Cannot read released table "${tableId}": line ${at + 2} must have a number or a reason`,
        );
      }
      if (number !== undefined && !this.#numbers.has(key)) this.#numbers.set(key, number);
    }
  }

  readonly valueOf: FormerValues = (table, cell) => this.#numbers.get(keyOf(table, cell));
}

function keyOf({ id, dimensions }: CountedTable, { categories, measure }: FineCell): string {
  const ids = dimensions.map((dimension) => dimension.id);
  const row = longRow(ids, { categories, measure, value: 0, state: "value" });
  const place = row.slice(0, -numberColumns.length).map((field) => plainText(String(field)));
  return [id, ...longHeader(ids), ...place].join(separator);
}

/** The number that readers saw; a held one they saw, too. */
function numberIn(row: readonly string[]): number | undefined | "malformed" {
  const [value = "", status] = row.slice(-numberColumns.length);
  switch (status) {
    case "":
    case "h":
      return /^-?\d+(,\d+)?$/.test(value) ? Number(value.replace(",", ".")) : "malformed";
    case "c":
    case "x":
    case "z":
      return value === "" ? undefined : "malformed";
    default:
      return "malformed";
  }
}
