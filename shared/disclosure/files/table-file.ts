import Papa from "papaparse";

/** What one row publishes: a count, or why there is none. */
type FileCell =
  | { readonly status: "" | "rnd" | "h"; readonly value: number }
  | { readonly status: "c" | "x" | "z" };

export type FileRow = { readonly line: number; readonly codes: readonly string[]; readonly cell: FileCell };

/** A long table: one row a cell, one code a dimension, all totals among them. */
export type TableFile = {
  readonly name: string;
  readonly dimensions: readonly string[];
  /** None in a protected table that was withheld. */
  readonly rows: readonly FileRow[];
};

/** The parent of every code; the codes of the coarsest level have none. */
export type HierarchyFile = {
  readonly name: string;
  readonly dimension: string;
  readonly parents: ReadonlyMap<string, string | undefined>;
};

type TextRow = { readonly line: number; readonly fields: readonly string[] };
type TextFile = {
  readonly what: string;
  readonly header: readonly string[];
  readonly rows: readonly TextRow[];
};

/** With the column for the office, or without it, as it may be published. */
const protectedColumns = [
  ["wert", "status", "primary"],
  ["wert", "status"],
];

/**
 * The long table in `bytes`: dimensions first, then either a count alone, or `wert`, `status`, `primary`,
 * or `wert`, `status`.
 *
 * UTF-8 with or without byte order mark, separator "," or ";". A protected table without rows was withheld. The column `primary` is not read: it is no knowledge of an
 * attacker. Every combination of the codes must have one row.
 *
 * @throws {SyntaxError | RangeError} naming file, line and rule, never what stands there.
 */
export function readTable(name: string, bytes: Uint8Array): TableFile {
  const file = readText(`table "${name}"`, bytes, isProtected);
  return tableOf(name, file);
}

/**
 * The long table in `bytes` with its true counts, to be protected: as `readTable` does, with the counts in the column
 * `count`, or in the last one.
 *
 * @throws {SyntaxError | RangeError} as `readTable` does, and for a table that is protected already or lacks the column.
 */
export function readPlainTable(name: string, bytes: Uint8Array, count?: string): TableFile {
  const file = readText(`table "${name}"`, bytes);
  if (isProtected(file.header))
    throw new SyntaxError(`Cannot protect ${file.what}: line 1 has the columns of a protected table`);
  const at = count === undefined ? file.header.length - 1 : file.header.indexOf(count);
  if (at < 0) throw new SyntaxError(`Cannot protect ${file.what}: line 1 lacks the column of the counts`);
  const countLast = <Field>(fields: readonly Field[]) => [
    ...fields.toSpliced(at, 1),
    ...fields.slice(at, at + 1),
  ];
  const rows = file.rows.map(({ line, fields }) => ({ line, fields: countLast(fields) }));
  return tableOf(name, { ...file, header: countLast(file.header), rows });
}

function tableOf(name: string, file: TextFile): TableFile {
  const released = releasedColumns(file.header);
  const isReleased = released !== undefined;
  const dimensions = file.header.slice(0, -(released?.length ?? 1));
  if (dimensions.length === 0) throw new SyntaxError(`Cannot read ${file.what}: line 1 names no dimension`);
  checkDistinct(file, dimensions);
  if (!isReleased) checkPlain(file, dimensions);
  const rows = file.rows.map(({ line, fields }) => ({
    line,
    codes: codesOf(file, line, fields.slice(0, dimensions.length)),
    cell: cellOf(`${file.what}: line ${line}`, fields.slice(dimensions.length), isReleased),
  }));
  if (rows.length > 0) checkComplete(file, rows);
  return { name, dimensions, rows };
}

function releasedColumns(header: readonly string[]): readonly string[] | undefined {
  return protectedColumns.find((columns) =>
    columns.every((column, at) => header.at(at - columns.length) === column),
  );
}

function isProtected(header: readonly string[]): boolean {
  return releasedColumns(header) !== undefined;
}

/**
 * The hierarchy of `dimension`: one column a level from coarse to fine, one row a leaf. A code that repeats its parent's is
 * the same code.
 *
 * @throws {SyntaxError | RangeError} naming file, line and rule: a code with two parents, a leaf twice, a leaf with parts.
 */
export function readHierarchy(dimension: string, name: string, bytes: Uint8Array): HierarchyFile {
  const file = readText(`hierarchy "${name}"`, bytes);
  const parents = new Map<string, string | undefined>();
  const leaves = new Map<string, number>();
  for (const { line, fields } of file.rows) {
    const codes = codesOf(file, line, fields).filter((code, at) => code !== fields[at - 1]);
    for (const [at, code] of codes.entries()) {
      if (parents.has(code) && parents.get(code) !== codes[at - 1])
        throw new RangeError(`Cannot read ${file.what}: line ${line} gives a code a second parent`);
      parents.set(code, codes[at - 1]);
    }
    const leaf = codes.at(-1) ?? "";
    if (leaves.has(leaf)) throw new RangeError(`Cannot read ${file.what}: line ${line} repeats a leaf`);
    leaves.set(leaf, line);
  }
  checkLeaves(file, parents, leaves);
  return { name, dimension, parents };
}

function checkLeaves(
  file: TextFile,
  parents: HierarchyFile["parents"],
  leaves: ReadonlyMap<string, number>,
): void {
  for (const parent of parents.values()) {
    const line = parent === undefined ? undefined : leaves.get(parent);
    if (line !== undefined)
      throw new RangeError(`Cannot read ${file.what}: the leaf of line ${line} has parts in another line`);
  }
}

function readText(
  what: string,
  bytes: Uint8Array,
  mayBeEmpty: (header: readonly string[]) => boolean = () => false,
): TextFile {
  const text = decode(what, bytes);
  const delimiter = /^[^\r\n]*;/.test(text) ? ";" : ",";
  const { data, errors } = Papa.parse<string[]>(text, { delimiter });
  const [broken] = errors;
  if (broken !== undefined)
    throw new SyntaxError(`Cannot read ${what}: line ${(broken.row ?? 0) + 1} has a broken quote`);
  // The end of the last line is one empty record; an empty line after it is another.
  for (let ends = 0; ends < 2; ends += 1) {
    const last = data.at(-1);
    if (last?.length === 1 && last[0] === "") data.pop();
  }
  const [header, ...records] = data;
  if (header === undefined || (records.length === 0 && !mayBeEmpty(header)))
    throw new SyntaxError(`Cannot read ${what}: the file is empty, expected a header and rows`);
  const rows = records.map((fields, at) => ({ line: at + 2, fields }));
  const wrong = rows.find(({ fields }) => fields.length !== header.length);
  if (wrong !== undefined)
    throw new SyntaxError(
      `Cannot read ${what}: line ${wrong.line} has ${wrong.fields.length} fields, expected ${header.length}`,
    );
  return { what, header, rows };
}

function decode(what: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new SyntaxError(`Cannot read ${what}: the text is not UTF-8`, { cause: error });
  }
}

function checkDistinct(file: TextFile, names: readonly string[]): void {
  if (names.includes(""))
    throw new SyntaxError(`Cannot read ${file.what}: line 1 leaves a dimension unnamed`);
  if (new Set(names).size !== names.length)
    throw new SyntaxError(`Cannot read ${file.what}: line 1 names a dimension twice`);
}

/** A protected table with its columns out of order must not pass for a plain one. */
function checkPlain(file: TextFile, dimensions: readonly string[]): void {
  const count = file.header.at(-1) ?? "";
  if (dimensions.includes("wert") || [...dimensions, count].includes("primary"))
    throw new SyntaxError(
      `Cannot read ${file.what}: line 1 has columns out of place, expected wert, status, primary as the last three`,
    );
}

function codesOf(file: TextFile, line: number, codes: readonly string[]): readonly string[] {
  const at = codes.indexOf("");
  if (at >= 0) throw new RangeError(`Cannot read ${file.what}: line ${line}, column ${at + 1} has no code`);
  return codes;
}

function cellOf(place: string, fields: readonly string[], isReleased: boolean): FileCell {
  const [count = "", status = ""] = fields;
  if (!isReleased) return { status: "", value: countOf(place, count) };
  switch (status) {
    case "":
    case "rnd":
    case "h":
      return { status, value: countOf(place, count) };
    case "c":
    case "x":
    case "z":
      if (count !== "") throw new RangeError(`Cannot read ${place} has a count beside a status without one`);
      return { status };
    default:
      throw new RangeError(`Cannot read ${place} has an unknown status, expected one of "", c, rnd, h, x, z`);
  }
}

function countOf(place: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  if (/^\d+$/.test(text)) throw new RangeError(`Cannot read ${place} has a count of more than 15 digits`);
  throw new RangeError(`Cannot read ${place} has no count, expected a whole number of 0 or more`);
}

/** Every combination of the codes once: a missing row would be a relation that nobody checks. */
function checkComplete(file: TextFile, rows: readonly FileRow[]): void {
  const seen = new Set<string>();
  const codes: Set<string>[] = [];
  for (const row of rows) {
    const key = JSON.stringify(row.codes);
    if (seen.has(key))
      throw new RangeError(`Cannot read ${file.what}: line ${row.line} repeats a combination of codes`);
    seen.add(key);
    for (const [at, code] of row.codes.entries()) {
      codes[at] ??= new Set();
      codes[at].add(code);
    }
  }
  const expected = codes.reduce((product, { size }) => product * size, 1);
  if (seen.size !== expected)
    throw new RangeError(
      `Cannot read ${file.what}: ${expected - seen.size} combinations of codes have no row, expected all ${expected}${missingPlace(file, rows, seen)}`,
    );
}

/** The first row that lacks a partner: one with another code of one dimension and its own codes of the others. */
function missingPlace({ header }: TextFile, rows: readonly FileRow[], seen: ReadonlySet<string>): string {
  const linesOf = header.map((_, at) => {
    const lines = new Map<string | undefined, number>();
    for (const { codes, line } of rows) if (!lines.has(codes[at])) lines.set(codes[at], line);
    return lines;
  });
  for (const { codes, line } of rows) {
    for (const at of codes.keys()) {
      for (const [code = "", other] of linesOf[at] ?? []) {
        if (!seen.has(JSON.stringify(codes.with(at, code))))
          return `; line ${line} lacks its partner with the code of line ${other} in dimension "${header[at]}"`;
      }
    }
  }
  return "";
}
