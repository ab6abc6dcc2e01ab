import { calendarDay } from "../../shared/registers/calendar.ts";
import type { Origin } from "./origins.ts";
import type { Dice } from "./random.ts";

export type Group = "german" | "union" | "third" | "refugee";

export type Member = {
  /** 1 first person, 2 partner, 3 child. */
  readonly role: 1 | 2 | 3;
  /** Day number. */
  readonly born: number;
  readonly sex: "m" | "w" | "d" | "x";
  readonly dies: number;
  /** Leaves the household for somewhere else. */
  readonly leaves: number;
  /** Becomes German. */
  readonly naturalised: number;
};

export type Family = {
  readonly group: Group;
  /** Unique among all families; person numbers and names follow from it. */
  readonly id: number;
  readonly origin: Origin;
  readonly arrives: number;
  readonly leaves: number;
  readonly members: readonly Member[];
};

export const never = 10_000_000;
export const daysOfYear = 365.25;
/** End of the invented lives of refugees. */
export const lastLifeDay = calendarDay(2032, 12, 31);

type Shape = {
  /** Shares of singles, couples, couples with children, single parents. */
  readonly kinds: readonly number[];
  readonly childrenMost: number;
  /** Age of the first person at arrival: low, usual spread (sum of two draws), and the share of the old. */
  readonly ageFrom: number;
  readonly ageSpread: number;
  readonly old: number;
  readonly menAlone: number;
  /** Years after which a child moves out; 0: stays. */
  readonly childLeavesFrom: number;
};

const shapes: Readonly<Record<Group, Shape>> = {
  german: { kinds: [33, 26, 32, 9], childrenMost: 3, ageFrom: 20, ageSpread: 17, old: 0.22, menAlone: 0.5, childLeavesFrom: 19 },
  union: { kinds: [45, 18, 31, 6], childrenMost: 4, ageFrom: 19, ageSpread: 18, old: 0.05, menAlone: 0.66, childLeavesFrom: 19 },
  third: { kinds: [34, 22, 38, 6], childrenMost: 4, ageFrom: 19, ageSpread: 22, old: 0.12, menAlone: 0.55, childLeavesFrom: 19 },
  refugee: { kinds: [50, 8, 33, 9], childrenMost: 5, ageFrom: 16, ageSpread: 17, old: 0.04, menAlone: 0.78, childLeavesFrom: 0 },
}; // biome-ignore format: one row a group

export type Stay = { readonly id: number; readonly arrives: number; readonly leaves: number };

/** The members of a household that arrives on a day, with all their days to come. */
export function inventFamily(dice: Dice, group: Group, origin: Origin, stay: Stay): Family {
  const shape = origin.wave === "ukraine" ? ukrainian : shapes[group];
  const kind = dice.weighted(shape.kinds);
  const age = dice.chance(shape.old)
    ? dice.between(58, 80)
    : shape.ageFrom + (dice.next() + dice.next()) * shape.ageSpread;
  const headBorn = Math.floor(stay.arrives - age * daysOfYear - dice.below(365));
  const headSex = kind === 3 ? (dice.chance(0.88) ? "w" : "m") : dice.chance(shape.menAlone) ? "m" : "w";
  const members = [member(dice, 1, headBorn, headSex, never)];
  if (kind === 1 || kind === 2) {
    members.push(member(dice, 2, headBorn + dice.between(-900, 1_600), headSex === "m" ? "w" : "m", never));
  }
  if (kind >= 2) members.push(...children(dice, shape, headBorn, 8 - members.length));
  return { group, origin, ...stay, members: withNaturalisation(dice, group, stay, members) };
}

const ukrainian: Shape = {
  ...shapes.refugee,
  kinds: [38, 14, 20, 28],
  childrenMost: 3,
  ageSpread: 22,
  old: 0.12,
  menAlone: 0.38,
};

function member(dice: Dice, role: 1 | 2 | 3, born: number, sex: "m" | "w", leaves: number): Member {
  const rare = dice.next();
  const shown = rare < 0.0005 ? "d" : rare < 0.001 ? "x" : sex;
  const lives = 55 + (dice.next() + dice.next()) * 22;
  const dies = born + Math.floor((dice.chance(0.02) ? lives / 2 : lives) * daysOfYear);
  return { role, born, sex: shown, dies, leaves, naturalised: never };
}

function children(dice: Dice, shape: Shape, headBorn: number, most: number): Member[] {
  const count = Math.min(most, 1 + Math.floor(dice.next() ** 1.6 * shape.childrenMost));
  const result: Member[] = [];
  let born = Math.floor(headBorn + dice.between(21, 33) * daysOfYear + dice.below(365));
  for (let child = 0; child < count; child += 1) {
    const leaves = shape.childLeavesFrom === 0 ? never : born + (shape.childLeavesFrom + dice.below(9)) * 365;
    result.push(member(dice, 3, born, dice.chance(0.512) ? "m" : "w", leaves));
    // One birth in forty is of twins.
    if (!dice.chance(0.025)) born += dice.between(420, 1_500);
  }
  return result;
}

function withNaturalisation(dice: Dice, group: Group, stay: Stay, members: readonly Member[]): Member[] {
  const chance = group === "refugee" ? 0.38 : group === "third" ? 0.16 : 0;
  const wait = stay.arrives + Math.floor((6 + dice.next() * 5) * daysOfYear);
  return members.map((person) => {
    const happens = chance > 0 && dice.chance(chance);
    return happens ? { ...person, naturalised: Math.max(wait, person.born + 900) + dice.below(900) } : person;
  });
}

/** First day of a member in the city. */
export function memberFrom(family: Family, member: Member): number {
  return Math.max(family.arrives, member.born);
}

/** First day on which a member is no longer in the city. */
export function memberUntil(family: Family, member: Member): number {
  return Math.min(family.leaves, member.leaves, member.dies);
}

export function isPresent(family: Family, member: Member, day: number): boolean {
  return memberFrom(family, member) <= day && day < memberUntil(family, member);
}

const membersMost = 8;

/** Number in the residents register, the same in the foreigners register. */
export function personNumber(family: Family, at: number): number {
  return family.id * membersMost + at;
}

/** Date JJJJMMTT of a day, without a Date object, since every resident needs it several times. */
export function partialDate(day: number): number {
  // Days since 1 March of the year 0; years counted from March, so that the leap day is the last one.
  const days = day + 719_468;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const leapless =
    dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor(leapless / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return year * 10_000 + month * 100 + dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
}

export function firstOfYear(year: number): number {
  return calendarDay(year, 1, 1);
}

/** Age in full years on a day. */
export function fullYears(born: number, day: number): number {
  const difference = partialDate(day) - partialDate(born);
  return Math.max(0, Math.floor(difference / 10_000));
}
