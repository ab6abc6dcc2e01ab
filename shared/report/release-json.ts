import type { AuditedRelease } from "../disclosure/audited-release.ts";
import type { AuditedTable, Treatment } from "../disclosure/released-table.ts";
import { areaLevels } from "../population/areas.ts";
import { refuseUnknown } from "../registers/refuse-unknown.ts";
import { type Category, type CountedTable, stateOf, type TableDimension } from "../tables/table.ts";
import { totalCode } from "../tables/vocabulary.ts";
import { checkAudited } from "./check-audited.ts";
import type { ReportContext } from "./report-context.ts";

/**
 * `release.json`: where the numbers come from and what was done to them, as text. The same arguments give the same text.
 *
 * @param files SHA-256 of every released file by its path.
 * @throws {TypeError} if the release was not audited.
 */
export function releaseJson(
  release: AuditedRelease,
  context: ReportContext,
  files: Readonly<Record<string, string>>,
): string {
  checkAudited(release);
  const published = release.tables.flatMap((table) => (table.kind === "published" ? [table.table] : []));
  const content = {
    releaseId: context.releaseId,
    week: context.week,
    referenceDate: context.referenceDate,
    deliveries: context.sources.flatMap(({ deliveries }) =>
      deliveries.map(({ id, sha256 }) => ({ id, sha256 })),
    ),
    versions: sortedByKey(context.versions),
    hierarchies: hierarchiesOf(published),
    tables: release.tables.map(tableFacts),
    files: sortedByKey(files),
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

function sortedByKey<Value>(record: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

type TableFacts = {
  readonly id: string;
  readonly method: string;
  readonly cells: number;
  readonly suppressed: number;
  /** Cells that still have the value last published. */
  readonly held: number;
  readonly coarsenedTo: string | null;
  /** By register the day that is counted. */
  readonly referenceDates: Readonly<Record<string, string>>;
  readonly audit: AuditedTable["audit"];
};

const untold = { cells: 0, suppressed: 0, held: 0, coarsenedTo: null } as const;

/** Of a withheld table no number is told, not even how many cells it had. */
function tableFacts(released: AuditedTable): TableFacts {
  const { audit } = released;
  switch (released.kind) {
    case "published": {
      const { table, method, treatments } = released;
      const { states } = table;
      return {
        id: table.id,
        method,
        cells: states.length,
        suppressed: states.filter((state) => state === stateOf.confidential).length,
        held: states.filter((state) => state === stateOf.held).length,
        coarsenedTo: treatments.length === 0 ? null : coarsenedTo(table, treatments),
        referenceDates: sortedByKey(table.referenceDates),
        audit,
      };
    }
    case "withheld":
      return {
        id: released.id,
        method: "withhold",
        ...untold,
        referenceDates: sortedByKey(released.referenceDates),
        audit,
      };
    case "missing":
      return { id: released.id, method: "missing", ...untold, referenceDates: {}, audit };
    default:
      return refuseUnknown(released, "table of a release");
  }
}

/** "raum=stadtbezirk, staatsangehoerigkeit=sonstige": per treated dimension its finest level, its groups, or the total. */
function coarsenedTo(table: CountedTable, treatments: readonly Treatment[]): string {
  const byDimension = Map.groupBy(treatments, (treatment) => treatment.dimension);
  return [...byDimension]
    .map(
      ([dimension, steps]) =>
        `${dimension}=${[...new Set(steps.map((step) => resultOf(table, step)))].join("+")}`,
    )
    .join(", ");
}

function resultOf(table: CountedTable, treatment: Treatment): string {
  switch (treatment.kind) {
    case "merged": // of areas only those without assignment are merged, into many
      return treatment.dimension === "raum" ? "ohne" : treatment.into;
    case "dropped-dimension":
      return "T";
    case "dropped-level":
      return finestLevel(table);
    default:
      return refuseUnknown(treatment, "treatment");
  }
}

function finestLevel({ dimensions }: CountedTable): string {
  const areas = dimensions.find(({ id }) => id === "raum")?.categories ?? [];
  return areaLevels.findLast((level) => areas.some((area) => area.level === level)) ?? "T";
}

/** Child → parent of every dimension that has a total, over all published tables; the nearest parent where they differ. */
function hierarchiesOf(
  tables: readonly CountedTable[],
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const hierarchies = new Map<string, Map<string, string>>();
  for (const [id, links] of tables.flatMap(linksByDimension)) {
    const parents = hierarchies.get(id) ?? new Map<string, string>();
    for (const [child, parent, nearest] of links) {
      if (nearest || !parents.has(child)) {
        parents.set(child, parent);
      }
    }
    if (parents.size > 0) {
      hierarchies.set(id, parents);
    }
  }
  return sortedByKey(
    Object.fromEntries(
      [...hierarchies].map(([id, parents]) => [id, sortedByKey(Object.fromEntries(parents))]),
    ),
  );
}

/** Child, parent, and whether the parent is nearer than the total. */
type Link = readonly [child: string, parent: string, isNear: boolean];

/** Groups of benefit keys are known to everybody, also where a table does not form them: another one counts by them. */
function linksByDimension({ dimensions, coarsening }: CountedTable) {
  return dimensions.map((dimension) => {
    const steps = dimension.id === "pks" ? (coarsening.pks ?? []) : [];
    const groups = steps.flatMap((step) => (step.kind === "merge" ? step.groups : []));
    const known = groups.flatMap(({ code, members }) => members.map((member): Link => [member, code, true]));
    const tops = groups.map(({ code }): Link => [code, totalCode, false]);
    return [dimension.id, [...linksOf(dimension), ...known, ...tops]] as const;
  });
}

function linksOf(dimension: TableDimension): readonly Link[] {
  return dimension.categories.flatMap((category) => {
    const parent = dimension.categories[category.parent ?? -1];
    if (parent === undefined) {
      return [];
    }
    const own = keyOf(dimension, category);
    // A group tells of its members, an area of those that joined it; the code of a remainder lists them itself.
    const isRemainder = category.code.includes("+");
    const members = isRemainder ? [] : (category.merged ?? []).filter((code) => code !== category.code);
    return [
      [own, keyOf(dimension, parent), parent.parent !== undefined] as const,
      ...members.map((code) => [keyOf(dimension, { ...category, code }), own, true] as const),
    ];
  });
}

function keyOf(dimension: TableDimension, { level, code }: Category): string {
  return dimension.id === "raum" ? `${level ?? ""}:${code}` : code;
}
