import { refuseUnknown } from "../../registers/refuse-unknown.ts";
import type { Category, CoarseningStep, CountedTable, TableDimension } from "../../tables/table.ts";
import { stridesOf } from "../grid.ts";
import type { Treatment } from "../released-table.ts";
import type { Regrouped } from "./regroup.ts";

/** One way to write a dimension: as counted, or coarser by the definition's steps up to one of them. */
export type Stage = { readonly grouping: readonly Regrouped[]; readonly treatments: readonly Treatment[] };

/**
 * The stages of a dimension from fine to coarse, the untreated one first. Steps add up in the definition's order;
 * merging the smallest gives one stage per number of merged categories, and a later step replaces it.
 *
 * @throws {RangeError} if a step does not fit the dimension: a total to keep that does not exist, groups across parents.
 */
export function stagesOf(table: CountedTable, position: number): readonly Stage[] {
  const dimension = table.dimensions[position];
  if (dimension === undefined) {
    throw new RangeError("Cannot coarsen a table: the dimension must be one of the table");
  }
  const stages: Stage[] = [untreated(dimension.categories)];
  let base = untreated(dimension.categories);
  for (const step of table.coarsening[dimension.id] ?? []) {
    if (step.kind === "merge-smallest") {
      stages.push(...smallestMerged(table, position, base, step.into));
    } else {
      const next = afterStep(dimension, base, step);
      if (next !== base) {
        stages.push(next);
      }
      base = next;
    }
  }
  return stages;
}

function untreated(categories: readonly Category[]): Stage {
  return { grouping: categories.map((category, index) => ({ category, from: [index] })), treatments: [] };
}

type FixedStep = Exclude<CoarseningStep, { readonly kind: "merge-smallest" }>;

function afterStep(dimension: TableDimension, base: Stage, step: FixedStep): Stage {
  switch (step.kind) {
    case "drop-level":
      return withoutLevel(dimension, base, step.level);
    case "drop":
      return onlyTotal(dimension, base);
    case "merge":
      return step.groups.reduce((stage, group) => withGroup(dimension, stage, group), base);
    default:
      return refuseUnknown(step, "coarsening step");
  }
}

function withoutLevel(dimension: TableDimension, base: Stage, level: string): Stage {
  const keep = base.grouping.map((entry) => entry.category.level !== level);
  if (keep.every((kept) => kept)) {
    return base;
  }
  if (base.grouping.some(({ category }) => category.level === level && category.parent === undefined)) {
    throw new RangeError("Cannot leave out a level: it must not be the one of the total");
  }
  return {
    grouping: kept(base.grouping, keep),
    treatments: [...base.treatments, { kind: "dropped-level", dimension: dimension.id, level }],
  };
}

function onlyTotal(dimension: TableDimension, base: Stage): Stage {
  const keep = base.grouping.map(({ category }) => category.parent === undefined);
  if (keep.filter((isKept) => isKept).length !== 1) {
    throw new RangeError("Cannot drop a dimension: it must have exactly one total");
  }
  return keep.every((isKept) => isKept)
    ? base
    : {
        grouping: kept(base.grouping, keep),
        treatments: [{ kind: "dropped-dimension", dimension: dimension.id }],
      };
}

/** Leaves categories out; what stays hangs on its nearest kept ancestor. */
export function kept(grouping: readonly Regrouped[], keep: readonly boolean[]): readonly Regrouped[] {
  let count = 0;
  const positions = keep.map((isKept) => (isKept ? count++ : -1));
  return grouping.flatMap((entry, index) => {
    if (keep[index] !== true) {
      return [];
    }
    let parent = entry.category.parent;
    while (parent !== undefined && keep[parent] !== true) {
      parent = grouping[parent]?.category.parent;
    }
    const { parent: _, ...category } = entry.category;
    const moved = parent === undefined ? category : { ...category, parent: positions[parent] ?? 0 };
    return [{ category: moved, from: entry.from }];
  });
}

/** Codes of the counted dimension that the category stands for. */
export function codesOf(category: Category): readonly string[] {
  return category.merged ?? [category.code];
}

type Group = { readonly code: string; readonly label: string; readonly members: readonly string[] };

function withGroup(dimension: TableDimension, base: Stage, group: Group): Stage {
  const inside = base.grouping.map(
    ({ category }) =>
      category.parent !== undefined &&
      (category.code === group.code ||
        group.members.includes(category.code) ||
        codesOf(category).every((code) => group.members.includes(code))),
  );
  // A child of a member goes with it.
  const members = base.grouping.flatMap(({ category }, index) =>
    inside[index] === true && inside[category.parent ?? -1] !== true ? [index] : [],
  );
  return members.length < 2 ? base : mergedStage(dimension, base, members, group);
}

function mergedStage(
  dimension: TableDimension,
  base: Stage,
  members: readonly number[],
  into: { readonly code: string; readonly label: string },
): Stage {
  const entries = members.flatMap((member) => base.grouping[member] ?? []);
  const parents = new Set(entries.map((entry) => entry.category.parent));
  const [first = 0] = members;
  if (parents.size !== 1) {
    throw new RangeError("Cannot merge categories: they must have the same parent");
  }
  const merged = entries.flatMap((entry) => codesOf(entry.category)).toSorted();
  const { code: _code, label: _label, ...place } = entries[0]?.category ?? { code: "", label: "" };
  const joined: Regrouped = {
    category: { ...place, ...into, merged },
    from: entries.flatMap((entry) => entry.from),
  };
  const gone = descendantsOf(base.grouping, new Set(members));
  return {
    grouping: kept(
      base.grouping.map((entry, index) => (index === first ? joined : entry)),
      base.grouping.map((_, index) => index === first || !gone.has(index)),
    ),
    treatments: [
      ...base.treatments,
      { kind: "merged", dimension: dimension.id, into: into.code, members: merged },
    ],
  };
}

/** The positions and everything below them. */
export function descendantsOf(
  grouping: readonly Regrouped[],
  tops: ReadonlySet<number>,
): ReadonlySet<number> {
  const found = new Set(tops);
  let size = -1;
  while (size !== found.size) {
    size = found.size;
    for (const [index, { category }] of grouping.entries()) {
      if (category.parent !== undefined && found.has(category.parent)) {
        found.add(index);
      }
    }
  }
  return found;
}

/** Merges 2, 3, … of the smallest categories below the total, in the order of their totals in the counted table. */
function smallestMerged(
  table: CountedTable,
  position: number,
  base: Stage,
  into: { readonly code: string; readonly label: string },
): readonly Stage[] {
  const dimension = table.dimensions[position];
  const root = base.grouping.findIndex(({ category }) => category.parent === undefined);
  const siblings = base.grouping.flatMap(({ category }, index) => (category.parent === root ? [index] : []));
  const rest = siblings.filter((index) => base.grouping[index]?.category.code === into.code);
  const sizes = totalsOf(table, position);
  const ordered = siblings
    .filter((index) => !rest.includes(index))
    .map((index) => ({ index, size: memberSum(sizes, base.grouping[index]), code: codeAt(base, index) }))
    .toSorted((a, b) => a.size - b.size || (a.code < b.code ? -1 : 1))
    .map((entry) => entry.index);
  if (dimension === undefined) {
    return [];
  }
  // At least one category stays beside the merged one.
  const counts = ordered.map((_, index) => index + 1).filter((count) => count + rest.length >= 2);
  return counts
    .filter((count) => count < ordered.length)
    .map((count) => remainderStage(dimension, base, [...ordered.slice(0, count), ...rest], into));
}

/** The code of a remainder lists what it holds: the same code never stands for other persons in another table. */
function remainderStage(
  dimension: TableDimension,
  base: Stage,
  members: readonly number[],
  into: { readonly code: string; readonly label: string },
): Stage {
  const codes = members.flatMap((member) => codesOf(base.grouping[member]?.category ?? into));
  const code = codes.toSorted().join("+");
  return lastPlaced(mergedStage(dimension, base, members, { ...into, code }), code);
}

function codeAt(stage: Stage, index: number): string {
  return stage.grouping[index]?.category.code ?? "";
}

function memberSum(sizes: readonly number[], entry: Regrouped | undefined): number {
  return entry?.from.reduce((sum, from) => sum + (sizes[from] ?? 0), 0) ?? 0;
}

/** A remainder stands after the categories it is the remainder of. */
function lastPlaced(stage: Stage, code: string): Stage {
  const at = stage.grouping.findIndex(({ category }) => category.code === code);
  const order = [...stage.grouping.keys()].filter((index) => index !== at).concat(at);
  return {
    ...stage,
    grouping: order.flatMap((from) => {
      const entry = stage.grouping[from];
      if (entry?.category.parent === undefined) {
        return entry ?? [];
      }
      return [{ ...entry, category: { ...entry.category, parent: order.indexOf(entry.category.parent) } }];
    }),
  };
}

/** The first count of each category, summed over the totals (or, where there is none, all categories) of the rest. */
export function totalsOf(table: CountedTable, position: number): readonly number[] {
  const measure = table.measures.findIndex((candidate) => candidate.kind === "count");
  const strides = stridesOf(table);
  const sizes = new Array<number>(table.dimensions[position]?.categories.length ?? 0).fill(0);
  const roots = table.dimensions.map(({ categories }) => categories.findIndex((c) => c.parent === undefined));
  const hasTotal = table.dimensions.map(({ categories }) => categories.some((c) => c.parent !== undefined));
  for (let cell = Math.max(0, measure); cell < table.values.length; cell += table.measures.length) {
    const at = table.dimensions.map(
      ({ categories }, index) => Math.floor(cell / (strides[index] ?? 1)) % categories.length,
    );
    const counted = at.every(
      (place, index) => index === position || hasTotal[index] !== true || place === roots[index],
    );
    if (counted) {
      sizes[at[position] ?? 0] = (sizes[at[position] ?? 0] ?? 0) + (table.values[cell] ?? 0);
    }
  }
  return sizes;
}
