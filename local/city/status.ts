import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import Papa from "papaparse";
import { openEnd, type Title } from "./titles.ts";

const codes = join(dirname(fileURLToPath(import.meta.url)), "../../shared/registers/codes");

/** A code table of the project as objects by heading. */
export function codeRows(file: string): readonly Readonly<Record<string, string>>[] {
  const text = readFileSync(join(codes, file), "utf8");
  return Papa.parse<Record<string, string>>(text, { delimiter: ";", header: true, skipEmptyLines: true })
    .data;
}

/** Strongest first (registers.md section 1). */
const ranks = ["NE_HUM", "AE_HUM", "FB", "AG", "AKN", "DU", "AUSREISEPFL", "FAM", "NONE"];
/** The classes that count under the kommunal definition. */
export const countedClasses = ["AKN", "AG", "DU", "AE_HUM", "NE_HUM"] as const;
export type CountedClass = (typeof countedClasses)[number];

const graceDays = 90;
const classes = new Map(
  codeRows("residence-titles.csv").map((row) => [row["code"] ?? "", row["status_class"] ?? ""]),
);

function classOf(code: string): string {
  const found = classes.get(code);
  if (found === undefined)
    throw new RangeError("Cannot classify title: the code must stand in residence-titles.csv");
  return found;
}

/**
 * The title that decides a person's status on a day, from the titles issued until then; undefined: none that is valid
 * or expired at most 90 days ago.
 */
export function decidingTitle(titles: readonly Title[], day: number): Title | undefined {
  let valid: Title | undefined;
  let late: Title | undefined;
  for (const title of titles) {
    if (title.from > day || title.to < day - graceDays) continue;
    if (title.to < day) late = strongerOf(late, title);
    else valid = strongerOf(valid, title);
  }
  return valid ?? late;
}

function strongerOf(a: Title | undefined, b: Title): Title {
  return a !== undefined && compareStrength(a, b) <= 0 ? a : b;
}

/** Negative where the first one decides. */
function compareStrength(a: Title, b: Title): number {
  const rank = rankOf(a.code) - rankOf(b.code);
  return rank || b.from - a.from || b.to - a.to || (a.code < b.code ? -1 : 1);
}

const rankOfCode = new Map([...classes].map(([code, name]) => [code, ranks.indexOf(name)]));

function rankOf(code: string): number {
  return rankOfCode.get(code) ?? ranks.length;
}

/** Days on which the deciding title can change. */
export function turningDays(titles: readonly Title[]): number[] {
  const days = titles.flatMap(({ from, to }) =>
    to >= openEnd ? [from] : [from, to + 1, to + graceDays + 1],
  );
  return [...new Set(days)].sort((a, b) => a - b);
}

export function countedClass(title: Title | undefined): CountedClass | undefined {
  const found = title === undefined ? "" : classOf(title.code);
  return countedClasses.find((name) => name === found);
}
