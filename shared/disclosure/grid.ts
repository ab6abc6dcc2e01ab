import type { CountedTable } from "../tables/table.ts";

/** How many positions of `values` lie between neighbours of each dimension; the measure is fastest. */
export function stridesOf(table: Pick<CountedTable, "dimensions" | "measures">): readonly number[] {
  const strides: number[] = [];
  let stride = table.measures.length;
  for (const dimension of table.dimensions.toReversed()) {
    strides.unshift(stride);
    stride *= dimension.categories.length;
  }
  return strides;
}

export function cellCount(table: Pick<CountedTable, "dimensions" | "measures">): number {
  return table.dimensions.reduce(
    (product, dimension) => product * dimension.categories.length,
    table.measures.length,
  );
}

/** Positions of the categories without children: the finest cells of the dimension. */
export function leavesOf(categories: CountedTable["dimensions"][number]["categories"]): readonly number[] {
  const parents = new Set(categories.map((category) => category.parent));
  return categories.flatMap((_, index) => (parents.has(index) ? [] : [index]));
}
