import type { AttackModel, Change, Proofs } from "../attack-model.ts";
import { attackBoth } from "../attacker/attacker.ts";
import { knowledgeOf } from "./attack-files.ts";
import type { FileContext } from "./protect-files-grid.ts";
import { type ProtectedFile, protectedText } from "./protect-files-text.ts";
import { readTable } from "./table-file.ts";

/** Tables that the protection knows to be possible, by the canonical names of their cells. The attacker checks each of them. */
export type Witnesses = {
  readonly names: readonly string[];
  /** By name: the count, NaN where nobody told it. */
  readonly numbers: ArrayLike<number>;
  /** By position in the names. */
  readonly changes: readonly Change[];
};

export type Attacked =
  | { readonly kind: "proven"; readonly disclosedA: number; readonly disclosedB: number }
  | { readonly kind: "unproven"; readonly reason: string };

type AttackRules = { readonly publishFromCount: number; readonly ownContribution: boolean };

/** What both attackers find in the files as they would be written, read anew from their text. */
export async function attackFiles(
  results: readonly { readonly file: ProtectedFile }[],
  { hierarchies, totalCode }: FileContext,
  { publishFromCount, ownContribution }: AttackRules,
  witnesses: Witnesses | undefined,
): Promise<Attacked> {
  const encoder = new TextEncoder();
  const tables = results.map(({ file }) => readTable(file.name, encoder.encode(protectedText(file))));
  const knowledge = valueOrReason(() => knowledgeOf(tables, hierarchies, totalCode));
  if (typeof knowledge === "string") return { kind: "unproven", reason: knowledge };
  const { model, open } = knowledge;
  const isHiding = model.cells.some(({ knowledge }) => knowledge.kind === "suppressed");
  const { A, B } = await attackBoth(model, publishFromCount, {
    // Which hidden cells are 1 is known from the witnesses alone.
    ownContribution: isHiding && ownContribution,
    ...(witnesses !== undefined && { proofs: proofsFor(model, witnesses) }),
  });
  if (A.kind === "unproven") return A;
  if (B.kind === "unproven") return B;
  return {
    kind: "proven",
    disclosedA: A.disclosed.length + open.length,
    disclosedB: B.disclosed.length + open.length,
  };
}

/** Tables that contradict each other are a reason to publish none of them. */
function valueOrReason<Value>(read: () => Value): Value | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

/** The same tables, cell by cell of the attacker's model; a cell that the protection does not know has no number. */
function proofsFor(model: AttackModel, { names, numbers, changes }: Witnesses): Proofs {
  const places = new Map(model.cells.map(({ name }, place) => [name, place]));
  const placeOf = names.map((name) => places.get(name) ?? -1);
  const table = model.cells.map(({ knowledge }) =>
    knowledge.kind === "exact" ? knowledge.value : Number.NaN,
  );
  for (const [cell, place] of placeOf.entries()) if (place >= 0) table[place] = numbers[cell] ?? Number.NaN;
  const placed = changes.map((change) => {
    const amounts = [...change].map(([cell, amount]) => [placeOf[cell] ?? -1, amount] as const);
    return new Map(amounts.filter(([place]) => place >= 0));
  });
  return { table, changes: placed };
}
