import type { Token } from "./bloom-filter.ts";

/** A birth date of which the year is known; without day, or without month and day. */
export type PartialDate = { readonly year: number; readonly month?: number; readonly day?: number };

export function dateText({ year, month = 0, day = 0 }: PartialDate): string {
  return `${year}-${month}-${day}`;
}

/**
 * A birth date in pieces, so that dates that differ by a common mistake still share most of their bits.
 *
 * - The year whole, and its last two digits one by one: a wrong digit leaves a sixth of its bits, never more, because years
 *   close to each other are no sign of one person.
 * - Day and month as numbers of one kind: swapped, they are the same two. What is which weighs less.
 * - The digits of both one by one, for one digit off.
 * - 01.01. and an unknown day and month are the same "not known": next to nothing, whether both have it or one.
 */
export function birthTokens({ year, month, day }: PartialDate): readonly Token[] {
  const years = yearTokens(String(year));
  if (month === undefined || (month === 1 && day === 1)) return [...years, { text: "not-known", bits: 4 }];
  return [...years, ...numberTokens(month, "month"), ...(day === undefined ? [] : numberTokens(day, "day"))];
}

function yearTokens(year: string): readonly Token[] {
  return [
    { text: `year ${year}`, bits: 16 },
    { text: `again ${year}`, bits: 12 }, // a token has 16 bits at most
    { text: `year tens ${year.at(-2) ?? ""}`, bits: 6 },
    { text: `year units ${year.at(-1) ?? ""}`, bits: 6 },
  ];
}

function numberTokens(value: number, role: "month" | "day"): readonly Token[] {
  const [tens, units] = [Math.floor(value / 10), value % 10];
  return [
    { text: `number ${value}`, bits: 16 },
    { text: `${role} ${value}`, bits: 8 },
    { text: `${role} tens ${tens}`, bits: 3 },
    { text: `${role} units ${units}`, bits: 4 },
  ];
}

/** Sex halves the candidates only and is wrong now and then: it weighs as much as a digit. */
export function sexTokens(sex: string): readonly Token[] {
  return [{ text: sex, bits: 6 }];
}
