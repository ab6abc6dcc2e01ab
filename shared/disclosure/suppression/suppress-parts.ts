import type { Highs } from "highs";
import type { ChangeModel, Equation } from "./suppress-model.ts";
import { ChangeProgram, type Delta, type Question } from "./suppress-programs.ts";

/** Some variables of a model, ascending, and what its equations say of them while the others stay. */
export type ModelPart = { readonly variables: readonly number[]; readonly equations: readonly Equation[] };

/** A program over a part of a model, asked and answering in the variables of the model. */
export class PartProgram {
  readonly #part: ModelPart;
  readonly #places: ReadonlyMap<number, number>;
  readonly #program: ChangeProgram;

  constructor(highs: Highs, model: ChangeModel, part: ModelPart, prices: Float64Array) {
    this.#part = part;
    this.#places = new Map(part.variables.map((variable, at) => [variable, at]));
    const placed = part.equations.map(({ variables, signs }) => ({
      variables: variables.map((variable) => this.#place(variable)),
      signs,
    }));
    this.#program = new ChangeProgram(
      highs,
      { falls: part.variables.map((variable) => model.falls[variable] ?? 0), equations: placed },
      part.variables.map((variable) => prices[variable] ?? 0),
    );
  }

  setPrice(variable: number, price: number): void {
    const place = this.#place(variable);
    if (place >= 0) this.#program.setPrice(place, price);
  }

  setBanned(variable: number, isBanned: boolean): void {
    const place = this.#place(variable);
    if (place >= 0) this.#program.setBanned(place, isBanned);
  }

  ask(question: Question): Delta | undefined {
    const variable = this.#place(question.variable);
    return variable < 0 ? undefined : this.#named(this.#program.ask({ ...question, variable }));
  }

  extend(sums: ReadonlyMap<number, number>): Delta | undefined {
    return this.#named(this.#program.extend(sums));
  }

  dispose(): void {
    this.#program.dispose();
  }

  #place(variable: number): number {
    return this.#places.get(variable) ?? -1;
  }

  #named(delta: Delta | undefined): Delta | undefined {
    return (
      delta && { ...delta, variables: delta.variables.map((place) => this.#part.variables[place] ?? -1) }
    );
  }
}

/** What an equation says of the variables that `isIn` while the others stay. */
export function equationAmong({ variables, signs }: Equation, isIn: (variable: number) => boolean): Equation {
  const places = [...variables.keys()].filter((at) => isIn(variables[at] ?? -1));
  return { variables: places.map((at) => variables[at] ?? -1), signs: places.map((at) => signs[at] ?? 0) };
}
