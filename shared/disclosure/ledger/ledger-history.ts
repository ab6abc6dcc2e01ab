import { compareText } from "../../registers/compare-text.ts";
import { refuseUnknown } from "../../registers/refuse-unknown.ts";
import type { KnownTable } from "../known-table.ts";
import type { ReadingRules } from "../policy.ts";
import type { LedgerEntry } from "./ledger.ts";
import { latestDateOf, type NamedCell, namedCells, universeWithoutDate } from "./ledger-cells.ts";

/** A table that an earlier release showed. */
export type EarlierTable = { readonly release: string; readonly table: KnownTable };

/**
 * The tables that `entries` showed in one of the universes, in the order of the ledger, each with the rules it is read by;
 * withheld ones showed nothing.
 */
export function earlierTables(
  entries: readonly LedgerEntry[],
  universes: ReadonlySet<string>,
): readonly EarlierTable[] {
  return entries
    .toSorted((one, other) => one.sequence - other.sequence)
    .flatMap(({ release, rules, tables }) =>
      tables
        .filter(({ universe, cells }) => universes.has(universe) && cells.length > 0)
        .map((table) => ({ release, table: { ...table, readBy: rules } })),
    );
}

/**
 * The earlier tables that speak of the same state of the data as those released `now`.
 *
 * A corrected delivery changes counts of a reference date that have been shown before. Old and new tables then cannot both
 * be true, and no attacker can add and subtract across them: a model of both together has no solution, and an audit of it
 * would prove nothing about either. So an earlier release with a cell that contradicts a table of now is another state of
 * the data, and all its tables of that universe are left out: its other cells come from the same old state, also where
 * they happen to agree. What it showed was audited when it was released; that old and new numbers differ by 1 or 2 is a
 * flow finding.
 *
 * Only what a cell tells by itself is compared. Tables that contradict each other by their sums alone stay, and the audit
 * of both refuses the release.
 *
 * @param rules by which tables are read that do not carry their own.
 */
export function agreeingTables(
  earlier: readonly EarlierTable[],
  now: readonly KnownTable[],
  rules: ReadingRules,
): readonly KnownTable[] {
  const told = toldBy(now, rules);
  const others = new Set<string>();
  for (const { release, table } of earlier) {
    const state = dataStateOf(release, table);
    if (!others.has(state) && contradicts(table, told, rules)) others.add(state);
  }
  return earlier
    .filter(({ release, table }) => !others.has(dataStateOf(release, table)))
    .map(({ table }) => table);
}

function dataStateOf(release: string, { universe }: KnownTable): string {
  return JSON.stringify([release, universe]);
}

type Interval = { readonly low: number; readonly high: number };

/** What all tables together tell of each cell; empty intervals where they contradict each other contradict any other. */
function toldBy(tables: readonly KnownTable[], rules: ReadingRules): ReadonlyMap<string, Interval> {
  const told = new Map<string, Interval>();
  for (const table of tables) {
    for (const named of namedCells(table)) {
      const key = `${table.universe}|${named.name}`;
      const interval = intervalOf(named, table.readBy ?? rules);
      const other = told.get(key);
      told.set(key, other === undefined ? interval : common(interval, other));
    }
  }
  return told;
}

function contradicts(table: KnownTable, told: ReadonlyMap<string, Interval>, rules: ReadingRules): boolean {
  for (const named of namedCells(table)) {
    const other = told.get(`${table.universe}|${named.name}`);
    if (other === undefined) continue;
    const { low, high } = common(intervalOf(named, table.readBy ?? rules), other);
    if (low > high) return true;
  }
  return false;
}

function common(one: Interval, other: Interval): Interval {
  return { low: Math.max(one.low, other.low), high: Math.min(one.high, other.high) };
}

const anything: Interval = { low: -Infinity, high: Infinity };

/** What the count can be by the cell alone. A rounded total is recomputed and tells nothing of its own. */
function intervalOf({ cell, isInner }: NamedCell, rules: ReadingRules): Interval {
  switch (cell.kind) {
    case "exact":
      return { low: cell.value, high: cell.value };
    case "held": {
      const most = rules.publishFromChange - 1;
      return { low: cell.value - most, high: cell.value + most };
    }
    case "rounded":
      return isInner ? roundedInterval(cell.value, rules) : anything;
    case "suppressed":
      return { low: 1, high: Infinity };
    case "absent":
    case "unpublished":
      return anything;
    default:
      return refuseUnknown(cell, "cell of the ledger");
  }
}

function roundedInterval(value: number, { publishFromCount }: ReadingRules): Interval {
  if (value > publishFromCount) return { low: value, high: value };
  return value === 0 ? { low: 0, high: publishFromCount - 1 } : { low: 1, high: publishFromCount };
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
