import { type Address, addressOn, type Move, movesOf, outside } from "./dwelling.ts";
import {
  type Family,
  isPresent,
  type Member,
  memberFrom,
  memberUntil,
  never,
  partialDate,
  personNumber,
} from "./lives.ts";
import { Dice } from "./random.ts";
import { type CountedClass, countedClass, decidingTitle } from "./status.ts";
import type { Town } from "./streets.ts";
import { openEnd, type Title, titlesOf } from "./titles.ts";

/** A person who is not, or was not always, German, with all that the two offices know or do not know. */
export type Foreigner = {
  readonly family: Family;
  readonly at: number;
  readonly member: Member;
  /** PersNr of both registers. */
  readonly number: number;
  readonly titles: readonly Title[];
  readonly moves: readonly Move[];
  /** JJJJMMTT as the foreigners register has it, 0 for unknown parts. */
  readonly birth: number;
  readonly sex: string;
  /** Missing in EWO-ALW. */
  readonly onlyEwo: boolean;
  /** Missing in EWO. */
  readonly onlyAlw: boolean;
  /** Days until the foreigners authority hears of a move or a departure. */
  readonly lag: number;
  /** Status after departure. */
  readonly gone: "V" | "U" | "B";
};

/** Days that a record stays in the weekly export after the person left, and after a naturalisation. */
export const keptAfterLeaving = 240;
const keptAfterNaturalisation = 60;

/** All members of a family that is not German. */
export function foreignersOf(seed: number, town: Town, family: Family): readonly Foreigner[] {
  const titles = family.group === "refugee" ? titlesOf(seed, family) : [];
  const moves = movesOf(seed, town, family);
  return family.members.map((member, at) => foreigner(seed, { family, member, at, titles, moves }));
}

type Parts = Pick<Foreigner, "family" | "member" | "at" | "titles" | "moves">;

function foreigner(seed: number, parts: Parts): Foreigner {
  const { family, member } = parts;
  const number = personNumber(family, parts.at);
  const dice = new Dice(seed, "presence", number);
  const refugee = family.group === "refugee";
  const onlyEwo = dice.chance(refugee ? 0.008 : 0.02);
  const onlyAlw = dice.chance(refugee ? 0.022 : 0.012) && !onlyEwo;
  const lag = dice.chance(0.7) ? 0 : dice.between(1, 80);
  const gone = dice.chance(0.14) ? "U" : dice.chance(0.04) ? "B" : "V";
  const titles = refugee ? ownTitles(parts) : residenceTitles(dice, parts);
  const birth = knownBirth(dice, family, member);
  const sex = dice.chance(0.0005) ? "" : member.sex;
  return { ...parts, number, titles, birth, sex, onlyEwo, onlyAlw, lag, gone };
}

/** The family's titles from the member's birth on. */
function ownTitles({ family, member, titles }: Parts): readonly Title[] {
  const from = member.born > family.arrives ? member.born + 20 : 0;
  return titles
    .filter((title) => title.to >= from)
    .map((title) => (title.from < from ? { ...title, from } : title));
}

/** Free movement, or a title that has nothing to do with flight. */
function residenceTitles(dice: Dice, { family, member }: Parts): readonly Title[] {
  const from = memberFrom(family, member);
  const plain = { code: "SONST", from, to: openEnd, asylum: "U" } as const;
  if (family.group === "union" || dice.chance(0.6)) return [plain];
  const years = dice.between(3, 12);
  const first = { ...plain, to: from + years * 365 - 1 };
  const next = { ...plain, from: from + years * 365 };
  if (dice.chance(0.06))
    return [first, { ...next, code: "FB_SONST", to: next.from + 200 }, { ...next, from: next.from + 150 }];
  return [first, next];
}

function knownBirth(dice: Dice, family: Family, member: Member): number {
  const birth = partialDate(member.born);
  const names = family.origin.names;
  if (family.group !== "refugee" || member.born > family.arrives) return birth;
  const vague = names === "persian" || names === "somali" || names === "tigrinya" || names === "african";
  const year = Math.floor(birth / 10_000);
  const kind = dice.next();
  if (kind < (vague ? 0.16 : 0.02)) return year * 10_000 + 101;
  if (kind < (vague ? 0.19 : 0.023)) return year * 10_000;
  if (kind < (vague ? 0.2 : 0.024)) return Math.floor(birth / 100) * 100;
  return kind < 0.2005 && vague ? 0 : birth;
}

export type Standing = { readonly status: "A" | "V" | "U" | "S" | "B"; readonly left: number };

/** What EWO-ALW says of a person on a day; undefined: not in its export. */
export function standingOn(person: Foreigner, day: number): Standing | undefined {
  const { family, member } = person;
  if (person.onlyEwo || day < memberFrom(family, member)) return;
  if (day >= member.naturalised + keptAfterNaturalisation) return;
  if (!person.titles.some((title) => title.from <= day)) return;
  const left = memberUntil(family, member);
  if (day < left + person.lag) return { status: "A", left: never };
  if (left === member.dies) return day < left + keptAfterLeaving ? { status: "S", left } : undefined;
  if (day < left + keptAfterLeaving) return { status: person.gone === "B" ? "V" : person.gone, left };
  return person.gone === "B" && family.group === "refugee" ? { status: "B", left } : undefined;
}

export function isGerman(person: Foreigner, day: number): boolean {
  return day >= person.member.naturalised;
}

/** Where EWO-ALW has the person on a day: it hears of moves late. */
export function reportedMove(person: Foreigner, day: number): Move {
  return addressOn(person.moves, day - person.lag);
}

export type Counted = { readonly status: CountedClass; readonly address: Address };

/** The person as a refugee of the kommunal definition on a day; undefined: not counted. */
export function countedOn(person: Foreigner, day: number): Counted | undefined {
  if (standingOn(person, day)?.status !== "A" || isGerman(person, day)) return;
  const status = countedClass(decidingTitle(person.titles, day));
  const { address } = reportedMove(person, day);
  return status === undefined || address.quarter === outside ? undefined : { status, address };
}

/** True if EWO has the person with a main residence on a day. */
export function isInResidents(person: Foreigner, day: number): boolean {
  if (person.onlyAlw || !isPresent(person.family, person.member, day)) return false;
  const { address } = addressOn(person.moves, day);
  return address.quarter >= 0;
}
