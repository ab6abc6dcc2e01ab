import { areaLevels } from "../population/areas.ts";
import { refuseUnknown } from "../registers/refuse-unknown.ts";
import { type Category, type CountedTable, type Measure, stateOf } from "../tables/table.ts";
import { stridesOf } from "./grid.ts";
import type { Policy } from "./policy.ts";
import { withheld } from "./protect.ts";
import type { ProtectedTable } from "./released-table.ts";
import { isSmall } from "./table-safety.ts";

/** A count of an area below the level from which values are held; one category per dimension of its table. */
export type FineCell = {
  readonly index: number;
  readonly categories: readonly Category[];
  readonly measure: Measure;
};

/** The number that readers last saw in the cell, undefined where they never saw one. */
export type FormerValues = (table: CountedTable, cell: FineCell) => number | undefined;

/**
 * The tables with the value last published in every fine cell that has changed by too little since, or not at all: the
 * state `held` tells only that the true value is near. Levels above, new cells and larger changes stay as they are.
 *
 * A table whose former value would now be small is withheld: what was published once is not published again.
 */
export function holdFormer(
  tables: readonly ProtectedTable[],
  former: FormerValues,
  policy: Policy,
): readonly ProtectedTable[] {
  return tables.map((table) => {
    switch (table.kind) {
      case "published":
        return heldForm(table, former, policy) ?? withheldForm(table.table, tables);
      case "withheld":
      case "missing":
        return table;
      default:
        return refuseUnknown(table, "protected table");
    }
  });
}

type Published = Extract<ProtectedTable, { readonly kind: "published" }>;

/** Nothing where a value that is to be held is small. */
function heldForm(published: Published, former: FormerValues, policy: Policy): Published | undefined {
  const { table } = published;
  const values = table.values.slice();
  const states = table.states.slice();
  for (const cell of fineCells(table, policy)) {
    const old = former(table, cell);
    const change = Math.abs((values[cell.index] ?? 0) - (old ?? Number.NaN));
    if (old !== undefined && change < policy.publishFromChange.value) {
      if (isSmall(old, policy)) {
        return undefined;
      }
      values[cell.index] = old;
      states[cell.index] = stateOf.held;
    }
  }
  return { ...published, table: { ...table, values, states } };
}

function withheldForm(table: CountedTable, tables: readonly ProtectedTable[]): ProtectedTable {
  const coarser = tables.find((other) => other.kind === "published" && other.table.id === table.coarserTable);
  const form = withheld(table);
  return coarser === undefined || table.coarserTable === undefined
    ? form
    : { ...form, alternative: table.coarserTable };
}

/** The counts of a table at the levels whose values are held; a level that is not declared counts as fine. */
export function* fineCells(table: CountedTable, policy: Policy): Generator<FineCell> {
  const { dimensions, measures, states } = table;
  const shown: readonly string[] = areaLevels.slice(0, areaLevels.indexOf(policy.holdBelow.value) + 1);
  const area = dimensions.findIndex(({ id }) => id === "raum");
  const strides = stridesOf(table);
  for (let index = 0; area >= 0 && index < states.length; index += 1) {
    const categories = dimensions.map(({ categories: all }, at) => {
      const category = all[Math.floor(index / (strides[at] ?? 1)) % all.length];
      return category ?? { code: "", label: "" };
    });
    const measure = measures[index % measures.length];
    const isFine = !shown.includes(categories[area]?.level ?? "");
    if (isFine && measure?.kind === "count" && states[index] === stateOf.value) {
      yield { index, categories, measure };
    }
  }
}
