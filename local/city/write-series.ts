import { dayNumber, dayText } from "../../shared/registers/calendar.ts";
import { countedOn, type Foreigner, foreignersOf, keptAfterLeaving } from "./foreigners.ts";
import { refugeeFamilies, refugeeFamily } from "./households.ts";
import { memberFrom, memberUntil } from "./lives.ts";
import { countedClasses, turningDays } from "./status.ts";
import { TextFile } from "./text-file.ts";
import type { City } from "./write-ewo-alw.ts";

const weeksOfSeries = 157;
const statuses = ["T", ...countedClasses];

/** Writes `serie.csv`: the refugees of each Friday of the three years before the first delivered week. */
export function writeSeries(city: City, path: string, firstDelivered: string): void {
  const first = dayNumber(firstDelivered) - 7 * weeksOfSeries;
  const counts = countedWeeks(city, first);
  const areas = ["T", ...city.town.quarters.map(({ key }) => key), "ohne"];
  const file = new TextFile(path, "utf-8");
  file.write("stichtag;raum_ebene;raum_code;aufenthaltsstatus_code;wert\r\n");
  for (let week = 0; week < weeksOfSeries; week += 1) {
    const date = dayText(first + week * 7);
    for (const [area, key] of areas.entries()) {
      for (const [status, code] of statuses.entries()) {
        const value = counts[(week * areas.length + area) * statuses.length + status] ?? 0;
        file.write(`${date};${area === 0 ? "stadt" : "stadtteil"};${key};${code};${value}\r\n`);
      }
    }
  }
  file.close();
}

/** Counts by week, area (the city first, "ohne" last) and status (the total first). */
function countedWeeks(city: City, first: number): Float64Array {
  const areas = city.town.quarters.length + 2;
  const counts = new Float64Array(weeksOfSeries * areas * statuses.length);
  const last = first + weeksOfSeries * 7;
  for (let running = 0; running < refugeeFamilies(city.plan); running += 1) {
    const family = refugeeFamily(city.seed, running);
    if (family.arrives > last || family.leaves + keptAfterLeaving < first) continue;
    for (const person of foreignersOf(city.seed, city.town, family)) addPerson(counts, areas, first, person);
  }
  return counts;
}

/** Between two turning days nothing changes, so the person is looked at once per stretch. */
function addPerson(counts: Float64Array, areas: number, first: number, person: Foreigner): void {
  const days = stretchesOf(person, first);
  for (const [at, from] of days.entries()) {
    const counted = countedOn(person, from);
    if (counted === undefined) continue;
    const until = days[at + 1] ?? Number.POSITIVE_INFINITY;
    const area = counted.address.quarter < 0 ? areas - 1 : counted.address.quarter + 1;
    const status = countedClasses.indexOf(counted.status) + 1;
    const firstWeek = Math.max(0, Math.ceil((from - first) / 7));
    for (let week = firstWeek; week < weeksOfSeries && first + week * 7 < until; week += 1) {
      const city = week * areas * statuses.length;
      raise(counts, city, status);
      raise(counts, city + area * statuses.length, status);
    }
  }
}

/** One more person in the total and under the status of an area. */
function raise(counts: Float64Array, start: number, status: number): void {
  counts[start] = (counts[start] ?? 0) + 1;
  counts[start + status] = (counts[start + status] ?? 0) + 1;
}

function stretchesOf(person: Foreigner, first: number): number[] {
  const { family, member, lag } = person;
  const days = [
    first,
    ...turningDays(person.titles),
    ...person.moves.map(({ day }) => day + lag),
    memberFrom(family, member),
    memberUntil(family, member) + lag,
    member.naturalised,
  ];
  return [...new Set(days.filter((day) => day >= first))].sort((a, b) => a - b);
}
