import { z } from "zod";
import { AuditedRelease } from "../disclosure/audited-release.ts";
import { policy, readingRulesOf, tightened } from "../disclosure/policy.ts";
import { protect } from "../disclosure/protect.ts";
import { refugeeDefinition } from "../population/definition.ts";
import { lastFriday } from "../registers/calendar.ts";
import { codeTablesVersion } from "../registers/code-table.ts";
import type { Delivery } from "../registers/delivery.ts";
import type { RegisterId } from "../registers/register.ts";
import { dataStates } from "../release/data-states.ts";
import { remembered, type ShownReport } from "../release/former-reports.ts";
import { inForce } from "../release/in-force.ts";
import { isOvertaken } from "../release/overtaken.ts";
import {
  libraryPath,
  provenanceFile,
  publicationPlan,
  type ReleaseFile,
  workbookFile,
} from "../release/plan.ts";
import { releaseId } from "../release/release-id.ts";
import { type ReportWeek, reportWeekAt, reportWeekOf } from "../release/report-week.ts";
import { bevoelkerungAktuell } from "../report/bevoelkerung-aktuell.ts";
import { tableCsv, tableFile } from "../report/csv.ts";
import { releaseJson } from "../report/release-json.ts";
import type { ReportContext } from "../report/report-context.ts";
import { reportWorkbook } from "../report/workbook.ts";
import { type BuiltTables, buildTables } from "../tables/build-tables.ts";
import { completeWeeks } from "./complete-weeks.ts";
import { listDeliveries } from "./delivery-store.ts";
import { type OfficeFiles, readOfficeFiles } from "./office-files.ts";
import { noteFindings } from "./release-findings.ts";
import {
  confirmRelease,
  forgetActions,
  handOnRelease,
  listReleases,
  moveRelease,
  openRelease,
  type Release,
} from "./release-store.ts";
import { readReportSources, seriesName } from "./report-sources.ts";
import { fixNationalities, writeMonths, writeWeek } from "./series-store.ts";
import { sha256 } from "./sha256.ts";
import { beforeRelease, readShown, type ShownBefore, showingOf, writeShowing } from "./shown-before.ts";
import type { Surroundings } from "./surroundings.ts";
import { sendMessage } from "./work-queue.ts";

const requestSchema = z.strictObject({
  /** Instant of the order; written into the files of a release that is made for the first time. */
  now: z.iso.datetime({ offset: true }),
  /** Friday of another week than that of `now`, to rebuild it. */
  referenceDate: z.iso
    .date()
    .refine((day) => lastFriday(day) === day)
    .optional(),
});
/** What stands in the queue "berichte". */
export type ReportRequest = z.output<typeof requestSchema>;

/** @throws {SyntaxError} if a message has not the declared form; its text is not repeated. */
export function readReportRequest(message: unknown): ReportRequest {
  const result = requestSchema.safeParse(message);
  if (result.success) return result.data;
  throw new SyntaxError("Cannot read the order of a report: it must hold an instant, and a date at most");
}

/**
 * Builds the report of a week from the deliveries in force, protects and audits it, writes its files and hands it on to
 * publication, or to an operator where the office wants that. Repeating it meets the same release and changes nothing;
 * tables that the attacker could break are never written.
 */
export async function buildReport(around: Surroundings, request: ReportRequest): Promise<Release> {
  const files = await readOfficeFiles(around.storage);
  const week = weekOf(request, around.settings.officeTimeZone);
  const known = await listDeliveries(around.storage.table("Deliveries"));
  const chosen = inForce(known, week.referenceDate);
  await completeWeeks(around, files, week, known);
  const sources = await readReportSources(around, files, week, chosen);
  const built = buildTables(bevoelkerungAktuell, sources);
  const history = await readShown(around.storage, built.results, week);
  const versions = versionsOf(files, formerEntries(history, week));
  const deliveries = [...chosen.values()].flat();
  const id = releaseId({
    week: week.week,
    deliveries: deliveries.map((delivery) => delivery.id),
    versions,
    results: built.results,
  });
  const release = await openRelease(around.storage.table("Releases"), {
    id,
    week: week.week,
    referenceDate: week.referenceDate,
    now: new Date(request.now).toISOString(),
  });
  around.log("release.opened", { release: id, state: release.state, deliveries: deliveries.length });
  if (release.state !== "building" && release.state !== "failed") {
    return await handOn(around, await metAgain(around, release, request), files);
  }
  await continueSeries(around, files, week, built, sources.foreigners?.id ?? "");
  const rules = rulesOf(files);
  const before = beforeRelease(around, history, release);
  const { tables, evidence } = await protect(built.results, rules, before);
  const audited = await AuditedRelease.audit(tables, rules, { ...before, evidence });
  if (audited.kind === "disclosive") {
    around.log("release.disclosive", { release: id, findings: audited.findings.length });
    return await moveRelease(around.storage.table("Releases"), id, "failed", { reason: "audit" });
  }
  const showing = showingOf(release, week, tables, {
    methodVersion: versions.schutzregeln,
    rules: readingRulesOf(rules),
  });
  await noteFindings(around, tables, showing, history, rules);
  await writeShowing(around.storage, showing, history);
  const context = contextOf(release, week, files, chosen, versions);
  const planHash = await writeRelease(around, context, audited, week, files);
  return await handOn(around, await becomeAudited(around, release, planHash), files);
}

/** Everything that was shown for the weeks before and may decide what this one shows. */
function formerEntries(
  { entries, inForce }: ShownBefore,
  { referenceDate }: ReportWeek,
): readonly ShownReport[] {
  return remembered(entries, referenceDate, inForce).filter((entry) => entry.referenceDate < referenceDate);
}

function weekOf(request: ReportRequest, timeZone: string): ReportWeek {
  return request.referenceDate === undefined
    ? reportWeekAt(new Date(request.now), timeZone)
    : reportWeekOf(request.referenceDate);
}

function rulesOf(files: OfficeFiles): typeof policy {
  return tightened(policy, files.office.schutz);
}

/** `former` is all that values may be held from: what was shown, and in which order, decides what this one shows. */
function versionsOf(files: OfficeFiles, former: readonly ShownReport[]) {
  const earlier = former.map(({ release }) => release);
  const definition = refugeeDefinition(files.office.bericht.definition);
  return {
    bericht: bevoelkerungAktuell.id,
    definition: `${definition.id} v${definition.version}`,
    codes: codeTablesVersion(files.codes),
    schutzregeln: sha256(JSON.stringify(rulesOf(files))).slice(0, 12),
    konfiguration: sha256(JSON.stringify(files.office)).slice(0, 12),
    vorher: earlier.length === 0 ? "keine" : earlier.join(" "),
  };
}

/** @param planHash of the plan that belongs to the files just written: another one is not carried out. */
async function becomeAudited(around: Surroundings, release: Release, planHash: string): Promise<Release> {
  const releases = around.storage.table("Releases");
  if (release.state === "failed") {
    await forgetActions(releases, release.id);
    await moveRelease(releases, release.id, "building");
  }
  return await moveRelease(releases, release.id, "audited", { planHash });
}

/**
 * The same content was built before. It is published once more where a correction stands in the library now: superseded
 * content that is delivered again is in force again.
 */
async function metAgain(around: Surroundings, release: Release, request: ReportRequest): Promise<Release> {
  const releases = around.storage.table("Releases");
  const overtaken = release.state === "published" && isOvertaken(release, await listReleases(releases));
  if (overtaken) await forgetActions(releases, release.id);
  const met = overtaken
    ? await moveRelease(releases, release.id, "audited", { publishedBeside: "" })
    : release;
  const orderedAt = new Date(request.now).toISOString();
  if (orderedAt > (release.confirmedAt ?? release.now)) await confirmRelease(releases, release.id, orderedAt);
  return met;
}

/** True aggregates, kept inside, so that later reports outlive the records. A late register appends nothing. */
async function continueSeries(
  around: Surroundings,
  files: OfficeFiles,
  week: ReportWeek,
  built: BuiltTables,
  foreigners: string,
): Promise<void> {
  const series = around.storage.table("Series");
  const name = seriesName(files.office);
  if (built.week !== undefined) await writeWeek(series, name, built.week, foreigners);
  await writeMonths(series, built.months);
  if (built.nationalities.length > 0) {
    await fixNationalities(series, name, week.isoWeek.slice(0, 4), built.nationalities);
  }
}

function contextOf(
  release: Release,
  week: ReportWeek,
  files: OfficeFiles,
  chosen: ReadonlyMap<RegisterId, readonly Delivery[]>,
  versions: Readonly<Record<string, string>>,
): ReportContext {
  return {
    ...week,
    office: files.office,
    now: release.now,
    releaseId: release.id,
    sources: dataStates(chosen, week.referenceDate, files.office),
    samples: files.samples,
    versions,
    definitionLabel: refugeeDefinition(files.office.bericht.definition).label,
  };
}

/**
 * Writes every file of the release and, last, the plan that publishes them. The same release writes the same bytes.
 *
 * @returns SHA-256 of the plan.
 */
async function writeRelease(
  around: Surroundings,
  context: ReportContext,
  audited: AuditedRelease,
  week: ReportWeek,
  files: OfficeFiles,
): Promise<string> {
  const written: ReleaseFile[] = [];
  const write = async (path: string, content: Uint8Array) => {
    await around.storage
      .container("releases")
      .getBlockBlobClient(`${context.releaseId}/${path}`)
      .uploadData(content);
    written.push({ path, sha256: sha256(content) });
  };
  await write(workbookFile, await reportWorkbook(audited, context));
  for (const table of audited.tables) {
    await write(tableFile(audited, idOf(table)), Buffer.from(tableCsv(audited, idOf(table)), "utf8"));
  }
  const hashes = Object.fromEntries(
    written.map((file) => [libraryPath(file.path, week, files.office), file.sha256]),
  );
  await write(provenanceFile, Buffer.from(releaseJson(audited, context, hashes), "utf8"));
  const plan = Buffer.from(JSON.stringify(publicationPlan(context.releaseId, written, week, files.office)));
  await around.storage
    .container("releases")
    .getBlockBlobClient(`${context.releaseId}/plan.json`)
    .uploadData(plan);
  around.log("release.written", { release: context.releaseId, files: written.length });
  return sha256(plan);
}

function idOf(table: AuditedRelease["tables"][number]): string {
  return table.kind === "published" ? table.table.id : table.id;
}

/** From `audited` on: wait for a person where the office wants that, else publish. */
async function handOn(around: Surroundings, release: Release, files: OfficeFiles): Promise<Release> {
  const releases = around.storage.table("Releases");
  if (release.state === "audited") {
    const next = files.office.bericht.freigabe
      ? await moveRelease(releases, release.id, "held")
      : await handOnRelease(releases, release);
    return await handOn(around, next, files);
  }
  if (release.state === "publishing") {
    await sendMessage(around.storage, "veroeffentlichungen", { releaseId: release.id });
  }
  return release;
}
