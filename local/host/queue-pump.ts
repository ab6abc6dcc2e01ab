import type { DequeuedMessageItem, QueueClient } from "@azure/storage-queue";
import { describe, type Guard, keepGoing, statusOf } from "./keep-going.ts";
import { wait } from "./wait.ts";

export type PumpOptions = {
  readonly batchSize: number;
  /** More messages are fetched when no more than this number is running. */
  readonly newBatchThreshold: number;
  readonly maxRunning: number;
  readonly maxDequeueCount: number;
  /** How long a message stays hidden after a failed try. */
  readonly retryAfterMs: number;
  /** How long a message stays hidden while it is worked on; renewed at a third of it. */
  readonly leaseMs: number;
  /** Longest pause between two looks at an empty queue. */
  readonly maxPollMs: number;
};

export type Pump = Guard & {
  readonly queue: QueueClient;
  readonly options: PumpOptions;
  /** Rejects to have the message tried again. */
  handle(message: DequeuedMessageItem): Promise<void>;
  poisonQueue(message: DequeuedMessageItem): QueueClient;
  /** False for a message that can never be handled: it goes to the poison queue at once. */
  canHandle(message: DequeuedMessageItem): boolean;
};

type Running = { message: DequeuedMessageItem; popReceipt: string; done: Promise<void> };

const shortestPollMs = 40;

/**
 * Works a queue as the real host does: batches, a lease per message, deleted on success, visible again after a failure,
 * into the poison queue after the last one. Resolves when the signal aborts and every running message has ended.
 */
export async function pumpQueue(pump: Pump): Promise<void> {
  const running = new Map<string, Running>();
  let pollMs = shortestPollMs;
  await keepGoing(pump, pump.queue.name, async () => {
    await pump.queue.createIfNotExists();
    while (!pump.signal.aborted) {
      if (running.size > pump.options.newBatchThreshold) {
        await Promise.race([...[...running.values()].map((one) => one.done), wait(60_000, pump.signal)]);
        continue;
      }
      const messages = await receive(pump, pump.options.maxRunning - running.size);
      pollMs = messages.length > 0 ? shortestPollMs : Math.min(pollMs * 1.5, pump.options.maxPollMs);
      for (const message of messages) take(pump, running, message);
      if (messages.length === 0) await wait(pollMs, pump.signal);
    }
  });
  await Promise.allSettled([...running.values()].map((one) => one.done));
}

async function receive(pump: Pump, free: number): Promise<readonly DequeuedMessageItem[]> {
  const answer = await pump.queue.receiveMessages({
    numberOfMessages: Math.min(pump.options.batchSize, free),
    visibilityTimeout: seconds(pump.options.leaseMs),
  });
  return answer.receivedMessageItems;
}

/**
 * A message that comes back while this host still works on it lost its lease, because the process was too busy to renew it.
 * It is not run twice; the running one goes on under the new receipt.
 */
function take(pump: Pump, running: Map<string, Running>, message: DequeuedMessageItem): void {
  const known = running.get(message.messageId);
  if (known !== undefined) {
    known.message = message;
    known.popReceipt = message.popReceipt;
    return;
  }
  const one: Running = { message, popReceipt: message.popReceipt, done: Promise.resolve() };
  one.done = work(pump, one).finally(() => running.delete(message.messageId));
  running.set(message.messageId, one);
}

async function work(pump: Pump, one: Running): Promise<void> {
  const stopRenewing = renewLease(pump, one);
  try {
    const outcome = await handleOnce(pump, one);
    await stopRenewing();
    await finish(pump, one, outcome);
  } catch (error) {
    const status = statusOf(error);
    const lost = status === 404 || status === 400 ? "another host has taken it" : "it comes back later";
    report(pump, one, `${describe(error)}; ${lost}`);
  }
}

type Outcome = "done" | "failed" | "poison";

async function handleOnce(pump: Pump, one: Running): Promise<Outcome> {
  if (one.message.dequeueCount > pump.options.maxDequeueCount) return "poison";
  if (!pump.canHandle(one.message)) {
    report(pump, one, "it is not encoded as base64");
    return "poison";
  }
  try {
    await pump.handle(one.message);
    return "done";
  } catch (error) {
    report(pump, one, describe(error));
    return one.message.dequeueCount >= pump.options.maxDequeueCount ? "poison" : "failed";
  }
}

async function finish(pump: Pump, one: Running, outcome: Outcome): Promise<void> {
  const id = one.message.messageId;
  if (outcome === "failed") {
    await pump.queue.updateMessage(id, one.popReceipt, undefined, seconds(pump.options.retryAfterMs));
    return;
  }
  if (outcome === "poison") {
    const poison = pump.poisonQueue(one.message);
    await poison.createIfNotExists();
    await poison.sendMessage(one.message.messageText, { messageTimeToLive: -1 });
  }
  await pump.queue.deleteMessage(id, one.popReceipt);
}

/** @returns what ends the renewing; it waits for a renewal under way, because that one changes the receipt. */
function renewLease(pump: Pump, one: Running): () => Promise<void> {
  const { leaseMs } = pump.options;
  let isEnded = false;
  let pending: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    pending = pending.then(() => (isEnded ? undefined : extend(pump, one)));
  }, leaseMs / 3);
  return () => {
    isEnded = true;
    clearInterval(timer);
    return pending;
  };
}

async function extend(pump: Pump, one: Running): Promise<void> {
  try {
    const { leaseMs } = pump.options;
    const answer = await pump.queue.updateMessage(
      one.message.messageId,
      one.popReceipt,
      undefined,
      seconds(leaseMs),
    );
    one.popReceipt = answer.popReceipt ?? one.popReceipt;
  } catch (error) {
    report(pump, one, `its lease could not be renewed: ${describe(error)}`);
  }
}

function report(pump: Pump, one: Running, reason: string): void {
  const { messageId, dequeueCount } = one.message;
  pump.log.write({
    level: "warning",
    message: `${pump.queue.name}: message ${messageId}, try ${dequeueCount}: ${reason}`,
  });
}

/** Storage queues count visibility in whole seconds. */
function seconds(ms: number): number {
  return Math.ceil(ms / 1_000);
}
