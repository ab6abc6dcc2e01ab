import { readBlobName } from "../registers/blob-name.ts";
import { isUnderWay } from "../registers/delivery-states.ts";
import { addressesAmong } from "./address-files.ts";
import type { StoredDelivery } from "./delivery-row.ts";
import { arrivalOf, changeDelivery, findArrival, listDeliveries } from "./delivery-store.ts";
import { plainETag } from "./etag.ts";
import { readOfficeFiles } from "./office-files.ts";
import type { Surroundings } from "./surroundings.ts";
import { sendDeliveryMessage } from "./work-queue.ts";

const minute = 60_000;
/** An event comes within seconds; a blob without a row after this time was missed. */
const missedAfterMs = 5 * minute;
/** A run lasts 30 minutes at most (`functionTimeout`). */
const abandonedAfterMs = 35 * minute;
const waitAtMostMs = 24 * 60 * minute;
/** A file that ends every run is left to a person. */
const attemptsAtMost = 5;
const lookUpsInFlight = 8;

/** Reasons of the row that are no findings of a file. */
export const sweepReasons = { waited: "adressen-fehlen", abandoned: "abgebrochen" } as const;

/**
 * Finds what fell through: blobs without a row, interrupted deliveries, deliveries that wait for an address file that has
 * come or that never comes. Sends them to the queue, holds what waited 24 hours.
 * While the office's files cannot be read it fails with their mistake and sends nothing: every order would be given up.
 *
 * @param clock the machine's time, against which the services' own times are compared; facts use `around.now()`.
 */
export async function sweepDeliveries(around: Surroundings, clock: Date): Promise<void> {
  await readOfficeFiles(around.storage);
  const deliveries = await listDeliveries(around.storage.table("Deliveries"));
  const gliederung = deliveries.filter(({ slot }) => slot.register === "gliederung");
  const underWay = deliveries.filter(({ state }) => isUnderWay(state));
  for (const delivery of underWay) {
    const waits = addressesAmong(gliederung, delivery.slot).kind;
    await sweepDelivery(delivery, waits, around, clock);
  }
  const missed = await sweepBlobs(around, clock);
  around.log("sweep", { underWay: underWay.length, missed });
}

async function sweepDelivery(
  delivery: StoredDelivery,
  addresses: ReturnType<typeof addressesAmong>["kind"],
  around: Surroundings,
  clock: Date,
): Promise<void> {
  const idleMs = clock.getTime() - Date.parse(delivery.changedAt);
  if (delivery.state === "received" && addresses === "missing") {
    const waitedMs = around.now().getTime() - Date.parse(delivery.waitingSince);
    if (waitedMs >= waitAtMostMs) await hold(delivery, sweepReasons.waited, around);
  } else if (delivery.state === "received" && addresses === "found") {
    await restart(delivery, around);
  } else if (idleMs >= (delivery.state === "loading" ? abandonedAfterMs : missedAfterMs)) {
    if (delivery.attempts >= attemptsAtMost) await hold(delivery, sweepReasons.abandoned, around);
    else await restart(delivery, around);
  }
}

async function restart({ slot, id }: StoredDelivery, around: Surroundings): Promise<void> {
  await sendDeliveryMessage(around.storage, { kind: "delivery", register: slot.register, id });
  around.log("delivery-restarted", { register: slot.register, deliveryId: id });
}

/** Changed meanwhile: then it is not stuck, and the next sweep looks again. */
async function hold(delivery: StoredDelivery, reason: string, around: Surroundings): Promise<void> {
  const settledAt = around.now().toISOString();
  await changeDelivery(around.storage.table("Deliveries"), delivery, { state: "held", reason, settledAt });
  around.log("delivery-held", { register: delivery.slot.register, deliveryId: delivery.id, reason });
}

async function sweepBlobs(around: Surroundings, clock: Date): Promise<number> {
  let missed = 0;
  let batch: Promise<boolean>[] = [];
  for await (const { name, properties } of around.storage.container("exports").listBlobsFlat()) {
    if (clock.getTime() - properties.lastModified.getTime() < missedAfterMs) continue;
    batch.push(sweepBlob(name, properties.etag, around));
    if (batch.length < lookUpsInFlight) continue;
    missed += countTrue(await Promise.all(batch));
    batch = [];
  }
  return missed + countTrue(await Promise.all(batch));
}

async function sweepBlob(name: string, etag: string, around: Surroundings): Promise<boolean> {
  const outcome = readBlobName(name);
  const register = outcome.kind === "slot" ? outcome.slot.register : outcome.register;
  const arrival = arrivalOf(register, name, plainETag(etag));
  if ((await findArrival(around.storage.table("Deliveries"), arrival)) !== undefined) return false;
  await sendDeliveryMessage(around.storage, { kind: "blob", name });
  return true;
}

function countTrue(answers: readonly boolean[]): number {
  return answers.filter(Boolean).length;
}
