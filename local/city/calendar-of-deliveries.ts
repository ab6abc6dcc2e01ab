import {
  addDays,
  dayNumber,
  dayText,
  isoDayIn,
  lastFriday,
  monthNumber,
} from "../../shared/registers/calendar.ts";
import { lastDay } from "./benefits.ts";

const timeZone = "Europe/Berlin";
/** Days after the end of a month until its residents and its billing are delivered. */
const residentsAfterDays = 3;
const billingAfterDays = 5;
const schoolsAfterDays = 5;
const schoolDay = "-10-15";

export type DueWeek = {
  readonly now: string;
  /** Friday of the week's foreigners register. */
  readonly friday: string;
  /** Days of the residents register. */
  readonly residents: readonly string[];
  readonly months: readonly number[];
  readonly schoolDays: readonly string[];
};

/** What is delivered in each of the last weeks, oldest first. The first week brings all that is older. */
export function dueWeeks(now: string, weeks: number): readonly DueWeek[] {
  const result: DueWeek[] = [];
  for (let back = weeks - 1; back >= 0; back -= 1) {
    const moment = weeksBefore(now, back);
    const today = isoDayIn(new Date(moment), timeZone);
    const before = result.length === 0 ? undefined : isoDayIn(new Date(weeksBefore(now, back + 1)), timeZone);
    result.push({
      now: moment,
      friday: lastFriday(today),
      residents: newMonths(today, before, residentsAfterDays, 1).map((month) => dayText(lastDay(month))),
      months: newMonths(today, before, billingAfterDays, 2),
      schoolDays: newSchoolDays(today, before),
    });
  }
  return result;
}

/** The same wall clock and offset, weeks earlier. */
function weeksBefore(now: string, weeks: number): string {
  return `${addDays(now.slice(0, 10), -7 * weeks)}${now.slice(10)}`;
}

/** Months that became due since `before`; without it the last `first` ones. */
function newMonths(
  today: string,
  before: string | undefined,
  after: number,
  first: number,
): readonly number[] {
  const newest = latestMonth(today, after);
  const oldest = before === undefined ? newest - first + 1 : latestMonth(before, after) + 1;
  return Array.from({ length: Math.max(0, newest - oldest + 1) }, (_, at) => oldest + at);
}

function latestMonth(today: string, after: number): number {
  return monthNumber(addDays(today, -after).slice(0, 7)) - 1;
}

function newSchoolDays(today: string, before: string | undefined): readonly string[] {
  const newest = latestSchoolDay(today);
  return before !== undefined && latestSchoolDay(before) === newest ? [] : [newest];
}

function latestSchoolDay(today: string): string {
  const year = Number(today.slice(0, 4));
  const thisYear = `${year}${schoolDay}`;
  return dayNumber(today) >= dayNumber(thisYear) + schoolsAfterDays ? thisYear : `${year - 1}${schoolDay}`;
}
