import { mergedCodes } from "../attacker/merged-code.ts";
import type { KnownDimension } from "../known-table.ts";
import type { HierarchyFile, TableFile } from "./table-file.ts";

/** By code of one dimension of a table: the code above it, undefined for the total; in the order of the rows. */
type Parents = ReadonlyMap<string, string | undefined>;

/**
 * The dimensions of a table with the parent of every code: without a hierarchy everything stands below the total. Levels
 * that the table leaves out are skipped. A code joined by "+" that stands beside none of its codes is all of them.
 *
 * @throws {RangeError} where the total or a code of the hierarchy is missing, or a level is there in part.
 */
export function dimensionsOf(
  table: TableFile,
  hierarchies: readonly HierarchyFile[],
  totalCode: string,
): readonly KnownDimension[] {
  return table.dimensions.map((dimension, at) => {
    const lines = new Map<string, number>();
    for (const { codes, line } of table.rows) {
      const code = codes[at] ?? "";
      if (!lines.has(code)) lines.set(code, line);
    }
    const where = `table "${table.name}", dimension "${dimension}"`;
    if (!lines.has(totalCode))
      throw new RangeError(`Cannot attack ${where}: no row has the code of the total`);
    const hierarchy = hierarchies.find((file) => file.dimension === dimension);
    const parents =
      hierarchy === undefined
        ? new Map([...lines.keys()].map((code) => [code, code === totalCode ? undefined : totalCode]))
        : levelParents(where, lines, hierarchy, totalCode);
    return { id: dimension, categories: categoriesOf(parents, hierarchy) };
  });
}

/** The whole tree of a hierarchy, for tables that leave out different levels. */
export function dimensionOf({ dimension, parents }: HierarchyFile, totalCode: string): KnownDimension {
  const tree = new Map([...parents].map(([code, parent]) => [code, parent ?? totalCode] as const));
  return {
    id: dimension,
    categories: categoriesOf(
      new Map<string, string | undefined>([[totalCode, undefined], ...tree]),
      undefined,
    ),
  };
}

function categoriesOf(parents: Parents, hierarchy: HierarchyFile | undefined): KnownDimension["categories"] {
  const codes = [...parents.keys()];
  const positions = new Map(codes.map((code, position) => [code, position]));
  return codes.map((code) => {
    const parent = positions.get(parents.get(code) ?? "");
    const members = hierarchy?.parents.has(code) ? undefined : mergedCodes(code);
    const isMerged = members !== undefined && !members.some((member) => positions.has(member));
    return { code, ...(parent !== undefined && { parent }), ...(isMerged && { members }) };
  });
}

function levelParents(
  where: string,
  lines: ReadonlyMap<string, number>,
  hierarchy: HierarchyFile,
  totalCode: string,
): Parents {
  const { name, parents } = hierarchy;
  if (parents.get(totalCode) !== undefined)
    throw new RangeError(`Cannot attack with hierarchy "${name}": the total stands below another code`);
  const leaves = leavesBelow(parents, totalCode);
  const found = new Map<string, string | undefined>();
  const covered = new Map<string, number>();
  for (const [code, line] of lines) {
    if (code === totalCode) {
      found.set(code, undefined);
      continue;
    }
    const members = membersIn(parents, code);
    if (members === undefined)
      throw new RangeError(
        `Cannot attack ${where}: the code of line ${line} is missing in hierarchy "${name}"`,
      );
    let parent = parents.get(members[0] ?? "") ?? totalCode;
    while (!lines.has(parent)) parent = parents.get(parent) ?? totalCode;
    found.set(code, parent);
    const below = members.reduce((sum, member) => sum + (leaves.get(member) ?? 0), 0);
    covered.set(parent, (covered.get(parent) ?? 0) + below);
  }
  for (const [parent, count] of covered) {
    if (count !== leaves.get(parent))
      throw new RangeError(
        `Cannot attack ${where}: the total of line ${lines.get(parent)} lacks parts of its level`,
      );
  }
  return found;
}

/** The codes of the hierarchy that a code of a table stands for. */
function membersIn(parents: HierarchyFile["parents"], code: string): readonly string[] | undefined {
  if (parents.has(code)) return [code];
  const members = mergedCodes(code);
  const [first = ""] = members ?? [];
  const areSiblings = members?.every(
    (member) => parents.has(member) && parents.get(member) === parents.get(first),
  );
  return areSiblings ? members : undefined;
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
