import { refuseUnknown } from "../registers/refuse-unknown.ts";
import type { CountedTable, TableResult } from "../tables/table.ts";
import { type AuditFinding, auditTables } from "./audit.ts";
import { saferTables } from "./coarsen.ts";
import { mergeUnassigned, type TreatedTable } from "./merge-unassigned.ts";
import { checkPolicy, ladderOf, type Policy } from "./policy.ts";
import type { ProtectedTable } from "./released-table.ts";
import { isUnsafe } from "./table-safety.ts";

/** A table that the audit found disclosive with others this often is withheld: a limit by count, never by time. */
const triesPerTable = 40;

type Attempt = {
  readonly counted: CountedTable;
  readonly forms: Iterator<ProtectedTable>;
  current: ProtectedTable;
  tries: number;
};

/**
 * Every table in a form that may be published, or withheld, in the same order. Each unsafe table goes down its ladder as
 * a whole; then all of them together are audited, and while two of them give a small count away, the later one in the
 * report becomes coarser or is withheld.
 *
 * The same results and policy give the same answer. The auditor judges the answer again before anything is written.
 *
 * @throws {RangeError} if the policy is incomplete or a definition's coarsening steps do not fit the table.
 */
export function protect(results: readonly TableResult[], policy: Policy): readonly ProtectedTable[] {
  checkPolicy(policy);
  const counted = results.flatMap((result) => (result.kind === "counted" ? [result.table] : []));
  const merged = mergeUnassigned(counted, policy);
  const attempts = merged.map((unassigned, index) =>
    attemptOf(counted[index] ?? unassigned.table, unassigned, policy),
  );
  const byTable = new Map(attempts.map((attempt) => [attempt.counted, attempt]));
  const missing = results.flatMap((result) =>
    result.kind === "missing" ? [{ ...result.table, kind: result.kind }] : [],
  );
  for (;;) {
    const verdict = auditTables([...attempts.map((attempt) => attempt.current), ...missing], policy);
    if (verdict.kind === "passed") {
      break;
    }
    coarsenLast(attempts, verdict.findings);
  }
  return withAlternatives(results.map((result) => protectedForm(result, byTable)));
}

function protectedForm(
  result: TableResult,
  byTable: ReadonlyMap<CountedTable, Attempt>,
): { readonly form: ProtectedTable; readonly coarser?: string } {
  switch (result.kind) {
    case "missing":
      return { form: { kind: "missing", ...result.table } };
    case "counted": {
      const form = byTable.get(result.table)?.current ?? withheld(result.table);
      const coarser = result.table.coarserTable;
      return coarser === undefined ? { form } : { form, coarser };
    }
    default:
      return refuseUnknown(result, "table result");
  }
}

function attemptOf(counted: CountedTable, unassigned: TreatedTable, policy: Policy): Attempt {
  const forms = formsOf(counted, unassigned, policy);
  return { counted, forms, current: nextForm(forms, counted), tries: 0 };
}

/** The forms of a table in the order of its ladder, from the least loss on. */
function* formsOf(
  counted: CountedTable,
  { table, treatments }: TreatedTable,
  policy: Policy,
): Generator<ProtectedTable> {
  if (treatments.length === 0 && !isUnsafe(table, policy)) {
    yield { kind: "published", method: "none", table, treatments };
  }
  for (const method of ladderOf(policy, counted.id)) {
    switch (method) {
      case "coarsen":
        yield* coarsenedForms(table, treatments, policy);
        break;
      case "withhold":
        yield withheld(counted);
        break;
      default:
        refuseUnknown(method, "treatment");
    }
  }
}

function* coarsenedForms(
  table: CountedTable,
  before: TreatedTable["treatments"],
  policy: Policy,
): Generator<ProtectedTable> {
  for (const safer of saferTables(table, policy)) {
    const treatments = [
      ...before.filter((treatment) => !isSuperseded(treatment, safer.table)),
      ...safer.treatments,
    ];
    if (treatments.length > 0) {
      yield { kind: "published", method: "coarsen", table: safer.table, treatments };
    }
  }
}

/** Persons without assignment need no word any more where the area they were moved into is not shown. */
function isSuperseded(treatment: TreatedTable["treatments"][number], table: CountedTable): boolean {
  const shown = table.dimensions.find((dimension) => dimension.id === treatment.dimension)?.categories ?? [];
  return treatment.kind === "merged" && !shown.some((category) => category.code === treatment.into);
}

function nextForm(forms: Iterator<ProtectedTable>, counted: CountedTable): ProtectedTable {
  const next = forms.next();
  return next.done === true ? withheld(counted) : next.value;
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

/** Of the tables of each finding the last one in the report has the fewest readers and gives way. */
function coarsenLast(attempts: readonly Attempt[], findings: readonly AuditFinding[]): void {
  const giveWay = new Set(
    findings.map((finding) =>
      attempts.findLast(
        (attempt) => attempt.current.kind === "published" && finding.tables.includes(attempt.counted.id),
      ),
    ),
  );
  const published = attempts.findLast((attempt) => attempt.current.kind === "published");
  giveWay.delete(undefined);
  // A finding without a place must still end: the last published table goes.
  for (const attempt of giveWay.size > 0 ? giveWay : [published]) {
    if (attempt === undefined) {
      throw new TypeError("Cannot protect tables: the audit must pass when every table is withheld");
    }
    attempt.tries += 1;
    attempt.current =
      attempt.tries > triesPerTable ? withheld(attempt.counted) : nextForm(attempt.forms, attempt.counted);
  }
}

function withAlternatives(
  forms: readonly { readonly form: ProtectedTable; readonly coarser?: string }[],
): readonly ProtectedTable[] {
  const byId = new Map(
    forms.map((entry) => [entry.form.kind === "published" ? entry.form.table.id : entry.form.id, entry]),
  );
  return forms.map(({ form, coarser }) => {
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
