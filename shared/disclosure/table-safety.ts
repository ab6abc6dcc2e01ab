import { refuseUnknown } from "../registers/refuse-unknown.ts";
import { type CountedTable, type Measure, stateOf } from "../tables/table.ts";
import { leavesOf, stridesOf } from "./grid.ts";
import type { Policy } from "./policy.ts";

/**
 * True when a cell of the table, margins included, must not be published: a small count, or money of too few or one
 * dominant recipient; where the policy wants it, also a group with all persons in one category. Cells without a value tell nothing. Rates and differences follow from the counts beside them.
 */
export function isUnsafe(table: CountedTable, policy: Policy): boolean {
  const { measures, values, states } = table;
  if (policy.groupDisclosure.value === "unsafe" && groupDisclosuresIn(table) > 0) {
    return true;
  }
  for (let cell = 0; cell < values.length; cell += 1) {
    const measure = measures[cell % measures.length];
    if (
      states[cell] === stateOf.value &&
      measure !== undefined &&
      isUnsafeCell(table, measure, cell, policy)
    ) {
      return true;
    }
  }
  return false;
}

function isUnsafeCell(table: CountedTable, measure: Measure, cell: number, policy: Policy): boolean {
  switch (measure.kind) {
    case "count":
      return (
        isSmall(table.values[cell] ?? Number.NaN, policy) || hasSmallRemainder(table, measure, cell, policy)
      );
    case "money":
      return isUnsafeAmount(table, cell, policy);
    case "rate":
    case "difference":
      return false;
    default:
      return refuseUnknown(measure.kind, "measure");
  }
}

/** Residents and the foreigners among them tell how many are no foreigners. */
function hasSmallRemainder(table: CountedTable, measure: Measure, cell: number, policy: Policy): boolean {
  const whole = table.measures.findIndex(({ id }) => id === "einwohner");
  if (measure.id !== "auslaender" || whole < 0) {
    return false;
  }
  const residents = cell - (cell % table.measures.length) + whole;
  return (
    table.states[residents] === stateOf.value &&
    isSmall((table.values[residents] ?? 0) - (table.values[cell] ?? 0), policy)
  );
}

export function isSmall(count: number, policy: Policy): boolean {
  return count === 0 ? !policy.publishZeros.value : !(count >= policy.publishFromCount.value);
}

/** Without knowledge of the recipients an amount cannot be judged and is unsafe. */
export function isUnsafeAmount(
  { values, concentration }: CountedTable,
  cell: number,
  policy: Policy,
): boolean {
  const recipients = concentration?.recipients[cell] ?? 0;
  const absolute = concentration?.absolute[cell] ?? 0;
  if (recipients === 0 && absolute === 0 && values[cell] === 0) {
    return false;
  }
  const largest = concentration?.largest[cell] ?? Number.POSITIVE_INFINITY;
  return recipients < policy.publishFromRecipients.value || isDominated(largest, absolute, policy);
}

/** True when one recipient has too much of the amount. NaN is history that tells of no single recipient. */
export function isDominated(largest: number, absolute: number, policy: Policy): boolean {
  return Number.isNaN(largest)
    ? !policy.historyWithoutDominance.value
    : largest * 100 > absolute * policy.dominancePercent.value;
}

/**
 * How many groups of the table have all their persons in one category of another dimension: whoever knows the group knows
 * the category of each of them.
 */
export function groupDisclosuresIn(table: CountedTable): number {
  const strides = stridesOf(table);
  return table.dimensions.reduce((found, { categories }, position) => {
    const root = categories.findIndex(({ parent }) => parent === undefined);
    const leaves = leavesOf(categories);
    return leaves.length < 2 || leaves.length === categories.length
      ? found
      : found +
          groupsWithOneCategory(table, {
            stride: strides[position] ?? 1,
            size: categories.length,
            root,
            leaves,
          });
  }, 0);
}

type Axis = {
  readonly stride: number;
  readonly size: number;
  readonly root: number;
  readonly leaves: readonly number[];
};

/** A table of one dimension has no groups: its total is everybody. */
function groupsWithOneCategory(table: CountedTable, { stride, size, root, leaves }: Axis): number {
  const isGroup = (cell: number) =>
    Math.floor(cell / stride) % size === root &&
    table.measures[cell % table.measures.length]?.kind === "count" &&
    table.states[cell] === stateOf.value &&
    (table.values[cell] ?? 0) > 0;
  if (table.dimensions.length < 2) {
    return 0;
  }
  const groups = [...table.values.keys()].filter(isGroup);
  return groups.filter((cell) =>
    leaves.some((leaf) => table.values[cell + (leaf - root) * stride] === table.values[cell]),
  ).length;
}
