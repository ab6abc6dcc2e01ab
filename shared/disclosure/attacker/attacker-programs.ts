import type { Highs, Model } from "highs";
import { numberAt } from "./attacker-check.ts";
import type { Component } from "./attacker-components.ts";

/** A count of branches, never a time: the same release gets the same answer on every machine. */
const maxBranches = 20_000;
/** Far above the solver's tolerance of 1e-7, far below the step of a count. */
const tolerance = 1e-5;

/** Keeps a column at or above `low` and at or below `high`. */
export type Demand = { readonly column: number; readonly low: number; readonly high: number };

/** What is added to columns; the others stay. */
export type Step = ReadonlyMap<number, number>;

type Failed =
  | { readonly kind: "impossible" }
  | { readonly kind: "unbounded" }
  | { readonly kind: "without proof" };

/** An optimum; of a linear program it may stand between whole numbers. */
type Optimum = {
  readonly kind: "optimal";
  readonly numbers: Float64Array;
  /** By equation and by column: not 0 where it takes part in holding the optimum. */
  readonly rowDuals: Float64Array;
  readonly columnDuals: Float64Array;
};

/** The linear program of a component, or the same in whole numbers, kept for question after question. */
export class ComponentProgram {
  readonly #highs: Highs;
  readonly #component: Component;
  readonly #model: Model;

  constructor(highs: Highs, component: Component, numbers: "linear" | "whole") {
    this.#highs = highs;
    this.#component = component;
    this.#model = highs.createModel(programOf(component, numbers));
    this.#model.options.set({ output_flag: false, mip_rel_gap: 0, mip_max_nodes: maxBranches });
  }

  /** Any table that meets the demands. */
  find(demands: readonly Demand[]): Optimum | Failed {
    const { low, high } = this.#component;
    for (const demand of demands) {
      const { column } = demand;
      const least = Math.max(demand.low, numberAt(low, column));
      this.#model.changeColBounds(column, least, Math.min(demand.high, numberAt(high, column)));
    }
    const answer = runModel(this.#highs, this.#model);
    for (const { column } of demands) {
      this.#model.changeColBounds(column, numberAt(low, column), numberAt(high, column));
    }
    return answer;
  }

  /** The table in which the column is least or most. */
  reach(column: number, sense: "least" | "most"): Optimum | Failed {
    this.#model.changeColCost(column, sense === "least" ? 1 : -1);
    const answer = runModel(this.#highs, this.#model);
    this.#model.changeColCost(column, 0);
    return answer;
  }

  dispose(): void {
    this.#model.dispose();
  }
}

/**
 * The smallest steps from a possible table to others, in fractions of counts. Every column stands twice, as what is added
 * and as what is taken away; so standing still is the optimum of the program without demands, and each question starts there.
 */
export class StepProgram {
  readonly #highs: Highs;
  readonly #model: Model;
  readonly #table: ArrayLike<number>;
  readonly #up: readonly number[];
  readonly #down: readonly number[];

  constructor(highs: Highs, component: Component, table: ArrayLike<number>) {
    this.#highs = highs;
    this.#table = table;
    this.#up = component.high.map((end, column) => end - numberAt(table, column));
    this.#down = component.low.map((end, column) => numberAt(table, column) - end);
    const doubled = doubledComponent(component, this.#up, this.#down);
    const costs = doubled.variables.map(() => 1);
    this.#model = highs.createModel({ ...programOf(doubled, "linear"), colCost: costs });
    this.#model.options.set({ output_flag: false });
  }

  find(demands: readonly Demand[]): Step | Failed {
    for (const demand of demands) {
      this.#demand(demand);
    }
    const answer = runModel(this.#highs, this.#model);
    for (const { column } of demands) {
      this.#demand({ column, low: -Infinity, high: Infinity });
    }
    return answer.kind === "optimal" ? this.#stepOf(answer.numbers) : answer;
  }

  dispose(): void {
    this.#model.dispose();
  }

  #demand({ column, low, high }: Demand): void {
    const count = numberAt(this.#table, column);
    const up = Math.min(numberAt(this.#up, column), Math.max(0, high - count));
    const down = Math.min(numberAt(this.#down, column), Math.max(0, count - low));
    this.#model.changeColBounds(column, Math.max(0, low - count), up);
    this.#model.changeColBounds(column + this.#table.length, Math.max(0, count - high), down);
  }

  #stepOf(numbers: Float64Array): Step {
    const step = new Map<number, number>();
    const columns = this.#table.length;
    for (let column = 0; column < columns; column += 1) {
      const by = numberAt(numbers, column) - numberAt(numbers, column + columns);
      if (Math.abs(by) > tolerance) {
        step.set(column, isWhole(by) ? Math.round(by) : by);
      }
    }
    return step;
  }
}

/** The whole number that the optimum of a linear program leaves as a bound. */
export function boundOf(value: number, sense: "least" | "most"): number {
  return sense === "least" ? Math.ceil(value - tolerance) : Math.floor(value + tolerance);
}

/** Whether the number is a whole one as far as the solver can tell. */
function isWhole(number: number): boolean {
  return Math.abs(number - Math.round(number)) < tolerance;
}

/** The table of whole numbers nearest to `numbers`, if it is the same and agrees exactly with the component. */
export function wholeTable(component: Component, numbers: Float64Array): Float64Array | undefined {
  const table = numbers.map((number) => Math.round(number) + 0); // the solver also answers -0
  return numbers.every(isWhole) && fits(component, table) ? table : undefined;
}

/** Exact: bounds and sums of whole numbers, without any tolerance. */
function fits({ low, high, equations }: Component, table: Float64Array): boolean {
  const within = table.every((count, at) => count >= numberAt(low, at) && count <= numberAt(high, at));
  return (
    within &&
    equations.every(({ columns, times, value }) => {
      const sum = columns.reduce((all, column, at) => all + numberAt(times, at) * numberAt(table, column), 0);
      return sum === value;
    })
  );
}

/** The status is read before any value: the solver leaves numbers behind even where it found nothing. */
function runModel(highs: Highs, model: Model): Optimum | Failed {
  const { optimal, infeasible, unbounded } = highs.constants.modelStatus;
  const status = statusOfRun(highs, model);
  if (status === infeasible) {
    return { kind: "impossible" };
  }
  if (status === unbounded) {
    return { kind: "unbounded" };
  }
  if (status !== optimal) {
    return { kind: "without proof" };
  }
  const { colValue, rowDual, colDual } = model.getSolution();
  return { kind: "optimal", numbers: colValue, rowDuals: rowDual, columnDuals: colDual };
}

function statusOfRun(highs: Highs, model: Model): number {
  try {
    model.run();
    return model.getModelStatus();
  } catch {
    return highs.constants.modelStatus.solveError;
  }
}

function programOf(
  { low, high, equations }: Pick<Component, "low" | "high" | "equations">,
  numbers: "linear" | "whole",
) {
  const starts = [0];
  for (const { columns } of equations) {
    starts.push((starts.at(-1) ?? 0) + columns.length);
  }
  const values = equations.map(({ value }) => value);
  return {
    numCols: low.length,
    numRows: equations.length,
    colCost: low.map(() => 0),
    colLower: low,
    colUpper: high,
    rowLower: values,
    rowUpper: values,
    matrix: {
      format: "csr" as const,
      numCols: low.length,
      numRows: equations.length,
      starts,
      indices: equations.flatMap(({ columns }) => columns),
      values: equations.flatMap(({ times }) => times),
    },
    ...(numbers === "whole" && { integrality: low.map(() => 1 as const) }),
  };
}

function doubledComponent(
  { variables, equations }: Component,
  up: readonly number[],
  down: readonly number[],
): Component {
  return {
    variables: [...variables, ...variables],
    low: [...up, ...down].map(() => 0),
    high: [...up, ...down],
    equations: equations.map(({ columns, times }) => ({
      columns: [...columns, ...columns.map((column) => column + variables.length)],
      times: [...times, ...times.map((one) => -one)],
      value: 0,
    })),
    rows: [],
  };
}
