import { areaLevels } from "../../population/areas.ts";
import { type CountedTable, stateOf } from "../../tables/table.ts";
import type { Before } from "../before.ts";
import { stridesOf } from "../grid.ts";
import type { Policy } from "../policy.ts";
import { type BenefitGroups, type CountedSlice, slicesOf } from "../suppression/counted-universe.ts";
import { cellNames, treeTable } from "../suppression/universe-cells.ts";
import { isSmall } from "../table-safety.ts";

/** Below Stadtteil there are no benefits, so no groups of them. */
const noGroups: BenefitGroups = new Map();

/** A count below the level from which values are held, and the number that readers last saw there. */
export type FineCell = {
  /** Position in the values of the table. */
  readonly cell: number;
  /** Canonical name, universe included. */
  readonly name: string;
  readonly last: number | undefined;
};

/**
 * The table with the value last published in every fine cell that has changed by too little since, or not at all: the state
 * `held` tells only that the true value is near. Levels above, new cells and larger changes stay as they are.
 *
 * Undefined where a value that is to be held would be small: what was published once is not published again.
 */
export function holdFormer(
  table: CountedTable,
  before: Pick<Before, "lastShown">,
  policy: Policy,
): CountedTable | undefined {
  const values = table.values.slice();
  const states = table.states.slice();
  for (const { cell, last } of fineCells(table, before, policy)) {
    if (last !== undefined && isHeld(values[cell] ?? Number.NaN, last, policy)) {
      if (isSmall(last, policy)) {
        return undefined;
      }
      values[cell] = last;
      states[cell] = stateOf.held;
    }
  }
  return { ...table, values, states };
}

/** True when a change from the number last shown would tell of single persons. */
export function isHeld(count: number, last: number, policy: Policy): boolean {
  return Math.abs(count - last) < policy.publishFromChange.value;
}

/** The counts of a table at the levels whose values are held; a level that is not declared counts as fine. */
export function fineCells(
  table: CountedTable,
  { lastShown }: Pick<Before, "lastShown">,
  policy: Policy,
): readonly FineCell[] {
  const area = table.dimensions.findIndex(({ id }) => id === "raum");
  const areas = table.dimensions[area]?.categories ?? [];
  const shown: readonly string[] = areaLevels.slice(0, areaLevels.indexOf(policy.holdBelow.value) + 1);
  if (areas.every(({ level }) => shown.includes(level ?? ""))) {
    return [];
  }
  const stride = stridesOf(table)[area] ?? 1;
  const isFine = (cell: number) =>
    table.states[cell] === stateOf.value &&
    !shown.includes(areas[Math.floor(cell / stride) % areas.length]?.level ?? "");
  return slicesOf(table, "open", noGroups).flatMap((slice) =>
    namedCellsOf(slice).flatMap(({ cell, name, label }) =>
      isFine(cell) ? [{ cell, name, last: lastShown(slice.universeTable.universe, label)?.value }] : [],
    ),
  );
}

function namedCellsOf({ universeTable, cells }: CountedSlice) {
  const prefix = universeTable.universe.length + 1;
  return cellNames(treeTable(universeTable)).map((name, position) => ({
    cell: cells[position] ?? -1,
    name,
    label: name.slice(prefix),
  }));
}
