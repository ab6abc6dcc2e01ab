import { join } from "node:path";
import { monthText } from "../../shared/registers/calendar.ts";
import { type DueWeek, dueWeeks } from "./calendar-of-deliveries.ts";
import { addFaults } from "./faults.ts";
import { type School, schoolsOf } from "./schools.ts";
import { type CitySize, city as names, sizePlans } from "./sizes.ts";
import { inventSpace } from "./space.ts";
import { inventTown } from "./streets.ts";
import { Truth } from "./truth.ts";
import { writeAkdn } from "./write-akdn.ts";
import { writeConfig } from "./write-config.ts";
import { writeEwo } from "./write-ewo.ts";
import { type City, writeEwoAlw } from "./write-ewo-alw.ts";
import { writeFortschreibung } from "./write-fortschreibung.ts";
import { writeGliederung } from "./write-gliederung.ts";
import { writeSchild } from "./write-schild.ts";

export type CityOptions = {
  readonly directory: string;
  readonly size: CitySize;
  readonly seed: number;
  /** ISO time with offset; the exports are those due by then. */
  readonly now: string;
  /** The last weeks that are delivered one after the other. */
  readonly weeks: number;
  /** Adds the ugly cases of the test catalogue. */
  readonly faults: boolean;
  /** Where the truth goes; missing: nowhere. */
  readonly truthFile?: string;
};

export type WrittenCity = {
  /** Oldest week first; files relative to the directory, in the order in which they are dropped. */
  readonly weeks: readonly { readonly now: string; readonly files: readonly string[] }[];
  readonly config: readonly string[];
};

/**
 * Writes an invented city's exports below `directory` (`{register}/{file}`) and its `config/`.
 *
 * A file depends on size, seed and its own Stichtag only: a later run writes the older files again byte by byte.
 * Memory does not grow with the city, except for its streets.
 *
 * @throws {RangeError} if `now` is no ISO time with offset or `weeks` is below 1.
 */
export async function writeCity(options: CityOptions): Promise<WrittenCity> {
  if (Number.isNaN(Date.parse(options.now)) || !Number.isInteger(options.weeks) || options.weeks < 1) {
    throw new RangeError("Cannot write the city: now must be an ISO time with offset and weeks at least 1");
  }
  const plan = sizePlans[options.size];
  const town = inventTown(options.seed, plan, inventSpace(options.seed, plan));
  const city = { seed: options.seed, plan, town };
  const schools = schoolsOf(city);
  const truth = new Truth(city, options.truthFile);
  const due = dueWeeks(options.now, options.weeks);
  const weeks: { now: string; files: readonly string[] }[] = [];
  let ewoDate = "";
  for (const week of due) {
    const first = weeks.length === 0;
    ewoDate = week.residents.at(-1) ?? ewoDate;
    const once = first ? await writeOnce(city, options.directory, week) : [];
    const files = [...once, ...(await writeWeek(city, options.directory, schools, week, truth))];
    truth.registers(week.friday, ewoDate);
    weeks.push({ now: week.now, files });
  }
  truth.close();
  const config = writeConfig(city, options.directory, schools, due[0]?.friday ?? "");
  if (!options.faults) return { weeks, config };
  return { weeks: addFaults(options.directory, weeks), config };
}

/** What the first week brings besides its own: the spatial structure and the history. */
async function writeOnce(city: City, directory: string, week: DueWeek): Promise<readonly string[]> {
  const structure = writeGliederung(city.seed, city.town, directory);
  const lastMonth = (week.months[0] ?? 0) - 1;
  const history = `fortschreibung/FORTSCHREIBUNG_${names.ags}_${monthText(lastMonth)}_1.xlsx`;
  await writeFortschreibung(city, join(directory, history), lastMonth);
  return [...structure, history];
}

async function writeWeek(
  city: City,
  directory: string,
  schools: readonly School[],
  week: DueWeek,
  truth: Truth,
): Promise<readonly string[]> {
  const files: string[] = [];
  for (const day of week.schoolDays) {
    files.push(...writeSchild(city, directory, schools, day, (row) => truth.pupil(day, row)));
  }
  for (const day of week.residents) {
    const file = `ewo/EWO_${names.ags}_${day}_1.csv`;
    const observer = truth.residents(day);
    writeEwo(city, join(directory, file), day, observer.seen);
    observer.done();
    files.push(file);
  }
  for (const month of week.months) {
    const file = `akdn-sozial/AKDN-SOZIAL_${names.ags}_${monthText(month)}_1.xlsx`;
    const observer = truth.benefits(monthText(month));
    await writeAkdn(city, join(directory, file), month, observer.seen);
    observer.done();
    files.push(file);
  }
  const file = `ewo-alw/EWO-ALW_${names.ags}_${week.friday}_1.csv`;
  const observer = truth.refugees(week.friday);
  writeEwoAlw(city, join(directory, file), week.friday, observer.seen);
  observer.done();
  return [...files, file];
}
