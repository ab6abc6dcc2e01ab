import { refuseUnknown } from "../../registers/refuse-unknown.ts";
import {
  type Category,
  type CountedTable,
  cellStates,
  type MeasureId,
  registerOfMeasure,
  type TableDimension,
} from "../../tables/table.ts";
import type { KnownDimension, KnownTable, ShownCell } from "../known-table.ts";

/** What of a table an attacker sees. */
export type AttackedTable = Pick<
  CountedTable,
  "id" | "dimensions" | "measures" | "coarsening" | "values" | "states" | "referenceDates"
>;

/** A known table, and where its cells stand in the `values` of the table it comes from. */
export type KnownSlice = {
  readonly table: AttackedTable;
  readonly known: KnownTable;
  /** By position in `known.cells`: position in `table.values`; -1 for a cell that nobody shows. */
  readonly positions: Int32Array;
};

/** The counts of the tables as an attacker sees them; see `knownSlicesOf`. */
export function knownTablesOf(tables: readonly AttackedTable[]): readonly KnownTable[] {
  return knownSlicesOf(tables).map(({ known }) => known);
}

/**
 * One known table for every count of a table and, where the table runs over time, for every point in time. Money, rates and
 * differences are not in them.
 *
 * A universe is measure, population and day: `gefluechtete||2026-11-20`. Areas are named `<level>:<code>`. Groups of PKS are
 * the keys they hold. Foreigners are a part of the residents, and the other residents a part that nobody shows.
 */
export function knownSlicesOf(tables: readonly AttackedTable[]): readonly KnownSlice[] {
  const groups = benefitGroups(tables);
  return tables.flatMap((table) => {
    const counts = table.measures.flatMap(({ id, kind }, offset) =>
      kind === "count" ? [{ id, offset }] : [],
    );
    const rest = populationOf(table) === "" ? counts.filter(({ id }) => !isOrigin(id)) : counts;
    const origins = counts.filter((count) => !rest.includes(count));
    return timesOf(table).flatMap((time) => [
      ...rest.map(({ id, offset }) => sliceOf({ table, groups, time }, id, offset)),
      ...(origins.some(({ id }) => id === "auslaender")
        ? [originSlice({ table, groups, time }, origins)]
        : origins.map(({ id, offset }) => sliceOf({ table, groups, time }, id, offset))),
    ]);
  });
}

type Count = { readonly id: MeasureId; readonly offset: number };

/** The point in time of a slice: position of its dimension, -1 where there is none. */
type Time = { readonly dimension: number; readonly point: number; readonly day: string | undefined };

type SliceSource = {
  readonly table: AttackedTable;
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly time: Time;
};

function isOrigin(id: MeasureId): boolean {
  return id === "einwohner" || id === "auslaender";
}

/** Points in time do not add up: each is a universe of its own. */
function isTime({ id }: TableDimension): boolean {
  return id === "zeitpunkt" || id === "monat";
}

function timesOf({ dimensions }: AttackedTable): readonly Time[] {
  const dimension = dimensions.findIndex(isTime);
  const points = dimensions[dimension]?.categories;
  return points === undefined
    ? [{ dimension, point: 0, day: undefined }]
    : points.map(({ code }, point) => ({ dimension, point, day: code }));
}

function sliceOf(source: SliceSource, id: MeasureId, offset: number): KnownSlice {
  const { table, time } = source;
  const positions = Int32Array.from(gridOf(source), (cell) => cell + offset);
  const known = {
    name: table.id,
    universe: universeOf(table, id, time),
    dimensions: knownDimensions(source),
    cells: Array.from(positions, (position) => shownCell(table, position)),
  };
  return { table, known, positions };
}

/** Residents by origin: all, foreigners, and what remains, which nobody shows. */
function originSlice(source: SliceSource, counts: readonly Count[]): KnownSlice {
  const { table, time } = source;
  const offsets = (["einwohner", "auslaender"] as const).map(
    (id) => counts.find((count) => count.id === id)?.offset,
  );
  const positions = Int32Array.from(
    gridOf(source).flatMap((cell) => [
      ...offsets.map((offset) => (offset === undefined ? -1 : cell + offset)),
      -1,
    ]),
  );
  const cells = Array.from(positions, (position, at): ShownCell => {
    if (position >= 0) return shownCell(table, position);
    return { kind: at % origins.length === origins.length - 1 ? "unpublished" : "absent" };
  });
  const dimensions = [...knownDimensions(source), { id: "herkunft", categories: origins }];
  const known = { name: table.id, universe: universeOf(table, "einwohner", time), dimensions, cells };
  return { table, known, positions };
}

const origins = [{ code: "T" }, { code: "auslaender", parent: 0 }, { code: "deutsche", parent: 0 }] as const;

function universeOf(table: AttackedTable, id: MeasureId, time: Time): string {
  return [id, populationOf(table), time.day ?? dayOf(table, id)].join("|");
}

/** Persons of two registers together are another population than those of one. */
function populationOf({ dimensions }: AttackedTable): string {
  return dimensions.some(({ id }) => id === "registerlage") ? "registerlage" : "";
}

/** The reference date of the measure's register, or all dates where it has none of its own; benefits are counted by month. */
function dayOf({ referenceDates }: AttackedTable, id: MeasureId): string {
  const register = registerOfMeasure[id];
  const day = register === undefined ? undefined : referenceDates[register];
  if (day !== undefined) return register === "akdn-sozial" ? day.slice(0, 7) : day;
  const days = Object.entries(referenceDates).map(([name, date]) => `${name}=${date}`);
  return days.toSorted().join(",");
}

/** Positions of the slice's cells in the table, those of the first measure. */
function gridOf({ table, time }: SliceSource): readonly number[] {
  let cells = [0];
  for (const [at, { categories }] of table.dimensions.entries()) {
    const places = at === time.dimension ? [time.point] : [...categories.keys()];
    cells = cells.flatMap((cell) => places.map((place) => cell * categories.length + place));
  }
  return cells.map((cell) => cell * table.measures.length);
}

function shownCell({ values, states }: AttackedTable, position: number): ShownCell {
  const value = values[position];
  const state = cellStates[states[position] ?? -1];
  if (state === undefined || value === undefined)
    throw new TypeError("Cannot attack a table: every cell must have one of the declared states");
  switch (state) {
    case "value":
      return { kind: "exact", value };
    case "confidential":
      return { kind: "suppressed" };
    case "rounded":
      return { kind: "rounded", value };
    case "held":
      return { kind: "held", value };
    case "unavailable":
    case "impossible":
      return { kind: "absent" };
    default:
      return refuseUnknown(state, "what a cell tells");
  }
}

function knownDimensions({ table, groups }: SliceSource): readonly KnownDimension[] {
  return table.dimensions
    .filter((dimension) => !isTime(dimension))
    .map((dimension) => {
      const { id, categories } = dimension;
      if (id === "pks_gruppe")
        return { id: "pks", categories: categories.map((category) => groupCategory(category, groups)) };
      return { id, categories: categories.map((category) => knownCategory(dimension, category)) };
    });
}

function knownCategory({ id }: TableDimension, { code, level, parent, merged }: Category) {
  const named = (own: string) => (id === "raum" ? `${level ?? ""}:${own}` : own);
  return {
    code: named(code),
    ...(parent !== undefined && { parent }),
    ...(merged !== undefined && { members: merged.map(named) }),
  };
}

function groupCategory(
  { code, parent, merged }: Category,
  groups: ReadonlyMap<string, readonly string[]>,
): KnownDimension["categories"][number] {
  if (parent === undefined) return { code };
  const keysOf = (group: string) => groups.get(`gruppe-${group}`) ?? [`gruppe-${group}`];
  return { code, parent, members: (merged ?? [code]).flatMap(keysOf) };
}

/** By code of the group the keys it holds: tables name the same persons by the one or by the other. */
function benefitGroups(tables: readonly AttackedTable[]): ReadonlyMap<string, readonly string[]> {
  const steps = tables.flatMap((table) => table.coarsening.pks ?? []);
  const groups = steps.flatMap((step) => (step.kind === "merge" ? step.groups : []));
  return new Map(groups.map(({ code, members }) => [code, members]));
}
