import { areaLevels } from "../../population/areas.ts";
import { type Category, type CountedTable, stateOf } from "../../tables/table.ts";
import { stridesOf } from "../grid.ts";
import type { Policy } from "../policy.ts";
import type { Treatment } from "../released-table.ts";
import { isSmall } from "../table-safety.ts";
import { codesOf, descendantsOf, kept, totalsOf } from "./coarsen-dimension.ts";
import { type Regrouped, regroup } from "./regroup.ts";

export type TreatedTable = { readonly table: CountedTable; readonly treatments: readonly Treatment[] };

/**
 * The tables with persons "ohne Zuordnung" moved into a sibling area, and on below it into an area of each finer level, so
 * that areas stay the sums of their parts.
 *
 * Down to Stadtteil they move where somebody of them is small, into the largest sibling; all of them move in every table,
 * into the same area: two tables do not differ by the moved persons, and an area that takes somebody does not tell that these
 * were few. A single cell would tell, so it stays for coarsening to remove.
 *
 * Below Stadtteil counts are so small that the largest area and the next one would bound how many were moved, and a name that
 * appears would tell that somebody came. There they always move, into an area that the keyed digest of its name chooses, and
 * this area is named so in every week, whether it takes anybody or not.
 */
export function mergeUnassigned(
  tables: readonly CountedTable[],
  policy: Policy,
  digest: (name: string) => string,
): readonly TreatedTable[] {
  const counts = tables.flatMap(unassignedCounts);
  const movesAll = counts.length > 1 && counts.some((count) => isSmall(count, policy));
  const choice: Choice = { targets: new Map(), digest, coarse: coarseLevels(policy) };
  return tables.map((table) => treated(table, choice, movesAll));
}

/** Levels whose areas are large enough to take somebody by their size. */
function coarseLevels(policy: Policy): ReadonlySet<string> {
  return new Set(areaLevels.slice(0, areaLevels.indexOf(policy.holdBelow.value) + 1));
}

function areaPosition(table: CountedTable): number {
  return table.dimensions.findIndex((dimension) => dimension.id === "raum");
}

function isUnassigned(category: Category | undefined): boolean {
  return category !== undefined && /^ohne(-|$)/.test(category.code);
}

function keyOf(category: Category): string {
  return `${category.level ?? ""}:${category.code}`;
}

/** Every count of persons without assignment, once: below an area of their own they are the same persons again. */
function unassignedCounts(table: CountedTable): readonly number[] {
  const position = areaPosition(table);
  const categories = table.dimensions[position]?.categories ?? [];
  const isFirst = categories.map(
    (category) => isUnassigned(category) && !isUnassigned(categories[category.parent ?? -1]),
  );
  if (!isFirst.includes(true)) {
    return [];
  }
  const stride = stridesOf(table)[position] ?? 1;
  return [...table.values].filter((_, cell) => {
    const counted = table.measures[cell % table.measures.length]?.kind === "count";
    const judged = counted && table.states[cell] === stateOf.value;
    return judged && isFirst[Math.floor(cell / stride) % categories.length] === true;
  });
}

function treated(table: CountedTable, choice: Choice, movesAll: boolean): TreatedTable {
  const position = areaPosition(table);
  const categories = table.dimensions[position]?.categories ?? [];
  const sizes = totalsOf(table, position);
  const moves = categories.flatMap((category, index) => {
    const moving = movesAll || isFine(category, choice);
    const movable = isUnassigned(category) && category.merged === undefined && moving;
    const into = movable ? targetIn(categories, category.parent, sizes, choice) : undefined;
    return into === undefined ? [] : [{ from: index, source: category, into }];
  });
  const standing = standingTargets(categories, sizes, choice);
  if (moves.length === 0 && standing.length === 0) {
    return { table, treatments: [] };
  }
  const grouping = moved(categories, moves, standing, sizes, choice);
  const named = moves
    .filter(({ source }) => !isFine(source, choice))
    .map(({ into }) => into)
    .concat(standing);
  const treatments = named.flatMap((into): Treatment[] => {
    const target = categories[into];
    return target === undefined
      ? []
      : [{ kind: "merged", dimension: "raum", into: target.code, members: [target.code] }];
  });
  return { table: regroup(table, position, grouping), treatments };
}

/** How the area that takes somebody is chosen; `targets` are agreed by all tables: the first one that needs it decides. */
type Choice = {
  readonly targets: Map<string, string>;
  readonly digest: (name: string) => string;
  readonly coarse: ReadonlySet<string>;
};

function isFine({ level }: Category, { coarse }: Choice): boolean {
  return level !== undefined && !coarse.has(level);
}

/** The child of `parent` that takes persons; undefined where only persons without assignment stand below it. */
function targetIn(
  categories: readonly Category[],
  parent: number | undefined,
  sizes: readonly number[],
  choice: Choice,
): number | undefined {
  const above = categories[parent ?? -1];
  if (parent === undefined || above === undefined) {
    return undefined;
  }
  const name = keyOf(above);
  const children = childrenOf(categories, parent);
  const agreed = children.find((child) => categories[child]?.code === choice.targets.get(name));
  const target = agreed ?? chosen(categories, children, sizes, choice);
  const code = categories[target ?? -1]?.code;
  if (code !== undefined && !choice.targets.has(name)) {
    choice.targets.set(name, code);
  }
  return target;
}

function childrenOf(categories: readonly Category[], parent: number): readonly number[] {
  return categories.flatMap((category, index) =>
    category.parent === parent && !isUnassigned(category) ? [index] : [],
  );
}

function chosen(
  categories: readonly Category[],
  positions: readonly number[],
  sizes: readonly number[],
  choice: Choice,
): number | undefined {
  const digestAt = (position: number) =>
    choice.digest(keyOf(categories[position] ?? { code: "", label: "" }));
  const codeAt = (position: number) => categories[position]?.code ?? "";
  const byCode = (a: number, b: number) => (codeAt(a) < codeAt(b) ? -1 : 1);
  const [first] = positions.toSorted((a, b) => {
    if (isFine(categories[a] ?? { code: "", label: "" }, choice)) {
      return digestAt(a) === digestAt(b) ? byCode(a, b) : digestAt(a) < digestAt(b) ? -1 : 1;
    }
    return (sizes[b] ?? 0) - (sizes[a] ?? 0) || byCode(a, b);
  });
  return first;
}

/** The fine areas that are named as taking people in, in every week: one below each area. */
function standingTargets(
  categories: readonly Category[],
  sizes: readonly number[],
  choice: Choice,
): readonly number[] {
  const targets = categories.flatMap((category, parent) => {
    const target = isUnassigned(category) ? undefined : targetIn(categories, parent, sizes, choice);
    return target !== undefined && isFine(categories[target] ?? category, choice) ? [target] : [];
  });
  return [...new Set(targets)];
}

type Move = { readonly from: number; readonly source: Category; readonly into: number };

function moved(
  categories: readonly Category[],
  moves: readonly Move[],
  standing: readonly number[],
  sizes: readonly number[],
  choice: Choice,
): readonly Regrouped[] {
  const grouping: Regrouped[] = categories.map((category, index) => ({ category, from: [index] }));
  for (const at of standing) {
    const entry = grouping[at];
    if (entry !== undefined) grouping[at] = named(entry, `ohne-${entry.category.code}`);
  }
  for (const { from, source, into } of moves) {
    let at: number | undefined = into;
    while (at !== undefined) {
      const entry = grouping[at];
      if (entry !== undefined) {
        const joined = { ...entry, from: [...entry.from, from] };
        // A fine area has one name for whoever it takes: which ones they are changes from week to week.
        grouping[at] = isFine(entry.category, choice) ? joined : named(joined, source.code);
      }
      at = targetIn(categories, at, sizes, choice);
    }
  }
  const gone = descendantsOf(grouping, new Set(moves.map((move) => move.from)));
  return kept(
    grouping,
    grouping.map((_, index) => !gone.has(index)),
  );
}

function named({ category, from }: Regrouped, code: string): Regrouped {
  const suffix = " (einschließlich Personen ohne Zuordnung)";
  const label = category.label.endsWith(suffix) ? category.label : `${category.label}${suffix}`;
  const merged = [...codesOf(category), code].toSorted();
  return { category: { ...category, label, merged }, from };
}
