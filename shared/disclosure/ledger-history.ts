import { refuseUnknown } from "../registers/refuse-unknown.ts";
import type { KnownTable, ShownCell } from "./known-table.ts";
import type { LedgerEntry } from "./ledger.ts";
import { compareText, latestDateOf, namedCells, universeWithoutDate } from "./ledger-cells.ts";

/** A table that an earlier release showed. */
export type EarlierTable = { readonly release: string; readonly table: KnownTable };

/** The tables that `entries` showed in one of the universes, in the order of the ledger; withheld ones showed nothing. */
export function earlierTables(
  entries: readonly LedgerEntry[],
  universes: ReadonlySet<string>,
): readonly EarlierTable[] {
  return entries
    .toSorted((one, other) => one.sequence - other.sequence)
    .flatMap(({ release, tables }) =>
      tables
        .filter(({ universe, cells }) => universes.has(universe) && cells.length > 0)
        .map((table) => ({ release, table })),
    );
}

/**
 * The earlier tables that speak of the same state of the data as those released `now`.
 *
 * A corrected delivery changes counts of a reference date that have been shown before. Old and new tables then cannot both
 * be true, and no attacker can add and subtract across them: a model of both together has no solution, and an audit of it
 * would prove nothing about either. So an earlier release that shows a cell exactly and differently from a table of now is
 * another state of the data, and all its tables of that universe are left out: its other cells come from the same old
 * state, also where they happen to agree. A cell that was hidden in the one and is 0 in the other, or held further away
 * than `heldWithin`, tells the same. What was shown of the old state has been audited when it was released; that old and new
 * numbers differ by 1 or 2 is a flow finding.
 *
 * @param heldWithin how far a held value may be from the truth.
 */
export function agreeingTables(
  earlier: readonly EarlierTable[],
  now: readonly KnownTable[],
  heldWithin: number,
): readonly KnownTable[] {
  const shown = new Map<string, ShownCell[]>();
  for (const table of now) {
    for (const { name, cell } of namedCells(table)) {
      const key = `${table.universe}|${name}`;
      const known = shown.get(key);
      if (known === undefined) shown.set(key, [cell]);
      else known.push(cell);
    }
  }
  const others = new Set<string>();
  for (const { release, table } of earlier) {
    const state = stateOf(release, table);
    if (!others.has(state) && contradicts(table, shown, heldWithin)) others.add(state);
  }
  return earlier
    .filter(({ release, table }) => !others.has(stateOf(release, table)))
    .map(({ table }) => table);
}

function stateOf(release: string, { universe }: KnownTable): string {
  return JSON.stringify([release, universe]);
}

function contradicts(
  table: KnownTable,
  shown: ReadonlyMap<string, readonly ShownCell[]>,
  heldWithin: number,
): boolean {
  for (const { name, cell } of namedCells(table)) {
    const others = shown.get(`${table.universe}|${name}`) ?? [];
    if (others.some((other) => !canBothBeTrue(cell, other, heldWithin))) return true;
  }
  return false;
}

function canBothBeTrue(one: ShownCell, other: ShownCell, heldWithin: number): boolean {
  const [low, high] = truthOf(one, heldWithin);
  const [otherLow, otherHigh] = truthOf(other, heldWithin);
  return low <= otherHigh && otherLow <= high;
}

/** What the count can be. A rounded one may be a recomputed total, which tells nothing of its own. */
function truthOf(cell: ShownCell, heldWithin: number): readonly [low: number, high: number] {
  switch (cell.kind) {
    case "exact":
      return [cell.value, cell.value];
    case "held":
      return [cell.value - heldWithin, cell.value + heldWithin];
    case "suppressed":
      return [1, Infinity];
    case "rounded":
    case "absent":
    case "unpublished":
      return [-Infinity, Infinity];
    default:
      return refuseUnknown(cell, "cell of the ledger");
  }
}

/** A number that readers saw in a cell, and of which day or month it was. */
export type ShownNumber = {
  readonly kind: "exact" | "rounded" | "held";
  readonly value: number;
  readonly date: string;
};

/** What was last shown in a cell, by its universe, of whatever date, and its canonical name in it. */
export type LastShown = (universe: string, cell: string) => ShownNumber | undefined;

/**
 * The number last shown in every cell of `entries`, whatever the date it was shown for.
 *
 * Last is the latest date of the content that is not after `upTo`, and of the same date the latest entry: a late correction
 * of an old week is not what readers compare a new week with. Where a cell was hidden for a while, the number before that
 * counts: it is the one a reader remembers. A rounded number stands for the decision that was taken: while the count stays
 * small, it is kept. How far back is looked is decided by which entries are given.
 *
 * @param upTo "JJJJ-MM-TT": the reference date of the release that is to be held.
 */
export function lastShown(entries: readonly LedgerEntry[], upTo: string): LastShown {
  const found = new Map<string, Map<string, ShownNumber>>();
  for (const { table, date } of newestFirst(entries, upTo)) {
    const live = universeWithoutDate(table.universe);
    const cells = found.get(live) ?? new Map<string, ShownNumber>();
    found.set(live, cells);
    for (const { name, cell } of namedCells(table)) {
      if ("value" in cell && !cells.has(name)) cells.set(name, { ...cell, date });
    }
  }
  return (universe, cell) => found.get(universeWithoutDate(universe))?.get(cell);
}

type DatedTable = { readonly table: KnownTable; readonly date: string; readonly sequence: number };

function newestFirst(entries: readonly LedgerEntry[], upTo: string): readonly DatedTable[] {
  return entries
    .flatMap(({ sequence, tables }) =>
      tables.map((table) => ({ table, sequence, date: latestDateOf(table.universe) })),
    )
    .filter(({ date }) => date <= upTo)
    .toSorted((one, other) => compareText(other.date, one.date) || other.sequence - one.sequence);
}
