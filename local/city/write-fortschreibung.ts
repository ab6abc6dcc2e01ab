import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { finished } from "node:stream/promises";
import { monthNumber, monthText } from "../../shared/registers/calendar.ts";
import { firstDay, recipientIn } from "./benefits.ts";
import { CityWorkbook } from "./city-workbook.ts";
import { germanMoney } from "./dates.ts";
import { foreignersOf } from "./foreigners.ts";
import { refugeeFamilies, refugeeFamily } from "./households.ts";
import { codeRows } from "./status.ts";
import type { City } from "./write-ewo-alw.ts";

const historyFrom = monthNumber("2010-01");
const groups = codeRows("personenkreis.csv").map((row) => row["pks"] ?? "");
const centsFrom = monthNumber("2013-01");

type Cell = { cases: number; persons: number; cents: number };

/** Writes the monthly history since 2010 up to and including `lastMonth`, from the same lives as the billing. */
export async function writeFortschreibung(city: City, path: string, lastMonth: number): Promise<void> {
  const cells = countedMonths(city, lastMonth);
  mkdirSync(dirname(path), { recursive: true });
  const output = createWriteStream(path);
  const workbook = new CityWorkbook(output);
  const sheet = workbook.addWorksheet("Zeitreihe");
  sheet.addRow(["Fortschreibung Leistungen nach dem AsylbLG"]).commit();
  sheet.addRow(["Monat", "PKS", "Anzahl Fälle", "Anzahl Personen", "Ausgaben", "Kennzeichen"]).commit();
  for (let month = historyFrom; month <= lastMonth; month += 1) {
    for (const row of rowsOf(cells, month, lastMonth)) sheet.addRow(row).commit();
  }
  sheet.commit();
  await workbook.commit();
  await finished(output);
}

const monthNames = ["Jan", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"];

function monthWritten(month: number): string {
  const text = monthText(month);
  if (month % 17 === 3) return `${text.slice(5)}/${text.slice(0, 4)}`;
  return month % 29 === 5 ? `${monthNames[month % 12]} ${text.slice(2, 4)}` : text;
}

function* rowsOf(
  cells: ReadonlyMap<string, Cell>,
  month: number,
  lastMonth: number,
): Generator<(string | number)[]> {
  let cases = 0;
  let persons = 0;
  let cents = 0;
  for (const group of groups) {
    const cell = cells.get(`${month}|${group}`) ?? { cases: 0, persons: 0, cents: 0 };
    const spent = month < centsFrom ? Math.round(cell.cents / 100) * 100 : cell.cents;
    cases += cell.cases;
    persons += cell.persons;
    cents += spent;
    const mark = month === lastMonth ? "p" : month % 41 === 0 ? "r" : "";
    const shown = month % 23 === 0 ? germanMoney(spent, true) : spent / 100;
    yield [monthWritten(month), group, cell.cases, cell.persons, shown, mark];
  }
  yield [monthWritten(month), "Insgesamt", cases, persons, cents / 100, ""];
}

/** Cases, persons and cents by month and benefit group. A case stands under the group of its first person. */
function countedMonths(city: City, lastMonth: number): ReadonlyMap<string, Cell> {
  const cells = new Map<string, Cell>();
  for (let running = 0; running < refugeeFamilies(city.plan); running += 1) {
    const family = refugeeFamily(city.seed, running);
    const people = foreignersOf(city.seed, city.town, family);
    for (let month = historyFrom; month <= lastMonth; month += 1) {
      const start = firstDay(month);
      if (start > family.leaves) break;
      if (start + 31 > family.arrives) addFamily(cells, city.seed, people, month);
    }
  }
  return cells;
}

function addFamily(
  cells: Map<string, Cell>,
  seed: number,
  people: ReturnType<typeof foreignersOf>,
  month: number,
): void {
  const counted = new Set<string>();
  for (const person of people) {
    const found = recipientIn(seed, person, month);
    if (found === undefined) continue;
    const key = `${month}|${found.group}`;
    const cell = cells.get(key) ?? { cases: 0, persons: 0, cents: 0 };
    cell.persons += 1;
    cell.cents += found.bookings.reduce((sum, { cents }) => sum + cents, 0);
    // Members stand in order of their role, so the first one decides for the case.
    if (!counted.has(found.caseNumber)) cell.cases += 1;
    counted.add(found.caseNumber);
    cells.set(key, cell);
  }
}
