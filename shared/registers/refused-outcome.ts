import { FindingLog } from "./finding-log.ts";
import type { ReadOutcome } from "./outcome.ts";
import type { FileFinding } from "./register.ts";

/** What there is to say of a file that was refused before a row was read. */
export function refusedOutcome(finding: FileFinding): ReadOutcome {
  return {
    verdict: { kind: "rejected", findings: [finding] },
    rowsRead: 0,
    taken: 0,
    rejected: 0,
    merged: 0,
    blockCount: 0,
    codeTableVersion: "",
    rows: new FindingLog(),
    notes: [],
    headings: [],
    quality: {},
    workList: {},
  };
}
