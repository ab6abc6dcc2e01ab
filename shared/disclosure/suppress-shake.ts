import type { Prover } from "./suppress-prover.ts";

/** How many changes are given up at a time, at most. */
const mostDropped = 4;
/** Prices are tilted up to this factor, up or down. */
const mostTilt = 1.5;
/** A loss that grows by no more than this share is taken for the way to a smaller one. */
const patience = 0.01;
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
  const last = prover.asked + questions;
  let best = proofs.snapshot();
  while (prover.asked < last && prover.helpers().length > 0) {
    const before = proofs.snapshot();
    const dropped = dropSome(prover, needed, random);
    if (dropped.length === 0) continue;
    prover.tilt(() => mostTilt ** (2 * random() - 1));
    const isProven = shuffled(dropped, random).every((variable) => {
      const freed = Math.max(0, before.hiddenSum - proofs.hiddenSum);
      return prover.prove(variable, "quick", 4 * freed + detour * before.hiddenSum);
    });
    const isTaken = isProven && proofs.hiddenSum <= before.hiddenSum * (1 + patience * random());
    if (!isTaken) proofs.restore(before);
    else if (proofs.hiddenSum < best.hiddenSum) best = proofs.snapshot();
  }
  proofs.restore(best);
  prover.tilt(() => 1);
}

/** @returns the variables that have lost their proofs. */
function dropSome(prover: Prover, needed: readonly number[], random: () => number): readonly number[] {
  const { proofs } = prover;
  const helpers = prover.helpers();
  const pick = (list: readonly number[]): number => list[Math.floor(random() * list.length)] ?? 0;
  const count = 1 + Math.floor(random() * mostDropped);
  return Array.from({ length: count }, () => {
    const isHelper = random() < 0.6;
    const changes = isHelper ? proofs.touching(pick(helpers)) : [proofs.proofOf(pick(needed))];
    return changes.flatMap((change) => (change < 0 ? [] : proofs.drop(change)));
  }).flat();
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
