import { refuseUnknown } from "../../registers/refuse-unknown.ts";
import { type CountedTable, type Measure, stateOf } from "../../tables/table.ts";
import { casesGiveAway } from "../attacker/known-cases.ts";
import { knownTablesOf } from "../attacker/known-tables.ts";
import type { Before, Evidence } from "../before.ts";
import type { Policy } from "../policy.ts";
import type { AuditedTable, ProtectedTable } from "../released-table.ts";
import { derivedAmounts } from "./audit-amounts.ts";
import { disclosedCells } from "./audit-cells.ts";
import { hasOnlyComputedFigures, remaindersOf } from "./audit-computed.ts";
import type { AuditFinding, AuditRule } from "./audit-finding.ts";
import { showsGroupInOneCategory } from "./audit-groups.ts";
import { isWellFormed } from "./audit-shape.ts";
import { isProvenShare } from "./audit-shares.ts";

export type AuditResult =
  | { readonly kind: "passed"; readonly tables: readonly AuditedTable[] }
  | { readonly kind: "disclosive"; readonly findings: readonly AuditFinding[] };

type Verdict =
  | { readonly kind: "passed" }
  | { readonly kind: "failed"; readonly findings: readonly AuditFinding[] };
/** What the audit knows beside the tables themselves. */
export type AuditKnowledge = Pick<Before, "earlier"> & { readonly evidence?: Evidence };

type Check = (
  published: readonly CountedTable[],
  policy: Policy,
  knowledge: AuditKnowledge,
) => Verdict | Promise<Verdict>;

/** Every one must report "passed"; a later one may rely on the earlier ones. */
const checks: readonly Check[] = [checkShapes, checkPublishedCells, checkAmounts, checkHiddenCells];

/**
 * Whether the tables, taken together and with everything released before, keep every small count and unsafe amount from an
 * attacker who knows the policy, the hierarchies and all that is shown, and has linear and whole-number programs.
 *
 * Starts from "withhold": only when every check has reported and passed does the release pass. Shares no code with
 * protection beyond the data types. The possible tables of `evidence` are added up, not believed; which hidden counts are 1,
 * for the attack by one's own contribution, only protection can say.
 *
 * @throws {TypeError} on a kind of table it does not know.
 */
export async function auditTables(
  tables: readonly ProtectedTable[],
  policy: Policy,
  knowledge: AuditKnowledge,
): Promise<AuditResult> {
  const published = tables.flatMap(publishedTable);
  const verdicts: Verdict[] = [];
  for (const check of checks) {
    const verdict = await check(published, policy, knowledge);
    if (verdict.kind !== "passed") {
      return { kind: "disclosive", findings: verdict.findings };
    }
    verdicts.push(verdict);
  }
  const complete = verdicts.length === checks.length && verdicts.every(({ kind }) => kind === "passed");
  return complete
    ? {
        kind: "passed",
        tables: tables.map((table) => ({ ...table, audit: { disclosedA: 0, disclosedB: 0 } })),
      }
    : { kind: "disclosive", findings: [{ rule: "unproven", tables: published.map(({ id }) => id) }] };
}

function publishedTable(table: ProtectedTable): readonly CountedTable[] {
  switch (table.kind) {
    case "published":
      return [table.table];
    case "withheld":
    case "missing":
      return [];
    default:
      return refuseUnknown(table, "protected table");
  }
}

function verdictOf(findings: readonly AuditFinding[]): Verdict {
  return findings.length === 0 ? { kind: "passed" } : { kind: "failed", findings };
}

function checkShapes(published: readonly CountedTable[]): Verdict {
  const repeated = published.filter(
    (table, index) => published.findIndex((other) => other.id === table.id) < index,
  );
  const malformed = published.filter((table) => !isWellFormed(table));
  return verdictOf(
    [...repeated, ...malformed].map((table) => ({ rule: "malformed-table", tables: [table.id] })),
  );
}

function checkPublishedCells(published: readonly CountedTable[], policy: Policy): Verdict {
  return verdictOf(
    published.flatMap((table) => {
      const rules = new Set(
        table.measures.flatMap((measure, offset) => brokenRule(table, measure, offset, policy)),
      );
      const broken: readonly AuditRule[] = [
        ...rules,
        ...(remaindersOf(table).some((count) => count < 0 || smallCount(count, policy))
          ? (["small-remainder"] as const)
          : []),
        ...(hasOnlyComputedFigures(table) ? [] : (["unjudged-figure"] as const)),
        ...(casesGiveAway(table, policy.publishFromCount.value) ? (["disclosed-count"] as const) : []),
        ...(policy.groupDisclosure.value === "unsafe" && showsGroupInOneCategory(table)
          ? (["group-disclosure"] as const)
          : []),
      ];
      return broken.map((rule) => ({ rule, tables: [table.id] }));
    }),
  );
}

function brokenRule(
  table: CountedTable,
  measure: Measure,
  offset: number,
  policy: Policy,
): readonly AuditRule[] {
  for (let cell = offset; cell < table.values.length; cell += table.measures.length) {
    if (!hasNumber(table.states[cell])) {
      continue;
    }
    if (measure.kind === "count" && smallCount(table.values[cell] ?? 1, policy)) {
      return ["small-count"];
    }
    if (measure.kind === "money" && !provenAmount(table, cell, policy)) {
      return ["unsafe-amount"];
    }
  }
  return [];
}

/** Also a rounded number is never a small one. */
function hasNumber(state: number | undefined): boolean {
  return state === stateOf.value || state === stateOf.rounded || state === stateOf.held;
}

function smallCount(count: number, policy: Policy): boolean {
  return (count > 0 && count < policy.publishFromCount.value) || (count === 0 && !policy.publishZeros.value);
}

function provenAmount({ values, concentration }: CountedTable, cell: number, policy: Policy): boolean {
  if (concentration === undefined) {
    return values[cell] === 0;
  }
  const [recipients = 0, largest = Number.POSITIVE_INFINITY, absolute = 0] = [
    concentration.recipients[cell],
    concentration.largest[cell],
    concentration.absolute[cell],
  ];
  const nothing = values[cell] === 0 && absolute === 0 && recipients === 0;
  return nothing || isProvenShare({ recipients, largest, absolute }, policy);
}

function checkAmounts(published: readonly CountedTable[], policy: Policy): Verdict {
  return verdictOf(derivedAmounts(published, policy).map((tables) => ({ rule: "derived-amount", tables })));
}

async function checkHiddenCells(
  published: readonly CountedTable[],
  policy: Policy,
  { earlier, evidence }: AuditKnowledge,
): Promise<Verdict> {
  return verdictOf(await disclosedCells(knownTablesOf(published), { earlier }, evidence, policy));
}
