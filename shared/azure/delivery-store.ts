import { odata, type TableClient, type TransactionAction } from "@azure/data-tables";
import { deliveryCanBecome } from "../registers/delivery-states.ts";
import type { Slot } from "../registers/register.ts";
import { type RegisterId, registerIds } from "../registers/register.ts";
import {
  asDelivery,
  asRow,
  asRowChange,
  type DeliveryChange,
  type NewDelivery,
  type StoredDelivery,
} from "./delivery-row.ts";
import { sha256 } from "./sha256.ts";
import { hasStatus } from "./storage-error.ts";
import { BatchRefused, submitBatch } from "./table-batch.ts";

/** What is in force in a slot: the row every change of force meets in, so that two deliveries never both win. */
export type SlotInForce = {
  readonly id: string;
  readonly sequence: number;
  readonly uploadedAt: string;
  readonly version: string;
};

/** How a change ended. `overtaken`: somebody else changed the row; read it again and decide again. */
export type ChangeResult = StoredDelivery | "overtaken";
export type ForceResult = "in-force" | "older" | "overtaken";

const conflicts: readonly number[] = [404, 409, 412];

/** Deliveries of one register, or of all in the order of the registers; each register by id. */
export async function listDeliveries(
  table: TableClient,
  register?: RegisterId,
): Promise<readonly StoredDelivery[]> {
  const registers = register === undefined ? registerIds : [register];
  return (await Promise.all(registers.map((id) => listRegister(table, id)))).flat();
}

async function listRegister(table: TableClient, register: RegisterId): Promise<readonly StoredDelivery[]> {
  // "." follows "-": the ids of this register and none of the partition's other rows.
  const filter = odata`PartitionKey eq ${register} and RowKey ge ${`${register}-`} and RowKey lt ${`${register}.`}`;
  const deliveries: StoredDelivery[] = [];
  for await (const entity of table.listEntities({ queryOptions: { filter } }))
    deliveries.push(asDelivery(entity));
  return deliveries;
}

export async function findDelivery(
  table: TableClient,
  register: RegisterId,
  id: string,
): Promise<StoredDelivery | undefined> {
  const entity = await findRow(table, register, id);
  return entity === undefined ? undefined : asDelivery(entity);
}

/** Registers a delivery together with the row of its arrival. `overtaken`: the content is registered already. */
export async function createDelivery(
  table: TableClient,
  delivery: NewDelivery,
  arrival: Arrival,
): Promise<ChangeResult> {
  return await submitted(table, [["create", asRow(delivery)], arrivalAction(arrival, delivery.id)]);
}

/**
 * Changes a delivery if it is still as `present` says, with the row of a new arrival where there is one.
 *
 * @throws {RangeError} if the new state may not follow the present one.
 */
export async function changeDelivery(
  table: TableClient,
  present: StoredDelivery,
  change: DeliveryChange,
  arrival?: Arrival,
): Promise<ChangeResult> {
  const actions = [changeAction(present, change)];
  if (arrival !== undefined) actions.push(arrivalAction(arrival, present.id));
  return await submitted(table, actions);
}

/**
 * Puts a delivery in force and the one before it out of force by one transaction: a report sees either or, never both.
 *
 * `older`: what is in force has a higher number, or the same and was uploaded later; nothing is changed then.
 */
export async function putInForce(
  table: TableClient,
  present: StoredDelivery,
  change: Omit<DeliveryChange, "state">,
): Promise<ForceResult> {
  const slot = await readSlot(table, present.slot);
  if (slot !== undefined && isOlder(present, slot)) return "older";
  const actions = [changeAction(present, { ...change, state: "complete" }), slotAction(present, slot)];
  const former = slot === undefined ? undefined : await findDelivery(table, present.slot.register, slot.id);
  if (former?.state === "complete" && former.id !== present.id) {
    actions.push(changeAction(former, { state: "superseded" }));
  }
  const result = await submitted(table, actions);
  return result === "overtaken" ? "overtaken" : "in-force";
}

/** True if a file of the same slot with a higher number, or with the same number uploaded later, is in force. */
export function isOlder(
  delivery: Pick<StoredDelivery, "id" | "sequence" | "uploadedAt">,
  slot: SlotInForce,
): boolean {
  if (delivery.id === slot.id) return false;
  if (delivery.sequence !== slot.sequence) return delivery.sequence < slot.sequence;
  return delivery.uploadedAt < slot.uploadedAt;
}

export async function readSlot(table: TableClient, slot: Slot): Promise<SlotInForce | undefined> {
  const entity = await findRow(table, slot.register, slotKey(slot));
  if (entity === undefined) return undefined;
  return {
    id: String(entity["inForce"]),
    sequence: Number(entity["sequence"]),
    uploadedAt: String(entity["uploadedAt"]),
    version: String(entity["etag"]),
  };
}

/** One version of one blob, as an event names it. */
export type Arrival = { readonly partitionKey: string; readonly rowKey: string };

/** Partition for arrivals whose folder belongs to no register. */
const unknownRegister = "unbekannt";

/** @param register of the blob's folder. */
export function arrivalOf(register: RegisterId | undefined, blobName: string, etag: string): Arrival {
  const hash = sha256(`${blobName}\n${etag}`);
  return { partitionKey: register ?? unknownRegister, rowKey: `eingang.${hash.slice(0, 32)}` };
}

/** The delivery that a version of a blob became; "" where it became none; undefined where it is new. */
export async function findArrival(table: TableClient, arrival: Arrival): Promise<string | undefined> {
  const entity = await findRow(table, arrival.partitionKey, arrival.rowKey);
  return entity === undefined ? undefined : String(entity["delivery"]);
}

/** Records that a version of a blob has been dealt with, so that its event, repeated, does nothing. */
export async function recordArrival(table: TableClient, arrival: Arrival, deliveryId: string): Promise<void> {
  await table.upsertEntity({ ...arrival, delivery: deliveryId }, "Replace");
}

function arrivalAction(arrival: Arrival, deliveryId: string): TransactionAction {
  return ["upsert", { ...arrival, delivery: deliveryId }, "Replace"];
}

function changeAction(present: StoredDelivery, change: DeliveryChange): TransactionAction {
  if (change.state !== undefined && !deliveryCanBecome(present.state, change.state)) {
    throw new RangeError(`Cannot move delivery "${present.id}" to ${change.state}: it is ${present.state}`);
  }
  const entity = { partitionKey: present.slot.register, rowKey: present.id, ...asRowChange(change) };
  return ["update", entity, "Merge", { etag: present.version }];
}

function slotAction(present: StoredDelivery, slot: SlotInForce | undefined): TransactionAction {
  const entity = {
    partitionKey: present.slot.register,
    rowKey: slotKey(present.slot),
    inForce: present.id,
    sequence: present.sequence,
    uploadedAt: present.uploadedAt,
  };
  return slot === undefined ? ["create", entity] : ["update", entity, "Replace", { etag: slot.version }];
}

function slotKey(slot: Slot): string {
  return `slot.${slot.part}.${slot.referenceDate}`;
}

/**
 * Submits and reads back: a conflict may be the echo of our own success whose answer was lost, and what was stored may
 * have been changed since. The row as it is decides, by the facts that the first action sets.
 */
async function submitted(table: TableClient, actions: readonly TransactionAction[]): Promise<ChangeResult> {
  const [, wanted] = actions[0] ?? refuseEmpty();
  try {
    await submitBatch(table, actions, `delivery "${wanted.rowKey}"`);
  } catch (error) {
    if (!(error instanceof BatchRefused && conflicts.includes(error.statusCode))) throw error;
  }
  const row = await findRow(table, wanted.partitionKey, wanted.rowKey);
  const isOurs = row !== undefined && Object.entries(wanted).every(([name, value]) => row[name] === value);
  return isOurs ? asDelivery(row) : "overtaken";
}

function refuseEmpty(): never {
  throw new RangeError("Cannot submit a transaction without actions");
}

async function findRow(
  table: TableClient,
  partitionKey: string,
  rowKey: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    return await table.getEntity(partitionKey, rowKey);
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}
