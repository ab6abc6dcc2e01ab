import type { Prover } from "./suppress-prover.ts";

/** One program for all proofs is quick up to this many variables in all of its changes. */
const mostTogether = 3_000;
/** Below this many variables all of them take part. */
const smallModel = 60;

/**
 * Looks for all proofs at once, among the variables that took part in any change found so far: what single changes share
 * shows only together. Large models stay as they are.
 */
export function proveTogether(prover: Prover, needed: readonly number[]): void {
  const { proofs } = prover;
  const among = variablesOf(prover);
  if (needed.length * among.length > mostTogether) return;
  const before = proofs.snapshot();
  for (const change of proofs.changes.keys()) if (proofs.isInUse(change)) proofs.drop(change);
  const forced = proofs.hiddenSum;
  const deltas = prover.findTogether(needed, among, before.hiddenSum - forced);
  for (const [at, variable] of needed.entries()) {
    const delta = deltas?.[at];
    if (delta !== undefined) proofs.assign(variable, proofs.keep(delta));
  }
  const isComplete = needed.every((variable) => proofs.isProven(variable));
  if (!isComplete || proofs.hiddenSum >= before.hiddenSum) proofs.restore(before);
}

/** All of a small model; else those of all changes found so far. */
function variablesOf({ proofs, model }: Prover): readonly number[] {
  if (model.cells.length <= smallModel) return [...model.cells.keys()];
  const found = proofs.changes.flatMap(({ variables }) => variables);
  return [...new Set(found)].sort((a, b) => a - b);
}
