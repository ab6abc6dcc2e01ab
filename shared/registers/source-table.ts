import type { FindingCode } from "./finding.ts";
import type { ColumnSpec, FileFinding } from "./register.ts";

/** What a delivery must look like to be read as a table. */
export type TableWanted = {
  readonly columns: readonly ColumnSpec[];
  /** Further headings of the office: official name → synonyms. */
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  /** Sheet to read from a workbook; missing: the one visible sheet that fits. */
  readonly sheetName?: string;
  /** Read by position without quoting; the first line is a header for information only. */
  readonly positional?: { readonly delimiter: "|"; readonly fieldCounts: readonly number[] };
};

/** One data row as it stands in the delivered file. */
export type SourceRow = {
  /** Line (of a quoted row: its first) or sheet row in the delivered file, from 1. */
  readonly line: number;
  /** They share memory with the piece of the file they come from: copy a field that is kept beyond its batch. */
  readonly fields: readonly string[];
  /** Why the row cannot be read. `column` is a field index, −1 for the whole row; `detail` as in `FindingLog`. */
  readonly defect?: { readonly code: FindingCode; readonly column: number; readonly detail: number };
};

/** A file that is recognised as a table and whose header is understood; its rows are still unread. */
export type OpenTable = {
  readonly kind: "table";
  readonly encoding?: string;
  readonly delimiter?: string;
  /** Date system of a workbook. */
  readonly serials?: 1900 | 1904;
  /** As the file names its columns, by position. */
  readonly headings: readonly string[];
  /** Official name → field index, for the columns that the file has. */
  readonly positions: ReadonlyMap<string, number>;
  readonly notes: readonly FileFinding[];
  /**
   * All data rows in file order, in batches of about 1,000. May be called again and then gives the same rows.
   *
   * @throws {FileRefused} when the file turns out to be unusable on the way.
   */
  rows(): AsyncGenerator<readonly SourceRow[]>;
};

export type Refused = { readonly kind: "refused"; readonly findings: readonly FileFinding[] };

/** Batch size of `rows()`. */
export const rowsPerBatch = 1_000;

/** The file as a whole cannot be taken. Carries a rule and facts, never content. */
export class FileRefused extends SyntaxError {
  readonly finding: FileFinding;

  constructor(finding: FileFinding) {
    super(`Cannot read delivered file: rule ${finding.code}`);
    this.name = "FileRefused";
    this.finding = finding;
  }
}
