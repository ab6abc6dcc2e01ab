import type { Change } from "../attack-model.ts";
import type { Universe } from "./universe-model.ts";

/** What is asked of the changes: `table`, the universe's counts completed, and the cells that are hidden. */
export type HiddenTable = {
  readonly universe: Universe;
  readonly table: Float64Array;
  readonly hidden: readonly number[];
  readonly publishFromCount: number;
};

/**
 * Whole-number addition, without any solver: `table` with every change keeps every sum, every published cell and every hidden
 * one at 1 or more, and every cell that is not published has a change that moves it, out of the small counts if it is small.
 *
 * @throws {TypeError} if one does not.
 */
export function checkChanges(asked: HiddenTable, changes: readonly Change[]): void {
  const { universe, table, hidden, publishFromCount } = asked;
  const least = leastCounts(asked);
  const addsUp = sumChecker(universe);
  const isSmall = (count: number): boolean => count > 0 && count < publishFromCount;
  const isDerived = (cell: number): boolean =>
    universe.cells[cell]?.role === "unpublished" && isSmall(table[cell] ?? 0);
  const unproven = new Set([...hidden, ...[...table.keys()].filter(isDerived)]);
  for (const change of changes) {
    if (!addsUp(change)) throw new TypeError(broken("a sum"));
    const moved = [...change].map(([cell, amount]) => ({ cell, from: table[cell] ?? 0, amount }));
    if (!moved.every(({ cell, from, amount }) => from + amount >= (least[cell] ?? Infinity)))
      throw new TypeError(broken("a cell"));
    for (const { cell, from, amount } of moved)
      if (amount !== 0 && !(isSmall(from) && isSmall(from + amount))) unproven.delete(cell);
  }
  if (unproven.size > 0) throw new TypeError(broken("the promise that they prove every hidden cell safe"));
}

function broken(what: string): string {
  return `Cannot suppress cells: the changes that prove them safe must not break ${what}`;
}

/** What every cell must keep: a published one never changes. */
function leastCounts({ universe, hidden }: HiddenTable): Float64Array {
  const least = Float64Array.from(universe.cells, ({ role }) =>
    role === "unpublished" || role === "auxiliary" ? 0 : Infinity,
  );
  for (const cell of hidden) least[cell] = 1;
  return least;
}

/** Whether a change of whole numbers adds up to 0 in every sum. */
function sumChecker({ cells, sums }: Universe): (change: Change) => boolean {
  const sumsOf = cells.map((): number[] => []);
  for (const [at, { total, parts }] of sums.entries())
    for (const cell of [total, ...parts]) sumsOf[cell]?.push(at);
  return (change) => {
    const rests = new Map<number, number>();
    for (const [cell, amount] of change) {
      for (const at of sumsOf[cell] ?? [])
        rests.set(at, (rests.get(at) ?? 0) + (sums[at]?.total === cell ? -amount : amount));
    }
    return [...rests.values()].every((rest) => rest === 0) && [...change.values()].every(Number.isInteger);
  };
}
