import type { Highs, Model, ModelData } from "highs";
import type { ChangeModel } from "./suppress-model.ts";

/** What a change adds to the variables of a model; only those that change, ascending. */
export type Delta = { readonly variables: readonly number[]; readonly amounts: readonly number[] };

/** `thorough`: a change in fractions is worth asking in whole numbers, which may take long. */
export type Effort = "quick" | "thorough";

/** What is asked: that `variable` rises by `amount` (falls, where it is negative), at a price of at most `bound`. */
export type Question = {
  readonly variable: number;
  readonly amount: number;
  readonly effort: Effort;
  readonly bound: number;
};

const tolerance = 1e-5;
/** A count of branches, never a time: the same tables get the same answer on every machine. */
const maxBranches = 200;
/** How often a change in fractions is asked again at other prices. */
const maxTries = 5;
/** The solver takes no infinite bound. */
const unbounded = 1e100;

/**
 * The cheapest change that moves one variable, as a linear program kept for question after question. Every variable has a
 * column for its rise and, where it can fall, one for its fall; all columns at 0 are always a start for the dual simplex.
 */
export class ChangeProgram {
  readonly #highs: Highs;
  readonly #source: Pick<ChangeModel, "falls" | "equations">;
  readonly #model: Model;
  readonly #fallAt: Int32Array;
  readonly #prices: Float64Array;
  readonly #wanted: Float64Array;
  readonly #repriced = new Set<number>();
  readonly #banned = new Set<number>();
  #bound = Infinity;

  constructor(highs: Highs, source: Pick<ChangeModel, "falls" | "equations">, prices: ArrayLike<number>) {
    this.#highs = highs;
    this.#source = source;
    this.#prices = Float64Array.from(prices);
    this.#wanted = Float64Array.from(prices);
    this.#fallAt = new Int32Array(source.falls.length).fill(-1);
    let columns = source.falls.length;
    for (const [variable, fall] of source.falls.entries()) if (fall > 0) this.#fallAt[variable] = columns++;
    this.#model = highs.createModel(this.#data(columns));
    this.#model.options.set({
      output_flag: false,
      presolve: "off",
      solver: "simplex",
      simplex_strategy: 1, // dual
      mip_max_nodes: maxBranches,
    });
  }

  setPrice(variable: number, price: number): void {
    this.#wanted[variable] = price;
    this.#repriced.add(variable);
  }

  /** A banned variable does not change. */
  setBanned(variable: number, isBanned: boolean): void {
    if (this.#banned.has(variable) === isBanned) return;
    if (isBanned) this.#banned.add(variable);
    else this.#banned.delete(variable);
    this.#limit(variable, 0);
  }

  /** The cheapest change in whole numbers that the question asks for; nothing where none is found. */
  ask({ variable, amount, effort, bound }: Question): Delta | undefined {
    const isPossible = amount > 0 || (this.#fallAt[variable] ?? -1) >= 0;
    if (this.#banned.has(variable) || !isPossible) return undefined;
    if (bound !== this.#bound) this.#model.options.set("objective_bound", Math.min(bound, unbounded));
    this.#bound = bound;
    this.#limit(variable, amount);
    const delta = this.#solve(effort, [1, 2, 3]);
    this.#limit(variable, 0);
    return delta;
  }

  /** The cheapest change in which every equation adds up to its number in `sums` instead of 0. */
  extend(sums: ReadonlyMap<number, number>): Delta | undefined {
    for (const [row, sum] of sums) this.#model.changeRowBounds(row, sum, sum);
    const delta = this.#solve("thorough", [1]);
    for (const row of sums.keys()) this.#model.changeRowBounds(row, 0, 0);
    return delta;
  }

  dispose(): void {
    this.#model.dispose();
  }

  #solve(effort: Effort, factors: readonly number[]): Delta | undefined {
    this.#reprice();
    for (let tries = 0; tries < maxTries; tries++) {
      const values = this.#run();
      if (values === undefined) break;
      const exact = this.#exact(values);
      const delta = wholeDelta(this.#source.falls, exact, factors);
      if (delta !== undefined) {
        this.#reprice();
        return delta;
      }
      for (const [at, variable] of exact.variables.entries()) {
        if (isWhole(exact.amounts[at] ?? 0)) continue;
        this.#repriced.add(variable);
        this.#charge(variable, 2 * (this.#prices[variable] ?? 0));
      }
    }
    this.#reprice();
    return effort === "thorough" ? this.#solveWhole() : undefined;
  }

  #solveWhole(): Delta | undefined {
    const { integer } = this.#highs.constants.variableType;
    const columns = this.#model.getDimensions().numCols;
    const every = { kind: "range", from: 0, to: columns - 1 } as const;
    this.#model.changeColsIntegrality(
      every,
      Array.from({ length: columns }, () => integer),
    );
    this.#model.options.set({ presolve: "on", solver: "choose" });
    const values = this.#run();
    this.#model.clearIntegrality();
    this.#model.options.set({ presolve: "off", solver: "simplex" });
    return values && wholeDelta(this.#source.falls, this.#exact(values), [1]);
  }

  /** The status is read before any value: the solver leaves numbers behind even where it found nothing. */
  #run(): Float64Array | undefined {
    try {
      this.#model.setBasis();
      this.#model.run();
    } catch {
      return undefined;
    }
    const isOptimal = this.#model.getModelStatus() === this.#highs.constants.modelStatus.optimal;
    return isOptimal ? this.#model.getSolution().colValue : undefined;
  }

  #limit(variable: number, amount: number): void {
    const isBanned = this.#banned.has(variable);
    const fallAt = this.#fallAt[variable] ?? -1;
    const rise = isBanned || amount < 0 ? 0 : this.#highs.infinity;
    this.#model.changeColBounds(variable, Math.max(0, amount), rise);
    if (fallAt < 0) return;
    const fall = isBanned || amount > 0 ? 0 : (this.#source.falls[variable] ?? 0);
    this.#model.changeColBounds(fallAt, Math.max(0, -amount), fall);
  }

  #reprice(): void {
    for (const variable of this.#repriced) this.#charge(variable, this.#wanted[variable] ?? 0);
    this.#repriced.clear();
  }

  #charge(variable: number, price: number): void {
    if (price === this.#prices[variable]) return;
    this.#prices[variable] = price;
    this.#model.changeColCost(variable, price);
    const fallAt = this.#fallAt[variable] ?? -1;
    if (fallAt >= 0) this.#model.changeColCost(fallAt, price);
  }

  /** What the columns say of the variables; only those that change. */
  #exact(values: Float64Array): Delta {
    const variables: number[] = [];
    const amounts: number[] = [];
    for (let variable = 0; variable < this.#fallAt.length; variable++) {
      const fallAt = this.#fallAt[variable] ?? -1;
      const amount = (values[variable] ?? 0) - (fallAt < 0 ? 0 : (values[fallAt] ?? 0));
      if (Math.abs(amount) < tolerance) continue;
      variables.push(variable);
      amounts.push(amount);
    }
    return { variables, amounts };
  }

  #data(columns: number): ModelData {
    const { equations, falls } = this.#source;
    const starts = [0];
    const indices: number[] = [];
    const values: number[] = [];
    for (const { variables, signs } of equations) {
      for (const [at, variable] of variables.entries()) {
        const sign = signs[at] ?? 0;
        indices.push(variable);
        values.push(sign);
        const fallAt = this.#fallAt[variable] ?? -1;
        if (fallAt < 0) continue;
        indices.push(fallAt);
        values.push(-sign);
      }
      starts.push(indices.length);
    }
    const colCost = new Float64Array(columns);
    const colUpper = new Float64Array(columns).fill(this.#highs.infinity);
    for (const [variable, fall] of falls.entries()) {
      const fallAt = this.#fallAt[variable] ?? -1;
      colCost[variable] = this.#prices[variable] ?? 0;
      if (fallAt < 0) continue;
      colCost[fallAt] = this.#prices[variable] ?? 0;
      colUpper[fallAt] = fall;
    }
    const zeros = new Float64Array(equations.length);
    return {
      numCols: columns,
      numRows: equations.length,
      colCost,
      colLower: new Float64Array(columns),
      colUpper,
      rowLower: zeros,
      rowUpper: zeros,
      matrix: { format: "csr", numCols: columns, numRows: equations.length, starts, indices, values },
    };
  }
}

function isWhole(amount: number): boolean {
  return Math.abs(amount - Math.round(amount)) < tolerance;
}

/** The first of `factors` times the change that is whole and lets nothing fall too far. */
function wholeDelta(
  falls: readonly number[],
  { variables, amounts }: Delta,
  factors: readonly number[],
): Delta | undefined {
  const factor = factors.find((times) =>
    amounts.every((amount, at) => {
      const isFar = -times * amount > (falls[variables[at] ?? -1] ?? 0) + tolerance;
      return isWhole(times * amount) && !isFar;
    }),
  );
  if (factor === undefined) return undefined;
  return { variables, amounts: amounts.map((amount) => Math.round(factor * amount)) };
}
