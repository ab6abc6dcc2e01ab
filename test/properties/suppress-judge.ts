import type { Universe } from "../../shared/disclosure/suppression/universe.ts";

/** No possible table is listed in which a finest cell is larger than this much above its count. */
const beyond = 4;

/** A cell of the judge: what it counts in finest cells. */
type Place = { readonly cell: number; readonly count: number; readonly leaves: readonly number[] };

/** By cell of the universe, the least and the most it is in a possible table. */
type Ends = { readonly least: number[]; readonly most: number[] };

/**
 * True if no hidden cell has one value only, or small ones only, over all tables of whole numbers in which published cells
 * are what they are and hidden ones at least 1. With `own` also for everybody who knows that one hidden count is 1, except
 * for cells that are always the same as that one.
 *
 * Written from the definition: finest cells are all combinations of codes; a cell counts those that its name does not exclude.
 */
export function isSafe(
  universe: Universe,
  hidden: readonly number[],
  publishFromCount: number,
  own: boolean,
): boolean {
  const places = placesOf(universe);
  if (!areSafe(places, hidden, hidden, publishFromCount, undefined)) return false;
  if (!own) return true;
  const small = hidden.filter((cell) => countOf(universe, cell) < publishFromCount);
  return hidden
    .filter((cell) => countOf(universe, cell) === 1)
    .every((known) => {
      const twins = twinsOf(places, hidden, known);
      const others = small.filter((cell) => !twins.has(cell));
      return areSafe(places, hidden, others, publishFromCount, known);
    });
}

export function lossOf(universe: Universe, hidden: readonly number[]): number {
  return hidden.reduce((sum, cell) => sum + countOf(universe, cell), 0);
}

/** The least loss of any set of hidden cells that is safe. */
export function optimum(universe: Universe, publishFromCount: number): number {
  const isSmall = (cell: number): boolean =>
    countOf(universe, cell) > 0 && countOf(universe, cell) < publishFromCount;
  const cells = [...universe.cells.keys()];
  const small = cells.filter(isSmall);
  const large = cells.filter((cell) => countOf(universe, cell) >= publishFromCount);
  const sets = Array.from({ length: 2 ** large.length }, (_, bits) => {
    const hidden = [...small, ...large.filter((_cell, at) => (bits >> at) & 1)];
    return { hidden, loss: lossOf(universe, hidden) };
  });
  const best = sets
    .toSorted((one, other) => one.loss - other.loss)
    .find(({ hidden }) => isSafe(universe, hidden, publishFromCount, false));
  return best?.loss ?? Number.NaN;
}

function countOf({ cells }: Universe, cell: number): number {
  return cells[cell]?.count ?? Number.NaN;
}

function placesOf({ cells }: Universe): readonly Place[] {
  const named = cells.map(({ name }) => new Map(name === "Total" ? [] : name.split(", ").map(pairOf)));
  const codes = new Map<string, Set<string>>();
  for (const own of named)
    for (const [dimension, code] of own) codes.set(dimension, (codes.get(dimension) ?? new Set()).add(code));
  let leaves: ReadonlyMap<string, string>[] = [new Map()];
  for (const [dimension, own] of codes)
    leaves = leaves.flatMap((leaf) => [...own].map((code) => new Map([...leaf, [dimension, code]])));
  return named.flatMap((own, cell) => {
    const { role, count = 0 } = cells[cell] ?? {};
    if (role === "auxiliary") return [];
    const holds = leaves.flatMap((leaf, at) =>
      [...own].every(([dimension, code]) => leaf.get(dimension) === code) ? [at] : [],
    );
    return [{ cell, count, leaves: holds }];
  });
}

function pairOf(label: string): readonly [string, string] {
  const [dimension = "", code = ""] = label.split("=");
  return [dimension, code];
}

function areSafe(
  places: readonly Place[],
  hidden: readonly number[],
  asked: readonly number[],
  publishFromCount: number,
  known: number | undefined,
): boolean {
  const isOpen = ({ least, most }: Ends, cell: number): boolean => {
    const [low = 0, high = 0] = [least[cell], most[cell]];
    return low < high && high >= publishFromCount;
  };
  const ends: Ends = { least: [], most: [] };
  eachTable(places, hidden, known, (counts) => {
    for (const cell of hidden) {
      ends.least[cell] = Math.min(ends.least[cell] ?? Infinity, counts[cell] ?? 0);
      ends.most[cell] = Math.max(ends.most[cell] ?? 0, counts[cell] ?? 0);
    }
    return asked.every((cell) => isOpen(ends, cell));
  });
  return asked.every((cell) => isOpen(ends, cell));
}

/** Cells that are the same as `known` in every possible table. */
function twinsOf(places: readonly Place[], hidden: readonly number[], known: number): ReadonlySet<number> {
  const twins = new Set(hidden);
  eachTable(places, hidden, undefined, (counts) => {
    for (const cell of twins) if (counts[cell] !== counts[known]) twins.delete(cell);
    return twins.size === 1;
  });
  return twins;
}

/** Visits possible tables, by cell of the universe, until `visit` has seen enough. */
function eachTable(
  places: readonly Place[],
  hidden: readonly number[],
  known: number | undefined,
  visit: (counts: readonly number[]) => boolean,
): void {
  const isFixed = ({ cell }: Place): boolean => !hidden.includes(cell) || cell === known;
  const leafCount = Math.max(-1, ...places.flatMap(({ leaves }) => leaves)) + 1;
  const holders = Array.from({ length: leafCount }, (_, leaf) =>
    places.filter(({ leaves }) => leaves.includes(leaf)),
  );
  const most = holders.map((own) =>
    Math.min(...own.map((place) => place.count + (isFixed(place) ? 0 : beyond))),
  );
  const sums: number[] = [];
  for (const { cell } of places) sums[cell] = 0;
  const isPossible = (place: Place, leaf: number): boolean => {
    const sum = sums[place.cell] ?? 0;
    const isDone = place.leaves.at(-1) === leaf;
    if (isFixed(place)) return isDone ? sum === place.count : sum <= place.count;
    return !isDone || sum >= 1;
  };
  const add = (leaf: number, value: number): void => {
    for (const { cell } of holders[leaf] ?? []) sums[cell] = (sums[cell] ?? 0) + value;
  };
  const descend = (leaf: number): boolean => {
    if (leaf === leafCount) return visit(sums);
    for (let value = 0; value <= (most[leaf] ?? 0); value++) {
      add(leaf, value);
      const isEnough = (holders[leaf] ?? []).every((place) => isPossible(place, leaf)) && descend(leaf + 1);
      add(leaf, -value);
      if (isEnough) return true;
    }
    return false;
  };
  descend(0);
}
