import type { Highs } from "highs";
import type { ChangeModel } from "./suppress-model.ts";
import type { Delta } from "./suppress-programs.ts";
import { Prover } from "./suppress-prover.ts";
import { shakeProofs } from "./suppress-shake.ts";
import { proveTogether } from "./suppress-together.ts";

/** Only models of at most this many variables are searched for the least loss: larger ones would take too long. */
const shakenSize = 1_500;
/** Questions for each variable that must be proven, and for a whole model. */
const questionsEach = 15;
const mostQuestions = 800;
/** Publishing again asks at most this many questions, or half as many as finding the proofs took. */
const publishingQuestions = 1_000;

export type SearchOutcome =
  | { readonly kind: "safe"; readonly hidden: readonly number[]; readonly changes: readonly Delta[] }
  | { readonly kind: "impossible"; readonly variables: readonly number[] };

/**
 * Which variables of a model to hide, and the changes that prove every one of them safe. `isAlone`, by variable: true where
 * one of its cells has a single person, who may know so; asked only if given.
 */
export function searchChanges(
  highs: Highs,
  model: ChangeModel,
  isAlone: readonly boolean[] | undefined,
): SearchOutcome {
  const prover = new Prover(highs, model);
  try {
    return search(prover, isAlone);
  } finally {
    prover.dispose();
  }
}

function search(prover: Prover, isAlone: readonly boolean[] | undefined): SearchOutcome {
  const { proofs, model } = prover;
  const byWeight = (a: number, b: number): number =>
    (model.weights[b] ?? 0) - (model.weights[a] ?? 0) || a - b;
  const needed = prover.needed();
  const unproven = needed.toSorted(byWeight).filter((variable) => !prover.prove(variable, "thorough"));
  if (unproven.length > 0) return { kind: "impossible", variables: unproven };
  publishAgain(prover);
  if (model.isAuxiliary.filter((isAuxiliary) => !isAuxiliary).length <= shakenSize)
    shakeProofs(prover, Math.min(mostQuestions, questionsEach * needed.length));
  proveTogether(prover, needed);
  const exposed =
    isAlone === undefined ? [] : needed.filter((variable) => !isSafeFromOwn(prover, variable, isAlone));
  if (exposed.length > 0) return { kind: "impossible", variables: exposed };
  return {
    kind: "safe",
    hidden: [...model.cells.keys()].filter((variable) => proofs.isHidden(variable)),
    changes: proofs.changes.filter((_, change) => proofs.isInUse(change)),
  };
}

/** Publishes again what is not needed, largest first. */
function publishAgain(prover: Prover): void {
  const last = prover.asked + Math.max(publishingQuestions, prover.asked / 2);
  for (const helper of prover.helpers())
    if (prover.asked < last && prover.proofs.isHidden(helper)) publish(prover, helper);
}

function publish(prover: Prover, helper: number): void {
  const { proofs } = prover;
  const before = proofs.snapshot();
  const dropped = proofs.touching(helper).flatMap((change) => proofs.drop(change));
  const isProven = prover.without([helper], () =>
    dropped.every((variable) => {
      const freed = before.hiddenSum - proofs.hiddenSum;
      return freed > 0 && prover.prove(variable, "quick", 2 * freed);
    }),
  );
  if (!isProven || proofs.hiddenSum >= before.hiddenSum) proofs.restore(before);
}

/**
 * Whether nobody who knows a hidden count of 1 learns that `variable` is small: for each of these counts a change in use
 * proves it safe and leaves the count alone. Further changes are found where that takes some.
 */
function isSafeFromOwn(prover: Prover, variable: number, isAlone: readonly boolean[]): boolean {
  if ((prover.model.rises[variable] ?? 0) === 0) return true;
  const shared = sharedOwn(prover, variable, isAlone);
  if (shared.length === 0) return true;
  const found = prover.without(shared, () => prover.find(variable, "thorough"));
  if (found !== undefined) {
    prover.proofs.pin(prover.proofs.keep(found));
    return true;
  }
  return shared.every((own) => {
    if (!sharedOwn(prover, variable, isAlone).includes(own)) return true;
    const other = prover.without([own], () => prover.find(variable, "thorough"));
    if (other !== undefined) prover.proofs.pin(prover.proofs.keep(other));
    return other !== undefined;
  });
}

/** Counts of 1 that take part in all proofs of `variable`. */
function sharedOwn({ proofs }: Prover, variable: number, isAlone: readonly boolean[]): readonly number[] {
  const [first, ...others] = proofs.proofsOf(variable);
  return (first?.variables ?? []).filter(
    (own) => own !== variable && isAlone[own] && others.every(({ variables }) => variables.includes(own)),
  );
}
