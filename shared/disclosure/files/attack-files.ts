import type { AttackModel } from "../attack-model.ts";
import { knownModel } from "../attacker/known-model.ts";
import type { KnownDimension, KnownTable, ShownCell } from "../known-table.ts";
import { policy } from "../policy.ts";
import { dimensionOf, dimensionsOf } from "./attack-grid.ts";
import type { FileRow, HierarchyFile, TableFile } from "./table-file.ts";

/**
 * What an attacker knows who has `tables` and `hierarchies` and nothing else; all tables count the same at the same time.
 *
 * A dimension without a hierarchy is flat below its total. Sums name `table:line dimension`, the line of the total.
 *
 * @throws {RangeError} as `knownModel` does, and where a level is incomplete or a code or total is missing.
 */
export function modelOf(
  tables: readonly TableFile[],
  hierarchies: readonly HierarchyFile[],
  totalCode: string,
): AttackModel {
  const unused = hierarchies.find(
    ({ dimension }) => !tables.some(({ dimensions }) => dimensions.includes(dimension)),
  );
  if (unused !== undefined)
    throw new RangeError(`Cannot attack with hierarchy "${unused.name}": no table has its dimension`);
  const sources = tables.map((table) => {
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
  return knownModel([...sources.map(({ known }) => known), ...trees], rules, (table, position) => {
    const source = sources[table];
    return source === undefined
      ? `${trees[table - sources.length]?.name}:${position}`
      : `${source.known.name}:${source.rows[position]?.line}`;
  }).model;
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
