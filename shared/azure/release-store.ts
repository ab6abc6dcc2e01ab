import { odata, type TableClient } from "@azure/data-tables";
import type { LedgerHead } from "../disclosure/ledger/ledger.ts";
import { nextTurn } from "../release/overtaken.ts";
import { canBecome, isReleaseState, type ReleaseState } from "../release/release-states.ts";
import { hasStatus } from "./storage-error.ts";

/** What is known of a release. Its files lie in the container `releases`, below its id. */
export type Release = {
  /** Week and the first 12 hex digits of the hash over everything it was made from. */
  readonly id: string;
  /** "2026-KW47" */
  readonly week: string;
  readonly referenceDate: string;
  readonly state: ReleaseState;
  /** Instant that is written into its files; kept over repeats, so that a resumed build writes the same bytes. */
  readonly now: string;
  /** Why it is held or failed: a rule id or a count, never content. */
  readonly reason?: string | undefined;
  /** Name in the library where the stable file was open and the report stands beside it. */
  readonly publishedBeside?: string | undefined;
  /** Operator who released or refused a held report, and when. */
  readonly decidedBy?: string | undefined;
  readonly decidedAt?: string | undefined;
  /** Instant of the latest order that led to this release, where it is later than `now`. */
  readonly confirmedAt?: string | undefined;
  /** SHA-256 of the plan that was written with the audited files. */
  readonly planHash?: string | undefined;
  /** Number and hash of the ledger's entry that says what the release shows; noted here so that nobody cuts it off unseen. */
  readonly ledgerSequence?: number | undefined;
  readonly ledgerHash?: string | undefined;
  /** Which one of its week it is by the order of being handed on to publication, from 1; 0 before that. */
  readonly turn: number;
  readonly etag: string;
  /** When the row was last written, by the service's own clock (ISO). */
  readonly changedAt: string;
};

/** All main rows stand in one partition, so that a list never reads a whole table. */
const releasePartition = "release";

type ReleaseEntity = Omit<Release, "id" | "etag" | "state" | "changedAt" | "turn"> & {
  readonly state: string;
  readonly turn?: number | undefined;
  readonly timestamp?: string | undefined;
};

export async function listReleases(table: TableClient): Promise<readonly Release[]> {
  const filter = odata`PartitionKey eq ${releasePartition}`;
  const releases: Release[] = [];
  for await (const entity of table.listEntities<ReleaseEntity>({ queryOptions: { filter } })) {
    releases.push(asRelease(String(entity.rowKey), entity, entity.etag));
  }
  return releases;
}

const idForm = /^\d{4}-KW\d{2}-[0-9a-f]{12}$/;

/** @param id may come from outside: what has not the form of one is looked up nowhere. */
export async function findRelease(table: TableClient, id: string): Promise<Release | undefined> {
  if (!idForm.test(id)) return undefined;
  try {
    const entity = await table.getEntity<ReleaseEntity>(releasePartition, id);
    return asRelease(id, entity, entity.etag);
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

/** Creates the row, or gives the one that is there: two builders of the same release meet in one row. */
export async function openRelease(
  table: TableClient,
  release: Omit<Release, "etag" | "state" | "changedAt" | "turn">,
): Promise<Release> {
  const { id, ...facts } = release;
  try {
    await table.createEntity({ partitionKey: releasePartition, rowKey: id, state: "building", ...facts });
  } catch (error) {
    if (!hasStatus(error, 409)) throw error;
  }
  const opened = await findRelease(table, id);
  if (opened === undefined)
    throw new Error(`Cannot open release "${id}": the row must exist after it was created`);
  return opened;
}

/**
 * Moves a release to another state by one conditional update.
 * @returns the row as it is afterwards; unchanged where it already has that state.
 * @throws {RangeError} if the state may not follow, also when somebody else moved it meanwhile.
 */
export async function moveRelease(
  table: TableClient,
  id: string,
  state: ReleaseState,
  facts: Pick<
    Partial<Release>,
    "reason" | "decidedBy" | "decidedAt" | "publishedBeside" | "planHash" | "turn"
  > = {},
): Promise<Release> {
  for (;;) {
    const present = await findRelease(table, id);
    if (present === undefined) throw new RangeError(`Cannot move release "${id}" to ${state}: it must exist`);
    if (present.state === state) return present;
    if (!canBecome(present.state, state)) {
      throw new RangeError(`Cannot move release "${id}" to ${state}: it is ${present.state}`);
    }
    const entity = { partitionKey: releasePartition, rowKey: id, state, reason: "", ...facts };
    try {
      await table.updateEntity(entity, "Merge", { etag: present.etag });
    } catch (error) {
      // 412: somebody was faster, or an answer was lost and this is our own success. Reading again tells.
      if (!hasStatus(error, 412)) throw error;
    }
  }
}

/** Moves a release to `publishing`, as the last one of its week so far. */
export async function handOnRelease(
  table: TableClient,
  release: Release,
  facts: Pick<Release, "decidedBy" | "decidedAt"> = {},
): Promise<Release> {
  const turn = nextTurn(release, await listReleases(table));
  return await moveRelease(table, release.id, "publishing", { ...facts, turn });
}

/** Notes that a later order led to this very release again, so that nobody orders it for the same deliveries once more. */
export async function confirmRelease(table: TableClient, id: string, confirmedAt: string): Promise<void> {
  await table.updateEntity({ partitionKey: releasePartition, rowKey: id, confirmedAt }, "Merge");
}

/** Notes the entry of the ledger that says what a release shows. */
export async function noteLedgerEntry(table: TableClient, id: string, entry: LedgerHead): Promise<void> {
  const { sequence: ledgerSequence, hash: ledgerHash } = entry;
  await table.updateEntity(
    { partitionKey: releasePartition, rowKey: id, ledgerSequence, ledgerHash },
    "Merge",
  );
}

/** The newest entry that the ledger must still have. */
export function notedHead(releases: readonly Release[]): LedgerHead | undefined {
  const noted = releases.flatMap(({ ledgerSequence, ledgerHash }) =>
    ledgerSequence === undefined || ledgerHash === undefined
      ? []
      : [{ sequence: ledgerSequence, hash: ledgerHash }],
  );
  return noted.toSorted((a, b) => b.sequence - a.sequence)[0];
}

/** Ids of the actions of a plan that are done. */
export async function listDoneActions(table: TableClient, releaseId: string): Promise<ReadonlySet<string>> {
  const filter = odata`PartitionKey eq ${releaseId}`;
  const done = new Set<string>();
  for await (const entity of table.listEntities<{ action: string; done: boolean }>({
    queryOptions: { filter },
  })) {
    if (entity.done) done.add(entity.action);
  }
  return done;
}

/** Records an action's end; the upload URL, a secret, goes with it. */
export async function recordActionDone(table: TableClient, releaseId: string, action: string): Promise<void> {
  await table.upsertEntity({ ...actionKey(releaseId, action), action, done: true }, "Replace");
}

/** Forgets what is done, for a plan that is to be carried out anew. */
export async function forgetActions(table: TableClient, releaseId: string): Promise<void> {
  for (const action of await listDoneActions(table, releaseId)) {
    const { partitionKey, rowKey } = actionKey(releaseId, action);
    await table.deleteEntity(partitionKey, rowKey);
  }
}

export async function loadUploadUrl(
  table: TableClient,
  releaseId: string,
  action: string,
): Promise<string | undefined> {
  const { partitionKey, rowKey } = actionKey(releaseId, action);
  try {
    const entity = await table.getEntity<{ uploadUrl?: string }>(partitionKey, rowKey);
    return entity.uploadUrl === "" ? undefined : entity.uploadUrl;
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

export async function saveUploadUrl(
  table: TableClient,
  releaseId: string,
  action: string,
  uploadUrl: string | undefined,
): Promise<void> {
  await table.upsertEntity(
    { ...actionKey(releaseId, action), action, done: false, uploadUrl: uploadUrl ?? "" },
    "Replace",
  );
}

function actionKey(releaseId: string, action: string): { partitionKey: string; rowKey: string } {
  return { partitionKey: releaseId, rowKey: `action.${action.replaceAll("/", "|")}` };
}

function asRelease(id: string, entity: ReleaseEntity, etag: string): Release {
  if (!isReleaseState(entity.state))
    throw new TypeError(`Cannot read release "${id}": its state must be a declared one`);
  const { week, referenceDate, state, now } = entity;
  return {
    id,
    week,
    referenceDate,
    state,
    now,
    etag,
    changedAt: entity.timestamp ?? "",
    reason: filled(entity.reason),
    publishedBeside: filled(entity.publishedBeside),
    decidedBy: filled(entity.decidedBy),
    decidedAt: filled(entity.decidedAt),
    confirmedAt: filled(entity.confirmedAt),
    planHash: filled(entity.planHash),
    ledgerSequence: entity.ledgerSequence,
    ledgerHash: filled(entity.ledgerHash),
    turn: entity.turn ?? 0,
  };
}

function filled(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}
