import { type Grid, gridOf, partsAlong, recomputedParts } from "./attack-grid.ts";
import type { AttackModel, Knowledge, KnownCell, Sum } from "./attack-model.ts";
import { policy } from "./policy.ts";
import type { FileRow, HierarchyFile, TableFile } from "./table-file.ts";

type Publication = { readonly knowledge: Knowledge; readonly place: string };
type Place = { readonly name: string; readonly publications: Publication[] };

/** Everything an attacker knows: cells by their codes over all dimensions, so that a shared cell is one. */
type Universe = {
  readonly dimensions: readonly string[];
  readonly totalCode: string;
  readonly places: Map<string, Place>;
};

/**
 * What an attacker knows who has `tables` and `hierarchies` and nothing else.
 *
 * A cell is its codes over all dimensions of all tables; a dimension that a table lacks stands at `totalCode`. A dimension
 * without a hierarchy is flat below its total. A cell that two tables tell differently stays as the one that tells less,
 * beside a second cell for the other, both tied by a sum: so the attacker finds what the second gives away.
 * Recomputed totals of a rounded level are no cells: sums reach through them to their parts. Sums name `table:line dimension`,
 * the line of the total.
 *
 * @throws {RangeError} where totals do not add up, a level is incomplete, a code or total is missing, or two tables
 * contradict each other.
 */
export function modelOf(
  tables: readonly TableFile[],
  hierarchies: readonly HierarchyFile[],
  totalCode: string,
): AttackModel {
  const dimensions = [...new Set(tables.flatMap((table) => table.dimensions))];
  const unused = hierarchies.find(({ dimension }) => !dimensions.includes(dimension));
  if (unused !== undefined)
    throw new RangeError(`Cannot attack with hierarchy "${unused.name}": no table has its dimension`);
  const universe = { dimensions, totalCode, places: new Map<string, Place>() };
  const grids = tables.map((table) => gridOf(table, hierarchies, totalCode));
  for (const grid of grids) publish(universe, grid);
  const { cells, ties, ids } = cellsOf(universe);
  const sums = new Map<string, Sum>();
  for (const grid of grids) {
    for (const sum of sumsOf(universe, ids, grid)) {
      checkAddsUp(cells, sum);
      const key = `${sum.total}=${sum.parts.join("+")}`;
      if (!sums.has(key)) sums.set(key, sum);
    }
  }
  return { cells, sums: [...sums.values(), ...ties] };
}

function publish(universe: Universe, grid: Grid): void {
  for (const row of grid.table.rows) {
    const knowledge = knowledgeOf(grid, row);
    if (knowledge === undefined) continue;
    const { key, name } = identify(universe, grid.table, row);
    const place = universe.places.get(key) ?? { name, publications: [] };
    universe.places.set(key, place);
    if (!place.publications.some((other) => isSame(other.knowledge, knowledge)))
      place.publications.push({ knowledge, place: `${grid.table.name}:${row.line}` });
  }
}

function identify(universe: Universe, table: TableFile, row: FileRow): { key: string; name: string } {
  const codes = universe.dimensions.map((dimension) => {
    const at = table.dimensions.indexOf(dimension);
    return at < 0 ? universe.totalCode : (row.codes[at] ?? "");
  });
  const named = universe.dimensions.flatMap((dimension, at) =>
    codes[at] === universe.totalCode ? [] : [`${dimension}=${codes[at]}`],
  );
  return { key: JSON.stringify(codes), name: named.join(", ") || universe.totalCode };
}

/** Nothing for a cell that tells nothing of its own. */
function knowledgeOf(grid: Grid, row: FileRow): Knowledge | undefined {
  const { cell } = row;
  switch (cell.status) {
    case "":
      return { kind: "exact", value: cell.value };
    case "c":
      return { kind: "suppressed" };
    case "rnd":
      return recomputedParts(grid, row) === undefined
        ? roundedKnowledge(grid, row.line, cell.value)
        : undefined;
    case "h": {
      const most = policy.publishFromChange.value - 1;
      return { kind: "between", low: Math.max(0, cell.value - most), high: cell.value + most };
    }
    case "x":
    case "z":
      return undefined;
    default:
      return refuseStatus(cell);
  }
}

function refuseStatus(cell: never): never {
  void cell;
  throw new TypeError("Cannot decide what a cell tells: its status must be one of the declared ones");
}

/** An inner count below the threshold was rounded to 0 or to the threshold, a larger one stays. */
function roundedKnowledge(grid: Grid, line: number, value: number): Knowledge {
  const publishFrom = policy.publishFromCount.value;
  if (value === 0) return { kind: "between", low: 0, high: publishFrom - 1 };
  if (value === publishFrom) return { kind: "between", low: 1, high: publishFrom };
  if (value > publishFrom) return { kind: "exact", value };
  throw new RangeError(
    `Cannot attack table "${grid.table.name}": line ${line} is no rounded count, expected 0 or at least ${publishFrom}`,
  );
}

type Cells = {
  readonly cells: readonly KnownCell[];
  /** Between two publications of one cell. */
  readonly ties: readonly Sum[];
  readonly ids: ReadonlyMap<string, number>;
};

function cellsOf({ places }: Universe): Cells {
  const cells: KnownCell[] = [];
  const ties: Sum[] = [];
  const ids = new Map<string, number>();
  for (const [key, { name, publications }] of places) {
    const [least, ...more] = publications.toSorted((a, b) => widthOf(b.knowledge) - widthOf(a.knowledge));
    if (least === undefined) continue;
    checkAgree(publications);
    const id = cells.push({ name, knowledge: least.knowledge }) - 1;
    ids.set(key, id);
    for (const { knowledge, place } of more) {
      const total = cells.push({ name: `${name} (${place})`, knowledge }) - 1;
      ties.push({ total, parts: [id], place });
    }
  }
  return { cells, ties, ids };
}

function checkAgree(publications: readonly Publication[]): void {
  const low = Math.max(...publications.map(({ knowledge }) => rangeOf(knowledge).low));
  const high = Math.min(...publications.map(({ knowledge }) => rangeOf(knowledge).high));
  if (low <= high) return;
  const places = publications.map(({ place }) => `"${place}"`).join(" and ");
  throw new RangeError(
    `Cannot attack tables that contradict each other: ${places} publish one cell differently`,
  );
}

/** A hidden cell is no zero, because zeros are shown. */
function rangeOf(knowledge: Knowledge): { low: number; high: number } {
  switch (knowledge.kind) {
    case "exact":
      return { low: knowledge.value, high: knowledge.value };
    case "between":
      return knowledge;
    case "suppressed":
      return { low: 1, high: Number.POSITIVE_INFINITY };
    case "unpublished":
    case "auxiliary":
      return { low: 0, high: Number.POSITIVE_INFINITY };
    default:
      return refuseKnowledge(knowledge);
  }
}

function refuseKnowledge(knowledge: never): never {
  void knowledge;
  throw new TypeError("Cannot decide the range of a cell: its knowledge must be one of the declared kinds");
}

function widthOf(knowledge: Knowledge): number {
  const { low, high } = rangeOf(knowledge);
  return high === Number.POSITIVE_INFINITY ? Number.MAX_VALUE : high - low;
}

function isSame(one: Knowledge, other: Knowledge): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return one.kind === other.kind && a.low === b.low && a.high === b.high;
}

function sumsOf(universe: Universe, ids: Cells["ids"], grid: Grid): readonly Sum[] {
  const { table } = grid;
  const idOf = (row: FileRow): number | undefined => ids.get(identify(universe, table, row).key);
  return table.rows.flatMap((row) => {
    const total = idOf(row);
    if (total === undefined) return [];
    return table.dimensions.flatMap((dimension, at): Sum[] => {
      const parts = partsAlong(grid, row, at).flatMap((part) => knownParts(grid, part, idOf));
      if (parts.length === 0) return [];
      return [
        { total, parts: parts.toSorted((a, b) => a - b), place: `${table.name}:${row.line} ${dimension}` },
      ];
    });
  });
}

/** The cell itself, or what a recomputed total stands for; nothing for a cell that is not there. */
function knownParts(grid: Grid, row: FileRow, idOf: (row: FileRow) => number | undefined): readonly number[] {
  const id = idOf(row);
  if (id !== undefined) return [id];
  if (row.cell.status !== "rnd") return [];
  return (recomputedParts(grid, row) ?? []).flatMap((part) => knownParts(grid, part, idOf));
}

function checkAddsUp(cells: readonly KnownCell[], { total, parts, place }: Sum): void {
  let rest = 0;
  for (const id of [total, ...parts]) {
    const knowledge = cells[id]?.knowledge;
    if (knowledge?.kind !== "exact") return;
    rest = id === total ? knowledge.value : rest - knowledge.value;
  }
  if (rest !== 0)
    throw new RangeError(
      `Cannot attack tables whose totals do not add up: "${place}" is not the sum of its parts`,
    );
}
