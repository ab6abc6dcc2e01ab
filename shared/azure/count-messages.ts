import type { QueueClient } from "@azure/storage-queue";
import { type PoisonQueueName, poisonQueueNames, type StorageClients } from "./clients.ts";
import { hasStatus } from "./storage-error.ts";

export type PoisonCounts = readonly { readonly queue: PoisonQueueName; readonly count: number }[];

/** Messages in a queue, those being worked on included; 0 where there is no such queue. */
export async function countMessages(queue: QueueClient): Promise<number> {
  try {
    return (await queue.getProperties()).approximateMessagesCount ?? 0;
  } catch (error) {
    if (hasStatus(error, 404)) return 0;
    throw error;
  }
}

/** What failed for good and waits for a person, by queue. */
export async function countPoison(storage: StorageClients): Promise<PoisonCounts> {
  return await Promise.all(
    poisonQueueNames.map(async (queue) => ({ queue, count: await countMessages(storage.queue(queue)) })),
  );
}
