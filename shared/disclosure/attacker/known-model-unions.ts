import { totalCategory } from "./known-model-categories.ts";
import type { KnownUniverse, PlacedTable } from "./known-model-cells.ts";
import type { Circle } from "./known-model-circles.ts";

/**
 * Adds to every table the unions of its categories that only other tables have, where more than one dimension has to be
 * matched at once: cells that nobody shows and that compare what both tell. A single dimension needs none.
 */
export function addUnions(universe: KnownUniverse, circles: readonly Circle[]): void {
  for (const [table, placed] of universe.tables.entries()) {
    const unions = universe.lists.map((_, dimension) => [
      ...new Set([
        ...foreignCategories(universe, placed, dimension),
        ...circleCategories(circles, table, dimension),
      ]),
    ]);
    const own = universe.lists.map((_, dimension) => categoriesAt(placed, dimension));
    const added = unions.map((categories, dimension) =>
      categories.filter(
        (category) => !own[dimension]?.includes(category) && isUnion(universe, placed, dimension, category),
      ),
    );
    if (added.some(({ length }) => length > 0)) addCells(universe, own, added);
  }
}

function categoriesAt({ dimensions, categories }: PlacedTable, dimension: number): readonly number[] {
  return categories[dimensions[dimension] ?? -1] ?? [totalCategory];
}

/** What tables have in this dimension that differ from the table in another one, too. */
function foreignCategories(
  { lists, tables }: KnownUniverse,
  placed: PlacedTable,
  dimension: number,
): readonly number[] {
  if ((placed.dimensions[dimension] ?? -1) < 0) return [];
  const differs = (other: PlacedTable, at: number) =>
    (placed.dimensions[at] ?? -1) >= 0 &&
    (other.dimensions[at] ?? -1) >= 0 &&
    !categoriesAt(other, at).every((category) => categoriesAt(placed, at).includes(category));
  return tables
    .filter((other) => other !== placed && differs(other, dimension))
    .filter((other) => lists.some((_, at) => at !== dimension && differs(other, at)))
    .flatMap((other) => categoriesAt(other, dimension));
}

function circleCategories(circles: readonly Circle[], table: number, dimension: number): readonly number[] {
  return circles
    .flatMap(({ tables }) => tables.filter((one) => one.table === table))
    .flatMap(({ ends }) => ends.filter((end) => end.dimension === dimension))
    .flatMap(({ leaves }) => leaves);
}

function isUnion(
  { lists }: KnownUniverse,
  placed: PlacedTable,
  dimension: number,
  category: number,
): boolean {
  const list = lists[dimension];
  const codes = new Set(list?.codes(category));
  const within = categoriesAt(placed, dimension)
    .map((own) => list?.codes(own) ?? [])
    .filter((own) => own.length > 0 && own.every((code) => codes.has(code)));
  return new Set(within.flat()).size === codes.size && codes.size > 0;
}

function addCells(
  { cells, ties }: KnownUniverse,
  own: readonly (readonly number[])[],
  added: readonly (readonly number[])[],
): void {
  let keys = [""];
  for (const [dimension, categories] of own.entries()) {
    const all = [...categories, ...(added[dimension] ?? [])];
    keys = keys.flatMap((key) => all.map((category) => key + String.fromCharCode(category)));
  }
  for (const key of keys) {
    if (!cells.has(key)) cells.set(key, [{ knowledge: ties, place: "" }]);
  }
}
