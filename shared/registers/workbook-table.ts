import {
  checkedPositions,
  doubledFindings,
  type HeaderMatch,
  headingIndex,
  matchHeader,
  missingFindings,
  nearestHeader,
  titleNotes,
  titleRowsAtMost,
  unknownNotes,
} from "./headings.ts";
import type { FileFinding } from "./register.ts";
import type { FileSource } from "./source.ts";
import {
  type OpenTable,
  type Refused,
  rowsPerBatch,
  type SourceRow,
  type TableWanted,
} from "./source-table.ts";
import { type Archive, openArchive } from "./workbook-guard.ts";
import { readWorkbook, type SheetPart, type Workbook } from "./workbook-parts.ts";
import { type MergedArea, type SheetRow, SheetRowReader, SheetSurvey } from "./workbook-sheet.ts";
import { readXml, walkXml } from "./workbook-xml.ts";

type SheetHeader = {
  readonly sheet: SheetPart;
  readonly row: number;
  readonly headings: readonly string[];
  readonly match: HeaderMatch;
  readonly titleRows: number;
};

/**
 * Opens a workbook: the sheet with the configured name, else the one visible sheet that has the required columns within
 * its first 20 rows.
 *
 * Cells become text: dates JJJJ-MM-TT, numbers with a decimal comma, booleans J or N, formulas their stored result. A row
 * with an error value, a formula without result or a merged cell in a column that is kept is E-015. Hidden and filtered
 * rows are read (H-007), hidden sheets are not (H-009).
 * Refused: D-003, D-004, D-006, D-007, D-012, D-014, D-015, D-016.
 */
export async function openWorkbook(source: FileSource, wanted: TableWanted): Promise<OpenTable | Refused> {
  const archive = await openArchive(source);
  const workbook = await readWorkbook(archive);
  const header = await chooseSheet(archive, workbook, wanted);
  if ("findings" in header) return { kind: "refused", findings: header.findings };
  const { sheet, headings, match } = header;
  if (match.doubled.length > 0) return { kind: "refused", findings: doubledFindings(match) };
  const survey = await surveySheet(archive, sheet);
  const checked = checkedPositions(wanted.columns, match.positions);
  const merged = mergedData(survey.merged, header.row, checked);
  const hasHiddenSheets = workbook.sheets.some(({ isHidden }) => isHidden);
  return {
    kind: "table",
    serials: workbook.serials,
    headings,
    positions: match.positions,
    notes: [
      ...titleNotes(header.titleRows),
      ...unknownNotes(headings, match),
      ...(survey.hasHiddenRows ? [note("H-007")] : []),
      ...(hasHiddenSheets ? [note("H-009")] : []),
    ],
    rows: () => dataRows(sheetRows(archive, workbook, sheet), header, checked, merged),
  };
}

function note(code: "H-007" | "H-009"): FileFinding {
  return { code, facts: {} };
}

async function chooseSheet(
  archive: Archive,
  workbook: Workbook,
  wanted: TableWanted,
): Promise<SheetHeader | { readonly findings: readonly FileFinding[] }> {
  const visible = workbook.sheets.filter((sheet) => !sheet.isHidden);
  const named = wanted.sheetName === undefined ? visible : visible.filter(isNamed(wanted.sheetName));
  const fitting: SheetHeader[] = [];
  const near: HeaderMatch[] = [];
  for (const sheet of named) {
    const found = await findHeader(archive, workbook, sheet, wanted);
    if ("match" in found) fitting.push(found);
    else near.push(...found.candidates);
  }
  const [only, second] = fitting;
  if (only !== undefined && second === undefined) return only;
  const nearest = only === undefined ? nearestHeader(near) : undefined;
  const isAlmost = nearest !== undefined && nearest.positions.size >= nearest.missing.length;
  const missing = isAlmost ? missingFindings(nearest.missing) : [];
  return { findings: [{ code: "D-015", facts: {} }, ...missing] };
}

/** Spreadsheets tell sheets apart without regard to case. */
function isNamed(name: string): (sheet: SheetPart) => boolean {
  const wanted = name.normalize("NFC").trim().toLowerCase();
  return (sheet) => sheet.name.normalize("NFC").trim().toLowerCase() === wanted;
}

async function findHeader(
  archive: Archive,
  workbook: Workbook,
  sheet: SheetPart,
  wanted: TableWanted,
): Promise<SheetHeader | { readonly candidates: readonly HeaderMatch[] }> {
  const index = headingIndex(wanted);
  const candidates: HeaderMatch[] = [];
  for await (const row of firstRows(archive, workbook, sheet)) {
    const headings = rowTexts(row);
    const match = matchHeader(headings, wanted.columns, index);
    if (match.missing.length === 0 && match.positions.size > 0) {
      return { sheet, row: row.number, headings, match, titleRows: candidates.length };
    }
    if (headings.length > 0) candidates.push(match);
  }
  return { candidates };
}

async function* firstRows(archive: Archive, workbook: Workbook, sheet: SheetPart): AsyncGenerator<SheetRow> {
  for await (const rows of sheetRows(archive, workbook, sheet)) {
    for (const row of rows) {
      if (row.number > titleRowsAtMost) return;
      yield row;
    }
  }
}

/** Words of the sheet XML without which there are no merged, hidden or filtered cells. */
const surveyWords = /mergeCell|hidden|filterColumn|zeroHeight/;
const longestSurveyWord = 12;

/** Merged areas stand behind the rows in the file, so they are looked for first; most sheets have none. */
async function surveySheet(archive: Archive, sheet: SheetPart): Promise<SheetSurvey> {
  const survey = new SheetSurvey();
  if (await mentions(archive.read(sheet.part), surveyWords, longestSurveyWord)) {
    await readXml(archive.read(sheet.part), survey);
  }
  return survey;
}

async function mentions(pieces: AsyncIterable<string>, words: RegExp, longest: number): Promise<boolean> {
  let before = "";
  for await (const piece of pieces) {
    if (words.test(before + piece)) return true;
    before = piece.length < longest ? (before + piece).slice(-longest) : piece.slice(-longest);
  }
  return false;
}

/** All rows of a sheet, as they come together from the pieces of its part. */
async function* sheetRows(
  archive: Archive,
  workbook: Workbook,
  sheet: SheetPart,
): AsyncGenerator<readonly SheetRow[]> {
  const reader = new SheetRowReader(workbook);
  for await (const _ of walkXml(archive.read(sheet.part), reader)) yield reader.takeRows();
}

function rowTexts(row: SheetRow): string[] {
  const width = Math.max(0, ...row.cells.map(({ column }) => column + 1));
  const texts = new Array<string>(width).fill("");
  for (const { column, text } of row.cells) texts[column] = text;
  return texts;
}

/** Merged areas that touch data rows in columns that are kept, from the top. */
function mergedData(
  merged: readonly MergedArea[],
  headerRow: number,
  checked: readonly number[],
): readonly MergedArea[] {
  const touching = merged.filter(
    ({ bottom, left, right }) =>
      bottom > headerRow && checked.some((column) => left <= column && column <= right),
  );
  return touching.toSorted((a, b) => a.top - b.top);
}

async function* dataRows(
  batches: AsyncIterable<readonly SheetRow[]>,
  header: SheetHeader,
  checked: readonly number[],
  merged: readonly MergedArea[],
): AsyncGenerator<readonly SourceRow[]> {
  const judge = new SheetRowJudge(header.headings.length, checked, merged);
  let batch: SourceRow[] = [];
  for await (const rows of batches) {
    for (const row of rows) {
      const read = row.number > header.row ? judge.judge(row) : undefined;
      if (read !== undefined) batch.push(read);
    }
    if (batch.length < rowsPerBatch) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Turns sheet rows into rows, in ascending order of their numbers. */
class SheetRowJudge {
  readonly #width: number;
  readonly #checked: ReadonlySet<number>;
  readonly #merged: readonly MergedArea[];
  #nextMerged = 0;
  /** Of the merged areas that have begun, the one that reaches furthest down. */
  #area: MergedArea | undefined;

  constructor(width: number, checked: readonly number[], merged: readonly MergedArea[]) {
    this.#width = width;
    this.#checked = new Set(checked);
    this.#merged = merged;
  }

  /** Undefined for a row without values in the columns of the header. */
  judge({ number, cells }: SheetRow): SourceRow | undefined {
    const fields = new Array<string>(this.#width).fill("");
    let defect: SourceRow["defect"] = this.#mergedIn(number);
    let isBlank = defect === undefined;
    for (const cell of cells) {
      if (cell.column >= this.#width) continue;
      fields[cell.column] = cell.text;
      isBlank &&= cell.text.trim() === "" && cell.defect === undefined;
      if (cell.defect === undefined || !this.#checked.has(cell.column)) continue;
      defect ??= { code: cell.defect, column: cell.column, detail: 0 };
    }
    if (isBlank) return;
    return defect === undefined ? { line: number, fields } : { line: number, fields, defect };
  }

  #mergedIn(row: number): SourceRow["defect"] {
    for (;;) {
      const next = this.#merged[this.#nextMerged];
      if (next === undefined || next.top > row) break;
      if (this.#area === undefined || next.bottom > this.#area.bottom) this.#area = next;
      this.#nextMerged++;
    }
    const area = this.#area;
    if (area === undefined || area.bottom < row) return;
    const column = [...this.#checked].find((at) => area.left <= at && at <= area.right) ?? -1;
    return { code: "E-015", column, detail: 0 };
  }
}
