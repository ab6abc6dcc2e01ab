import { refuseUnknown } from "../registers/refuse-unknown.ts";
import type { CountedTable, TableResult } from "../tables/table.ts";
import { auditTables } from "./audit/audit.ts";
import type { Before, Evidence } from "./before.ts";
import { lossOfAll, saferTables } from "./coarsening/coarsen.ts";
import { mergeUnassigned, type TreatedTable } from "./coarsening/merge-unassigned.ts";
import { type Attempted, leastLoss } from "./least-loss.ts";
import { checkPolicy, ladderOf, type Policy } from "./policy.ts";
import type { ProtectedTable } from "./released-table.ts";
import { groupDisclosuresIn, isUnsafe } from "./table-safety.ts";
import { type Candidate, treatTogether, withheld } from "./treat-together.ts";

export type Protection = {
  /** In the order of the results. */
  readonly tables: readonly ProtectedTable[];
  readonly evidence: Evidence;
};

/** One way a table may go, and how much knowledge about persons it would cost, in bits. */
type Form = { readonly loss: number; readonly candidate: Candidate };

/**
 * Every table in a form that may be published, or withheld, in the same order, with tables that prove its hidden cells safe.
 *
 * Each unsafe table goes down its ladder as a whole. All of them together are treated and attacked beside everything that
 * was released before; where that fails, the forms with the next least loss over all tables are tried. After
 * `policy.attacksAtMost` attempts the tables found wanting are withheld.
 *
 * The same results, policy and past give the same answer. The auditor judges the answer again before anything is written.
 *
 * @throws {RangeError} if the policy is incomplete or a definition's coarsening steps do not fit the table.
 */
export async function protect(
  results: readonly TableResult[],
  policy: Policy,
  before: Before,
): Promise<Protection> {
  checkPolicy(policy);
  const counted = results.flatMap((result) => (result.kind === "counted" ? [result.table] : []));
  const merged = mergeUnassigned(counted, policy, before.digest);
  const forms = counted.map((table, at) => formsOf(table, merged[at] ?? { table, treatments: [] }, policy));
  const { tables, evidence } = await leastLoss(
    forms.map((list) => list.map(({ loss }) => loss)),
    async (choice) => {
      const candidates = choice.flatMap((option, at) => forms[at]?.[option]?.candidate ?? []);
      return await attempt(candidates, policy, before);
    },
    policy.attacksAtMost.value,
  );
  const byTable = new Map(counted.map((table, at) => [table, tables[at]]));
  return { tables: withAlternatives(results.map((result) => protectedForm(result, byTable))), evidence };
}

async function attempt(
  candidates: readonly Candidate[],
  policy: Policy,
  before: Before,
): Promise<Attempted<Protection>> {
  const treated = await treatTogether(candidates, policy, before);
  if (treated.kind === "wanting") {
    return treated;
  }
  const verdict = await auditTables(treated.result.tables, policy, {
    ...before,
    evidence: treated.result.evidence,
  });
  if (verdict.kind === "passed") {
    return treated;
  }
  const wanting = new Set(verdict.findings.flatMap((finding) => finding.tables));
  const positions = candidates.flatMap((candidate, at) => (wanting.has(candidate.table.id) ? [at] : []));
  return { kind: "wanting", positions };
}

/** The forms of a table in the order of its ladder, from the least loss on; withholding comes last. */
function formsOf(
  counted: CountedTable,
  { table, treatments }: TreatedTable,
  policy: Policy,
): readonly Form[] {
  const method = treatments.length === 0 ? "none" : "coarsen";
  const asCounted: readonly Form[] = isUnsafe(table, policy)
    ? []
    : [{ loss: 0, candidate: { method, table, treatments } }];
  const isWhole = policy.groupDisclosure.value === "unsafe" && groupDisclosuresIn(table) > 0;
  const treated = ladderOf(policy, counted.id).flatMap((method): readonly Form[] => {
    switch (method) {
      case "suppress":
      case "round":
        // Hiding a few cells of a group does not change that all its persons are in one category.
        return isWhole ? [] : [{ loss: 0, candidate: { method, table, treatments } }];
      case "coarsen":
        return coarsenedForms(table, treatments, policy);
      case "withhold":
        return [{ loss: lossOfAll(counted), candidate: { method, table: counted } }];
      default:
        return refuseUnknown(method, "treatment");
    }
  });
  return [...asCounted, ...treated];
}

function coarsenedForms(
  table: CountedTable,
  before: TreatedTable["treatments"],
  policy: Policy,
): readonly Form[] {
  return saferTables(table, policy).flatMap(({ loss, ...safer }): readonly Form[] => {
    const treatments = [
      ...before.filter((treatment) => !isSuperseded(treatment, safer.table)),
      ...safer.treatments,
    ];
    return treatments.length === 0
      ? []
      : [{ loss, candidate: { method: "coarsen", table: safer.table, treatments } }];
  });
}

/** Persons without assignment need no word any more where the area they were moved into is not shown. */
function isSuperseded(treatment: TreatedTable["treatments"][number], table: CountedTable): boolean {
  const shown = table.dimensions.find((dimension) => dimension.id === treatment.dimension)?.categories ?? [];
  return treatment.kind === "merged" && !shown.some((category) => category.code === treatment.into);
}

type Entry = { readonly form: ProtectedTable; readonly coarser?: string };

function protectedForm(
  result: TableResult,
  byTable: ReadonlyMap<CountedTable, ProtectedTable | undefined>,
): Entry {
  switch (result.kind) {
    case "missing":
      return { form: { kind: "missing", ...result.table } };
    case "counted": {
      const form = byTable.get(result.table) ?? withheld(result.table);
      const coarser = result.table.coarserTable;
      return coarser === undefined ? { form } : { form, coarser };
    }
    default:
      return refuseUnknown(result, "table result");
  }
}

function withAlternatives(entries: readonly Entry[]): readonly ProtectedTable[] {
  const byId = new Map(
    entries.map((entry) => [entry.form.kind === "published" ? entry.form.table.id : entry.form.id, entry]),
  );
  return entries.map(({ form, coarser }) => {
    const seen = new Set<string>();
    let next = coarser;
    while (next !== undefined && !seen.has(next) && byId.get(next)?.form.kind !== "published") {
      seen.add(next);
      next = byId.get(next)?.coarser;
    }
    const found = form.kind === "withheld" && byId.get(next ?? "")?.form.kind === "published";
    return found && next !== undefined ? { ...form, alternative: next } : form;
  });
}
