import { compareText } from "../../registers/compare-text.ts";
import { type CategoryList, totalCategory } from "./known-model-categories.ts";
import type { PlacedTable } from "./known-model-cells.ts";

/** Categories of one dimension of which none overlap; every code belongs to one of them. */
export type Partition = {
  /** Position of the dimension in the universe. */
  readonly dimension: number;
  readonly leaves: readonly number[];
  /** By code: the category that holds it. */
  readonly leafOf: ReadonlyMap<string, number>;
};

export type Partitions = {
  /** By dimension of the universe: every way in which a table ends, each once, and what is common to all where they cross. */
  readonly all: readonly (readonly Partition[])[];
  /** By dimension: true where no partition of a table is finer than all others. */
  readonly areCrossing: readonly boolean[];
  /** By table, by dimension of the universe: where the table ends; undefined where it has no categories but the total. */
  readonly ofTables: readonly (readonly (Partition | undefined)[])[];
};

export function partitionsOf(lists: readonly CategoryList[], tables: readonly PlacedTable[]): Partitions {
  const known = lists.map(() => new Map<string, Partition>());
  const ofTables = tables.map((placed) =>
    lists.map((list, dimension) => {
      const leaves = leavesOf(placed, dimension);
      const key = leaves.join();
      const partitions = known[dimension];
      if (leaves.length === 0 || partitions === undefined) return undefined;
      const partition = partitions.get(key) ?? partitionBy(list, dimension, leaves);
      partitions.set(key, partition);
      return partition;
    }),
  );
  // Of partitions with the same parts (an area alone in its borough) the one of the finest level stands first.
  const heightOf = ({ dimension, leaves }: Partition) =>
    leaves.reduce((sum, leaf) => sum + (lists[dimension]?.height(leaf) ?? 0), 0);
  const all = known.map((partitions) =>
    [...partitions.values()].toSorted((one, other) => heightOf(one) - heightOf(other)),
  );
  const areCrossing = all.map(
    (partitions) =>
      partitions.length > 1 && !partitions.some((one) => partitions.every((other) => isFiner(one, other))),
  );
  const withCommon = all.map((partitions, dimension) => {
    const list = lists[dimension];
    return areCrossing[dimension] && list !== undefined
      ? [...partitions, commonOf(list, dimension, partitions)]
      : partitions;
  });
  return { all: withCommon, areCrossing, ofTables };
}

/** The categories without children, ascending; none where the table has nothing but the total. */
function leavesOf({ table, dimensions, categories }: PlacedTable, dimension: number): readonly number[] {
  const at = dimensions[dimension] ?? -1;
  const own = table.dimensions[at]?.categories ?? [];
  const parents = new Set(own.map(({ parent }) => parent));
  return own
    .flatMap((_, position) => (parents.has(position) ? [] : [categories[at]?.[position] ?? totalCategory]))
    .filter((category) => category !== totalCategory)
    .toSorted((one, other) => one - other);
}

function partitionBy(list: CategoryList, dimension: number, leaves: readonly number[]): Partition {
  const leafOf = new Map(leaves.flatMap((leaf) => list.codes(leaf).map((code) => [code, leaf] as const)));
  return { dimension, leaves, leafOf };
}

/** True where every category of `one` lies within one of `other`; a partition is finer than itself. */
export function isFiner(one: Partition, other: Partition): boolean {
  if (one === other) return true;
  const outer = new Map<number, number | undefined>();
  for (const [code, leaf] of one.leafOf) {
    const holder = other.leafOf.get(code);
    if (holder === undefined || (outer.get(leaf) ?? holder) !== holder) return false;
    outer.set(leaf, holder);
  }
  return one.leafOf.size === other.leafOf.size;
}

/** The coarsest partition that is finer than all of them: codes that lie together in each. */
function commonOf(list: CategoryList, dimension: number, partitions: readonly Partition[]): Partition {
  const codes = [...new Set(partitions.flatMap(({ leafOf }) => [...leafOf.keys()]))].toSorted(compareText);
  const classes = Map.groupBy(codes, (code) => partitions.map(({ leafOf }) => leafOf.get(code) ?? "").join());
  return partitionBy(
    list,
    dimension,
    [...classes.values()].map((members) => list.ofCodes(members)),
  );
}
