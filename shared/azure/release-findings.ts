import type { KnownTable } from "../disclosure/known-table.ts";
import type { Showing } from "../disclosure/ledger/ledger.ts";
import { flowFindings } from "../disclosure/ledger/ledger-flow.ts";
import type { Policy } from "../disclosure/policy.ts";
import type { ProtectedTable } from "../disclosure/released-table.ts";
import { groupDisclosuresIn } from "../disclosure/table-safety.ts";
import { formerReports } from "../release/former-reports.ts";
import type { History } from "./ledger-store.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * Tells the office, and nobody else, how many cells of a release show groups with all persons in one category, and how many
 * numbers changed by so little since the week before that they tell of single persons. Tables and counts, no cells.
 */
export async function noteFindings(
  { storage, log }: Surroundings,
  tables: readonly ProtectedTable[],
  showing: Showing,
  history: History,
  policy: Policy,
): Promise<void> {
  const groups = tables.flatMap((table) => {
    const found = table.kind === "published" ? groupDisclosuresIn(table.table) : 0;
    return table.kind === "published" && found > 0 ? [{ table: table.table.id, groups: found }] : [];
  });
  const [former] = formerReports(history.entries, showing.referenceDate);
  const before: readonly KnownTable[] = former?.tables ?? [];
  const changes = flowFindings(before, showing.tables, policy.publishFromChange.value);
  const findings = { release: showing.release, groups, changes };
  const blob = storage.container("internal").getBlockBlobClient(`berichte/${showing.release}.json`);
  await blob.uploadData(Buffer.from(`${JSON.stringify(findings)}\n`), {
    blobHTTPHeaders: { blobContentType: "application/json" },
  });
  log("release.findings", {
    release: showing.release,
    groupsInOneCategory: groups.reduce((sum, { groups: found }) => sum + found, 0),
    smallChanges: changes.reduce((sum, { cells }) => sum + cells, 0),
  });
}
