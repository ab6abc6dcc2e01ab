import { dayText } from "../../shared/registers/calendar.ts";
import { openEnd } from "./titles.ts";

const germanDays = new Map<number, string>();

/** TT.MM.JJJJ; each day is written once and kept, since a register repeats its dates. */
export function germanDate(day: number): string {
  const known = germanDays.get(day);
  if (known !== undefined) return known;
  const [year = "", month = "", date = ""] = dayText(day).split("-");
  const text = `${date}.${month}.${year}`;
  germanDays.set(day, text);
  return text;
}

/** TT.MM.JJJJ with 00 for unknown parts. */
export function germanPartialDate(birth: number): string {
  const text = String(birth).padStart(8, "0");
  return `${text.slice(6)}.${text.slice(4, 6)}.${text.slice(0, 4)}`;
}

export function germanEnd(day: number, variant: number): string {
  if (day < openEnd) return germanDate(day);
  return variant % 3 === 0 ? "31.12.9999" : variant % 3 === 1 ? "" : "99.99.9999";
}

/** 1.234,56 with points for thousands if wanted. */
export function germanMoney(cents: number, points: boolean): string {
  const whole = String(Math.floor(Math.abs(cents) / 100));
  const euros = points ? whole.replace(/\B(?=(\d{3})+$)/g, ".") : whole;
  return `${cents < 0 ? "-" : ""}${euros},${String(Math.abs(cents) % 100).padStart(2, "0")}`;
}
