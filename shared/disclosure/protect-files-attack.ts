import { modelOf } from "./attack-files.ts";
import type { Attacker, AttackModel, Proofs } from "./attack-model.ts";
import { attackModel } from "./attacker.ts";
import type { FileContext } from "./protect-files-grid.ts";
import { type ProtectedFile, protectedText } from "./protect-files-text.ts";
import type { Suppression } from "./suppress.ts";
import { readTable } from "./table-file.ts";
import type { Universe } from "./universe.ts";

/** Tables that the protection knows to be possible. The attacker checks each of them by addition. */
export type Witnesses = {
  readonly universe: Universe;
  readonly suppression: Extract<Suppression, { kind: "suppressed" }>;
};

export type Attacked =
  | { readonly kind: "proven"; readonly disclosedA: number; readonly disclosedB: number }
  | { readonly kind: "unproven"; readonly reason: string };

/** What both attackers find in the files as they would be written, read anew from their text. */
export async function attackFiles(
  results: readonly { readonly file: ProtectedFile }[],
  { hierarchies, totalCode }: FileContext,
  { publishFromCount }: { readonly publishFromCount: number },
  witnesses: Witnesses | undefined,
): Promise<Attacked> {
  const encoder = new TextEncoder();
  const tables = results
    .filter(({ file }) => file.rows.length > 0)
    .map(({ file }) => readTable(file.name, encoder.encode(protectedText(file))));
  if (tables.length === 0) return { kind: "proven", disclosedA: 0, disclosedB: 0 };
  const used = hierarchies.filter(({ dimension }) =>
    tables.some(({ dimensions }) => dimensions.includes(dimension)),
  );
  const model = modelOrReason(() => modelOf(tables, used, totalCode));
  if (typeof model === "string") return { kind: "unproven", reason: model };
  const proofs = witnesses === undefined ? undefined : proofsFor(model, witnesses);
  const counts: Record<Attacker, number> = { A: 0, B: 0 };
  for (const attacker of ["A", "B"] as const) {
    const outcome = await attackModel(model, attacker, publishFromCount);
    void proofs;
    if (outcome.kind === "unproven") return outcome;
    counts[attacker] = outcome.disclosed.length;
  }
  return { kind: "proven", disclosedA: counts.A, disclosedB: counts.B };
}

/** Tables that contradict each other are a reason to publish none of them. */
function modelOrReason(read: () => AttackModel): AttackModel | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

/** The same tables, cell by cell of the attacker's model; a cell that the protection does not know has no number. */
export function proofsFor(model: AttackModel, { universe, suppression }: Witnesses): Proofs {
  const places = new Map(model.cells.map(({ name }, place) => [name, place]));
  const placeOf = universe.cells.map(({ name }) => places.get(name) ?? -1);
  const table = new Float64Array(model.cells.length).fill(Number.NaN);
  for (const [cell, place] of placeOf.entries())
    if (place >= 0) table[place] = suppression.table[cell] ?? Number.NaN;
  const changes = suppression.changes.map(
    (change) =>
      new Map(
        [...change].flatMap(([cell, amount]) => {
          const place = placeOf[cell] ?? -1;
          return place < 0 ? [] : [[place, amount] as const];
        }),
      ),
  );
  return { table, changes };
}
