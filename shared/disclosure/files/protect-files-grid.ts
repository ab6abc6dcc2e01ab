import type { KnownDimension } from "../known-table.ts";
import type { UniverseTable } from "../suppression/universe.ts";
import { cellNames, treeTable } from "../suppression/universe-cells.ts";
import type { HierarchyFile, TableFile } from "./table-file.ts";

/** A row of a table with its true count. */
export type CountedRow = { readonly line: number; readonly codes: readonly string[]; readonly count: number };

/** A long table with true counts; `merged` has, by dimension and code, the codes that coarsening put together. */
export type CountedFile = {
  readonly name: string;
  readonly dimensions: readonly string[];
  readonly rows: readonly CountedRow[];
  readonly merged: readonly ReadonlyMap<string, readonly string[]>[];
  /** By dimension that got coarser, where the table did. */
  readonly coarsening?: readonly Coarsening[];
};

/** What became of one dimension. */
export type Coarsening = {
  readonly dimension: string;
  /** How many of the finest levels are left out. */
  readonly levelsLeftOut: number;
  /** True: nothing but the total is left. */
  readonly totalOnly: boolean;
  /** Code of the category that stands for several, and theirs. */
  readonly merged?: { readonly code: string; readonly members: readonly string[] };
};

/** A table file as the engine protects it. */
export type FileGrid = {
  readonly file: CountedFile;
  readonly table: UniverseTable;
  /** Canonical names of all cells, by position. */
  readonly names: readonly string[];
  /** By row of the file: its position. */
  readonly positions: readonly number[];
};

export type FileContext = { readonly hierarchies: readonly HierarchyFile[]; readonly totalCode: string };

type Category = KnownDimension["categories"][number];

/** @throws {RangeError} where the file is protected already. */
export function countedFile({ name, dimensions, rows }: TableFile): CountedFile {
  const counted = rows.map(({ line, codes, cell }) => {
    if (cell.status !== "")
      throw new RangeError(
        `Cannot protect table "${name}": line ${line} has a status, expected a count alone`,
      );
    return { line, codes, count: cell.value };
  });
  return { name, dimensions, rows: counted, merged: dimensions.map(() => new Map()) };
}

/**
 * The files as grids. Where one has a level of a hierarchy that another leaves out between two of its own, the other gets
 * it, too, so that both add up to the same cells.
 *
 * @throws {RangeError} naming file, line and rule: a total or a code of the hierarchy is missing, a level is there in part.
 */
export function gridsOf(files: readonly CountedFile[], context: FileContext): readonly FileGrid[] {
  const codesOf = new Map<string, Set<string>>();
  for (const file of files) {
    for (const [at, dimension] of file.dimensions.entries()) {
      const codes = codesOf.get(dimension) ?? new Set();
      codesOf.set(dimension, codes);
      for (const code of linesOf(file, at).keys()) codes.add(code);
    }
  }
  return files.map((file) => gridOf(file, context, codesOf));
}

function gridOf(
  file: CountedFile,
  context: FileContext,
  codesOf: ReadonlyMap<string, ReadonlySet<string>>,
): FileGrid {
  const dimensions = file.dimensions.map((id, at) => {
    const categories = categoriesOf(file, at, context, codesOf.get(id) ?? new Set());
    return { id, categories };
  });
  const sizes = dimensions.map(({ categories }) => categories.length);
  const counts = new Float64Array(sizes.reduce((product, size) => product * size, 1)).fill(Number.NaN);
  const placeOf = dimensions.map(
    ({ categories }) => new Map(categories.map(({ code }, position) => [code, position])),
  );
  const positions = file.rows.map(({ codes }) =>
    codes.reduce((position, code, at) => position * (sizes[at] ?? 1) + (placeOf[at]?.get(code) ?? 0), 0),
  );
  for (const [row, { count }] of file.rows.entries()) counts[positions[row] ?? -1] = count;
  fillBetween(counts, dimensions);
  const table = { name: file.name, universe: "", dimensions, counts, role: "open" as const };
  return { file, table, names: cellNames(treeTable(table)), positions };
}

/** The first line of every code. */
function linesOf({ rows }: CountedFile, dimension: number): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  for (const { codes, line } of rows) {
    const code = codes[dimension] ?? "";
    if (!lines.has(code)) lines.set(code, line);
  }
  return lines;
}

function categoriesOf(
  file: CountedFile,
  at: number,
  { hierarchies, totalCode }: FileContext,
  codesInUse: ReadonlySet<string>,
): readonly Category[] {
  const lines = linesOf(file, at);
  const dimension = file.dimensions[at] ?? "";
  const where = `table "${file.name}", dimension "${dimension}"`;
  if (!lines.has(totalCode))
    throw new RangeError(`Cannot protect ${where}: no row has the code of the total`);
  const hierarchy = hierarchies.find((one) => one.dimension === dimension);
  const parentOf = (code: string): string => hierarchy?.parents.get(code) ?? totalCode;
  if (hierarchy !== undefined) checkCodes(where, lines, hierarchy, totalCode);
  const between = betweenCodes(lines, parentOf, totalCode, codesInUse);
  const codes = [totalCode, ...[...lines.keys()].filter((code) => code !== totalCode), ...between];
  const places = new Map(codes.map((code, place) => [code, place]));
  const categories = codes.map((code): Category => {
    const members = file.merged[at]?.get(code);
    const own = members === undefined ? { code } : { code, members };
    return code === totalCode ? own : { ...own, parent: nearest(places, parentOf, code) };
  });
  if (hierarchy !== undefined) checkLevels(where, categories, lines, hierarchy, totalCode);
  return categories;
}

/** The next coarser code that the table has. */
function nearest(
  places: ReadonlyMap<string, number>,
  parentOf: (code: string) => string,
  code: string,
): number {
  let parent = parentOf(code);
  while (!places.has(parent)) parent = parentOf(parent);
  return places.get(parent) ?? 0;
}

function betweenCodes(
  lines: ReadonlyMap<string, number>,
  parentOf: (code: string) => string,
  totalCode: string,
  codesInUse: ReadonlySet<string>,
): ReadonlySet<string> {
  const between = new Set<string>();
  for (const code of lines.keys()) {
    if (code === totalCode) continue;
    for (let parent = parentOf(code); parent !== totalCode; parent = parentOf(parent))
      if (!lines.has(parent) && codesInUse.has(parent)) between.add(parent);
  }
  return between;
}

function checkCodes(
  where: string,
  lines: ReadonlyMap<string, number>,
  { name, parents }: HierarchyFile,
  totalCode: string,
): void {
  if (parents.get(totalCode) !== undefined)
    throw new RangeError(`Cannot protect with hierarchy "${name}": the total stands below another code`);
  for (const [code, line] of lines) {
    if (code !== totalCode && !parents.has(code))
      throw new RangeError(
        `Cannot protect ${where}: the code of line ${line} is missing in hierarchy "${name}"`,
      );
  }
}

/** Every code whose parts the table has must have all of them. */
function checkLevels(
  where: string,
  categories: readonly Category[],
  lines: ReadonlyMap<string, number>,
  { parents }: HierarchyFile,
  totalCode: string,
): void {
  const leaves = leavesBelow(parents, totalCode);
  const covered = categories.map(() => 0);
  for (const { code, parent } of categories)
    if (parent !== undefined) covered[parent] = (covered[parent] ?? 0) + (leaves.get(code) ?? 0);
  for (const [at, { code }] of categories.entries()) {
    if (covered[at] !== 0 && covered[at] !== leaves.get(code))
      throw new RangeError(
        `Cannot protect ${where}: the total of line ${lines.get(code) ?? 1} lacks parts of its level`,
      );
  }
}

function leavesBelow(parents: HierarchyFile["parents"], totalCode: string): ReadonlyMap<string, number> {
  const inner = new Set(parents.values());
  const leaves = new Map<string, number>();
  for (const leaf of parents.keys()) {
    if (inner.has(leaf) || leaf === totalCode) continue;
    for (let code = leaf; ; code = parents.get(code) ?? totalCode) {
      leaves.set(code, (leaves.get(code) ?? 0) + 1);
      if (code === totalCode) break;
    }
  }
  return leaves;
}

/** Counts of levels that the file leaves out: the sums of their parts, the finest first. */
function fillBetween(counts: Float64Array, dimensions: readonly KnownDimension[]): void {
  for (const [at, { categories }] of dimensions.entries()) {
    const stride = strideOf(dimensions, at);
    const partsOf = partsIn(categories);
    for (const place of finestFirst(categories)) {
      const parts = partsOf[place] ?? [];
      if (parts.length === 0) continue;
      for (let position = 0; position < counts.length; position += 1) {
        if (Math.floor(position / stride) % categories.length !== place || !Number.isNaN(counts[position]))
          continue;
        counts[position] = parts.reduce(
          (sum, part) => sum + (counts[position + (part - place) * stride] ?? Number.NaN),
          0,
        );
      }
    }
  }
}

export function strideOf(dimensions: readonly KnownDimension[], at: number): number {
  return dimensions.slice(at + 1).reduce((product, { categories }) => product * categories.length, 1);
}

/** By category: its parts. */
export function partsIn(categories: readonly Category[]): readonly (readonly number[])[] {
  const parts = categories.map((): number[] => []);
  for (const [place, { parent }] of categories.entries())
    if (parent !== undefined) parts[parent]?.push(place);
  return parts;
}

function finestFirst(categories: readonly Category[]): readonly number[] {
  const depths = depthsOf(categories);
  return [...categories.keys()].toSorted((a, b) => (depths[b] ?? 0) - (depths[a] ?? 0));
}

/** By category: how many levels it stands below the total. */
export function depthsOf(categories: readonly Category[]): readonly number[] {
  const depthOf = (place: number): number => {
    const parent = categories[place]?.parent;
    return parent === undefined ? 0 : 1 + depthOf(parent);
  };
  return [...categories.keys()].map(depthOf);
}

/**
 * @throws {RangeError} naming file, line and rule: two tables of one name, a hierarchy that no table or another one has, a
 * total that is not the sum of its parts, a cell that two tables count differently.
 */
export function checkGrids(grids: readonly FileGrid[], { hierarchies }: FileContext): void {
  const names = grids.map(({ file }) => file.name);
  const repeated = names.find((name, at) => names.indexOf(name) !== at);
  if (repeated !== undefined) throw new RangeError(`Cannot protect two tables with the name "${repeated}"`);
  for (const [at, { name, dimension }] of hierarchies.entries()) {
    if (!grids.some(({ file }) => file.dimensions.includes(dimension)))
      throw new RangeError(
        `Cannot protect with hierarchy "${name}": no table has its dimension "${dimension}"`,
      );
    if (hierarchies.findIndex((other) => other.dimension === dimension) !== at)
      throw new RangeError(
        `Cannot protect with hierarchy "${name}": its dimension "${dimension}" has another one`,
      );
  }
  for (const grid of grids) checkSums(grid, hierarchies);
  checkShared(grids);
}

function checkSums(
  { file, table: { dimensions, counts }, positions }: FileGrid,
  hierarchies: readonly HierarchyFile[],
): void {
  for (const [at, { id, categories }] of dimensions.entries()) {
    const stride = strideOf(dimensions, at);
    const partsOf = partsIn(categories);
    const isFlat = !hierarchies.some(({ dimension }) => dimension === id);
    const hint = isFlat ? ", which is flat without a hierarchy" : "";
    for (const [row, position] of positions.entries()) {
      const place = Math.floor(position / stride) % categories.length;
      const parts = partsOf[place] ?? [];
      if (parts.length === 0) continue;
      const sum = parts.reduce((all, part) => all + (counts[position + (part - place) * stride] ?? 0), 0);
      if (sum !== counts[position])
        throw new RangeError(
          `Cannot protect table "${file.name}": line ${file.rows[row]?.line} is not the sum of its parts in dimension "${id}"${hint}`,
        );
    }
  }
}

function checkShared(grids: readonly FileGrid[]): void {
  const seen = new Map<string, { readonly count: number; readonly place: string }>();
  for (const { file, names, positions } of grids) {
    for (const [row, { count, line }] of file.rows.entries()) {
      const name = names[positions[row] ?? -1] ?? "";
      const known = seen.get(name);
      const place = `line ${line} of table "${file.name}"`;
      if (known !== undefined && known.count !== count)
        throw new RangeError(`Cannot protect tables that contradict each other: ${place} and ${known.place}`);
      if (known === undefined) seen.set(name, { count, place });
    }
  }
}
