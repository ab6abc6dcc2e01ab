import { isTrue } from "../../registers/workbook-xml.ts";
import { elementsOf, openReleased, type ReleasedArchive } from "./attack-release-archive.ts";
import type { ReleaseCsv } from "./attack-release-csv.ts";
import { type ReleasedCell, type ReleasedSheet, ReleasedSheetReader } from "./attack-release-sheet.ts";

/** Parts that a released workbook is made of; in any other one a number could stand that nobody compares. */
const knownParts = [
  /^\[Content_Types\]\.xml$/,
  /^_rels\/\.rels$/,
  /^docProps\/(app|core)\.xml$/,
  /^xl\/(workbook|styles|sharedStrings)\.xml$/,
  /^xl\/_rels\/workbook\.xml\.rels$/,
  /^xl\/theme\/theme\d+\.xml$/,
  /^xl\/worksheets\/sheet\d+\.xml$/,
  /^xl\/worksheets\/_rels\/sheet\d+\.xml\.rels$/,
  /^xl\/tables\/table\d+\.xml$/,
];

/** Sheets that tell of deliveries, in numbers that no table counts. */
const sheetsOfDeliveries: readonly string[] = ["Datenstand", "csv-Datenstand"];

/**
 * Where a released workbook says more than the CSV files of the same release: place and rule, no value.
 *
 * - Every sheet `csv-<table>` holds the lines of the file, field by field, then day and delivery.
 * - A sheet `<table>` shows no number more often than the file does, no text that is a number, and as many dots as the file
 *   has hidden cells.
 * - No other sheet shows numbers, but the two that tell of deliveries.
 * - Nothing is hidden: no sheet, row, column, name, formula, comment, unused shared string, number format without digits,
 *   and no part or element that our workbooks do not have.
 *
 * @throws {SyntaxError} if it is no workbook.
 */
export async function workbookFindings(
  bytes: Uint8Array,
  files: readonly ReleaseCsv[],
): Promise<readonly string[]> {
  const archive = await openReleased(bytes);
  const strange = archive.parts
    .filter((part) => !knownParts.some((known) => known.test(part)))
    .map((part) => finding(`part "${part}"`, "it must be one that is compared"));
  const list = await sheetList(archive);
  const sharedStrings = await readSharedStrings(archive);
  const used = new Set<number>();
  const findings = [...strange, ...list.findings, ...(await styleFindings(archive))];
  const unread = archive.parts.filter((part) => /^xl\/worksheets\/[^/]+\.xml$/.test(part));
  for (const { name, part } of list.sheets) {
    const reader = new ReleasedSheetReader(sharedStrings, used);
    await archive.read(part, reader);
    const sheet = reader.sheet();
    findings.push(...sheet.findings.map((rule) => finding(`sheet "${name}"`, rule)));
    findings.push(...sheetFindings(name, sheet, files));
    if (unread.includes(part)) unread.splice(unread.indexOf(part), 1);
  }
  findings.push(...unread.map((part) => finding(`part "${part}"`, "it must be a sheet of the workbook")));
  const names = new Set(list.sheets.map(({ name }) => name));
  const missing = files.flatMap(({ id }) => [id, `csv-${id}`]).filter((name) => !names.has(name));
  findings.push(...missing.map((name) => finding(`sheet "${name}"`, "it must be there")));
  if (used.size < sharedStrings.length) findings.push(finding("shared strings", "each must stand in a cell"));
  return findings;
}

function finding(place: string, rule: string): string {
  return `Cannot publish the workbook: ${place}: ${rule}`;
}

type SheetList = {
  readonly sheets: readonly { readonly name: string; readonly part: string }[];
  readonly findings: readonly string[];
};

async function sheetList(archive: ReleasedArchive): Promise<SheetList> {
  const relations = await elementsOf(archive, "xl/_rels/workbook.xml.rels");
  const parts = new Map(
    relations.map(({ attributes }) => [attributes["Id"], `xl/${attributes["Target"] ?? ""}`]),
  );
  const elements = await elementsOf(archive, "xl/workbook.xml");
  const findings: string[] = [];
  const sheets = elements.flatMap(({ name: element, attributes }) => {
    if (element === "definedName") findings.push(finding("names", "the workbook must define none"));
    if (element !== "sheet") return [];
    const name = attributes["name"] ?? "";
    const part = parts.get(attributes["r:id"]) ?? "";
    const isVisible = (attributes["state"] ?? "visible") === "visible";
    if (!isVisible) findings.push(finding(`sheet "${name}"`, "it must be visible"));
    return [{ name, part }];
  });
  return { sheets, findings };
}

async function readSharedStrings(archive: ReleasedArchive): Promise<readonly string[]> {
  const part = "xl/sharedStrings.xml";
  const strings: string[] = [];
  if (!archive.parts.includes(part)) return strings;
  let isInText = false;
  await archive.read(part, {
    open: (name) => {
      if (name === "si") strings.push("");
      isInText = name === "t";
    },
    close: () => {
      isInText = false;
    },
    text: (text) => {
      if (isInText) strings.push((strings.pop() ?? "") + text);
    },
  });
  return strings;
}

/** A format that shows nothing hides the number under it. */
async function styleFindings(archive: ReleasedArchive): Promise<readonly string[]> {
  const elements = await elementsOf(archive, "xl/styles.xml");
  const isHiding = elements.some(
    ({ name, attributes }) =>
      (name === "numFmt" && !/[0#?@]/.test((attributes["formatCode"] ?? "").split(";")[0] ?? "")) ||
      (name === "protection" && isTrue(attributes["hidden"])),
  );
  return isHiding ? [finding("styles", "every number format must show digits")] : [];
}

function sheetFindings(name: string, sheet: ReleasedSheet, files: readonly ReleaseCsv[]): readonly string[] {
  const place = `sheet "${name}"`;
  const twin = files.find(({ id }) => `csv-${id}` === name);
  if (twin !== undefined) return twinFindings(place, sheet, twin);
  const table = files.find(({ id }) => id === name);
  if (table !== undefined) return tableFindings(place, sheet, table);
  const hasNumbers = sheet.rows.some((row) => row.some((cell) => typeof cell === "number"));
  return hasNumbers && !sheetsOfDeliveries.includes(name) ? [finding(place, "it must not show numbers")] : [];
}

/** The first line that differs, line 1 being the header. */
function twinFindings(place: string, { rows }: ReleasedSheet, csv: ReleaseCsv): readonly string[] {
  const lines = [csv.header, ...csv.rows];
  const width = csv.header.length;
  const value = csv.header.indexOf("wert");
  const wrong = lines.findIndex((line, at) =>
    line.some((field, column) => !isSame(rows[at]?.[column], field, at > 0 && column === value)),
  );
  const findings: string[] = [];
  if (wrong >= 0)
    findings.push(finding(`${place}, line ${wrong + 1}`, `it must be the one of "${csv.file}"`));
  const isLonger = rows.length > lines.length;
  const isWider = rows.some((row) =>
    row.some((cell, column) => column >= width && (typeof cell === "number" || column >= width + 2)),
  );
  if (isLonger || isWider) findings.push(finding(place, `it must hold the lines of "${csv.file}" alone`));
  return findings;
}

function isSame(cell: ReleasedCell | undefined, field: string, isNumber: boolean): boolean {
  if (field === "") return cell === undefined;
  return isNumber ? cell === Number(field.replace(",", ".")) : cell === field;
}

/** What stands on the sheet of a table that people read. */
function tableFindings(place: string, { rows }: ReleasedSheet, csv: ReleaseCsv): readonly string[] {
  const value = csv.header.indexOf("wert");
  const names = new Set(csv.rows.flatMap((row) => row.slice(0, value)));
  const cells = rows.flatMap((row) => row.filter((cell) => cell !== undefined));
  const numbers = cells.filter((cell) => typeof cell === "number");
  const texts = cells.filter((cell) => typeof cell === "string");
  const rules: string[] = [];
  if (!areAmong(numbers, numbersOf(csv)))
    rules.push(`it must not show a number that "${csv.file}" does not have`);
  if (texts.some((text) => isNumberText(text) && !names.has(text)))
    rules.push("it must not show a number as text");
  const hidden = csv.rows.filter((row) => row.at(-1) === "c").length;
  if (texts.filter((text) => text === ".").length !== hidden)
    rules.push(`it must show a dot for every hidden cell of "${csv.file}"`);
  return rules.map((rule) => finding(place, rule));
}

function numbersOf({ header, rows }: ReleaseCsv): readonly number[] {
  const value = header.indexOf("wert");
  return rows.flatMap((row) => (row[value] ? [Number(row[value].replace(",", "."))] : []));
}

/** True where each number stands in `all`, as often as it stands in `some`. */
function areAmong(some: readonly number[], all: readonly number[]): boolean {
  const left = new Map<number, number>();
  for (const number of all) left.set(number, (left.get(number) ?? 0) + 1);
  return some.every((number) => {
    const count = left.get(number) ?? 0;
    left.set(number, count - 1);
    return count > 0;
  });
}

function isNumberText(text: string): boolean {
  return /^[-+−]?\d[\d.\s\u00a0\u202f]*(,\d+)?\s*%?$/.test(text.trim());
}
