import Papa from "papaparse";
import type { WeekPoint } from "../population/sources.ts";
import { dayNumber } from "../registers/calendar.ts";

const columns = ["stichtag", "raum_ebene", "raum_code", "aufenthaltsstatus_code", "wert"] as const;

/**
 * Weekly aggregates from before the first report (`config/serie.csv`), oldest week first.
 * @throws {SyntaxError} naming line and rule, if the file is not of the agreed form.
 */
export function readSeriesFile(text: string): readonly WeekPoint[] {
  const parsed = Papa.parse<string[]>(text.replace(/^\uFEFF/, ""), { delimiter: ";", skipEmptyLines: true });
  const [header, ...rows] = parsed.data;
  if (columns.some((name, at) => header?.[at] !== name)) {
    throw new SyntaxError(`Cannot read "serie.csv": line 1 must be "${columns.join(";")}"`);
  }
  const weeks = new Map<string, Map<string, number>>();
  for (const [at, row] of rows.entries()) addRow(weeks, row, at + 2);
  return [...weeks.keys()]
    .sort()
    .map((referenceDate) => ({ referenceDate, counts: weeks.get(referenceDate) ?? new Map() }));
}

function isDay(text: string): boolean {
  try {
    dayNumber(text);
    return true;
  } catch {
    return false;
  }
}

function addRow(weeks: Map<string, Map<string, number>>, row: readonly string[], line: number): void {
  const [date = "", level = "", area = "", status = "", value = ""] = row;
  if (row.length !== columns.length || !/^\d+$/.test(value) || level === "" || area === "" || status === "") {
    throw new SyntaxError(
      `Cannot read "serie.csv": line ${line} must have ${columns.length} filled fields and a whole number`,
    );
  }
  if (!isDay(date)) {
    throw new SyntaxError(`Cannot read "serie.csv": line ${line} must begin with a real date as JJJJ-MM-TT`);
  }
  const counts = weeks.get(date) ?? new Map<string, number>();
  const key = `${level}:${area}|${status}`;
  if (counts.has(key)) throw new SyntaxError(`Cannot read "serie.csv": line ${line} repeats an earlier cell`);
  weeks.set(date, counts.set(key, Number(value)));
}
