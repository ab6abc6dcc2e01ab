import type { StorageClients } from "../shared/azure/clients.ts";
import { countPoison, type PoisonCounts } from "../shared/azure/count-messages.ts";

/** @throws {Error} naming the queues in which more messages lie that could not be worked off than `before`. */
export async function refusePoison(storage: StorageClients, before: PoisonCounts): Promise<void> {
  const former = new Map(before.map(({ queue, count }) => [queue, count]));
  const poisoned = (await countPoison(storage)).filter(
    ({ queue, count }) => count > (former.get(queue) ?? 0),
  );
  if (poisoned.length === 0) return;
  const names = poisoned.map(({ queue }) => queue).join(", ");
  throw new Error(`Nicht verarbeitbare Aufträge in ${names}; Gründe stehen im Protokoll.`);
}
