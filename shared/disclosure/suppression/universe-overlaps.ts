import { compareText } from "../../registers/compare-text.ts";
import { type Atoms, atomsOf } from "./universe-atoms.ts";
import { type CellRegister, categoryAt, labelOf, nameOf, type TreeTable } from "./universe-cells.ts";
import type { SumRegister } from "./universe-sums.ts";

/** A table with the cell of every position. */
export type PlacedTable = TreeTable & { readonly places: Int32Array };

/** A category at fixed categories of the other dimensions. */
type Spot = {
  readonly cell: number;
  readonly tables: number[];
  readonly first: PlacedTable;
  readonly position: number;
};

/**
 * Categories that overlap without any tree that says how (0-17 in one table, 0-18 in another): each becomes the sum of its
 * finest codes, where the other dimensions are the same.
 */
export function addOverlaps(register: CellRegister, sums: SumRegister, tables: readonly PlacedTable[]): void {
  const dimensions = new Set(tables.flatMap(({ trees }) => trees.map(({ id }) => id)));
  for (const dimension of [...dimensions].sort(compareText)) {
    const owners = tables.filter(({ trees }) => trees.some(({ id }) => id === dimension));
    const isMerged = owners.some(({ trees }) =>
      trees.some(
        ({ id, categories }) => id === dimension && categories.some(({ codes }) => codes.length > 1),
      ),
    );
    if (owners.length > 1 && isMerged) addOverlapsOf(register, sums, owners, dimension);
  }
}

function addOverlapsOf(
  register: CellRegister,
  sums: SumRegister,
  tables: readonly PlacedTable[],
  dimension: string,
): void {
  const atoms = atomsOf(tables, dimension);
  const overlapping = overlapsOf(atoms);
  for (const spots of spotsOf(tables, dimension, overlapping).values()) {
    for (const [identity, spot] of spots) {
      const others = overlapping.get(identity) ?? new Set();
      const isTied = [...others].some((other) => {
        const beside = spots.get(other);
        return beside !== undefined && !beside.tables.some((table) => spot.tables.includes(table));
      });
      const codes = atoms.get(identity) ?? [];
      if (!isTied || codes.length < 2) continue;
      const parts = codes.map((code) =>
        register.add(nameWith(spot.first, spot.position, dimension, code), Number.NaN, "unpublished"),
      );
      sums.add({ total: spot.cell, parts, place: `${spot.first.table.name}:${spot.position} ${dimension}` });
    }
  }
}

/** By identity, the others that share a finest code with it. */
function overlapsOf(atoms: Atoms): ReadonlyMap<string, ReadonlySet<string>> {
  const holders = new Map<string, string[]>();
  for (const [identity, codes] of atoms) {
    for (const code of codes) {
      const known = holders.get(code) ?? [];
      known.push(identity);
      holders.set(code, known);
    }
  }
  const overlaps = new Map<string, Set<string>>();
  for (const [identity, codes] of atoms) {
    const others = new Set(codes.flatMap((code) => holders.get(code) ?? []));
    others.delete(identity);
    if (others.size > 0) overlaps.set(identity, others);
  }
  return overlaps;
}

/** By the categories of the other dimensions, by identity. */
function spotsOf(
  tables: readonly PlacedTable[],
  dimension: string,
  overlapping: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, Map<string, Spot>> {
  const spots = new Map<string, Map<string, Spot>>();
  for (const [at, table] of tables.entries()) {
    const index = table.trees.findIndex(({ id }) => id === dimension);
    const categories = table.trees[index]?.categories ?? [];
    for (const [position, cell] of table.places.entries()) {
      const identity = categories[categoryAt(table, position, index)]?.identity ?? "";
      if (cell < 0 || !overlapping.has(identity)) continue;
      const rest = nameWith(table, position, dimension, "");
      const own = spots.get(rest) ?? new Map<string, Spot>();
      const spot = own.get(identity);
      if (spot === undefined) own.set(identity, { cell, tables: [at], first: table, position });
      else spot.tables.push(at);
      spots.set(rest, own);
    }
  }
  return spots;
}

/** The name of the cell that differs from the one at `position` in one dimension. */
function nameWith(table: TreeTable, position: number, dimension: string, identity: string): string {
  const labels = table.trees
    .map(({ id, categories }, at) => ({
      id,
      label: labelOf(
        id,
        id === dimension ? identity : (categories[categoryAt(table, position, at)]?.identity ?? ""),
      ),
    }))
    .filter(({ label }) => label !== "")
    .sort((one, other) => compareText(one.id, other.id));
  return nameOf(table.table.universe, labels.map(({ label }) => label).join(", "));
}
