import { createServer, type Server } from "node:http";
import { type App, loadApp } from "./app.ts";
import { startBlobListener } from "./blob-listener.ts";
import { hostConnection } from "./connections.ts";
import type { RegisteredFunction } from "./core-types.ts";
import { setEnvironment } from "./environment.ts";
import type { HostContext } from "./host-context.ts";
import { type HostLog, openHostLog } from "./host-log.ts";
import { type HostOptions, hostSettings, newKeys, newSecret } from "./host-options.ts";
import { createRequestListener, type HostKeys, type RequestListener } from "./http-listener.ts";
import { send } from "./http-tools.ts";
import { identityPath } from "./identity-endpoint.ts";
import { createInvoke, runHooks } from "./invoke.ts";
import { describe } from "./keep-going.ts";
import { checkOutputs } from "./outputs.ts";
import { startQueueListener } from "./queue-listener.ts";
import { createSignIn } from "./sign-in.ts";
import { startTimerListener } from "./timer-listener.ts";
import { triggerOf } from "./trigger.ts";
import { wait } from "./wait.ts";

export type { HostOptions } from "./host-options.ts";

export type Host = {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly keys: HostKeys;
  readonly localSecret: string;
  readonly functions: readonly { readonly name: string; readonly trigger: string }[];
  readonly capabilities: Readonly<Record<string, string>>;
  /** Sets the setting `REFERENCE_NOW` of the application. */
  setNow(iso: string): void;
  /** Takes nothing new, waits for what is running (up to `drainMs`), and ends. */
  stop(): Promise<void>;
};

const loopback = "127.0.0.1";
const knownTriggers: ReadonlySet<string> = new Set([
  "blobTrigger",
  "queueTrigger",
  "timerTrigger",
  "httpTrigger",
]);

/**
 * Runs a built application as the functions host in Azure does: the real functions library, blob, queue, timer and HTTP
 * triggers, the identity endpoint and a stand-in for the platform's sign-in. One host at a time in a process.
 *
 * @throws {Error} if the port is taken, the application does not load, or a function asks for what this host does not know.
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const log = openHostLog(options.logFile, options.show ?? ((line) => console.error(line)));
  let listener: RequestListener = async (_, response) => send(response, { status: 503 });
  const server = await listen(options.port ?? 0, (request, response) => listener(request, response));
  const url = addressOf(server);
  const identityHeader = newSecret();
  const restore = setEnvironment({
    ...options.settings,
    [hostConnection]: options.connectionString,
    IDENTITY_ENDPOINT: `${url}${identityPath}`,
    IDENTITY_HEADER: identityHeader,
  });
  const stopping = new AbortController();
  try {
    const app = await loadApp(options.app, log);
    const functions = checkFunctions(app);
    const host: HostContext = {
      hostId: options.hostId ?? "localhost-1",
      invoke: createInvoke(app.registration, log),
      options: hostSettings(options, app.hostFile),
      signal: stopping.signal,
      log,
      retryMs: options.storageRetryMs ?? 1_000,
    };
    const keys = options.keys ?? newKeys();
    const localSecret = options.localSecret ?? newSecret();
    const signIn = createSignIn(localSecret);
    const identity = {
      header: identityHeader,
      token: options.token ?? "",
      resources: resourcesOf(options),
    };
    const functionListener = createRequestListener({ host, functions, keys, signIn, identity });
    await runHooks(app.registration, "appStart", appHookContext(app));
    const jobs = startListeners(host, functions);
    listener = functionListener;
    return {
      url,
      keys,
      localSecret,
      functions: functions.map((fn) => ({ name: fn.metadata.name, trigger: triggerOf(fn).binding.type })),
      capabilities: app.capabilities,
      setNow(iso) {
        process.env["REFERENCE_NOW"] = iso;
      },
      async stop() {
        stopping.abort();
        await drain(server, jobs, options.drainMs ?? 20_000, log);
        await runHooks(app.registration, "appTerminate", appHookContext(app));
        restore();
        log.close();
      },
    };
  } catch (error) {
    stopping.abort();
    server.close();
    restore();
    log.close();
    throw error;
  }
}

function listen(
  port: number,
  serve: (...parts: Parameters<RequestListener>) => Promise<void>,
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((request, response) => void serve(request, response));
    server.once("error", (error) =>
      reject(new Error(`Cannot start the host: port ${port} must be free`, { cause: error })),
    );
    server.listen(port, loopback, () => resolve(server));
  });
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new TypeError("Cannot start the host: it must listen on a port");
  }
  return `http://${loopback}:${address.port}`;
}

/** @throws {TypeError} for a trigger or an output this host does not know: the function would silently never run. */
function checkFunctions(app: App): readonly RegisteredFunction[] {
  const functions = [...app.registration.functions.values()];
  for (const fn of functions) {
    checkOutputs(fn);
    if (knownTriggers.has(triggerOf(fn).binding.type)) continue;
    throw new TypeError(`Cannot start function "${fn.metadata.name}": its trigger must be a known one`);
  }
  return functions;
}

/** Tokens are for Graph and what stands in for it; without a token none is given out. */
function resourcesOf(options: HostOptions): ReadonlySet<string> {
  if (options.token === undefined) return new Set();
  const standIn = process.env["GRAPH_URL"];
  const usual = ["https://graph.microsoft.com", ...(standIn ? [standIn] : [])];
  return new Set((options.tokenResources ?? usual).map((address) => new URL(address).origin));
}

function startListeners(
  host: HostContext,
  functions: readonly RegisteredFunction[],
): readonly Promise<void>[] {
  const by = (type: string) => functions.filter((fn) => triggerOf(fn).binding.type === type);
  const blobs = by("blobTrigger");
  const jobs = [
    ...by("queueTrigger").map((fn) => startQueueListener(host, fn)),
    ...by("timerTrigger").map((fn) => startTimerListener(host, fn)),
    ...(blobs.length > 0 ? [startBlobListener(host, blobs)] : []),
  ];
  return jobs.map((job) =>
    job.catch((error) =>
      host.log.write({ level: "critical", message: `A listener ended: ${describe(error)}` }),
    ),
  );
}

async function drain(
  server: Server,
  jobs: readonly Promise<void>[],
  drainMs: number,
  log: HostLog,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const done = new AbortController();
  const finished = Promise.all([...jobs, closed]).then(() => done.abort());
  await Promise.race([finished, wait(drainMs, done.signal)]);
  if (!done.signal.aborted) {
    log.write({ level: "warning", message: "Stopped while functions were still running" });
    server.closeAllConnections();
  }
}

function appHookContext(app: App) {
  return {
    hookData: {},
    appHookData: app.registration.appHookData,
    functionAppDirectory: app.directory,
  };
}
