import Papa from "papaparse";
import { type DimensionId, dimensionIds } from "../../tables/table.ts";

/** A released CSV file as text: every field as its reader takes it, without the guard against formulas. */
export type ReleaseCsv = {
  /** Id of the table: what stands before the first "_" of the file name. */
  readonly id: string;
  readonly file: string;
  readonly dimensions: readonly DimensionId[];
  readonly header: readonly string[];
  /** In the order of the file; line 2 comes first. */
  readonly rows: readonly (readonly string[])[];
};

const byteOrderMark = "\ufeff";
const lastColumns = ["merkmal", "wert", "status"] as const;

/**
 * The long form of a released table: ";", UTF-8 with byte order mark, CRLF. A withheld or missing table has no rows.
 *
 * @throws {SyntaxError} naming file, line and rule, never what stands there.
 */
export function readReleaseCsv(file: string, text: string): ReleaseCsv {
  const what = `Cannot read "${file}"`;
  if (!text.startsWith(byteOrderMark) || !text.endsWith("\r\n"))
    throw new SyntaxError(`${what}: it must start with a byte order mark and end with CRLF`);
  const { data, errors } = Papa.parse<string[]>(text.slice(1, -2), { delimiter: ";", newline: "\r\n" });
  const [broken] = errors;
  if (broken !== undefined)
    throw new SyntaxError(`${what}: line ${(broken.row ?? 0) + 1} has a broken quote`);
  const [header = [], ...rows] = data;
  const dimensions = dimensionsIn(what, header);
  const wrong = rows.findIndex((row) => row.length !== header.length);
  if (wrong >= 0)
    throw new SyntaxError(
      `${what}: line ${wrong + 2} has ${rows[wrong]?.length} fields, expected ${header.length}`,
    );
  const [id = ""] = file.split("_");
  return { id, file, dimensions, header, rows: rows.map((row) => row.map(unguarded)) };
}

/** Text that a program could take for a formula stands behind an apostrophe; a number never does. */
function unguarded(field: string): string {
  return /^'[=+\-@\t\r]/.test(field) ? field.slice(1) : field;
}

/** The columns of every dimension: code, label, for areas the level; then measure, value, status. */
export function columnsOf(id: DimensionId): readonly string[] {
  return id === "raum" ? [`${id}_code`, id, `${id}_ebene`] : [`${id}_code`, id];
}

function dimensionsIn(what: string, header: readonly string[]): readonly DimensionId[] {
  const dimensions = header
    .filter((column) => column.endsWith("_code"))
    .map((column) => dimensionIds.find((id) => column === `${id}_code`));
  const known = dimensions.filter((id) => id !== undefined);
  const expected = [...known.flatMap(columnsOf), ...lastColumns];
  const fits = expected.length === header.length && expected.every((column, at) => column === header[at]);
  if (!fits || new Set(known).size < known.length)
    throw new SyntaxError(
      `${what}: line 1 must hold the columns of its dimensions, then merkmal, wert, status`,
    );
  return known;
}
