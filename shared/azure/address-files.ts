import { type AddressIndex, buildAddressIndex } from "../registers/address-index.ts";
import { addDays, dayNumber, monthNumber, monthText } from "../registers/calendar.ts";
import type { Delivery } from "../registers/delivery.ts";
import { register } from "../registers/index.ts";
import type { RecordColumns } from "../registers/record-block.ts";
import type { Slot } from "../registers/register.ts";
import { partInForce } from "../release/in-force.ts";
import type { StorageClients } from "./clients.ts";
import { listDeliveries } from "./delivery-store.ts";
import { readColumns } from "./record-store.ts";
import type { Surroundings } from "./surroundings.ts";

/** What a delivery needs of the address file: nothing, a file that has not come yet, or this one. */
export type Addresses =
  | { readonly kind: "not-needed" }
  | { readonly kind: "missing" }
  | { readonly kind: "found"; readonly delivery: Delivery };

export async function addressesFor(slot: Slot, at: Pick<Surroundings, "storage">): Promise<Addresses> {
  if (!isConcerned(slot)) return { kind: "not-needed" };
  return addressesAmong(await listDeliveries(at.storage.table("Deliveries"), "gliederung"), slot);
}

/** The same over a list that is at hand. */
export function addressesAmong(gliederung: readonly Delivery[], slot: Slot): Addresses {
  if (!isConcerned(slot)) return { kind: "not-needed" };
  const delivery = partInForce(gliederung, "adressen", lastDayOf(slot));
  if (delivery !== undefined) return { kind: "found", delivery };
  return { kind: register(slot.register).needsAddresses(slot.part) ? "missing" : "not-needed" };
}

function isConcerned({ register: id, part }: Slot): boolean {
  const { needsAddresses, comparesAddresses } = register(id);
  return needsAddresses(part) || comparesAddresses?.(part) === true;
}

type Cached<T> = { readonly key: string; readonly value: Promise<T> };

type Cache = { columns?: Cached<RecordColumns>; index?: Cached<AddressIndex> };

/** A hundred schools deliver on one day and share one address file: the newest is kept, read and as index. */
const caches = new WeakMap<StorageClients, Cache>();

/** The index of an address file as of the last day of a slot. */
export async function readAddresses(
  addresses: Addresses,
  slot: Slot,
  at: Pick<Surroundings, "storage">,
): Promise<AddressIndex | undefined> {
  if (addresses.kind !== "found") return undefined;
  const { delivery } = addresses;
  const day = dayNumber(lastDayOf(slot));
  const key = `${delivery.id} ${delivery.settledAt ?? ""} ${day}`;
  const cache = cacheOf(at.storage);
  if (cache.index?.key !== key) cache.index = { key, value: buildIndex(delivery, day, at) };
  return await kept(cache.index.value, () => delete cache.index);
}

async function buildIndex(
  delivery: Delivery,
  day: number,
  at: Pick<Surroundings, "storage">,
): Promise<AddressIndex> {
  const key = `${delivery.id} ${delivery.settledAt ?? ""}`;
  const cache = cacheOf(at.storage);
  if (cache.columns?.key !== key) {
    const wanted = register("gliederung").storedOf("adressen");
    cache.columns = { key, value: readColumns(at.storage.table("Records"), delivery, wanted) };
  }
  const columns = await kept(cache.columns.value, () => delete cache.columns);
  return buildAddressIndex(columns, day);
}

function cacheOf(storage: StorageClients): Cache {
  const cache = caches.get(storage) ?? {};
  caches.set(storage, cache);
  return cache;
}

/** A failed read must not be remembered. */
async function kept<T>(value: Promise<T>, forget: () => unknown): Promise<T> {
  try {
    return await value;
  } catch (error) {
    forget();
    throw error;
  }
}

/** The day a slot speaks of, the last one of a month for a monthly register. */
function lastDayOf(slot: Slot): string {
  if (slot.referenceDate.length > 7) return slot.referenceDate;
  return addDays(`${monthText(monthNumber(slot.referenceDate) + 1)}-01`, -1);
}
