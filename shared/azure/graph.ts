import {
  Client,
  type Context,
  GraphError,
  HTTPMessageHandler,
  type Middleware,
  RetryHandler,
  RetryHandlerOptions,
} from "@microsoft/microsoft-graph-client";
import { z } from "zod";

/** A file in the document library. `eTag` changes with content and metadata. */
type LibraryItem = { readonly id: string; readonly eTag: string; readonly size: number };

/** Where the URL of an unfinished upload session is kept, so that a restart goes on instead of starting anew. It is a secret. */
export type SessionStore = {
  load(): Promise<string | undefined>;
  save(url: string | undefined): Promise<void>;
};

/** The document library below its folder. Paths are relative, with "/" between folders. */
export type Library = {
  find(path: string): Promise<LibraryItem | undefined>;
  read(path: string): Promise<Uint8Array>;
  /** Creates or replaces. `eTag` is the one read before; a changed file is refused with status 412. */
  write(
    path: string,
    bytes: Uint8Array,
    contentType: string,
    eTag: string | undefined,
    session: SessionStore,
  ): Promise<LibraryItem>;
};

export type GraphSettings = {
  readonly graphUrl: string;
  readonly driveId: string;
  readonly folder: string;
  /** Name of the application in `User-Agent`, as the service asks for. */
  readonly organisation: string;
};

/** Graph refused or failed. `status` decides what to do: 412 read again, 423 somebody has it open, the rest is repeated by the queue. */
export class GraphFailure extends Error {
  readonly status: number;
  constructor(action: string, status: number, code: string) {
    super(`Cannot ${action} in the document library: Graph answered ${status} ${code}`);
    this.name = "GraphFailure";
    this.status = status;
  }
}

const itemSchema = z.object({ id: z.string(), eTag: z.string(), size: z.number() });
const sessionSchema = z.object({ uploadUrl: z.url() });
const progressSchema = z.object({ nextExpectedRanges: z.array(z.string()) });

/** Largest file that goes up in one PUT; above, an upload session is used. */
const singleUploadLimit = 4 * 1024 * 1024;
/** Graph wants multiples of 320 KiB below 60 MiB. */
const rangeBytes = 320 * 1024 * 16;
const retries = 3;

/** The library of `settings`, spoken to with the tokens of `getToken`. */
export function openLibrary(settings: GraphSettings, getToken: () => Promise<string>): Library {
  const client = createClient(settings, getToken);
  const root = `/drives/${encodeURIComponent(settings.driveId)}/root:`;
  const address = (path: string) => `${root}/${encodePath(settings.folder)}/${encodePath(path)}`;
  const find = (path: string) => findItem(client, address(path));
  return {
    find,
    read: (path) => readContent(client, address(path)),
    write: (path, bytes, contentType, eTag, session) =>
      bytes.length < singleUploadLimit
        ? putContent(client, address(path), bytes, contentType, eTag)
        : uploadInRanges(client, address(path), bytes, eTag, session),
  };
}

function createClient(settings: GraphSettings, getToken: () => Promise<string>): Client {
  const retry = new RetryHandler(new RetryHandlerOptions(1, retries));
  const authentication = new TokenHandler(new URL(settings.graphUrl), getToken, settings.organisation);
  authentication.setNext(retry);
  retry.setNext(new HTTPMessageHandler());
  return Client.initWithMiddleware({
    middleware: authentication,
    baseUrl: settings.graphUrl,
    defaultVersion: "v1.0",
  });
}

/**
 * Adds the token for exactly one host, over https or on loopback. The library's own handler knows only Microsoft's hosts
 * and adds none over http, which would make the path to the stand-in another one than the path to the service.
 */
class TokenHandler implements Middleware {
  readonly #host: URL;
  readonly #getToken: () => Promise<string>;
  readonly #userAgent: string;
  #next: Middleware | undefined;

  constructor(host: URL, getToken: () => Promise<string>, organisation: string) {
    if (host.protocol !== "https:" && !isLoopback(host)) {
      throw new RangeError("Cannot speak to Graph: GRAPH_URL must use https or a loopback address");
    }
    this.#host = host;
    this.#getToken = getToken;
    this.#userAgent = `NONISV|${organisation.replaceAll(/[^\w-]/g, "")}|BevoelkerungAktuell/1.0`;
  }

  setNext(next: Middleware): void {
    this.#next = next;
  }

  async execute(context: Context): Promise<void> {
    const url = new URL(typeof context.request === "string" ? context.request : context.request.toString());
    if (url.origin !== this.#host.origin)
      throw new RangeError("Cannot call Graph: the address must be the one of GRAPH_URL");
    const headers = {
      ...plainHeaders(context),
      Authorization: `Bearer ${await this.#getToken()}`,
      "User-Agent": this.#userAgent,
    };
    context.options = { ...context.options, headers };
    await this.#next?.execute(context);
  }
}

function plainHeaders(context: Context): Record<string, string> {
  return Object.fromEntries(new Headers(context.options?.headers).entries());
}

function isLoopback(url: URL): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
}

/** The client escapes neither "#" nor "%" in a path. */
function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

async function findItem(client: Client, address: string): Promise<LibraryItem | undefined> {
  try {
    return itemSchema.parse(await client.api(address).select("id,eTag,size").get());
  } catch (error) {
    const failure = asFailure("look up a file", error);
    if (failure.status === 404) return undefined;
    throw failure;
  }
}

async function readContent(client: Client, address: string): Promise<Uint8Array> {
  try {
    const stream: ReadableStream<Uint8Array> = await client.api(`${address}:/content`).getStream();
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (error) {
    throw asFailure("read a file", error);
  }
}

async function putContent(
  client: Client,
  address: string,
  bytes: Uint8Array,
  contentType: string,
  eTag: string | undefined,
): Promise<LibraryItem> {
  const request = client.api(`${address}:/content`).header("Content-Type", contentType);
  if (eTag !== undefined) request.header("If-Match", eTag);
  try {
    return itemSchema.parse(await request.put(bytes));
  } catch (error) {
    throw asFailure("write a file", error);
  }
}

async function uploadInRanges(
  client: Client,
  address: string,
  bytes: Uint8Array,
  eTag: string | undefined,
  session: SessionStore,
): Promise<LibraryItem> {
  const open = await session.load();
  const resumed = open === undefined ? undefined : await nextByte(open);
  const url =
    open !== undefined && resumed !== undefined ? open : await createSession(client, address, eTag, session);
  let from = resumed ?? 0;
  for (;;) {
    const answer = await putRange(url, bytes, from);
    if (answer.kind === "done") {
      await session.save(undefined);
      return answer.item;
    }
    from = answer.next;
  }
}

async function createSession(
  client: Client,
  address: string,
  eTag: string | undefined,
  session: SessionStore,
): Promise<string> {
  const request = client.api(`${address}:/createUploadSession`);
  if (eTag !== undefined) request.header("If-Match", eTag);
  try {
    const body = { item: { "@microsoft.graph.conflictBehavior": "replace" } };
    const { uploadUrl } = sessionSchema.parse(await request.post(body));
    await session.save(uploadUrl);
    return uploadUrl;
  } catch (error) {
    throw asFailure("open an upload session", error);
  }
}

/** Where an open session wants to go on; undefined when it is gone. */
async function nextByte(uploadUrl: string): Promise<number | undefined> {
  const response = await fetch(uploadUrl);
  if (response.status === 404) return undefined;
  if (!response.ok) throw new GraphFailure("ask an upload session", response.status, "");
  return firstMissing(await response.json());
}

function firstMissing(body: unknown): number {
  return Number.parseInt(progressSchema.parse(body).nextExpectedRanges[0] ?? "0", 10);
}

type RangeAnswer =
  | { readonly kind: "next"; readonly next: number }
  | { readonly kind: "done"; readonly item: LibraryItem };

async function putRange(uploadUrl: string, bytes: Uint8Array, from: number): Promise<RangeAnswer> {
  const part = bytes.slice(from, from + rangeBytes);
  const headers = { "Content-Range": `bytes ${from}-${from + part.length - 1}/${bytes.length}` };
  for (let attempt = 0; ; attempt++) {
    const response = await fetch(uploadUrl, { method: "PUT", headers, body: part });
    if (response.status === 202) return { kind: "next", next: firstMissing(await response.json()) };
    if (response.ok) return { kind: "done", item: itemSchema.parse(await response.json()) };
    if (response.status === 416) return { kind: "next", next: (await nextByte(uploadUrl)) ?? 0 };
    if (attempt === retries || ![429, 503, 504].includes(response.status)) {
      throw new GraphFailure("upload a range", response.status, "");
    }
    await waitSeconds(Number(response.headers.get("Retry-After") ?? 1));
  }
}

function waitSeconds(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.min(seconds, 60) * 1_000));
}

/** Keeps status and code only: a Graph error may carry the request and with it names of files and people. */
function asFailure(action: string, error: unknown): GraphFailure {
  if (error instanceof GraphFailure) return error;
  if (error instanceof GraphError) return new GraphFailure(action, error.statusCode, error.code ?? "");
  return new GraphFailure(action, 0, error instanceof Error ? error.name : "");
}
