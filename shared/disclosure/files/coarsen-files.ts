import {
  type Coarsening,
  type CountedFile,
  type CountedRow,
  depthsOf,
  type FileGrid,
  partsIn,
  strideOf,
} from "./protect-files-grid.ts";

/** Where the codes of one dimension go: to a code, or nowhere. */
type Step = {
  /** How many categories stay that have no parts. */
  readonly leaves: number;
  /** By category: the category that stands for it as a leaf. */
  readonly leafOf: readonly number[];
  /** By category: whether its rows stay. */
  readonly stays: readonly boolean[];
  /** Categories that become one, with the codes of all; none or at least two. */
  readonly merged: readonly number[];
  readonly levelsLeftOut: number;
};

/** More ways of coarsening than these are thinned out. */
const waysAtMost = 20_000;
/** The category of everything rare. */
const restCode = "sonstige";

export type CoarseningContext = {
  /** By dimension: codes of all tables. A rest that would get one of them is named by its members instead. */
  readonly takenCodes: ReadonlyMap<string, ReadonlySet<string>>;
  /** Dimensions with a hierarchy: their categories are never merged. */
  readonly withLevels: ReadonlySet<string>;
};

/**
 * The finest coarser table without a small count: the one that keeps most inner cells. A dimension with levels loses its
 * finest ones, one without merges its smallest categories, what already is the rest first. Undefined where even the total
 * of everything is a small count.
 */
export function coarsenedFile(
  grid: FileGrid,
  publishFromCount: number,
  { takenCodes, withLevels }: CoarseningContext,
): CountedFile | undefined {
  const steps = grid.table.dimensions.map(({ id }, at) => stepsOf(grid, at, withLevels.has(id)));
  const ways = waysOf(steps).toSorted((a, b) => leavesOf(b) - leavesOf(a));
  const way = ways.find((steps) => !hasSmallLeaf(grid, steps, publishFromCount));
  return way === undefined ? undefined : fileOf(grid, way, takenCodes);
}

function leavesOf(way: readonly Step[]): number {
  return way.reduce((product, { leaves }) => product * leaves, 1);
}

function waysOf(steps: readonly (readonly Step[])[]): readonly (readonly Step[])[] {
  let thinned = steps;
  while (thinned.reduce((product, { length }) => product * length, 1) > waysAtMost)
    thinned = thinned.map((own) => own.filter((_, at) => at % 2 === 0 || at === own.length - 1));
  return thinned.reduce<readonly (readonly Step[])[]>(
    (ways, own) => ways.flatMap((way) => own.map((step) => [...way, step])),
    [[]],
  );
}

function stepsOf(grid: FileGrid, at: number, hasLevels: boolean): readonly Step[] {
  const categories = grid.table.dimensions[at]?.categories ?? [];
  const depths = depthsOf(categories);
  const deepest = depths.reduce((most, depth) => Math.max(most, depth), 0);
  const levels = [...Array(deepest + 1).keys()].map((up) => levelStep(categories, depths, deepest - up, up));
  if (hasLevels || deepest > 1) return levels;
  const [all, none] = levels;
  const order = mergeOrder(grid, at);
  const merges = order.slice(2).map((_, more) => mergeStep(categories.length, order.slice(0, more + 2)));
  return [all, ...merges, none].flatMap((step) => step ?? []);
}

function levelStep(
  categories: FileGrid["table"]["dimensions"][number]["categories"],
  depths: readonly number[],
  depth: number,
  levelsLeftOut: number,
): Step {
  const parts = partsIn(categories);
  const leafAbove = (place: number): number => {
    const parent = categories[place]?.parent;
    return parent === undefined || (depths[place] ?? 0) <= depth ? place : leafAbove(parent);
  };
  const stays = depths.map((own) => own <= depth);
  const leaves = stays.filter(
    (stay, place) => stay && (depths[place] === depth || parts[place]?.length === 0),
  );
  return {
    leaves: leaves.length,
    leafOf: depths.map((_, place) => leafAbove(place)),
    stays,
    merged: [],
    levelsLeftOut,
  };
}

function mergeStep(size: number, merged: readonly number[]): Step {
  const [first = 0] = merged;
  const leafOf = [...Array(size).keys()].map((place) => (merged.includes(place) ? first : place));
  return {
    leaves: size - 1 - (merged.length - 1),
    leafOf,
    stays: leafOf.map(() => true),
    merged,
    levelsLeftOut: 0,
  };
}

/** Categories in which anybody is: the rest first, then the smallest. */
function mergeOrder({ table: { dimensions, counts } }: FileGrid, at: number): readonly number[] {
  const categories = dimensions[at]?.categories ?? [];
  const stride = strideOf(dimensions, at);
  const totalOf = (place: number) => counts[place * stride] ?? 0; // the total is the first category of every dimension
  const isRest = (place: number) => categories[place]?.code.split("+").includes(restCode) === true;
  const codeOf = (place: number) => categories[place]?.code ?? "";
  return [...categories.keys()]
    .filter((place) => categories[place]?.parent !== undefined && totalOf(place) > 0)
    .toSorted(
      (a, b) =>
        Number(isRest(b)) - Number(isRest(a)) || totalOf(a) - totalOf(b) || (codeOf(a) < codeOf(b) ? -1 : 1),
    );
}

/** A margin is small only where a leaf below it is. */
function hasSmallLeaf({ table }: FileGrid, way: readonly Step[], publishFromCount: number): boolean {
  const { dimensions, counts } = table;
  const strides = dimensions.map((_, at) => strideOf(dimensions, at));
  const isLeaf = dimensions.map(({ categories }) => partsIn(categories).map(({ length }) => length === 0));
  const sums = new Map<number, number>();
  for (let position = 0; position < counts.length; position += 1) {
    let leaf = 0;
    for (const [at, stride] of strides.entries()) {
      const place = Math.floor(position / stride) % (dimensions[at]?.categories.length ?? 1);
      if (isLeaf[at]?.[place] !== true) leaf = Number.NaN;
      leaf += (way[at]?.leafOf[place] ?? 0) * stride;
    }
    if (!Number.isNaN(leaf)) sums.set(leaf, (sums.get(leaf) ?? 0) + (counts[position] ?? 0));
  }
  return [...sums.values()].some((sum) => sum > 0 && sum < publishFromCount);
}

/** Rows in the order of the file; a merged category stands where its first member stood. */
function fileOf(
  { file, table }: FileGrid,
  way: readonly Step[],
  takenCodes: ReadonlyMap<string, ReadonlySet<string>>,
): CountedFile {
  const codes = table.dimensions.map(({ id, categories }, at) => {
    const { merged = [], stays = [] } = way[at] ?? {};
    const members = merged.map((place) => categories[place]?.code ?? "").toSorted();
    const rest = takenCodes.get(id)?.has(restCode) === true ? members.join("+") : restCode;
    const becomes = categories.map(
      ({ code }, place) => [code, merged.includes(place) ? rest : code] as const,
    );
    return { rest, members, codes: new Map(becomes.filter((_, place) => stays[place])) };
  });
  const rows = new Map<string, CountedRow>();
  for (const row of file.rows) {
    const own = row.codes.map((code, at) => codes[at]?.codes.get(code));
    const kept = own.filter((code) => code !== undefined);
    if (kept.length < own.length) continue;
    const key = JSON.stringify(kept);
    const before = rows.get(key);
    rows.set(key, { line: before?.line ?? row.line, codes: kept, count: (before?.count ?? 0) + row.count });
  }
  const merged = codes.map(({ rest, members }, at) =>
    members.length === 0
      ? (file.merged[at] ?? new Map<string, readonly string[]>())
      : new Map([[rest, members]]),
  );
  const coarsening = codes.flatMap(({ rest, members }, at): readonly Coarsening[] => {
    const { levelsLeftOut = 0, stays = [] } = way[at] ?? {};
    if (levelsLeftOut === 0 && members.length === 0) return [];
    const totalOnly = stays.filter((stay) => stay).length === 1;
    const own = { dimension: file.dimensions[at] ?? "", levelsLeftOut, totalOnly };
    return [members.length === 0 ? own : { ...own, merged: { code: rest, members } }];
  });
  return { name: file.name, dimensions: file.dimensions, rows: [...rows.values()], merged, coarsening };
}
