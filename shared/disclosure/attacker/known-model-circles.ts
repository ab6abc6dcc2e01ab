import { type CategoryList, totalCategory } from "./known-model-categories.ts";
import type { CellMap, KeySum, KnownUniverse } from "./known-model-cells.ts";
import { isFiner, type Partition, type Partitions } from "./known-model-partitions.ts";

/** Above it the release is refused: more cells cannot be examined in the time of a report. */
const finestCellsAtMost = 2_000_000;

/** Tables of which the margins form a circle. */
export type Circle = {
  /** By dimension of the circle: the finest categories. */
  readonly finest: readonly Partition[];
  readonly tables: readonly CircleTable[];
};

/** A table of a circle, as far as the circle goes: by dimension, where it ends. */
type CircleTable = { readonly table: number; readonly ends: readonly Partition[] };

/** What a table counts by, as vertices of a hypergraph; `table` is undefined for categories of a dimension that cross. */
type Edge = { readonly table: number | undefined; readonly ends: Set<Partition> };

/**
 * The circles that the tables form: where the margins agree without one, tables of the finest cells always exist.
 *
 * Graham's reduction: a partition that only one table has goes, and a table whose partitions another one has all; a table
 * has every partition coarser than its own. What remains are circles.
 */
export function circlesOf(partitions: Partitions): readonly Circle[] {
  const { all, areCrossing, ofTables } = partitions;
  const tables = ofTables.map(
    (own, table): Edge => ({
      table,
      ends: new Set(
        own.flatMap((end, dimension) =>
          end === undefined ? [] : (all[dimension] ?? []).filter((other) => isFiner(end, other)),
        ),
      ),
    }),
  );
  const crossings = all.flatMap((own, dimension): Edge[] =>
    areCrossing[dimension] ? [{ table: undefined, ends: new Set(own) }] : [],
  );
  return connected(reduced([...tables, ...crossings])).map((edges) => circleOf(partitions, edges));
}

function reduced(edges: readonly Edge[]): readonly Edge[] {
  let left = edges;
  for (let size = -1; size !== weightOf(left); ) {
    size = weightOf(left);
    const holders = new Map<Partition, number>();
    for (const end of left.flatMap(({ ends }) => [...ends])) holders.set(end, (holders.get(end) ?? 0) + 1);
    for (const { ends } of left) {
      for (const end of [...ends]) if (holders.get(end) === 1) ends.delete(end);
    }
    left = left.filter(
      (one, at) =>
        one.ends.size > 0 &&
        !left.some(
          (other, position) =>
            position !== at &&
            isWithin(one.ends, other.ends) &&
            (one.ends.size < other.ends.size || position < at),
        ),
    );
  }
  return left;
}

function isWithin(inner: ReadonlySet<Partition>, outer: ReadonlySet<Partition>): boolean {
  return [...inner].every((end) => outer.has(end));
}

function weightOf(edges: readonly Edge[]): number {
  return edges.reduce((sum, { ends }) => sum + ends.size + 1, 0);
}

function connected(edges: readonly Edge[]): readonly (readonly Edge[])[] {
  const groups: { readonly edges: readonly Edge[]; readonly ends: ReadonlySet<Partition> }[] = [];
  for (const edge of edges) {
    const touched = groups.filter(({ ends }) => [...edge.ends].some((end) => ends.has(end)));
    const joined = {
      edges: [...touched.flatMap((group) => group.edges), edge],
      ends: new Set([...touched.flatMap((group) => [...group.ends]), ...edge.ends]),
    };
    for (const group of touched) groups.splice(groups.indexOf(group), 1);
    groups.push(joined);
  }
  return groups.map((group) => group.edges);
}

function circleOf({ all }: Partitions, edges: readonly Edge[]): Circle {
  const tables = edges.flatMap(({ table, ends }) =>
    table === undefined ? [] : [{ table, ends: finestIn([...ends]) }],
  );
  const ends = edges.flatMap((edge) => [...edge.ends]);
  const dimensions = [...new Set(ends.map(({ dimension }) => dimension))];
  const finest = dimensions.flatMap((dimension) => {
    const own = ends.filter((end) => end.dimension === dimension);
    const candidates = [...own, ...(all[dimension] ?? [])];
    return candidates.find((one) => own.every((other) => isFiner(one, other))) ?? [];
  });
  const holders = (partition: Partition) =>
    tables.filter((table) => table.ends.some(({ dimension }) => dimension === partition.dimension)).length;
  return {
    finest: finest.toSorted((one, other) => holders(other) - holders(one) || one.dimension - other.dimension),
    tables,
  };
}

/** Of each dimension the finest partition, one where several have the same parts (an area alone in its borough). */
function finestIn(ends: readonly Partition[]): readonly Partition[] {
  const finest = ends.filter((end) =>
    ends.every((other) => other.dimension !== end.dimension || isFiner(end, other)),
  );
  return finest.filter((end, at) => finest.findIndex(({ dimension }) => dimension === end.dimension) === at);
}

/**
 * The finest cells of every circle, added to the universe, and the sums of them that the tables publish. A finest cell
 * within a published zero is left out.
 *
 * @throws {RangeError} where a circle has more finest cells than can be examined.
 */
export function circleSums(universe: KnownUniverse, circles: readonly Circle[]): readonly KeySum[] {
  return circles.flatMap((circle) => {
    const walk = new FinestCells(universe, circle);
    walk.visit(0, totalKey(universe.lists));
    const finest = walk.added;
    for (const key of finest) {
      if (!universe.cells.has(key)) universe.cells.set(key, [{ knowledge: universe.ties, place: "" }]);
    }
    return walk.sums();
  });
}

function totalKey(lists: readonly CategoryList[]): string {
  return String.fromCharCode(totalCategory).repeat(lists.length);
}

function withCategory(key: string, dimension: number, category: number): string {
  return key.slice(0, dimension) + String.fromCharCode(category) + key.slice(dimension + 1);
}

function isZero(cells: CellMap, key: string): boolean {
  return (cells.get(key) ?? []).some(({ knowledge }) => knowledge.kind === "exact" && knowledge.value === 0);
}

/** Goes through the finest cells of a circle, dimension by dimension, and leaves out what a published zero rules out. */
class FinestCells {
  readonly added: string[] = [];
  readonly #universe: KnownUniverse;
  readonly #circle: Circle;
  /** By table of the circle: the cells of the table, and the finest cells within each. */
  readonly #parts: readonly Map<string, string[]>[];
  /** By dimension of the circle, by table, by finest category: the table's category; none where it does not count by it. */
  readonly #ends: readonly (readonly (ReadonlyMap<number, number> | undefined)[])[];
  /** By dimension of the circle: the tables whose last dimension it is. */
  readonly #complete: readonly (readonly number[])[];

  constructor(universe: KnownUniverse, circle: Circle) {
    this.#universe = universe;
    this.#circle = circle;
    this.#parts = circle.tables.map(() => new Map<string, string[]>());
    this.#ends = circle.finest.map((finest) =>
      circle.tables.map(({ ends }) => {
        const end = ends.find(({ dimension }) => dimension === finest.dimension);
        return end && endsOf(universe.lists, finest, end);
      }),
    );
    const last = circle.tables.map((_, table) =>
      this.#ends.findLastIndex((ends) => ends[table] !== undefined),
    );
    this.#complete = circle.finest.map((_, depth) =>
      [...last.keys()].filter((table) => last[table] === depth),
    );
  }

  visit(depth: number, key: string, tableKeys = this.#circle.tables.map(() => key)): void {
    const { cells } = this.#universe;
    const partition = this.#circle.finest[depth];
    if (partition === undefined) {
      this.#add(key, tableKeys);
      return;
    }
    const complete = this.#complete[depth] ?? [];
    for (const category of partition.leaves) {
      const next = withCategory(key, partition.dimension, category);
      const keys = tableKeys.map((tableKey, table) => {
        const end = this.#ends[depth]?.[table]?.get(category);
        return end === undefined ? tableKey : withCategory(tableKey, partition.dimension, end);
      });
      const isRuledOut = isZero(cells, next) || complete.some((table) => isZero(cells, keys[table] ?? ""));
      if (!isRuledOut) this.visit(depth + 1, next, keys);
    }
  }

  #add(key: string, tableKeys: readonly string[]): void {
    if (this.added.push(key) > finestCellsAtMost)
      throw new RangeError(
        `Cannot attack tables whose margins form a circle: it must have at most ${finestCellsAtMost} cells`,
      );
    for (const [table, tableKey] of tableKeys.entries()) {
      const parts = this.#parts[table]?.get(tableKey);
      if (parts === undefined) this.#parts[table]?.set(tableKey, [key]);
      else parts.push(key);
    }
  }

  /** Every cell of every table of the circle as the sum of its finest cells; a cell with none of them is zero. */
  sums(): readonly KeySum[] {
    const { lists, cells } = this.#universe;
    const name = this.#circle.finest.map(({ dimension }) => lists[dimension]?.id).toSorted();
    return this.#circle.tables.flatMap(({ ends }, table) => {
      let totals = [totalKey(lists)];
      for (const { dimension, leaves } of ends)
        totals = totals.flatMap((key) => leaves.map((leaf) => withCategory(key, dimension, leaf)));
      return totals
        .filter((total) => !isZero(cells, total))
        .map((total) => ({
          total,
          parts: this.#parts[table]?.get(total) ?? [],
          place: `${cells.get(total)?.[0]?.place ?? ""} ${name.join(" × ")}`,
        }));
    });
  }
}

function endsOf(
  lists: readonly CategoryList[],
  finest: Partition,
  end: Partition,
): ReadonlyMap<number, number> {
  const list = lists[finest.dimension];
  return new Map(
    finest.leaves.map((leaf) => [leaf, end.leafOf.get(list?.codes(leaf)[0] ?? "") ?? totalCategory]),
  );
}
