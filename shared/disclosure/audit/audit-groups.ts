import { type CountedTable, stateOf } from "../../tables/table.ts";

/** True when readers see a group of which all persons are in one category of another dimension of the table. */
export function showsGroupInOneCategory(table: CountedTable): boolean {
  return (
    table.dimensions.length > 1 &&
    table.dimensions.some(({ categories }, position) => {
      const root = categories.findIndex(({ parent }) => parent === undefined);
      const isTree = categories.some(({ parent }) => parent !== undefined);
      return isTree && [...table.values.keys()].some((cell) => fillsItsGroup(table, position, root, cell));
    })
  );
}

/** A count below the group's total, and as large as it. */
function fillsItsGroup(table: CountedTable, position: number, root: number, cell: number): boolean {
  const { dimensions, measures, values, states } = table;
  const stride = dimensions
    .slice(position + 1)
    .reduce((size, { categories }) => size * categories.length, measures.length);
  const own = Math.floor(cell / stride) % (dimensions[position]?.categories.length ?? 1);
  const total = cell + (root - own) * stride;
  return (
    own !== root &&
    measures[cell % measures.length]?.kind === "count" &&
    states[cell] === stateOf.value &&
    states[total] === stateOf.value &&
    (values[cell] ?? 0) > 0 &&
    values[cell] === values[total]
  );
}
