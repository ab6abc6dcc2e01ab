import type { Category, DimensionId, TableDimension } from "../tables/table.ts";

/** A sum that everybody knows: the cell of `whole` is the sum of the cells of `parts`, whatever the other dimensions. */
export type Relation = { readonly id: string; readonly whole: string; readonly parts: readonly string[] };

/** Name of a dimension's total. */
export const totalName = "";

// No code of a register has control characters.
const setMark = "\u0002";

/** Sets of codes that overlap, directly or through others, above which the attack gives up: no report comes near. */
const setLimit = 400;

/** Two published sets of codes of which neither holds the other; `both` is what they share. */
type Crossing = { readonly first: string; readonly second: string; readonly both: string };

export type Relations = { readonly sums: readonly Relation[]; readonly crossings: readonly Crossing[] };

/**
 * The sums that follow from the dimensions of published tables: a category is the sum of its children, a merged one of its
 * members, and of the largest published ones within it and of what remains.
 */
export function collectRelations(tables: readonly (readonly TableDimension[])[]): {
  readonly relations: ReadonlyMap<DimensionId, Relations>;
  readonly finished: boolean;
} {
  const byDimension = Map.groupBy(tables.flat(), ({ id }) => id);
  let finished = true;
  const relations = new Map<DimensionId, Relations>();
  for (const [id, dimensions] of byDimension) {
    const overlapping = overlappingSets(dimensions.flatMap(setsOf));
    const closed = overlapping.map(closedSets);
    finished &&= closed.every((sets) => sets.length <= setLimit);
    relations.set(id, {
      sums: finished ? distinct([...dimensions.flatMap(treeRelations), ...closed.flatMap(setRelations)]) : [],
      crossings: overlapping.flatMap(crossingsIn),
    });
  }
  return { relations, finished };
}

/** The same name for the same persons in every table: level and code, all merged codes, nothing for the total. */
export function nameIn(dimension: TableDimension, category: Category): string {
  return isTotal(dimension, category) ? totalName : nameOfSet(codesIn(dimension, category));
}

function isTotal({ categories }: TableDimension, category: Category): boolean {
  const hasTree = categories.some((other) => other.parent !== undefined);
  return category.parent === undefined && (hasTree || category.code === "T");
}

function codesIn(dimension: TableDimension, category: Category): readonly string[] {
  const prefix = dimension.id === "raum" ? `${category.level ?? ""}:` : "";
  return (category.merged ?? [category.code]).map((code) => prefix + code);
}

function nameOfSet(codes: readonly string[]): string {
  return codes.toSorted().join(setMark);
}

function treeRelations(dimension: TableDimension): readonly Relation[] {
  const parts = Map.groupBy(dimension.categories, (category) => category.parent);
  return dimension.categories.flatMap((whole, index) => {
    const names = parts.get(index)?.map((part) => nameIn(dimension, part)) ?? [];
    return names.length === 0 ? [] : [relation(nameIn(dimension, whole), names)];
  });
}

function relation(whole: string, parts: readonly string[]): Relation {
  const sorted = parts.toSorted();
  return { id: `${whole}=${sorted.join(" ")}`, whole, parts: sorted };
}

type Codes = ReadonlySet<string>;

function setsOf(dimension: TableDimension): readonly Codes[] {
  return dimension.categories
    .filter((category) => !isTotal(dimension, category))
    .map((category) => new Set(codesIn(dimension, category)));
}

/** The sets that share codes with merged ones, in groups that have nothing in common. */
function overlappingSets(all: readonly Codes[]): readonly (readonly Codes[])[] {
  const sets = new Map(all.map((set) => [nameOf(set), set]));
  const groups: { readonly codes: Set<string>; readonly sets: Codes[] }[] = [];
  const groupOf = new Map<string, (typeof groups)[number]>();
  for (const set of [...sets.values()].toSorted((a, b) => b.size - a.size)) {
    const touched = new Set([...set].flatMap((code) => groupOf.get(code) ?? []));
    if (set.size === 1 && touched.size === 0) {
      continue;
    }
    const [group = { codes: new Set<string>(), sets: [] }, ...others] = touched;
    group.sets.push(set, ...others.flatMap((other) => other.sets.splice(0)));
    for (const code of [...set, ...others.flatMap((other) => [...other.codes])]) {
      group.codes.add(code);
      groupOf.set(code, group);
    }
    groups.push(group);
  }
  return [...new Set(groups)].map((group) => group.sets).filter((group) => group.length > 0);
}

function nameOf(set: Codes): string {
  return nameOfSet([...set]);
}

function isWithin(inner: Codes, set: Codes): boolean {
  return inner.size <= set.size && [...inner].every((code) => set.has(code));
}

function sharedBy(a: Codes, b: Codes): Codes {
  return new Set([...a].filter((code) => b.has(code)));
}

function without(set: Codes, other: Codes): Codes {
  return new Set([...set].filter((code) => !other.has(code)));
}

function isCrossing(a: Codes, b: Codes): boolean {
  const size = sharedBy(a, b).size;
  return size > 0 && size < a.size && size < b.size;
}

function crossingsIn(sets: readonly Codes[]): readonly Crossing[] {
  return sets.flatMap((first, index) =>
    sets
      .slice(index + 1)
      .filter((second) => isCrossing(first, second))
      .map((second) => ({
        first: nameOf(first),
        second: nameOf(second),
        both: nameOf(sharedBy(first, second)),
      })),
  );
}

/** The sets, what two of them share, and what remains of one without the other where they cross. */
function closedSets(sets: readonly Codes[]): readonly Codes[] {
  const found = new Map(sets.map((set) => [nameOf(set), set]));
  const open = [...found.values()];
  for (let set = open.pop(); set !== undefined && found.size <= setLimit; set = open.pop()) {
    for (const other of [...found.values()]) {
      const pieces = isCrossing(set, other)
        ? [sharedBy(set, other), without(set, other), without(other, set)]
        : [];
      for (const piece of pieces.filter((candidate) => !found.has(nameOf(candidate)))) {
        found.set(nameOf(piece), piece);
        open.push(piece);
      }
    }
  }
  return [...found.values()];
}

function setRelations(sets: readonly Codes[]): readonly Relation[] {
  return sets.flatMap((set) => {
    const inner = sets.filter((other) => other.size < set.size && isWithin(other, set));
    const largest = inner.filter(
      (one) => !inner.some((other) => one.size < other.size && isWithin(one, other)),
    );
    const members = set.size > 1 ? [relation(nameOf(set), [...set])] : [];
    const apart = largest.every((one) =>
      largest.every((other) => one === other || sharedBy(one, other).size === 0),
    );
    const groups = apart ? [largest] : largest.map((one) => [one]);
    return [...members, ...groups.flatMap((parts) => split(set, parts))];
  });
}

/** A set as the sum of sets within it that have nothing in common, and of what remains. */
function split(set: Codes, parts: readonly Codes[]): readonly Relation[] {
  const rest = parts.reduce((left: Codes, part) => without(left, part), set);
  const names = parts.map(nameOf);
  return parts.length === 0
    ? []
    : [relation(nameOf(set), rest.size === 0 ? names : [...names, nameOf(rest)])];
}

function distinct(relations: readonly Relation[]): readonly Relation[] {
  const byId = new Map(relations.map((entry) => [entry.id, entry]));
  return [...byId.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
