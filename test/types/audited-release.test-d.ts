import { AuditedRelease } from "../../shared/disclosure/audited-release.ts";
import { policy } from "../../shared/disclosure/policy.ts";
import type { AuditedTable } from "../../shared/disclosure/released-table.ts";
import { tableCsv } from "../../shared/report/csv.ts";
import { releaseJson } from "../../shared/report/release-json.ts";
import type { ReportContext } from "../../shared/report/report-context.ts";
import { reportWorkbook } from "../../shared/report/workbook.ts";
import type { CountedTable } from "../../shared/tables/table.ts";

/**
 * Wrong uses that must not compile; `tsc` checks this file and nothing runs it. If the guard is lost, the expectation of an
 * error is unused and fails the build.
 */
export async function wrongUses(
  release: AuditedRelease,
  table: CountedTable,
  tables: readonly AuditedTable[],
  context: ReportContext,
): Promise<void> {
  // @ts-expect-error a counted table was not audited
  tableCsv(table, "T01");
  // @ts-expect-error nor were tables that only carry a verdict
  await reportWorkbook(tables, context);
  // @ts-expect-error a spread loses the seal
  releaseJson({ ...release }, context, {});
  // @ts-expect-error a changed spread too
  tableCsv({ ...release, tables }, "T01");
  // @ts-expect-error a literal has none
  await reportWorkbook({ kind: "audited", tables, policy }, context);
  // @ts-expect-error nobody but `audit` constructs a release
  new AuditedRelease(Symbol("auditPassed"), tables, policy);
  // @ts-expect-error the verdict "disclosive" is no release
  tableCsv(await AuditedRelease.audit([], policy, { earlier: [] }), "T01");
  // @ts-expect-error audited tables cannot be exchanged
  release.tables[0] = tables[0];
}
