import { createHash } from "node:crypto";
import Papa from "papaparse";
import { normalisedHeading } from "./headings.ts";
import { noDate } from "./record-block.ts";
import type { CodeListId } from "./register.ts";
import { parseDay } from "./values.ts";

/** One row of a code table. A code may have several, with validities that do not overlap. */
export type CodeEntry = {
  readonly code: string;
  readonly label: string;
  /** Day numbers, both days inside; `noDate` is open. */
  readonly validFrom: number;
  readonly validTo: number;
  /** All columns of the row under their official headings. */
  readonly fields: Readonly<Record<string, string>>;
};

/** A code list as the office's statisticians edit it, read as of a day. */
export type CodeTable = {
  readonly id: CodeListId;
  /** First 12 hex digits of the SHA-256 of its text; stored with each result. */
  readonly version: string;
  readonly entries: readonly CodeEntry[];
  /** All rows of a code; none for an unknown code. */
  find(code: string): readonly CodeEntry[];
  /** The row of a code that is valid on a day (days since 1970-01-01). */
  at(code: string, day: number): CodeEntry | undefined;
};

export type CodeTables = Readonly<Record<CodeListId, CodeTable>>;

type CodeListColumns = {
  readonly code: string;
  readonly label?: string;
  readonly from?: string;
  readonly to?: string;
  /** Further columns that must be there. */
  readonly required: readonly string[];
};

const validity = { from: "valid_from", to: "valid_to" } as const;
const columnsOfList = {
  citizenships: { code: "key", label: "label_de", ...validity, required: [] },
  "residence-titles": {
    code: "code",
    label: "label_de",
    ...validity,
    required: ["status_class", "protection", "kommunal", "destatis"],
  },
  personenkreis: { code: "pks", label: "label_de", ...validity, required: [] },
  familienstand: { code: "key", label: "label_de", ...validity, required: [] },
  "school-types": { code: "key", label: "label_de", ...validity, required: [] },
  "titel-mapping": { code: "schluessel", from: "gueltig_von", to: "gueltig_bis", required: ["code"] },
  schulen: {
    code: "Schulnummer",
    label: "Name",
    from: "GueltigVon",
    to: "GueltigBis",
    required: ["Schulform"],
  },
} as const satisfies Record<CodeListId, CodeListColumns>;

const noEntries: readonly CodeEntry[] = [];

/**
 * Reads all code tables; `files` holds their text (`;`, one header row, dates as TT.MM.JJJJ or JJJJ-MM-TT).
 * A table may consist of its header only.
 *
 * @throws {SyntaxError} with file, line and rule; never with a cell's content.
 */
export function readCodeTables(files: Readonly<Record<CodeListId, string>>): CodeTables {
  return {
    citizenships: readCodeTable("citizenships", files.citizenships),
    "residence-titles": readCodeTable("residence-titles", files["residence-titles"]),
    personenkreis: readCodeTable("personenkreis", files.personenkreis),
    familienstand: readCodeTable("familienstand", files.familienstand),
    "school-types": readCodeTable("school-types", files["school-types"]),
    "titel-mapping": readCodeTable("titel-mapping", files["titel-mapping"]),
    schulen: readCodeTable("schulen", files.schulen),
  };
}

/** One version for all tables together: the first 12 hex digits of a SHA-256 over theirs. */
export function codeTablesVersion(tables: CodeTables): string {
  const versions = Object.values(tables).map((table) => `${table.id} ${table.version}`);
  return shortHash(versions.sort().join("\n"));
}

function readCodeTable(id: CodeListId, text: string): CodeTable {
  const [header = [], ...lines] = Papa.parse<string[]>(text.replace(/^\uFEFF/, ""), { delimiter: ";" }).data;
  const headings = officialHeadings(id, header);
  const entries: CodeEntry[] = [];
  const byCode = new Map<string, CodeEntry[]>();
  for (const [index, line] of lines.entries()) {
    if (line.every((field) => field.trim() === "")) continue;
    const entry = readEntry(id, headings, line, index + 2);
    const rows = byCode.get(entry.code) ?? [];
    if (rows.some((row) => overlaps(row, entry))) {
      throw mistake(id, index + 2, "repeats a code with an overlapping validity");
    }
    byCode.set(entry.code, [...rows, entry]);
    entries.push(entry);
  }
  return {
    id,
    version: shortHash(text),
    entries,
    find: (code) => byCode.get(code) ?? noEntries,
    at: (code, day) => (byCode.get(code) ?? noEntries).find((entry) => isValidOn(entry, day)),
  };
}

function officialHeadings(id: CodeListId, header: readonly string[]): readonly string[] {
  const list: CodeListColumns = columnsOfList[id];
  const optional = [list.label, list.from, list.to].filter((name) => name !== undefined);
  const known = [list.code, ...list.required, ...optional];
  const names = header.map((heading) => {
    const wanted = normalisedHeading(heading);
    return known.find((name) => normalisedHeading(name) === wanted) ?? heading.trim();
  });
  for (const name of [list.code, ...list.required]) {
    if (!names.includes(name)) throw mistake(id, 1, `has no column "${name}"`);
  }
  if (new Set(names).size !== names.length) throw mistake(id, 1, "names a column twice");
  return names;
}

function readEntry(
  id: CodeListId,
  headings: readonly string[],
  line: readonly string[],
  number: number,
): CodeEntry {
  if (line.length !== headings.length) {
    throw mistake(id, number, `has ${line.length} fields, expected ${headings.length}`);
  }
  const list: CodeListColumns = columnsOfList[id];
  const fields = Object.fromEntries(headings.map((heading, at) => [heading, line[at]?.trim() ?? ""]));
  const code = fields[list.code] ?? "";
  if (code === "") throw mistake(id, number, `has no "${list.code}"`);
  const validFrom = readValidity(id, number, fields, list.from);
  const validTo = readValidity(id, number, fields, list.to);
  if (validFrom !== noDate && validTo !== noDate && validFrom > validTo) {
    throw mistake(id, number, "ends before it begins");
  }
  return { code, label: fields[list.label ?? ""] ?? "", validFrom, validTo, fields };
}

function readValidity(
  id: CodeListId,
  line: number,
  fields: Readonly<Record<string, string>>,
  column: string | undefined,
): number {
  const text = fields[column ?? ""] ?? "";
  if (text === "") return noDate;
  const day = parseDay(text, {});
  if (typeof day === "number") return day;
  throw mistake(id, line, `has no readable date in "${column}", expected TT.MM.JJJJ or JJJJ-MM-TT`);
}

function isValidOn(entry: CodeEntry, day: number): boolean {
  return (
    (entry.validFrom === noDate || entry.validFrom <= day) &&
    (entry.validTo === noDate || day <= entry.validTo)
  );
}

function overlaps(left: CodeEntry, right: CodeEntry): boolean {
  const endsBefore = (a: CodeEntry, b: CodeEntry) =>
    a.validTo !== noDate && b.validFrom !== noDate && a.validTo < b.validFrom;
  return !endsBefore(left, right) && !endsBefore(right, left);
}

function mistake(id: CodeListId, line: number, rule: string): SyntaxError {
  return new SyntaxError(`Cannot read code table "${id}": line ${line} ${rule}`);
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
