import { addressesAmong } from "../shared/azure/address-files.ts";
import { countMessages } from "../shared/azure/count-messages.ts";
import type { StoredDelivery } from "../shared/azure/delivery-row.ts";
import { arrivalOf, findArrival, listDeliveries } from "../shared/azure/delivery-store.ts";
import { plainETag } from "../shared/azure/etag.ts";
import { readBlobName } from "../shared/registers/blob-name.ts";
import { isUnderWay } from "../shared/registers/delivery-states.ts";
import type { RegisterId } from "../shared/registers/register.ts";
import type { LocalCloud } from "./local-cloud.ts";

const pollMs = 150;
const patienceMs = 30 * 60_000;

/**
 * Waits until every blob in `exports` is registered and every delivery has come to an end. Deliveries that wait for an
 * address file count as settled once nothing is under way that could bring one.
 *
 * @throws {Error} if nothing is left to hope for: messages went to poison.
 */
export async function awaitDeliveries(cloud: LocalCloud): Promise<readonly StoredDelivery[]> {
  const { storage } = cloud;
  const arrived = new Set<string>();
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    const began = performance.now();
    const missing = await countMissing(storage, arrived);
    const deliveries = await listDeliveries(storage.table("Deliveries"));
    const quiet = missing === 0 && (await countMessages(storage.queue("lieferungen"))) === 0;
    if (quiet && isSettled(deliveries)) return deliveries;
    await cloud.refusePoison();
    // Looking at a thousand deliveries costs the emulator time that those need who work on them.
    const looked = performance.now() - began;
    await new Promise((resolve) => setTimeout(resolve, Math.max(pollMs, 4 * looked)));
  }
  throw new Error("Die Lieferungen sind nach 30 Minuten noch nicht verarbeitet.");
}

/** True if nothing goes on by itself: a delivery that was interrupted does, one without an address file does not. */
export function isSettled(deliveries: readonly StoredDelivery[]): boolean {
  const gliederung = deliveries.filter(({ slot }) => slot.register === "gliederung");
  const open = deliveries.filter(({ state }) => isUnderWay(state));
  return open.every(
    ({ state, slot }) => state === "received" && addressesAmong(gliederung, slot).kind === "missing",
  );
}

async function countMissing(storage: LocalCloud["storage"], arrived: Set<string>): Promise<number> {
  let missing = 0;
  for await (const { name, properties } of storage.container("exports").listBlobsFlat()) {
    const etag = plainETag(properties.etag);
    const key = `${name}\n${etag}`;
    if (arrived.has(key)) continue;
    const known = await findArrival(storage.table("Deliveries"), arrivalOf(registerOf(name), name, etag));
    if (known === undefined) missing++;
    else arrived.add(key);
  }
  return missing;
}

function registerOf(blobName: string): RegisterId | undefined {
  const read = readBlobName(blobName);
  return read.kind === "slot" ? read.slot.register : read.register;
}
