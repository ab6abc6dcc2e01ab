import { addDays, isoDayIn, isoWeek, lastFriday } from "../registers/calendar.ts";
import type { Office } from "../registers/office.ts";

/** The week a report speaks of. */
export type ReportWeek = {
  /** Friday, "JJJJ-MM-TT". */
  readonly referenceDate: string;
  /** ISO week of that Friday: "2026-W47". */
  readonly isoWeek: string;
  /** The same in file names: "2026-KW47". */
  readonly week: string;
};

/** Days from the Friday of a report to the weekday on which it appears. */
const daysAfterFriday = {
  freitag: 0,
  samstag: 1,
  sonntag: 2,
  montag: 3,
  dienstag: 4,
  mittwoch: 5,
  donnerstag: 6,
} as const satisfies Record<Office["bericht"]["wochentag"], number>;

/** The report week at an instant: that of the latest Friday not after it in the office's time zone. */
export function reportWeekAt(now: Date, timeZone: string): ReportWeek {
  return reportWeekOf(lastFriday(isoDayIn(now, timeZone)));
}

/** @throws {RangeError} if `referenceDate` is no Friday. */
export function reportWeekOf(referenceDate: string): ReportWeek {
  if (lastFriday(referenceDate) !== referenceDate) {
    throw new RangeError("Cannot name the report week: the reference date must be a Friday");
  }
  const week = isoWeek(referenceDate);
  return { referenceDate, isoWeek: week, week: week.replace("-W", "-KW") };
}

/** True from the weekday and hour of `office.bericht` on, in the office's time zone, so around both clock changes too. */
export function isReportDue(now: Date, week: ReportWeek, office: Office, timeZone: string): boolean {
  const day = addDays(week.referenceDate, daysAfterFriday[office.bericht.wochentag]);
  return localMinute(now, timeZone) >= `${day} ${office.bericht.uhrzeit}`;
}

/** "JJJJ-MM-TT HH:MM" on the office's wall clock. */
function localMinute(instant: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  }).format(instant);
}
