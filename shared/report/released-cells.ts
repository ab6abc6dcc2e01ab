import { refuseUnknown } from "../registers/refuse-unknown.ts";
import type { Category, CountedTable, Measure, TableDimension } from "../tables/table.ts";
import { cellState } from "./signs.ts";

/** One published cell: its place, what it counts, and its number where it has one. */
export type ReleasedCell = {
  /** One category per dimension of the table. */
  readonly categories: readonly Category[];
  readonly measure: Measure;
  /** Persons or cases; Euro; persons per 1,000 with one decimal. */
  readonly value: number;
  readonly state: ReturnType<typeof cellState>;
};

/** The numbers of a table as files show them; the typed arrays are taken once, for each access to them is a copy. */
export type ReleasedNumbers = { readonly values: Float64Array; readonly states: Uint8Array };

export function numbersOf(table: CountedTable): ReleasedNumbers {
  return { values: table.values, states: table.states };
}

/** Every cell of the table in its order: dimensions in order, the measure fastest. */
export function* releasedCells(table: CountedTable): Generator<ReleasedCell> {
  const numbers = numbersOf(table);
  for (let cell = 0; cell < numbers.values.length; cell += 1) {
    yield cellAt(table, numbers, cell);
  }
}

export function cellAt(table: CountedTable, numbers: ReleasedNumbers, cell: number): ReleasedCell {
  const measure = table.measures[cell % table.measures.length];
  if (measure === undefined) {
    throw new RangeError("Cannot write a table: it must have measures");
  }
  let rest = Math.floor(cell / table.measures.length);
  const categories: Category[] = [];
  for (const dimension of table.dimensions.toReversed()) {
    const category = dimension.categories[rest % dimension.categories.length];
    rest = Math.floor(rest / dimension.categories.length);
    categories.unshift(category ?? { code: "", label: "" });
  }
  const state = cellState(numbers.states[cell]);
  return { categories, measure, state, value: publishedValue(measure, numbers.values[cell] ?? 0) };
}

function publishedValue(measure: Measure, value: number): number {
  switch (measure.kind) {
    case "count":
    case "difference":
      return value;
    case "money":
      return Math.round(value) / 100;
    case "rate":
      return Math.round(value * 10) / 10;
    default:
      return refuseUnknown(measure.kind, "measure");
  }
}

/** True when files show the cell's number. */
export function hasNumber({ state }: ReleasedCell): boolean {
  return state === "value" || state === "rounded" || state === "held";
}

/** True for the sum of all categories. */
export function isTotal(dimension: TableDimension, category: Category): boolean {
  const hasTree = dimension.categories.some((other) => other.parent !== undefined);
  return category.parent === undefined && (hasTree || category.code === "T");
}
