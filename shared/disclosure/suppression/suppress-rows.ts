import { type CountedTable, stateOf } from "../../tables/table.ts";
import { leavesOf, stridesOf } from "../grid.ts";
import type { Policy } from "../policy.ts";
import { isDominated, isUnsafeAmount } from "../table-safety.ts";

/** A row of a table with amounts: its total and its parts, each with all measures from this position on. */
type Row = { readonly total: number; readonly parts: readonly number[] };

/**
 * The table with whole groups of its rows hidden: where a count of a group is hidden or its amount unsafe, nothing of the
 * group is shown in that row, and as many further groups are hidden, smallest first, as it takes that the hidden ones
 * together are safe. A row whose every group is hidden hides its total.
 *
 * Undefined where the table is not flat below one total: then amounts hang together in more ways than one row shows.
 */
export function suppressRows(table: CountedTable, policy: Policy): CountedTable | undefined {
  const rows = rowsOf(table);
  if (rows === undefined) {
    return undefined;
  }
  const hidden = new Set<number>();
  for (const row of rows) {
    for (const cell of hiddenIn(table, row, policy)) {
      hidden.add(cell);
    }
  }
  const { length: width } = table.measures;
  const isHidden = (position: number) => hidden.has(position - (position % width));
  const states = table.states.map((state, position) =>
    isHidden(position) && isSecret(table, position) ? stateOf.confidential : state,
  );
  return { ...table, states };
}

/** Nothing stays nothing: a zero is shown as one. */
function isSecret({ values, states, concentration }: CountedTable, position: number): boolean {
  const isNothing = values[position] === 0 && (concentration?.absolute[position] ?? 0) === 0;
  return states[position] === stateOf.confidential || (states[position] === stateOf.value && !isNothing);
}

function rowsOf(table: CountedTable): readonly Row[] | undefined {
  const trees = table.dimensions.flatMap(({ categories }, position) =>
    categories.some(({ parent }) => parent !== undefined) ? [position] : [],
  );
  const [position = -1] = trees;
  const categories = table.dimensions[position]?.categories ?? [];
  const root = categories.findIndex(({ parent }) => parent === undefined);
  const leaves = leavesOf(categories);
  if (trees.length !== 1 || leaves.length !== categories.length - 1) {
    return undefined;
  }
  const stride = stridesOf(table)[position] ?? 1;
  const starts = [...table.values.keys()].filter(
    (at) => at % table.measures.length === 0 && Math.floor(at / stride) % categories.length === 0,
  );
  return starts.map((start) => ({
    total: start + root * stride,
    parts: leaves.map((leaf) => start + leaf * stride),
  }));
}

function hiddenIn(table: CountedTable, { total, parts }: Row, policy: Policy): readonly number[] {
  const hidden = parts.filter((part) => needsHiding(table, part, policy));
  if (needsHiding(table, total, policy)) {
    return [total, ...parts];
  }
  const others = parts
    .filter((part) => !hidden.includes(part) && hasSomething(table, part))
    .toSorted((a, b) => sizeOf(table, a) - sizeOf(table, b) || a - b);
  while (hidden.length > 0 && !isSafeTogether(table, hidden, policy)) {
    const next = others.shift();
    if (next === undefined) {
      return [total, ...parts];
    }
    hidden.push(next);
  }
  return hidden;
}

function positionsOf({ measures }: CountedTable, cell: number): readonly number[] {
  return measures.map((_, offset) => cell + offset);
}

function needsHiding(table: CountedTable, cell: number, policy: Policy): boolean {
  return positionsOf(table, cell).some(
    (position) =>
      table.states[position] === stateOf.confidential ||
      (table.states[position] === stateOf.value &&
        table.measures[position % table.measures.length]?.kind === "money" &&
        isUnsafeAmount(table, position, policy)),
  );
}

function hasSomething(table: CountedTable, cell: number): boolean {
  return positionsOf(table, cell).some((position) => isSecret(table, position));
}

function sizeOf(table: CountedTable, cell: number): number {
  const offset = table.measures.findIndex(({ kind }) => kind === "count");
  return table.values[cell + Math.max(0, offset)] ?? 0;
}

/** What is left of the total when all shown parts are taken away: its counts could be shared out otherwise, its amount shown. */
function isSafeTogether(table: CountedTable, cells: readonly number[], policy: Policy): boolean {
  return (
    hasPersonsToSpare(table, cells, policy) &&
    table.measures.every(({ kind }, offset) => {
      const positions = cells.map((cell) => cell + offset).filter((position) => isSecret(table, position));
      switch (kind) {
        case "count":
          return isSafeCount(table, positions, policy);
        case "money":
          return positions.length !== 1 && isSafeAmount(table, positions, policy);
        case "rate":
        case "difference":
          return true;
        default:
          return false;
      }
    })
  );
}

/**
 * A case has at least one person. A group that has persons and, as everybody sees, no case of its own has at most what the
 * hidden cases leave over: that must be enough for a count that is shown.
 */
function hasPersonsToSpare(table: CountedTable, cells: readonly number[], policy: Policy): boolean {
  const [cases, persons] = (["faelle", "personen"] as const).map((id) =>
    table.measures.findIndex((measure) => measure.id === id),
  );
  if (cases === undefined || persons === undefined || cases < 0 || persons < 0) {
    return true;
  }
  const at = (cell: number, measure: number) => table.values[cell + measure] ?? 0;
  const withoutCases = cells.filter((cell) => at(cell, cases) === 0 && at(cell, persons) > 0);
  const spare = cells.reduce((sum, cell) => sum + at(cell, persons) - at(cell, cases), 0);
  return withoutCases.length === 0 || spare - (withoutCases.length - 1) >= policy.publishFromCount.value;
}

/** Each of them at least 1, so that each could have what the others leave over. */
function isSafeCount({ values }: CountedTable, positions: readonly number[], policy: Policy): boolean {
  const sum = positions.reduce((all, position) => all + (values[position] ?? 0), 0);
  const most = sum - (positions.length - 1);
  return positions.length === 0 || (positions.length > 1 && most >= policy.publishFromCount.value);
}

/** Recipients of two groups may be the same persons: only the largest number is certain, and the largest shares add up. */
function isSafeAmount(
  { concentration }: CountedTable,
  positions: readonly number[],
  policy: Policy,
): boolean {
  if (positions.length === 0) {
    return true;
  }
  const recipients = Math.max(...positions.map((position) => concentration?.recipients[position] ?? 0));
  const sum = (values: Float64Array | undefined) =>
    positions.reduce((all, position) => all + (values?.[position] ?? 0), 0);
  return (
    recipients >= policy.publishFromRecipients.value &&
    !isDominated(sum(concentration?.largest), sum(concentration?.absolute), policy)
  );
}
