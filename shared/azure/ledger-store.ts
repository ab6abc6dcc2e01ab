import {
  checkChain,
  checkHead,
  entriesBefore,
  type LedgerEntry,
  type LedgerHead,
  type Showing,
} from "../disclosure/ledger/ledger.ts";
import { entryBytes, readEntry } from "../disclosure/ledger/ledger-file.ts";
import type { StorageClients } from "./clients.ts";
import {
  entryName,
  isRecordOf,
  type LedgerRecord,
  marksOf,
  mayShare,
  metadataOf,
  recordOf,
  shownIn,
} from "./ledger-record.ts";
import { sha256 } from "./sha256.ts";
import { hasStatus } from "./storage-error.ts";

/** What was shown before a release, as far as it matters for that release. */
export type History = {
  /** The last entry that was looked at: what is appended on the strength of it stands behind this one. */
  readonly audited: LedgerHead;
  /** In the order of the ledger. */
  readonly entries: readonly LedgerEntry[];
};

export type HistoryOrder = {
  /** Id of the release that is to be audited: a build that is repeated meets what it met before. */
  readonly release: string;
  /** Entries that showed one of these are read. */
  readonly universes: Iterable<string>;
  /** "JJJJ-MM-TT": from this reference date on also those that count the same at another date. */
  readonly countedFrom?: string;
};

/** Entries that are read side by side. */
const readsAtOnce = 8;
/**
 * Reads what was shown before a release.
 *
 * The chain is checked over the whole ledger, by what a list tells; the content of the entries that matter is read and
 * checked against the chain. What no list tells of an entry is looked up in it.
 *
 * @throws {RangeError} naming the sequence number, if the chain is broken or an entry is not what the chain says: then
 * nothing may be released.
 */
export async function readHistory(storage: StorageClients, order: HistoryOrder): Promise<History> {
  const records = entriesBefore(await listLedger(storage), order.release);
  const audited = checkChain(records);
  const { universes, counted } = marksOf(order.universes);
  const from = order.countedFrom;
  const needed = records.filter(
    (record) =>
      mayShare(record.universes, universes) ||
      (from !== undefined && record.referenceDate >= from && mayShare(record.counted, counted)),
  );
  return { audited, entries: await readAll(storage, needed, (entry) => entry) };
}

/**
 * Reads the whole ledger and checks every entry's content.
 *
 * @throws {RangeError} naming the sequence number of what is not as the chain says.
 */
export async function verifyLedger(storage: StorageClients, noted?: LedgerHead): Promise<LedgerHead> {
  const records = await listLedger(storage);
  if (noted !== undefined) checkHead(records, noted);
  await readAll(storage, records, () => undefined);
  return checkChain(records);
}

export type Recorded =
  /** The showing stands in the ledger, since now or since an earlier try. */
  | { readonly kind: "recorded"; readonly entry: LedgerHead }
  /** Somebody showed something of the same counts meanwhile: the release has to be audited again, with that. */
  | { readonly kind: "overtaken" };

/**
 * Appends what a release shows, unless it stands there already: repeated, killed and doubled tries lead to one entry.
 *
 * @param audited head of the history that the release was audited against. Entries behind it that count something else do
 * no harm; one that counts the same has not been audited together with this release, and nothing is appended.
 * @throws {RangeError} naming the sequence number, if the chain is broken, the audited head is not in it, or the release
 * stands in it with other content.
 */
export async function recordShowing(
  storage: StorageClients,
  showing: Showing,
  audited: LedgerHead,
): Promise<Recorded> {
  const { counted } = shownIn(showing);
  for (let tried = 0; ; ) {
    const records = await listLedger(storage);
    const own = records.find(({ release }) => release === showing.release);
    if (own !== undefined) return { kind: "recorded", entry: sameShowing(showing, own) };
    checkHead(records, audited);
    const since = records.filter(({ sequence }) => sequence > audited.sequence);
    if (since.some((record) => mayShare(record.counted, counted))) return { kind: "overtaken" };
    const head = checkChain(records);
    if (head.sequence < tried)
      throw new Error(`Cannot append entry ${tried} to the ledger: storage must list it or take it`);
    tried = head.sequence + 1;
    const entry = { ...showing, sequence: tried, previous: head.hash };
    const hash = await writeNew(storage, entry);
    if (hash !== undefined) return { kind: "recorded", entry: { sequence: tried, hash } };
  }
}

/** Undefined where an entry of that number is there, from somebody else or from a try whose answer was lost. */
async function writeNew(storage: StorageClients, entry: LedgerEntry): Promise<string | undefined> {
  const bytes = entryBytes(entry);
  const hash = sha256(bytes);
  const blob = storage.container("ledger").getBlockBlobClient(entryName(entry.sequence));
  try {
    await blob.upload(bytes, bytes.length, {
      conditions: { ifNoneMatch: "*" },
      metadata: metadataOf(entry, hash),
      blobHTTPHeaders: { blobContentType: "application/json" },
    });
    return hash;
  } catch (error) {
    if (hasStatus(error, 409) || hasStatus(error, 412)) return undefined;
    throw error;
  }
}

function sameShowing(showing: Showing, { sequence, previous, hash }: LedgerRecord): LedgerHead {
  if (sha256(entryBytes({ ...showing, sequence, previous })) !== hash)
    throw new RangeError(`Cannot record a release again: entry ${sequence} of the ledger must show the same`);
  return { sequence, hash };
}

/** Every entry as the list has it, in order. The chain is whole. */
async function listLedger(storage: StorageClients): Promise<readonly LedgerRecord[]> {
  const records: LedgerRecord[] = [];
  for await (const item of storage.container("ledger").listBlobsFlat({ includeMetadata: true })) {
    records.push(recordOf(item));
  }
  checkChain(records);
  return records.toSorted((one, other) => one.sequence - other.sequence);
}

/** What `use` makes of the entries, in their order; so many are read side by side. */
async function readAll<Result>(
  storage: StorageClients,
  records: readonly LedgerRecord[],
  use: (entry: LedgerEntry) => Result,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const rest = records.entries();
  const readers = Array.from({ length: readsAtOnce }, async () => {
    for (const [at, record] of rest) results[at] = use(await readRecord(storage, record));
  });
  await Promise.all(readers);
  return results;
}

async function readRecord(storage: StorageClients, record: LedgerRecord): Promise<LedgerEntry> {
  const { sequence, hash } = record;
  const bytes = await storage.container("ledger").getBlobClient(entryName(sequence)).downloadToBuffer();
  if (sha256(bytes) !== hash)
    throw new RangeError(`Cannot trust the ledger: entry ${sequence} must have the hash of the chain`);
  const entry = readEntry(bytes);
  if (!isRecordOf(record, entry))
    throw new RangeError(`Cannot trust the ledger: entry ${sequence} must be what its metadata tell`);
  return entry;
}
