import { type AreaLevel, unassignedCode } from "../population/areas.ts";
import type { WeekPoint } from "../population/sources.ts";
import { addDays } from "../registers/calendar.ts";
import { type CountResult, interleave } from "./assemble.ts";
import { axisOf } from "./count.ts";
import {
  countColumns,
  missingRegisters,
  type RefugeeColumns,
  registersFor,
  restsOn,
} from "./count-persons.ts";
import type { TableContent } from "./definition.ts";
import type { ReportBasis } from "./report-basis.ts";
import { stateOf, type TableDimension } from "./table.ts";
import { timeDimension, totalCode } from "./vocabulary.ts";

const daysPerWeek = 7;

/** Levels of the continued series below the city. */
const seriesLevels: readonly AreaLevel[] = ["stadtbezirk", "stadtteil"];

/** Counts of one week by the categories of a dimension; `isKnown` 0 where the series has none. */
type WeekCounts = { readonly values: Float64Array; readonly isKnown: Uint8Array };

/**
 * Refugees at the reference date and earlier, by status or area. What an earlier week lacks is unavailable, never zero;
 * categories of one parent that are not all known, or do not add up to it, are unavailable together, so that none can be
 * inferred from the others.
 */
export function countWeeks(
  basis: ReportBasis,
  columns: RefugeeColumns | undefined,
  content: Extract<TableContent, { kind: "refugees-by-week" }>,
  levels: readonly AreaLevel[],
): CountResult {
  const wanted = registersFor(content.by === "raum");
  const missing = missingRegisters(basis, wanted);
  if (columns === undefined || basis.refugees === undefined || missing.length > 0) return { missing };
  const present = columns.column(content.by, levels);
  const counts = countColumns([present], columns.count);
  const now = basis.refugees.delivery.referenceDate;
  const dates = content.weeksBack.map((weeks) => addDays(now, -weeks * daysPerWeek));
  const points = new Map(basis.sources.weeks.map((point) => [point.referenceDate, point]));
  const weeks = dates.map((date) =>
    date === now
      ? { values: counts, isKnown: new Uint8Array(counts.length).fill(1) }
      : weekCounts(points.get(date), present.dimension),
  );
  const grid = content.by === "raum" ? "area-first" : "week-first";
  const time = timeDimension(dates);
  return {
    dimensions: grid === "area-first" ? [present.dimension, time] : [time, present.dimension],
    measures: content.difference ? ["gefluechtete", "differenz"] : ["gefluechtete"],
    ...layOut(weeks, dates.indexOf(now), grid, content.difference),
    rests: restsOn(basis, wanted),
  };
}

/** Dates of earlier weeks that a table shows, counted from the date of the delivery in force. */
export function comparedDates(content: TableContent, now: string): readonly string[] {
  if (content.kind !== "refugees-by-week") return [];
  return content.weeksBack.filter((weeks) => weeks > 0).map((weeks) => addDays(now, -weeks * daysPerWeek));
}

/** Row-major values and states, measures fastest; the difference stands in the row of the earlier date. */
function layOut(
  weeks: readonly WeekCounts[],
  presentAt: number,
  grid: "area-first" | "week-first",
  hasDifference: boolean,
): { values: Float64Array; states: Uint8Array } {
  const size = weeks[0]?.values.length ?? 0;
  const cellOf = (week: number, category: number): number =>
    grid === "week-first" ? week * size + category : category * weeks.length + week;
  const counts = new Float64Array(weeks.length * size);
  const states = new Uint8Array(counts.length);
  for (const [week, { values, isKnown }] of weeks.entries()) {
    for (const [category, value] of values.entries()) {
      counts[cellOf(week, category)] = value;
      states[cellOf(week, category)] = isKnown[category] === 1 ? stateOf.value : stateOf.unavailable;
    }
  }
  if (!hasDifference) return { values: counts, states };
  const differences = differencesOf(weeks, presentAt, cellOf);
  return {
    values: interleave([counts, differences.values]),
    states: Uint8Array.from(interleave([Float64Array.from(states), Float64Array.from(differences.states)])),
  };
}

function differencesOf(
  weeks: readonly WeekCounts[],
  presentAt: number,
  cellOf: (week: number, category: number) => number,
): { values: Float64Array; states: Uint8Array } {
  const present = weeks[presentAt]?.values ?? new Float64Array(0);
  const values = new Float64Array(weeks.length * present.length);
  const states = new Uint8Array(values.length).fill(stateOf.unavailable);
  for (const [week, earlier] of weeks.entries()) {
    for (const [category, value] of present.entries()) {
      const cell = cellOf(week, category);
      if (week === presentAt) states[cell] = stateOf.impossible;
      else if (earlier.isKnown[category] === 1) {
        values[cell] = value - (earlier.values[category] ?? 0);
        states[cell] = stateOf.value;
      }
    }
  }
  return { values, states };
}

function weekCounts(point: WeekPoint | undefined, dimension: TableDimension): WeekCounts {
  const size = dimension.categories.length;
  const counts = { values: new Float64Array(size), isKnown: new Uint8Array(size) };
  if (point === undefined) return counts;
  if (dimension.id === "raum") readAreas(point, dimension, counts);
  else readStatuses(point, dimension, counts);
  dropInconsistent(dimension, counts);
  return counts;
}

function readStatuses(point: WeekPoint, dimension: TableDimension, counts: WeekCounts): void {
  for (const [at, { code }] of dimension.categories.entries()) {
    setCount(counts, at, point.counts.get(`stadt:${totalCode}|${code}`));
  }
}

/** Areas from the finest up: what the series does not name is the sum of its children where all are known. */
function readAreas(point: WeekPoint, dimension: TableDimension, counts: WeekCounts): void {
  const { parents } = axisOf(dimension.categories);
  for (const [at, { code, level }] of [...dimension.categories.entries()].reverse()) {
    const value = point.counts.get(`${level}:${code}|${totalCode}`);
    setCount(counts, at, value ?? (isUnassigned(code) ? 0 : sumOfChildren(parents, counts, at)));
  }
  const rest = dimension.categories.findIndex(({ code }) => code === unassignedCode);
  if (rest === -1 || point.counts.has(`stadtbezirk:${unassignedCode}|${totalCode}`)) return;
  // Who is counted in the city and in no borough is, by definition, without assignment.
  const named = parents.reduce(
    (sum, parent, at) => sum + (parent === 0 && at !== rest ? (counts.values[at] ?? 0) : 0),
    0,
  );
  setCount(counts, rest, Math.max((counts.values[0] ?? 0) - named, 0));
}

function isUnassigned(code: string): boolean {
  return code === unassignedCode || code.startsWith(`${unassignedCode}-`);
}

function sumOfChildren(parents: Int32Array, counts: WeekCounts, at: number): number | undefined {
  let sum = 0;
  let count = 0;
  for (const [child, parent] of parents.entries()) {
    if (parent !== at) continue;
    if (counts.isKnown[child] === 0) return undefined;
    sum += counts.values[child] ?? 0;
    count++;
  }
  return count === 0 ? undefined : sum;
}

function setCount(counts: WeekCounts, at: number, value: number | undefined): void {
  counts.values[at] = value ?? 0;
  counts.isKnown[at] = value === undefined ? 0 : 1;
}

/** Parents stand before their children, so what is dropped above is dropped below as well. */
function dropInconsistent(dimension: TableDimension, counts: WeekCounts): void {
  const { parents } = axisOf(dimension.categories);
  for (const at of dimension.categories.keys()) {
    if (!parents.includes(at)) continue;
    const isWhole = counts.isKnown[at] === 1 && sumOfChildren(parents, counts, at) === counts.values[at];
    if (isWhole) continue;
    for (const [child, parent] of parents.entries()) if (parent === at) setCount(counts, child, undefined);
  }
}

/** The point of this week for the series: city, boroughs and quarters by status, totals and zeros included. */
export function weekPoint(basis: ReportBasis, columns: RefugeeColumns): WeekPoint | undefined {
  const referenceDate = basis.refugees?.delivery.referenceDate;
  if (referenceDate === undefined || referenceDate !== basis.sources.referenceDate) return undefined;
  const status = columns.column("aufenthaltsstatus");
  const areas = basis.areas && columns.column("raum", seriesLevels);
  const cells = countColumns(areas ? [areas, status] : [status], columns.count);
  const counts = new Map<string, number>();
  const places = areas?.dimension.categories ?? [{ level: "stadt", code: totalCode }];
  for (const [place, { level, code }] of places.entries()) {
    for (const [at, category] of status.dimension.categories.entries()) {
      counts.set(
        `${level}:${code}|${category.code}`,
        cells[place * status.dimension.categories.length + at] ?? 0,
      );
    }
  }
  return { referenceDate, counts };
}
