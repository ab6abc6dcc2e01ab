import { compareText } from "../../registers/compare-text.ts";
import type { KnownDimension, KnownTable } from "../known-table.ts";
import { latestDateOf, namedCells, universeWithoutDate } from "./ledger-cells.ts";

/** How many cells of a table and a level tell of single arrivals; no cell is named. */
export type FlowFinding = {
  readonly table: string;
  /** Level of the areas; "" for a table without areas. */
  readonly level: string;
  /** Cells whose shown numbers differ by 1 to below `publishFromChange`. */
  readonly cells: number;
};

/**
 * The cells of a week whose shown numbers differ from those of the week before by so little that they tell of single
 * persons, counted by table and level of areas. Only cells that both weeks show with a number are compared, and of tables
 * that run over time only the latest date of each week.
 *
 * @param publishFromChange a change of this much is none: 3 is none, 1 and 2 are.
 * @returns one finding per table and level that has any, by table and level.
 */
export function flowFindings(
  before: readonly KnownTable[],
  now: readonly KnownTable[],
  publishFromChange: number,
): readonly FlowFinding[] {
  const former = numbersOf(before);
  const findings = new Map<string, FlowFinding>();
  for (const table of latestOf(now)) {
    const levelAt = levelsOf(table);
    const live = universeWithoutDate(table.universe);
    for (const { name, position, cell } of namedCells(table)) {
      const old = former.get(`${live}|${name}`);
      if (!("value" in cell) || old === undefined) continue;
      const change = Math.abs(cell.value - old);
      if (change === 0 || change >= publishFromChange) continue;
      const level = levelAt(position);
      const key = JSON.stringify([table.name, level]);
      findings.set(key, { table: table.name, level, cells: (findings.get(key)?.cells ?? 0) + 1 });
    }
  }
  return [...findings].toSorted(([one], [other]) => compareText(one, other)).map(([, finding]) => finding);
}

/** The tables of the latest date of what they count. */
function latestOf(tables: readonly KnownTable[]): readonly KnownTable[] {
  const latest = new Map<string, string>();
  for (const { universe } of tables) {
    const live = universeWithoutDate(universe);
    const date = latestDateOf(universe);
    if (date > (latest.get(live) ?? "")) latest.set(live, date);
  }
  return tables.filter(
    ({ universe }) => latestDateOf(universe) === (latest.get(universeWithoutDate(universe)) ?? ""),
  );
}

function numbersOf(tables: readonly KnownTable[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const table of latestOf(tables)) {
    const live = universeWithoutDate(table.universe);
    for (const { name, cell } of namedCells(table)) {
      if ("value" in cell) numbers.set(`${live}|${name}`, cell.value);
    }
  }
  return numbers;
}

/** The level of a cell's area stands before the colon of its code. */
function levelsOf({ dimensions }: KnownTable): (position: number) => string {
  const at = dimensions.findIndex(({ id }) => id === "raum");
  const areas = dimensions[at]?.categories ?? [];
  const stride = dimensions.slice(at + 1).reduce((product, each) => product * each.categories.length, 1);
  const levels = areas.map(levelOf);
  return (position) => levels[Math.floor(position / stride) % levels.length] ?? "";
}

function levelOf({ code }: KnownDimension["categories"][number]): string {
  const end = code.indexOf(":");
  return end < 0 ? "" : code.slice(0, end);
}
