import { inForce } from "../release/in-force.ts";
import type { ReleaseState } from "../release/release-states.ts";
import { isReportDue, reportWeekAt, reportWeekOf } from "../release/report-week.ts";
import type { StoredDelivery } from "./delivery-row.ts";
import { listDeliveries } from "./delivery-store.ts";
import { readOfficeFiles } from "./office-files.ts";
import { listReleases, type Release } from "./release-store.ts";
import type { Surroundings } from "./surroundings.ts";
import { sendMessage } from "./work-queue.ts";

/** Weeks back in which a corrected delivery makes its own report anew. */
const correctedWeeks = 12;

/**
 * Orders the reports that are due: that of the present week from the office's weekday and hour on, once; and that of a
 * week whose foreigners register came or was corrected after its report. Ordering twice builds the same release once.
 * A publication whose order was lost, or given up because the library was away for long, is ordered anew.
 */
export async function scheduleReports(around: Surroundings): Promise<readonly string[]> {
  const { office } = await readOfficeFiles(around.storage);
  const now = around.now();
  const week = reportWeekAt(now, around.settings.officeTimeZone);
  const releases = await listReleases(around.storage.table("Releases"));
  const deliveries = await listDeliveries(around.storage.table("Deliveries"));
  const due =
    isReportDue(now, week, office, around.settings.officeTimeZone) && !isMade(releases, week.referenceDate);
  const ordered = new Set([
    ...(due ? [week.referenceDate] : []),
    ...corrected(releases, deliveries, week.referenceDate),
  ]);
  for (const referenceDate of ordered) {
    await sendMessage(around.storage, "berichte", { now: now.toISOString(), referenceDate });
  }
  const unfinished = releases.filter(({ state }) => state === "publishing");
  for (const { id } of unfinished)
    await sendMessage(around.storage, "veroeffentlichungen", { releaseId: id });
  around.log("reports.scheduled", { ordered: ordered.size, unfinished: unfinished.length });
  return [...ordered];
}

/** What is still being built may have been given up; its order, repeated, goes on or does nothing. */
const unmade: readonly ReleaseState[] = ["building", "audited", "failed"];

function isMade(releases: readonly Release[], referenceDate: string): boolean {
  return releases.some(
    (release) => release.referenceDate === referenceDate && !unmade.includes(release.state),
  );
}

/** Weeks with a report, whose own foreigners register settled after the last order of that week's report. */
function corrected(
  releases: readonly Release[],
  deliveries: readonly StoredDelivery[],
  present: string,
): readonly string[] {
  const weeks = [...new Set(releases.map((release) => release.referenceDate))].sort().slice(-correctedWeeks);
  return weeks.filter((referenceDate) => {
    if (referenceDate > present) return false;
    const own = inForce(deliveries, referenceDate).get("ewo-alw")?.[0];
    const made = releases
      .filter((release) => release.referenceDate === referenceDate)
      .map((release) => release.confirmedAt ?? release.now);
    const isOwnWeek = own?.slot.referenceDate === reportWeekOf(referenceDate).referenceDate;
    return isOwnWeek && (own?.settledAt ?? "") > (made.sort().at(-1) ?? "");
  });
}
