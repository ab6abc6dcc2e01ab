import { compareText } from "../../registers/compare-text.ts";
import type { CellRole, UniverseTable } from "./universe-model.ts";
import { type CategoryTree, categoryTree } from "./universe-trees.ts";

/** A table with its dimensions as trees. */
export type TreeTable = {
  readonly table: UniverseTable;
  readonly trees: readonly CategoryTree[];
  /** By dimension: how far apart in the counts two neighbouring categories are. */
  readonly strides: readonly number[];
  readonly size: number;
};

/** @throws {RangeError} naming table and dimension or position, if trees or counts are malformed. */
export function treeTable(table: UniverseTable): TreeTable {
  const { name, dimensions, counts } = table;
  if (new Set(dimensions.map(({ id }) => id)).size !== dimensions.length)
    throw new RangeError(`Cannot read table "${name}": its dimensions must differ`);
  const trees = dimensions.map((dimension) => categoryTree(name, dimension));
  const strides: number[] = dimensions.map(() => 1);
  let size = 1;
  for (let at = trees.length - 1; at >= 0; at--) {
    strides[at] = size;
    size *= trees[at]?.categories.length ?? 0;
  }
  if (counts.length !== size)
    throw new RangeError(`Cannot read table "${name}": it has ${counts.length} counts, expected ${size}`);
  checkCounts(table);
  return { table, trees, strides, size };
}

function checkCounts({ name, counts }: UniverseTable): void {
  for (let at = 0; at < counts.length; at++) {
    const count = counts[at] ?? Number.NaN;
    if (!Number.isNaN(count) && !(Number.isSafeInteger(count) && count >= 0))
      throw new RangeError(
        `Cannot read table "${name}": the count at position ${at} must be a whole number of 0 or more`,
      );
  }
}

/** The position of a table's category of each dimension, from the position of a cell. */
export function categoryAt({ trees, strides }: TreeTable, position: number, dimension: number): number {
  const length = trees[dimension]?.categories.length ?? 1;
  return Math.floor(position / (strides[dimension] ?? 1)) % length;
}

type GatheredRole = CellRole | "unpublished" | "auxiliary";

/** All cells found so far, each once. */
export class CellRegister {
  readonly names: string[] = [];
  readonly counts: number[] = [];
  readonly roles: GatheredRole[] = [];
  readonly #ids = new Map<string, number>();

  idOf(name: string): number | undefined {
    return this.#ids.get(name);
  }

  /** The cell of `name`, new if there is none. */
  add(name: string, count: number, role: GatheredRole): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const id = this.names.push(name) - 1;
    this.counts.push(count);
    this.roles.push(role);
    this.#ids.set(name, id);
    return id;
  }

  /** @throws {RangeError} where another table counts the cell differently. */
  publish(
    name: string,
    count: number,
    { table, position }: { table: UniverseTable; position: number },
  ): number {
    const id = this.add(name, count, table.role);
    if (this.counts[id] !== count)
      throw new RangeError(
        `Cannot protect table "${table.name}": position ${position} must have the count that another table gives the cell`,
      );
    if (table.role === "shown") this.roles[id] = "shown";
    return id;
  }

  get size(): number {
    return this.names.length;
  }
}

/** The names of all cells of `table`, by position: the same cell has the same name in every table. */
export function cellNames({ table, trees, size, strides }: TreeTable): readonly string[] {
  const ordered = [...trees.keys()].sort((a, b) => compareText(trees[a]?.id ?? "", trees[b]?.id ?? ""));
  const labels = trees.map(({ id, categories }) => categories.map(({ identity }) => labelOf(id, identity)));
  const names: string[] = new Array(size);
  for (let position = 0; position < size; position++) {
    let name = "";
    for (const dimension of ordered) {
      const own = labels[dimension] ?? [];
      const label = own[Math.floor(position / (strides[dimension] ?? 1)) % own.length] ?? "";
      if (label !== "") name = name === "" ? label : `${name}, ${label}`;
    }
    names[position] = nameOf(table.universe, name);
  }
  return names;
}

export function labelOf(dimension: string, identity: string): string {
  return identity === "" ? "" : `${dimension}=${identity}`;
}

export function nameOf(universe: string, labels: string): string {
  return `${universe === "" ? "" : `${universe}|`}${labels === "" ? "Total" : labels}`;
}
