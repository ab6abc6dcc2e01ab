import { calendarDay, monthText } from "../../shared/registers/calendar.ts";
import { addressOn } from "./dwelling.ts";
import { type Foreigner, isGerman } from "./foreigners.ts";
import { fullYears, isPresent, memberFrom } from "./lives.ts";
import { Dice } from "./random.ts";
import { decidingTitle } from "./status.ts";
import type { Title } from "./titles.ts";

/** One payment, as a line of the billing of a month. */
type Booking = { readonly kind: "2" | "3" | "4" | "5" | "6"; readonly cents: number };
export type Recipient = {
  readonly person: Foreigner;
  readonly group: string;
  readonly level: number;
  readonly caseNumber: string;
  readonly akdnNumber: string;
  readonly since: number;
  readonly bookings: readonly Booking[];
};

const ukrainiansLeave = calendarDay(2022, 6, 1);
const analogueAfterDays = 36 * 30;
const numbersPrime = 9_999_991;

/** First day of a month number. */
export function firstDay(month: number): number {
  return calendarDay(Math.floor(month / 12), (month % 12) + 1, 1);
}

/** Last day of a month number. */
export function lastDay(month: number): number {
  return firstDay(month + 1) - 1;
}

/** What the AsylbLG billing of a month says of a person; undefined: nothing. */
export function recipientIn(seed: number, person: Foreigner, month: number): Recipient | undefined {
  const day = lastDay(month) - 13;
  const { family, member } = person;
  if (family.group !== "refugee" || !isPresent(family, member, day) || isGerman(person, day)) return;
  if (addressOn(person.moves, day).address.quarter === -2) return;
  const title = decidingTitle(person.titles, day);
  const group = title === undefined ? firstWeeks(person, day) : benefitGroup(title, day);
  const habits = new Dice(seed, "benefit", family.id);
  if (group === "" || day > memberFrom(family, member) + worksAfter(habits)) return;
  return recipient(seed, person, month, day, ownGroup(person, group, title));
}

/** People receive benefits before the foreigners authority has issued anything. */
function firstWeeks(person: Foreigner, day: number): string {
  return day - person.family.arrives < 60 && person.family.origin.wave !== "ukraine" ? "11" : "";
}

/** Days until a family earns enough to live without benefits. */
function worksAfter(habits: Dice): number {
  return habits.chance(0.5) ? 300 + habits.wait(900) : 100_000;
}

/** PKS of a title, "" for titles without a claim (registers.md section 2). */
function benefitGroup(title: Title, day: number): string {
  switch (title.code) {
    case "AG":
      return "10";
    case "AKN":
    case "BUEMA":
      return "11";
    case "AE24":
      return day < ukrainiansLeave ? "31" : "";
    case "FB_24":
      return day < ukrainiansLeave ? "31" : "80";
    case "AE25_4_1":
      return "32";
    case "AE25_5":
      return day - title.from < 540 ? "33" : "";
    case "AUSREISE":
      return "50";
    case "AG_FOLGE":
      return "70";
    default:
      return title.code.startsWith("DU") ? "40" : "";
  }
}

function ownGroup(person: Foreigner, group: string, title: Title | undefined): string {
  if (title === undefined) return group;
  if ((group === "40" || group === "50") && person.member.role !== 1 && person.family.id % 3 === 0)
    return "60";
  return person.number % 411 === 7 ? "99" : group;
}

/** Regelbedarfsstufe by age and household (AsylbLG § 3a). */
function needLevel(person: Foreigner, day: number): number {
  const age = fullYears(person.member.born, day);
  if (age < 6) return 6;
  if (age < 14) return 5;
  if (age < 18) return 4;
  if (person.member.role === 3) return 3;
  const inShelter = addressOn(person.moves, day).address.housing !== "D";
  return inShelter || person.family.members[1]?.role === 2 ? 2 : 1;
}

/** Euro a month in 2026 by level. */
const needs = [0, 441, 397, 353, 391, 327, 299] as const;

/** Share of the amounts of 2026 that was paid in a year: raised after the court's decision of 2012, then by prices. */
function priceLevel(year: number): number {
  if (year < 2012) return 0.5;
  return Math.min(1, 0.72 + (year - 2012) * 0.02);
}

function recipient(seed: number, person: Foreigner, month: number, day: number, group: string): Recipient {
  const { family, member } = person;
  const dice = new Dice(seed, "booking", person.number, month);
  const level = needLevel(person, day);
  const analogue = day - memberFrom(family, member) > analogueAfterDays;
  const factor = priceLevel(Math.floor(month / 12));
  const need = Math.round((needs[level] ?? 0) * factor * 100);
  const bookings: Booking[] = [{ kind: analogue ? "2" : "3", cents: need }];
  if (member.role === 1)
    bookings.push({
      kind: analogue ? "2" : "3",
      cents: Math.round((180 + dice.next() * 420) * factor * 100),
    });
  if (dice.chance(0.2))
    bookings.push({ kind: "4", cents: Math.round(Math.exp(2.5 + dice.next() * 4.2) * factor * 100) });
  if (dice.chance(0.03)) bookings.push({ kind: "5", cents: dice.between(20, 80) * 80 });
  if (dice.chance(0.03)) bookings.push({ kind: "6", cents: dice.between(1, 30) * 500 });
  if (dice.chance(0.012)) bookings.push({ kind: "6", cents: -dice.between(1_000, 40_000) });
  const running = (family.id - 400_000_000) * 8 + person.at;
  return {
    person,
    group,
    level,
    caseNumber: `F-${scrambled(running - person.at + adultCase(person, day))}`,
    akdnNumber: `P-${scrambled(running)}`,
    since: Math.max(memberFrom(family, member), calendarDay(2008, 1, 1)),
    bookings,
  };
}

/** Grown children have a case of their own. */
function adultCase(person: Foreigner, day: number): number {
  return person.member.role === 3 && fullYears(person.member.born, day) >= 25 ? person.at : 0;
}

/** Numbers that tell nothing of each other, each used once. */
function scrambled(running: number): string {
  return String((running * 7_654_321 + 1_234_567) % numbersPrime).padStart(7, "0");
}

export function monthLabel(month: number, style: number): string {
  const [year = "", number = ""] = monthText(month).split("-");
  return style % 2 === 0 ? `${year}-${number}` : `${number}/${year}`;
}
