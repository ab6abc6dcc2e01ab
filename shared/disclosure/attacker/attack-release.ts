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
 * A release from its files and nothing else.
 *
 * @throws {SyntaxError | RangeError} naming file and rule: a table without file, a file without table, a hash that is not
 * the file's, a file that is not what `release.json` says of its table.
 */
export function readRelease({ releaseJson, csv }: ReleaseFiles): ReadRelease {
  const facts = readFacts(releaseJson);
  const texts = csvByName(csv);
  checkHashes(facts, texts);
  const files = facts.tables.map(({ id }) => {
    const names = [...texts.keys()].filter((name) => name.startsWith(`${id}_`));
    const [name] = names;
    if (name === undefined || names.length > 1)
      throw new RangeError(`Cannot read the release: table "${id}" must have one file`);
    return readReleaseCsv(name, texts.get(name) ?? "");
  });
  const stray = [...texts.keys()].find((name) => !files.some(({ file }) => file === name));
  if (stray !== undefined)
    throw new RangeError(`Cannot read the release: "${stray}" must belong to a table of release.json`);
  const tables = files.flatMap((file, at) => {
    const entry = facts.tables[at];
    return entry === undefined ? [] : (tableOf(file, entry, facts) ?? []);
  });
  const workbooks = Object.keys(facts.files).filter((path) => path.endsWith(".xlsx"));
  const unknown = Object.keys(facts.files).find((path) => !/\.(csv|xlsx)$/.test(path));
  if (unknown !== undefined || workbooks.length > 1)
    throw new RangeError(
      "Cannot read the release: it must hold CSV files and one workbook, for nothing else is compared",
    );
  return {
    week: facts.week,
    tables,
    files,
    workbookHash: facts.files[workbooks[0] ?? ""],
    findings: tables.flatMap(({ table }) => figureFindings(table)),
  };
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

function checkHashes({ files }: ReleaseFacts, texts: ReadonlyMap<string, string>): void {
  const hashes = new Map(
    Object.entries(files)
      .filter(([path]) => path.endsWith(".csv"))
      .map(([path, hash]) => [nameIn(path), hash]),
  );
  for (const [name, hash] of hashes) {
    const text = texts.get(name);
    if (text === undefined) throw new RangeError(`Cannot read the release: "${name}" is missing`);
    if (createHash("sha256").update(text, "utf8").digest("hex") !== hash)
      throw new RangeError(`Cannot read the release: "${name}" must have the hash of release.json`);
  }
  const unnamed = [...texts.keys()].find((name) => !hashes.has(name));
  if (unnamed !== undefined)
    throw new RangeError(`Cannot read the release: release.json must have the hash of "${unnamed}"`);
}

function tableOf(
  csv: ReleaseCsv,
  entry: ReleaseFacts["tables"][number],
  { hierarchies, referenceDate }: ReleaseFacts,
): PlacedTable | undefined {
  const dates =
    entry.referenceDates ?? Object.fromEntries(registers.map((register) => [register, referenceDate]));
  const placed = tableOfRelease(csv, hierarchies, dates);
  const isShown = placed !== undefined;
  if (isShown === unpublished.includes(entry.method))
    throw new RangeError(
      `Cannot read "${csv.file}": it must have rows where release.json publishes the table`,
    );
  const states = placed?.table.states;
  const suppressed = states?.filter((state) => state === stateOf.confidential).length ?? 0;
  if ((states?.length ?? 0) !== entry.cells || suppressed !== entry.suppressed)
    throw new RangeError(`Cannot read "${csv.file}": it must have the cells that release.json counts`);
  return placed;
}
