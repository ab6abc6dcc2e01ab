import type { Highs } from "highs";

/** Above the solver's tolerance of 1e-6 for whole numbers, far below a step of 1. */
const tolerance = 1e-5;

export type ProgramAnswer =
  | { readonly kind: "optimal"; readonly values: readonly number[] }
  | { readonly kind: "impossible" }
  /** A limit came first; what was found until then, if it was anything. */
  | { readonly kind: "stopped"; readonly values: readonly number[] };

export type ProgramLimits = {
  /** A count of branches, never a time: the same task gets the same answer on every machine. */
  readonly maxBranches: number;
  /** How far from the optimum an answer may be, as a share of it. */
  readonly gap: number;
};

/** A program written column by column and row by row. */
export class RoundingProgram {
  readonly #columns: { low: number; high: number; cost: number; whole: boolean }[] = [];
  readonly #rows: { low: number; high: number }[] = [];
  readonly #starts = [0];
  readonly #indices: number[] = [];
  readonly #factors: number[] = [];

  get columnCount(): number {
    return this.#columns.length;
  }

  column(low: number, high: number, cost: number, whole: boolean): number {
    return this.#columns.push({ low, high, cost, whole }) - 1;
  }

  row(low: number, high: number, terms: Iterable<readonly [column: number, factor: number]>): void {
    for (const [column, factor] of terms) {
      this.#indices.push(column);
      this.#factors.push(factor);
    }
    this.#starts.push(this.#indices.length);
    this.#rows.push({ low, high });
  }

  /** The status is read before any value: the solver leaves numbers behind even where it found nothing. */
  solve(highs: Highs, { maxBranches, gap }: ProgramLimits): ProgramAnswer {
    const { optimal, infeasible, unboundedOrInfeasible } = highs.constants.modelStatus;
    const model = highs.createModel(this.#model());
    try {
      model.options.set({ output_flag: false, mip_rel_gap: gap, mip_max_nodes: maxBranches });
      model.run();
      const status = model.getModelStatus();
      if (status === infeasible || status === unboundedOrInfeasible) return { kind: "impossible" };
      return { kind: status === optimal ? "optimal" : "stopped", values: [...model.getSolution().colValue] };
    } catch {
      return { kind: "stopped", values: [] };
    } finally {
      model.dispose();
    }
  }

  #model() {
    const numCols = this.#columns.length;
    const numRows = this.#rows.length;
    return {
      numCols,
      numRows,
      colCost: this.#columns.map(({ cost }) => cost),
      colLower: this.#columns.map(({ low }) => low),
      colUpper: this.#columns.map(({ high }) => high),
      rowLower: this.#rows.map(({ low }) => low),
      rowUpper: this.#rows.map(({ high }) => high),
      matrix: {
        format: "csr" as const,
        numCols,
        numRows,
        starts: this.#starts,
        indices: this.#indices,
        values: this.#factors,
      },
      ...(this.#columns.some(({ whole }) => whole) && {
        integrality: this.#columns.map(({ whole }) => (whole ? (1 as const) : (0 as const))),
      }),
    };
  }
}

/** The whole numbers that `values` are up to the solver's tolerance; nothing where one is not. */
export function wholeNumbers(values: readonly number[]): readonly number[] | undefined {
  const whole = values.map((value) => Math.round(value) + 0); // the solver also answers -0
  return whole.every((value, at) => Math.abs(value - (values[at] ?? Number.NaN)) < tolerance)
    ? whole
    : undefined;
}
