import { type Category, type CountedTable, stateOf } from "../tables/table.ts";
import { codesOf, descendantsOf, kept, totalsOf } from "./coarsen-dimension.ts";
import { stridesOf } from "./grid.ts";
import type { Policy } from "./policy.ts";
import { type Regrouped, regroup } from "./regroup.ts";
import type { Treatment } from "./released-table.ts";
import { isSmall } from "./table-safety.ts";

export type TreatedTable = { readonly table: CountedTable; readonly treatments: readonly Treatment[] };

/**
 * The tables with small persons "ohne Zuordnung" moved into the largest sibling area, and on below it into the largest
 * area of each finer level, so that areas stay the sums of their parts.
 *
 * What is small in one table moves in every table, into the same area, so that no two tables differ by the moved persons.
 */
export function mergeUnassigned(tables: readonly CountedTable[], policy: Policy): readonly TreatedTable[] {
  const small = new Set(tables.flatMap((table) => smallUnassigned(table, policy)));
  const targets = new Map<string, string>();
  return tables.map((table) => treated(table, small, targets));
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

function smallUnassigned(table: CountedTable, policy: Policy): readonly string[] {
  const position = areaPosition(table);
  const categories = table.dimensions[position]?.categories ?? [];
  if (!categories.some(isUnassigned)) {
    return [];
  }
  const stride = stridesOf(table)[position] ?? 1;
  const found = new Set<string>();
  for (const [cell, value] of table.values.entries()) {
    const category = categories[Math.floor(cell / stride) % categories.length];
    const counted = table.measures[cell % table.measures.length]?.kind === "count";
    const judged = counted && table.states[cell] === stateOf.value && isUnassigned(category);
    if (judged && category !== undefined && isSmall(value, policy)) {
      found.add(keyOf(category));
    }
  }
  return [...found];
}

function treated(
  table: CountedTable,
  small: ReadonlySet<string>,
  targets: Map<string, string>,
): TreatedTable {
  const position = areaPosition(table);
  const categories = table.dimensions[position]?.categories ?? [];
  const sizes = totalsOf(table, position);
  const moves = categories.flatMap((category, index) => {
    const movable = isUnassigned(category) && category.merged === undefined && small.has(keyOf(category));
    const into = movable ? targetOf(categories, index, sizes, targets) : undefined;
    return into === undefined ? [] : [{ from: index, into }];
  });
  if (moves.length === 0) {
    return { table, treatments: [] };
  }
  const grouping = moved(categories, moves, sizes);
  const treatments = moves.flatMap(({ from, into }): Treatment[] => {
    const [source, target] = [categories[from], categories[into]];
    return source === undefined || target === undefined
      ? []
      : [{ kind: "merged", dimension: "raum", into: target.code, members: [target.code, source.code] }];
  });
  return { table: regroup(table, position, grouping), treatments };
}

/** The sibling that every table uses, or else the largest; undefined where only persons without assignment stand. */
function targetOf(
  categories: readonly Category[],
  index: number,
  sizes: readonly number[],
  targets: Map<string, string>,
): number | undefined {
  const source = categories[index];
  if (source?.parent === undefined) {
    return undefined;
  }
  const siblings = childrenOf(categories, source.parent);
  const agreed = siblings.find((sibling) => categories[sibling]?.code === targets.get(keyOf(source)));
  const target = agreed ?? largest(categories, siblings, sizes);
  const code = target === undefined ? undefined : categories[target]?.code;
  if (code !== undefined && !targets.has(keyOf(source))) {
    targets.set(keyOf(source), code);
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

type Move = { readonly from: number; readonly into: number };

function moved(
  categories: readonly Category[],
  moves: readonly Move[],
  sizes: readonly number[],
): readonly Regrouped[] {
  const grouping: Regrouped[] = categories.map((category, index) => ({ category, from: [index] }));
  for (const { from, into } of moves) {
    let at: number | undefined = into;
    while (at !== undefined) {
      const entry = grouping[at];
      if (entry !== undefined) {
        grouping[at] = withUnassigned(entry, from, categories[from]?.code ?? "");
      }
      at = largest(categories, childrenOf(categories, at), sizes);
    }
  }
  const gone = descendantsOf(grouping, new Set(moves.map((move) => move.from)));
  return kept(
    grouping,
    grouping.map((_, index) => !gone.has(index)),
  );
}

function withUnassigned({ category, from }: Regrouped, source: number, code: string): Regrouped {
  const suffix = " (mit ohne Zuordnung)";
  const label = category.label.endsWith(suffix) ? category.label : `${category.label}${suffix}`;
  const merged = [...codesOf(category), code].toSorted();
  return { category: { ...category, label, merged }, from: [...from, source] };
}
