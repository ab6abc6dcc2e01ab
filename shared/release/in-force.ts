import { compareText } from "../registers/compare-text.ts";
import type { Delivery } from "../registers/delivery.ts";
import type { RegisterId } from "../registers/register.ts";

/**
 * The deliveries a report of `referenceDate` ("JJJJ-MM-TT") rests on, by register and in a fixed order.
 *
 * `ewo-alw`, `ewo`: the newest complete one not after it. `schild`: the newest of each school. `gliederung`: the newest
 * of each part. `akdn-sozial`: one per month, oldest first. `fortschreibung`: all, oldest first. What is later than the
 * reference date never counts, and neither does anything but state `complete`.
 */
export function inForce(
  deliveries: readonly Delivery[],
  referenceDate: string,
): ReadonlyMap<RegisterId, readonly Delivery[]> {
  const usable = deliveries
    .filter(
      (delivery) => delivery.state === "complete" && !isAfter(delivery.slot.referenceDate, referenceDate),
    )
    .sort(bySlot);
  const result = new Map<RegisterId, Delivery[]>();
  for (const delivery of usable) {
    const { register } = delivery.slot;
    const chosen = (result.get(register) ?? []).filter((earlier) => !replaces(delivery, earlier));
    result.set(register, [...chosen, delivery]);
  }
  return result;
}

/** The newest address file (or other part of `gliederung`) valid on a day, if there is one. */
export function partInForce(
  deliveries: readonly Delivery[],
  part: string,
  day: string,
): Delivery | undefined {
  return inForce(deliveries, day)
    .get("gliederung")
    ?.find((delivery) => delivery.slot.part === part);
}

function replaces(newer: Delivery, older: Delivery): boolean {
  if (newer.slot.part !== older.slot.part) return false;
  return !keepsEveryDate(newer.slot.register) || newer.slot.referenceDate === older.slot.referenceDate;
}

function keepsEveryDate(register: RegisterId): boolean {
  return register === "akdn-sozial" || register === "fortschreibung";
}

function isAfter(date: string, referenceDate: string): boolean {
  return date > referenceDate.slice(0, date.length);
}

/** By part, then date, then sequence and id, so that the order of delivery never matters. */
function bySlot(a: Delivery, b: Delivery): number {
  return (
    compareText(a.slot.part, b.slot.part) ||
    compareText(a.slot.referenceDate, b.slot.referenceDate) ||
    a.sequence - b.sequence ||
    compareText(a.id, b.id)
  );
}
