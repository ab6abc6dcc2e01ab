import { noAge } from "./record-block.ts";

const millisecondsPerDay = 86_400_000;
const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const february = 2;

/**
 * Days since 1970-01-01 of a date of the Gregorian calendar, NaN where there is no such day.
 * Years 1 to 9999. Integer arithmetic only, because a register of 4 million rows has 20 million dates.
 */
export function calendarDay(year: number, month: number, day: number): number {
  if (!(year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1)) return Number.NaN;
  if (day > lengthOfMonth(year, month)) return Number.NaN;
  // Years counted from March, so that the leap day is the last day of its year.
  const marchYear = month > february ? year : year - 1;
  const marchMonth = (month + 9) % 12;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + Math.floor((marchMonth * 153 + 2) / 5) + day - 719_469;
}

function lengthOfMonth(year: number, month: number): number {
  const leap = month === february && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return (daysOfMonth[month - 1] ?? 0) + (leap ? 1 : 0);
}

/**
 * Days since 1970-01-01 of "JJJJ-MM-TT".
 *
 * @throws {RangeError} if the text is not a real date in this form.
 */
export function dayNumber(day: string): number {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  const number = parts ? calendarDay(Number(parts[1]), Number(parts[2]), Number(parts[3])) : Number.NaN;
  if (Number.isNaN(number)) throw new RangeError("Cannot read day: expected a real date as JJJJ-MM-TT");
  return number;
}

/** "JJJJ-MM-TT" of days since 1970-01-01. */
export function dayText(day: number): string {
  return new Date(day * millisecondsPerDay).toISOString().slice(0, 10);
}

/**
 * Month number (year × 12 + month − 1) of "JJJJ-MM".
 *
 * @throws {RangeError} if the text is not a month in this form.
 */
export function monthNumber(month: string): number {
  const parts = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month);
  if (!parts) throw new RangeError("Cannot read month: expected JJJJ-MM");
  return Number(parts[1]) * 12 + Number(parts[2]) - 1;
}

/** "JJJJ-MM" of a month number. */
export function monthText(month: number): string {
  const year = String(Math.floor(month / 12)).padStart(4, "0");
  return `${year}-${String((month % 12) + 1).padStart(2, "0")}`;
}

/** Monday 0 … Sunday 6. */
function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** ISO 8601 week of a day: "2026-W47". The week belongs to the year of its Thursday. */
export function isoWeek(day: string): string {
  const number = dayNumber(day);
  const thursday = number - weekdayOf(number) + 3;
  const year = dayText(thursday).slice(0, 4);
  const week = Math.floor((thursday - dayNumber(`${year}-01-01`)) / 7) + 1;
  return `${year}-W${String(week).padStart(2, "0")}`;
}

export function addDays(day: string, days: number): string {
  return dayText(dayNumber(day) + days);
}

/** The calendar day "JJJJ-MM-TT" that the clocks of a time zone show at an instant. */
export function isoDayIn(instant: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "iso8601",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const parts = new Map(format.formatToParts(instant).map((part) => [part.type, part.value]));
  return `${parts.get("year")?.padStart(4, "0")}-${parts.get("month")}-${parts.get("day")}`;
}

/** The latest Friday not after a day, both "JJJJ-MM-TT". */
export function lastFriday(day: string): string {
  const number = dayNumber(day);
  return dayText(number - ((weekdayOf(number) + 3) % 7));
}

/**
 * Full years of age on a day, from a partially known birth date (JJJJMMTT as number, 0 for what is unknown).
 *
 * Unknown day: the 15th; unknown month and day: 1 July; unknown year: `noAge`. Who was born on 29 February is a year
 * older from 1 March on. A birth that is estimated to lie after the day gives 0.
 * Source: rules of every delivery; § 187 (2), § 188 (2) BGB.
 */
export function ageOn(birth: number, day: number): number {
  const birthYear = Math.floor(birth / 10_000);
  if (birthYear === 0) return noAge;
  const today = new Date(day * millisecondsPerDay);
  const monthAndDay = (today.getUTCMonth() + 1) * 100 + today.getUTCDate();
  const age = today.getUTCFullYear() - birthYear - (monthAndDay < birthdayOf(birth) ? 1 : 0);
  return Math.min(Math.max(age, 0), noAge - 1);
}

function birthdayOf(birth: number): number {
  const monthAndDay = birth % 10_000;
  if (monthAndDay === 0) return 701;
  return monthAndDay % 100 === 0 ? monthAndDay + 15 : monthAndDay;
}
