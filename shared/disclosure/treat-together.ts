import { type CountedTable, stateOf } from "../tables/table.ts";
import type { Before, Evidence } from "./before.ts";
import type { Attempted } from "./least-loss.ts";
import type { Policy } from "./policy.ts";
import type { Method, ProtectedTable, Treatment } from "./released-table.ts";
import { holdFormer } from "./rounding/hold.ts";
import { roundTable } from "./rounding/round-table.ts";
import { type HiddenTogether, hideTogether, type Participant } from "./suppression/hide-together.ts";

/** A table and what is to be done to it; `none` and `coarsen` are done already, `suppress` and `round` need the others. */
export type Candidate =
  | {
      readonly method: "none" | Exclude<Method, "withhold">;
      readonly table: CountedTable;
      readonly treatments: readonly Treatment[];
    }
  | { readonly method: "withhold"; readonly table: CountedTable };

type Shown = Exclude<Candidate, { readonly method: "withhold" }>;

type Together = { readonly tables: readonly ProtectedTable[]; readonly evidence: Evidence };

/**
 * The candidates as they would be released together: cells are hidden over all tables at once, inner cells are rounded below
 * the levels that others show exactly, and small changes are held. `wanting` where cells cannot be hidden because others
 * show them, or cannot be rounded or held.
 */
export async function treatTogether(
  candidates: readonly Candidate[],
  policy: Policy,
  before: Before,
): Promise<Attempted<Together>> {
  const whole = candidates.flatMap((candidate, at) =>
    candidate.method === "withhold" || candidate.method === "round" ? [] : [{ candidate, at }],
  );
  const hidden = await hiddenOrWanting(
    whole.map(({ candidate }) => participantOf(candidate)),
    policy,
    before,
  );
  if (hidden.kind === "wanting") {
    return { kind: "wanting", positions: hidden.positions.flatMap((position) => whole[position]?.at ?? []) };
  }
  const { tables, evidence, shown } = hidden.result;
  const treatedTables = new Map(whole.map(({ at }, position) => [at, tables[position]]));
  const numbers = new Map(evidence.numbers);
  const forms: (ProtectedTable | undefined)[] = [];
  for (const [at, candidate] of candidates.entries()) {
    if (candidate.method === "withhold") {
      forms.push(withheld(candidate.table));
    } else if (candidate.method === "round") {
      const rounded = await roundTable(candidate.table, shown, policy, before);
      forms.push(rounded && publishedForm(candidate, rounded.table));
      for (const [name, count] of rounded?.counts ?? []) numbers.set(name, count);
    } else {
      const held = holdFormer(treatedTables.get(at) ?? candidate.table, before, policy);
      forms.push(held && publishedForm(candidate, held));
    }
  }
  const wanting = forms.flatMap((form, at) => (form === undefined ? [at] : []));
  return wanting.length > 0
    ? { kind: "wanting", positions: wanting }
    : {
        kind: "passed",
        result: { tables: forms.flatMap((form) => form ?? []), evidence: { ...evidence, numbers } },
      };
}

/** Tables that cannot be seen as one universe (too many finest cells) are wanting, all of them. */
async function hiddenOrWanting(
  participants: readonly Participant[],
  policy: Policy,
  before: Before,
): Promise<Attempted<HiddenTogether>> {
  try {
    return await hideTogether(participants, policy, before);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { kind: "wanting", positions: [...participants.keys()] };
  }
}

function participantOf({ method, table }: Shown): Participant {
  return { table, role: method === "suppress" ? "open" : "shown" };
}

/** Where nothing had to be hidden after all, the table is what it was before. */
function publishedForm({ method, treatments }: Shown, table: CountedTable): ProtectedTable {
  const isHiding = method === "suppress" && table.states.includes(stateOf.confidential);
  const untouched = treatments.length === 0 ? "none" : "coarsen";
  const done = method === "suppress" && !isHiding ? untouched : method;
  return { kind: "published", method: done, table, treatments };
}

export function withheld(table: CountedTable): Extract<ProtectedTable, { readonly kind: "withheld" }> {
  return {
    kind: "withheld",
    id: table.id,
    name: table.name,
    title: table.title,
    dimensions: table.dimensions.map((dimension) => dimension.id),
    referenceDates: table.referenceDates,
    deliveries: table.deliveries,
    cells: table.values.length,
  };
}
