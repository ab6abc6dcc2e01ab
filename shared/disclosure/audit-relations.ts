import type { Category, DimensionId, TableDimension } from "../tables/table.ts";

/** A sum that everybody knows: the cell of `whole` is the sum of the cells of `parts`, whatever the other dimensions. */
export type Relation = { readonly id: string; readonly whole: string; readonly parts: readonly string[] };

/** Name of a dimension's total. */
export const totalName = "";

// No code of a register has control characters.
const setMark = "\u0002";

/** Merged categories of one dimension above which the attack gives up: no report comes near. */
const setLimit = 400;

/**
 * The sums that follow from the dimensions of published tables: a category is the sum of its children, a merged one of its
 * members, and of two merged ones that lie within each other the larger is the sum of the smaller and of what remains.
 */
export function collectRelations(tables: readonly (readonly TableDimension[])[]): {
  readonly relations: ReadonlyMap<DimensionId, readonly Relation[]>;
  readonly finished: boolean;
} {
  const byDimension = new Map<DimensionId, TableDimension[]>();
  for (const dimension of tables.flat()) {
    byDimension.set(dimension.id, [...(byDimension.get(dimension.id) ?? []), dimension]);
  }
  let finished = true;
  const relations = new Map<DimensionId, readonly Relation[]>();
  for (const [id, dimensions] of byDimension) {
    const sets = closedSets(dimensions.flatMap(mergedSets));
    finished &&= sets.length <= setLimit;
    relations.set(id, distinct([...dimensions.flatMap(treeRelations), ...setRelations(sets)]));
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
  return dimension.categories.flatMap((whole, index) => {
    const parts = dimension.categories.filter((category) => category.parent === index);
    return parts.length === 0
      ? []
      : [
          relation(
            nameIn(dimension, whole),
            parts.map((part) => nameIn(dimension, part)),
          ),
        ];
  });
}

function relation(whole: string, parts: readonly string[]): Relation {
  const sorted = parts.toSorted();
  return { id: `${whole}=${sorted.join(" ")}`, whole, parts: sorted };
}

function mergedSets(dimension: TableDimension): readonly (readonly string[])[] {
  return dimension.categories.flatMap((category) =>
    category.merged === undefined || category.merged.length < 2 ? [] : [codesIn(dimension, category)],
  );
}

/** The sets and what remains of each when one that lies within it is taken out, over and over. */
function closedSets(sets: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const found = new Map(sets.map((set) => [nameOfSet(set), set]));
  const open = [...found.values()];
  for (let set = open.pop(); set !== undefined && found.size <= setLimit; set = open.pop()) {
    for (const other of [...found.values()]) {
      for (const rest of [without(set, other), without(other, set)]) {
        if (rest.length > 1 && !found.has(nameOfSet(rest))) {
          found.set(nameOfSet(rest), rest);
          open.push(rest);
        }
      }
    }
  }
  return [...found.values()];
}

/** What remains of a set without one that lies within it; nothing where it does not. */
function without(set: readonly string[], inner: readonly string[]): readonly string[] {
  const outside = set.filter((code) => !inner.includes(code));
  return outside.length === set.length - inner.length ? outside : [];
}

function setRelations(sets: readonly (readonly string[])[]): readonly Relation[] {
  return sets.flatMap((set) => {
    const nested = sets.flatMap((inner) => {
      const rest = inner === set ? [] : without(set, inner);
      return rest.length === 0 ? [] : [relation(nameOfSet(set), [nameOfSet(inner), nameOfSet(rest)])];
    });
    return [relation(nameOfSet(set), set), ...nested];
  });
}

function distinct(relations: readonly Relation[]): readonly Relation[] {
  const byId = new Map(relations.map((entry) => [entry.id, entry]));
  return [...byId.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
