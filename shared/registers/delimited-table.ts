import { decideEncoding, hasControlCharacter, type TextFacts } from "./encoding.ts";
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
  FileRefused,
  type OpenTable,
  type Refused,
  rowsPerBatch,
  type SourceRow,
  type TableWanted,
} from "./source-table.ts";
import { type TextRecord, textRecords } from "./text-records.ts";

const delimiter = ";";
/** Separators of exports that were set up differently; only for naming the mistake. */
const otherDelimiters = [",", "\t", "|"] as const;

type Header = { readonly record: TextRecord; readonly recordsBefore: number; readonly match: HeaderMatch };

/**
 * Opens a CSV with `;`, quoted by RFC 4180, that has a header with the required columns after at most 20 title rows.
 * A file of a header only has no rows. Refused: D-001, D-003, D-005, D-006, D-007, D-012.
 */
export async function openDelimited(source: FileSource, wanted: TableWanted): Promise<OpenTable | Refused> {
  const facts = await decideEncoding(source);
  const candidates = await firstRecords(source, facts);
  if (candidates.length === 0) return refused([{ code: "D-001", facts: {} }]);
  const header = findHeader(candidates, wanted);
  if ("findings" in header) return refused(header.findings);
  const headings = header.record.fields;
  const { match } = header;
  if (match.doubled.length > 0) return refused(doubledFindings(match));
  return {
    kind: "table",
    encoding: facts.encoding,
    delimiter,
    headings,
    positions: match.positions,
    notes: [...titleNotes(header.recordsBefore), ...unknownNotes(headings, match)],
    rows: () => {
      const judge = new RowJudge(headings.length, checkedPositions(wanted.columns, match.positions), facts);
      return sourceRows(textRecords(source, facts, delimiter, "quoted"), header.recordsBefore + 1, judge);
    },
  };
}

function refused(findings: readonly FileFinding[]): Refused {
  return { kind: "refused", findings };
}

async function firstRecords(source: FileSource, facts: TextFacts): Promise<TextRecord[]> {
  const first: TextRecord[] = [];
  for await (const records of textRecords(source, facts, delimiter, "quoted")) {
    first.push(...records.slice(0, titleRowsAtMost + 1 - first.length));
    if (first.length > titleRowsAtMost) break;
  }
  return first;
}

function findHeader(
  candidates: readonly TextRecord[],
  wanted: TableWanted,
): Header | { readonly findings: readonly FileFinding[] } {
  const index = headingIndex(wanted);
  const matches: HeaderMatch[] = [];
  for (const [recordsBefore, record] of candidates.entries()) {
    const match = matchHeader(record.fields, wanted.columns, index);
    if (match.missing.length === 0 && match.positions.size > 0) return { record, recordsBefore, match };
    matches.push(match);
  }
  const nearest = nearestHeader(matches);
  const missing = nearest?.missing ?? matchHeader([], wanted.columns, index).missing;
  const otherDelimiter = otherDelimiters.find((other) =>
    candidates.some(({ fields }) => isHeaderWith(other, fields, wanted, index)),
  );
  if (otherDelimiter === undefined) return { findings: missingFindings(missing) };
  const facts = { spalte: missing[0] ?? "", trennzeichen: otherDelimiter };
  return { findings: [{ code: "D-006", facts }] };
}

function isHeaderWith(
  other: string,
  fields: readonly string[],
  wanted: TableWanted,
  index: ReadonlyMap<string, string>,
): boolean {
  const match = matchHeader(fields.join(delimiter).split(other), wanted.columns, index);
  return match.positions.size > 1 && match.missing.length === 0;
}

/** Decides what is wrong with a record as a row; content is looked at only in columns that are kept. */
export class RowJudge {
  readonly #fieldCount: number;
  readonly #checked: readonly number[];
  readonly #mayHoldControls: boolean;

  constructor(fieldCount: number, checked: readonly number[], facts: TextFacts) {
    this.#fieldCount = fieldCount;
    this.#checked = checked;
    this.#mayHoldControls = facts.hasControlCharacters;
  }

  /** @throws {FileRefused} D-012 if the file breaks off in this record. */
  judge({ line, fields, isUnclosed, isCutOff }: TextRecord): SourceRow {
    const found = fields.length;
    if (isCutOff && found < this.#fieldCount) throw new FileRefused({ code: "D-012", facts: {} });
    if (isUnclosed) return { line, fields, defect: { code: "E-014", column: -1, detail: 0 } };
    if (found !== this.#fieldCount)
      return { line, fields, defect: { code: "E-001", column: -1, detail: found } };
    const control = this.#mayHoldControls ? this.#controlIn(fields) : undefined;
    if (control === undefined) return { line, fields };
    return { line, fields, defect: { code: "E-013", column: control, detail: 0 } };
  }

  #controlIn(fields: readonly string[]): number | undefined {
    return this.#checked.find((position) => hasControlCharacter(fields[position] ?? ""));
  }
}

/** The records after the first `skipped` ones as rows, in batches of about 1,000. */
export async function* sourceRows(
  records: AsyncIterable<readonly TextRecord[]>,
  skipped: number,
  judge: RowJudge,
): AsyncGenerator<readonly SourceRow[]> {
  let before = skipped;
  for await (const some of records) {
    const from = Math.min(before, some.length);
    before -= from;
    for (let at = from; at < some.length; at += rowsPerBatch) {
      yield some.slice(at, at + rowsPerBatch).map((record) => judge.judge(record));
    }
  }
}
