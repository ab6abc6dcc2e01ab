import { type QueueClient, QueueServiceClient } from "@azure/storage-queue";
import { queueNames } from "../shared/azure/clients.ts";
import { hasStatus } from "../shared/azure/storage-error.ts";

const poisonQueues = ["webjobs-blobtrigger-poison", ...queueNames.map((name) => `${name}-poison`)];

/** Messages in a queue, those being worked on included; 0 where there is no such queue. */
export async function countMessages(queue: QueueClient): Promise<number> {
  try {
    return (await queue.getProperties()).approximateMessagesCount ?? 0;
  } catch (error) {
    if (hasStatus(error, 404)) return 0;
    throw error;
  }
}

/** @throws {Error} naming the queues whose messages could not be worked off. */
export async function refusePoison(connectionString: string): Promise<void> {
  const service = QueueServiceClient.fromConnectionString(connectionString);
  const counts = await Promise.all(poisonQueues.map((name) => countMessages(service.getQueueClient(name))));
  const poisoned = poisonQueues.filter((_, at) => (counts[at] ?? 0) > 0);
  if (poisoned.length > 0)
    throw new Error(`Nicht verarbeitbare Aufträge in ${poisoned.join(", ")}; Gründe stehen im Protokoll.`);
}
