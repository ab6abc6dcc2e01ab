import { randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join, resolve } from "node:path";
import { z } from "zod";
import { isSameSecret } from "../host/http-tools.ts";
import { type Drive, largestContent, largestRange, openDriveUploads, serveDrive } from "./drive-routes.ts";
import { DriveStore } from "./drive-store.ts";
import { createFaults, type Faults, faultSchema } from "./faults.ts";
import { type GraphCall, GraphRefusal, type GraphReply, notFound, readJson } from "./graph-call.ts";
import { largestRequest, type Mail, openMailUploads, serveMail } from "./mail-routes.ts";
import { MailStore } from "./mail-store.ts";

export type GraphOptions = {
  /** Holds `sharepoint/` (the library), `outbox/` (mails) and `graph/` (what the file system does not keep). */
  readonly directory: string;
  /** The bearer token every call must carry. */
  readonly token: string;
  /** Default 0: a free one. */
  readonly port?: number;
  readonly siteId?: string;
  readonly driveId?: string;
  /** The only mailbox the application may use. */
  readonly mailbox?: string;
  /** For times in files and answers; default: the clock. */
  readonly now?: () => Date;
};

type GraphCallRecord = { readonly method: string; readonly path: string; readonly status: number };

export type Graph = {
  /** `http://127.0.0.1:<port>`: the setting `GRAPH_URL`. */
  readonly url: string;
  readonly siteId: string;
  readonly driveId: string;
  readonly mailbox: string;
  readonly faults: Faults;
  /** Every call with its answer, oldest first; 0 stands for a connection that was cut. */
  readonly history: readonly GraphCallRecord[];
  stop(): Promise<void>;
};

type Parts = {
  readonly token: string;
  readonly drive: Drive;
  readonly mail: Mail;
  readonly faults: Faults;
  readonly history: GraphCallRecord[];
  readonly downloads: Map<string, string>;
};

const controlSchema = z.union([
  z.strictObject({ add: faultSchema }),
  z.strictObject({ lock: z.string() }),
  z.strictObject({ unlock: z.string() }),
  z.strictObject({ clear: z.literal(true) }),
]);

/**
 * Stands in for Microsoft Graph on loopback: one document library, one mailbox, exactly the calls the application makes.
 * What Graph refuses is refused, and so is everything the stand-in does not know.
 */
export async function startGraph(options: GraphOptions): Promise<Graph> {
  const directory = resolve(options.directory);
  const siteId = options.siteId ?? "statistik.sharepoint.example";
  const driveId = options.driveId ?? "b-lokale-bibliothek";
  const mailbox = options.mailbox ?? "statistik@stadt.example";
  const now = options.now ?? (() => new Date());
  const faults = createFaults();
  const downloads = new Map<string, string>();
  let url = "";
  const state = join(directory, "graph");
  const drive: Drive = {
    siteId,
    driveId,
    faults,
    url: () => url,
    store: new DriveStore(join(directory, "sharepoint"), join(state, "drive.json"), now),
    uploads: openDriveUploads(join(state, "uploads"), () => drive),
    downloadUrl(path) {
      const name = randomBytes(24).toString("hex");
      downloads.set(name, path);
      return `${url}/_download/${name}`;
    },
  };
  const mail: Mail = {
    mailbox,
    url: () => url,
    store: new MailStore(join(directory, "outbox"), join(state, "messages"), now),
    uploads: openMailUploads(join(state, "attachments"), () => mail),
  };
  const parts: Parts = { token: options.token, drive, mail, faults, history: [], downloads };
  const server = createServer((request, response) => void answerRequest(parts, request, response));
  url = await listen(server, options.port ?? 0);
  return { url, siteId, driveId, mailbox, faults, history: parts.history, stop: () => close(server) };
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((done, fail) => {
    server.once("error", fail);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      done(`http://127.0.0.1:${typeof address === "object" ? address?.port : port}`);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}

async function answerRequest(
  parts: Parts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = URL.parse(request.url ?? "", "http://127.0.0.1");
  const path = url === null ? "" : shownPath(url.pathname);
  const method = request.method ?? "";
  const fault = path.startsWith("/_faults") ? undefined : parts.faults.take(method, path);
  const record = (status: number) => parts.history.push({ method, path, status });
  if (fault?.kind === "reset") return cut(request, record);
  const before = fault?.kind === "status" ? faultReply(fault, 503) : undefined;
  const reply = before ?? (await replyTo(parts, request, url));
  if (fault?.kind === "reset-after") return cut(request, record);
  const final = fault?.kind === "status-after" ? faultReply(fault, 504) : reply;
  record(final.status);
  request.resume();
  write(response, final);
}

/** Secrets of upload and download addresses are nobody's business. */
function shownPath(path: string): string {
  const shown = path.replace(/^(\/_(?:upload\/\w+|download)\/).+$/, "$1…");
  try {
    return decodeURIComponent(shown);
  } catch {
    return shown;
  }
}

function cut(request: IncomingMessage, record: (status: number) => void): void {
  record(0);
  request.socket.resetAndDestroy();
}

function faultReply(
  fault: { status?: number | undefined; retryAfterSeconds?: number | undefined },
  status: number,
): GraphReply {
  return refusalReply(
    new GraphRefusal(fault.status ?? status, "serviceNotAvailable", "A fault on demand", {
      retryAfterSeconds: fault.retryAfterSeconds,
    }),
  );
}

async function replyTo(parts: Parts, request: IncomingMessage, url: URL | null): Promise<GraphReply> {
  try {
    if (url === null) throw notFound();
    return route(parts, await readCall(request, url));
  } catch (error) {
    if (error instanceof GraphRefusal) return refusalReply(error);
    const message = error instanceof Error ? error.message : "unknown";
    return refusalReply(new GraphRefusal(500, "generalException", message));
  }
}

async function readCall(request: IncomingMessage, url: URL): Promise<GraphCall> {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  const method = request.method ?? "";
  const body = await readBody(request, bodyLimit(method, url.pathname));
  return { method, path: url.pathname, query: url.searchParams, headers, body };
}

function bodyLimit(method: string, path: string): number {
  if (path.startsWith("/_upload/")) return largestRange;
  return method === "PUT" && path.endsWith("/content") ? largestContent : largestRequest;
}

async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
  }
  if (length > limit) {
    throw new GraphRefusal(413, "requestEntityTooLarge", `The request must be at most ${limit} bytes`);
  }
  return Buffer.concat(chunks);
}

function route(parts: Parts, call: GraphCall): GraphReply {
  const [, area = "", kind = "", name = ""] = call.path.split("/");
  if (area === "_download") return download(parts, kind);
  if (area === "_upload" && kind === "drive") return parts.drive.uploads.serve(name, call);
  if (area === "_upload" && kind === "mail") return parts.mail.uploads.serve(name, call);
  if (!isSameSecret(call.headers["authorization"], `Bearer ${parts.token}`)) {
    throw new GraphRefusal(401, "InvalidAuthenticationToken", "The access token must be a valid one");
  }
  if (call.path === "/_faults") return control(parts.faults, call);
  if (area !== "v1.0") throw new GraphRefusal(400, "BadRequest", "The version must be v1.0");
  const below = { ...call, path: call.path.slice("/v1.0".length) };
  const reply = serveDrive(parts.drive, below) ?? serveMail(parts.mail, below);
  if (reply === undefined)
    throw new GraphRefusal(400, "BadRequest", "The stand-in does not know this address");
  return reply;
}

function download(parts: Parts, name: string): GraphReply {
  const path = parts.downloads.get(name);
  if (path === undefined) throw notFound();
  return { status: 200, bytes: parts.drive.store.read(path) };
}

function control(faults: Faults, call: GraphCall): GraphReply {
  if (call.method !== "POST") throw new GraphRefusal(405, "notAllowed", "Faults are set by POST");
  const request = readJson(call, controlSchema);
  if ("add" in request) faults.add(request.add);
  else if ("lock" in request) faults.lock(request.lock);
  else if ("unlock" in request) faults.unlock(request.unlock);
  else faults.clear();
  return { status: 204 };
}

function refusalReply(refusal: GraphRefusal): GraphReply {
  const { status, code, message, retryAfterSeconds } = refusal;
  const innerError = { date: new Date().toISOString().slice(0, 19), "request-id": randomUUID() };
  return {
    status,
    headers: retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) },
    json: { error: { code, message, innerError } },
  };
}

function write(response: ServerResponse, reply: GraphReply): void {
  const type =
    reply.json === undefined
      ? {}
      : { "content-type": "application/json; odata.metadata=minimal; charset=utf-8" };
  response.writeHead(reply.status, { ...type, ...reply.headers });
  response.end(reply.json === undefined ? (reply.bytes ?? "") : JSON.stringify(reply.json));
}
