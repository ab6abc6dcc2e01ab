import type { Highs } from "highs";
import { Leaders } from "./suppress-leaders.ts";
import type { ChangeModel, Equation } from "./suppress-model.ts";
import { equationAmong, PartProgram } from "./suppress-parts.ts";
import type { Delta } from "./suppress-programs.ts";

/** A sum of finest cells: the row of its part, and the part itself. */
type Tie = { readonly part: number; readonly row: number; readonly sign: number };

/**
 * Extends changes of published cells to the finest cells that tie tables whose margins form a circle, part by part: a
 * change that cannot be extended is no possible table.
 */
export class Circles {
  readonly #ties: readonly Tie[][];
  readonly #programs: readonly PartProgram[];

  constructor(highs: Highs, model: ChangeModel) {
    const isFinest = (variable: number): boolean => model.isAuxiliary[variable] ?? false;
    const tying = model.equations.filter(({ variables }) => variables.some(isFinest));
    const leaders = new Leaders(model.cells.length);
    const finest = tying.map((equation) => equationAmong(equation, isFinest));
    for (const { variables } of finest)
      for (const variable of variables) leaders.join(variables[0] ?? variable, variable);
    const parts = [
      ...Map.groupBy([...model.cells.keys()].filter(isFinest), (variable) => leaders.of(variable)).entries(),
    ];
    const order = new Map(parts.map(([leader], part) => [leader, part]));
    const rows: Equation[][] = parts.map(() => []);
    this.#ties = model.cells.map(() => []);
    for (const [at, equation] of tying.entries()) {
      const own = finest[at] ?? { variables: [], signs: [] };
      const part = order.get(leaders.of(own.variables[0] ?? 0)) ?? 0;
      const row = (rows[part]?.push(own) ?? 1) - 1;
      for (const [place, variable] of equation.variables.entries())
        if (!isFinest(variable)) this.#ties[variable]?.push({ part, row, sign: equation.signs[place] ?? 0 });
    }
    const prices = new Float64Array(model.cells.length).fill(1);
    this.#programs = parts.map(
      ([, variables], part) =>
        new PartProgram(highs, model, { variables, equations: rows[part] ?? [] }, prices),
    );
  }

  /** The change with the finest cells that it takes; nothing where none are found. */
  extend(delta: Delta): Delta | undefined {
    const sums = new Map<number, Map<number, number>>();
    for (const [at, variable] of delta.variables.entries()) {
      for (const { part, row, sign } of this.#ties[variable] ?? []) {
        const own = sums.get(part) ?? new Map<number, number>();
        own.set(row, (own.get(row) ?? 0) - sign * (delta.amounts[at] ?? 0));
        sums.set(part, own);
      }
    }
    const amounts = new Map(delta.variables.map((variable, at) => [variable, delta.amounts[at] ?? 0]));
    for (const [part, own] of sums) {
      if ([...own.values()].every((sum) => sum === 0)) continue;
      const finest = this.#programs[part]?.extend(own);
      if (finest === undefined) return undefined;
      for (const [at, variable] of finest.variables.entries()) amounts.set(variable, finest.amounts[at] ?? 0);
    }
    const variables = [...amounts.keys()].sort((a, b) => a - b);
    return { variables, amounts: variables.map((variable) => amounts.get(variable) ?? 0) };
  }

  dispose(): void {
    for (const program of this.#programs) program.dispose();
  }
}
