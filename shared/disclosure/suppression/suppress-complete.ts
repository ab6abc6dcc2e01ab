import type { Highs } from "highs";
import { Leaders } from "./suppress-leaders.ts";
import { ChangeProgram } from "./suppress-programs.ts";
import type { Universe } from "./universe-model.ts";

/**
 * A whole number for every cell of the universe: its count, and for cells whose count does not follow from the tables one
 * that fits all sums. Nothing where none is found.
 */
export function completeTable(highs: Highs, { cells, sums }: Universe): Float64Array | undefined {
  const table = Float64Array.from(cells, ({ count }) => count);
  const isOpen = (cell: number): boolean => Number.isNaN(table[cell]);
  const leaders = new Leaders(cells.length);
  const rows = sums.flatMap(({ total, parts }) => {
    const terms = [...parts.map((cell) => ({ cell, sign: 1 })), { cell: total, sign: -1 }];
    const open = terms.filter(({ cell }) => isOpen(cell));
    const rest = terms.reduce(
      (sum, { cell, sign }) => (isOpen(cell) ? sum : sum - sign * (table[cell] ?? 0)),
      0,
    );
    for (const { cell } of open) leaders.join(open[0]?.cell ?? cell, cell);
    return open.length === 0 ? [] : [{ open, rest }];
  });
  const rowsOf = Map.groupBy(rows, ({ open }) => leaders.of(open[0]?.cell ?? 0));
  for (const [leader, own] of Map.groupBy([...cells.keys()].filter(isOpen), (cell) => leaders.of(cell))) {
    const places = new Map(own.map((cell, place) => [cell, place]));
    const parts = rowsOf.get(leader) ?? [];
    const equations = parts.map(({ open }) => ({
      variables: open.map(({ cell }) => places.get(cell) ?? -1),
      signs: open.map(({ sign }) => sign),
    }));
    const program = new ChangeProgram(
      highs,
      { falls: own.map(() => 0), equations },
      own.map(() => 1),
    );
    const found = program.extend(new Map(parts.map(({ rest }, row) => [row, rest])));
    program.dispose();
    if (found === undefined) return undefined;
    for (const cell of own) table[cell] = 0;
    for (const [at, place] of found.variables.entries()) table[own[place] ?? -1] = found.amounts[at] ?? 0;
  }
  return table;
}
