import {
  type Category,
  type CountedTable,
  type Measure,
  registerOfMeasure,
  stateOf,
  type TableDimension,
} from "../../tables/table.ts";
import { stridesOf } from "../grid.ts";
import type { KnownDimension } from "../known-table.ts";
import type { CellRole, UniverseTable } from "./universe.ts";

/** A count of a table at one time, as protection sees it, and where its cells stand in the table. */
export type CountedSlice = {
  readonly table: CountedTable;
  readonly universeTable: UniverseTable;
  /** By position in the slice: position in `table.values`. */
  readonly cells: Int32Array;
};

/** By code of `pks_gruppe` the keys of the group: two tables name the same persons by the one or by the other. */
export type BenefitGroups = ReadonlyMap<string, readonly string[]>;

/** The groups that the definitions of the tables know. */
export function benefitGroupsOf(tables: readonly CountedTable[]): BenefitGroups {
  const steps = tables.flatMap((table) => table.coarsening.pks ?? []);
  const groups = steps.flatMap((step) => (step.kind === "merge" ? step.groups : []));
  return new Map(groups.map(({ code, members }) => [code.replace(/^gruppe-/, ""), members]));
}

/** The counts of a table: one slice for every count measure and, where it runs over time, for every point in time. */
export function slicesOf(
  table: CountedTable,
  role: CellRole,
  groups: BenefitGroups,
): readonly CountedSlice[] {
  const time = table.dimensions.findIndex(isTime);
  const points = table.dimensions[time]?.categories.map((category, at) => ({ at, day: category.code }));
  return table.measures.flatMap((measure, offset) =>
    measure.kind === "count"
      ? (points ?? [{ at: 0, day: dayOf(table, measure) }]).map(({ at, day }) => {
          const cells = cellsOf(table, offset, time, at);
          return { table, cells, universeTable: sliceOf({ table, cells, groups }, measure, day, role) };
        })
      : [],
  );
}

/** Points in time do not add up: each is a universe of its own. */
function isTime({ id }: TableDimension): boolean {
  return id === "zeitpunkt" || id === "monat";
}

type SliceParts = {
  readonly table: CountedTable;
  readonly cells: Int32Array;
  readonly groups: BenefitGroups;
};

function sliceOf(
  { table, cells, groups }: SliceParts,
  measure: Measure,
  day: string,
  role: CellRole,
): UniverseTable {
  const counts = Float64Array.from(cells, (cell) =>
    table.states[cell] === stateOf.value ? (table.values[cell] ?? Number.NaN) : Number.NaN,
  );
  return {
    name: table.id,
    universe: [measure.id, populationOf(table), day].join("|"),
    dimensions: table.dimensions
      .filter((dimension) => !isTime(dimension))
      .map((dimension) => knownDimension(dimension, groups)),
    counts,
    role,
  };
}

/** Persons of two registers together are another population than those of one. */
function populationOf({ dimensions }: CountedTable): string {
  return dimensions.some(({ id }) => id === "registerlage") ? "registerlage" : "";
}

function dayOf({ referenceDates }: CountedTable, { id }: Measure): string {
  const register = registerOfMeasure[id];
  const day = referenceDates[register ?? ""];
  if (day !== undefined) {
    return register === "akdn-sozial" ? day.slice(0, 7) : day;
  }
  const days = Object.entries(referenceDates).map(([name, date]) => `${name}=${date}`);
  return days.toSorted().join(",");
}

function cellsOf(table: CountedTable, offset: number, time: number, point: number): Int32Array {
  const strides = stridesOf(table);
  let cells = [offset];
  for (const [position, { categories }] of table.dimensions.entries()) {
    const stride = strides[position] ?? 1;
    const places = position === time ? [point] : [...categories.keys()];
    cells = cells.flatMap((cell) => places.map((place) => cell + place * stride));
  }
  return Int32Array.from(cells);
}

function knownDimension(dimension: TableDimension, groups: BenefitGroups): KnownDimension {
  if (dimension.id !== "pks_gruppe") {
    return {
      id: dimension.id,
      categories: dimension.categories.map((entry) => knownCategory(dimension, entry)),
    };
  }
  const categories = dimension.categories.map(({ code, parent, merged = [code] }) => ({
    code,
    ...(parent !== undefined && {
      parent,
      members: merged.flatMap((group) => groups.get(group) ?? [`gruppe-${group}`]),
    }),
  }));
  return { id: "pks", categories };
}

function knownCategory({ id }: TableDimension, { code, level, parent, merged }: Category) {
  const named = (key: string) => (id === "raum" ? `${level ?? ""}:${key}` : key);
  return {
    code: named(code),
    ...(parent !== undefined && { parent }),
    ...(merged !== undefined && { members: merged.map(named) }),
  };
}
