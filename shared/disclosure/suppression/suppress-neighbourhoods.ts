import type { Highs } from "highs";
import { Leaders } from "./suppress-leaders.ts";
import type { ChangeModel } from "./suppress-model.ts";
import { equationAmong, type ModelPart, PartProgram } from "./suppress-parts.ts";
import type { Delta, Question } from "./suppress-programs.ts";

/** Below this many variables one program over all of them is quick enough. */
const smallPart = 800;
/** The largest neighbourhood: as many variables as a program answers in a fraction of a millisecond. */
const neighbourhoodSize = 400;

/**
 * Programs over the small cells around a variable: without the cells above `limit` a large part of a model falls into
 * neighbourhoods, and a change that costs no more than the limit cannot be had cheaper with one of those cells.
 */
export class Neighbourhoods {
  readonly limit: number;
  readonly #highs: Highs;
  readonly #model: ChangeModel;
  readonly #prices: Float64Array;
  /** By variable: its neighbourhood, or -1. */
  readonly #homes: Int32Array;
  readonly #parts: readonly ModelPart[];
  readonly #programs = new Map<number, PartProgram>();

  /** `prices` may change later. */
  constructor(highs: Highs, model: ChangeModel, part: ModelPart, prices: Float64Array) {
    this.#highs = highs;
    this.#model = model;
    this.#prices = prices;
    this.limit = limitOf(model, part);
    this.#homes = new Int32Array(model.cells.length).fill(-1);
    const members = membersBelow(model, part, this.limit);
    for (const [home, variables] of members.entries())
      for (const variable of variables) this.#homes[variable] = home;
    const equations = Map.groupBy(
      part.equations.map((equation) => equationAmong(equation, (variable) => this.#home(variable) >= 0)),
      ({ variables: [first = -1] }) => this.#home(first),
    );
    this.#parts = members.map((variables, home) => ({ variables, equations: equations.get(home) ?? [] }));
  }

  setPrice(variable: number, price: number): void {
    this.#programs.get(this.#home(variable))?.setPrice(variable, price);
  }

  ask(question: Question, banned: ReadonlySet<number>): Delta | undefined {
    const home = this.#home(question.variable);
    const part = this.#parts[home];
    if (part === undefined) return undefined;
    const program = this.#programs.get(home) ?? new PartProgram(this.#highs, this.#model, part, this.#prices);
    this.#programs.set(home, program);
    for (const variable of banned) program.setBanned(variable, true);
    const delta = program.ask(question);
    for (const variable of banned) program.setBanned(variable, false);
    return delta;
  }

  dispose(): void {
    for (const program of this.#programs.values()) program.dispose();
  }

  #home(variable: number): number {
    return this.#homes[variable] ?? -1;
  }
}

/** Variables of at most `limit`, in the sets into which the part falls without the others. */
function membersBelow(
  { weights }: ChangeModel,
  { variables, equations }: ModelPart,
  limit: number,
): readonly (readonly number[])[] {
  if (limit === Infinity) return [];
  const isIn = (variable: number): boolean => (weights[variable] ?? 0) <= limit;
  const leaders = new Leaders(weights.length);
  for (const equation of equations) {
    const near = equation.variables.filter(isIn);
    for (const variable of near) leaders.join(near[0] ?? variable, variable);
  }
  return [...Map.groupBy(variables.filter(isIn), (variable) => leaders.of(variable)).values()];
}

/** The highest limit whose neighbourhoods are small; infinite where the part is small itself, or has none. */
function limitOf(model: ChangeModel, part: ModelPart): number {
  if (part.variables.length <= smallPart) return Infinity;
  const sorted = part.variables.map((variable) => model.weights[variable] ?? 0).sort((a, b) => a - b);
  for (const share of [0.99, 0.97, 0.95, 0.92, 0.9, 0.85, 0.8, 0.7]) {
    const limit = sorted[Math.floor(share * sorted.length)] ?? 0;
    const sizes = membersBelow(model, part, limit).map(({ length }) => length);
    if (limit > 0 && Math.max(0, ...sizes) <= neighbourhoodSize) return limit;
  }
  return Infinity;
}
