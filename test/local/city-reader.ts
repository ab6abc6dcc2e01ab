import { readFileSync } from "node:fs";
import { dayNumber } from "../../shared/registers/calendar.ts";

/** A row of a delivered file by heading. Written apart from readers and writers, so that it can judge both. */
export type Row = Readonly<Record<string, string>>;

export function delimitedRows(path: string, startOfHeader: string): readonly Row[] {
  const lines = readFileSync(path, "latin1")
    .replace(/^ï»¿/, "")
    .split(/\r?\n/)
    .filter((line) => line !== "");
  const start = lines.findIndex((line) => line.startsWith(startOfHeader));
  const headings = fieldsOf(lines[start] ?? "");
  return lines
    .slice(start + 1)
    .map(fieldsOf)
    .filter((fields) => fields.length === headings.length)
    .map((fields) => Object.fromEntries(headings.map((heading, at) => [heading, fields[at] ?? ""])));
}

function fieldsOf(line: string): readonly string[] {
  return [...line.matchAll(/("(?:[^"]|"")*"|[^;]*)(;|$)/g)]
    .slice(0, line.endsWith(";") ? undefined : -1)
    .map(([, field = ""]) => field);
}

/** Day number of TT.MM.JJJJ; open ends are far away; NaN for what is no date. */
export function germanDay(text: string): number {
  if (text === "" || /9999$/.test(text)) return 1e7;
  try {
    return dayNumber(text.split(".").reverse().join("-"));
  } catch {
    return Number.NaN;
  }
}
