import { type Area, AreaTree, areaNames, unassignedCode } from "../population/areas.ts";
import { type RefugeeDefinition, refugeeDefinition } from "../population/definition.ts";
import { type Foreigners, formForeigners } from "../population/foreigners.ts";
import { euCitizenships } from "../population/german.ts";
import { formRefugees, type Refugees } from "../population/refugees.ts";
import { compareRegisters, type RegisterComparison } from "../population/register-comparison.ts";
import { foreignRows, formResidents, populationRows, type Residents } from "../population/residents.ts";
import type { ReportSources, SourceDelivery, WeekPoint } from "../population/sources.ts";
import { dayNumber, monthNumber } from "../registers/calendar.ts";
import { noKey, unknownKey } from "../registers/record-block.ts";

/** The persons a report counts, formed once for all its tables. What a missing register would give is absent. */
export type ReportBasis = {
  readonly sources: ReportSources;
  readonly definition: RefugeeDefinition;
  readonly refugees?: RefugeesBasis;
  readonly residents?: ResidentsBasis;
  readonly comparison?: ComparisonBasis;
  /** Areas of the address file, parents before children; every place number of the persons is a position in it. */
  readonly areas?: readonly Area[];
  /** The nationalities shown apart, by key. */
  readonly nationalities: readonly string[];
};

export type RefugeesBasis = {
  readonly delivery: SourceDelivery;
  readonly foreigners: Foreigners;
  readonly persons: Refugees;
  /** Finest area of each refugee; all 0 without an address file. */
  readonly area: Uint32Array;
};

type ResidentsBasis = {
  /** Quarter of each person of the population, and of the foreigners among them. */
  readonly populationArea: Uint32Array;
  readonly foreignArea: Uint32Array;
};

type ComparisonBasis = {
  /** Position in `registerCodes` per person. */
  readonly found: Uint8Array;
  /** Borough per person: by the residents register where it has one, else by the foreigners register. */
  readonly area: Uint32Array;
};

/** What the tables of a report need beside the refugees. */
export type BasisNeeds = {
  readonly residents: boolean;
  readonly comparison: boolean;
  /** Earlier weeks whose areas a table shows. */
  readonly weeks: readonly WeekPoint[];
};

/** Number of nationalities that tables show apart; the others are `sonstige`. */
const nationalityCount = 15;

/** Forms all persons of a report, once for all its tables. */
export function formBasis(sources: ReportSources, needs: BasisNeeds): ReportBasis {
  const definition = refugeeDefinition(sources.office.bericht.definition);
  const register = sources.residents && formResidents(sources.residents.columns);
  const refugees = sources.foreigners && formRefugeesOf(sources, sources.foreigners, definition, register);
  return {
    sources,
    definition,
    nationalities: sources.nationalities?.toSorted() ?? largestNationalities(refugees?.persons),
    ...(refugees && { refugees: { ...refugees, area: new Uint32Array(refugees.persons.count) } }),
    ...(sources.addresses && placeAll(sources, sources.addresses, needs, refugees, register)),
  };
}

type FormedRefugees = Pick<RefugeesBasis, "delivery" | "foreigners" | "persons">;

function formRefugeesOf(
  sources: ReportSources,
  delivery: SourceDelivery,
  definition: RefugeeDefinition,
  register: Residents | undefined,
): FormedRefugees {
  const referenceDay = dayNumber(delivery.referenceDate);
  const foreigners = formForeigners({
    columns: delivery.columns,
    referenceDay,
    titles: sources.codes["residence-titles"],
    expiredDays: sources.office.bericht.abgelaufenTage,
    ...(register && { residents: register.index }),
  });
  const persons = formRefugees({
    foreigners,
    definition,
    referenceDay,
    referenceMonth: monthNumber(delivery.referenceDate.slice(0, 7)),
    choose: sources.choose,
  });
  return { delivery, foreigners, persons };
}

type Placed = Required<Pick<ReportBasis, "areas">> &
  Pick<ReportBasis, "refugees" | "residents" | "comparison">;

/** Gives every person a place first, because "ohne" stands only where somebody needs it, and then the final positions. */
function placeAll(
  sources: ReportSources,
  addresses: SourceDelivery,
  needs: BasisNeeds,
  refugees: FormedRefugees | undefined,
  register: Residents | undefined,
): Placed {
  const day = dayNumber(sources.referenceDate);
  const tree = new AreaTree(addresses.columns, day);
  const area = refugees && tree.place(refugees.foreigners.columns, refugees.persons.row, "baublock");
  const residents = needs.residents && register ? placeResidents(tree, register) : undefined;
  const comparison =
    needs.comparison && refugees && register ? placeComparison(sources, tree, refugees, register) : undefined;
  for (const week of needs.weeks) for (const code of unassignedIn(week)) tree.placeUnassigned(code);
  const { list, positions } = tree.finish(areaNames(sources.areaNames?.columns, day));
  const final = (places: Uint32Array): Uint32Array => places.map((place) => positions[place] ?? 0);
  return {
    areas: list,
    ...(refugees && area && { refugees: { ...refugees, area: final(area) } }),
    ...(residents && {
      residents: {
        populationArea: final(residents.populationArea),
        foreignArea: final(residents.foreignArea),
      },
    }),
    ...(comparison && { comparison: { found: comparison.found, area: final(comparison.area) } }),
  };
}

function placeResidents(tree: AreaTree, register: Residents): ResidentsBasis {
  const population = populationRows(register);
  return {
    populationArea: tree.place(register.columns, population, "stadtteil"),
    foreignArea: tree.place(register.columns, foreignRows(register, population), "stadtteil"),
  };
}

function placeComparison(
  sources: ReportSources,
  tree: AreaTree,
  refugees: FormedRefugees,
  register: Residents,
): ComparisonBasis {
  const { citizenships } = sources.codes;
  const residentsDate = sources.residents?.referenceDate ?? sources.referenceDate;
  const comparison = compareRegisters(refugees.foreigners, register, {
    foreigners: euCitizenships(citizenships, dayNumber(refugees.delivery.referenceDate)),
    residents: euCitizenships(citizenships, dayNumber(residentsDate)),
  });
  return { found: comparison.found, area: boroughsOf(tree, comparison, refugees, register) };
}

function boroughsOf(
  tree: AreaTree,
  comparison: RegisterComparison,
  refugees: FormedRefugees,
  register: Residents,
): Uint32Array {
  const borough = register.columns.text("stadtbezirk");
  const isInResidents = comparison.residentsRow.map((row, person) =>
    row !== -1 && (borough.values[borough.index[row] ?? 0] !== "" || comparison.foreignersRow[person] === -1)
      ? 1
      : 0,
  );
  const area = new Uint32Array(comparison.found.length);
  placeSome(tree, area, isInResidents, 1, register.columns, comparison.residentsRow);
  placeSome(tree, area, isInResidents, 0, refugees.foreigners.columns, comparison.foreignersRow);
  return area;
}

/** Fills `area` for the persons whose side is `wanted`, from the rows of that register. */
function placeSome(
  tree: AreaTree,
  area: Uint32Array,
  side: Int32Array,
  wanted: number,
  columns: SourceDelivery["columns"],
  rows: Int32Array,
): void {
  const places = tree.place(
    columns,
    rows.filter((_, person) => side[person] === wanted),
    "stadtbezirk",
  );
  let next = 0;
  for (const [person, is] of side.entries()) if (is === wanted) area[person] = places[next++] ?? 0;
}

/** Codes "ohne…" that an earlier week needs: its own ones, and "ohne" for persons of the city who are in no quarter. */
function unassignedIn(week: WeekPoint): readonly string[] {
  const codes: string[] = [];
  let inQuarters = 0;
  for (const [key, value] of week.counts) {
    const [, level, code = "", status] = /^([^:]+):(.*)\|([^|]+)$/.exec(key) ?? [];
    if (status !== "T" || value === 0) continue;
    if (level === "stadtteil") inQuarters += value;
    if (code.startsWith(unassignedCode) && code !== unassignedCode) codes.push(code);
  }
  const total = week.counts.get("stadt:T|T") ?? 0;
  return inQuarters > 0 && inQuarters < total ? [...codes, unassignedCode] : codes;
}

/** The largest nationalities, ties by key; in the order of keys, which tells nothing of their sizes. */
function largestNationalities(persons: Refugees | undefined): readonly string[] {
  const counts = new Map<number, number>();
  for (const key of persons?.nationality ?? []) {
    if (key !== noKey && key !== unknownKey) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .sort(([keyA, a], [keyB, b]) => b - a || keyA - keyB)
    .slice(0, nationalityCount)
    .map(([key]) => String(key).padStart(3, "0"))
    .sort();
}
