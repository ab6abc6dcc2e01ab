import type { Highs } from "highs";
import { Circles } from "./suppress-circles.ts";
import type { ChangeModel } from "./suppress-model.ts";
import { Neighbourhoods } from "./suppress-neighbourhoods.ts";
import { type ModelPart, PartProgram } from "./suppress-parts.ts";
import type { Delta, Question } from "./suppress-programs.ts";

/**
 * The cheapest change that moves one variable: asked of the small cells around it, where that is enough, or else of all
 * cells; without the finest cells of circles, if the change can be extended to them, or else with them.
 */
export class ChangeQuestions {
  readonly #highs: Highs;
  readonly #model: ChangeModel;
  readonly #prices: Float64Array;
  readonly #banned = new Set<number>();
  readonly #shown: ModelPart;
  readonly #near: Neighbourhoods;
  readonly #circles: Circles | undefined;
  /** All variables but the finest cells, and all variables. */
  #whole: PartProgram | undefined;
  #finest: PartProgram | undefined;

  constructor(highs: Highs, model: ChangeModel, prices: ArrayLike<number>) {
    this.#highs = highs;
    this.#model = model;
    this.#prices = Float64Array.from(prices);
    const isShown = (variable: number): boolean => !model.isAuxiliary[variable];
    this.#shown = {
      variables: [...model.cells.keys()].filter(isShown),
      equations: model.equations.filter(({ variables }) => variables.every(isShown)),
    };
    this.#near = new Neighbourhoods(highs, model, this.#shown, this.#prices);
    this.#circles = model.isAuxiliary.includes(true) ? new Circles(highs, model) : undefined;
  }

  setPrice(variable: number, price: number): void {
    this.#prices[variable] = price;
    this.#near.setPrice(variable, price);
    this.#whole?.setPrice(variable, price);
    this.#finest?.setPrice(variable, price);
  }

  /** A banned variable does not change. */
  setBanned(variable: number, isBanned: boolean): void {
    if (isBanned) this.#banned.add(variable);
    else this.#banned.delete(variable);
    this.#whole?.setBanned(variable, isBanned);
    this.#finest?.setBanned(variable, isBanned);
  }

  /** Nothing where no change is found. */
  ask(question: Question): Delta | undefined {
    const delta = this.#askShown(question);
    if (this.#circles === undefined || delta === undefined) return delta;
    const extended = this.#circles.extend(delta);
    if (extended !== undefined) return extended;
    this.#finest ??= this.#programOf({
      variables: [...this.#model.cells.keys()],
      equations: this.#model.equations,
    });
    return this.#finest.ask(question);
  }

  dispose(): void {
    this.#near.dispose();
    this.#circles?.dispose();
    this.#whole?.dispose();
    this.#finest?.dispose();
  }

  #askShown(question: Question): Delta | undefined {
    const near = this.#near.ask({ ...question, effort: "quick" }, this.#banned);
    if (near !== undefined && this.#costOf(near) <= this.#near.limit) return near;
    this.#whole ??= this.#programOf(this.#shown);
    return this.#whole.ask(question) ?? near;
  }

  #costOf({ variables, amounts }: Delta): number {
    return variables.reduce(
      (sum, variable, at) => sum + (this.#prices[variable] ?? 0) * Math.abs(amounts[at] ?? 0),
      0,
    );
  }

  #programOf(part: ModelPart): PartProgram {
    const program = new PartProgram(this.#highs, this.#model, part, this.#prices);
    for (const variable of this.#banned) program.setBanned(variable, true);
    return program;
  }
}
