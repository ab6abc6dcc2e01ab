import { type CountedTable, type Measure, stateOf } from "../../tables/table.ts";
import { stridesOf } from "../grid.ts";

/**
 * The table with every rate and difference hidden that a reader could compute a hidden count from, and without the values
 * of hidden cells.
 */
export function withoutDerived(table: CountedTable): CountedTable {
  const states = table.states.slice();
  for (const [cell, state] of table.states.entries()) {
    const measure = table.measures[cell % table.measures.length];
    if (state === stateOf.value && measure !== undefined && restsOnHidden(table, measure, cell)) {
      states[cell] = stateOf.confidential;
    }
  }
  const values = table.values.map((value, cell) => (states[cell] === stateOf.confidential ? 0 : value));
  return { ...table, states, values };
}

function restsOnHidden(table: CountedTable, { kind }: Measure, cell: number): boolean {
  switch (kind) {
    case "count":
    case "money":
      return false;
    case "rate":
      return hasHiddenCount(table, cell);
    case "difference":
      return pointsBeside(table, cell).some((point) => hasHiddenCount(table, point));
    default:
      return true;
  }
}

/** Any count of the same row. */
function hasHiddenCount({ measures, states }: CountedTable, cell: number): boolean {
  const start = cell - (cell % measures.length);
  return measures.some(
    ({ kind }, offset) => kind === "count" && states[start + offset] === stateOf.confidential,
  );
}

/** The cell itself and the one of the newest day, whose counts the difference is made of. */
function pointsBeside(table: CountedTable, cell: number): readonly number[] {
  const time = table.dimensions.findIndex(({ id }) => id === "zeitpunkt");
  const days = table.dimensions[time]?.categories.map(({ code }) => code) ?? [];
  const newest = days.indexOf(days.toSorted().at(-1) ?? "");
  const stride = stridesOf(table)[time] ?? 0;
  const day = stride === 0 ? 0 : Math.floor(cell / stride) % days.length;
  return stride === 0 ? [cell] : [cell, cell + (newest - day) * stride];
}
