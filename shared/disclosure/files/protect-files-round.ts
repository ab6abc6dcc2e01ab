import type { Change } from "../attack-model.ts";
import { type RoundingTask, round } from "../rounding/round.ts";
import type { RoundingCell, RoundingMargin, RoundingTie } from "../rounding/round-task.ts";
import type { Witnesses } from "./protect-files-attack.ts";
import { type FileGrid, partsIn, strideOf } from "./protect-files-grid.ts";

export type RoundedCells = {
  readonly kind: "rounded";
  /** What every cell of the rounded tables shows, by canonical name. */
  readonly cells: ReadonlyMap<string, { readonly value: number; readonly status: "" | "rnd" }>;
  readonly witnesses: Witnesses;
};

/** German: the rule, no value. */
type Unrounded = { readonly kind: "impossible"; readonly reason: string };

/**
 * The cells of `grids` rounded together; cells that are in `shown` stand exactly in another table. Impossible where no
 * rounding keeps every small count unknown.
 *
 * A cell that two of the tables have is the same in both: an inner cell of one of them is rounded as such, a total is
 * recomputed in the table with fewer inner cells. The other one does not add up to it there.
 */
export async function roundedCells(
  grids: readonly FileGrid[],
  shown: ReadonlySet<string>,
  publishFromCount: number,
  tieBreak: (cellName: string) => string,
): Promise<RoundedCells | Unrounded> {
  const task = taskOf(grids, shown);
  const rounding = await round(task, publishFromCount, tieBreak);
  if (rounding.kind === "impossible") return { kind: "impossible", reason: reasonOf(task) };
  const known = new Set(rounding.known);
  const cells = task.cells.map(
    ({ name, shown: isShown }, at) =>
      [name, cellOf(rounding.values[at] ?? 0, isShown || known.has(at))] as const,
  );
  const margins = task.margins.map(
    ({ name, shown: isShown }, at) => [name, cellOf(rounding.totals[at] ?? 0, isShown)] as const,
  );
  const witnesses = witnessesOf(task, rounding.changes);
  return { kind: "rounded", cells: new Map([...margins, ...cells]), witnesses };
}

function reasonOf({ cells, margins, ties }: RoundingTask): string {
  if ([...cells, ...margins].some(({ shown }) => shown))
    return "eine andere Tabelle zeigt Summen genau, aus denen eine kleine Anzahl folgte";
  return ties.length > 0
    ? "zwei Tabellen haben dieselbe Summe aus verschiedenen Teilen, aus denen eine kleine Anzahl folgte"
    : "jede Rundung ließe auf eine kleine Anzahl schließen";
}

/** Whether every total that a table shows is the sum of the inner cells it shows. */
export function isAdditive(grid: FileGrid, values: readonly (number | undefined)[]): boolean {
  const { innerOf } = withInner(grid);
  const shown = new Map(grid.positions.map((position, row) => [position, values[row] ?? 0]));
  return [...shown].every(
    ([position, value]) =>
      innerOf(position).reduce((sum, inner) => sum + (shown.get(inner) ?? 0), 0) === value,
  );
}

/** The true counts of all cells, and what becomes of them in each of the changes. */
function witnessesOf({ cells, margins }: RoundingTask, changes: readonly Change[]): Witnesses {
  const numbers = [
    ...cells.map(({ count }) => count),
    ...margins.map(({ parts }) => parts.reduce((sum, part) => sum + (cells[part]?.count ?? 0), 0)),
  ];
  const amounts = changes.map((change) => {
    const totals = margins.flatMap(({ parts }, at): [number, number][] => {
      const amount = parts.reduce((sum, part) => sum + (change.get(part) ?? 0), 0);
      return amount === 0 ? [] : [[cells.length + at, amount]];
    });
    return new Map([...change, ...totals]);
  });
  return { names: [...cells, ...margins].map(({ name }) => name), numbers, changes: amounts };
}

function cellOf(value: number, isExact: boolean) {
  return { value, status: isExact ? ("" as const) : ("rnd" as const) };
}

type GridWithInner = {
  readonly grid: FileGrid;
  /** By position: the positions of the inner cells that it is the sum of. */
  readonly innerOf: (position: number) => readonly number[];
  readonly inner: readonly number[];
};

function taskOf(grids: readonly FileGrid[], shown: ReadonlySet<string>): RoundingTask {
  const ordered = grids
    .map(withInner)
    .toSorted((a, b) => a.inner.length - b.inner.length || (a.grid.file.name < b.grid.file.name ? -1 : 1));
  const cells: RoundingCell[] = [];
  const places = new Map<string, number>();
  for (const { grid, inner } of ordered) {
    for (const position of inner) {
      const name = grid.names[position] ?? "";
      if (places.has(name)) continue;
      const count = grid.table.counts[position] ?? 0;
      places.set(name, cells.push({ name, count, shown: shown.has(name) }) - 1);
    }
  }
  const { margins, ties } = marginsOf(ordered, places, shown);
  return { cells, margins, ties };
}

function marginsOf(
  grids: readonly GridWithInner[],
  places: ReadonlyMap<string, number>,
  shown: ReadonlySet<string>,
) {
  const margins = new Map<string, RoundingMargin>();
  const ties: RoundingTie[] = [];
  for (const { grid, innerOf } of grids) {
    for (const [position, name] of grid.names.entries()) {
      const inner = innerOf(position);
      if (inner.length === 1 && inner[0] === position) continue;
      const parts = inner.map((part) => places.get(grid.names[part] ?? "") ?? -1);
      const sorted = parts.toSorted((a, b) => a - b);
      const known = ownParts(places, margins, name);
      if (known === undefined) margins.set(name, { name, parts: sorted, shown: shown.has(name) });
      else if (known.join(",") !== sorted.join(",")) ties.push({ one: known, other: sorted });
    }
  }
  return { margins: [...margins.values()], ties };
}

/** What a cell is the sum of in the tables before: itself where it is an inner cell of one. */
function ownParts(
  places: ReadonlyMap<string, number>,
  margins: ReadonlyMap<string, RoundingMargin>,
  name: string,
): readonly number[] | undefined {
  const cell = places.get(name);
  return cell === undefined ? margins.get(name)?.parts : [cell];
}

function withInner(grid: FileGrid): GridWithInner {
  const { dimensions } = grid.table;
  const strides = dimensions.map((_, at) => strideOf(dimensions, at));
  const leaves = dimensions.map(({ categories }) => {
    const parts = partsIn(categories);
    const below = (place: number): readonly number[] => {
      const own = parts[place] ?? [];
      return own.length === 0 ? [place] : own.flatMap(below);
    };
    return [...categories.keys()].map(below);
  });
  const innerOf = (position: number): readonly number[] =>
    dimensions.reduce(
      (positions, { categories }, at) => {
        const stride = strides[at] ?? 1;
        const place = Math.floor(position / stride) % categories.length;
        const own = leaves[at]?.[place] ?? [];
        return positions.flatMap((start) => own.map((leaf) => start + (leaf - place) * stride));
      },
      [position] as readonly number[],
    );
  const isInner = (position: number) =>
    strides.every((stride, at) => {
      const place = Math.floor(position / stride) % (leaves[at]?.length ?? 1);
      return leaves[at]?.[place]?.length === 1 && leaves[at]?.[place]?.[0] === place;
    });
  return { grid, innerOf, inner: [...grid.names.keys()].filter(isInner) };
}
