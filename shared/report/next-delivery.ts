import { addDays, monthNumber, monthText } from "../registers/calendar.ts";
import type { OfficeRegister } from "../registers/office.ts";

const weekdays = ["sonntag", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag"] as const;

/**
 * Day on which the next delivery of a register is agreed, after the day one was received ("JJJJ-MM-TT"); undefined where
 * nothing is agreed. A day that a month does not have is its last one. Holidays are not considered.
 */
export function nextDelivery({ erwartet }: OfficeRegister, receivedOn: string): string | undefined {
  if (erwartet === undefined) return undefined;
  if ("wochentag" in erwartet) return nextWeekday(weekdays.indexOf(erwartet.wochentag), receivedOn);
  const month = receivedOn.slice(0, 7);
  const thisMonth = dayOfMonth(month, erwartet.tagImMonat);
  return receivedOn < thisMonth ? thisMonth : dayOfMonth(monthAfter(month), erwartet.tagImMonat);
}

function nextWeekday(weekday: number, day: string): string {
  const days = (weekday - new Date(`${day}T00:00:00Z`).getUTCDay() + 7) % 7;
  return addDays(day, days === 0 ? 7 : days);
}

function dayOfMonth(month: string, day: number): string {
  const last = addDays(`${monthAfter(month)}-01`, -1);
  const wanted = `${month}-${String(day).padStart(2, "0")}`;
  return wanted < last ? wanted : last;
}

function monthAfter(month: string): string {
  return monthText(monthNumber(month) + 1);
}
