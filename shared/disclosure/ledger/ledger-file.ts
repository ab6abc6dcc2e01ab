import { z } from "zod";
import { compareText } from "../../registers/compare-text.ts";
import type { KnownDimension, KnownTable } from "../known-table.ts";
import type { LedgerEntry } from "./ledger.ts";
import { cellsIn, cellTexts, isCellTexts } from "./ledger-cell-text.ts";

/** Largest entry in bytes; the report of a city with 32,000 blocks has about 2 million. */
export const largestEntry = 16 * 1024 * 1024;
const largestSequence = 99_999_999; // eight digits in a file's name
const mostTables = 10_000;
const mostCategories = 200_000;
const longestText = 500;

const text = z.string().max(longestText);
const position = z.int().min(0);
// Whole lists at once: a schema for each of some hundred thousand elements takes most of the time of reading.
const codes = z.custom<readonly string[]>(isCodes);
const dimensionSchema = z.strictObject({
  id: text.min(1),
  codes,
  /** Position of each category's parent, -1 where it has none; left out where none has one. */
  parents: z.custom<readonly number[]>(isParents).optional(),
  /** Positions of merged categories with the codes they stand for. */
  members: z.array(z.tuple([position, codes])).optional(),
});
const tableSchema = z.strictObject({
  name: text.min(1),
  universe: text,
  /** Positions in the entry's list of dimensions. */
  dimensions: z.array(position),
  cells: z.custom<readonly (number | string)[]>(isCellTexts),
});
const threshold = z.int().min(3); // as the policy has it: nothing below was ever published
const entrySchema = z.strictObject({
  version: z.literal(1),
  sequence: z.int().min(1).max(largestSequence),
  previous: z.string().regex(/^([0-9a-f]{64})?$/),
  release: text.min(1),
  kind: z.enum(["report", "request"]),
  week: z.string().regex(/^\d{4}-KW\d{2}$/),
  referenceDate: z.iso.date(),
  methodVersion: text.min(1),
  rules: z.strictObject({ publishFromCount: threshold, publishFromChange: threshold }),
  dimensions: z.array(dimensionSchema),
  tables: z.array(tableSchema).max(mostTables),
});
type StoredEntry = z.output<typeof entrySchema>;
type StoredDimension = z.output<typeof dimensionSchema>;

/**
 * An entry as it is stored: JSON, UTF-8. The order of the tables does not matter; the same entry always gives the same
 * bytes, and every dimension stands in it once.
 *
 * @throws {RangeError} naming place and rule, if {@link readEntry} would refuse what was written.
 */
export function entryBytes(entry: LedgerEntry): Uint8Array {
  const stored = storedEntry(entry);
  const verdict = check(stored);
  if (verdict.kind === "refused")
    throw new RangeError(
      `Cannot write ledger entry ${entry.sequence}: ${verdict.place} must have the declared form`,
    );
  const bytes = Buffer.from(`${JSON.stringify(stored)}\n`);
  if (bytes.length > largestEntry)
    throw new RangeError(
      `Cannot write ledger entry ${entry.sequence}: it must have at most ${largestEntry} bytes`,
    );
  return bytes;
}

/**
 * The entry in `bytes`.
 *
 * @throws {SyntaxError} naming place and rule, never content, if it is not of the form that {@link entryBytes} writes.
 */
export function readEntry(bytes: Uint8Array): LedgerEntry {
  if (bytes.length > largestEntry)
    throw new SyntaxError(`Cannot read ledger entry: it must have at most ${largestEntry} bytes`);
  const verdict = check(parsedJson(bytes));
  if (verdict.kind === "refused")
    throw new SyntaxError(`Cannot read ledger entry: ${verdict.place} must have the declared form`);
  return entryOf(verdict.stored);
}

function isCodes(value: unknown): boolean {
  const isCode = (code: unknown) => typeof code === "string" && code !== "" && code.length <= longestText;
  return Array.isArray(value) && value.length > 0 && value.length <= mostCategories && value.every(isCode);
}

function isParents(value: unknown): boolean {
  return Array.isArray(value) && value.every((parent) => Number.isSafeInteger(parent) && parent >= -1);
}

/** Undefined, which no entry is, where it is not JSON in UTF-8: the parser's own message would quote the text. */
function parsedJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

type Verdict =
  | { readonly kind: "valid"; readonly stored: StoredEntry }
  /** The place of the first mistake, e.g. `tables.3.cells`. */
  | { readonly kind: "refused"; readonly place: string };

function check(value: unknown): Verdict {
  const result = entrySchema.safeParse(value);
  if (!result.success)
    return { kind: "refused", place: result.error.issues[0]?.path.map(String).join(".") || "the entry" };
  const place = misplacedIn(result.data);
  return place === undefined ? { kind: "valid", stored: result.data } : { kind: "refused", place };
}

function misplacedIn({ sequence, previous, dimensions, tables }: StoredEntry): string | undefined {
  if ((sequence === 1) !== (previous === "")) return "previous";
  const dimension = dimensions.findIndex((each) => !isForest(each));
  if (dimension >= 0) return `dimensions.${dimension}`;
  const table = tables.findIndex((each) => !fits(each, dimensions));
  return table >= 0 ? `tables.${table}` : undefined;
}

/** Every chain of parents ends, and members stand at categories. */
function isForest({ codes, parents = codes.map(() => -1), members = [] }: StoredDimension): boolean {
  const ends = codes.map(() => false);
  for (const start of codes.keys()) {
    const way: number[] = [];
    for (let at = start; at >= 0 && ends[at] === false; at = parents[at] ?? codes.length) {
      way.push(at);
      if (way.length > codes.length) return false;
    }
    for (const at of way) ends[at] = true;
  }
  const inside = parents.length === codes.length && parents.every((parent) => parent < codes.length);
  return inside && members.every(([at], index) => at < codes.length && at > (members[index - 1]?.[0] ?? -1));
}

function fits(table: StoredEntry["tables"][number], dimensions: readonly StoredDimension[]): boolean {
  const isWithheld = table.dimensions.length === 0 && table.cells.length === 0;
  const sizes = table.dimensions.map((at) => dimensions[at]?.codes.length ?? 0);
  const ids = new Set(table.dimensions.map((at) => dimensions[at]?.id));
  const size = sizes.reduce((product, length) => product * length, 1);
  return isWithheld || (ids.size === sizes.length && size === table.cells.length);
}

function storedEntry(entry: LedgerEntry): StoredEntry {
  const dimensions: string[] = [];
  const places = new Map<string, number>();
  const tables = entry.tables.toSorted(compareTables).map((table) => ({
    name: table.name,
    universe: table.universe,
    dimensions: table.dimensions.map((dimension) => {
      const stored = JSON.stringify(storedDimension(dimension));
      const place = places.get(stored) ?? dimensions.push(stored) - 1;
      places.set(stored, place);
      return place;
    }),
    cells: cellTexts(table.cells),
  }));
  const { sequence, previous, release, kind, week, referenceDate, methodVersion, rules } = entry;
  const facts = { sequence, previous, release, kind, week, referenceDate, methodVersion, rules };
  return { version: 1, ...facts, dimensions: dimensions.map((each) => JSON.parse(each)), tables };
}

function compareTables(one: KnownTable, other: KnownTable): number {
  return (
    compareText(one.universe, other.universe) ||
    compareText(one.name, other.name) ||
    compareText(JSON.stringify(one), JSON.stringify(other))
  );
}

function storedDimension({ id, categories }: KnownDimension): StoredDimension {
  const members = categories.flatMap((category, at) =>
    category.members === undefined ? [] : [[at, category.members] as [number, readonly string[]]],
  );
  return {
    id,
    codes: categories.map(({ code }) => code),
    ...(categories.some(({ parent }) => parent !== undefined) && {
      parents: categories.map(({ parent = -1 }) => parent),
    }),
    ...(members.length > 0 && { members }),
  };
}

function entryOf({ version, dimensions, tables, ...facts }: StoredEntry): LedgerEntry {
  void version; // of the form, not of the entry
  const known = dimensions.map(knownDimension);
  return {
    ...facts,
    tables: tables.map(({ name, universe, dimensions: at, cells }) => ({
      name,
      universe,
      dimensions: at.flatMap((index) => known[index] ?? []),
      cells: cellsIn(cells),
    })),
  };
}

function knownDimension({ id, codes, parents, members = [] }: StoredDimension): KnownDimension {
  const membersAt = new Map(members);
  return {
    id,
    categories: codes.map((code, at) => {
      const parent = parents?.[at] ?? -1;
      const merged = membersAt.get(at);
      return {
        code,
        ...(parent >= 0 && { parent }),
        ...(merged !== undefined && { members: merged }),
      };
    }),
  };
}
