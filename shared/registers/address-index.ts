import { highestNumber, lastSuffix, ordersPerNumber, readHouseNumber, suffixOrder } from "./house-number.ts";
import { ownText } from "./own-text.ts";
import type { RecordColumns } from "./record-block.ts";
import { noDate } from "./record-block.ts";
import { normalisedStreet } from "./street-name.ts";

/** Where an address lies. Keys are "" above the level that is known. */
export type Place = {
  /** The address lies in exactly one block. */
  readonly isAssigned: boolean;
  /** "key" and "name": how the street was found. */
  readonly street: "key" | "name" | "unknown";
  /** "12-14" whose second number lies in another block or in none. */
  readonly spansBlocks: boolean;
  readonly stadtbezirk: string;
  readonly stadtteil: string;
  readonly statbezirk: string;
  readonly baublock: string;
  readonly blockseite: string;
};

export type Address = {
  readonly streetKey: string;
  readonly street: string;
  /** House number with its suffix, as written. */
  readonly houseNumber: string;
};

/** The address file as of one day. */
export type AddressIndex = {
  /** The block of an address; else the Stadtteil if the whole street lies in one; else nothing but the city. */
  find(address: Address): Place;
  /** The block of a Blockseite, for deliveries that name it instead of an address. */
  findSide(blockseite: string): Place;
  /** Keys of a level, for the comparison with geometry; empty for an unknown level. */
  keysOf(level: string): ReadonlySet<string>;
};

type Street = {
  readonly key: string;
  /** Ranges of even and of odd numbers, by their lower end. */
  readonly even: Ranges;
  readonly odd: Ranges;
  /** For addresses that no range holds. */
  bucket: Place;
};
type Ranges = { readonly low: number[]; readonly high: number[]; readonly place: Place[] };

export const nowhere: Place = {
  isAssigned: false,
  street: "unknown",
  spansBlocks: false,
  stadtbezirk: "",
  stadtteil: "",
  statbezirk: "",
  baublock: "",
  blockseite: "",
};

const rememberedNames = 20_000;
const levels = ["stadtbezirk", "stadtteil", "statbezirk", "baublock", "blockseite"] as const;

/**
 * Prepares the stored address file for look-ups as of a day (days since 1970-01-01).
 *
 * Street by key, else by normalised name if that is unique, a former name of a street included. The number must lie in
 * exactly one range of its parity; ranges do not overlap, because an address file with overlaps is refused at the door.
 * A range from 12 to 12 without a last suffix holds all suffixes of 12; a range from 1 to 11 ends with 11.
 * Source: address-to-block file, matching an address.
 */
export function buildAddressIndex(columns: RecordColumns, day: number): AddressIndex {
  const rows = validRows(columns, day);
  const byKey = new Map<string, Street>();
  const sides = new Map<string, Place>();
  const keys = new Map<string, Set<string>>(levels.map((level) => [level, new Set()]));
  const read = textReader(columns);
  for (const row of rows) {
    const place = { ...readPlace(read, row), isAssigned: true, street: "key" as const, spansBlocks: false };
    addRange(streetOf(byKey, read("strassenschluessel", row)), rangeOf(columns, read, row), place);
    sides.set(place.blockseite, { ...place, street: "unknown" });
    for (const level of levels) if (place[level] !== "") keys.get(level)?.add(place[level]);
  }
  for (const street of byKey.values()) finishStreet(street);
  const byName = streetNames(columns, rows, byKey, read);
  const noKeys = new Set<string>();
  return {
    find: (address) => findAddress(address, byKey, byName),
    findSide: (side) => sides.get(side) ?? nowhere,
    keysOf: (level) => keys.get(level) ?? noKeys,
  };
}

/** An address file without rows: no address is assigned. */
export const emptyAddressIndex: AddressIndex = {
  find: () => nowhere,
  findSide: () => nowhere,
  keysOf: () => new Set(),
};

type TextReader = (column: string, row: number) => string;

function textReader(columns: RecordColumns): TextReader {
  const read = new Map<string, ReturnType<RecordColumns["text"]>>();
  return (column, row) => {
    const texts = read.get(column) ?? columns.text(column);
    read.set(column, texts);
    return texts.values[texts.index[row] ?? 0] ?? "";
  };
}

function validRows(columns: RecordColumns, day: number): number[] {
  const from = columns.numbers("gueltig_von");
  const to = columns.numbers("gueltig_bis");
  const rows: number[] = [];
  for (let row = 0; row < columns.rowCount; row++) {
    const last = to[row] ?? noDate;
    if ((from[row] ?? noDate) <= day && (last === noDate || last >= day)) rows.push(row);
  }
  return rows;
}

function readPlace(read: TextReader, row: number) {
  return {
    stadtbezirk: read("stadtbezirk", row),
    stadtteil: read("stadtteil", row),
    statbezirk: read("statbezirk", row),
    baublock: read("baublock", row),
    blockseite: read("blockseite", row),
  };
}

export type AddressRange = { readonly low: number; readonly high: number; readonly parity: string };

/** Lower and upper end of a range in the order of all house numbers, both inside. */
export function addressRange(
  from: number,
  fromSuffix: string,
  to: number,
  toSuffix: string,
  parity: string,
): AddressRange {
  const openEnd = toSuffix === "" && from === to;
  const low = from * ordersPerNumber + suffixOrder(fromSuffix);
  const high = to * ordersPerNumber + (openEnd ? lastSuffix : suffixOrder(toSuffix));
  return { low, high, parity };
}

function rangeOf(columns: RecordColumns, read: TextReader, row: number): AddressRange {
  const from = columns.numbers("nr_von")[row] ?? 0;
  const to = columns.numbers("nr_bis")[row] ?? highestNumber;
  return addressRange(from, read("zusatz_von", row), to, read("zusatz_bis", row), read("paritaet", row));
}

function streetOf(byKey: Map<string, Street>, key: string): Street {
  const known = byKey.get(key);
  if (known !== undefined) return known;
  const street: Street = { key, even: emptyRanges(), odd: emptyRanges(), bucket: nowhere };
  byKey.set(key, street);
  return street;
}

function emptyRanges(): Ranges {
  return { low: [], high: [], place: [] };
}

function addRange(street: Street, { low, high, parity }: AddressRange, place: Place): void {
  const sides = [...(parity === "U" ? [] : [street.even]), ...(parity === "G" ? [] : [street.odd])];
  for (const ranges of sides) {
    ranges.low.push(low);
    ranges.high.push(high);
    ranges.place.push(place);
  }
}

function finishStreet(street: Street): void {
  sortRanges(street.even);
  sortRanges(street.odd);
  const [first, ...others] = [...street.even.place, ...street.odd.place];
  const isOne = first !== undefined && others.every(({ stadtteil }) => stadtteil === first.stadtteil);
  const { stadtbezirk, stadtteil } = isOne ? first : nowhere;
  street.bucket = { ...nowhere, street: "key", stadtbezirk, stadtteil };
}

function sortRanges(ranges: Ranges): void {
  const order = [...ranges.low.keys()].sort((a, b) => (ranges.low[a] ?? 0) - (ranges.low[b] ?? 0));
  const sorted = <T>(values: readonly T[]) => order.flatMap((at) => values.slice(at, at + 1));
  const [low, high, place] = [sorted(ranges.low), sorted(ranges.high), sorted(ranges.place)];
  ranges.low.splice(0, low.length, ...low);
  ranges.high.splice(0, high.length, ...high);
  ranges.place.splice(0, place.length, ...place);
}

/** Streets by name: present names first, then former names of streets that still exist; ambiguous names are no way. */
function streetNames(
  columns: RecordColumns,
  present: readonly number[],
  byKey: ReadonlyMap<string, Street>,
  read: TextReader,
): (name: string) => Street | undefined {
  const allRows = Array.from({ length: columns.rowCount }, (_, row) => row);
  const presentNames = uniqueNames(present, byKey, read);
  const formerNames = uniqueNames(allRows, byKey, read);
  const remembered = new Map<string, Street | undefined>();
  return (name) => {
    if (remembered.has(name)) return remembered.get(name);
    const plain = normalisedStreet(name);
    const street = presentNames.has(plain) ? presentNames.get(plain) : formerNames.get(plain);
    if (remembered.size < rememberedNames) remembered.set(ownText(name), street);
    return street;
  };
}

function uniqueNames(
  rows: readonly number[],
  byKey: ReadonlyMap<string, Street>,
  read: TextReader,
): ReadonlyMap<string, Street | undefined> {
  const plainNames = new Map<string, string>();
  const names = new Map<string, Street | undefined>();
  for (const row of rows) {
    const name = read("strasse", row);
    const plain = plainNames.get(name) ?? normalisedStreet(name);
    plainNames.set(name, plain);
    const street = byKey.get(read("strassenschluessel", row));
    if (street === undefined) continue;
    names.set(plain, names.has(plain) && names.get(plain) !== street ? undefined : street);
  }
  return names;
}

function findAddress(
  address: Address,
  byKey: ReadonlyMap<string, Street>,
  byName: (name: string) => Street | undefined,
): Place {
  const street = address.streetKey === "" ? undefined : byKey.get(address.streetKey);
  if (street !== undefined) return findNumber(street, address.houseNumber);
  const named = address.street === "" ? undefined : byName(address.street);
  if (named === undefined) return nowhere;
  return { ...findNumber(named, address.houseNumber), street: "name" };
}

function findNumber(street: Street, text: string): Place {
  const wanted = readHouseNumber(text);
  if (wanted === undefined) return street.bucket;
  const place = placeAt(street, wanted.order);
  if (place === undefined) return street.bucket;
  if (wanted.lastOrder === wanted.order) return place;
  const other = placeAt(street, wanted.lastOrder);
  return other?.baublock === place.baublock ? place : { ...place, spansBlocks: true };
}

function placeAt(street: Street, order: number): Place | undefined {
  const isOdd = Math.floor(order / ordersPerNumber) % 2 === 1;
  const { low, high, place } = isOdd ? street.odd : street.even;
  let first = 0;
  let end = low.length;
  while (first < end) {
    const middle = (first + end) >>> 1;
    if ((low[middle] ?? 0) <= order) first = middle + 1;
    else end = middle;
  }
  return first > 0 && (high[first - 1] ?? -1) >= order ? place[first - 1] : undefined;
}
