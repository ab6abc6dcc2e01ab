import { compareText } from "../../registers/compare-text.ts";
import type { KnownDimension } from "../known-table.ts";

/** A category is the sum of others of its dimension, whatever the other dimensions. */
export type Relation = { readonly whole: number; readonly parts: readonly number[] };

/** Position of every dimension's total. */
export const totalCategory = 0;
/** Positions are one character of a cell's key; the last one stands for "any". */
const categoriesAtMost = 65_000;

/**
 * The categories of one dimension over all tables of a universe, each once: the total first, the others by the finest codes
 * they stand for. Categories that only follow from others are added while the model is built.
 */
export class CategoryList {
  readonly id: string;
  /** What the trees of the tables say: a category is the sum of its children. */
  readonly trees: readonly Relation[];
  readonly #names: string[];
  readonly #positions: Map<string, number>;
  readonly #codes: (readonly string[])[];
  readonly #byCodes = new Map<string, number>();
  readonly #heights: ReadonlyMap<string, number>;

  /** @throws {RangeError} where two tables hang categories below each other, or a dimension has no tree. */
  constructor(id: string, dimensions: readonly KnownDimension[]) {
    const names = dimensions.flatMap((dimension) => [...dimension.categories.keys()].map(namesOf(dimension)));
    this.id = id;
    this.#names = ["", ...new Set(names.filter((name) => name !== ""))].toSorted(compareText);
    this.#positions = new Map(this.#names.map((name, position) => [name, position]));
    const children = childrenOf(dimensions);
    const expansion = new Expansion(id, membersOf(dimensions), children);
    this.#codes = this.#names.map((name) => (name === "" ? [] : expansion.codesOf(name)));
    this.#heights = expansion.heights;
    for (const [position, codes] of this.#codes.entries()) {
      const key = joined(codes);
      if (position > 0 && !this.#byCodes.has(key)) this.#byCodes.set(key, position);
    }
    this.trees = [...children].flatMap(([whole, lists]) =>
      lists.map((parts) => ({
        whole: this.position(whole),
        parts: parts.map((part) => this.position(part)),
      })),
    );
  }

  get size(): number {
    return this.#names.length;
  }

  /** @throws {RangeError} if no table has the category. */
  position(name: string): number {
    const position = this.#positions.get(name);
    if (position === undefined) throw new RangeError("Cannot find a category: a table must have it");
    return position;
  }

  positionsIn(dimension: KnownDimension): readonly number[] {
    const nameAt = namesOf(dimension);
    return [...dimension.categories.keys()].map((at) => this.position(nameAt(at)));
  }

  name(position: number): string {
    return this.#names[position] ?? "";
  }

  /** The finest codes that the category stands for, sorted; none for the total. */
  codes(position: number): readonly string[] {
    return this.#codes[position] ?? [];
  }

  /** Steps of the trees below the category. */
  height(position: number): number {
    return this.#heights.get(this.name(position)) ?? 0;
  }

  /** The category of these codes; made where no table has it. */
  ofCodes(codes: readonly string[]): number {
    const sorted = codes.toSorted(compareText);
    const known = this.#byCodes.get(joined(sorted));
    if (known !== undefined) return known;
    const position = this.#names.push(sorted.join("+")) - 1;
    if (position >= categoriesAtMost)
      throw new RangeError(`Cannot attack dimension "${this.id}": it has too many categories`);
    this.#codes.push(sorted);
    this.#byCodes.set(joined(sorted), position);
    return position;
  }
}

function joined(codes: readonly string[]): string {
  return JSON.stringify(codes);
}

/**
 * The total is the one category above all others, also where it is the only one; it has no name.
 *
 * @throws {RangeError} where some categories have a parent and several have none: no tree, no sums.
 */
function namesOf(dimension: KnownDimension): (position: number) => string {
  const roots = dimension.categories.filter(({ parent }) => parent === undefined).length;
  if (roots === 0 || (roots > 1 && roots < dimension.categories.length))
    throw new RangeError(`Cannot attack dimension "${dimension.id}": its categories must have one total`);
  return (position) => {
    const category = dimension.categories[position];
    if (roots === 1 && category?.parent === undefined) return "";
    return memberCodes(dimension, position).join("+");
  };
}

function memberCodes({ categories }: KnownDimension, position: number): readonly string[] {
  const { code, members } = categories[position] ?? { code: "" };
  return [...new Set(members ?? [code])].toSorted(compareText);
}

function membersOf(dimensions: readonly KnownDimension[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    dimensions.flatMap((dimension) => {
      const nameAt = namesOf(dimension);
      return [...dimension.categories.keys()].map(
        (position) => [nameAt(position), memberCodes(dimension, position)] as const,
      );
    }),
  );
}

/** By whole: every list of children that a table gives it, each once. */
function childrenOf(
  dimensions: readonly KnownDimension[],
): ReadonlyMap<string, readonly (readonly string[])[]> {
  const children = new Map<string, Map<string, readonly string[]>>();
  for (const dimension of dimensions) {
    const nameAt = namesOf(dimension);
    const positions = [...dimension.categories.keys()];
    for (const [parent, parts] of Map.groupBy(positions, (at) => dimension.categories[at]?.parent)) {
      if (parent === undefined) continue;
      const whole = nameAt(parent);
      const names = parts.map(nameAt).toSorted(compareText);
      const lists = children.get(whole) ?? new Map<string, readonly string[]>();
      children.set(whole, lists.set(joined(names), names));
    }
  }
  return new Map([...children].map(([whole, lists]) => [whole, [...lists.values()]]));
}

/** The finest codes below every category, as far as the tables agree on them. */
class Expansion {
  readonly heights = new Map<string, number>();
  readonly #dimension: string;
  readonly #members: ReadonlyMap<string, readonly string[]>;
  readonly #children: ReadonlyMap<string, readonly (readonly string[])[]>;
  readonly #found = new Map<string, readonly string[]>();
  readonly #open = new Set<string>();

  constructor(
    dimension: string,
    members: ReadonlyMap<string, readonly string[]>,
    children: ReadonlyMap<string, readonly (readonly string[])[]>,
  ) {
    this.#dimension = dimension;
    this.#members = members;
    this.#children = children;
  }

  /** Where lists of children lead to different codes, the category stands for its members or for itself. */
  codesOf(name: string): readonly string[] {
    const found = this.#found.get(name);
    if (found !== undefined) return found;
    if (this.#open.has(name) || name === "")
      throw new RangeError(
        `Cannot attack dimension "${this.#dimension}": tables hang categories below each other`,
      );
    this.#open.add(name);
    const members = this.#members.get(name) ?? [name];
    const lists = this.#children.get(name) ?? [];
    const ways = lists.map((parts) => this.#union(parts));
    if (members.length > 1) ways.unshift(this.#union(members));
    const [first = members] = ways;
    const agree = ways.every((way) => joined(way) === joined(first));
    const codes = agree || members.length > 1 ? first : members;
    this.#found.set(name, codes);
    this.#open.delete(name);
    const below = lists.flat().map((part) => this.heights.get(part) ?? 0);
    this.heights.set(name, below.length === 0 ? 0 : Math.max(...below) + 1);
    return codes;
  }

  #union(names: readonly string[]): readonly string[] {
    return [...new Set(names.flatMap((name) => this.codesOf(name)))].toSorted(compareText);
  }
}
