import { type NameOutcome, readBlobName } from "../registers/blob-name.ts";
import { isoDayIn } from "../registers/calendar.ts";
import { deliveryId } from "../registers/delivery.ts";
import { isUnderWay } from "../registers/delivery-states.ts";
import { register } from "../registers/index.ts";
import { officeRegister } from "../registers/office.ts";
import { refuseUnknown } from "../registers/refuse-unknown.ts";
import { refusedOutcome } from "../registers/refused-outcome.ts";
import type { FileFinding, Slot } from "../registers/register.ts";
import { BlobChanged, type BlobVersion, contentHash, presentVersion } from "./blob-source.ts";
import type { NewDelivery, StoredDelivery } from "./delivery-row.ts";
import {
  type Arrival,
  arrivalOf,
  changeDelivery,
  createDelivery,
  findArrival,
  findDelivery,
  isOlder,
  listDeliveries,
  readSlot,
  recordArrival,
  type SlotInForce,
} from "./delivery-store.ts";
import { loadDelivery, numberRefusal, repeatReceipt } from "./load-delivery.ts";
import { readOfficeFiles } from "./office-files.ts";
import { writeReceipt } from "./receipt-store.ts";
import { startWaiting } from "./start-waiting.ts";
import type { Surroundings } from "./surroundings.ts";

const bytesPerMegabyte = 1_000_000;
/** Slot part of a file whose name says no slot. */
const unnamedPart = "dateiname";
const triesToRegister = 10;

type NamedFile = Extract<NameOutcome, { kind: "slot" }>;
/** A file at the door: which version of which blob, and how its arrival is recorded. */
type AtDoor = { readonly blobName: string; readonly version: BlobVersion; readonly arrival: Arrival };

/**
 * Takes in the present version of a blob below `exports`: registers it as a delivery and loads it.
 *
 * May be called any number of times for one version, by several hosts at once, and again after a crash anywhere: the
 * same rows come out. An event of a former version takes in the present one.
 */
export async function ingestDelivery(blobName: string, around: Surroundings): Promise<void> {
  try {
    await ingestPresent(blobName, around);
  } catch (error) {
    if (!(error instanceof BlobChanged)) throw error;
    around.log("blob-changed", {}); // the newer version has an event of its own, and the sweep behind that
  }
}

async function ingestPresent(blobName: string, around: Surroundings): Promise<void> {
  const version = await presentVersion(around.storage.container("exports").getBlobClient(blobName));
  if (version === undefined) return around.log("blob-gone", {});
  const name = readBlobName(blobName);
  const registerId = name.kind === "slot" ? name.slot.register : name.register;
  const door = { blobName, version, arrival: arrivalOf(registerId, blobName, version.etag) };
  const known = await findArrival(around.storage.table("Deliveries"), door.arrival);
  if (known !== undefined) return await goOn(known, name, door, around);
  switch (name.kind) {
    case "refused":
      return await refuseName(name, door, around);
    case "slot":
      return await takeIn(name, door, around);
    default:
      return refuseUnknown(name, "name of an export");
  }
}

/** A repeated event: goes on with what was interrupted, else does nothing. */
async function goOn(known: string, name: NameOutcome, door: AtDoor, around: Surroundings): Promise<void> {
  const registerId = name.kind === "slot" ? name.slot.register : name.register;
  if (registerId === undefined || known === "") return around.log("event-repeated", {});
  const delivery = await findDelivery(around.storage.table("Deliveries"), registerId, known);
  if (delivery !== undefined && isUnderWay(delivery.state))
    return await loadDelivery(registerId, known, around);
  // Whoever completed an address file may have ended before it started those that wait.
  if (delivery?.state === "complete" && delivery.slot.part === "adressen") await startWaiting(around);
  around.log("event-repeated", { register: registerId, deliveryId: known });
  if (delivery?.reason === "D-017") await deleteExport(door, around);
}

async function takeIn(name: NamedFile, door: AtDoor, around: Surroundings): Promise<void> {
  const { office } = await readOfficeFiles(around.storage);
  const limit = officeRegister(office, name.slot.register).grenzeMegabyte;
  if (door.version.byteLength > limit * bytesPerMegabyte) {
    return await refuse(name.slot, { code: "D-014", facts: { grenze: `${limit} MB` } }, name, door, around);
  }
  const ags = await expectedAgs(name, office.ags, around);
  if (name.ags !== undefined && ags !== undefined && name.ags !== ags) {
    const beispiel = name.fileName.replace(name.ags, ags);
    return await refuse(name.slot, { code: "D-002", facts: { muster: beispiel } }, name, door, around);
  }
  const delivery = newDelivery(name, door, await contentHash(door.version), around);
  const registered = await registerContent(delivery, door.arrival, around);
  switch (registered.kind) {
    case "new":
      return await loadDelivery(name.slot.register, delivery.id, around);
    case "repeated":
      return await repeat(registered.delivery, door, around);
    case "older":
      return await refuseOlder(delivery, registered.slot, door, around);
    default:
      return refuseUnknown(registered, "registration of a delivery");
  }
}

/** The office's own key, else the one that the deliveries so far agree on. */
async function expectedAgs(
  name: NamedFile,
  own: string | undefined,
  around: Surroundings,
): Promise<string | undefined> {
  if (own !== undefined || name.ags === undefined) return own;
  const deliveries = await listDeliveries(around.storage.table("Deliveries"));
  return deliveries.find(({ ags, state }) => ags !== "" && state !== "rejected")?.ags;
}

function newDelivery(name: NamedFile, door: AtDoor, sha256: string, around: Surroundings): NewDelivery {
  const facts = { slot: name.slot, sha256, sequence: name.sequence, ags: name.ags ?? "" };
  return { ...emptyDelivery(door, around), ...facts, id: deliveryId(name.slot, sha256) };
}

function emptyDelivery(
  { blobName, version }: AtDoor,
  around: Surroundings,
): Omit<NewDelivery, "id" | "slot" | "sha256"> {
  const receivedAt = around.now().toISOString();
  const { etag, byteLength, uploadedAt } = version;
  return {
    ...noResult,
    state: "received",
    blobName,
    etag,
    byteLength,
    uploadedAt,
    receivedAt,
    waitingSince: receivedAt,
    sequence: 1,
    ags: "",
    decisions: [],
  };
}

const noResult = {
  rowsRead: 0,
  taken: 0,
  rejected: 0,
  merged: 0,
  blockCount: 0,
  codeTableVersion: "",
  attempts: 0,
  stand: "",
} as const;

type Registered =
  | { readonly kind: "new" }
  | { readonly kind: "repeated"; readonly delivery: StoredDelivery }
  | { readonly kind: "older"; readonly slot: SlotInForce };

/** Decides what this content is, and decides again whenever somebody else changed the row meanwhile. */
async function registerContent(
  delivery: NewDelivery,
  arrival: Arrival,
  around: Surroundings,
): Promise<Registered> {
  const table = around.storage.table("Deliveries");
  for (let attempt = 0; attempt < triesToRegister; attempt++) {
    const present = await findDelivery(table, delivery.slot.register, delivery.id);
    if (present?.state === "complete" || present?.state === "held") {
      return { kind: "repeated", delivery: present };
    }
    const slot = await readSlot(table, delivery.slot);
    const again = present !== undefined && !isUnderWay(present.state);
    if (again && slot !== undefined && isOlder(delivery, slot)) return { kind: "older", slot };
    const result =
      present === undefined
        ? await createDelivery(table, delivery, arrival)
        : await changeDelivery(
            table,
            present,
            again ? anew(delivery) : newerBlob(present, delivery),
            arrival,
          );
    if (result === "overtaken") continue;
    around.log("delivery-received", { register: delivery.slot.register, deliveryId: delivery.id });
    return { kind: "new" };
  }
  throw new Error(`Cannot register delivery "${delivery.id}": its row is changed all the time`);
}

/** Content that was refused, superseded or purged comes once more and starts from the beginning. */
function anew({ id, slot, decisions, ...facts }: NewDelivery) {
  return { ...facts, settledAt: "", reason: "" };
}

/** The same content under way already: from now on it is read from the newer blob, under the higher number. */
function newerBlob(present: StoredDelivery, { blobName, etag, uploadedAt, sequence }: NewDelivery) {
  return { blobName, etag, uploadedAt, sequence: Math.max(present.sequence, sequence) };
}

/** The same content is in force or held already: nothing changes, the receipt says so. */
async function repeat(delivery: StoredDelivery, door: AtDoor, around: Surroundings): Promise<void> {
  await repeatReceipt(delivery, door.version, around);
  await recordArrival(around.storage.table("Deliveries"), door.arrival, delivery.id);
  around.log("delivery-repeated", { register: delivery.slot.register, deliveryId: delivery.id });
}

/** Superseded content under a number below the one in force: the rows stay as they are. */
async function refuseOlder(
  delivery: NewDelivery,
  slot: SlotInForce,
  door: AtDoor,
  around: Surroundings,
): Promise<void> {
  const finding = await numberRefusal(delivery.slot, slot, around);
  const { office } = await readOfficeFiles(around.storage);
  const refused = {
    ...delivery,
    state: "rejected",
    settledAt: delivery.receivedAt,
    reason: finding.code,
  } as const;
  await writeReceipt(around.storage, {
    delivery: refused,
    outcome: refusedOutcome(finding),
    office,
    columns: register(delivery.slot.register).columnsOf(delivery.slot.part),
    timeZone: around.settings.officeTimeZone,
  });
  await recordArrival(around.storage.table("Deliveries"), door.arrival, delivery.id);
  around.log("delivery-older", { register: delivery.slot.register, deliveryId: delivery.id });
}

async function refuseName(
  name: Extract<NameOutcome, { kind: "refused" }>,
  door: AtDoor,
  around: Surroundings,
): Promise<void> {
  if (name.register === undefined) {
    // Only an administrator can write here; there is no department to tell.
    await recordArrival(around.storage.table("Deliveries"), door.arrival, "");
    return around.log("folder-unknown", { code: name.finding.code });
  }
  const referenceDate = isoDayIn(around.now(), around.settings.officeTimeZone);
  const slot: Slot = { register: name.register, part: unnamedPart, referenceDate };
  await refuse(slot, name.finding, undefined, door, around);
}

/** Refuses a file before its content is read: row, receipt and, where agreed, deletion. Its id rests on path and ETag. */
async function refuse(
  slot: Slot,
  finding: FileFinding,
  name: NamedFile | undefined,
  door: AtDoor,
  around: Surroundings,
): Promise<void> {
  const empty = emptyDelivery(door, around);
  const delivery: NewDelivery = {
    ...empty,
    id: deliveryId(slot, door.arrival.rowKey.replace("eingang.", "")),
    slot,
    sha256: "",
    sequence: name?.sequence ?? 1,
    state: "rejected",
    settledAt: empty.receivedAt,
    reason: finding.code,
  };
  const { office } = await readOfficeFiles(around.storage);
  await writeReceipt(around.storage, {
    delivery,
    outcome: refusedOutcome(finding),
    office,
    columns: name === undefined ? [] : register(slot.register).columnsOf(slot.part),
    timeZone: around.settings.officeTimeZone,
  });
  await createDelivery(around.storage.table("Deliveries"), delivery, door.arrival);
  around.log("delivery-refused", { register: slot.register, deliveryId: delivery.id, code: finding.code });
  if (finding.code === "D-017") await deleteExport(door, around);
}

/** Files that were never agreed may hold what the office must not have. Another version of the blob is left alone. */
async function deleteExport({ blobName, version }: AtDoor, around: Surroundings): Promise<void> {
  const blob = around.storage.container("exports").getBlobClient(blobName);
  await blob.deleteIfExists({ conditions: { ifMatch: `"${version.etag}"` } });
  around.log("blob-deleted", { code: "D-017" });
}
