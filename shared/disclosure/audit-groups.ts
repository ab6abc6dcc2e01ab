import type { Category, CountedTable, TableDimension } from "../tables/table.ts";

type GroupedTable = Pick<CountedTable, "dimensions" | "coarsening">;

/**
 * The tables with groups of PKS written as the keys they hold. Two tables name them differently: one by `pks` and the
 * groups `gruppe-<group>` of its definition, one by `pks_gruppe`; the attacker knows that both mean the same persons.
 */
export function withKnownGroups<Table extends GroupedTable>(tables: readonly Table[]): readonly Table[] {
  const steps = tables.flatMap((table) => table.coarsening.pks ?? []);
  const groups = steps.flatMap((step) => (step.kind === "merge" ? step.groups : []));
  const members = new Map(groups.map((group) => [group.code, group.members]));
  return tables.map((table) => ({
    ...table,
    dimensions: table.dimensions.map((dimension) =>
      dimension.id === "pks_gruppe" ? byKeys(dimension, members) : dimension,
    ),
  }));
}

function byKeys(dimension: TableDimension, members: ReadonlyMap<string, readonly string[]>): TableDimension {
  const keysOf = (code: string): readonly string[] => members.get(`gruppe-${code}`) ?? [`gruppe-${code}`];
  const categories = dimension.categories.map(
    (category): Category =>
      category.parent === undefined
        ? category
        : { ...category, merged: (category.merged ?? [category.code]).flatMap(keysOf) },
  );
  return { ...dimension, id: "pks", categories };
}
