import { compareText } from "../../registers/compare-text.ts";
import type { Sum } from "../attack-model.ts";
import { CellRegister, cellNames, treeTable } from "./universe-cells.ts";
import { addCircles } from "./universe-circles.ts";
import type { Universe, UniverseTable } from "./universe-model.ts";
import { addOverlaps, type PlacedTable } from "./universe-overlaps.ts";
import { addTreeSums, SumRegister, settleCounts } from "./universe-sums.ts";

export type { CellRole, Universe, UniverseTable } from "./universe-model.ts";

/**
 * All cells and sums of `tables`, the same whatever the order of tables, dimensions and categories.
 *
 * A cell is identified by its universe and its categories over all dimensions; a dimension that a table lacks stands at its
 * total. Categories that overlap without a tree that says how, and tables whose margins form a circle, get the cells that tie
 * them, with a count where it follows from the tables.
 *
 * @throws {RangeError} naming table and dimension or position: malformed dimensions, counts that are no whole numbers of 0 or
 * more, totals that do not add up, two tables that give one cell two counts, circles with more finest cells than can be solved.
 */
export function universeOf(tables: readonly UniverseTable[]): Universe {
  const register = new CellRegister();
  const sums = new SumRegister();
  const placed = tables.map((table): PlacedTable => {
    const tree = treeTable(table);
    const names = cellNames(tree);
    const places = Int32Array.from(names, (name, position) => {
      const count = table.counts[position] ?? Number.NaN;
      return Number.isNaN(count) ? -1 : register.publish(name, count, { table, position });
    });
    addTreeSums(register, sums, tree, names, places);
    return { ...tree, places };
  });
  for (const own of Map.groupBy(placed, ({ table }) => table.universe).values()) {
    addOverlaps(register, sums, own);
    addCircles(register, sums, own);
  }
  settleCounts(register.counts, sums.sums);
  return inOrder(register, sums.sums, placed);
}

/** By name, so that the order of the tables does not matter. */
function inOrder(
  { names, counts, roles }: CellRegister,
  sums: readonly Sum[],
  tables: readonly PlacedTable[],
): Universe {
  const order = [...names.keys()].sort((one, other) => compareText(names[one] ?? "", names[other] ?? ""));
  const rank = new Int32Array(order.length);
  for (const [at, cell] of order.entries()) rank[cell] = at;
  const rankOf = (cell: number): number => rank[cell] ?? -1;
  return {
    cells: order.map((cell) => ({
      name: names[cell] ?? "",
      count: counts[cell] ?? Number.NaN,
      role: roles[cell] ?? "shown",
    })),
    sums: sums
      .map(({ total, parts, place }) => ({
        total: rankOf(total),
        parts: parts.map(rankOf).sort((one, other) => one - other),
        place,
      }))
      .sort(compareSums),
    places: tables.map(({ places }) => places.map((cell) => (cell < 0 ? -1 : rankOf(cell)))),
  };
}

function compareSums(one: Sum, other: Sum): number {
  if (one.total !== other.total) return one.total - other.total;
  for (const [at, part] of one.parts.entries()) {
    const beside = other.parts[at] ?? -1;
    if (part !== beside) return part - beside;
  }
  return one.parts.length - other.parts.length;
}
