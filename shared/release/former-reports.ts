/** A report that readers saw, as the ledger has it. */
export type ShownReport = {
  readonly release: string;
  readonly kind: "report" | "request";
  /** "JJJJ-MM-TT" */
  readonly referenceDate: string;
  readonly sequence: number;
};

/** Weeks that are looked back for a value: what was not shown in so many of them counts as new. */
const weeksBack = 8;

/** The report that readers saw last in each of the weeks before a reference date, newest week first. */
export function formerReports<Report extends ShownReport>(
  shown: readonly Report[],
  referenceDate: string,
): readonly Report[] {
  const last = new Map<string, Report>();
  for (const report of shown) {
    const isFormer = report.kind === "report" && report.referenceDate < referenceDate;
    if (isFormer && report.sequence >= (last.get(report.referenceDate)?.sequence ?? 0)) {
      last.set(report.referenceDate, report);
    }
  }
  return [...last.values()]
    .toSorted((a, b) => (a.referenceDate < b.referenceDate ? 1 : -1))
    .slice(0, weeksBack);
}
