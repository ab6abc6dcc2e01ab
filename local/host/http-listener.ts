import type { IncomingMessage, ServerResponse } from "node:http";
import { blobEventPath, takeBlobEvents } from "./blob-events.ts";
import type { CookieData, HttpData, InvocationResponse, Nullable, RegisteredFunction } from "./core-types.ts";
import type { HostContext } from "./host-context.ts";
import { stateName } from "./host-context.ts";
import { headerOf, isSameSecret, type Reply, readBody, send } from "./http-tools.ts";
import { type IdentityOptions, identityPath, serveIdentity } from "./identity-endpoint.ts";
import { describe } from "./keep-going.ts";
import { writeOutputs } from "./outputs.ts";
import { type AuthLevel, compileRoutes, type Route } from "./routes.ts";
import type { SignIn } from "./sign-in.ts";
import { runTimerNow } from "./timer-listener.ts";
import { triggerOf } from "./trigger.ts";

export type HostKeys = {
  /** Opens everything, the admin endpoints too. */
  readonly master: string;
  readonly function: string;
  /** Key of the blob extension: opens the webhook for blob events. */
  readonly blobs: string;
};

export type HttpParts = {
  readonly host: HostContext;
  readonly functions: readonly RegisteredFunction[];
  readonly keys: HostKeys;
  readonly signIn: SignIn;
  readonly identity: IdentityOptions;
};

export type RequestListener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const adminPath = "/admin/functions/";
const localNames: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Answers everything that reaches the host's port: identity, sign-in, admin, blob events, functions. */
export function createRequestListener(parts: HttpParts): RequestListener {
  const http = parts.functions.filter((fn) => triggerOf(fn).binding.type === "httpTrigger");
  const routes = compileRoutes(http, parts.host.options.routePrefix);
  return async (request, response) => {
    try {
      send(response, await serve(parts, routes, request));
    } catch (error) {
      parts.host.log.write({ level: "error", message: `HTTP: ${describe(error)}` });
      if (response.headersSent) response.destroy();
      else send(response, { status: 500 });
    }
  };
}

async function serve(parts: HttpParts, routes: readonly Route[], request: IncomingMessage): Promise<Reply> {
  const url = URL.parse(request.url ?? "/", `http://${request.headers.host ?? ""}`);
  // another name for this address is a page elsewhere that reaches for the local host
  if (url === null || !localNames.has(url.hostname)) return { status: 400 };
  if (url.pathname === identityPath) return serveIdentity(parts.identity, request, url);
  if (url.pathname.startsWith(adminPath)) return runNow(parts, request, url);
  if (url.pathname === blobEventPath) return takeEvents(parts, request, url);
  return parts.signIn.serve(request, url) ?? callFunction(parts, routes, request, url);
}

/** Unlike Azure the answer comes after the run: 202 when it ended, 500 when the function threw. */
async function runNow(parts: HttpParts, request: IncomingMessage, url: URL): Promise<Reply> {
  if (!isSameSecret(keyOf(request, url), parts.keys.master)) return { status: 401 };
  const name = url.pathname.slice(adminPath.length);
  const fn = parts.functions.find((one) => one.metadata.name === name);
  if (request.method !== "POST" || fn === undefined) return { status: 404 };
  if (triggerOf(fn).binding.type !== "timerTrigger") return { status: 400 };
  await runTimerNow(parts.host, fn);
  return { status: 202 };
}

async function takeEvents(parts: HttpParts, request: IncomingMessage, url: URL): Promise<Reply> {
  if (!isSameSecret(url.searchParams.get("code") ?? undefined, parts.keys.blobs)) return { status: 401 };
  const name = url.searchParams.get("functionName");
  const fn = parts.functions.find((one) => stateName(one.metadata.name) === name);
  if (request.method !== "POST" || fn === undefined) return { status: 404 };
  const body = await readBody(request, parts.host.options.maxBodyBytes);
  return body === undefined ? { status: 413 } : takeBlobEvents(parts.host, fn, body.toString());
}

/** A known route with another method answers 404, as the real host does; HEAD on a GET function too. */
async function callFunction(
  parts: HttpParts,
  routes: readonly Route[],
  request: IncomingMessage,
  url: URL,
): Promise<Reply> {
  const found = findRoute(routes, request.method ?? "", url.pathname);
  if (found === undefined) return { status: 404 };
  if (!isAllowed(parts.keys, found.route.authLevel, keyOf(request, url))) return { status: 401 };
  const body = await readBody(request, parts.host.options.maxBodyBytes);
  if (body === undefined) return { status: 413 };
  const http = requestData(request, url, parts.signIn.headers(request), found.parameters, body);
  const input = { name: found.route.inputName, data: { http } };
  return respond(parts, found.route.fn, await parts.host.invoke(found.route.fn, [input]));
}

function findRoute(routes: readonly Route[], method: string, path: string) {
  for (const route of routes) {
    if (!route.methods.has(method)) continue;
    const parameters = route.match(path);
    if (parameters !== undefined) return { route, parameters };
  }
  return undefined;
}

/** The header wins over the query. */
function keyOf(request: IncomingMessage, url: URL): string | undefined {
  return headerOf(request, "x-functions-key") ?? url.searchParams.get("code") ?? undefined;
}

function isAllowed(keys: HostKeys, level: AuthLevel, key: string | undefined): boolean {
  const isMaster = isSameSecret(key, keys.master);
  const isFunction = isSameSecret(key, keys.function);
  return level === "anonymous" || isMaster || (level === "function" && isFunction);
}

function requestData(
  request: IncomingMessage,
  url: URL,
  headers: Readonly<Record<string, string>>,
  parameters: Readonly<Record<string, string>>,
  body: Buffer,
): HttpData {
  return {
    url: url.href,
    method: request.method ?? "GET",
    headers,
    nullableHeaders: nullable(headers),
    nullableQuery: nullable(Object.fromEntries(url.searchParams)),
    nullableParams: nullable(parameters),
    ...(body.length > 0 ? { body: { bytes: body } } : {}),
  };
}

function nullable(values: Readonly<Record<string, string>>): Nullable {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}

async function respond(parts: HttpParts, fn: RegisteredFunction, result: InvocationResponse): Promise<Reply> {
  const { outputData = [] } = result;
  await writeOutputs(fn, { outputData }, parts.host.options.queues.messageEncoding);
  const http = result.returnValue?.http;
  if (!http) return { status: 204 };
  const cookies = (http.cookies ?? []).map(cookieText);
  const headers = { ...http.headers, ...(cookies.length > 0 ? { "set-cookie": cookies } : {}) };
  const body = http.body?.bytes ? Buffer.from(http.body.bytes) : (http.body?.string ?? "");
  return { status: Number(http.statusCode ?? 200), headers, body };
}

/** `none` is the library's word for "not set". */
const sameSiteTexts: Readonly<Record<string, string>> = {
  lax: "SameSite=Lax",
  strict: "SameSite=Strict",
  explicitNone: "SameSite=None",
};

function cookieText(cookie: CookieData): string {
  const parts = [
    `${cookie.name}=${encodeURIComponent(cookie.value)}`,
    cookie.domain && `Domain=${cookie.domain.value}`,
    cookie.path && `Path=${cookie.path.value}`,
    cookie.maxAge && `Max-Age=${cookie.maxAge.value}`,
    cookie.secure?.value && "Secure",
    cookie.httpOnly?.value && "HttpOnly",
    cookie.expires && `Expires=${new Date(cookie.expires.value).toUTCString()}`,
    cookie.sameSite && sameSiteTexts[cookie.sameSite],
  ];
  return parts.filter((part) => typeof part === "string").join("; ");
}
