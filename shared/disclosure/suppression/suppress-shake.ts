import type { ChangeModel } from "./suppress-model.ts";
import type { Prover } from "./suppress-prover.ts";

/** How many changes are given up at a time, at most. */
const mostDropped = 4;
/** Prices are tilted up to this factor, up or down. */
const mostTilt = 1.5;
/** A loss that grows by no more than this share, and no more than this much, is taken for the way to a smaller one. */
const patience = 0.01;
const mostPatience = 3;
/** New proofs may cost this share of the whole loss more than what was given up. */
const detour = 0.1;

/**
 * Gives up a few proofs at a time and looks for others at slightly different prices and in another order, as long as the
 * number of questions lasts; the best of all outcomes stays. Always the same for the same model.
 */
export function shakeProofs(prover: Prover, questions: number): void {
  const { proofs } = prover;
  const random = sequence();
  const needed = prover.needed();
  const neighboursOf = neighbourFinder(prover.model);
  const last = prover.asked + questions;
  let best = proofs.snapshot();
  let helpers = prover.helpers();
  while (prover.asked < last && helpers.length > 0) {
    const before = proofs.snapshot();
    const changes = pickChanges(prover, { needed, helpers, random });
    const near = neighboursOf(changes.flatMap((change) => proofs.changes[change]?.variables ?? []));
    const dropped = changes.flatMap((change) => proofs.drop(change));
    prover.tilt(near, () => mostTilt ** (2 * random() - 1));
    const isProven = shuffled(dropped, random).every((variable) => {
      const freed = Math.max(0, before.hiddenSum - proofs.hiddenSum);
      return prover.prove(variable, "quick", 4 * freed + detour * before.hiddenSum);
    });
    prover.tilt(near, () => 1);
    const isTaken =
      isProven &&
      proofs.hiddenSum <= before.hiddenSum + Math.min(mostPatience, patience * before.hiddenSum) * random();
    if (!isTaken) {
      proofs.restore(before);
      continue;
    }
    helpers = prover.helpers();
    if (proofs.hiddenSum < best.hiddenSum) best = proofs.snapshot();
  }
  proofs.restore(best);
}

type Choices = {
  readonly needed: readonly number[];
  readonly helpers: readonly number[];
  readonly random: () => number;
};

/** Changes to give up: of single proofs, or all in which one helper takes part. */
function pickChanges({ proofs }: Prover, { needed, helpers, random }: Choices): readonly number[] {
  const pick = (list: readonly number[]): number => list[Math.floor(random() * list.length)] ?? 0;
  const count = 1 + Math.floor(random() * mostDropped);
  const changes = Array.from({ length: count }, () =>
    random() < 0.6 ? proofs.touching(pick(helpers)) : [proofs.proofOf(pick(needed))],
  );
  return [...new Set(changes.flat())].filter((change) => change >= 0);
}

/** Finds all variables that share an equation with given ones. */
function neighbourFinder({ cells, equations }: ChangeModel): (variables: readonly number[]) => Set<number> {
  const equationsOf: number[][] = cells.map(() => []);
  for (const [at, { variables }] of equations.entries())
    for (const variable of variables) equationsOf[variable]?.push(at);
  return (variables) => {
    const near = new Set(variables.flatMap((variable) => equationsOf[variable] ?? []));
    return new Set([...near].flatMap((at) => equations[at]?.variables ?? []));
  };
}

function shuffled(variables: readonly number[], random: () => number): readonly number[] {
  return variables
    .map((variable) => ({ variable, key: random() }))
    .sort((one, other) => one.key - other.key)
    .map(({ variable }) => variable);
}

/** Numbers from 0 to below 1 that look accidental and are always the same (mulberry32). */
function sequence(): () => number {
  let state = 1;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
