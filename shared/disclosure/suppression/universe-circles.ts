import { compareText } from "../../registers/compare-text.ts";
import { type Atoms, atomsOf } from "./universe-atoms.ts";
import { type CellRegister, labelOf, nameOf } from "./universe-cells.ts";
import type { PlacedTable } from "./universe-overlaps.ts";
import type { SumRegister } from "./universe-sums.ts";
import { type CategoryTree, leavesOf } from "./universe-trees.ts";

const maxAuxiliaryCells = 2_000_000;

/** The categories without parts of a dimension of one table. */
type LeafSet = { readonly dimension: string; readonly key: string; readonly identities: readonly string[] };

/** What one table says of a circle: its dimensions, each down to a leaf set. */
type Edge = { readonly table: PlacedTable; readonly vertices: Set<LeafSet> };

/**
 * Tables whose margins form a circle (area by status, status by nationality, nationality by area) restrict each other
 * through their finest cells: these become auxiliary cells. Graham's reduction tells which tables do.
 *
 * @throws {RangeError} if that takes more auxiliary cells than can be solved.
 */
export function addCircles(register: CellRegister, sums: SumRegister, tables: readonly PlacedTable[]): void {
  const comparable = Map.groupBy(tables, ({ trees }) =>
    JSON.stringify(
      trees
        .filter(({ root }) => root === undefined)
        .map(({ id }) => id)
        .sort(compareText),
    ),
  );
  for (const group of comparable.values()) {
    if (group.length < 3) continue;
    const dimensions = new Set(group.flatMap(({ trees }) => trees.map(({ id }) => id)));
    const atoms = new Map([...dimensions].map((dimension) => [dimension, atomsOf(tables, dimension)]));
    for (const circle of circlesOf(edgesOf(group, atoms))) addCircle(register, sums, circle, atoms);
  }
}

function edgesOf(tables: readonly PlacedTable[], atoms: ReadonlyMap<string, Atoms>): readonly Edge[] {
  const sets = new Map<string, LeafSet>();
  for (const { trees } of tables) {
    for (const tree of trees) {
      const set = leafSetOf(tree);
      if (set.identities.some((identity) => identity !== "")) sets.set(set.key, set);
    }
  }
  return tables.map((table) => {
    const own = table.trees.flatMap((tree) => sets.get(leafSetOf(tree).key) ?? []);
    const coarser = [...sets.values()].filter((set) =>
      own.some((leaves) => leaves.dimension === set.dimension && isFiner(atoms, leaves, set)),
    );
    return { table, vertices: new Set([...own, ...coarser]) };
  });
}

function leafSetOf(tree: CategoryTree): LeafSet {
  const identities = leavesOf(tree).map((leaf) => tree.categories[leaf]?.identity ?? "");
  const sorted = identities.sort(compareText);
  return { dimension: tree.id, key: JSON.stringify([tree.id, ...sorted]), identities: sorted };
}

/** True if every category of `coarse` consists of whole categories of `fine`. */
function isFiner(atoms: ReadonlyMap<string, Atoms>, fine: LeafSet, coarse: LeafSet): boolean {
  const codes = atoms.get(fine.dimension);
  const holder = new Map<string, string>();
  for (const identity of coarse.identities)
    for (const code of codes?.get(identity) ?? []) holder.set(code, identity);
  return fine.identities.every((identity) => {
    const holders = new Set((codes?.get(identity) ?? []).map((code) => holder.get(code)));
    return holders.size === 1 && !holders.has(undefined);
  });
}

/** What Graham's reduction leaves, in parts that share no vertex. */
function circlesOf(edges: readonly Edge[]): readonly (readonly Edge[])[] {
  let core: readonly Edge[] = edges;
  for (let before = -1; before !== weightOf(core); ) {
    before = weightOf(core);
    for (const vertex of new Set(core.flatMap(({ vertices }) => [...vertices]))) {
      const owners = core.filter(({ vertices }) => vertices.has(vertex));
      if (owners.length === 1) owners[0]?.vertices.delete(vertex);
    }
    core = core.filter(
      (edge, at) => !core.some((other, beside) => at !== beside && covers(other, beside, edge, at)),
    );
  }
  const circles: Edge[][] = [];
  for (const edge of core) {
    const joined = circles.filter((circle) =>
      circle.some(({ vertices }) => [...vertices].some((vertex) => edge.vertices.has(vertex))),
    );
    for (const circle of joined) circles.splice(circles.indexOf(circle), 1);
    circles.push([...joined.flat(), edge]);
  }
  return circles.filter(({ length }) => length > 1);
}

function weightOf(edges: readonly Edge[]): number {
  return edges.reduce((sum, { vertices }) => sum + 1 + vertices.size, 0);
}

/** Of two tables with the same vertices the first one stays. */
function covers(other: Edge, otherAt: number, edge: Edge, at: number): boolean {
  const isWithin = [...edge.vertices].every((vertex) => other.vertices.has(vertex));
  return isWithin && (other.vertices.size > edge.vertices.size || otherAt < at);
}

/** A dimension of the finest cells, and the category of each table that holds each of its classes. */
type Axis = {
  readonly dimension: string;
  readonly identities: readonly string[];
  /** By table, by class: a position in the table's dimension. */
  readonly categories: readonly (readonly number[])[];
};

function addCircle(
  register: CellRegister,
  sums: SumRegister,
  circle: readonly Edge[],
  atoms: ReadonlyMap<string, Atoms>,
): void {
  const dimensions = new Set(
    circle.flatMap(({ vertices }) => [...vertices].map(({ dimension }) => dimension)),
  );
  const axes = [...dimensions]
    .sort(compareText)
    .map((dimension) => axisOf(circle, dimension, atoms.get(dimension) ?? new Map()))
    .sort((one, other) => other.identities.length - one.identities.length);
  const tables = circle.map(({ table }) => table);
  const parts = new Map<number, number[]>();
  let added = 0;
  eachFinestCell(register, axes, tables, (name, cells) => {
    added++;
    if (added > maxAuxiliaryCells)
      throw new RangeError(
        `Cannot protect ${tables.length} tables whose margins form a circle: they must have at most ${maxAuxiliaryCells} finest cells`,
      );
    const part = register.add(name, Number.NaN, "auxiliary");
    for (const cell of cells) {
      const known = parts.get(cell);
      if (known === undefined) parts.set(cell, [part]);
      else known.push(part);
    }
  });
  const place = `${tables
    .map(({ table }) => table.name)
    .sort(compareText)
    .join(" & ")} circle`;
  for (const [total, own] of parts) sums.add({ total, parts: own, place });
}

function axisOf(circle: readonly Edge[], dimension: string, atoms: Atoms): Axis {
  const chosen = circle.map((edge) => leavesIn(edge, dimension, atoms));
  const codes = [...new Set(chosen.flatMap((leaves) => [...(leaves?.keys() ?? [])]))].sort(compareText);
  const classes = Map.groupBy(codes, (code) =>
    JSON.stringify(chosen.map((leaves) => leaves?.get(code) ?? -1)),
  );
  const named = new Map([...atoms].map(([identity, own]) => [own.join("+"), identity]));
  const identities: string[] = [];
  const categories: number[][] = circle.map(() => []);
  for (const own of classes.values()) {
    const joined = own.join("+");
    identities.push(named.get(joined) ?? joined);
    for (const [at, leaves] of chosen.entries()) {
      const root = circle[at]?.table.trees.find(({ id }) => id === dimension)?.root ?? -1;
      categories[at]?.push(leaves === undefined ? root : (leaves.get(own[0] ?? "") ?? -1));
    }
  }
  return { dimension, identities, categories };
}

/**
 * By finest code, the category of the table that takes part in the circle: of the finest leaf set that Graham's reduction
 * left of the dimension, where the table has it, or else its own leaves. Nothing where it left none.
 */
function leavesIn(
  { table, vertices }: Edge,
  dimension: string,
  atoms: Atoms,
): Map<string, number> | undefined {
  const tree = table.trees.find(({ id }) => id === dimension);
  if (tree === undefined) return undefined;
  const left = [...vertices].filter((vertex) => vertex.dimension === dimension);
  if (left.length === 0 && tree.root !== undefined) return undefined;
  const finest = left.toSorted((one, other) => other.identities.length - one.identities.length)[0];
  const positions = new Map(tree.categories.map(({ identity }, at) => [identity, at]));
  const wanted = finest?.identities.map((identity) => positions.get(identity));
  const own = wanted?.every((at) => at !== undefined) ? wanted : leavesOf(tree);
  const holders = new Map<string, number>();
  for (const at of own)
    for (const code of atoms.get(tree.categories[at]?.identity ?? "") ?? []) holders.set(code, at);
  return holders;
}

/** Visits the finest cells that no published zero holds, each with the cells of the tables that it is a part of. */
function eachFinestCell(
  register: CellRegister,
  axes: readonly Axis[],
  tables: readonly PlacedTable[],
  visit: (name: string, cells: readonly number[]) => void,
): void {
  const universe = tables[0]?.table.universe ?? "";
  const labelled = axes.map(({ dimension, identities }) => identities.map((own) => labelOf(dimension, own)));
  const order = [...axes.keys()].sort((a, b) =>
    compareText(axes[a]?.dimension ?? "", axes[b]?.dimension ?? ""),
  );
  const chosen: number[] = [];
  const descend = (positions: readonly number[]): void => {
    const axis = axes[chosen.length];
    if (axis === undefined) {
      const labels = order.map((at) => labelled[at]?.[chosen[at] ?? 0] ?? "");
      const cells = positions.map((position, at) => tables[at]?.places[position] ?? -1);
      visit(
        nameOf(universe, labels.join(", ")),
        cells.filter((cell) => cell >= 0),
      );
      return;
    }
    for (const at of axis.identities.keys()) {
      const next = positions.map((position, table) => moved(tables[table], axis, position, table, at));
      if (next.some((position, table) => isZero(register, tables[table], position))) continue;
      chosen.push(at);
      descend(next);
      chosen.pop();
    }
  };
  descend(tables.map(startOf));
}

/** The total of all dimensions; 0 for a dimension without one, which is an axis in every table that has it. */
function startOf({ trees, strides }: PlacedTable): number {
  return trees.reduce((sum, { root }, at) => sum + (root ?? 0) * (strides[at] ?? 1), 0);
}

function moved(
  table: PlacedTable | undefined,
  { dimension, categories }: Axis,
  position: number,
  at: number,
  part: number,
): number {
  const index = table?.trees.findIndex(({ id }) => id === dimension) ?? -1;
  if (index < 0) return position;
  const from = table?.trees[index]?.root ?? 0;
  const to = categories[at]?.[part] ?? from;
  return position + (to - from) * (table?.strides[index] ?? 1);
}

function isZero(register: CellRegister, table: PlacedTable | undefined, position: number): boolean {
  return register.counts[table?.places[position] ?? -1] === 0;
}
