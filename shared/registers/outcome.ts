import type { FindingLog } from "./finding-log.ts";
import type { FileFinding } from "./register.ts";

/** What reading one delivered file came to. `rowsRead = taken + rejected` always. */
export type ReadOutcome = {
  readonly verdict:
    | { readonly kind: "accepted" }
    /** A person decides: row count far off, too many unknown keys. The records are written but not in force. */
    | { readonly kind: "held"; readonly finding: FileFinding }
    | { readonly kind: "rejected"; readonly findings: readonly FileFinding[] };
  readonly rowsRead: number;
  readonly taken: number;
  readonly rejected: number;
  readonly merged: number;
  readonly blockCount: number;
  readonly codeTableVersion: string;
  /** Findings per row, and notes on the whole file (H-001, H-002, H-007, H-009, H-010 …). */
  readonly rows: FindingLog;
  readonly notes: readonly FileFinding[];
  /** As the department named them, by position; for receipts. */
  readonly headings: readonly string[];
  readonly encoding?: string;
  readonly delimiter?: string;
  /** Counts for the quality report of the office: rule id → how often. Never content. */
  readonly quality: Readonly<Record<string, number>>;
  /** Unknown keys that fit their column's pattern, with counts: work list for the office, `column → key → rows`. */
  readonly workList: Readonly<Record<string, Readonly<Record<string, number>>>>;
};
