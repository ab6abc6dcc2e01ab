import { addDays, lastFriday } from "../registers/calendar.ts";
import type { Delivery } from "../registers/delivery.ts";
import { inForce } from "../release/in-force.ts";
import { type ReportWeek, reportWeekOf } from "../release/report-week.ts";
import { bevoelkerungAktuell } from "../report/bevoelkerung-aktuell.ts";
import { buildTables } from "../tables/build-tables.ts";
import type { OfficeFiles } from "./office-files.ts";
import { daysOfHistory, readReportSources, seriesName } from "./report-sources.ts";
import { readWeekOrigins, writeWeek } from "./series-store.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * Makes the points of earlier weeks whose foreigners register came without a report of their own, or was corrected since:
 * late, out of order, or several weeks at once. Each week is counted from what was in force on its own Friday; what has a
 * point from the very delivery in force is left alone.
 */
export async function completeWeeks(
  around: Surroundings,
  files: OfficeFiles,
  week: ReportWeek,
  deliveries: readonly Delivery[],
): Promise<void> {
  const series = around.storage.table("Series");
  const name = seriesName(files.office);
  const from = addDays(week.referenceDate, -daysOfHistory);
  const origins = await readWeekOrigins(series, name, from, week.referenceDate);
  for (const { id, slot } of ownWeeks(deliveries, from, week.referenceDate)) {
    if (origins.get(slot.referenceDate) === id) continue;
    const chosen = inForce(deliveries, slot.referenceDate);
    const ofPersons = new Map([...chosen].filter(([register]) => personRegisters.has(register)));
    const sources = await readReportSources(around, files, reportWeekOf(slot.referenceDate), ofPersons);
    const { week: point } = buildTables(bevoelkerungAktuell, sources);
    if (point !== undefined) await writeWeek(series, name, point, id);
    around.log("series.completed", { deliveryId: id, counted: point !== undefined });
  }
}

/** What a weekly point is counted from. */
const personRegisters: ReadonlySet<string> = new Set(["ewo-alw", "ewo", "gliederung"]);

function ownWeeks(deliveries: readonly Delivery[], from: string, before: string): readonly Delivery[] {
  return deliveries
    .filter(({ state, slot }) => state === "complete" && slot.register === "ewo-alw")
    .filter(({ slot: { referenceDate } }) => referenceDate >= from && referenceDate < before)
    .filter(({ slot: { referenceDate } }) => lastFriday(referenceDate) === referenceDate)
    .sort((a, b) => (a.slot.referenceDate < b.slot.referenceDate ? -1 : 1));
}
