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

/**
 * What readers remember when the report of a day comes out: everything shown for the weeks that are looked back, answers to
 * requests included, and for the day itself. `inForce` are the reports that readers see now, the last of their weeks: one
 * that came into force again was seen after its correction, although it stands before it in the ledger.
 *
 * @returns the entries, with sequences in the order in which readers saw them last.
 */
export function remembered<Entry extends ShownReport>(
  shown: readonly Entry[],
  referenceDate: string,
  inForce: ReadonlySet<string>,
): readonly Entry[] {
  const days = new Set(formerReports(shown, referenceDate).map((report) => report.referenceDate));
  const newest = shown.reduce((last, { sequence }) => Math.max(last, sequence), 0);
  return shown
    .filter((entry) => days.has(entry.referenceDate) || entry.referenceDate === referenceDate)
    .map((entry) => (inForce.has(entry.release) ? { ...entry, sequence: entry.sequence + newest } : entry));
}

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
