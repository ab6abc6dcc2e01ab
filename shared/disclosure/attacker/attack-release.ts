import { createHash } from "node:crypto";
import { z } from "zod";
import { stateOf } from "../../tables/table.ts";
import { type ReleaseCsv, readReleaseCsv } from "./attack-release-csv.ts";
import { figureFindings } from "./attack-release-figures.ts";
import { type PlacedTable, tableOfRelease } from "./attack-release-table.ts";

/** A finished release as it lies in its folder; CSV files by path or name. */
export type ReleaseFiles = {
  readonly releaseJson: string;
  readonly csv: ReadonlyMap<string, string>;
};

export type ReadRelease = {
  readonly week: string;
  /** Tables with numbers, in the order of `release.json`. */
  readonly tables: readonly PlacedTable[];
  /** Every file, also those of tables without numbers. */
  readonly files: readonly ReleaseCsv[];
  /** SHA-256 of the released workbook, where `release.json` names one. */
  readonly workbookHash: string | undefined;
  /** What the files say beyond their counts: place and rule, no value. */
  readonly findings: readonly string[];
};

const textRecord = z.record(z.string(), z.string());
const releaseShape = z.object({
  week: z.string(),
  referenceDate: z.string(),
  hierarchies: z.record(z.string(), textRecord),
  tables: z.array(
    z.object({
      id: z.string(),
      method: z.string(),
      cells: z.number(),
      suppressed: z.number(),
      referenceDates: textRecord.optional(),
    }),
  ),
  files: textRecord,
});
type ReleaseFacts = z.infer<typeof releaseShape>;

/** Registers that a release from before reference dates stood beside each table rests on. */
const registers = ["ewo-alw", "ewo", "akdn-sozial", "schild"] as const;
const unpublished: readonly string[] = ["withhold", "missing"];

/**
 * A release from its files and nothing else. A file that is not what `release.json` says of it is a finding: a hash that is
 * not the file's, a file without table, other cells than those it counts; what cannot be read of such a file is left out.
 *
 * @throws {SyntaxError | RangeError} naming file and rule: a table without file, a file that is missing or cannot be read.
 */
export function readRelease({ releaseJson, csv }: ReleaseFiles): ReadRelease {
  const facts = readFacts(releaseJson);
  const texts = csvByName(csv);
  const workbooks = Object.keys(facts.files).filter((path) => path.endsWith(".xlsx"));
  const unknown = Object.keys(facts.files).find((path) => !/\.(csv|xlsx)$/.test(path));
  if (unknown !== undefined || workbooks.length > 1)
    throw new RangeError(
      "Cannot read the release: it must hold CSV files and one workbook, for nothing else is compared",
    );
  const changed = hashFindings(facts, texts);
  const names = facts.tables.map(({ id }) => fileNameOf(id, texts));
  const stray = [...texts.keys()].filter((name) => !names.includes(name));
  const findings = [
    ...changed.values(),
    ...stray.map((name) => `Cannot read the release: "${name}" must belong to a table of release.json`),
  ];
  const read = readTables(facts, texts, names, changed);
  return {
    week: facts.week,
    tables: read.tables,
    files: read.files,
    workbookHash: facts.files[workbooks[0] ?? ""],
    findings: [...findings, ...read.findings, ...read.tables.flatMap(({ table }) => figureFindings(table))],
  };
}

/** The files of the tables; one that is not what `release.json` says may have become unreadable. */
function readTables(
  facts: ReleaseFacts,
  texts: ReadonlyMap<string, string>,
  names: readonly string[],
  changed: ReadonlyMap<string, string>,
) {
  const files: ReleaseCsv[] = [];
  const tables: PlacedTable[] = [];
  const findings: string[] = [];
  for (const [at, entry] of facts.tables.entries()) {
    const name = names[at] ?? "";
    try {
      const file = readReleaseCsv(name, texts.get(name) ?? "");
      files.push(file);
      const { table, mistake } = tableOf(file, entry, facts);
      if (table !== undefined) tables.push(table);
      if (mistake !== undefined) findings.push(mistake);
    } catch (error) {
      const isReason = error instanceof SyntaxError || error instanceof RangeError;
      if (!isReason || !changed.has(name)) throw error;
      findings.push(error.message);
    }
  }
  return { files, tables, findings };
}

function fileNameOf(table: string, texts: ReadonlyMap<string, string>): string {
  const names = [...texts.keys()].filter((name) => name.startsWith(`${table}_`));
  const [name] = names;
  if (name === undefined || names.length > 1)
    throw new RangeError(`Cannot read the release: table "${table}" must have one file`);
  return name;
}

function readFacts(text: string): ReleaseFacts {
  const parsed = releaseShape.safeParse(parsedJson(text));
  // What zod says may hold what it found.
  if (!parsed.success)
    throw new SyntaxError('Cannot read "release.json": it must hold week, hierarchies, tables and files');
  const ids = parsed.data.tables.map(({ id }) => id);
  if (new Set(ids).size < ids.length)
    throw new RangeError('Cannot read "release.json": every table must stand in it once');
  return parsed.data;
}

/** Nothing for a text that is no JSON. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function nameIn(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function csvByName(csv: ReleaseFiles["csv"]): ReadonlyMap<string, string> {
  const texts = new Map([...csv].map(([path, text]) => [nameIn(path), text]));
  if (texts.size < csv.size)
    throw new RangeError("Cannot read the release: every file must have its own name");
  return texts;
}

/** By file: the finding. */
function hashFindings(
  { files }: ReleaseFacts,
  texts: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const hashes = new Map(
    Object.entries(files)
      .filter(([path]) => path.endsWith(".csv"))
      .map(([path, hash]) => [nameIn(path), hash]),
  );
  const missing = [...hashes.keys()].find((name) => !texts.has(name));
  if (missing !== undefined) throw new RangeError(`Cannot read the release: "${missing}" is missing`);
  const findings = new Map<string, string>();
  for (const [name, text] of texts) {
    const hash = hashes.get(name);
    if (hash === undefined)
      findings.set(name, `Cannot read the release: release.json must have the hash of "${name}"`);
    else if (createHash("sha256").update(text, "utf8").digest("hex") !== hash)
      findings.set(name, `Cannot read the release: "${name}" must have the hash of release.json`);
  }
  return findings;
}

/** The table, where the file has rows, and where it is not what `release.json` says of it. */
function tableOf(
  csv: ReleaseCsv,
  entry: ReleaseFacts["tables"][number],
  { hierarchies, referenceDate }: ReleaseFacts,
): { readonly table?: PlacedTable; readonly mistake?: string } {
  const dates =
    entry.referenceDates ?? Object.fromEntries(registers.map((register) => [register, referenceDate]));
  const table = tableOfRelease(csv, hierarchies, dates);
  const found = table === undefined ? {} : { table };
  if ((table !== undefined) === unpublished.includes(entry.method))
    return {
      ...found,
      mistake: `Cannot read "${csv.file}": it must have rows where release.json publishes the table`,
    };
  const states = table?.table.states;
  const suppressed = states?.filter((state) => state === stateOf.confidential).length ?? 0;
  if ((states?.length ?? 0) !== entry.cells || suppressed !== entry.suppressed)
    return {
      ...found,
      mistake: `Cannot read "${csv.file}": it must have the cells that release.json counts`,
    };
  return found;
}
