import { ageGroupCodes } from "../population/age-group.ts";
import { type AreaLevel, restrictAreas } from "../population/areas.ts";
import type { SourceDelivery } from "../population/sources.ts";
import { dayNumber } from "../registers/calendar.ts";
import { refuseUnknown } from "../registers/refuse-unknown.ts";
import type { RegisterId } from "../registers/register.ts";
import type { CountResult } from "./assemble.ts";
import { interleave } from "./assemble.ts";
import { axisOf, type Codes, type CountedAxis, codesFor, countCube } from "./count.ts";
import type { NoteId, PersonDimension, TableContent } from "./definition.ts";
import type { RefugeesBasis, ReportBasis } from "./report-basis.ts";
import { stateOf, type TableDimension } from "./table.ts";
import {
  ageDimension,
  areaDimension,
  nationalityDimension,
  registerDimension,
  sexDimension,
  statusDimension,
  stayDimension,
} from "./vocabulary.ts";

/** A dimension and the category of each person in it. */
export type PersonColumn = { readonly dimension: TableDimension; readonly codes: Codes };

/** Counts the persons of some columns into their full grid. */
export function countColumns(columns: readonly PersonColumn[], rowCount: number): Float64Array {
  const axes: readonly CountedAxis[] = columns.map(({ dimension, codes }) => ({
    axis: axisOf(dimension.categories),
    codes,
  }));
  return countCube(axes, rowCount);
}

/** Columns of the refugees, formed once each. */
export class RefugeeColumns {
  readonly #basis: ReportBasis;
  readonly #refugees: RefugeesBasis;
  readonly #known = new Map<string, PersonColumn>();

  constructor(basis: ReportBasis, refugees: RefugeesBasis) {
    this.#basis = basis;
    this.#refugees = refugees;
  }

  get count(): number {
    return this.#refugees.persons.count;
  }

  /** `levels` matter for `raum` only. */
  column(id: PersonDimension, levels: readonly AreaLevel[] = []): PersonColumn {
    const key = id === "raum" ? `raum ${levels.join(" ")}` : id;
    const column = this.#known.get(key) ?? this.#form(id, levels);
    this.#known.set(key, column);
    return column;
  }

  #form(id: PersonDimension, levels: readonly AreaLevel[]): PersonColumn {
    const { persons, area } = this.#refugees;
    switch (id) {
      case "raum":
        return areaColumn(this.#basis, area, levels);
      case "aufenthaltsstatus":
        return belowTotal(statusDimension(this.#basis.definition), persons.status);
      case "altersgruppe":
        return belowTotal(ageDimension(persons.ageGroup.includes(ageGroupCodes.length)), persons.ageGroup);
      case "geschlecht":
        return belowTotal(sexDimension, persons.sex);
      case "aufenthaltsdauer":
        return belowTotal(stayDimension, persons.stay);
      case "staatsangehoerigkeit":
        return this.#nationalityColumn();
      default:
        return refuseUnknown(id, "dimension of refugees");
    }
  }

  #nationalityColumn(): PersonColumn {
    const { nationalities, sources } = this.#basis;
    const day = dayNumber(this.#refugees.delivery.referenceDate);
    const dimension = nationalityDimension(nationalities, sources.codes.citizenships, day);
    const position = new Uint8Array(0x1_0000).fill(nationalities.length);
    for (const [at, key] of nationalities.entries()) position[Number(key)] = at;
    return belowTotal(
      dimension,
      this.#refugees.persons.nationality.map((key) => position[key] ?? 0),
    );
  }
}

/** The total is category 0, so the first part is category 1. */
function belowTotal(dimension: TableDimension, positions: ArrayLike<number>): PersonColumn {
  const codes = codesFor(dimension.categories.length, positions.length);
  for (let row = 0; row < positions.length; row++) codes[row] = (positions[row] ?? 0) + 1;
  return { dimension, codes };
}

/** `places` are positions among all areas of the basis. */
function areaColumn(basis: ReportBasis, places: Uint32Array, levels: readonly AreaLevel[]): PersonColumn {
  const { list, positions } = restrictAreas(basis.areas ?? [], levels);
  const codes = codesFor(list.length, places.length);
  for (let row = 0; row < places.length; row++) codes[row] = positions[places[row] ?? 0] ?? 0;
  return { dimension: areaDimension(list), codes };
}

/** Registers among the wanted ones that have no usable delivery. */
export function missingRegisters(basis: ReportBasis, wanted: readonly RegisterId[]): readonly RegisterId[] {
  return wanted.filter((register) => deliveryOf(basis, register) === undefined);
}

function deliveryOf(basis: ReportBasis, register: RegisterId): SourceDelivery | undefined {
  const { sources } = basis;
  switch (register) {
    case "ewo-alw":
      return sources.foreigners;
    case "ewo":
      return sources.residents;
    case "gliederung":
      return sources.addresses;
    case "akdn-sozial":
      return sources.benefits[0];
    case "schild":
      return sources.pupils[0];
    case "fortschreibung":
      return sources.history[0];
    default:
      return refuseUnknown(register, "register");
  }
}

/** The deliveries of registers with one delivery each. */
export function restsOn(
  basis: ReportBasis,
  registers: readonly RegisterId[],
): readonly (readonly [RegisterId, SourceDelivery])[] {
  return registers.flatMap((register) => {
    const delivery = deliveryOf(basis, register);
    return delivery === undefined ? [] : [[register, delivery] as const];
  });
}

/** Refugees by any of their dimensions. */
export function countRefugees(
  basis: ReportBasis,
  columns: RefugeeColumns | undefined,
  content: Extract<TableContent, { kind: "refugees" }>,
  levels: readonly AreaLevel[],
): CountResult {
  const wanted = registersFor(content.by.includes("raum"));
  if (columns === undefined || missingRegisters(basis, wanted).length > 0) {
    return { missing: missingRegisters(basis, wanted) };
  }
  const chosen = content.by.map((id) => columns.column(id, levels));
  const dimensions = chosen.map(({ dimension }) => dimension);
  return {
    dimensions,
    measures: ["gefluechtete"],
    values: countColumns(chosen, columns.count),
    rests: restsOn(basis, wanted),
    notes: ageNotes(dimensions),
  };
}

export function registersFor(hasAreas: boolean): readonly RegisterId[] {
  return hasAreas ? ["ewo-alw", "gliederung"] : ["ewo-alw"];
}

function ageNotes(dimensions: readonly TableDimension[]): readonly NoteId[] {
  const hasUnknown = dimensions.some(
    ({ id, categories }) => id === "altersgruppe" && categories.some(({ code }) => code === "u"),
  );
  return hasUnknown ? ["alter-unbekannt"] : [];
}

/** Residents and foreigners at the residents register's date, refugees at theirs, and refugees per 1,000 residents. */
export function countResidents(
  basis: ReportBasis,
  columns: RefugeeColumns | undefined,
  levels: readonly AreaLevel[],
): CountResult {
  const wanted = ["ewo-alw", "ewo", "gliederung"] as const;
  const { residents } = basis;
  if (columns === undefined || residents === undefined) {
    return { missing: missingRegisters(basis, wanted) };
  }
  const population = areaColumn(basis, residents.populationArea, levels);
  const foreign = areaColumn(basis, residents.foreignArea, levels);
  const counts = countColumns([population], population.codes.length);
  const refugees = countColumns([columns.column("raum", levels)], columns.count);
  const rates = counts.map((count, area) => (count === 0 ? 0 : ((refugees[area] ?? 0) * 1000) / count));
  const values = interleave([counts, countColumns([foreign], foreign.codes.length), refugees, rates]);
  const states = new Uint8Array(values.length);
  for (const [area, count] of counts.entries()) if (count === 0) states[area * 4 + 3] = stateOf.impossible;
  return {
    dimensions: [population.dimension],
    measures: ["einwohner", "auslaender", "gefluechtete", "je_1000"],
    values,
    states,
    rests: restsOn(basis, wanted),
  };
}

/** Where foreigners who are no EU citizens were found, by the borough in the residents register where it has one. */
export function countRegisters(basis: ReportBasis, levels: readonly AreaLevel[]): CountResult {
  const wanted = ["ewo-alw", "ewo", "gliederung"] as const;
  const { comparison } = basis;
  if (comparison === undefined) {
    return { missing: missingRegisters(basis, wanted) };
  }
  const chosen = [
    areaColumn(basis, comparison.area, levels),
    belowTotal(registerDimension, comparison.found),
  ];
  return {
    dimensions: chosen.map(({ dimension }) => dimension),
    measures: ["personen"],
    values: countColumns(chosen, comparison.found.length),
    rests: restsOn(basis, wanted),
  };
}
