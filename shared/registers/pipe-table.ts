import { RowJudge, sourceRows } from "./delimited-table.ts";
import { decideEncoding } from "./encoding.ts";
import { checkedPositions, headingNote, normalisedHeading } from "./headings.ts";
import type { ColumnSpec, FileFinding } from "./register.ts";
import type { FileSource } from "./source.ts";
import type { OpenTable, Refused, TableWanted } from "./source-table.ts";
import { type TextRecord, textRecords } from "./text-records.ts";

type Positional = NonNullable<TableWanted["positional"]>;

/**
 * Opens a file that is read by position, without quoting: one record a line, the first line a header for information.
 *
 * The header's field count decides if it is an agreed one, else the first data line's, with a note. Headings that differ
 * from the official ones only give notes. A file whose first line knows no official heading is another list: D-003 where
 * it is separated by `;`, else D-006.
 * Source: interface description of SchILD-NRW.
 */
export async function openPositional(
  source: FileSource,
  wanted: TableWanted,
  positional: Positional,
): Promise<OpenTable | Refused> {
  const facts = await decideEncoding(source);
  const records = () => textRecords(source, facts, positional.delimiter, "plain");
  const [header, firstData] = await firstTwo(records());
  if (header === undefined) return refused({ code: "D-001", facts: {} });
  const fieldCount = agreedCount(positional, header, firstData);
  const problem = findProblem(header, fieldCount, wanted, positional);
  if (problem !== undefined || fieldCount === undefined)
    return refused(problem ?? { code: "D-006", facts: {} });
  const columns = wanted.columns.slice(0, fieldCount);
  const positions = new Map(columns.map((column, position) => [column.name, position]));
  return {
    kind: "table",
    encoding: facts.encoding,
    delimiter: positional.delimiter,
    headings: columns.map((column, position) => header.fields[position] ?? column.name),
    positions,
    notes: headerNotes(header.fields, columns),
    rows: () =>
      sourceRows(records(), 1, new RowJudge(fieldCount, checkedPositions(columns, positions), facts)),
  };
}

function refused(finding: FileFinding): Refused {
  return { kind: "refused", findings: [finding] };
}

async function firstTwo(batches: AsyncIterable<readonly TextRecord[]>): Promise<readonly TextRecord[]> {
  const first: TextRecord[] = [];
  for await (const records of batches) {
    first.push(...records.slice(0, 2));
    if (first.length >= 2) break;
  }
  return first;
}

function agreedCount(
  positional: Positional,
  header: TextRecord,
  firstData: TextRecord | undefined,
): number | undefined {
  const counts = [header.fields.length, firstData?.fields.length];
  return counts.find((count) => count !== undefined && positional.fieldCounts.includes(count));
}

function findProblem(
  header: TextRecord,
  fieldCount: number | undefined,
  wanted: TableWanted,
  positional: Positional,
): FileFinding | undefined {
  const known = new Set(wanted.columns.map((column) => normalisedHeading(column.name)));
  const isKnown = (heading: string) => known.has(normalisedHeading(heading));
  const isOtherList = header.fields.length === 1 && (header.fields[0] ?? "").split(";").length > 1;
  if (isOtherList) return { code: "D-003", facts: { art: "SchuelerBasisdaten", trennzeichen: ";" } };
  const missing = wanted.columns[header.fields.length] ?? wanted.columns[0];
  const facts = {
    ist: header.fields.length,
    soll: positional.fieldCounts.join(", "),
    trennzeichen: positional.delimiter,
  };
  if (fieldCount === undefined) return { code: "D-006", facts: { spalte: missing?.name ?? "", ...facts } };
  // A heading is for information only; a first line that is a record would be lost as one.
  if (header.fields.some(isKnown) || !header.fields.some(isDate)) return;
  return { code: "D-006", facts: { spalte: wanted.columns[0]?.name ?? "", ...facts } };
}

function isDate(field: string): boolean {
  return /^\d{1,2}\.\d{1,2}\.\d{4}$/.test(field.trim());
}

function headerNotes(headings: readonly string[], columns: readonly ColumnSpec[]): FileFinding[] {
  const notes: FileFinding[] = [];
  if (headings.length !== columns.length) {
    notes.push({ code: "H-001", facts: { spalte: `Kopfzeile mit ${headings.length} Feldern` } });
  }
  for (const [position, column] of columns.entries()) {
    const heading = headings[position];
    if (heading === undefined || isHeadingOf(heading, column)) continue;
    notes.push(headingNote(heading, position));
  }
  return notes;
}

function isHeadingOf(heading: string, column: ColumnSpec): boolean {
  const found = normalisedHeading(heading);
  return [column.name, ...column.aliases].some((name) => normalisedHeading(name) === found);
}
