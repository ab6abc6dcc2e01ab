import { type BenefitMonth, countBenefits, formBenefitMonth } from "../population/benefits.ts";
import type { MonthPoint, ReportSources, SourceDelivery } from "../population/sources.ts";
import { monthText } from "../registers/calendar.ts";

/** What is known of one month: its billing, or points per PKS of the series or the history. */
export type KnownMonth =
  | { readonly kind: "billing"; readonly month: BenefitMonth; readonly delivery: SourceDelivery }
  | { readonly kind: "points"; readonly points: readonly MonthPoint[]; readonly delivery?: SourceDelivery };

export type BenefitMonths = {
  /** By "JJJJ-MM", oldest first. */
  readonly months: ReadonlyMap<string, KnownMonth>;
  /** Months in which billing and history overlap and differ. */
  readonly differing: number;
};

/**
 * Every month that something is known of, by its best source: a billing in force, then billing in the series (its records
 * are deleted by now), then the newest history that names the month, then the series.
 */
export function benefitMonths(sources: ReportSources): BenefitMonths {
  const months = new Map<string, KnownMonth>();
  for (const [month, points] of byMonth(sources.months)) months.set(month, { kind: "points", points });
  const history = historyMonths(sources.history);
  for (const [month, known] of history) if (!isBilled(months.get(month))) months.set(month, known);
  for (const delivery of sources.benefits) {
    const month = formBenefitMonth(delivery.columns);
    months.set(delivery.referenceDate.slice(0, 7), { kind: "billing", month, delivery });
  }
  const sorted = [...months].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    months: new Map(sorted),
    differing: sorted.filter(([month, known]) => differs(known, history.get(month))).length,
  };
}

/** Points to keep in the series: every month in force by PKS, and history where no billing is known. */
export function monthPoints({ months }: BenefitMonths): readonly MonthPoint[] {
  return [...months].flatMap(([month, known]) => {
    if (known.kind === "billing") return billedPoints(month, known.month);
    return known.delivery === undefined ? [] : known.points;
  });
}

function billedPoints(month: string, billing: BenefitMonth): readonly MonthPoint[] {
  const identity = billing.groups.map((_, group) => group);
  const counts = countBenefits(billing, identity, billing.groups.length);
  return counts.map((count, group) => ({ month, pks: billing.groups[group] ?? "", ...count }));
}

function isBilled(known: KnownMonth | undefined): boolean {
  return known?.kind === "points" && known.points.some(({ largest }) => largest !== undefined);
}

/** A later delivery replaces the whole month. */
function historyMonths(
  history: readonly SourceDelivery[],
): ReadonlyMap<string, KnownMonth & { kind: "points" }> {
  const months = new Map<string, KnownMonth & { kind: "points" }>();
  for (const delivery of history) {
    for (const [month, points] of byMonth(historyPoints(delivery)))
      months.set(month, { kind: "points", points, delivery });
  }
  return months;
}

function historyPoints({ columns }: SourceDelivery): readonly MonthPoint[] {
  const month = columns.numbers("monat");
  const pks = columns.text("pks");
  const cases = columns.numbers("faelle");
  const persons = columns.numbers("personen");
  const expenditure = columns.numbers("ausgaben");
  return Array.from({ length: columns.rowCount }, (_, row) => ({
    month: monthText(month[row] ?? 0),
    pks: pks.values[pks.index[row] ?? 0] ?? "",
    cases: cases[row] ?? 0,
    persons: persons[row] ?? 0,
    expenditure: expenditure[row] ?? 0,
  }));
}

function byMonth(points: readonly MonthPoint[]): ReadonlyMap<string, readonly MonthPoint[]> {
  return Map.groupBy(points, ({ month }) => month);
}

function differs(known: KnownMonth, history: (KnownMonth & { kind: "points" }) | undefined): boolean {
  if (known.kind !== "billing" || history === undefined) return false;
  const billed = sums(billedPoints("", known.month));
  return sums(history.points).some((sum, at) => sum !== billed[at]);
}

function sums(points: readonly MonthPoint[]): readonly number[] {
  const fields = ["cases", "persons", "expenditure"] as const;
  return fields.map((field) => points.reduce((sum, point) => sum + point[field], 0));
}
