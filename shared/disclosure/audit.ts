import { refuseUnknown } from "../registers/refuse-unknown.ts";
import { type CountedTable, type Measure, stateOf } from "../tables/table.ts";
import { type AttackedTable, attack, type DerivedCell } from "./audit-attack.ts";
import { hasOnlyComputedFigures, remaindersOf } from "./audit-computed.ts";
import { isWellFormed } from "./audit-shape.ts";
import type { Policy } from "./policy.ts";
import type { AuditedTable, ProtectedTable } from "./released-table.ts";

export const auditRules = [
  /** The table is not what protection hands on: sizes, trees, codes, states, counts that are not whole persons. */
  "malformed-table",
  /** A published count is small. */
  "small-count",
  /** Two published counts of the same cell, one within the other, leave a small count. */
  "small-remainder",
  /** A published rate or difference does not follow from the counts beside it. */
  "unjudged-figure",
  /** A published amount has too few recipients or a dominant one. */
  "unsafe-amount",
  /** Published cells of these tables give a small count away by subtraction. */
  "derived-small-count",
  /** They give away an amount nobody has judged. */
  "derived-amount",
  /** They contradict each other: the same cell with two values, or parts that are not their sum. */
  "contradiction",
  /** The attack did not come to an end within its limits, or cannot tell what overlapping categories share. */
  "unproven",
] as const;
type AuditRule = (typeof auditRules)[number];

/** Place and rule of what would be disclosed: ids of tables, never a cell or a value. */
export type AuditFinding = { readonly rule: AuditRule; readonly tables: readonly string[] };

export type AuditResult =
  | { readonly kind: "passed"; readonly tables: readonly AuditedTable[] }
  | { readonly kind: "disclosive"; readonly findings: readonly AuditFinding[] };

type Verdict =
  | { readonly kind: "passed" }
  | { readonly kind: "failed"; readonly findings: readonly AuditFinding[] };
type Check = (published: readonly CountedTable[], policy: Policy) => Verdict;

/** Every one must report "passed"; a later one may rely on the earlier ones. */
const checks: readonly Check[] = [checkShapes, checkPublishedCells, checkDerivedCells];

/**
 * Whether the tables, taken together, keep every small count and unsafe amount from an attacker who knows the policy, the
 * hierarchies and all cells of these tables, and adds and subtracts them.
 *
 * Starts from "withhold": only when every check has reported and passed does the release pass. Shares no code with
 * protection beyond the data types. Within these tables only; earlier releases are not part of it.
 *
 * @throws {TypeError} on a kind of table it does not know.
 */
export function auditTables(tables: readonly ProtectedTable[], policy: Policy): AuditResult {
  const published = tables.flatMap(publishedTable);
  const verdicts: Verdict[] = [];
  for (const check of checks) {
    const verdict = check(published, policy);
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
    const state = table.states[cell];
    if (state !== stateOf.value && state !== stateOf.held) {
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

function smallCount(count: number, policy: Policy): boolean {
  return (count > 0 && count < policy.publishFromCount.value) || (count === 0 && !policy.publishZeros.value);
}

function provenAmount({ values, concentration }: CountedTable, cell: number, policy: Policy): boolean {
  if (concentration === undefined) {
    return values[cell] === 0;
  }
  const [recipients = 0, largest = 0, absolute = 0] = [
    concentration.recipients[cell],
    concentration.largest[cell],
    concentration.absolute[cell],
  ];
  const nothing = values[cell] === 0 && absolute === 0 && recipients === 0;
  const enough = recipients >= policy.publishFromRecipients.value;
  return nothing || (enough && largest <= (absolute * policy.dominancePercent.value) / 100);
}

function checkDerivedCells(published: readonly CountedTable[], policy: Policy): Verdict {
  const attacked: readonly AttackedTable[] = published;
  const result = attack(attacked);
  const findings = new Map<string, AuditFinding>();
  for (const cell of result.derived) {
    const rule = ruleBroken(cell, policy);
    if (rule !== undefined) {
      findings.set(`${rule} ${cell.tables.join(" ")}`, { rule, tables: cell.tables });
    }
  }
  for (const tables of result.contradictions) {
    findings.set(`contradiction ${tables.join(" ")}`, { rule: "contradiction", tables });
  }
  for (const tables of result.unsettled) {
    findings.set(`unproven ${tables.join(" ")}`, { rule: "unproven", tables });
  }
  if (!result.finished) {
    findings.set("unproven", { rule: "unproven", tables: published.map(({ id }) => id) });
  }
  return verdictOf([...findings.values()]);
}

function ruleBroken(cell: DerivedCell, policy: Policy): AuditRule | undefined {
  if (cell.kind === "money") {
    return cell.subtracted && cell.value !== 0 ? "derived-amount" : undefined;
  }
  if (cell.value < 0) {
    return "contradiction";
  }
  return smallCount(cell.value, policy) ? "derived-small-count" : undefined;
}
