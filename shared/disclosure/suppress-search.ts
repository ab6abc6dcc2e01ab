import type { Highs } from "highs";
import type { ChangeModel } from "./suppress-model.ts";
import { ChangeProgram, type Delta } from "./suppress-programs.ts";

/** Hidden cells are nearly free, but never free: changes must not wander through all of them. */
const hiddenPrice = 0.001;

type Effort = Parameters<ChangeProgram["ask"]>[2];

export type SearchOutcome =
  | { readonly kind: "safe"; readonly hidden: readonly number[]; readonly changes: readonly Delta[] }
  | { readonly kind: "impossible"; readonly variables: readonly number[] };

/** Which variables of a model to hide, and the changes that prove every one of them safe. */
export function searchChanges(highs: Highs, model: ChangeModel): SearchOutcome {
  const search = new ChangeSearch(highs, model);
  try {
    return search.run();
  } finally {
    search.dispose();
  }
}

class ChangeSearch {
  readonly #model: ChangeModel;
  readonly #program: ChangeProgram;
  readonly #needed: readonly number[];
  /** By change: what it does. */
  readonly #changes: Delta[] = [];
  /** By needed variable: the change that proves it safe. */
  readonly #proofs = new Map<number, number>();
  /** By change: the variables that it proves safe. */
  readonly #serves: Set<number>[] = [];
  /** By variable: how many changes in use touch it; forced ones have one more. */
  readonly #uses: Int32Array;

  constructor(highs: Highs, model: ChangeModel) {
    this.#model = model;
    this.#needed = [...model.cells.keys()].filter((variable) => model.isForced[variable]);
    this.#uses = Int32Array.from(model.isForced, Number);
    this.#program = new ChangeProgram(
      highs,
      model,
      model.weights.map((_, variable) => this.#priceOf(variable)),
    );
  }

  run(): SearchOutcome {
    const unproven = this.#proveAll(
      this.#needed.toSorted((a, b) => this.#weightOf(b) - this.#weightOf(a)),
      "thorough",
    );
    if (unproven.length > 0) return { kind: "impossible", variables: unproven };
    this.#publishAgain();
    const hidden = [...this.#uses.keys()].filter((variable) => (this.#uses[variable] ?? 0) > 0);
    const changes = this.#changes.filter((_, at) => (this.#serves[at]?.size ?? 0) > 0);
    return { kind: "safe", hidden, changes };
  }

  dispose(): void {
    this.#program.dispose();
  }

  /** @returns the variables that no change proves. */
  #proveAll(variables: readonly number[], effort: Effort): readonly number[] {
    return variables.filter((variable) => !this.#proofs.has(variable) && !this.#prove(variable, effort));
  }

  #prove(variable: number, effort: Effort): boolean {
    const delta = this.#ask(variable, effort);
    if (delta === undefined) return false;
    this.#use(
      this.#keep(delta),
      delta.variables.filter((other) => !this.#proofs.has(other)),
    );
    return true;
  }

  #ask(variable: number, effort: Effort): Delta | undefined {
    const { rises, falls, mayVanish } = this.#model;
    const rise = rises[variable] ?? 0;
    const risen = this.#program.ask(variable, Math.max(1, rise), effort);
    if (risen !== undefined) return risen;
    if (rise > 0 && !mayVanish[variable]) return undefined;
    const fall = rise > 0 ? (falls[variable] ?? 0) : 1;
    return this.#program.ask(variable, -fall, effort);
  }

  #keep(delta: Delta): number {
    this.#serves.push(new Set());
    return this.#changes.push(delta) - 1;
  }

  /** Lets `change` prove those of `variables` that it can. */
  #use(change: number, variables: readonly number[]): void {
    const delta = this.#changes[change];
    const serves = this.#serves[change];
    if (delta === undefined || serves === undefined) return;
    const before = serves.size;
    for (const variable of variables) {
      if (!this.#model.isForced[variable] || !proves(this.#model, delta, variable)) continue;
      this.#proofs.set(variable, change);
      serves.add(variable);
    }
    if (before === 0 && serves.size > 0) this.#count(delta, 1);
  }

  #count({ variables }: Delta, step: 1 | -1): void {
    for (const variable of variables) {
      const uses = (this.#uses[variable] ?? 0) + step;
      this.#uses[variable] = uses;
      if (uses === 0 || (uses === 1 && step === 1)) this.#program.setPrice(variable, this.#priceOf(variable));
    }
  }

  #drop(change: number): readonly number[] {
    const serves = [...(this.#serves[change] ?? [])];
    const delta = this.#changes[change];
    if (delta === undefined || serves.length === 0) return [];
    for (const variable of serves) this.#proofs.delete(variable);
    this.#serves[change]?.clear();
    this.#count(delta, -1);
    return serves;
  }

  #priceOf(variable: number): number {
    return this.#weightOf(variable) * ((this.#uses[variable] ?? 0) > 0 ? hiddenPrice : 1);
  }

  #weightOf(variable: number): number {
    return this.#model.weights[variable] ?? 0;
  }

  #hiddenSum(): number {
    let sum = 0;
    for (const [variable, uses] of this.#uses.entries()) if (uses > 0) sum += this.#weightOf(variable);
    return sum;
  }

  /** Publishes again what is not needed, largest first. */
  #publishAgain(): void {
    const helpers = [...this.#uses.keys()]
      .filter((variable) => (this.#uses[variable] ?? 0) > 0 && !this.#model.isForced[variable])
      .sort((a, b) => this.#weightOf(b) - this.#weightOf(a) || a - b);
    for (const helper of helpers) if ((this.#uses[helper] ?? 0) > 0) this.#publish(helper);
  }

  #publish(helper: number): void {
    const before = this.#hiddenSum();
    const touching = [...this.#changes.keys()].filter(
      (at) => (this.#serves[at]?.size ?? 0) > 0 && this.#changes[at]?.variables.includes(helper),
    );
    const dropped = touching.map((change) => ({ change, served: this.#drop(change) }));
    const first = this.#changes.length;
    this.#program.setBanned(helper, true);
    const unproven = this.#proveAll(
      dropped.flatMap(({ served }) => served),
      "quick",
    );
    this.#program.setBanned(helper, false);
    if (unproven.length === 0 && this.#hiddenSum() < before) return;
    for (let change = first; change < this.#changes.length; change++) this.#drop(change);
    for (const { change, served } of dropped) this.#use(change, served);
  }
}

/** True if `delta` shows that `variable` can be another number, and no small one if it is small. */
export function proves(model: ChangeModel, delta: Delta, variable: number): boolean {
  const at = delta.variables.indexOf(variable);
  if (at < 0) return false;
  const amount = delta.amounts[at] ?? 0;
  const rise = model.rises[variable] ?? 0;
  if (rise === 0 || amount >= rise) return true;
  return (model.mayVanish[variable] ?? false) && amount === -(model.falls[variable] ?? 0);
}
