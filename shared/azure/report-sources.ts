import type { BlobClient } from "@azure/storage-blob";
import { columnsNeededOf } from "../population/columns-needed.ts";
import { refugeeDefinition } from "../population/definition.ts";
import type { ReportSources, SourceDelivery, WeekPoint } from "../population/sources.ts";
import { addDays } from "../registers/calendar.ts";
import type { Delivery } from "../registers/delivery.ts";
import type { RegisterId } from "../registers/register.ts";
import type { ReportWeek } from "../release/report-week.ts";
import { readSeriesFile } from "../release/series-file.ts";
import type { StorageClients } from "./clients.ts";
import { plainETag } from "./etag.ts";
import type { OfficeFiles } from "./office-files.ts";
import { readColumns } from "./record-store.ts";
import { importWeeks, isImported, readMonths, readNationalities, readWeeks } from "./series-store.ts";
import { hasStatus } from "./storage-error.ts";
import type { Surroundings } from "./surroundings.ts";

/** Weeks of history that a report shows: 52 and the present one, and some for a shifted calendar. */
export const daysOfHistory = 54 * 7;

/** Name of the series of the office's definition; another definition or version is another series. */
export function seriesName(office: OfficeFiles["office"]): string {
  const { id, version } = refugeeDefinition(office.bericht.definition);
  return `${id}.v${version}`;
}

/** Reads what a report of `week` is counted from: the needed columns of the deliveries in force, and the series. */
export async function readReportSources(
  around: Surroundings,
  files: OfficeFiles,
  week: ReportWeek,
  chosen: ReadonlyMap<RegisterId, readonly Delivery[]>,
): Promise<ReportSources> {
  const series = around.storage.table("Series");
  const name = seriesName(files.office);
  await importHistory(around, name);
  const read = (register: RegisterId, part?: string) => readSources(around, chosen.get(register) ?? [], part);
  const [foreigners, residents, addresses, areaNames] = await Promise.all([
    read("ewo-alw"),
    read("ewo"),
    read("gliederung", "adressen"),
    read("gliederung", "namen"),
  ]);
  return {
    referenceDate: week.referenceDate,
    office: files.office,
    codes: files.codes,
    foreigners: foreigners[0],
    residents: residents[0],
    addresses: addresses[0],
    areaNames: areaNames[0],
    nationalities: await readNationalities(series, name, week.isoWeek.slice(0, 4)),
    benefits: await read("akdn-sozial"),
    pupils: await read("schild"),
    history: await read("fortschreibung"),
    weeks: await readWeeks(series, name, addDays(week.referenceDate, -daysOfHistory), week.referenceDate),
    months: await readMonths(series),
    choose: around.keys.choose,
  };
}

async function readSources(
  around: Surroundings,
  deliveries: readonly Delivery[],
  part: string | undefined,
): Promise<readonly SourceDelivery[]> {
  const sources: SourceDelivery[] = [];
  for (const delivery of deliveries) {
    const { register, part: ownPart, referenceDate } = delivery.slot;
    if (part !== undefined && part !== ownPart) continue;
    const wanted = columnsNeededOf(register, ownPart);
    const columns = await readColumns(around.storage.table("Records"), delivery, wanted);
    sources.push({ id: delivery.id, part: ownPart, referenceDate, columns });
  }
  return sources;
}

/** `config/serie.csv` once per version of the file: what the office knew before its first report. */
async function importHistory(around: Surroundings, name: string): Promise<void> {
  const series = around.storage.table("Series");
  const etag = await historyVersion(around.storage);
  const version = `serie.csv ${name} ${etag}`;
  if (etag === undefined || (await isImported(series, version))) return;
  await importWeeks(series, name, version, await readHistoryFile(around.storage));
}

async function historyVersion(storage: StorageClients): Promise<string | undefined> {
  try {
    const { etag = "" } = await historyBlob(storage).getProperties();
    return plainETag(etag);
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

/**
 * The weeks of `config/serie.csv`, none where there is no such file.
 * @throws {SyntaxError} naming line and rule.
 */
export async function readHistoryFile(storage: StorageClients): Promise<readonly WeekPoint[]> {
  if ((await historyVersion(storage)) === undefined) return [];
  return readSeriesFile((await historyBlob(storage).downloadToBuffer()).toString("utf8"));
}

function historyBlob(storage: StorageClients): BlobClient {
  return storage.container("config").getBlobClient("serie.csv");
}
