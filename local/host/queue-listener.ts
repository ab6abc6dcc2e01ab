import type { DequeuedMessageItem } from "@azure/storage-queue";
import { openConnection } from "./connections.ts";
import type { RegisteredFunction, TypedData } from "./core-types.ts";
import type { HostContext } from "./host-context.ts";
import { writeOutputs } from "./outputs.ts";
import { pumpQueue } from "./queue-pump.ts";
import { decodeMessage } from "./queue-text.ts";
import { requireField, resolveSettings, triggerOf } from "./trigger.ts";

/** Listens to the queue of one function until the host stops. */
export function startQueueListener(host: HostContext, fn: RegisteredFunction): Promise<void> {
  const { name, binding } = triggerOf(fn);
  const { queues } = openConnection(requireField(binding.connection, fn, "connection"));
  const queueName = resolveSettings(requireField(binding.queueName, fn, "queueName"));
  const poison = queues.getQueueClient(`${queueName}-poison`);
  const { messageEncoding } = host.options.queues;
  return pumpQueue({
    ...host,
    queue: queues.getQueueClient(queueName),
    options: host.options.queues,
    poisonQueue: () => poison,
    canHandle: (message) => decodeMessage(message.messageText, messageEncoding) !== undefined,
    async handle(message) {
      const text = decodeMessage(message.messageText, messageEncoding) ?? "";
      const input = { name, data: { string: text } };
      const response = await host.invoke(fn, [input], metadataOf(message, text));
      await writeOutputs(fn, response, messageEncoding);
    },
  });
}

function metadataOf(message: DequeuedMessageItem, text: string): Readonly<Record<string, TypedData>> {
  return {
    QueueTrigger: { string: text },
    DequeueCount: { int: message.dequeueCount },
    Id: { string: message.messageId },
    PopReceipt: { string: message.popReceipt },
    InsertionTime: { json: JSON.stringify(message.insertedOn) },
    ExpirationTime: { json: JSON.stringify(message.expiresOn) },
    NextVisibleTime: { json: JSON.stringify(message.nextVisibleOn) },
  };
}
