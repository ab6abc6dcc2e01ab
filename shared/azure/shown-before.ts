import { knownTablesOf } from "../disclosure/attacker/known-tables.ts";
import type { Before } from "../disclosure/before.ts";
import type { KnownTable } from "../disclosure/known-table.ts";
import { entriesBefore, type Showing } from "../disclosure/ledger/ledger.ts";
import { entryBytes, readEntry } from "../disclosure/ledger/ledger-file.ts";
import { earlierTables, lastShown } from "../disclosure/ledger/ledger-history.ts";
import type { ProtectedTable } from "../disclosure/released-table.ts";
import { remembered } from "../release/former-reports.ts";
import { isOvertaken } from "../release/overtaken.ts";
import type { ReportWeek } from "../release/report-week.ts";
import type { TableResult } from "../tables/table.ts";
import type { StorageClients } from "./clients.ts";
import { type History, readHistory, verifyLedger } from "./ledger-store.ts";
import { listReleases, notedHead } from "./release-store.ts";
import type { Surroundings } from "./surroundings.ts";

/** A release looks back this many days for what was shown of the same counts. */
const daysBack = 400;
const millisecondsOfDay = 86_400_000;

/** The ledger, the reports that readers see now, and what the tables of the week count. */
export type ShownBefore = History & Readonly<Record<"inForce" | "universes", ReadonlySet<string>>>;

/**
 * What the ledger tells of everything that the tables of a week count, at their own dates and in the weeks before.
 *
 * @throws {RangeError} naming the entry, if the ledger is not what it was when the releases were recorded in it.
 */
export async function readShown(
  storage: StorageClients,
  results: readonly TableResult[],
  { referenceDate }: ReportWeek,
): Promise<ShownBefore> {
  const releases = await listReleases(storage.table("Releases"));
  await verifyLedger(storage, notedHead(releases));
  const from = new Date(Date.parse(referenceDate) - daysBack * millisecondsOfDay);
  const universes = universesOf(results);
  const history = await readHistory(storage, {
    release: "",
    universes,
    countedFrom: from.toISOString().slice(0, 10),
  });
  const inForce = releases.filter(
    (release) => release.state === "published" && !isOvertaken(release, releases),
  );
  return { ...history, universes, inForce: new Set(inForce.map(({ id }) => id)) };
}

function universesOf(results: readonly TableResult[]): ReadonlySet<string> {
  const counted = results.flatMap((result) => (result.kind === "counted" ? [result.table] : []));
  return new Set(knownTablesOf(counted).map(({ universe }) => universe));
}

/** What readers remember when the release comes out; a build that is repeated meets what it met the first time. */
export function beforeRelease(
  { keys }: Pick<Surroundings, "keys">,
  history: ShownBefore,
  release: { readonly id: string; readonly referenceDate: string },
): Before {
  const entries = entriesBefore(history.entries, release.id);
  return {
    earlier: earlierTables(entries, history.universes),
    lastShown: lastShown(remembered(entries, release.referenceDate, history.inForce), release.referenceDate),
    digest: (name) => keys.tieBreak(name),
  };
}

/** What a release will show, for the ledger. */
export function showingOf(
  release: { readonly id: string },
  { week, referenceDate }: ReportWeek,
  tables: readonly ProtectedTable[],
  { methodVersion, rules }: Pick<Showing, "methodVersion" | "rules">,
): Showing {
  const published = tables.flatMap((table) => (table.kind === "published" ? [table.table] : []));
  const silent = tables.flatMap((table): readonly KnownTable[] =>
    table.kind === "published" ? [] : [{ name: table.id, universe: "", dimensions: [], cells: [] }],
  );
  return {
    release: release.id,
    kind: "report",
    week,
    referenceDate,
    methodVersion,
    rules,
    tables: [...knownTablesOf(published), ...silent],
  };
}

/** Keeps beside the files of a release what it shows and which entry of the ledger was the last it was audited against. */
export async function writeShowing(
  storage: StorageClients,
  showing: Showing,
  { audited }: History,
): Promise<void> {
  const bytes = entryBytes({ ...showing, sequence: audited.sequence + 1, previous: audited.hash });
  await storage.container("releases").getBlockBlobClient(showingPath(showing.release)).uploadData(bytes);
}

export async function readShowing(storage: StorageClients, release: string) {
  const bytes = await storage.container("releases").getBlobClient(showingPath(release)).downloadToBuffer();
  const { sequence, previous, ...showing } = readEntry(bytes);
  return { showing, audited: { sequence: sequence - 1, hash: previous } };
}

function showingPath(release: string): string {
  return `${release}/showing.json`;
}
