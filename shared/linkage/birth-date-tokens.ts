import type { Token } from "./token.ts";

/** A birth date of which the year is known; without month or day, or both. */
export type PartialDate = { readonly year: number; readonly month?: number; readonly day?: number };

/**
 * A birth date in parts, so that dates that differ by a common mistake still share most of their bits.
 *
 * - The year as a whole and with one digit left out each: one wrong digit leaves a third of its bits.
 * - Day and month as two numbers of one kind: swapped, they are the same two. Their roles weigh little.
 * - Each with one digit left out, for one digit off.
 * - 01.01. and an unknown day and month are the same: "day not known". They weigh little, agreeing or not.
 */
export function birthTokens(date: PartialDate | undefined): readonly Token[] {
  if (date === undefined) return [];
  const { year, month, day } = date;
  const years = yearTokens(year);
  if (month === undefined || (month === 1 && day === 1)) return [...years, { text: "day:none", bits: 4 }];
  return [...years, ...numberTokens(month, "month"), ...(day === undefined ? [] : numberTokens(day, "day"))];
}

function yearTokens(year: number): readonly Token[] {
  const text = String(year);
  const [tens = "", units = ""] = [text.at(-2), text.at(-1)];
  return [
    { text: `year:${text}`, bits: 14 },
    { text: `year:..${tens}.`, bits: 4 },
    { text: `year:...${units}`, bits: 4 },
  ];
}

function numberTokens(value: number, role: "month" | "day"): readonly Token[] {
  const text = String(value).padStart(2, "0");
  return [
    { text: `number:${text}`, bits: 14 },
    { text: `${role}:${text}`, bits: 4 },
    { text: `${role}:${text[0] ?? ""}.`, bits: 2 },
    { text: `${role}:.${text[1] ?? ""}`, bits: 4 },
  ];
}

/** Sex halves the candidates only and is wrong now and then: it weighs as much as a digit. */
export function sexTokens(sex: "m" | "w" | undefined): readonly Token[] {
  return sex === undefined ? [] : [{ text: `sex:${sex}`, bits: 6 }];
}
