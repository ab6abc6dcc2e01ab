import { type CountedTable, stateOf } from "../../tables/table.ts";
import type { Before } from "../before.ts";
import { leavesOf, stridesOf } from "../grid.ts";
import type { Policy } from "../policy.ts";
import { slicesOf } from "../suppression/counted-universe.ts";
import { cellNames, treeTable } from "../suppression/universe-cells.ts";
import { fineCells, isHeld } from "./hold.ts";
import { isSmall, type RoundingCell, type RoundingMargin, round } from "./round.ts";

/** A place of the table: the inner cells it is the sum of (itself where it is one), and what is known of it from outside. */
type Place = {
  readonly cell: number;
  readonly name: string;
  readonly inner: readonly number[];
  /** Another table shows the count. */
  readonly isShown: boolean;
  /** What readers last saw, where small changes are held. */
  readonly last: number | undefined;
};

export type RoundedTable = {
  readonly table: CountedTable;
  /** True counts by canonical name. */
  readonly counts: ReadonlyMap<string, number>;
};

/**
 * The table with its small inner counts rounded to 0 or to the threshold, and totals recomputed from what is shown. Counts
 * in `shown` (canonical names) stand exactly in another table and stay so here. A cell whose count has hardly changed since
 * readers last saw it keeps that number (`held`); no number that is newly shown differs from the last one by so little.
 *
 * Undefined where no rounding keeps every small count unknown, or for a table with more than one count.
 */
export async function roundTable(
  table: CountedTable,
  shown: ReadonlySet<string>,
  policy: Policy,
  before: Before,
): Promise<RoundedTable | undefined> {
  const places = placesOf(table, shown, policy, before);
  if (places === undefined) {
    return undefined;
  }
  const isInner = (place: Place) => place.inner.length === 1 && place.inner[0] === place.cell;
  const inner = places.filter(isInner);
  const choose = (exactBeside: (place: Place) => boolean) =>
    round(taskOf(table, places, inner, exactBeside, policy), policy.publishFromCount.value, before.digest);
  const isHeldPlace = ({ cell, last }: Place) =>
    last !== undefined && isHeld(table.values[cell] ?? 0, last, policy);
  const heldCells = new Set(inner.filter(isHeldPlace).map(({ cell }) => cell));
  const strict = await choose(() => true);
  // A held count hides a small one beside it as well as a rounded one does; whether it does enough the audit decides.
  const rounding =
    strict.kind === "rounded"
      ? strict
      : await choose(({ inner: parts }) => !parts.some((part) => heldCells.has(part)));
  if (rounding.kind === "impossible") {
    return undefined;
  }
  const known = new Set(rounding.known.map((at) => inner[at]?.cell));
  const rounded = new Map(inner.map(({ cell }, at) => [cell, rounding.values[at] ?? 0]));
  const values = table.values.slice();
  const states = table.states.slice();
  for (const place of [...inner, ...places.filter((each) => !isInner(each))]) {
    const shownParts = place.inner.map(
      (part) => (part === place.cell ? rounded.get(part) : values[part]) ?? 0,
    );
    const count = table.values[place.cell] ?? 0;
    const { value, state } = shownCell(place, count, sumOf(shownParts), policy);
    values[place.cell] = value;
    // Who can work out a count that is no small one may read it; that it is 0 is nobody's secret either way.
    states[place.cell] = known.has(place.cell) && value === count && count > 0 ? stateOf.value : state;
  }
  const counts = places.map(({ name, cell }) => [name, table.values[cell] ?? 0] as const);
  return { table: { ...table, values, states }, counts: new Map(counts) };
}

function placesOf(
  table: CountedTable,
  shown: ReadonlySet<string>,
  policy: Policy,
  before: Before,
): readonly Place[] | undefined {
  const [slice, ...others] = slicesOf(table, "open", new Map());
  const isPlain = table.measures.length === 1 && table.states.every((state) => state === stateOf.value);
  if (slice === undefined || others.length > 0 || !isPlain) {
    return undefined;
  }
  const last = new Map(fineCells(table, before, policy).map((fine) => [fine.cell, fine.last]));
  const innerOf = innerCellsOf(table);
  return cellNames(treeTable(slice.universeTable)).map((name, position) => {
    const cell = slice.cells[position] ?? -1;
    return { cell, name, inner: innerOf(cell), isShown: shown.has(name), last: last.get(cell) };
  });
}

/** The inner cells below a cell: leaves of every dimension. */
function innerCellsOf(table: CountedTable): (cell: number) => readonly number[] {
  const strides = stridesOf(table);
  const below = table.dimensions.map(({ categories }) => {
    const leaves = categories.map((): number[] => []);
    for (const leaf of leavesOf(categories)) {
      for (let at: number | undefined = leaf; at !== undefined; at = categories[at]?.parent)
        leaves[at]?.push(leaf);
    }
    return leaves;
  });
  return (cell) =>
    table.dimensions.reduce(
      (cells, { categories }, position) => {
        const stride = strides[position] ?? 1;
        const at = Math.floor(cell / stride) % categories.length;
        return cells.flatMap((start) =>
          (below[position]?.[at] ?? []).map((leaf) => start + (leaf - at) * stride),
        );
      },
      [cell] as readonly number[],
    );
}

/** @param exactBeside which places that others show exactly tell of the cells below them. */
function taskOf(
  { values }: CountedTable,
  places: readonly Place[],
  inner: readonly Place[],
  exactBeside: (place: Place) => boolean,
  policy: Policy,
) {
  const at = new Map(inner.map(({ cell }, index) => [cell, index]));
  const cells = inner.map((place) => roundingCell(place, values[place.cell] ?? 0, policy));
  const margins = places
    .filter((place) => !at.has(place.cell))
    .map(
      (place): RoundingMargin => ({
        name: place.name,
        parts: place.inner.flatMap((part) => at.get(part) ?? []),
        shown: place.isShown && exactBeside(place),
      }),
    );
  return { cells, margins, ties: [] };
}

function roundingCell({ name, isShown, last }: Place, count: number, policy: Policy): RoundingCell {
  const from = policy.publishFromCount.value;
  if (last === undefined || isShown) {
    return { name, count, shown: isShown };
  }
  if (isHeld(count, last, policy)) {
    const isDecision = isSmall(count, from) && (last === 0 || last === from);
    return isDecision ? { name, count, shown: false, kept: last } : { name, count, shown: false };
  }
  return { name, count, shown: false, forbidden: [0, from].filter((value) => isNear(value, last, policy)) };
}

/** Two numbers whose difference tells of single persons. */
function isNear(value: number, last: number, policy: Policy): boolean {
  return value !== last && isHeld(value, last, policy);
}

type Shown = { readonly value: number; readonly state: number };

/** A recomputed total that hardly differs from the last one stays, too: it is `held` only where it is as near to the truth. */
function shownCell({ isShown, last }: Place, count: number, recomputed: number, policy: Policy): Shown {
  if (isShown) {
    return { value: count, state: stateOf.value };
  }
  if (last !== undefined && isHeld(count, last, policy)) {
    return { value: last, state: stateOf.held };
  }
  const value = last !== undefined && isNear(recomputed, last, policy) ? last : recomputed;
  return { value, state: stateOf.rounded };
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
