import type { Delivery } from "../registers/delivery.ts";
import { register } from "../registers/index.ts";
import { type Office, officeRegister } from "../registers/office.ts";
import { type RegisterId, registerIds } from "../registers/register.ts";
import type { DataState } from "../report/report-context.ts";
import { isLate } from "./lateness.ts";

/** What the report says of its sources: every register in order, also the one that delivered nothing. */
export function dataStates(
  chosen: ReadonlyMap<RegisterId, readonly Delivery[]>,
  referenceDate: string,
  office: Office,
): readonly DataState[] {
  return registerIds.map((id) => {
    const deliveries = chosen.get(id) ?? [];
    const newest = deliveries.map((delivery) => delivery.slot.referenceDate).reduce(later, "");
    return {
      register: id,
      title: register(id).title,
      deliveries: deliveries.map(deliveryFacts),
      late: isLate(id, newest === "" ? undefined : newest, referenceDate, officeRegister(office, id)),
      missing: deliveries.length === 0,
    };
  });
}

function deliveryFacts(delivery: Delivery): DataState["deliveries"][number] {
  const { id, sha256, slot, receivedAt, rowsRead, taken, rejected } = delivery;
  return {
    id,
    sha256,
    part: slot.part,
    referenceDate: slot.referenceDate,
    receivedAt,
    rowsRead,
    taken,
    rejected,
  };
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
