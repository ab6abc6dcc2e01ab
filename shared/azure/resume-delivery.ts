import { refuseUnknown } from "../registers/refuse-unknown.ts";
import { findDelivery } from "./delivery-store.ts";
import { ingestDelivery } from "./ingest-delivery.ts";
import { loadDelivery, repeatReceipt } from "./load-delivery.ts";
import type { Surroundings } from "./surroundings.ts";
import { readDeliveryMessage } from "./work-queue.ts";

/** Does what a message of the queue "lieferungen" asks for. A message may come twice. */
export async function resumeDelivery(content: unknown, around: Surroundings): Promise<void> {
  const message = readDeliveryMessage(content);
  switch (message.kind) {
    case "blob":
      return await ingestDelivery(message.name, around);
    case "delivery":
      return await loadDelivery(message.register, message.id, around);
    case "receipt": {
      const delivery = await findDelivery(around.storage.table("Deliveries"), message.register, message.id);
      if (delivery !== undefined) await repeatReceipt(delivery, undefined, around);
      return;
    }
    default:
      return refuseUnknown(message, "message about a delivery");
  }
}
