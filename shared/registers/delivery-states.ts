import type { DeliveryState } from "./delivery.ts";

/**
 * Where a delivery may go from each state. `complete` follows from `loading` or, by a person's decision, from `held`;
 * content that is delivered once more starts at `received` again.
 */
const transitions = {
  received: ["loading", "rejected", "held", "superseded"],
  loading: ["loading", "complete", "rejected", "held", "superseded"],
  complete: ["superseded"],
  rejected: ["received", "purged"],
  held: ["complete", "received", "rejected"],
  superseded: ["received", "purged"],
  purged: ["received"],
} as const satisfies Record<DeliveryState, readonly DeliveryState[]>;

export function deliveryCanBecome(from: DeliveryState, to: DeliveryState): boolean {
  const allowed: readonly DeliveryState[] = transitions[from];
  return allowed.includes(to);
}

/** True while a delivery has been registered and no end of its reading is known. */
export function isUnderWay(state: DeliveryState): boolean {
  return state === "received" || state === "loading";
}
