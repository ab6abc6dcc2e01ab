import type { AttackModel } from "../attack-model.ts";
import { knownModel } from "../attacker/known-model.ts";
import type { KnownDimension, KnownTable, ShownCell } from "../known-table.ts";
import { policy } from "../policy.ts";
import { dimensionOf, dimensionsOf } from "./attack-grid.ts";
import type { FileRow, HierarchyFile, TableFile } from "./table-file.ts";

/** A small count that stands in the open: no attacker needs a proof for it. */
export type OpenCount = {
  /** The name of its cell in the model. */
  readonly cell: string;
  readonly value: number;
  /** `table:line` of every row that shows it. */
  readonly places: readonly string[];
};

type FilesKnowledge = {
  readonly model: AttackModel;
  /** In the order of the files and their rows. */
  readonly open: readonly OpenCount[];
  /** Names of the tables without rows: nobody learns anything from them. */
  readonly withheld: readonly string[];
};

/** What `knowledgeOf` models, alone. */
export function modelOf(
  tables: readonly TableFile[],
  hierarchies: readonly HierarchyFile[],
  totalCode: string,
): AttackModel {
  return knowledgeOf(tables, hierarchies, totalCode).model;
}

/**
 * What an attacker knows who has `tables` and `hierarchies` and nothing else; all tables count the same at the same time.
 *
 * A dimension without a hierarchy is flat below its total. Sums name `table:line dimension`, the line of the total.
 *
 * @throws {RangeError} as `knownModel` does, and where a level is incomplete or a code or total is missing.
 */
export function knowledgeOf(
  tables: readonly TableFile[],
  hierarchies: readonly HierarchyFile[],
  totalCode: string,
): FilesKnowledge {
  const unused = hierarchies.find(
    ({ dimension }) => !tables.some(({ dimensions }) => dimensions.includes(dimension)),
  );
  if (unused !== undefined)
    throw new RangeError(
      `Cannot attack with hierarchy "${unused.name}": no table has its dimension "${unused.dimension}"`,
    );
  const shown = tables.filter(({ rows }) => rows.length > 0);
  const sources = shown.map((table) => {
    const dimensions = dimensionsOf(table, hierarchies, totalCode);
    const rows = rowsInOrder(table, dimensions);
    const cells = rows.map((row) => shownCell(row.cell));
    return { known: { name: table.name, universe: "", dimensions, cells }, rows };
  });
  const trees = hierarchies.flatMap((hierarchy) =>
    treeBetween(
      hierarchy,
      totalCode,
      sources.map(({ known }) => known),
    ),
  );
  const rules = {
    publishFromCount: policy.publishFromCount.value,
    publishFromChange: policy.publishFromChange.value,
  };
  const known = [...sources.map((source) => source.known), ...trees];
  const { model, places } = knownModel(known, rules, (table, position) => {
    const source = sources[table];
    return source === undefined
      ? `hierarchy "${trees[table - sources.length]?.name}":${position}`
      : placeOf(source, position);
  });
  const open = openCounts(sources, (table, position) => model.cells[places[table]?.[position] ?? -1]?.name);
  const withheld = tables.filter(({ rows }) => rows.length === 0).map(({ name }) => name);
  return { model, open, withheld };
}

type Source = { readonly known: KnownTable; readonly rows: readonly FileRow[] };

function placeOf({ known, rows }: Source, position: number): string {
  return `${known.name}:${rows[position]?.line}`;
}

function openCounts(
  sources: readonly Source[],
  nameAt: (table: number, position: number) => string | undefined,
): readonly OpenCount[] {
  const open = new Map<string, OpenCount>();
  for (const [table, source] of sources.entries()) {
    for (const [position, cell] of source.known.cells.entries()) {
      if (cell.kind !== "exact" || cell.value === 0 || cell.value >= policy.publishFromCount.value) continue;
      const place = placeOf(source, position);
      // Where another table hides the cell, the model has this one beside it, under the name of its place.
      const name = (nameAt(table, position) ?? place).replace(` (${place})`, "");
      const places = [...(open.get(name)?.places ?? []), place];
      open.set(name, { cell: name, value: cell.value, places });
    }
  }
  return [...open.values()];
}

/** Row-major over the dimensions; a table file has one row per combination. */
function rowsInOrder(table: TableFile, dimensions: readonly KnownDimension[]): readonly FileRow[] {
  const positions = dimensions.map(
    ({ categories }) => new Map(categories.map(({ code }, position) => [code, position])),
  );
  const rows: FileRow[] = [];
  for (const row of table.rows) {
    let position = 0;
    for (const [at, code] of row.codes.entries())
      position = position * (positions[at]?.size ?? 1) + (positions[at]?.get(code) ?? 0);
    rows[position] = row;
  }
  return rows;
}

function shownCell(cell: FileRow["cell"]): ShownCell {
  switch (cell.status) {
    case "":
      return { kind: "exact", value: cell.value };
    case "rnd":
      return { kind: "rounded", value: cell.value };
    case "h":
      return { kind: "held", value: cell.value };
    case "c":
      return { kind: "suppressed" };
    case "x":
    case "z":
      return { kind: "absent" };
    default:
      return refuseStatus(cell);
  }
}

function refuseStatus(cell: never): never {
  void cell;
  throw new TypeError("Cannot decide what a cell tells: its status must be one of the declared ones");
}

/** The hierarchy itself, without a number, where one table leaves out a level that another one has. */
function treeBetween(
  hierarchy: HierarchyFile,
  totalCode: string,
  tables: readonly KnownTable[],
): readonly KnownTable[] {
  const own = tables.flatMap(({ dimensions }) => dimensions.filter(({ id }) => id === hierarchy.dimension));
  const shown = new Set(own.flatMap(({ categories }) => categories.map(({ code }) => code)));
  const isSkipped = own.some(({ categories }) =>
    categories.some(({ code, parent }) => {
      const above = hierarchy.parents.get(code);
      return above !== undefined && above !== categories[parent ?? -1]?.code && shown.has(above);
    }),
  );
  if (!isSkipped) return [];
  const dimension = dimensionOf(hierarchy, totalCode);
  const cells = dimension.categories.map((): ShownCell => ({ kind: "absent" }));
  return [{ name: hierarchy.name, universe: "", dimensions: [dimension], cells }];
}
