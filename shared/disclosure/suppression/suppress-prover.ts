import type { Highs } from "highs";
import { solveJointly } from "./suppress-joint.ts";
import type { ChangeModel } from "./suppress-model.ts";
import type { Delta, Effort } from "./suppress-programs.ts";
import { Proofs } from "./suppress-proofs.ts";
import { ChangeQuestions } from "./suppress-questions.ts";

/** Hidden cells are nearly free, but never free: changes must not wander through all of them. */
const hiddenPrice = 0.001;

/** Finds changes that prove variables safe, at the price of what they would hide. */
export class Prover {
  readonly model: ChangeModel;
  readonly proofs: Proofs;
  /** How many questions were asked. */
  asked = 0;
  readonly #highs: Highs;
  readonly #questions: ChangeQuestions;
  /** By variable: how much dearer than its weight it is at the moment. */
  readonly #tilts: Float64Array;

  constructor(highs: Highs, model: ChangeModel) {
    this.#highs = highs;
    this.model = model;
    this.proofs = new Proofs(model);
    this.#tilts = new Float64Array(model.cells.length).fill(1);
    this.#questions = new ChangeQuestions(
      highs,
      model,
      model.weights.map((_, variable) => this.#priceOf(variable)),
    );
  }

  /** Variables that must be proven safe. */
  needed(): readonly number[] {
    return [...this.model.cells.keys()].filter((variable) => this.model.isForced[variable]);
  }

  /** Hidden variables, largest first, that may be published if nothing needs them. */
  helpers(): readonly number[] {
    const { isForced, isFree, weights } = this.model;
    return [...this.model.cells.keys()]
      .filter((variable) => this.proofs.isHidden(variable) && !isForced[variable] && !isFree[variable])
      .sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b);
  }

  /** @returns whether a change within `bound`, a price, proves `variable` safe; it is then in use. */
  prove(variable: number, effort: Effort, bound = Infinity): boolean {
    if (this.proofs.isProven(variable)) return true;
    const free = this.proofs.freeProof(variable);
    if (free !== undefined) {
      this.proofs.assign(variable, free);
      return true;
    }
    const delta = this.find(variable, effort, bound);
    if (delta === undefined) return false;
    this.proofs.assign(variable, this.proofs.keep(delta));
    return true;
  }

  /** The cheapest change that proves `variable` safe. */
  find(variable: number, effort: Effort, bound = Infinity): Delta | undefined {
    for (const other of this.proofs.takeFlipped()) this.#questions.setPrice(other, this.#priceOf(other));
    const { rises, falls, mayVanish } = this.model;
    const rise = rises[variable] ?? 0;
    this.asked++;
    const risen = this.#questions.ask({ variable, amount: Math.max(1, rise), effort, bound });
    if (risen !== undefined) return risen;
    if (rise > 0 && !mayVanish[variable]) return undefined;
    const fall = rise > 0 ? (falls[variable] ?? 0) : 1;
    this.asked++;
    return this.#questions.ask({ variable, amount: -fall, effort, bound });
  }

  /** Changes for all of `needed` in variables of `among` that together hide less than `bound` beside the forced ones. */
  findTogether(
    needed: readonly number[],
    among: readonly number[],
    bound: number,
  ): readonly Delta[] | undefined {
    const { isForced, isFree } = this.model;
    const isHidden = (variable: number): boolean => (isForced[variable] || isFree[variable]) ?? false;
    return solveJointly(this.#highs, this.model, { needed, among, isHidden, bound });
  }

  /** Does `work` while `variables` must not change. */
  without<Result>(variables: Iterable<number>, work: () => Result): Result {
    const banned = [...variables];
    for (const variable of banned) this.#questions.setBanned(variable, true);
    const result = work();
    for (const variable of banned) this.#questions.setBanned(variable, false);
    return result;
  }

  /** Makes variables dearer or cheaper than their weight. */
  tilt(variables: Iterable<number>, tiltOf: (variable: number) => number): void {
    for (const variable of variables) {
      this.#tilts[variable] = tiltOf(variable);
      this.#questions.setPrice(variable, this.#priceOf(variable));
    }
  }

  dispose(): void {
    this.#questions.dispose();
  }

  #priceOf(variable: number): number {
    const weight = this.model.weights[variable] || 1; // nobody shows it, so it has none
    const share = this.proofs.isHidden(variable) ? hiddenPrice : 1;
    return share * weight * (this.#tilts[variable] ?? 1);
  }
}
