import type { FileRow, HierarchyFile, TableFile } from "./table-file.ts";

/** A table with the parts of every code: by dimension, code → codes of the next finer level that the table holds. */
export type Grid = {
  readonly table: TableFile;
  readonly rows: ReadonlyMap<string, FileRow>;
  readonly partsOf: readonly ReadonlyMap<string, readonly string[]>[];
};

/** @throws {RangeError} where the total or a code of the hierarchy is missing, or a level is there in part. */
export function gridOf(table: TableFile, hierarchies: readonly HierarchyFile[], totalCode: string): Grid {
  const rows = new Map(table.rows.map((row) => [JSON.stringify(row.codes), row]));
  const partsOf = table.dimensions.map((dimension, at) => {
    const lines = new Map<string, number>();
    for (const { codes, line } of table.rows) {
      const code = codes[at] ?? "";
      if (!lines.has(code)) lines.set(code, line);
    }
    const where = `table "${table.name}", dimension "${dimension}"`;
    if (!lines.has(totalCode))
      throw new RangeError(`Cannot attack ${where}: no row has the code of the total`);
    const hierarchy = hierarchies.find((file) => file.dimension === dimension);
    return hierarchy === undefined
      ? flatParts(lines, totalCode)
      : levelParts(where, lines, hierarchy, totalCode);
  });
  return { table, rows, partsOf };
}

function flatParts(lines: ReadonlyMap<string, number>, totalCode: string): Grid["partsOf"][number] {
  return new Map([[totalCode, [...lines.keys()].filter((code) => code !== totalCode)]]);
}

/** Levels that the table leaves out are skipped; a level that it holds in part is refused. */
function levelParts(
  where: string,
  lines: ReadonlyMap<string, number>,
  { name, parents }: HierarchyFile,
  totalCode: string,
): Grid["partsOf"][number] {
  if (parents.get(totalCode) !== undefined)
    throw new RangeError(`Cannot attack with hierarchy "${name}": the total stands below another code`);
  const leaves = leavesBelow(parents, totalCode);
  const parts = new Map<string, string[]>();
  for (const [code, line] of lines) {
    if (code === totalCode) continue;
    if (!parents.has(code))
      throw new RangeError(
        `Cannot attack ${where}: the code of line ${line} is missing in hierarchy "${name}"`,
      );
    let parent = parents.get(code) ?? totalCode;
    while (!lines.has(parent)) parent = parents.get(parent) ?? totalCode;
    const siblings = parts.get(parent) ?? [];
    siblings.push(code);
    parts.set(parent, siblings);
  }
  for (const [parent, codes] of parts) {
    const covered = codes.reduce((sum, code) => sum + (leaves.get(code) ?? 0), 0);
    if (covered !== leaves.get(parent))
      throw new RangeError(
        `Cannot attack ${where}: the total of line ${lines.get(parent)} lacks parts of its level`,
      );
  }
  return parts;
}

function leavesBelow(parents: HierarchyFile["parents"], totalCode: string): ReadonlyMap<string, number> {
  const inner = new Set(parents.values());
  const leaves = new Map<string, number>();
  for (const leaf of parents.keys()) {
    if (inner.has(leaf) || leaf === totalCode) continue;
    for (let code: string = leaf; ; code = parents.get(code) ?? totalCode) {
      leaves.set(code, (leaves.get(code) ?? 0) + 1);
      if (code === totalCode) break;
    }
  }
  return leaves;
}

/** Rows of the next finer level of the dimension at `at`, the other codes fixed. */
export function partsAlong({ rows, partsOf }: Grid, row: FileRow, at: number): readonly FileRow[] {
  const codes = partsOf[at]?.get(row.codes[at] ?? "") ?? [];
  return codes.flatMap((code) => rows.get(JSON.stringify(row.codes.with(at, code))) ?? []);
}

/**
 * The parts that a rounded total was recomputed from: those of a dimension in which no part is hidden. Nothing for an inner
 * cell of the rounded level.
 */
export function recomputedParts(grid: Grid, row: FileRow): readonly FileRow[] | undefined {
  return grid.partsOf
    .map((_, at) => partsAlong(grid, row, at))
    .find(
      (parts) => parts.some(({ cell }) => "value" in cell) && parts.every(({ cell }) => cell.status !== "c"),
    );
}
