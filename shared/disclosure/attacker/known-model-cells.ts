import type { Knowledge } from "../attack-model.ts";
import type { KnownDimension, KnownTable, ShownCell } from "../known-table.ts";
import type { ReadingRules } from "../policy.ts";
import { type CategoryList, totalCategory } from "./known-model-categories.ts";

/** How the tables are read that do not carry their own rules. */
export type KnownRules = ReadingRules & {
  /** True: cells that only tie tables together must not be known to be small either. */
  readonly asksTies?: boolean;
};

/** A table of one universe, with the name of its places for findings. */
export type PlacedTable = {
  readonly table: KnownTable;
  readonly placeOf: (position: number) => string;
  /** By dimension of the universe: the table's dimension, or -1 where it stands at the total. */
  readonly dimensions: readonly number[];
  /** By dimension of the table, by position: the category of the universe. */
  readonly categories: readonly (readonly number[])[];
  /** By dimension of the table: how many positions lie between neighbours. */
  readonly strides: readonly number[];
};

/** What one place of one table tells. */
export type Publication = {
  readonly knowledge: Knowledge;
  readonly place: string;
  /** Table of the universe and position in it; none for a cell that no table has. */
  readonly from?: { readonly table: number; readonly position: number };
};

/** A cell by its key: one character per dimension of the universe, the category's position. */
export type CellMap = Map<string, Publication[]>;

/** All tables that count the same. */
export type KnownUniverse = {
  readonly name: string;
  /** By id. */
  readonly lists: readonly CategoryList[];
  readonly tables: readonly PlacedTable[];
  readonly cells: CellMap;
  /** What is known of cells that no table has and that only tie tables together. */
  readonly ties: Extract<Knowledge, { kind: "unpublished" | "auxiliary" }>;
};

/** A sum by the keys of its cells. */
export type KeySum = { readonly total: string; readonly parts: readonly string[]; readonly place: string };

export function placedTable(
  table: KnownTable,
  lists: readonly CategoryList[],
  placeOf: (position: number) => string,
): PlacedTable {
  const ids = table.dimensions.map(({ id }) => id);
  if (new Set(ids).size < ids.length)
    throw new RangeError(`Cannot attack table "${table.name}": it must name a dimension once`);
  const categories = table.dimensions.map(
    (dimension) => lists.find(({ id }) => id === dimension.id)?.positionsIn(dimension) ?? [],
  );
  const repeated = categories.findIndex((positions) => new Set(positions).size < positions.length);
  if (repeated >= 0)
    throw new RangeError(
      `Cannot attack table "${table.name}", dimension "${ids[repeated]}": two categories are the same`,
    );
  const size = categories.reduce((product, { length }) => product * length, 1);
  if (size !== table.cells.length)
    throw new RangeError(`Cannot attack table "${table.name}": it must have one cell per combination`);
  const strides = stridesOf(table.dimensions);
  return { table, placeOf, dimensions: lists.map(({ id }) => ids.indexOf(id)), categories, strides };
}

function stridesOf(dimensions: readonly KnownDimension[]): readonly number[] {
  const sizes = dimensions.map(({ categories }) => categories.length);
  return sizes.map((_, at) => sizes.slice(at + 1).reduce((product, size) => product * size, 1));
}

/** The key of the cell at `position`. */
function keyAt({ dimensions, categories, strides }: PlacedTable, position: number): string {
  let key = "";
  for (const at of dimensions) {
    const positions = categories[at];
    const category = positions?.[Math.floor(position / (strides[at] ?? 1)) % positions.length];
    key += String.fromCharCode(category ?? totalCategory);
  }
  return key;
}

/** Everything that the cells of the tables tell, by cell. */
export function publicationsOf(tables: readonly PlacedTable[], rules: KnownRules): CellMap {
  const cells: CellMap = new Map();
  for (const [table, placed] of tables.entries()) {
    const readBy = placed.table.readBy ?? rules;
    for (const [position, cell] of placed.table.cells.entries()) {
      const publication = {
        knowledge: knowledgeOf(placed, position, cell, readBy),
        place: placed.placeOf(position),
        from: { table, position },
      };
      const key = keyAt(placed, position);
      const others = cells.get(key);
      if (others === undefined) cells.set(key, [publication]);
      else others.push(publication);
    }
  }
  return cells;
}

function knowledgeOf(placed: PlacedTable, position: number, cell: ShownCell, rules: ReadingRules): Knowledge {
  switch (cell.kind) {
    case "exact":
      return { kind: "exact", value: cell.value };
    case "suppressed":
      return { kind: "suppressed" };
    case "rounded":
      return isRecomputed(placed, position)
        ? { kind: "unpublished" }
        : roundedKnowledge(placed.placeOf(position), cell.value, rules);
    case "held": {
      const most = rules.publishFromChange - 1;
      return { kind: "held", low: Math.max(0, cell.value - most), high: cell.value + most };
    }
    // A number that nobody has must not follow from the others either, where it is a small one.
    case "absent":
    case "unpublished":
      return { kind: "unpublished" };
    default:
      return refuseCell(cell);
  }
}

function refuseCell(cell: never): never {
  void cell;
  throw new TypeError("Cannot decide what a cell tells: its kind must be one of the declared ones");
}

/** An inner count below the threshold was rounded to 0 or to the threshold, a larger one stays. */
function roundedKnowledge(place: string, value: number, { publishFromCount }: ReadingRules): Knowledge {
  if (value === 0) return { kind: "between", low: 0, high: publishFromCount - 1 };
  if (value === publishFromCount) return { kind: "between", low: 1, high: publishFromCount };
  if (value > publishFromCount) return { kind: "exact", value };
  throw new RangeError(
    `Cannot attack tables: "${place}" is no rounded count, expected 0 or at least ${publishFromCount}`,
  );
}

/** A rounded total is recomputed from the parts of a dimension in which none is hidden; otherwise it is an inner count. */
function isRecomputed({ table, strides }: PlacedTable, position: number): boolean {
  return table.dimensions.some(({ categories }, at) => {
    const stride = strides[at] ?? 1;
    const own = Math.floor(position / stride) % categories.length;
    const parts = childrenIn(categories, own).map((part) => table.cells[position + (part - own) * stride]);
    return (
      parts.some((part) => part?.kind === "rounded" || part?.kind === "exact" || part?.kind === "held") &&
      parts.every((part) => part?.kind !== "suppressed")
    );
  });
}

const childrenByCategories = new WeakMap<KnownDimension["categories"], readonly (readonly number[])[]>();

function childrenIn(categories: KnownDimension["categories"], parent: number): readonly number[] {
  const known = childrenByCategories.get(categories);
  if (known !== undefined) return known[parent] ?? [];
  const children = categories.map((): number[] => []);
  for (const [position, category] of categories.entries()) children[category.parent ?? -1]?.push(position);
  childrenByCategories.set(categories, children);
  return children[parent] ?? [];
}
