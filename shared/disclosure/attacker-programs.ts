import type { Highs, Model } from "highs";
import type { Component } from "./attacker-components.ts";
import { numberAt } from "./attacker-reduce.ts";

/** A count of branches, never a time: the same release gets the same answer on every machine. */
const maxBranches = 20_000;
/** Far above the solver's tolerance of 1e-7, far below the step of a count. */
const tolerance = 1e-5;

export type Answer =
  | {
      readonly kind: "optimal";
      readonly value: number;
      /** The table of the optimum, where it consists of whole numbers that add up exactly. */
      readonly table: readonly number[] | undefined;
    }
  | { readonly kind: "impossible" }
  | { readonly kind: "without proof" };

export type Question = {
  readonly column: number;
  readonly sense: "least" | "most";
  /** The column is not asked beyond this number. */
  readonly upTo: number;
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

  /** Any table that is possible. */
  anyTable(): Answer {
    return this.#run(0);
  }

  ask({ column, sense, upTo }: Question): Answer {
    const low = numberAt(this.#component.low, column);
    const high = numberAt(this.#component.high, column);
    this.#model.changeColBounds(column, low, Math.min(high, upTo));
    this.#model.changeColCost(column, sense === "least" ? 1 : -1);
    const answer = this.#run(column);
    this.#model.changeColCost(column, 0);
    this.#model.changeColBounds(column, low, high);
    return answer;
  }

  dispose(): void {
    this.#model.dispose();
  }

  /** The status is read before any value: the solver leaves numbers behind even where it found nothing. */
  #run(column: number): Answer {
    const { optimal, infeasible } = this.#highs.constants.modelStatus;
    const status = this.#statusOfRun();
    if (status === infeasible) {
      return { kind: "impossible" };
    }
    if (status !== optimal) {
      return { kind: "without proof" };
    }
    const numbers = [...this.#model.getSolution().colValue];
    return { kind: "optimal", value: numberAt(numbers, column), table: wholeTable(this.#component, numbers) };
  }

  #statusOfRun(): number {
    try {
      this.#model.run();
      return this.#model.getModelStatus();
    } catch {
      return this.#highs.constants.modelStatus.solveError;
    }
  }
}

/** The whole number that the optimum of a linear program leaves as a bound. */
export function boundOf(value: number, sense: Question["sense"]): number {
  return sense === "least" ? Math.ceil(value - tolerance) : Math.floor(value + tolerance);
}

function programOf({ cells, low, high, equations }: Component, numbers: "linear" | "whole") {
  const starts = [0];
  for (const { columns } of equations) {
    starts.push((starts.at(-1) ?? 0) + columns.length);
  }
  const values = equations.map(({ value }) => value);
  return {
    numCols: cells.length,
    numRows: equations.length,
    colCost: cells.map(() => 0),
    colLower: low,
    colUpper: high,
    rowLower: values,
    rowUpper: values,
    matrix: {
      format: "csr" as const,
      numCols: cells.length,
      numRows: equations.length,
      starts,
      indices: equations.flatMap(({ columns }) => columns),
      values: equations.flatMap(({ signs }) => signs),
    },
    ...(numbers === "whole" && { integrality: cells.map(() => 1 as const) }),
  };
}

function wholeTable(component: Component, numbers: readonly number[]): readonly number[] | undefined {
  const table = numbers.map((number) => Math.round(number) + 0); // the solver also answers -0
  const isWhole = table.every((count, column) => Math.abs(count - numberAt(numbers, column)) < tolerance);
  return isWhole && fits(component, table) ? table : undefined;
}

/** Exact: bounds and sums of whole numbers, without any tolerance. */
function fits({ low, high, equations }: Component, table: readonly number[]): boolean {
  const within = table.every((count, at) => count >= numberAt(low, at) && count <= numberAt(high, at));
  return (
    within &&
    equations.every(({ columns, signs, value }) => {
      const sum = columns.reduce((all, column, at) => all + numberAt(signs, at) * numberAt(table, column), 0);
      return sum === value;
    })
  );
}
