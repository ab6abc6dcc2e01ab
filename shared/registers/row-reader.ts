import type { AddressIndex } from "./address-index.ts";
import type { CodeTables } from "./code-table.ts";
import type { StoredValue } from "./column-buffer.ts";
import type { KeyDerivation } from "./keys.ts";
import type { Office, OfficeRegister } from "./office.ts";
import type { ColumnSpec, FileFinding, RegisterId, Slot, StoredColumns } from "./register.ts";
import type { RowFindings } from "./row-findings.ts";
import type { OpenTable, SourceRow } from "./source-table.ts";

/** Everything a register's rows are read with: the file as it was opened, and what the office decides. */
export type RowContext = {
  readonly slot: Slot;
  readonly columns: readonly ColumnSpec[];
  readonly office: Office;
  readonly settings: OfficeRegister;
  readonly codes: CodeTables;
  readonly keys: KeyDerivation;
  readonly addresses: AddressIndex;
  /** Reference day (days since 1970-01-01): the Stichtag, of a month its last day. */
  readonly day: number;
  readonly table: Pick<OpenTable, "positions" | "serials">;
  readonly findings: RowFindings;
};

/** What is known of a row only after the whole file was read. */
export type RowFate = {
  /** Number of the group of person numbers that share an AZR number, 0 for none. */
  readonly aliasGroup: number;
  /** Another record of the file has the same identity and is nevertheless another person. */
  readonly isNamesake: boolean;
};

/**
 * Reads the rows of one file, one after the other: every method but `read` and `isCheckRow` speaks of the row that was
 * read last. The same row always gives the same answers.
 */
export type RowReader = {
  /** A row of sums, which is no data row. It is compared with our own sums, see `checkRowDifferences`. */
  isCheckRow?(row: SourceRow): boolean;
  /** False: the row is refused, and the findings say why. */
  read(row: SourceRow): boolean;
  /** Rows of the same record key are one record; undefined: the row is a record of its own. */
  recordKey(): string | undefined;
  /** Rows of the same record key but different variants are different records. */
  variant?(): string;
  /** Which of several rows of a record counts: the greater numbers, from the left; then the smaller line. */
  preference(): readonly number[];
  /** PersNr and AZRNr for the search of aliases; "" where the row has none. */
  aliasNumbers?(): { readonly person: string; readonly azr: string };
  /** The record, in the order of the stored columns. */
  values(fate: RowFate): readonly StoredValue[];
  /** Check rows whose sums differ from ours. */
  checkRowDifferences?(): number;
  /** After the last row: counts for the quality report. */
  finish?(): void;
  /** After the last row: rows that contradict each other; any such row refuses the delivery. */
  contradictions?(): readonly Contradiction[];
};

export type Contradiction = {
  readonly code: "E-010" | "E-011";
  readonly line: number;
  readonly column: number;
  readonly detail: number;
};

/** How files of one part of a register are named: `<prefix>_<AGS>_<date>_<n>.<extension>`. */
export type FileNaming = {
  readonly part: string;
  readonly prefix: string;
  readonly extensions: readonly string[];
  /** A name that would be right. */
  readonly example: string;
};

/** One register of the office: everything the door knows of it. */
export type Register = {
  readonly id: RegisterId;
  /** For reports and pages, German. */
  readonly title: string;
  /** Parts of a slot; none where the part is a Schulnummer. */
  readonly parts: readonly string[];
  readonly period: "day" | "month";
  readonly files: readonly FileNaming[];
  columnsOf(part: string): readonly ColumnSpec[];
  storedOf(part: string): StoredColumns;
  /** Rows of this part hold addresses, which only the address file turns into blocks, or keys as long as its own: they wait for it. */
  needsAddresses(part: string): boolean;
  /** Rows of this part are compared with the address file where there is one; they do not wait for it. */
  comparesAddresses?(part: string): boolean;
  /** Rows that repeat a record key: merged into one record, or all refused. */
  readonly repeats: "merged" | "refused";
  /** Field counts of a file that is read by position. */
  readonly fieldCounts?: readonly number[];
  /** Refuses a slot that the office does not know. */
  checkSlot?(slot: Slot, codes: CodeTables): FileFinding | undefined;
  rowReader(context: RowContext): RowReader;
};
