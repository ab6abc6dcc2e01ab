import { countMessages } from "../shared/azure/count-messages.ts";
import { listReleases, type Release } from "../shared/azure/release-store.ts";
import { reportWeekAt } from "../shared/release/report-week.ts";
import type { LocalCloud } from "./local-cloud.ts";

const pollMs = 100;
const patienceMs = 60 * 60_000;

/**
 * Orders the report of the week of `now` as an operator would and waits until it is published or held.
 * @throws {Error} if it is neither.
 */
export async function orderReport(cloud: LocalCloud, now: string, timeZone: string): Promise<Release> {
  const headers = { "Content-Type": "application/json" };
  const order = await cloud.host.fetchAs("betrieb", "/berichte/jetzt", {
    method: "POST",
    headers,
    body: "{}",
  });
  if (order.status !== 202)
    throw new Error(`Der Bericht konnte nicht bestellt werden (Antwort ${order.status}).`);
  const { referenceDate } = reportWeekAt(new Date(now), timeZone);
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    if (await isQuiet(cloud)) return await newestRelease(cloud, referenceDate);
    await cloud.refusePoison();
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  throw new Error("Der Bericht ist nach einer Stunde noch nicht fertig.");
}

/** The order leaves its queue when the release is written, and that order when it is published. */
async function isQuiet(cloud: LocalCloud): Promise<boolean> {
  const first = await countMessages(cloud.storage.queue("berichte"));
  return first === 0 && (await countMessages(cloud.storage.queue("veroeffentlichungen"))) === 0;
}

/** The release of the week that was touched last: an older one must not stand for one that failed after it. */
async function newestRelease(cloud: LocalCloud, referenceDate: string): Promise<Release> {
  const releases = await listReleases(cloud.storage.table("Releases"));
  const ofWeek = releases.filter((release) => release.referenceDate === referenceDate);
  const newest = [...ofWeek].sort((a, b) => (a.changedAt < b.changedAt ? -1 : 1)).at(-1);
  if (newest?.state === "published" || newest?.state === "held") return newest;
  const state = newest === undefined ? "nicht begonnen" : `${newest.state} ${newest.reason ?? ""}`.trim();
  throw new Error(`Der Bericht wurde nicht veröffentlicht (${state}).`);
}
