import { z } from "zod";
import { nameOf, parentOf, readDrivePath } from "./drive-path.ts";
import {
  type ConflictBehavior,
  cTagOf,
  type DriveItem,
  type DriveStore,
  eTagOf,
  newId,
} from "./drive-store.ts";
import type { Faults } from "./faults.ts";
import {
  checkQuery,
  type GraphCall,
  GraphRefusal,
  type GraphReply,
  invalid,
  notFound,
  readJson,
  select,
} from "./graph-call.ts";
import { UploadSessions } from "./upload-sessions.ts";

export type Drive = {
  readonly siteId: string;
  readonly driveId: string;
  readonly store: DriveStore;
  readonly faults: Faults;
  readonly uploads: UploadSessions<typeof uploadTargetSchema>;
  /** The stand-in's own address. */
  url(): string;
  /** A short-lived address of a file's content that needs no token. */
  downloadUrl(path: string): string;
};

/** Where the content of one finished session goes. */
const uploadTargetSchema = z.object({
  path: z.string(),
  conflict: z.enum(["fail", "replace", "rename"]),
  ifMatch: z.string().optional(),
});

const megabyte = 1_000_000;
export const largestContent = 250 * megabyte;
export const largestRange = 60 * 1_048_576;
const rangeMultiple = 327_680;

const sessionSchema = z.strictObject({
  item: z
    .strictObject({
      "@microsoft.graph.conflictBehavior": z.enum(["fail", "replace", "rename"]).default("fail"),
      "@odata.type": z.string().optional(),
      name: z.string().optional(),
      fileSize: z.int().nonnegative().optional(),
    })
    .prefault({}),
});
const checkinSchema = z.strictObject({
  comment: z.string().optional(),
  checkInAs: z.enum(["published", "unspecified"]).optional(),
});
const inviteSchema = z.strictObject({
  recipients: z.array(z.strictObject({ email: z.email() })).min(1),
  roles: z.array(z.enum(["read", "write"])).length(1),
  requireSignIn: z.boolean(),
  sendInvitation: z.boolean().optional(),
  message: z.string().optional(),
});

const itemPattern =
  /^\/drives\/([^/]+)\/(?:root|items\/([^/:]+))(?::\/([^:]*?)\/?)?(?::?\/(children|content|createUploadSession|checkout|checkin|permissions|invite)(?:\/([^/]+))?)?:?$/;

type Target = { readonly path: string; readonly action: string; readonly detail: string | undefined };

/** Undefined when the address is none of a drive or site. */
export function serveDrive(drive: Drive, call: GraphCall): GraphReply | undefined {
  const site = siteReply(drive, call);
  if (site !== undefined) return site;
  const found = itemPattern.exec(call.path);
  if (found === null) return undefined;
  const [, driveId = "", id, below, action = "item", detail] = found;
  if (driveId !== drive.driveId) throw notFound();
  const base = id === undefined ? "" : drive.store.getById(id).path;
  const path = [base, readDrivePath(below ?? "")].filter((part) => part !== "").join("/");
  return serveItem(drive, call, { path, action, detail });
}

function siteReply(drive: Drive, call: GraphCall): GraphReply | undefined {
  if (call.method !== "GET") return undefined;
  const site = { id: drive.siteId, displayName: "Statistik", webUrl: `${drive.url()}/sites/statistik` };
  const document = { id: drive.driveId, driveType: "documentLibrary", name: "Dokumente" };
  const replies: Readonly<Record<string, object>> = {
    [`/sites/${drive.siteId}`]: site,
    [`/sites/${drive.siteId}/drive`]: document,
    [`/sites/${drive.siteId}/drives`]: { value: [document] },
    [`/drives/${drive.driveId}`]: document,
  };
  const path = decodeURI(call.path);
  const json = Object.hasOwn(replies, path) ? replies[path] : undefined;
  if (json === undefined) return undefined;
  checkQuery(call, ["$select"]);
  return { status: 200, json: select(call, json) };
}

type Handler = (drive: Drive, call: GraphCall, target: Target) => GraphReply;

const handlers: Readonly<Record<string, Handler>> = {
  "GET item": (drive, call, { path }) => {
    checkQuery(call, ["$select"]);
    return { status: 200, json: select(call, itemJson(drive, drive.store.get(path))) };
  },
  "GET children": listChildren,
  "GET content": (drive, _, { path }) => {
    drive.store.read(path);
    return { status: 302, headers: { location: drive.downloadUrl(path) } };
  },
  "PUT content": putContent,
  "POST createUploadSession": createSession,
  "POST checkout": (drive, _, { path }) => checkOut(drive, path),
  "POST checkin": checkIn,
  "GET permissions": (drive, _, { path }) => ({
    status: 200,
    json: { value: drive.store.get(path).permissions.map(permissionJson) },
  }),
  "POST invite": invite,
  "DELETE permissions": revoke,
};

function serveItem(drive: Drive, call: GraphCall, target: Target): GraphReply {
  const handler = handlers[`${call.method} ${target.action}`];
  if (handler === undefined) {
    throw new GraphRefusal(405, "notAllowed", "The stand-in does not know this method here");
  }
  if ((target.detail === undefined) !== (handler !== revoke)) throw notFound();
  return handler(drive, call, target);
}

function listChildren(drive: Drive, call: GraphCall, { path }: Target): GraphReply {
  checkQuery(call, ["$select", "$top", "$skiptoken"]);
  const items = drive.store.children(path);
  const first = Number(call.query.get("$skiptoken") ?? 0);
  const count = Number(call.query.get("$top") ?? 200);
  if (!Number.isInteger(first) || !Number.isInteger(count) || count < 1)
    throw invalid("$top must be a number");
  const value = items.slice(first, first + count).map((item) => select(call, itemJson(drive, item)));
  const next = new URLSearchParams([...call.query].filter(([name]) => name !== "$skiptoken"));
  next.set("$skiptoken", String(first + count));
  const link =
    first + count < items.length ? { "@odata.nextLink": `${drive.url()}/v1.0${call.path}?${next}` } : {};
  return { status: 200, json: { value, ...link } };
}

function putContent(drive: Drive, call: GraphCall, { path }: Target): GraphReply {
  checkQuery(call, ["@microsoft.graph.conflictBehavior", "$select"]);
  if (call.body.length > largestContent) {
    throw new GraphRefusal(413, "requestEntityTooLarge", "Content above 250 MB needs an upload session");
  }
  requireFile(path);
  const conflict = readConflict(call.query.get("@microsoft.graph.conflictBehavior"));
  const { item, isNew } = writeFile(drive, path, call.body, conflict, call.headers["if-match"]);
  return { status: isNew ? 201 : 200, json: select(call, itemJson(drive, item)) };
}

function readConflict(text: string | null): ConflictBehavior {
  if (text === null) return "replace";
  if (text === "fail" || text === "replace" || text === "rename") return text;
  throw invalid("conflictBehavior must be fail, replace or rename");
}

function requireFile(path: string): void {
  if (path === "") throw invalid("The content of the root cannot be written");
}

function writeFile(
  drive: Drive,
  path: string,
  bytes: Uint8Array,
  conflict: ConflictBehavior,
  ifMatch: string | undefined,
): { item: DriveItem; isNew: boolean } {
  drive.faults.checkLock(path);
  return drive.store.write(path, bytes, { conflict, ifMatch });
}

function createSession(drive: Drive, call: GraphCall, { path }: Target): GraphReply {
  checkQuery(call, []);
  const { item } = readJson(call, sessionSchema);
  requireFile(path);
  if (item.name !== undefined && item.name !== nameOf(path))
    throw invalid("item.name must be the one of the address");
  drive.faults.checkLock(path);
  const conflict = item["@microsoft.graph.conflictBehavior"];
  const ifMatch = call.headers["if-match"];
  if (call.headers["if-none-match"] === "*" && drive.store.find(path) !== undefined) {
    throw new GraphRefusal(412, "preconditionFailed", "The file must not exist yet");
  }
  if (conflict !== "fail") drive.store.checkWrite(path, { conflict, ifMatch });
  const name = drive.uploads.open({ path, conflict, ...(ifMatch === undefined ? {} : { ifMatch }) });
  return {
    status: 200,
    json: {
      uploadUrl: `${drive.url()}/_upload/drive/${name}`,
      expirationDateTime: "2099-12-31T23:59:59Z",
      nextExpectedRanges: ["0-"],
    },
  };
}

/** Sessions whose last range writes the file; a name that is taken shows only then. */
export function openDriveUploads(directory: string, drive: () => Drive): Drive["uploads"] {
  return new UploadSessions(directory, uploadTargetSchema, {
    largestRange,
    multipleOf: rangeMultiple,
    openRange: (next) => `${next}-`,
    progressStatus: 202,
    complete({ path, conflict, ifMatch }, bytes) {
      const { item, isNew } = writeFile(drive(), path, bytes, conflict, ifMatch);
      return { status: isNew ? 201 : 200, json: itemJson(drive(), item) };
    },
  });
}

function checkOut(drive: Drive, path: string): GraphReply {
  if (drive.store.get(path).isFolder) throw invalid("A folder cannot be checked out");
  drive.faults.checkLock(path);
  drive.store.update(path, { isCheckedOut: true });
  return { status: 204 };
}

function checkIn(drive: Drive, call: GraphCall, { path }: Target): GraphReply {
  readJson(call, checkinSchema);
  if (!drive.store.get(path).isCheckedOut) throw invalid("The file must be checked out");
  drive.store.update(path, { isCheckedOut: false });
  return { status: 204 };
}

function invite(drive: Drive, call: GraphCall, { path }: Target): GraphReply {
  const { recipients, roles } = readJson(call, inviteSchema);
  const granted = recipients.map(({ email }) => ({ id: newId(), email, roles: [...roles] }));
  drive.store.update(path, { permissions: [...drive.store.get(path).permissions, ...granted] });
  return { status: 200, json: { value: granted.map(permissionJson) } };
}

function revoke(drive: Drive, _: GraphCall, { path, detail }: Target): GraphReply {
  const before = drive.store.get(path).permissions;
  const permissions = before.filter(({ id }) => id !== detail);
  if (permissions.length === before.length) throw notFound();
  drive.store.update(path, { permissions });
  return { status: 204 };
}

function permissionJson({ id, email, roles }: { id: string; email: string; roles: readonly string[] }) {
  return { id, roles, grantedToV2: { user: { email } }, invitation: { email, signInRequired: true } };
}

const mediaTypes: Readonly<Record<string, string>> = {
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  csv: "text/csv",
  json: "application/json",
  svg: "image/svg+xml",
  png: "image/png",
  html: "text/html",
};

function itemJson(drive: Drive, item: DriveItem): object {
  const ending = nameOf(item.path).split(".").at(-1) ?? "";
  const parent = parentOf(item.path);
  const mimeType = mediaTypes[ending] ?? "application/octet-stream";
  const kind = item.isFolder
    ? { folder: { childCount: drive.store.children(item.path).length } }
    : { file: { mimeType, hashes: { quickXorHash: item.hash } } };
  return {
    id: item.id,
    name: item.path === "" ? "root" : nameOf(item.path),
    size: item.size,
    eTag: eTagOf(item),
    cTag: cTagOf(item),
    createdDateTime: item.created,
    lastModifiedDateTime: item.modified,
    webUrl: `${drive.url()}/sites/statistik/Dokumente/${item.path.split("/").map(encodeURIComponent).join("/")}`,
    parentReference: {
      driveId: drive.driveId,
      path: `/drives/${drive.driveId}/root:${parent === "" ? "" : `/${parent}`}`,
    },
    ...kind,
    ...(item.isCheckedOut ? { publication: { level: "checkout" } } : {}),
  };
}
