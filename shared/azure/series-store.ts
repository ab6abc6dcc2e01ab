import { odata, type TableClient } from "@azure/data-tables";
import type { MonthPoint, WeekPoint } from "../population/sources.ts";
import { hasStatus } from "./storage-error.ts";

/** Table storage holds 32 Ki UTF-16 characters a property; a point of a large city needs several. */
const charactersPerProperty = 30_000;

const monthSeries = "asylblg";
const decisions = "festlegung";
const imports = "import";

type TextEntity = Readonly<Record<string, unknown>>;

/** Weekly points of a definition ("kommunal.v1") before `before`, at most `weeks` back, oldest first. */
export async function readWeeks(
  table: TableClient,
  definition: string,
  from: string,
  before: string,
): Promise<readonly WeekPoint[]> {
  const filter = odata`PartitionKey eq ${weekSeries(definition)} and RowKey ge ${from} and RowKey lt ${before}`;
  const points: WeekPoint[] = [];
  for await (const entity of table.listEntities({ queryOptions: { filter } })) {
    points.push({ referenceDate: String(entity.rowKey), counts: new Map(parsedText(entity, isCountEntry)) });
  }
  return points;
}

/** The same week again replaces the former point: a correction corrects. `delivery` is the one it was counted from. */
export async function writeWeek(
  table: TableClient,
  definition: string,
  point: WeekPoint,
  delivery: string,
): Promise<void> {
  const entity = textEntity(weekSeries(definition), point.referenceDate, entriesOf(point));
  await table.upsertEntity({ ...entity, delivery }, "Replace");
}

/** Which delivery each weekly point was counted from; "" where it was imported. */
export async function readWeekOrigins(
  table: TableClient,
  definition: string,
  from: string,
  before: string,
): Promise<ReadonlyMap<string, string>> {
  const filter = odata`PartitionKey eq ${weekSeries(definition)} and RowKey ge ${from} and RowKey lt ${before}`;
  const origins = new Map<string, string>();
  const queryOptions = { filter, select: ["RowKey", "delivery"] };
  for await (const entity of table.listEntities<{ delivery?: string }>({ queryOptions })) {
    origins.set(String(entity.rowKey), entity.delivery ?? "");
  }
  return origins;
}

function entriesOf(point: WeekPoint): readonly (readonly [string, number])[] {
  return [...point.counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Adds the points of an imported history where the office has none of its own yet. */
export async function importWeeks(
  table: TableClient,
  definition: string,
  version: string,
  points: readonly WeekPoint[],
): Promise<void> {
  for (const point of points) {
    await createIfAbsent(table, textEntity(weekSeries(definition), point.referenceDate, entriesOf(point)));
  }
  await table.upsertEntity({ partitionKey: imports, rowKey: version }, "Replace");
}

export async function isImported(table: TableClient, version: string): Promise<boolean> {
  return (await findEntity(table, imports, version)) !== undefined;
}

/** All months of the AsylbLG series, oldest first. */
export async function readMonths(table: TableClient): Promise<readonly MonthPoint[]> {
  const filter = odata`PartitionKey eq ${monthSeries}`;
  const points: MonthPoint[] = [];
  for await (const entity of table.listEntities({ queryOptions: { filter } })) {
    points.push(...parsedText(entity, isMonthPoint));
  }
  return points;
}

/** Replaces each month that `points` holds, all its benefit groups together. */
export async function writeMonths(table: TableClient, points: readonly MonthPoint[]): Promise<void> {
  const months = Map.groupBy(points, (point) => point.month);
  for (const [month, ofMonth] of months) {
    await table.upsertEntity(textEntity(monthSeries, month, ofMonth), "Replace");
  }
}

/** The nationalities fixed for a calendar year, so that the choice of rows tells nothing from week to week. */
export async function readNationalities(
  table: TableClient,
  definition: string,
  year: string,
): Promise<readonly string[] | undefined> {
  const entity = await findEntity(table, decisions, nationalityKey(definition, year));
  return entity === undefined ? undefined : parsedText(entity, isText);
}

/** The first decision of a year stands. */
export async function fixNationalities(
  table: TableClient,
  definition: string,
  year: string,
  codes: readonly string[],
): Promise<void> {
  await createIfAbsent(table, textEntity(decisions, nationalityKey(definition, year), codes));
}

function weekSeries(definition: string): string {
  return `woche.${definition}`;
}

function nationalityKey(definition: string, year: string): string {
  return `staatsangehoerigkeit.${definition}.${year}`;
}

function textEntity(partitionKey: string, rowKey: string, content: unknown) {
  const text = JSON.stringify(content);
  const pieces: Record<string, string> = {};
  for (let at = 0; at * charactersPerProperty < text.length; at++) {
    pieces[`text${at}`] = text.slice(at * charactersPerProperty, (at + 1) * charactersPerProperty);
  }
  return { partitionKey, rowKey, pieces: Object.keys(pieces).length, ...pieces };
}

function parsedText<T>(entity: TextEntity, isItem: (item: unknown) => item is T): readonly T[] {
  const pieces = Array.from({ length: Number(entity["pieces"]) }, (_, at) => String(entity[`text${at}`]));
  const items: unknown = JSON.parse(pieces.join(""));
  if (!Array.isArray(items) || !items.every(isItem)) {
    throw new TypeError("Cannot read the series: a stored point must have the declared form");
  }
  return items;
}

function isText(item: unknown): item is string {
  return typeof item === "string";
}

function isCountEntry(item: unknown): item is readonly [string, number] {
  return Array.isArray(item) && item.length === 2 && typeof item[0] === "string" && Number.isInteger(item[1]);
}

function isMonthPoint(item: unknown): item is MonthPoint {
  if (typeof item !== "object" || item === null) return false;
  const fields: Readonly<Record<string, unknown>> = { ...item };
  const numbers = [fields["cases"], fields["persons"], fields["expenditure"]];
  return (
    typeof fields["month"] === "string" && typeof fields["pks"] === "string" && numbers.every(Number.isFinite)
  );
}

async function createIfAbsent(
  table: TableClient,
  entity: { partitionKey: string; rowKey: string },
): Promise<void> {
  try {
    await table.createEntity(entity);
  } catch (error) {
    if (!hasStatus(error, 409)) throw error;
  }
}

async function findEntity(
  table: TableClient,
  partitionKey: string,
  rowKey: string,
): Promise<TextEntity | undefined> {
  try {
    return await table.getEntity(partitionKey, rowKey);
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}
