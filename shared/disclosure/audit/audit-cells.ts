import { attackModel } from "../attacker/attacker.ts";
import { type KnownModel, knownModel } from "../attacker/known-model.ts";
import { universesWithNews } from "../attacker/known-news.ts";
import type { Before, Evidence } from "../before.ts";
import type { KnownTable } from "../known-table.ts";
import { agreeingTables } from "../ledger/ledger-history.ts";
import { type Policy, readingRulesOf } from "../policy.ts";
import { proofsFor } from "./audit-evidence.ts";
import type { AuditFinding } from "./audit-finding.ts";

/** Earlier releases are named by this; nobody can take them back. */
const earlierName = "an earlier release";

/**
 * What an attacker proves of hidden and rounded counts from these tables and all that readers remember: a finding for every
 * set of tables that gives a small count away, or that leaves the attack without a proof.
 *
 * Only B is attacked: every table that is possible for B is possible for A, who knows less, so what B cannot tell A cannot.
 */
export async function disclosedCells(
  tables: readonly KnownTable[],
  before: Pick<Before, "earlier">,
  evidence: Evidence | undefined,
  policy: Policy,
): Promise<readonly AuditFinding[]> {
  const remembered = agreeingTables(before.earlier, tables, readingRulesOf(policy)).map((table) => ({
    ...table,
    name: earlierName,
  }));
  const news = universesWithNews(tables, remembered);
  const all = [...tables, ...remembered].filter(({ universe }) => news.has(universe));
  const ids = [...new Set(tables.map(({ name }) => name))];
  const built = buildModel(all, policy);
  if (built === undefined) {
    return [{ rule: "contradiction", tables: ids }];
  }
  const isHiding = built.model.cells.some(
    ({ knowledge: { kind } }) => kind === "suppressed" || kind === "between",
  );
  const outcome = await attackModel(built.model, "B", policy.publishFromCount.value, {
    // Which hidden cells are 1 is known from the evidence alone: without any, nothing hidden or rounded passes.
    ownContribution: policy.ownContribution.value && isHiding,
    ...(evidence !== undefined && { proofs: proofsFor(built.model, evidence) }),
  });
  if (outcome.kind === "unproven") {
    return [{ rule: "unproven", tables: ids }];
  }
  const named = tableNames(all, built);
  const sumsAt = Map.groupBy(built.model.sums, ({ place }) => place);
  const findings = outcome.disclosed.map(({ cell, pinnedBy }) => {
    const sums = pinnedBy.flatMap((place) => sumsAt.get(place) ?? []);
    const cells = [cell, ...sums.flatMap(({ total, parts }) => [total, ...parts])];
    const involved = new Set(cells.flatMap((each) => named.get(each) ?? []));
    return ids.filter((id) => involved.has(id));
  });
  const distinct = new Map(findings.map((names) => [names.join(" "), names]));
  return [...distinct.values()].map((names) => ({ rule: "disclosed-count", tables: names }));
}

/** Nothing where the tables contradict each other. */
function buildModel(tables: readonly KnownTable[], policy: Policy): KnownModel | undefined {
  try {
    return knownModel(tables, { ...readingRulesOf(policy), asksTies: true });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Which tables have a cell of the model. */
function tableNames(
  tables: readonly KnownTable[],
  { places }: KnownModel,
): ReadonlyMap<number, readonly string[]> {
  const names = new Map<number, string[]>();
  for (const [index, table] of tables.entries()) {
    for (const cell of places[index] ?? []) {
      const list = names.get(cell) ?? [];
      list.push(table.name);
      names.set(cell, list);
    }
  }
  return names;
}
