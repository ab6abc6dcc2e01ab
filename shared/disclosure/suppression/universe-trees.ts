import { compareText } from "../../registers/compare-text.ts";
import type { KnownDimension } from "../known-table.ts";

/** A dimension of one table with the parts of every category. */
export type CategoryTree = {
  readonly id: string;
  readonly categories: readonly TreeCategory[];
  /** The total; undefined where the dimension has none and so no sums. */
  readonly root: number | undefined;
};

type TreeCategory = {
  /** The same for the same category in every table; "" for the total. */
  readonly identity: string;
  /** What the category is named after in its identity: the members in order, or its own code; none for the total. */
  readonly codes: readonly string[];
  readonly parent: number | undefined;
  /** Positions of the categories that it is the sum of. */
  readonly parts: readonly number[];
};

/**
 * @throws {RangeError} naming table, dimension and position: a category without a parent beside the total, a parent that
 * does not exist, a circle of parents, two parts of one total that are the same category.
 */
export function categoryTree(table: string, { id, categories }: KnownDimension): CategoryTree {
  const where = `table "${table}", dimension "${id}"`;
  const tops = [...categories.keys()].filter((at) => categories[at]?.parent === undefined);
  const root = tops.length === 1 ? tops[0] : undefined;
  if (categories.length === 0) throw new RangeError(`Cannot read ${where}: it must have a category`);
  if (root === undefined && tops.length !== categories.length)
    throw new RangeError(`Cannot read ${where}: exactly one category must have no parent, or all of them`);
  const parts: number[][] = categories.map(() => []);
  for (const [at, { parent }] of categories.entries()) {
    if (parent === undefined) continue;
    const siblings = parts[parent];
    if (siblings === undefined)
      throw new RangeError(`Cannot read ${where}: the parent of category ${at} must be a category`);
    siblings.push(at);
  }
  const named = categories.map(({ code, members, parent }, at): TreeCategory => {
    const codes = at === root ? [] : sortedCodes(members ?? [code]);
    return { identity: codes.join("+"), codes, parent, parts: parts[at] ?? [] };
  });
  const tree = { id, categories: named, root };
  checkTree(where, tree);
  return tree;
}

function sortedCodes(codes: readonly string[]): readonly string[] {
  return [...new Set(codes)].sort(compareText);
}

function checkTree(where: string, { categories, root }: CategoryTree): void {
  for (const { parts } of categories) checkDistinct(where, categories, parts);
  if (root === undefined) {
    checkDistinct(where, categories, [...categories.keys()]);
    return;
  }
  const reached = [root];
  for (const at of reached) reached.push(...(categories[at]?.parts ?? []));
  if (reached.length !== categories.length)
    throw new RangeError(`Cannot read ${where}: the parents of every category must end at the total`);
}

function checkDistinct(
  where: string,
  categories: readonly TreeCategory[],
  siblings: readonly number[],
): void {
  const seen = new Set<string>();
  for (const at of siblings) {
    const identity = categories[at]?.identity ?? "";
    if (identity === "" || seen.has(identity))
      throw new RangeError(`Cannot read ${where}: category ${at} must differ from the others of its total`);
    seen.add(identity);
  }
}

/** Positions of the categories without parts. */
export function leavesOf({ categories }: CategoryTree): readonly number[] {
  return [...categories.keys()].filter((at) => categories[at]?.parts.length === 0);
}
