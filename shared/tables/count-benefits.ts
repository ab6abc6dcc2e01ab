import { type BenefitCount, type BenefitMonth, countBenefits } from "../population/benefits.ts";
import type { MonthPoint } from "../population/sources.ts";
import { dayNumber, monthNumber, monthText } from "../registers/calendar.ts";
import type { CodeTable } from "../registers/code-table.ts";
import type { CountResult } from "./assemble.ts";
import type { BenefitMonths, KnownMonth } from "./benefit-months.ts";
import { missingRegisters } from "./count-persons.ts";
import type { NoteId } from "./definition.ts";
import type { ReportBasis } from "./report-basis.ts";
import { stateOf } from "./table.ts";
import {
  benefitGroupOf,
  benefitGroups,
  benefitSteps,
  labelOn,
  monthDimension,
  withTotal,
} from "./vocabulary.ts";

const measures = ["faelle", "personen", "ausgaben"] as const;
const moneyAt = 2;
const firstMonth = monthNumber("2010-01");

/** Cases, persons and expenditure of the newest month by PKS: all keys valid in it, and those that occur. */
export function countNewestMonth(basis: ReportBasis, { months }: BenefitMonths): CountResult {
  const newest = [...months].findLast(([, known]) => known.kind === "billing");
  if (newest === undefined || newest[1].kind !== "billing")
    return { missing: missingRegisters(basis, ["akdn-sozial"]) };
  const [name, { month, delivery }] = newest;
  const table = basis.sources.codes.personenkreis;
  const lastDay = dayNumber(`${monthText(monthNumber(name) + 1)}-01`) - 1;
  const valid = table.entries.map(({ code }) => code).filter((code) => table.at(code, lastDay) !== undefined);
  const keys = [...new Set([...valid, ...month.groups])].sort();
  const dimension = withTotal(
    "pks",
    keys.map((code) => ({ code, label: labelOn(table, code, lastDay) })),
  );
  const grid = new BenefitGrid(1, dimension.categories.length);
  grid.fill(
    0,
    countMonth(month, (pks) => keys.indexOf(pks), keys.length),
  );
  return {
    dimensions: [dimension],
    ...grid.result(),
    rests: [["akdn-sozial", delivery]],
    coarsening: { pks: benefitSteps(keys, table) },
  };
}

/** The same since January 2010 by month and group of PKS; a month that nothing is known of is unavailable. */
export function countAllMonths(basis: ReportBasis, { months }: BenefitMonths): CountResult {
  const newest = [...months.keys()].at(-1);
  if (newest === undefined) return { missing: missingRegisters(basis, ["akdn-sozial", "fortschreibung"]) };
  const table = basis.sources.codes.personenkreis;
  const groups = benefitGroups(keysOf(table, months), table);
  const dimension = withTotal(
    "pks_gruppe",
    groups.map(({ code, label }) => ({ code, label })),
  );
  const names = Array.from({ length: monthNumber(newest) - firstMonth + 1 }, (_, at) =>
    monthText(firstMonth + at),
  );
  const codes = groups.map(({ code }) => code);
  const groupOf = (pks: string): number => codes.indexOf(benefitGroupOf(pks, table));
  const grid = new BenefitGrid(names.length, dimension.categories.length);
  for (const [at, name] of names.entries()) {
    const known = months.get(name);
    if (known === undefined) grid.leaveOut(at);
    else grid.fill(at, countKnown(known, groupOf, codes.length));
  }
  return {
    dimensions: [monthDimension(names), dimension],
    ...grid.result(),
    rests: restsOfMonths(basis, months),
    notes: historyNotes(months),
  };
}

/** All keys of the code table, whatever their validity, and those that occur in any month. */
function keysOf(table: CodeTable, months: BenefitMonths["months"]): readonly string[] {
  const occurring = [...months.values()].flatMap((known) =>
    known.kind === "billing" ? known.month.groups : known.points.map(({ pks }) => pks),
  );
  return [...new Set([...table.entries.map(({ code }) => code), ...occurring])];
}

function restsOfMonths(basis: ReportBasis, months: BenefitMonths["months"]) {
  const history = new Set(
    [...months.values()].flatMap((known) => (known.kind === "points" ? [known.delivery] : [])),
  );
  return [
    ...basis.sources.benefits.map((delivery) => ["akdn-sozial", delivery] as const),
    ...basis.sources.history
      .filter((delivery) => history.has(delivery))
      .map((delivery) => ["fortschreibung", delivery] as const),
  ];
}

function historyNotes(months: BenefitMonths["months"]): readonly NoteId[] {
  const hasHistory = [...months.values()].some(
    (known) => known.kind === "points" && known.points.some(({ largest }) => largest === undefined),
  );
  return hasHistory ? ["historie-ohne-dominanz"] : [];
}

/** The total first, then the groups. */
function countMonth(
  month: BenefitMonth,
  groupOf: (pks: string) => number,
  groupCount: number,
): readonly BenefitCount[] {
  const groups = countBenefits(month, month.groups.map(groupOf), groupCount);
  return [...countBenefits(month, new Uint8Array(month.groups.length), 1), ...groups];
}

function countKnown(
  known: KnownMonth,
  groupOf: (pks: string) => number,
  groupCount: number,
): readonly BenefitCount[] {
  if (known.kind === "billing") return countMonth(known.month, groupOf, groupCount);
  const groups = Array.from({ length: groupCount }, (_, group) =>
    sumPoints(known.points.filter(({ pks }) => groupOf(pks) === group)),
  );
  return [sumPoints(known.points), ...groups];
}

/** Persons stand for recipients where those are not kept; the largest recipient is an upper bound, for one may have several PKS,
 * and NaN where history does not tell it. */
function sumPoints(points: readonly MonthPoint[]): BenefitCount {
  const sum = (value: (point: MonthPoint) => number): number =>
    points.reduce((total, point) => total + value(point), 0);
  return {
    cases: sum(({ cases }) => cases),
    persons: sum(({ persons }) => persons),
    expenditure: sum(({ expenditure }) => expenditure),
    recipients: sum(({ recipients, persons }) => recipients ?? persons),
    largest: sum(({ largest }) => largest ?? Number.NaN),
    absolute: sum(({ absolute }) => absolute ?? 0),
  };
}

/** Rows of categories with the three measures, and what stands behind the money. */
class BenefitGrid {
  readonly #categoryCount: number;
  readonly #values: Float64Array;
  readonly #states: Uint8Array;
  readonly #recipients: Float64Array;
  readonly #largest: Float64Array;
  readonly #absolute: Float64Array;

  constructor(rowCount: number, categoryCount: number) {
    this.#categoryCount = categoryCount;
    const length = rowCount * categoryCount * measures.length;
    this.#values = new Float64Array(length);
    this.#states = new Uint8Array(length);
    this.#recipients = new Float64Array(length);
    this.#largest = new Float64Array(length);
    this.#absolute = new Float64Array(length);
  }

  fill(row: number, counts: readonly BenefitCount[]): void {
    for (const [category, count] of counts.entries()) {
      const at = (row * this.#categoryCount + category) * measures.length;
      this.#values.set([count.cases, count.persons, count.expenditure], at);
      this.#recipients[at + moneyAt] = count.recipients;
      this.#largest[at + moneyAt] = count.largest;
      this.#absolute[at + moneyAt] = count.absolute;
    }
  }

  leaveOut(row: number): void {
    const length = this.#categoryCount * measures.length;
    this.#states.fill(stateOf.unavailable, row * length, (row + 1) * length);
  }

  result() {
    return {
      measures,
      values: this.#values,
      states: this.#states,
      concentration: { recipients: this.#recipients, largest: this.#largest, absolute: this.#absolute },
    };
  }
}
