import { refuseUnknown } from "../registers/refuse-unknown.ts";
import { type CountedTable, type Measure, stateOf } from "../tables/table.ts";
import type { Policy } from "./policy.ts";

/**
 * True when a cell of the table, margins included, must not be published: a small count, or money of too few or one
 * dominant recipient. Cells without a value tell nothing. Rates and differences follow from the counts beside them.
 */
export function isUnsafe(table: CountedTable, policy: Policy): boolean {
  const { measures, values, states } = table;
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
function isUnsafeAmount({ values, concentration }: CountedTable, cell: number, policy: Policy): boolean {
  const recipients = concentration?.recipients[cell] ?? 0;
  const absolute = concentration?.absolute[cell] ?? 0;
  const largest = concentration?.largest[cell] ?? 0;
  if (recipients === 0 && absolute === 0 && values[cell] === 0) {
    return false;
  }
  return (
    recipients < policy.publishFromRecipients.value ||
    largest * 100 > absolute * policy.dominancePercent.value
  );
}
