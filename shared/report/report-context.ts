import type { Office } from "../registers/office.ts";
import type { RegisterId } from "../registers/register.ts";

/** What the report says of one source: the deliveries in force and whether they are as new as agreed. */
export type DataState = {
  readonly register: RegisterId;
  /** German. */
  readonly title: string;
  readonly deliveries: readonly {
    readonly id: string;
    readonly sha256: string;
    readonly part: string;
    readonly referenceDate: string;
    /** ISO instant. */
    readonly receivedAt: string;
    readonly rowsRead: number;
    readonly taken: number;
    readonly rejected: number;
  }[];
  readonly late: boolean;
  readonly missing: boolean;
};

/** Everything a released file says beside the numbers; the same context and release give the same bytes. */
export type ReportContext = {
  readonly office: Office;
  /** "2026-KW47" */
  readonly week: string;
  /** "2026-W47" */
  readonly isoWeek: string;
  /** Friday of the report week, "JJJJ-MM-TT". */
  readonly referenceDate: string;
  /** ISO instant of the run. */
  readonly now: string;
  readonly releaseId: string;
  readonly sources: readonly DataState[];
  /** Names of office files that were missing, so that a built-in sample stood in. */
  readonly samples: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  /** Who is counted, in the definition's words. */
  readonly definitionLabel: string;
  /** "JJJJ-MM-TT" */
  readonly nextPublication?: string;
};
