import type { ColumnSpec, FileFinding } from "./register.ts";
import type { TableWanted } from "./source-table.ts";

/** Title rows that may stand above the header. */
export const titleRowsAtMost = 20;

const longestNamedHeading = 40;
const harmlessHeading = /^[\p{L}\p{N}][\p{L}\p{N} .,_/()-]*$/u;

/** What a row would be as a header. */
export type HeaderMatch = {
  /** Official name → field index; of a column that is named twice, the first. */
  readonly positions: ReadonlyMap<string, number>;
  /** Official names of required columns that are missing; of a group "one of these", all its names. */
  readonly missing: readonly string[];
  /** Official names that two headings hit. */
  readonly doubled: readonly string[];
  /** Field indexes of headings that no column knows. */
  readonly unknown: readonly number[];
};

/** Finds official names by heading: official names first, then the office's synonyms, then the agreed ones. */
export type HeadingIndex = ReadonlyMap<string, string>;

/** Headings are compared in this form: lower case, umlauts written out, letters and digits only. */
export function normalisedHeading(heading: string): string {
  return heading
    .normalize("NFC")
    .toLowerCase()
    .replaceAll("ä", "ae")
    .replaceAll("ö", "oe")
    .replaceAll("ü", "ue")
    .replaceAll("ß", "ss")
    .replace(/[^\p{L}\p{N}]/gu, "");
}

export function headingIndex(wanted: TableWanted): HeadingIndex {
  const index = new Map<string, string>();
  const addAll = (column: ColumnSpec, headings: readonly string[]) => {
    for (const heading of headings.map(normalisedHeading)) {
      if (heading !== "" && !index.has(heading)) index.set(heading, column.name);
    }
  };
  for (const column of wanted.columns) addAll(column, [column.name]);
  for (const column of wanted.columns) {
    addAll(column, Object.hasOwn(wanted.aliases, column.name) ? (wanted.aliases[column.name] ?? []) : []);
  }
  for (const column of wanted.columns) addAll(column, column.aliases);
  return index;
}

/** Reads a row as a header. It is one when nothing is missing. */
export function matchHeader(
  fields: readonly string[],
  columns: readonly ColumnSpec[],
  index: HeadingIndex,
): HeaderMatch {
  const positions = new Map<string, number>();
  const doubled: string[] = [];
  const unknown: number[] = [];
  for (const [position, field] of fields.entries()) {
    const heading = normalisedHeading(field);
    const name = index.get(heading);
    if (name === undefined) {
      if (heading !== "") unknown.push(position);
    } else if (positions.has(name)) doubled.push(name);
    else positions.set(name, position);
  }
  return { positions, missing: missingColumns(columns, positions), doubled, unknown };
}

function missingColumns(columns: readonly ColumnSpec[], positions: ReadonlyMap<string, number>): string[] {
  const missing = new Set<string>();
  for (const { name, required } of columns) {
    if (required === "optional") continue;
    const oneOf = typeof required === "string" ? [name] : required;
    if (!oneOf.some((other) => positions.has(other))) missing.add(oneOf.join("“ oder „"));
  }
  return [...missing];
}

/** Of candidate header rows the one in which the most columns are found; undefined where none has any. */
export function nearestHeader(candidates: readonly HeaderMatch[]): HeaderMatch | undefined {
  let nearest: HeaderMatch | undefined;
  for (const match of candidates) {
    if (match.positions.size > (nearest?.positions.size ?? 0)) nearest = match;
  }
  return nearest;
}

export function missingFindings(missing: readonly string[]): FileFinding[] {
  return missing.map((spalte) => ({ code: "D-006", facts: { spalte } }));
}

export function doubledFindings(match: HeaderMatch): FileFinding[] {
  return [...new Set(match.doubled)].map((spalte) => ({ code: "D-007", facts: { spalte } }));
}

/**
 * A note for each heading that no column knows. The heading is named only if it is short and plain; a cell that stands
 * in the header by mistake is named by its place.
 */
export function unknownNotes(headings: readonly string[], match: HeaderMatch): FileFinding[] {
  return match.unknown.map((position) => headingNote(headings[position] ?? "", position));
}

export function headingNote(heading: string, position: number): FileFinding {
  const name = heading.normalize("NFC").trim();
  const isHarmless = name.length <= longestNamedHeading && harmlessHeading.test(name);
  return { code: "H-001", facts: { spalte: isHarmless ? name : `Nr. ${position + 1}` } };
}

/** Note on skipped title rows; none for none. */
export function titleNotes(titleRows: number): FileFinding[] {
  return titleRows === 0 ? [] : [{ code: "H-010", facts: { anzahl: titleRows, anzahl2: 0 } }];
}

/** Field indexes whose content is validated: known columns that are not dropped at the door. */
export function checkedPositions(
  columns: readonly ColumnSpec[],
  positions: ReadonlyMap<string, number>,
): readonly number[] {
  const kept = columns.filter((column) => column.disposition !== "D");
  return kept.map((column) => positions.get(column.name)).filter((position) => position !== undefined);
}
