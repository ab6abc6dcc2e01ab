import { compareText } from "../../registers/compare-text.ts";
import type { KnownDimension, KnownTable, ShownCell } from "../known-table.ts";

/** What is counted, whatever the time: a universe's name up to its last `|`. */
export function universeWithoutDate(universe: string): string {
  const end = universe.lastIndexOf("|");
  return end < 0 ? universe : universe.slice(0, end);
}

/** The latest day or month that a universe's name holds behind its last `|`; "" where it holds none. */
export function latestDateOf(universe: string): string {
  const dates = universe.slice(universeWithoutDate(universe).length).match(/\d{4}-\d{2}(-\d{2})?/g) ?? [];
  return dates.toSorted(compareText).at(-1) ?? "";
}

/** A cell of a table by its canonical name within the universe. */
export type NamedCell = {
  readonly name: string;
  readonly position: number;
  readonly cell: ShownCell;
  /** It is no total of the table: none of its categories has parts. */
  readonly isInner: boolean;
};

/**
 * The cells of a table, each with the name it has in every table of its universe: dimensions by id, those at their total
 * left out, categories by their members in order; "Total" for the total of all.
 */
export function* namedCells({ dimensions, cells }: KnownTable): Generator<NamedCell> {
  const axes = axesOf(dimensions);
  for (const [position, cell] of cells.entries()) {
    let name = "";
    let isInner = true;
    for (const { stride, labels, isLeaf } of axes) {
      const at = Math.floor(position / stride) % labels.length;
      const label = labels[at] ?? "";
      if (label !== "") name = name === "" ? label : `${name}, ${label}`;
      isInner &&= isLeaf[at] === true;
    }
    yield { name: name || "Total", position, cell, isInner };
  }
}

type Axis = {
  readonly id: string;
  readonly stride: number;
  /** By category; "" for the total. */
  readonly labels: readonly string[];
  readonly isLeaf: readonly boolean[];
};

function axesOf(dimensions: readonly KnownDimension[]): readonly Axis[] {
  const axes: Axis[] = [];
  let stride = 1;
  for (const dimension of dimensions.toReversed()) {
    const totals = new Set(dimension.categories.map(({ parent }) => parent));
    const isLeaf = dimension.categories.map((_, at) => !totals.has(at));
    axes.push({ id: dimension.id, stride, labels: labelsOf(dimension), isLeaf });
    stride *= dimension.categories.length;
  }
  return axes.sort((one, other) => compareText(one.id, other.id));
}

function labelsOf({ id, categories }: KnownDimension): readonly string[] {
  const tops = categories.filter(({ parent }) => parent === undefined).length;
  return categories.map(({ code, parent, members }) =>
    parent === undefined && tops === 1 ? "" : `${id}=${identityOf(members ?? [code])}`,
  );
}

function identityOf(codes: readonly string[]): string {
  return codes.length === 1 ? (codes[0] ?? "") : [...new Set(codes)].sort(compareText).join("+");
}
