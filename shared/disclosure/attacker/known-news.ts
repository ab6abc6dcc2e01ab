import type { KnownTable, ShownCell } from "../known-table.ts";
import { namedCells } from "../ledger/ledger-cells.ts";

/**
 * Universes of which `tables` tell more than the `earlier` ones did. Of the others an attacker learns nothing, and what was
 * shown of them withstood when it was released: the months and weeks before this one, in every report again.
 */
export function universesWithNews(
  tables: readonly KnownTable[],
  earlier: readonly KnownTable[],
): ReadonlySet<string> {
  const untold = toldBy(tables);
  for (const table of earlier) {
    const cells = untold.get(table.universe);
    for (const { name, cell } of cells === undefined ? [] : namedCells(table)) {
      const texts = cells?.get(name);
      texts?.delete(textOf(cell));
      // What was shown exactly can be told no better; that it is hidden now is a contradiction for the attack to find.
      const isKnown = cell.kind === "exact" && texts?.has("suppressed") !== true;
      if (texts?.size === 0 || isKnown) cells?.delete(name);
    }
  }
  return new Set([...untold].flatMap(([universe, cells]) => (cells.size > 0 ? [universe] : [])));
}

/** By universe, by name, what the tables tell of a cell. */
function toldBy(tables: readonly KnownTable[]): ReadonlyMap<string, Map<string, Set<string>>> {
  const told = new Map<string, Map<string, Set<string>>>();
  for (const table of tables) {
    const cells = told.get(table.universe) ?? new Map<string, Set<string>>();
    told.set(table.universe, cells);
    for (const { name, cell } of namedCells(table)) {
      cells.set(name, (cells.get(name) ?? new Set()).add(textOf(cell)));
    }
  }
  return told;
}

function textOf(cell: ShownCell): string {
  return "value" in cell ? `${cell.kind} ${cell.value}` : cell.kind;
}
