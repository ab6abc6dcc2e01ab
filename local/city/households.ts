import { daysOfYear, type Family, firstOfYear, type Group, inventFamily, never } from "./lives.ts";
import {
  arrivalYears,
  german,
  type Origin,
  refugeeOrigins,
  thirdOrigins,
  unionOrigins,
  type Wave,
} from "./origins.ts";
import { Dice } from "./random.ts";
import type { SizePlan } from "./sizes.ts";

export type SettledGroup = Exclude<Group, "refugee">;
const settled: Readonly<
  Record<
    SettledGroup,
    { first: number; years: readonly [number, number]; origins: readonly Origin[]; persons: number }
  >
> = {
  // `persons`: members present per dwelling on average, measured; `years`: how long a household stays.
  german: { first: 0, years: [9, 34], origins: [german], persons: 1.7 },
  union: { first: 1, years: [3, 16], origins: unionOrigins, persons: 1.95 },
  third: { first: 2, years: [7, 30], origins: thirdOrigins, persons: 1.86 },
};

/** Shares of the residents; refugees come on top by the plan of the size. */
const shareOf: Readonly<Record<SettledGroup, number>> = { german: 0.755, union: 0.083, third: 0.107 };
const epochs = 32;
const groupRoom = 60_000_000;
const beginning = firstOfYear(1960);

/** Number of dwellings that households of a group follow each other in. */
export function dwellings(group: SettledGroup, plan: SizePlan): number {
  return Math.round((plan.residents * shareOf[group]) / settled[group].persons);
}

/**
 * The households that live, or lived at most `before` days ago, in a dwelling on a day. Each dwelling has its own
 * rhythm of tenants, so any day can be looked up without the days before it.
 */
export function* tenants(
  seed: number,
  group: SettledGroup,
  dwelling: number,
  day: number,
  before = 0,
): Generator<Family> {
  const { first, years, origins } = settled[group];
  const rhythm = new Dice(seed, "slots", dwelling, first);
  const length = Math.floor((years[0] + rhythm.next() * (years[1] - years[0])) * daysOfYear);
  const shift = rhythm.below(length);
  const from = Math.floor((day - before - beginning + shift) / length);
  const to = Math.floor((day - beginning + shift) / length);
  for (let epoch = from; epoch <= to; epoch += 1) {
    const arrives = beginning - shift + epoch * length;
    const id = 100_000_000 + first * groupRoom + dwelling * epochs + (epoch % epochs);
    const dice = new Dice(seed, "settled", id);
    const weights = first === 0 ? undefined : weightsOf(origins);
    const origin = weights === undefined ? german : (origins[dice.weighted(weights)] ?? german);
    yield inventFamily(dice, group, origin, { id, arrives, leaves: arrives + length });
  }
}

const weightCache = new Map<readonly Origin[], readonly number[]>();
function weightsOf(origins: readonly Origin[]): readonly number[] {
  const known = weightCache.get(origins) ?? origins.map(({ weight }) => weight);
  weightCache.set(origins, known);
  return known;
}

/** Families ever invented per refugee counted at the end of 2026, measured. */
const familiesPerRefugee = 0.98;

export function refugeeFamilies(plan: SizePlan): number {
  return Math.round(plan.refugees * familiesPerRefugee);
}

const waves: readonly Wave[] = ["war2015", "ukraine", "balkans", "recent", "old", "steady"];
const arrivalsOf = new Map(waves.map((wave) => [wave, arrivalYears(wave)]));

/** The refugee family with a running number; all its days follow from seed and number. */
export function refugeeFamily(seed: number, running: number): Family {
  const family = anyRefugeeFamily(seed, running);
  if (running > 0) return family;
  // The first family is the one person who lives alone in a block, today and always.
  const members = family.members
    .slice(0, 1)
    .map((member) => ({ ...member, dies: never, naturalised: never }));
  return { ...family, arrives: firstOfYear(2016), leaves: never, members };
}

function anyRefugeeFamily(seed: number, running: number): Family {
  const dice = new Dice(seed, "refugees", running);
  const origin = refugeeOrigins[dice.weighted(weightsOf(refugeeOrigins))] ?? german;
  const arrives = arrivalDay(dice, origin.wave);
  const stays = dice.chance(0.08) ? dice.wait(300) + 30 : dice.wait(30 * daysOfYear) + 200;
  const leaves = Math.min(never, Math.floor(arrives + stays));
  return inventFamily(dice, "refugee", origin, { id: 400_000_000 + running, arrives, leaves });
}

function arrivalDay(dice: Dice, wave: Wave): number {
  const arrivals = arrivalsOf.get(wave) ?? arrivalYears(wave);
  const year = arrivals.years[dice.weighted(arrivals.weights)] ?? 2020;
  const within = dice.next();
  // Most people from Ukraine came in the weeks after 24 February 2022.
  if (wave === "ukraine" && year === 2022) return firstOfYear(2022) + 56 + Math.floor(within ** 2.6 * 308);
  if (wave === "war2015" && year === 2015) return firstOfYear(2015) + Math.floor(within ** 0.5 * 365);
  return firstOfYear(year) + Math.floor(within * 365);
}
