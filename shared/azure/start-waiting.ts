import { addressesAmong } from "./address-files.ts";
import { listDeliveries } from "./delivery-store.ts";
import type { Surroundings } from "./surroundings.ts";
import { sendDeliveryMessage } from "./work-queue.ts";

/** Sends every delivery that waited for an address file and has one now to the queue. Repeating does no harm. */
export async function startWaiting(around: Surroundings): Promise<void> {
  const deliveries = await listDeliveries(around.storage.table("Deliveries"));
  const gliederung = deliveries.filter(({ slot }) => slot.register === "gliederung");
  for (const { state, slot, id } of deliveries) {
    if (state !== "received" || addressesAmong(gliederung, slot).kind !== "found") continue;
    await sendDeliveryMessage(around.storage, { kind: "delivery", register: slot.register, id });
  }
}
