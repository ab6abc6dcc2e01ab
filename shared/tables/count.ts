/** The categories of one dimension as counting sees them: the position of each one's parent, -1 where there is none. */
export type Axis = { readonly size: number; readonly parents: Int32Array };

/** One dimension of a cube: its axis and the category of each row. Rows stand on leaves; parents are sums. */
export type CountedAxis = { readonly axis: Axis; readonly codes: Codes };
export type Codes = Uint8Array | Uint16Array | Uint32Array;

/** @throws {RangeError} if a parent does not stand before its children: sums would be lost. */
export function axisOf(categories: readonly { readonly parent?: number }[]): Axis {
  const parents = Int32Array.from(categories, ({ parent }, at) => {
    if (parent !== undefined && parent >= at) {
      throw new RangeError(`Cannot sum category ${at}: its parent must stand before it`);
    }
    return parent ?? -1;
  });
  return { size: categories.length, parents };
}

/** Codes in the narrowest type that holds every position of an axis: columns are scanned once per table. */
export function codesFor(size: number, rowCount: number): Codes {
  if (size <= 0x100) return new Uint8Array(rowCount);
  return size <= 0x1_0000 ? new Uint16Array(rowCount) : new Uint32Array(rowCount);
}

/**
 * Counts rows into the full grid of the axes, all totals and hierarchy sums included.
 *
 * Row-major, the last axis fastest. One pass over the rows adds to the leaves' cells; then each axis is summed upward.
 * A row whose code is not below the axis's size would land in a foreign cell: codes come from `codesFor`.
 */
export function countCube(axes: readonly CountedAxis[], rowCount: number): Float64Array {
  const cells = new Float64Array(axes.reduce((size, { axis }) => size * axis.size, 1));
  countLeaves(cells, axes, rowCount);
  sumUpward(
    cells,
    axes.map(({ axis }) => axis),
  );
  return cells;
}

function countLeaves(cells: Float64Array, axes: readonly CountedAxis[], rowCount: number): void {
  const [first, second, third, ...others] = axes;
  if (first === undefined) cells[0] = rowCount;
  else if (second === undefined) countOne(cells, first.codes, rowCount);
  else if (third === undefined) countTwo(cells, first.codes, second, rowCount);
  else if (others.length === 0) countThree(cells, first.codes, second, third, rowCount);
  else countAny(cells, axes, rowCount);
}

function countOne(cells: Float64Array, codes: Codes, rowCount: number): void {
  for (let row = 0; row < rowCount; row++) {
    const cell = codes[row] ?? 0;
    cells[cell] = (cells[cell] ?? 0) + 1;
  }
}

function countTwo(cells: Float64Array, first: Codes, second: CountedAxis, rowCount: number): void {
  const { codes } = second;
  const size = second.axis.size;
  for (let row = 0; row < rowCount; row++) {
    const cell = (first[row] ?? 0) * size + (codes[row] ?? 0);
    cells[cell] = (cells[cell] ?? 0) + 1;
  }
}

function countThree(
  cells: Float64Array,
  first: Codes,
  second: CountedAxis,
  third: CountedAxis,
  rowCount: number,
): void {
  const middle = second.codes;
  const last = third.codes;
  const middleSize = second.axis.size;
  const lastSize = third.axis.size;
  for (let row = 0; row < rowCount; row++) {
    const cell = ((first[row] ?? 0) * middleSize + (middle[row] ?? 0)) * lastSize + (last[row] ?? 0);
    cells[cell] = (cells[cell] ?? 0) + 1;
  }
}

function countAny(cells: Float64Array, axes: readonly CountedAxis[], rowCount: number): void {
  const cellOf = new Uint32Array(rowCount);
  for (const { axis, codes } of axes) {
    for (let row = 0; row < rowCount; row++) cellOf[row] = (cellOf[row] ?? 0) * axis.size + (codes[row] ?? 0);
  }
  countOne(cells, cellOf, rowCount);
}

/** Adds every category to its parent, axis by axis, children before parents. Changes `cells`. */
function sumUpward(cells: Float64Array, axes: readonly Axis[]): void {
  let inner = cells.length;
  for (const { size, parents } of axes) {
    const outer = inner === 0 ? 0 : cells.length / inner;
    inner = size === 0 ? 0 : inner / size;
    for (let slice = 0; slice < outer; slice++) sumAxis(cells, slice * size * inner, inner, parents);
  }
}

function sumAxis(cells: Float64Array, start: number, inner: number, parents: Int32Array): void {
  for (let category = parents.length - 1; category >= 0; category--) {
    const parent = parents[category] ?? -1;
    if (parent === -1) continue;
    const from = start + category * inner;
    const to = start + parent * inner;
    for (let at = 0; at < inner; at++) cells[to + at] = (cells[to + at] ?? 0) + (cells[from + at] ?? 0);
  }
}
