import { type Category, type CountedTable, stateOf } from "../../tables/table.ts";
import { stridesOf } from "../grid.ts";
import type { Policy } from "../policy.ts";
import type { Treatment } from "../released-table.ts";
import { isSmall } from "../table-safety.ts";
import { codesOf, descendantsOf, kept, totalsOf } from "./coarsen-dimension.ts";
import { type Regrouped, regroup } from "./regroup.ts";

export type TreatedTable = { readonly table: CountedTable; readonly treatments: readonly Treatment[] };

/**
 * The tables with persons "ohne Zuordnung" moved into the largest sibling area, and on below it into the largest area of
 * each finer level, so that areas stay the sums of their parts. Where nobody of them is small, nothing moves.
 *
 * All of them move in every table, into the same area: two tables do not differ by the moved persons, and an area that
 * takes somebody does not tell that these were few. A single cell would tell, so it stays for coarsening to remove.
 */
export function mergeUnassigned(tables: readonly CountedTable[], policy: Policy): readonly TreatedTable[] {
  const counts = tables.flatMap(unassignedCounts);
  const moves = counts.length > 1 && counts.some((count) => isSmall(count, policy));
  const targets = new Map<string, string>();
  return tables.map((table) => (moves ? treated(table, targets) : { table, treatments: [] }));
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

function treated(table: CountedTable, targets: Targets): TreatedTable {
  const position = areaPosition(table);
  const categories = table.dimensions[position]?.categories ?? [];
  const sizes = totalsOf(table, position);
  const moves = categories.flatMap((category, index) => {
    const movable = isUnassigned(category) && category.merged === undefined;
    const into = movable ? targetIn(categories, category.parent, category, sizes, targets) : undefined;
    return into === undefined ? [] : [{ from: index, source: category, into }];
  });
  if (moves.length === 0) {
    return { table, treatments: [] };
  }
  const grouping = moved(categories, moves, sizes, targets);
  const treatments = moves.flatMap(({ source, into }): Treatment[] => {
    const target = categories[into];
    return target === undefined
      ? []
      : [{ kind: "merged", dimension: "raum", into: target.code, members: [target.code, source.code] }];
  });
  return { table: regroup(table, position, grouping), treatments };
}

/** Which area takes whom, by source and parent, agreed by all tables: the first table that needs it decides. */
type Targets = Map<string, string>;

/** The child of `parent` that takes the persons; undefined where only persons without assignment stand below it. */
function targetIn(
  categories: readonly Category[],
  parent: number | undefined,
  source: Category,
  sizes: readonly number[],
  targets: Targets,
): number | undefined {
  const above = categories[parent ?? -1];
  if (parent === undefined || above === undefined) {
    return undefined;
  }
  const name = `${keyOf(source)} in ${keyOf(above)}`;
  const children = childrenOf(categories, parent);
  const agreed = children.find((child) => categories[child]?.code === targets.get(name));
  const target = agreed ?? largest(categories, children, sizes);
  const code = categories[target ?? -1]?.code;
  if (code !== undefined && !targets.has(name)) {
    targets.set(name, code);
  }
  return target;
}

function childrenOf(categories: readonly Category[], parent: number): readonly number[] {
  return categories.flatMap((category, index) =>
    category.parent === parent && !isUnassigned(category) ? [index] : [],
  );
}

function largest(
  categories: readonly Category[],
  positions: readonly number[],
  sizes: readonly number[],
): number | undefined {
  const codeAt = (position: number) => categories[position]?.code ?? "";
  return positions.toSorted(
    (a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || (codeAt(a) < codeAt(b) ? -1 : 1),
  )[0];
}

type Move = { readonly from: number; readonly source: Category; readonly into: number };

function moved(
  categories: readonly Category[],
  moves: readonly Move[],
  sizes: readonly number[],
  targets: Targets,
): readonly Regrouped[] {
  const grouping: Regrouped[] = categories.map((category, index) => ({ category, from: [index] }));
  for (const { from, source, into } of moves) {
    let at: number | undefined = into;
    while (at !== undefined) {
      const entry = grouping[at];
      if (entry !== undefined) {
        grouping[at] = withUnassigned(entry, from, source.code);
      }
      at = targetIn(categories, at, source, sizes, targets);
    }
  }
  const gone = descendantsOf(grouping, new Set(moves.map((move) => move.from)));
  return kept(
    grouping,
    grouping.map((_, index) => !gone.has(index)),
  );
}

function withUnassigned({ category, from }: Regrouped, source: number, code: string): Regrouped {
  const suffix = " (einschließlich Personen ohne Zuordnung)";
  const label = category.label.endsWith(suffix) ? category.label : `${category.label}${suffix}`;
  const merged = [...codesOf(category), code].toSorted();
  return { category: { ...category, label, merged }, from: [...from, source] };
}
