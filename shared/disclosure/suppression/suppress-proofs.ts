import type { ChangeModel } from "./suppress-model.ts";
import type { Delta } from "./suppress-programs.ts";

type Snapshot = {
  readonly proofs: Int32Array;
  readonly served: readonly number[];
  readonly uses: Int32Array;
  readonly hiddenSum: number;
};

/** Which change proves which variable safe, and so what has to be hidden: what changes in one of these proofs. */
export class Proofs {
  readonly model: ChangeModel;
  /** Every change that was ever found, in use or not. */
  readonly changes: Delta[] = [];
  /** By variable: the changes that would prove it safe. */
  readonly #provers: number[][];
  /** By variable: the change that proves it safe, or -1. */
  #proofs: Int32Array;
  /** By change: how many variables it proves safe. */
  #served: number[] = [];
  /** By variable: in how many changes in use it takes part, and one more if it must be hidden or nobody shows it. */
  #uses: Int32Array;
  #hiddenSum = 0;
  /** Variables that were hidden or published since the last look. */
  readonly #flipped = new Set<number>();

  constructor(model: ChangeModel) {
    this.model = model;
    this.#provers = model.cells.map(() => []);
    this.#proofs = new Int32Array(model.cells.length).fill(-1);
    this.#uses = Int32Array.from(model.isForced, (isForced, variable) =>
      isForced || model.isFree[variable] ? 1 : 0,
    );
    for (const [variable, isForced] of model.isForced.entries())
      if (isForced) this.#hiddenSum += model.weights[variable] ?? 0;
  }

  get hiddenSum(): number {
    return this.#hiddenSum;
  }

  isProven(variable: number): boolean {
    return (this.#proofs[variable] ?? -1) >= 0;
  }

  /** The change that proves `variable` safe, or -1. */
  proofOf(variable: number): number {
    return this.#proofs[variable] ?? -1;
  }

  isHidden(variable: number): boolean {
    return (this.#uses[variable] ?? 0) > 0;
  }

  isInUse(change: number): boolean {
    return (this.#served[change] ?? 0) > 0;
  }

  /** Variables that were hidden or published since the last call. */
  takeFlipped(): readonly number[] {
    const flipped = [...this.#flipped];
    this.#flipped.clear();
    return flipped;
  }

  /** Changes in use in which `variable` takes part. */
  touching(variable: number): readonly number[] {
    return [...this.changes.keys()].filter(
      (change) => this.isInUse(change) && this.changes[change]?.variables.includes(variable),
    );
  }

  /** Adds a change to those known. */
  keep(delta: Delta): number {
    const change = this.changes.push(delta) - 1;
    this.#served.push(0);
    for (const variable of delta.variables) {
      if (this.model.isForced[variable] && proves(this.model, delta, variable))
        this.#provers[variable]?.push(change);
    }
    return change;
  }

  /** A known change that proves `variable` safe and hides nothing more. */
  freeProof(variable: number): number | undefined {
    return this.#provers[variable]?.find((change) =>
      this.changes[change]?.variables.every((other) => this.isHidden(other)),
    );
  }

  /** Changes in use that prove `variable` safe. */
  proofsOf(variable: number): readonly Delta[] {
    return (this.#provers[variable] ?? []).flatMap((change) =>
      this.isInUse(change) ? (this.changes[change] ?? []) : [],
    );
  }

  /** Keeps `change` in use for good, whatever it proves. */
  pin(change: number): void {
    const served = (this.#served[change] ?? 0) + 1;
    this.#served[change] = served;
    if (served === 1) this.#count(change, 1);
  }

  /** Lets `change` prove `variable` safe. */
  assign(variable: number, change: number): void {
    this.#proofs[variable] = change;
    this.pin(change);
  }

  /** Takes `change` out of use. @returns the variables that it proved safe. */
  drop(change: number): readonly number[] {
    const served = (this.changes[change]?.variables ?? []).filter(
      (variable) => this.#proofs[variable] === change,
    );
    for (const variable of served) this.#proofs[variable] = -1;
    this.#served[change] = 0;
    if (served.length > 0) this.#count(change, -1);
    return served;
  }

  snapshot(): Snapshot {
    return {
      proofs: this.#proofs.slice(),
      served: [...this.#served],
      uses: this.#uses.slice(),
      hiddenSum: this.#hiddenSum,
    };
  }

  restore({ proofs, served, uses, hiddenSum }: Snapshot): void {
    for (const [variable, before] of uses.entries())
      if (before > 0 !== this.isHidden(variable)) this.#flipped.add(variable);
    this.#proofs = proofs.slice();
    this.#served = [...served, ...this.#served.slice(served.length).fill(0)];
    this.#uses = uses.slice();
    this.#hiddenSum = hiddenSum;
  }

  #count(change: number, step: 1 | -1): void {
    for (const variable of this.changes[change]?.variables ?? []) {
      const uses = (this.#uses[variable] ?? 0) + step;
      this.#uses[variable] = uses;
      if (uses !== (step === 1 ? 1 : 0)) continue;
      this.#hiddenSum += step * (this.model.weights[variable] ?? 0);
      this.#flipped.add(variable);
    }
  }
}

/** True if `delta` shows that `variable` can be another number, and no small one if it is small. */
function proves(model: ChangeModel, delta: Delta, variable: number): boolean {
  const at = delta.variables.indexOf(variable);
  if (at < 0) return false;
  const amount = delta.amounts[at] ?? 0;
  const rise = model.rises[variable] ?? 0;
  if (rise === 0 || amount >= rise) return true;
  return (model.mayVanish[variable] ?? false) && amount === -(model.falls[variable] ?? 0);
}
