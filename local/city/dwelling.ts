import { type Family, never } from "./lives.ts";
import { Dice } from "./random.ts";
import { city } from "./sizes.ts";
import type { Town } from "./streets.ts";

export type Address = {
  /** Index of the side; −1 where the address lies on none. */
  readonly side: number;
  readonly street: string;
  readonly streetName: string;
  readonly number: string;
  readonly suffix: string;
  readonly postalCode: string;
  readonly place: string;
  readonly housing: "A" | "G" | "D";
  /** Index of the Stadtteil; −1 unknown; −2 outside the city. */
  readonly quarter: number;
};

const unknownQuarter = -1;
export const outside = -2;

export type Move = { readonly day: number; readonly address: Address };

/** The one person who lives alone in a block. */
const lonelyFamily = 400_000_000;

/** Addresses of a family in order, the first from its arrival. */
export function movesOf(seed: number, town: Town, family: Family): readonly Move[] {
  const dice = new Dice(seed, "moves", family.id);
  const refugee = family.group === "refugee";
  if (family.id === lonelyFamily) {
    return [{ day: family.arrives, address: onSide(dice, town, town.lonelySide, "D") }];
  }
  if (!refugee) return settledMoves(dice, town, family);
  const moves: Move[] = [];
  let day = family.arrives;
  const sheltered = family.origin.wave === "ukraine" ? 0.22 : 0.75;
  if (dice.chance(sheltered)) {
    const housing = dice.chance(0.08) ? "A" : "G";
    moves.push({ day, address: onSide(dice, town, drawn(dice, town.shelterHomes), housing) });
    day += Math.floor(60 + dice.wait(420));
  }
  for (let more = true; more && day < Math.min(family.leaves, never); more = dice.chance(0.5)) {
    moves.push({ day, address: refugeeHome(dice, town) });
    day += Math.floor(300 + dice.wait(2_000));
  }
  return moves;
}

function drawn(dice: Dice, table: Uint32Array): number {
  return table[dice.below(table.length)] ?? 0;
}

function settledMoves(dice: Dice, town: Town, family: Family): readonly Move[] {
  const first = { day: family.arrives, address: onSide(dice, town, drawn(dice, town.homes), "D") };
  if (!dice.chance(0.3)) return [first];
  const day = family.arrives + Math.floor(dice.next() * (family.leaves - family.arrives));
  return [first, { day, address: onSide(dice, town, drawn(dice, town.homes), "D") }];
}

function refugeeHome(dice: Dice, town: Town): Address {
  const kind = dice.next();
  const side = drawn(dice, town.refugeeHomes);
  if (kind < 0.003) return homeless(town, side);
  if (kind < 0.006) return newHouse(dice, town, side);
  if (kind < 0.009) return beyondLimit();
  return onSide(dice, town, side, "D");
}

function onSide(dice: Dice, town: Town, at: number, housing: Address["housing"]): Address {
  const side = town.sides[at];
  if (side === undefined) throw new RangeError("Cannot find a home: the side must be one of the town's");
  const step = side.parity === "A" ? 1 : 2;
  const houses = (side.to - side.from) / step;
  // A whole shelter has one house number.
  const house = side.places > 0 ? 0 : dice.below(houses + 1);
  const suffix = side.places === 0 && house < houses && dice.chance(0.12) ? dice.pick(["a", "b", "c"]) : "";
  const street = town.streets[side.street];
  const quarter = quarterOf(town, side.block);
  return {
    side: at,
    street: street?.key ?? "",
    streetName: street?.name ?? "",
    number: String(side.from + house * step),
    suffix,
    postalCode: postalCode(quarter),
    place: city.name,
    housing,
    quarter,
  };
}

function quarterOf(town: Town, block: number): number {
  return town.districts[town.districtOfBlock[block] ?? 0]?.parent ?? 0;
}

function postalCode(quarter: number): string {
  return city.postalCodes[quarter % city.postalCodes.length] ?? city.postalCodes[0];
}

function homeless(town: Town, at: number): Address {
  return {
    side: -1,
    street: "",
    streetName: "ohne festen Wohnsitz",
    number: "",
    suffix: "",
    postalCode: postalCode(quarterOf(town, town.sides[at]?.block ?? 0)),
    place: city.name,
    housing: "D",
    quarter: unknownQuarter,
  };
}

/** A house that the address file does not know yet. Its street may still tell the Stadtteil. */
function newHouse(dice: Dice, town: Town, at: number): Address {
  const street = town.streets[town.sides[at]?.street ?? 0];
  const address = { ...onSide(dice, town, at, "D"), side: -1, number: "399", suffix: "" };
  return street?.quarters.size === 1 ? address : { ...address, quarter: unknownQuarter };
}

function beyondLimit(): Address {
  const { name, postalCode } = city.neighbour;
  return {
    side: -1,
    street: "",
    streetName: "Grenzweg",
    number: "4",
    suffix: "",
    postalCode,
    place: name,
    housing: "D",
    quarter: outside,
  };
}

/** The address on a day; before the first move the first one. */
export function addressOn(moves: readonly Move[], day: number): Move {
  let current = moves[0];
  for (const move of moves) if (move.day <= day) current = move;
  if (current === undefined) throw new RangeError("Cannot find the address: a family must have one");
  return current;
}

export function blockSideKey(town: Town, address: Address): string {
  return town.sides[address.side]?.key ?? "";
}
