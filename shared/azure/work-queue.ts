import { z } from "zod";
import { registerIds } from "../registers/register.ts";
import type { QueueName, StorageClients } from "./clients.ts";

const deliveryMessageSchema = z.discriminatedUnion("kind", [
  /** A blob without a delivery: its event was missed. */
  z.strictObject({ kind: z.literal("blob"), name: z.string().min(1) }),
  /** A delivery that waited or was interrupted. */
  z.strictObject({ kind: z.literal("delivery"), register: z.enum(registerIds), id: z.string().min(1) }),
  /** A person decided: the department's receipt has to say so. */
  z.strictObject({ kind: z.literal("receipt"), register: z.enum(registerIds), id: z.string().min(1) }),
]);
/** What stands in the queue "lieferungen": pointers, never content. */
export type DeliveryMessage = z.output<typeof deliveryMessageSchema>;

/** @throws {SyntaxError} if a message has not the declared form; its text is not repeated. */
export function readDeliveryMessage(message: unknown): DeliveryMessage {
  const result = deliveryMessageSchema.safeParse(message);
  if (result.success) return result.data;
  throw new SyntaxError("Cannot read the message: it must name a blob or a delivery");
}

/** Puts a message into a queue, base64 as the functions host expects it. */
export async function sendMessage(
  storage: StorageClients,
  queue: QueueName,
  message: Readonly<Record<string, unknown>>,
): Promise<void> {
  await storage.queue(queue).sendMessage(Buffer.from(JSON.stringify(message)).toString("base64"));
}

export async function sendDeliveryMessage(storage: StorageClients, message: DeliveryMessage): Promise<void> {
  await sendMessage(storage, "lieferungen", message);
}
