import type { Highs, Model } from "highs";
import type { ChangeModel } from "./suppress-model.ts";
import type { Delta } from "./suppress-programs.ts";

/** What is asked: changes for all of `needed` that together hide the least beside what `isHidden` already. */
export type JointQuestion = {
  readonly needed: readonly number[];
  /** Variables that may change. */
  readonly among: readonly number[];
  readonly isHidden: (variable: number) => boolean;
  /** Less than this must be hidden. */
  readonly bound: number;
};

const tolerance = 1e-5;
/** A count of branches, never a time: the same tables get the same answer on every machine. */
const maxBranches = 50;

/**
 * The changes that hide the least together, in one mixed-integer program: a change for each needed variable, and for each
 * variable one decision whether it is hidden. No variable changes by more than the needed one, which costs nothing in tables
 * of two dimensions.
 *
 * @returns by needed variable its change; nothing where none is found within `bound` and the branches allowed.
 */
export function solveJointly(
  highs: Highs,
  model: ChangeModel,
  question: JointQuestion,
): readonly Delta[] | undefined {
  const program = new JointProgram(model, question);
  return program.solve(highs);
}

type Term = readonly [column: number, value: number];

class JointProgram {
  readonly #model: ChangeModel;
  readonly #question: JointQuestion;
  readonly #costs: number[] = [];
  readonly #lower: number[] = [];
  readonly #upper: number[] = [];
  readonly #integrality: (0 | 1)[] = [];
  readonly #starts = [0];
  readonly #indices: number[] = [];
  readonly #values: number[] = [];
  readonly #rowLower: number[] = [];
  /** By needed variable: columns of the rises and falls of the variables. */
  readonly #changes: {
    readonly rises: ReadonlyMap<number, number>;
    readonly falls: ReadonlyMap<number, number>;
  }[] = [];

  constructor(model: ChangeModel, question: JointQuestion) {
    this.#model = model;
    this.#question = question;
    const decisions = new Map<number, number>();
    for (const variable of question.among)
      if (!question.isHidden(variable))
        decisions.set(variable, this.#column(model.weights[variable] ?? 0, 0, 1, 1));
    for (const needed of question.needed) this.#addChange(needed, decisions);
  }

  solve(highs: Highs): readonly Delta[] | undefined {
    const numCols = this.#costs.length;
    const numRows = this.#rowLower.length;
    const model = highs.createModel({
      numCols,
      numRows,
      colCost: this.#costs,
      colLower: this.#lower,
      colUpper: this.#upper,
      rowLower: this.#rowLower,
      rowUpper: new Float64Array(numRows),
      integrality: this.#integrality,
      matrix: {
        format: "csr",
        numCols,
        numRows,
        starts: this.#starts,
        indices: this.#indices,
        values: this.#values,
      },
    });
    model.options.set({
      output_flag: false,
      mip_rel_gap: 0,
      mip_max_nodes: maxBranches,
      objective_bound: this.#question.bound - 0.5,
    });
    const isOptimal = isSolved(highs, model);
    const values = isOptimal ? model.getSolution().colValue : undefined;
    model.dispose();
    return values && this.#deltasOf(values);
  }

  #deltasOf(values: Float64Array): readonly Delta[] | undefined {
    const deltas = this.#changes.map(({ rises, falls }) => {
      const exact = this.#question.among.map(
        (variable) => (values[rises.get(variable) ?? -1] ?? 0) - (values[falls.get(variable) ?? -1] ?? 0),
      );
      if (exact.some((value) => Math.abs(value - Math.round(value)) > tolerance)) return undefined;
      const places = [...exact.keys()].filter((at) => Math.round(exact[at] ?? 0) !== 0);
      return {
        variables: places.map((at) => this.#question.among[at] ?? -1),
        amounts: places.map((at) => Math.round(exact[at] ?? 0)),
      };
    });
    return deltas.every((delta) => delta !== undefined) ? deltas : undefined;
  }

  #addChange(needed: number, decisions: ReadonlyMap<number, number>): void {
    const most = Math.max(1, this.#model.rises[needed] ?? 0);
    const rises = new Map<number, number>();
    const falls = new Map<number, number>();
    for (const variable of this.#question.among) {
      const decision = decisions.get(variable);
      const fall = Math.min(most, this.#model.falls[variable] ?? 0);
      const isNeeded = variable === needed;
      rises.set(variable, this.#column(0, isNeeded ? most : 0, most, 0));
      this.#limit(rises.get(variable), decision, most);
      if (isNeeded || fall === 0) continue;
      falls.set(variable, this.#column(0, 0, fall, 0));
      this.#limit(falls.get(variable), decision, fall);
    }
    for (const { variables, signs } of this.#model.equations) {
      const terms = variables.flatMap((variable, at): Term[] => {
        const rise = rises.get(variable);
        const fall = falls.get(variable);
        const sign = signs[at] ?? 0;
        return [
          ...(rise === undefined ? [] : [[rise, sign] as const]),
          ...(fall === undefined ? [] : [[fall, -sign] as const]),
        ];
      });
      if (terms.length > 0) this.#row(terms, 0);
    }
    this.#changes.push({ rises, falls });
  }

  /** Nothing changes that is not hidden. */
  #limit(column: number | undefined, decision: number | undefined, most: number): void {
    if (column === undefined || decision === undefined) return;
    this.#row(
      [
        [column, 1],
        [decision, -most],
      ],
      -Infinity,
    );
  }

  #column(cost: number, lower: number, upper: number, integrality: 0 | 1): number {
    this.#lower.push(lower);
    this.#upper.push(upper);
    this.#integrality.push(integrality);
    return this.#costs.push(cost) - 1;
  }

  #row(terms: readonly Term[], lower: number): void {
    for (const [column, value] of terms) {
      this.#indices.push(column);
      this.#values.push(value);
    }
    this.#starts.push(this.#indices.length);
    this.#rowLower.push(lower);
  }
}

/** The status is read before any value: the solver leaves numbers behind even where it found nothing. */
function isSolved(highs: Highs, model: Model): boolean {
  try {
    model.run();
  } catch {
    return false;
  }
  return model.getModelStatus() === highs.constants.modelStatus.optimal;
}
