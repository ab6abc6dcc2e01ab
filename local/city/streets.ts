import { Dice } from "./random.ts";
import type { SizePlan } from "./sizes.ts";
import { type Space, shuffled } from "./space.ts";

type Street = { readonly key: string; readonly name: string; readonly quarters: ReadonlySet<number> };

/** One side of a block with its range of house numbers in one street. */
export type Side = {
  readonly key: string;
  readonly block: number;
  readonly street: number;
  readonly from: number;
  readonly to: number;
  /** G even, U odd, A all numbers. */
  readonly parity: "G" | "U" | "A";
  /** Places of the shelter that takes the whole side; 0 without one. */
  readonly places: number;
};

export type Town = Space & {
  readonly streets: readonly Street[];
  readonly sides: readonly Side[];
  readonly shelters: readonly number[];
  /** Side of the block where exactly one person lives, next to the largest shelter. */
  readonly lonelySide: number;
  /** Indices into `sides`, as often as people of that kind find a dwelling there. */
  readonly homes: Uint32Array;
  readonly refugeeHomes: Uint32Array;
  readonly shelterHomes: Uint32Array;
};

const stems =
  "Ahorn Amsel Anger Apfel Bach Birken Brunnen Buchen Dachs Eichen Elster Erlen Eschen Falken Farn Feld Felsen Finken Flieder Föhren Forst Fuchs Garten Ginster Hafer Hasel Heide Hirsch Holunder Hopfen Igel Kastanien Kiebitz Kirsch Klee Krähen Lerchen Linden Luchs Marder Meisen Mohn Moos Mühlen Nelken Nuss Pappel Quellen Reiher Roggen Rosen Schlehen Schwalben Sonnen Tannen Teich Tulpen Ulmen Wacholder Weiden Weizen Wiesen Zeder".split(
    " ",
  );
const middles = " bach berg feld grund hang hof holz kamp moor rain tal teich wald wiesen".split(" ");
const ends = "straße weg allee gasse ring platz stieg pfad ufer damm".split(" ");
const sidesPerBlock = [0.03, 0, 0.5, 0.32, 0.15];

/** Streets, block sides with their numbers, shelters, and how likely a home on each side is. */
export function inventTown(seed: number, plan: SizePlan, space: Space): Town {
  const dice = new Dice(seed, "space", 1);
  const countOf = space.blockKeys.map(() => dice.weighted(sidesPerBlock));
  const blockOfSide = inWalkingOrder(space).flatMap((block) =>
    new Array<number>(countOf[block] ?? 0).fill(block),
  );
  const { streets, sides } = numbered(dice, space, blockOfSide);
  const shelters = shelterSides(dice, plan, space, sides);
  const lonely = neighbourOf(space, sides, shelters[0] ?? 0, shelters);
  const withShelters = sides.map((side, at) => {
    const rank = shelters.indexOf(at);
    return rank === -1 ? side : { ...side, places: placesOf(plan, rank) };
  });
  return {
    ...space,
    streets,
    sides: withShelters,
    shelters,
    lonelySide: lonely,
    ...homesOf(dice, space, withShelters, shelters, lonely),
  };
}

function placesOf(plan: SizePlan, rank: number): number {
  return rank === 0 ? plan.largestShelter : Math.max(20, Math.round(plan.largestShelter / (2 + rank / 2)));
}

/** Blocks district by district, from west to east, so that neighbours on a street are neighbours in the city. */
function inWalkingOrder(space: Space): number[] {
  return [...space.blockKeys.keys()].sort(
    (a, b) =>
      (space.districtOfBlock[a] ?? 0) - (space.districtOfBlock[b] ?? 0) ||
      (space.points[a * 2] ?? 0) - (space.points[b * 2] ?? 0),
  );
}

function numbered(
  dice: Dice,
  space: Space,
  blockOfSide: readonly number[],
): { streets: readonly Street[]; sides: Side[] } {
  const names = streetNames(dice, blockOfSide.length);
  const streets: { key: string; name: string; quarters: Set<number> }[] = [];
  const sides: Side[] = [];
  const seen = new Map<number, number>();
  let left = 0;
  let next = [1, 2];
  for (const block of blockOfSide) {
    if (left === 0) {
      left = dice.between(3, 9);
      next = [1, 2];
      const at = streets.length;
      streets.push({
        key: String(11 + at * 7).padStart(5, "0"),
        name: names[at] ?? `Straße ${at}`,
        quarters: new Set(),
      });
    }
    left -= 1;
    const running = (seen.get(block) ?? 0) + 1;
    seen.set(block, running);
    const street = streets.length - 1;
    streets[street]?.quarters.add(space.districts[space.districtOfBlock[block] ?? 0]?.parent ?? 0);
    const houses = dice.between(4, 10);
    const range = dice.chance(0.08) ? bothSides(next, houses) : oneSide(next, dice.below(2), houses);
    sides.push({ key: `${space.blockKeys[block]}${running}`, block, street, places: 0, ...range });
  }
  return { streets, sides };
}

type Range = Pick<Side, "from" | "to" | "parity">;

function oneSide(next: number[], even: number, houses: number): Range {
  const from = next[even] ?? 1;
  const to = from + 2 * (houses - 1);
  next[even] = to + 2;
  return { from, to, parity: even === 1 ? "G" : "U" };
}

/** A range that takes even and odd numbers alike, behind all numbers given so far. */
function bothSides(next: number[], houses: number): Range {
  const from = Math.max(...next) | 1;
  const to = from + 2 * houses - 1;
  next[0] = to + 1;
  next[1] = to + 2;
  return { from, to, parity: "A" };
}

function streetNames(dice: Dice, count: number): readonly string[] {
  const plain = shuffled(
    dice,
    stems.flatMap((stem) => ends.map((end) => stem + end)),
  );
  const compound = middles
    .slice(1)
    .flatMap((middle) => stems.flatMap((stem) => ends.map((end) => stem + middle + end)));
  const more = shuffled(dice, compound);
  // Only the largest city runs out of plain names.
  const prefixed = ["Alte", "Neue", "Lange", "Kurze"].flatMap((word) =>
    more.filter((name) => /(straße|allee|gasse)$/.test(name)).map((name) => `${word} ${name}`),
  );
  return [...plain, ...more, ...prefixed].slice(0, count);
}

/** Sides that are alone in having one of the shelters, spread over the city. */
function shelterSides(dice: Dice, plan: SizePlan, space: Space, sides: readonly Side[]): number[] {
  const chosen: number[] = [];
  const perQuarter = Math.ceil(plan.shelters / space.quarters.length);
  const taken = new Map<number, number>();
  while (chosen.length < plan.shelters) {
    const at = dice.below(sides.length);
    const side = sides[at];
    const quarter = space.districts[space.districtOfBlock[side?.block ?? 0] ?? 0]?.parent ?? 0;
    const sameBlock = chosen.some((other) => sides[other]?.block === side?.block);
    if (side === undefined || sameBlock || (taken.get(quarter) ?? 0) >= perQuarter) continue;
    taken.set(quarter, (taken.get(quarter) ?? 0) + 1);
    chosen.push(at);
  }
  return chosen;
}

/** The first side of the block nearest to a shelter. */
function neighbourOf(
  space: Space,
  sides: readonly Side[],
  shelter: number,
  shelters: readonly number[],
): number {
  const home = sides[shelter]?.block ?? 0;
  const excluded = new Set(shelters.map((at) => sides[at]?.block));
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [at, { block }] of sides.entries()) {
    const x = (space.points[block * 2] ?? 0) - (space.points[home * 2] ?? 0);
    const y = (space.points[block * 2 + 1] ?? 0) - (space.points[home * 2 + 1] ?? 0);
    if (excluded.has(block) || x * x + y * y >= least) continue;
    least = x * x + y * y;
    best = at;
  }
  return best;
}

function homesOf(
  dice: Dice,
  space: Space,
  sides: readonly Side[],
  shelters: readonly number[],
  lonely: number,
): Pick<Town, "homes" | "refugeeHomes" | "shelterHomes"> {
  const closed = new Set([...shelters, lonely].map((at) => sides[at]?.block));
  const appeal = space.quarters.map(() => 0.35 + 2 * dice.next() ** 2);
  const sizeOfBlock = space.blockKeys.map(() => Math.exp((dice.next() + dice.next() - 1) * 1.4));
  const weights = sides.map(({ block }) => (closed.has(block) ? 0 : (sizeOfBlock[block] ?? 0)));
  const refugeeWeights = sides.map(({ block }, at) => {
    const quarter = space.districts[space.districtOfBlock[block] ?? 0]?.parent ?? 0;
    return (weights[at] ?? 0) * (appeal[quarter] ?? 1);
  });
  return {
    homes: table(weights),
    refugeeHomes: table(refugeeWeights),
    shelterHomes: table(sides.map((side) => side.places)),
  };
}

/** Every index as often as its share demands, about sixteen times on average. */
function table(weights: readonly number[]): Uint32Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const size = weights.length * 16;
  const result = new Uint32Array(size);
  let filled = 0;
  let reached = 0;
  for (const [at, weight] of weights.entries()) {
    reached += weight;
    const end = Math.round((reached / total) * size);
    result.fill(at, filled, end);
    filled = end;
  }
  return result;
}
