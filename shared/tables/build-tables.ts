import type { MonthPoint, ReportSources, WeekPoint } from "../population/sources.ts";
import { refuseUnknown } from "../registers/refuse-unknown.ts";
import { assembleTable, type CountResult, titleOf } from "./assemble.ts";
import { type BenefitMonths, benefitMonths, monthPoints } from "./benefit-months.ts";
import { countAllMonths, countNewestMonth } from "./count-benefits.ts";
import { countRefugees, countRegisters, countResidents, RefugeeColumns } from "./count-persons.ts";
import { countPupils, pupilsOf } from "./count-pupils.ts";
import { comparedDates, countWeeks, weekPoint } from "./count-weeks.ts";
import type { ReportDefinition, TableContent, TableDefinition } from "./definition.ts";
import { formBasis, type ReportBasis } from "./report-basis.ts";
import type { DimensionId, TableResult } from "./table.ts";

export type BuiltTables = {
  /** In the order of the definition. */
  readonly results: readonly TableResult[];
  /** This week for the series; absent where the foreigners register is late or missing. */
  readonly week?: WeekPoint;
  /** Months for the series: billing in force by PKS, history where no billing is known. */
  readonly months: readonly MonthPoint[];
  /** Nationalities shown apart, by key; to be kept for the calendar year. Empty without foreigners register. */
  readonly nationalities: readonly string[];
  /** Figures for the office's quality report, never published: rule → how often. */
  readonly quality: Readonly<Record<string, number>>;
};

/**
 * Counts the tables of a report. The same sources give the same tables, whatever the order of their rows.
 *
 * A table whose register has no usable delivery is `missing`; the others are counted all the same. A late foreigners
 * register is counted at its own reference date and gives no point for the series.
 */
export function buildTables(definition: ReportDefinition, sources: ReportSources): BuiltTables {
  const contents = definition.tables.map(({ content }) => content);
  const basis = formBasis(sources, {
    residents: contents.some(({ kind }) => kind === "residents"),
    comparison: contents.some(({ kind }) => kind === "registers"),
    weeks: weeksWithAreas(contents, sources),
  });
  const counting: Counting = {
    basis,
    columns: basis.refugees && new RefugeeColumns(basis, basis.refugees),
    months: benefitMonths(sources),
    pupils: pupilsOf(sources.pupils),
  };
  const week = counting.columns && weekPoint(basis, counting.columns);
  return {
    results: definition.tables.map((table) => resultOf(table, counting)),
    ...(week && { week }),
    months: monthPoints(counting.months),
    nationalities: basis.nationalities,
    quality: qualityOf(counting),
  };
}

/** Everything formed once, for all tables. */
type Counting = {
  readonly basis: ReportBasis;
  readonly columns: RefugeeColumns | undefined;
  readonly months: BenefitMonths;
  readonly pupils: ReturnType<typeof pupilsOf>;
};

function resultOf(table: TableDefinition, counting: Counting): TableResult {
  const counted = countContent(table, counting);
  if (!("missing" in counted)) {
    return { kind: "counted", table: assembleTable(table, counting.basis, counted) };
  }
  const { id, name, content } = table;
  const title = titleOf(table, counting.basis);
  return {
    kind: "missing",
    table: { id, name, title, dimensions: dimensionIdsOf(content), missing: counted.missing },
  };
}

function countContent(table: TableDefinition, counting: Counting): CountResult {
  const { content, levels = [] } = table;
  const { basis, columns, months } = counting;
  switch (content.kind) {
    case "refugees":
      return countRefugees(basis, columns, content, levels);
    case "refugees-by-week":
      return countWeeks(basis, columns, content, levels);
    case "residents":
      return countResidents(basis, columns, levels);
    case "benefits":
      return countNewestMonth(basis, months);
    case "benefits-by-month":
      return countAllMonths(basis, months);
    case "registers":
      return countRegisters(basis, levels);
    case "pupils":
      return countPupils(basis, counting.pupils);
    default:
      return refuseUnknown(content, "content of a table");
  }
}

function dimensionIdsOf(content: TableContent): readonly DimensionId[] {
  switch (content.kind) {
    case "refugees":
      return content.by;
    case "refugees-by-week":
      return content.by === "raum" ? ["raum", "zeitpunkt"] : ["zeitpunkt", "aufenthaltsstatus"];
    case "residents":
      return ["raum"];
    case "benefits":
      return ["pks"];
    case "benefits-by-month":
      return ["monat", "pks_gruppe"];
    case "registers":
      return ["raum", "registerlage"];
    case "pupils":
      return ["schulform", "neu_zugewandert"];
    default:
      return refuseUnknown(content, "content of a table");
  }
}

/** Earlier weeks that some table shows by area. */
function weeksWithAreas(contents: readonly TableContent[], sources: ReportSources): readonly WeekPoint[] {
  const now = sources.foreigners?.referenceDate;
  if (now === undefined) return [];
  const byArea = contents.filter((content) => content.kind === "refugees-by-week" && content.by === "raum");
  const dates = new Set(byArea.flatMap((content) => comparedDates(content, now)));
  return sources.weeks.filter(({ referenceDate }) => dates.has(referenceDate));
}

function qualityOf({ basis, months, pupils }: Counting): Readonly<Record<string, number>> {
  return {
    ...basis.refugees?.persons.quality,
    ...unassignedCounts(basis),
    ...(pupils && { "pupils.in-several-schools": pupils.inSeveralSchools }),
    "benefits.months-differing-from-history": months.differing,
  };
}

/** Refugees who could not be assigned to a block, and those to no borough. */
function unassignedCounts(basis: ReportBasis): Readonly<Record<string, number>> {
  if (basis.refugees === undefined || basis.areas === undefined) return {};
  let block = 0;
  let borough = 0;
  for (const place of basis.refugees.area) {
    const area = basis.areas[place];
    if (area?.level !== "baublock" || area.code.startsWith("ohne-")) block++;
    if (area?.code === "ohne") borough++;
  }
  return { "refugees.without-block": block, "refugees.without-borough": borough };
}
