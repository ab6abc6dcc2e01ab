import { z } from "zod";
import { refuseUnknown } from "../registers/refuse-unknown.ts";
import { readDeliveryId } from "../report/receipt.ts";
import type { Decision, StoredDelivery } from "./delivery-row.ts";
import { changeDelivery, findDelivery, putInForce } from "./delivery-store.ts";
import { deleteBlocks } from "./record-store.ts";
import { startWaiting } from "./start-waiting.ts";
import type { Surroundings } from "./surroundings.ts";
import { sendDeliveryMessage } from "./work-queue.ts";

/** `conflict`: it is not held any more, or a higher number is in force. */
export type DecisionResult = "done" | "unknown" | "conflict";

const triesToDecide = 5;
const longestReason = 500;

const decisionSchema = z.strictObject({
  entscheidung: z.enum(["freigeben", "zurueckweisen"]),
  grund: z.string().trim().max(longestReason).default(""),
});

/** A decision as an operator's form or program sends it; undefined where it is none. */
export function readDeliveryDecision(fields: unknown): Pick<Decision, "what" | "why"> | undefined {
  const { data } = decisionSchema.safeParse(fields);
  return data === undefined ? undefined : { what: data.entscheidung, why: data.grund };
}

/**
 * Carries out what an operator decided on a held delivery and keeps who, what, when and why in its row.
 * Released: in force, or waiting on where it was held for want of addresses. Refused: its records are deleted.
 */
export async function decideDelivery(
  id: string,
  decision: Omit<Decision, "when">,
  around: Surroundings,
): Promise<DecisionResult> {
  const register = readDeliveryId(id)?.register;
  if (register === undefined) return "unknown";
  const noted = { ...decision, when: around.now().toISOString() };
  for (let attempt = 0; attempt < triesToDecide; attempt++) {
    const delivery = await findDelivery(around.storage.table("Deliveries"), register, id);
    if (delivery === undefined) return "unknown";
    if (delivery.state !== "held") return "conflict";
    const result = await carryOut(delivery, noted, around);
    if (result === "overtaken") continue;
    around.log("delivery-decided", { register, deliveryId: id, decision: decision.what, result });
    return result;
  }
  return "conflict";
}

async function carryOut(
  delivery: StoredDelivery,
  decision: Decision,
  around: Surroundings,
): Promise<DecisionResult | "overtaken"> {
  switch (decision.what) {
    case "freigeben":
      return delivery.blockCount > 0
        ? await release(delivery, decision, around)
        : await waitOn(delivery, decision, around);
    case "zurueckweisen":
      return await refuse(delivery, decision, around);
    default:
      return refuseUnknown(decision.what, "decision on a delivery");
  }
}

async function release(
  delivery: StoredDelivery,
  decision: Decision,
  around: Surroundings,
): Promise<DecisionResult | "overtaken"> {
  const change = { decisions: [...delivery.decisions, decision], settledAt: decision.when, reason: "" };
  const result = await putInForce(around.storage.table("Deliveries"), delivery, change);
  if (result === "overtaken") return "overtaken";
  if (result === "older") return "conflict";
  const { register, part } = delivery.slot;
  await sendDeliveryMessage(around.storage, { kind: "receipt", register, id: delivery.id });
  if (register === "gliederung" && part === "adressen") await startWaiting(around);
  return "done";
}

/** Nothing is loaded yet: it is received anew and gets another 24 hours, and another set of attempts. */
async function waitOn(
  delivery: StoredDelivery,
  decision: Decision,
  around: Surroundings,
): Promise<DecisionResult | "overtaken"> {
  const result = await changeDelivery(around.storage.table("Deliveries"), delivery, {
    state: "received",
    decisions: [...delivery.decisions, decision],
    waitingSince: decision.when,
    attempts: 0,
    reason: "",
    settledAt: "",
  });
  if (result === "overtaken") return "overtaken";
  await sendDeliveryMessage(around.storage, {
    kind: "delivery",
    register: delivery.slot.register,
    id: delivery.id,
  });
  return "done";
}

async function refuse(
  delivery: StoredDelivery,
  decision: Decision,
  around: Surroundings,
): Promise<DecisionResult | "overtaken"> {
  const result = await changeDelivery(around.storage.table("Deliveries"), delivery, {
    state: "rejected",
    decisions: [...delivery.decisions, decision],
    settledAt: decision.when,
    blockCount: 0,
  });
  if (result === "overtaken") return "overtaken";
  await deleteBlocks(around.storage.table("Records"), delivery.id);
  await sendDeliveryMessage(around.storage, {
    kind: "receipt",
    register: delivery.slot.register,
    id: delivery.id,
  });
  return "done";
}
