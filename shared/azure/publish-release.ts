import { ManagedIdentityCredential } from "@azure/identity";
import { z } from "zod";
import { refuseUnknown } from "../registers/refuse-unknown.ts";
import { isNewestWeek, isOvertaken } from "../release/overtaken.ts";
import type { Action, Plan } from "../release/plan.ts";
import { attackRelease } from "./attack-release.ts";
import { GraphFailure, type Library, openLibrary, type SessionStore } from "./graph.ts";
import { recordShowing } from "./ledger-store.ts";
import {
  findRelease,
  listDoneActions,
  listReleases,
  loadUploadUrl,
  moveRelease,
  noteLedgerEntry,
  type Release,
  recordActionDone,
  saveUploadUrl,
} from "./release-store.ts";
import { isSameWorkbook } from "./same-workbook.ts";
import type { Settings } from "./settings.ts";
import { sha256 } from "./sha256.ts";
import { readShowing } from "./shown-before.ts";
import type { Surroundings } from "./surroundings.ts";
import { sendMessage } from "./work-queue.ts";

const messageSchema = z.strictObject({ releaseId: z.string().regex(/^\d{4}-KW\d{2}-[0-9a-f]{12}$/) });

const planSchema = z.strictObject({
  releaseId: z.string(),
  actions: z.array(
    z.discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("upload"),
        id: z.string(),
        file: z.string(),
        target: z.string(),
        sha256: z.string(),
        whenLocked: z.string().optional(),
        onlyNewest: z.literal(true).optional(),
      }),
      z.strictObject({
        kind: z.enum(["attack-files", "record-shown", "record-published"]),
        id: z.string(),
      }),
    ]),
  ),
});

/** Why a release failed: a corrected one of its week came out, its files give something away, or others showed more. */
const failures = { overtaken: "überholt", disclosive: "attack", notAudited: "ledger" } as const;

const contentTypes: Readonly<Record<string, string>> = {
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  csv: "text/csv",
  json: "application/json",
};

/** @throws {SyntaxError} if a message of the queue "veroeffentlichungen" has not the declared form. */
export function readPublishMessage(message: unknown): string {
  const result = messageSchema.safeParse(message);
  if (result.success) return result.data.releaseId;
  throw new SyntaxError("Cannot read the order of a publication: it must name a release");
}

/** The document library of the settings, with tokens of the managed identity. */
export function libraryOf(settings: Settings): Library {
  const clientId = settings.storage.kind === "identity" ? settings.storage.clientId : undefined;
  const credential =
    clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
  const getToken = async () => (await credential.getToken("https://graph.microsoft.com/.default")).token;
  const { graphUrl, sharePointDriveId: driveId, sharePointFolder: folder } = settings;
  return openLibrary({ graphUrl, driveId, folder, organisation: "Statistikstelle" }, getToken);
}

/**
 * Carries out the plan of a release in order, going on after the last action that is recorded as done. Every action may
 * be repeated: an upload that finds its own bytes in place is done. A release that a corrected one of its week has overtaken
 * is given up, so that a late repetition never brings former figures back.
 *
 * @throws {GraphFailure} where the library refuses; the queue tries again.
 */
export async function publishRelease(around: Surroundings, library: Library, id: string): Promise<Release> {
  const releases = around.storage.table("Releases");
  const release = await findRelease(releases, id);
  if (release === undefined) throw new RangeError(`Cannot publish release "${id}": it must exist`);
  if (release.state !== "publishing") return release;
  if (isOvertaken(release, await listReleases(releases))) {
    around.log("release.overtaken", { release: id });
    return await moveRelease(releases, id, "failed", { reason: failures.overtaken });
  }
  const plan = await readPlan(around, release);
  const done = await listDoneActions(releases, id);
  for (const action of plan.actions) {
    if (done.has(action.id)) continue;
    const stopped = await carryOut(around, library, release, action);
    if (stopped !== undefined) return stopped;
    await recordActionDone(releases, id, action.id);
  }
  return (await findRelease(releases, id)) ?? release;
}

async function readPlan(around: Surroundings, { id, planHash }: Release): Promise<Plan> {
  const bytes = await readFile(around, id, "plan.json");
  if (sha256(bytes) !== planHash)
    throw new RangeError(`Cannot publish release "${id}": its plan must be the one of its audited files`);
  return planSchema.parse(JSON.parse(bytes.toString("utf8")));
}

/** The release as it stands where nothing more may be done with it. */
async function carryOut(
  around: Surroundings,
  library: Library,
  release: Release,
  action: Action,
): Promise<Release | undefined> {
  const { id } = release;
  switch (action.kind) {
    case "attack-files":
      return await attackFiles(around, release);
    case "record-shown":
      return await recordShown(around, release);
    case "upload":
      if (!action.onlyNewest || isNewestWeek(release, await listReleases(around.storage.table("Releases"))))
        await upload(around, library, id, action);
      return undefined;
    case "record-published":
      await moveRelease(around.storage.table("Releases"), id, "published");
      around.log("release.published", { release: id });
      return undefined;
    default:
      return refuseUnknown(action, "action");
  }
}

async function attackFiles({ storage, log }: Surroundings, release: Release): Promise<Release | undefined> {
  const outcome = await attackRelease(storage, release.id);
  if (outcome.kind === "withstood") return undefined;
  const [reason = "none"] = outcome.reasons; // place and rule
  log("release.disclosive", { release: release.id, findings: outcome.reasons.length, reason });
  return await moveRelease(storage.table("Releases"), release.id, "failed", { reason: failures.disclosive });
}

/** Where others have shown something of the same counts meanwhile, the report is ordered again, to be audited with that. */
async function recordShown({ storage, log }: Surroundings, release: Release): Promise<Release | undefined> {
  const { id, now, referenceDate } = release;
  const { showing, audited } = await readShowing(storage, id);
  const recorded = await recordShowing(storage, showing, audited);
  if (recorded.kind === "recorded") {
    await noteLedgerEntry(storage.table("Releases"), id, recorded.entry);
    return undefined;
  }
  log("release.not-audited", { release: id });
  // Ordered first: a crash in between orders twice and loses nothing.
  await sendMessage(storage, "berichte", { now, referenceDate });
  return await moveRelease(storage.table("Releases"), id, "failed", { reason: failures.notAudited });
}

async function upload(
  around: Surroundings,
  library: Library,
  id: string,
  action: Extract<Action, { kind: "upload" }>,
): Promise<void> {
  const bytes = await readFile(around, id, action.file);
  if (sha256(bytes) !== action.sha256) {
    throw new RangeError(
      `Cannot publish release "${id}": file "${action.file}" must be the one that was audited`,
    );
  }
  try {
    await place(around, library, id, action, action.target, bytes);
  } catch (error) {
    if (!(error instanceof GraphFailure) || error.status !== 423 || action.whenLocked === undefined)
      throw error;
    await place(around, library, id, action, action.whenLocked, bytes);
    await notePublishedBeside(around, id, action.whenLocked);
  }
}

/** Puts the file there unless it is there already, and reads it back: an answer may have been lost, or have lied. */
async function place(
  around: Surroundings,
  library: Library,
  id: string,
  action: Extract<Action, { kind: "upload" }>,
  target: string,
  bytes: Buffer,
): Promise<void> {
  const present = await library.find(target);
  if (present !== undefined && (await holds(library, target, bytes))) return;
  const contentType = contentTypes[target.slice(target.lastIndexOf(".") + 1)] ?? "application/octet-stream";
  await library.write(target, bytes, contentType, present?.eTag, sessionOf(around, id, action.id));
  if (!(await holds(library, target, bytes))) {
    throw new Error(
      `Cannot publish release "${id}": file "${action.file}" must be read back as it was written`,
    );
  }
}

async function holds(library: Library, target: string, bytes: Buffer): Promise<boolean> {
  const present = Buffer.from(await library.read(target));
  return present.equals(bytes) || (target.endsWith(".xlsx") && (await isSameWorkbook(bytes, present)));
}

function sessionOf(around: Surroundings, id: string, action: string): SessionStore {
  const releases = around.storage.table("Releases");
  return {
    load: () => loadUploadUrl(releases, id, action),
    save: (url) => saveUploadUrl(releases, id, action, url),
  };
}

async function notePublishedBeside(around: Surroundings, id: string, name: string): Promise<void> {
  await around.storage
    .table("Releases")
    .updateEntity({ partitionKey: "release", rowKey: id, publishedBeside: name }, "Merge");
  around.log("release.published-beside", { release: id, name });
}

async function readFile(around: Surroundings, id: string, path: string): Promise<Buffer> {
  return await around.storage.container("releases").getBlobClient(`${id}/${path}`).downloadToBuffer();
}
