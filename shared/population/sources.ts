import type { CodeTables } from "../registers/code-table.ts";
import type { Office } from "../registers/office.ts";
import type { RecordColumns } from "../registers/record-block.ts";

/** One delivery in force and the columns that were read of it. */
export type SourceDelivery = {
  readonly id: string;
  readonly part: string;
  readonly referenceDate: string;
  readonly columns: RecordColumns;
};

/** One point of a continued series: true aggregates, kept inside. Key: `<level>:<area>|<status>`, total `T`. */
export type WeekPoint = { readonly referenceDate: string; readonly counts: ReadonlyMap<string, number> };

/** AsylbLG aggregates of a month and a PKS, from billing or from the history. */
export type MonthPoint = {
  /** "JJJJ-MM" */
  readonly month: string;
  readonly pks: string;
  readonly cases: number;
  readonly persons: number;
  /** Cents. */
  readonly expenditure: number;
  /** Cents: largest single recipient and sum of absolute amounts; absent in the history. */
  readonly largest?: number;
  readonly absolute?: number;
  /** Persons whose payments under this PKS do not add up to zero; where absent, `persons` stand for them. */
  readonly recipients?: number;
};

/** Everything a report is counted from: the deliveries in force at the reference date (see `release/in-force.ts`). */
export type ReportSources = {
  /** Friday of the report week, "JJJJ-MM-TT". */
  readonly referenceDate: string;
  readonly office: Office;
  readonly codes: CodeTables;
  readonly foreigners?: SourceDelivery | undefined;
  readonly residents?: SourceDelivery | undefined;
  /** AsylbLG months in force, oldest first. */
  readonly benefits: readonly SourceDelivery[];
  /** One per school, by Schulnummer. */
  readonly pupils: readonly SourceDelivery[];
  /** Address file and names valid on the reference date. */
  readonly addresses?: SourceDelivery | undefined;
  readonly areaNames?: SourceDelivery | undefined;
  readonly history: readonly SourceDelivery[];
  /** Earlier weeks of the same definition, oldest first, without the present one. */
  readonly weeks: readonly WeekPoint[];
  /** Months already in the series. */
  readonly months: readonly MonthPoint[];
  /** The 15 nationalities of the calendar year; absent at its first report. */
  readonly nationalities?: readonly string[] | undefined;
  /** Key for choices that must look random and stay the same (sex `d`, `x`, unknown). */
  readonly choose: (person: Uint8Array) => "m" | "w";
};
