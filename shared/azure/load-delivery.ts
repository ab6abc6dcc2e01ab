import { isoDayIn } from "../registers/calendar.ts";
import type { Delivery } from "../registers/delivery.ts";
import { isUnderWay } from "../registers/delivery-states.ts";
import { register } from "../registers/index.ts";
import type { ReadOutcome } from "../registers/outcome.ts";
import { readDelivery } from "../registers/read-delivery.ts";
import { refuseUnknown } from "../registers/refuse-unknown.ts";
import { refusedOutcome } from "../registers/refused-outcome.ts";
import type { FileFinding, RegisterId, Slot } from "../registers/register.ts";
import type { Receipt } from "../report/receipt.ts";
import { type Addresses, addressesFor, readAddresses } from "./address-files.ts";
import { BlobChanged, type BlobVersion, versionOf } from "./blob-source.ts";
import type { DeliveryChange, StoredDelivery } from "./delivery-row.ts";
import {
  changeDelivery,
  findDelivery,
  isOlder,
  listDeliveries,
  putInForce,
  readSlot,
  type SlotInForce,
} from "./delivery-store.ts";
import { type OfficeFiles, readOfficeFiles } from "./office-files.ts";
import { keepGeometry, writeInternalFacts, writeReceipt } from "./receipt-store.ts";
import { deleteBlocks, recordWriter } from "./record-store.ts";
import { standOf } from "./stand.ts";
import { startWaiting } from "./start-waiting.ts";
import type { Surroundings } from "./surroundings.ts";

const triesToSettle = 10;

/** Everything one reading of a delivered file rests on. */
type Reading = {
  readonly delivery: StoredDelivery;
  readonly source: BlobVersion;
  readonly files: OfficeFiles;
  readonly addresses: Addresses;
  readonly previous: Delivery | undefined;
};

/**
 * Loads a registered delivery and settles it: reads the file, writes its records, the receipt, and then puts it in force
 * by one conditional transaction. Stays `received` while the address file is missing.
 *
 * Repeatable and safe beside another host doing the same. What is not under way is left alone.
 */
export async function loadDelivery(registerId: RegisterId, id: string, around: Surroundings): Promise<void> {
  for (let attempt = 0; attempt < triesToSettle; attempt++) {
    const delivery = await findDelivery(around.storage.table("Deliveries"), registerId, id);
    if (delivery === undefined || !isUnderWay(delivery.state)) return;
    if ((await tryToLoad(delivery, around)) === "settled") return;
  }
  throw new Error(`Cannot load delivery "${id}": its row is changed all the time`);
}

type Attempt = "settled" | "overtaken";

async function tryToLoad(delivery: StoredDelivery, around: Surroundings): Promise<Attempt> {
  const started = performance.now();
  try {
    const slot = await readSlot(around.storage.table("Deliveries"), delivery.slot);
    if (slot !== undefined && isOlder(delivery, slot)) return await refuseNumber(delivery, slot, around);
    const addresses = await addressesFor(delivery.slot, around);
    if (addresses.kind === "missing") {
      around.log("delivery-waiting", { register: delivery.slot.register, deliveryId: delivery.id });
      return "settled";
    }
    return await load(delivery, addresses, around);
  } catch (error) {
    if (!(error instanceof BlobChanged)) throw error;
    return await giveUp(delivery, around);
  } finally {
    const milliseconds = Math.round(performance.now() - started);
    around.log("delivery-step", { register: delivery.slot.register, deliveryId: delivery.id, milliseconds });
  }
}

async function load(delivery: StoredDelivery, addresses: Addresses, around: Surroundings): Promise<Attempt> {
  const files = await readOfficeFiles(around.storage);
  const stand = standOf(files, addresses);
  const loading = await changeDelivery(around.storage.table("Deliveries"), delivery, {
    state: "loading",
    attempts: delivery.attempts + 1,
    stand,
  });
  if (loading === "overtaken") return "overtaken";
  const reading = await prepareReading(loading, addresses, around);
  const outcome = await readIntoRecords(reading, around);
  return await settle(reading, outcome, around);
}

async function prepareReading(
  delivery: StoredDelivery,
  addresses: Addresses,
  around: Surroundings,
  source = versionOf(around.storage.container("exports").getBlobClient(delivery.blobName), delivery),
): Promise<Reading> {
  const files = await readOfficeFiles(around.storage);
  return { delivery, source, files, addresses, previous: await previousOf(delivery, around) };
}

/** What the row count is compared with: the newest delivery in force before it, or the one of its own slot. */
async function previousOf({ id, slot }: Delivery, around: Surroundings): Promise<Delivery | undefined> {
  const deliveries = await listDeliveries(around.storage.table("Deliveries"), slot.register);
  return deliveries
    .filter(
      (other) =>
        other.state === "complete" &&
        other.id !== id &&
        other.slot.part === slot.part &&
        other.slot.referenceDate <= slot.referenceDate,
    )
    .sort((a, b) => (a.slot.referenceDate < b.slot.referenceDate ? -1 : 1))
    .at(-1);
}

async function read(
  { delivery, source, files, addresses, previous }: Reading,
  write: Parameters<typeof readDelivery>[0]["write"],
  around: Surroundings,
): Promise<ReadOutcome> {
  const index = await readAddresses(addresses, delivery.slot, around);
  return await readDelivery({
    slot: delivery.slot,
    source,
    office: files.office,
    codes: files.codes,
    keys: around.keys,
    // The day of arrival, not of this run: a repeated run must decide the same.
    today: isoDayIn(new Date(delivery.receivedAt), around.settings.officeTimeZone),
    write,
    ...(index === undefined ? {} : { addresses: index }),
    ...(previous === undefined ? {} : { previousRows: previous.rowsRead }),
  });
}

async function readIntoRecords(reading: Reading, around: Surroundings): Promise<ReadOutcome> {
  const { id, stand } = reading.delivery;
  const table = around.storage.table("Records");
  const writer = recordWriter(table, id, stand);
  let outcome: ReadOutcome;
  try {
    outcome = await read(reading, (block) => writer.write(block), around);
  } catch (error) {
    await writer.finish().catch(() => undefined); // nothing may still be writing when the row is given up
    throw error;
  }
  const written = await writer.finish();
  const isRejected = outcome.verdict.kind === "rejected";
  if (!isRejected) checkCounts(outcome, written, id);
  await deleteBlocks(table, id, isRejected ? 0 : written.blockCount);
  return outcome;
}

/** Nothing may vanish between the file and the table. */
function checkCounts(
  outcome: ReadOutcome,
  written: { readonly blockCount: number; readonly rowCount: number },
  id: string,
): void {
  const agree =
    outcome.rowsRead === outcome.taken + outcome.rejected &&
    outcome.taken === written.rowCount + outcome.merged &&
    outcome.blockCount === written.blockCount;
  if (!agree) {
    throw new Error(
      `Cannot settle delivery "${id}": expected ${outcome.taken} records taken, found ${written.rowCount} written and ${outcome.merged} merged`,
    );
  }
}

/**
 * Receipt and facts are written before the row is changed: a crash in between is repeated, while a row that is settled
 * already would never get its receipt.
 */
async function settle(reading: Reading, outcome: ReadOutcome, around: Surroundings): Promise<Attempt> {
  const { delivery, source } = reading;
  const change = resultOf(outcome, around.now().toISOString());
  const { reason, ...facts } = change;
  const settled: Delivery = { ...delivery, ...facts, ...(reason === "" ? {} : { reason }) }; // the row as it will be
  await writeReceipt(around.storage, receiptOf(reading, settled, outcome, around));
  await writeInternalFacts(around.storage, settled, outcome);
  if (delivery.slot.part === "geometrie" && outcome.verdict.kind !== "rejected") {
    await keepGeometry(around.storage, delivery.id, source);
  }
  return await close(delivery, change, around);
}

/** What the row is to say when a delivery is settled. */
type Result = Pick<
  ReadOutcome,
  "rowsRead" | "taken" | "rejected" | "merged" | "blockCount" | "codeTableVersion"
> & {
  readonly state: "complete" | "held" | "rejected";
  readonly reason: string;
  readonly settledAt: string;
};

async function close(
  delivery: StoredDelivery,
  { state, ...facts }: Result,
  around: Surroundings,
): Promise<Attempt> {
  const result = await storeResult(delivery, { state, ...facts }, around);
  if (result === "overtaken") return "overtaken";
  const { register: registerId, part } = delivery.slot;
  const { rowsRead, taken, rejected, reason } = facts;
  around.log("delivery-settled", {
    register: registerId,
    deliveryId: delivery.id,
    state,
    rowsRead,
    taken,
    rejected,
    reason,
  });
  if (state === "complete" && registerId === "gliederung" && part === "adressen") await startWaiting(around);
  return "settled";
}

/**
 * Stores the result in the row. Where only the slot was contested, or another host did the same work, it tries again
 * with the row as it is now; "overtaken" if the row has become something else, or a higher number is in force.
 */
async function storeResult(delivery: StoredDelivery, result: Result, around: Surroundings): Promise<Attempt> {
  const table = around.storage.table("Deliveries");
  let present = delivery;
  for (let attempt = 0; attempt < triesToSettle; attempt++) {
    const { state, ...facts } = result;
    const stored =
      state === "complete"
        ? await putInForce(table, present, facts)
        : await changeDelivery(table, present, { ...facts, state });
    if (stored === "older") return "overtaken";
    if (stored !== "overtaken") return "settled";
    const now = await findDelivery(table, delivery.slot.register, delivery.id);
    if (now === undefined || !isSameWork(now, delivery)) return "overtaken";
    present = now;
  }
  return "overtaken";
}

function isSameWork(a: StoredDelivery, b: StoredDelivery): boolean {
  return a.state === b.state && a.stand === b.stand && a.etag === b.etag;
}

/** The facts of the row that follow from reading the file. */
function resultOf(outcome: ReadOutcome, settledAt: string): Result {
  const { rowsRead, taken, rejected, merged, blockCount, codeTableVersion, verdict } = outcome;
  const counts = { rowsRead, taken, rejected, merged, blockCount, codeTableVersion, settledAt };
  switch (verdict.kind) {
    case "accepted":
      return { ...counts, state: "complete", reason: "" };
    case "held":
      return { ...counts, state: "held", reason: verdict.finding.code };
    case "rejected":
      return {
        ...counts,
        blockCount: 0,
        state: "rejected",
        reason: verdict.findings[0]?.code ?? "",
      } as const;
    default:
      return refuseUnknown(verdict, "verdict on a delivery");
  }
}

function receiptOf(
  { files, previous }: Reading,
  delivery: Delivery,
  outcome: ReadOutcome,
  around: Surroundings,
): Receipt {
  return {
    delivery,
    outcome,
    office: files.office,
    columns: register(delivery.slot.register).columnsOf(delivery.slot.part),
    timeZone: around.settings.officeTimeZone,
    ...(previous === undefined ? {} : { previous: { id: previous.id, rowsRead: previous.rowsRead } }),
  };
}

/** A lower number than the one in force: refused, also when its records are written already. */
async function refuseNumber(
  delivery: StoredDelivery,
  slot: SlotInForce,
  around: Surroundings,
): Promise<Attempt> {
  const outcome = refusedOutcome(await numberRefusal(delivery.slot, slot, around));
  await deleteBlocks(around.storage.table("Records"), delivery.id);
  return await settle(await prepareReading(delivery, { kind: "not-needed" }, around), outcome, around);
}

/** D-010, naming the delivery in force and the day it was taken. */
export async function numberRefusal(
  { register: registerId }: Slot,
  slot: SlotInForce,
  around: Surroundings,
): Promise<FileFinding> {
  const inForce = await findDelivery(around.storage.table("Deliveries"), registerId, slot.id);
  const day = isoDayIn(new Date(inForce?.settledAt ?? slot.uploadedAt), around.settings.officeTimeZone);
  return { code: "D-010", facts: { id: slot.id, datum: day } };
}

/** The file was replaced or withdrawn before it was taken; its newer version has an event of its own. */
async function giveUp(delivery: StoredDelivery, around: Surroundings): Promise<Attempt> {
  const table = around.storage.table("Deliveries");
  const present = await findDelivery(table, delivery.slot.register, delivery.id);
  if (present === undefined || !isUnderWay(present.state)) return "settled";
  if (present.etag !== delivery.etag) return "overtaken"; // the same content lies in a newer blob
  await deleteBlocks(around.storage.table("Records"), delivery.id);
  const change: DeliveryChange = {
    state: "superseded",
    settledAt: around.now().toISOString(),
    blockCount: 0,
  };
  const result = await changeDelivery(table, present, change);
  around.log("blob-changed", { register: delivery.slot.register, deliveryId: delivery.id });
  return result === "overtaken" ? "overtaken" : "settled";
}

/**
 * Writes the receipt of a settled delivery anew by reading its file once more; nothing else changes. For a file that
 * is delivered again (`repeated`), and after a person's decision.
 */
export async function repeatReceipt(
  delivery: StoredDelivery,
  repeated: BlobVersion | undefined,
  around: Surroundings,
): Promise<void> {
  const addresses = await addressesFor(delivery.slot, around);
  if (addresses.kind === "missing") return;
  const reading = await prepareReading(delivery, addresses, around, repeated);
  const outcome = await read(reading, ignoreBlock, around);
  const receipt = receiptOf(reading, delivery, asDecided(outcome, delivery), around);
  const repeatedAt = repeated === undefined ? undefined : (delivery.settledAt ?? delivery.receivedAt);
  await writeReceipt(around.storage, { ...receipt, ...(repeatedAt === undefined ? {} : { repeatedAt }) });
}

async function ignoreBlock(): Promise<void> {}

/** The verdict that holds: what a person decided, or what was found when the file was taken. */
function asDecided(outcome: ReadOutcome, delivery: Delivery): ReadOutcome {
  if (delivery.state === "complete") return { ...outcome, verdict: { kind: "accepted" } };
  if (delivery.state !== "rejected" || outcome.verdict.kind !== "held") return outcome;
  return { ...outcome, verdict: { kind: "rejected", findings: [outcome.verdict.finding] } };
}
