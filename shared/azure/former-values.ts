import { type FormerValues, fineCells } from "../disclosure/hold.ts";
import type { Policy } from "../disclosure/policy.ts";
import type { ProtectedTable } from "../disclosure/released-table.ts";
import { csvName } from "../report/csv.ts";
import { ReleasedBefore } from "../report/former-values.ts";
import type { StorageClients } from "./clients.ts";
import { hasStatus } from "./storage-error.ts";

/** What the releases, newest first, showed in the cells of `tables` whose values may be held; reads no more than needed. */
export async function readFormerValues(
  storage: StorageClients,
  releases: readonly string[],
  tables: readonly ProtectedTable[],
  policy: Policy,
): Promise<FormerValues> {
  const before = new ReleasedBefore();
  for (const table of tables.flatMap((form) => (form.kind === "published" ? [form.table] : []))) {
    const cells = [...fineCells(table, policy)];
    for (const release of releases) {
      if (cells.every((cell) => before.valueOf(table, cell) !== undefined)) break;
      const csv = await readReleased(storage, `${release}/${csvName(table)}`);
      if (csv !== undefined) before.add(table.id, csv);
    }
  }
  return before.valueOf;
}

/** A file of a release; undefined where it had no such table. */
async function readReleased(storage: StorageClients, path: string): Promise<string | undefined> {
  try {
    return (await storage.container("releases").getBlobClient(path).downloadToBuffer()).toString("utf8");
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}
