import { type CountedTable, type MeasureId, stateOf } from "../../tables/table.ts";

/** Rounding of a quotient, far below what a file shows. */
const tolerance = 1e-6;

/** Counts of the same register and day of which one holds the other: what remains of the larger is a count, too. */
const partOf: readonly (readonly [part: MeasureId, whole: MeasureId])[] = [["auslaender", "einwohner"]];

/** What a table gives away beyond its cells: per cell with both counts the whole less its part (residents who are no foreigners). */
export function remaindersOf(table: CountedTable): readonly number[] {
  return partOf.flatMap(([part, whole]) => {
    const parts = knownOf(table, part);
    return knownOf(table, whole).flatMap((value, cell) => {
      const less = parts[cell];
      return value === undefined || less === undefined ? [] : [value - less];
    });
  });
}

/** True when every rate and difference is computed from counts that stand beside it; any other number was judged by nobody. */
export function hasOnlyComputedFigures(table: CountedTable): boolean {
  return table.measures.every(({ id, kind }) => {
    if (kind === "count" || kind === "money") {
      return true;
    }
    const expected = id === "je_1000" ? ratesIn(table) : id === "differenz" ? differencesIn(table) : [];
    return knownOf(table, id).every(
      (value, cell) => value === undefined || Math.abs(value - (expected[cell] ?? Number.NaN)) < tolerance,
    );
  });
}

type Known = readonly (number | undefined)[];

/** The published values of a measure, one per cell of the grid; none where the table lacks the measure. */
function knownOf({ measures, values, states }: CountedTable, id: MeasureId): Known {
  const offset = measures.findIndex((measure) => measure.id === id);
  const size = offset < 0 ? 0 : values.length / measures.length;
  return Array.from({ length: size }, (_, cell) => {
    const at = cell * measures.length + offset;
    return states[at] === stateOf.value ? values[at] : undefined;
  });
}

function ratesIn(table: CountedTable): Known {
  const residents = knownOf(table, "einwohner");
  return knownOf(table, "gefluechtete").map((persons, cell) => {
    const of = residents[cell];
    return persons === undefined || of === undefined ? undefined : (persons * 1_000) / of;
  });
}

/** The newest day less the day of the cell. */
function differencesIn(table: CountedTable): Known {
  const counts = knownOf(table, "gefluechtete");
  const time = table.dimensions.findIndex(({ id }) => id === "zeitpunkt");
  const days = table.dimensions[time]?.categories.map(({ code }) => code) ?? [];
  const newest = days.indexOf(days.toSorted().at(-1) ?? "");
  const stride = table.dimensions
    .slice(time + 1)
    .reduce((size, { categories }) => size * categories.length, 1);
  return counts.map((count, cell) => {
    const day = Math.floor(cell / stride) % days.length;
    const now = counts[cell + (newest - day) * stride];
    return count === undefined || now === undefined ? undefined : now - count;
  });
}
