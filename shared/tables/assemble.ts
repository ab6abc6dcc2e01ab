import { unassignedCode } from "../population/areas.ts";
import type { SourceDelivery } from "../population/sources.ts";
import type { RegisterId } from "../registers/register.ts";
import type { NoteId, TableDefinition } from "./definition.ts";
import type { ReportBasis } from "./report-basis.ts";
import type { CoarseningStep, CountedTable, DimensionId, MeasureId, TableDimension } from "./table.ts";
import { coarseningOf, measureOf } from "./vocabulary.ts";

/** What a way of counting gives: the grid, and what it rests on. */
export type Counted = {
  readonly dimensions: readonly TableDimension[];
  readonly measures: readonly MeasureId[];
  readonly values: Float64Array;
  /** All "value" where absent. */
  readonly states?: Uint8Array;
  readonly concentration?: NonNullable<CountedTable["concentration"]>;
  readonly rests: readonly (readonly [RegisterId, SourceDelivery])[];
  readonly notes?: readonly NoteId[];
  /** Instead of the vocabulary's steps. */
  readonly coarsening?: Readonly<Partial<Record<DimensionId, readonly CoarseningStep[]>>>;
};

/** Or the registers without which it cannot be counted. */
export type CountResult = Counted | { readonly missing: readonly RegisterId[] };

export function assembleTable(
  definition: TableDefinition,
  basis: ReportBasis,
  counted: Counted,
): CountedTable {
  const { dimensions, values, rests } = counted;
  const steps = dimensions.map(
    (dimension) => [dimension.id, coarseningOf(dimension, basis.definition)] as const,
  );
  return {
    id: definition.id,
    name: definition.name,
    title: titleOf(definition, basis),
    dimensions,
    measures: counted.measures.map((id) => measureOf(id, basis.definition)),
    coarsening: { ...Object.fromEntries(steps.filter(([, list]) => list.length > 0)), ...counted.coarsening },
    columnDimensions: definition.columnDimensions,
    values,
    states: counted.states ?? new Uint8Array(values.length),
    referenceDates: Object.fromEntries(newestDates(rests)),
    deliveries: [...new Set(rests.map(([, delivery]) => delivery.id))],
    notes: [...definition.notes, ...areaNotes(dimensions), ...(counted.notes ?? [])],
    ...(definition.coarserTable !== undefined && { coarserTable: definition.coarserTable }),
    ...(counted.concentration && { concentration: counted.concentration }),
  };
}

/** The title with the definition's word for the population. */
export function titleOf(definition: TableDefinition, basis: ReportBasis): string {
  return definition.title.replaceAll("{population}", basis.definition.word);
}

/** Puts one grid per measure together, the measure fastest. */
export function interleave(grids: readonly Float64Array[]): Float64Array {
  const values = new Float64Array(grids.reduce((length, grid) => length + grid.length, 0));
  for (const [measure, grid] of grids.entries()) {
    for (let cell = 0; cell < grid.length; cell++) values[cell * grids.length + measure] = grid[cell] ?? 0;
  }
  return values;
}

function newestDates(rests: Counted["rests"]): ReadonlyMap<RegisterId, string> {
  const dates = new Map<RegisterId, string>();
  for (const [register, { referenceDate }] of rests) {
    const known = dates.get(register);
    if (known === undefined || known < referenceDate) dates.set(register, referenceDate);
  }
  return dates;
}

function areaNotes(dimensions: readonly TableDimension[]): readonly NoteId[] {
  const hasUnassigned = dimensions.some(
    ({ id, categories }) =>
      id === "raum" &&
      categories.some(({ code }) => code === unassignedCode || code.startsWith(`${unassignedCode}-`)),
  );
  return hasUnassigned ? ["ohne-zuordnung"] : [];
}
