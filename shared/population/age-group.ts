import { noAge, noMonth } from "../registers/record-block.ts";

/** First age of each group; the last one is open. */
const firstAges = [0, 6, 18, 30, 45, 65] as const;
export const ageGroupCodes = ["0-5", "6-17", "18-29", "30-44", "45-64", "65+"] as const;

/** Position in `ageGroupCodes`, or their number for an unknown age. */
export function ageGroupOf(age: number): number {
  if (age === noAge) return ageGroupCodes.length;
  return firstAges.findLastIndex((first) => first <= age);
}

/** First full year of each group of the duration of stay; the last one is open. */
const firstYears = [0, 1, 3, 6, 10] as const;
export const stayCodes = ["0", "1-2", "3-5", "6-9", "10+", "u"] as const;
const monthsPerYear = 12;

/**
 * Position in `stayCodes`: whole months from the month of entry to that of the reference date, divided by 12, rounded down.
 * No entry, or one after the reference date, is unknown. Both are month numbers.
 */
export function stayOf(entry: number, referenceMonth: number): number {
  if (entry === noMonth || entry > referenceMonth) return stayCodes.length - 1;
  const years = Math.floor((referenceMonth - entry) / monthsPerYear);
  return firstYears.findLastIndex((first) => first <= years);
}
