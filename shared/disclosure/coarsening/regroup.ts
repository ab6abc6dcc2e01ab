import { type Category, type CountedTable, stateOf, type TableDimension } from "../../tables/table.ts";
import { cellCount, stridesOf } from "../grid.ts";

/** A category of the coarser dimension, and the positions of the categories whose sum it is. */
export type Regrouped = { readonly category: Category; readonly from: readonly number[] };

/**
 * The table with one dimension replaced by coarser categories; `grouping` is aligned with the new categories.
 *
 * Counts, money and differences are sums of their members; rates are computed again from their parts. A cell is
 * unavailable if one of its members is, and impossible if all are.
 *
 * @throws {RangeError} if a rate would have to be computed without its parts in the table.
 */
export function regroup(table: CountedTable, position: number, grouping: readonly Regrouped[]): CountedTable {
  const dimensions: readonly TableDimension[] = table.dimensions.map((dimension, index) =>
    index === position ? { ...dimension, categories: grouping.map((entry) => entry.category) } : dimension,
  );
  const additive = table.dimensions[position]?.categories.some((category) => category.parent !== undefined);
  const size = cellCount({ dimensions, measures: table.measures });
  const result = emptyCells(size, table.concentration !== undefined);
  const stride = stridesOf(table)[position] ?? 1;
  const oldCount = table.dimensions[position]?.categories.length ?? 1;
  for (let cell = 0; cell < size; cell += 1) {
    const inner = cell % stride;
    const category = Math.floor(cell / stride) % grouping.length;
    const outer = Math.floor(cell / (stride * grouping.length));
    const members = grouping[category]?.from.map((from) => (outer * oldCount + from) * stride + inner) ?? [];
    addMembers(table, members, result, cell, additive === true);
  }
  const { values, states, concentration } = result;
  const coarser: CountedTable = {
    ...table,
    dimensions,
    values,
    states,
    ...(concentration === undefined ? {} : { concentration }),
  };
  recomputeRates(coarser, grouping, stride);
  return coarser;
}

type Cells = {
  readonly values: Float64Array;
  readonly states: Uint8Array;
  readonly concentration?: NonNullable<CountedTable["concentration"]>;
};

function emptyCells(size: number, withConcentration: boolean): Cells {
  const cells = { values: new Float64Array(size), states: new Uint8Array(size) };
  return withConcentration
    ? {
        ...cells,
        concentration: {
          recipients: new Float64Array(size),
          largest: new Float64Array(size),
          absolute: new Float64Array(size),
        },
      }
    : cells;
}

function addMembers(
  table: CountedTable,
  members: readonly number[],
  into: Cells,
  cell: number,
  additive: boolean,
): void {
  into.states[cell] = mergedState(members.map((member) => table.states[member]));
  if (into.states[cell] !== stateOf.value) {
    return;
  }
  into.values[cell] = sumAt(table.values, members);
  if (into.concentration !== undefined && table.concentration !== undefined) {
    const { recipients, largest, absolute } = table.concentration;
    // Nobody stands in two categories of a tree; elsewhere only the largest number of recipients is certain.
    into.concentration.recipients[cell] = additive
      ? sumAt(recipients, members)
      : Math.max(...members.map((member) => recipients[member] ?? 0));
    into.concentration.largest[cell] = sumAt(largest, members);
    into.concentration.absolute[cell] = sumAt(absolute, members);
  }
}

function sumAt(values: Float64Array, cells: readonly number[]): number {
  return cells.reduce((sum, cell) => sum + (values[cell] ?? 0), 0);
}

function mergedState(states: readonly (number | undefined)[]): number {
  if (states.some((state) => state !== stateOf.value && state !== stateOf.impossible)) {
    return stateOf.unavailable;
  }
  return states.every((state) => state === stateOf.impossible) ? stateOf.impossible : stateOf.value;
}

/** Persons per 1,000 residents, in the cells that were merged; the others keep what was counted. */
function recomputeRates(table: CountedTable, grouping: readonly Regrouped[], stride: number): void {
  const rate = table.measures.findIndex((measure) => measure.kind === "rate");
  if (rate < 0 || grouping.every((entry) => entry.from.length === 1)) {
    return;
  }
  const part = table.measures.findIndex((measure) => measure.id === "gefluechtete");
  const whole = table.measures.findIndex((measure) => measure.id === "einwohner");
  if (table.measures[rate]?.id !== "je_1000" || part < 0 || whole < 0) {
    throw new RangeError("Cannot coarsen a table with a rate: its parts must be measures of the table");
  }
  for (let cell = rate; cell < table.values.length; cell += table.measures.length) {
    if (grouping[Math.floor(cell / stride) % grouping.length]?.from.length !== 1) {
      setRate(table, cell, cell - rate + part, cell - rate + whole);
    }
  }
}

function setRate({ values, states }: CountedTable, rate: number, part: number, whole: number): void {
  if (states[rate] === stateOf.unavailable) {
    return;
  }
  const residents = values[whole] ?? 0;
  states[rate] = residents > 0 ? stateOf.value : stateOf.impossible;
  values[rate] = residents > 0 ? ((values[part] ?? 0) * 1_000) / residents : 0;
}
