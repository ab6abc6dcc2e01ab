import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type HostReply, type HostRequest, hostReplySchema } from "./host-messages.ts";
import { newKeys, newSecret } from "./host-options.ts";
import type { HostKeys } from "./http-listener.ts";
import { type LocalUserId, localSecretHeader, localUserHeader } from "./sign-in.ts";
import type { HostOptions } from "./start-host.ts";

export type HostProcessOptions = Omit<HostOptions, "show"> & {
  /** Keeps warnings and errors off the console; they stand in the log file all the same. Default false. */
  readonly quiet?: boolean;
};

export type HostProcess = {
  readonly url: string;
  readonly pid: number;
  readonly keys: HostKeys;
  /** Sets the application's `REFERENCE_NOW`; resolves when it stands. */
  setNow(iso: string): Promise<void>;
  /** A request as a signed-in user, without a cookie. */
  fetchAs(user: LocalUserId, path: string, init?: RequestInit): Promise<Response>;
  /** Runs a timer function now; rejects when it fails. */
  runTimer(name: string): Promise<void>;
  /** Ends the process at once, as a failing machine would. */
  kill(): Promise<void>;
  /** Lets running functions end, then ends the process. */
  stop(): Promise<void>;
  /** Resolves when the process has ended for whatever reason; with its exit code. */
  readonly exited: Promise<number | undefined>;
};

const startLimitMs = 60_000;
const answerLimitMs = 10_000;
const stopGraceMs = 30_000;

/**
 * Runs the functions host as a process of its own, so that it can be killed without anything else.
 *
 * @throws {Error} with the host's own message, if it does not start.
 */
export async function startHostProcess(options: HostProcessOptions): Promise<HostProcess> {
  const { settings = {}, quiet = false, ...rest } = options;
  const keys = options.keys ?? newKeys();
  const localSecret = options.localSecret ?? newSecret();
  const child = fork(fileURLToPath(new URL("./main.ts", import.meta.url)), {
    // DEP0005 is raised by the zip library below the workbook writer, once a process, and says nothing to an office.
    execArgv: ["--enable-source-maps", "--disable-warning=DEP0005"],
    env: {
      ...process.env,
      ...settings,
      LOCAL_HOST_OPTIONS: JSON.stringify({ ...rest, keys, localSecret }),
    },
    detached: true, // Ctrl-C is for the start program, which ends things in their order
    stdio: ["ignore", "ignore", quiet ? "ignore" : "inherit", "ipc"],
  });
  const exited = new Promise<number | undefined>((done) =>
    child.once("exit", (code) => done(code ?? undefined)),
  );
  const { url } = await ready(child, exited);
  return {
    url,
    pid: child.pid ?? 0,
    keys,
    exited,
    async setNow(iso) {
      const answered = nextReply(
        child,
        exited,
        answerLimitMs,
        (reply) => "now" in reply && reply.now === iso,
      );
      tell(child, { now: iso });
      await answered;
    },
    fetchAs(user, path, init = {}) {
      const headers = new Headers(init.headers);
      headers.set(localUserHeader, user);
      headers.set(localSecretHeader, localSecret);
      return fetch(new URL(path, url), { ...init, headers });
    },
    runTimer: (name) => runTimer(url, keys.master, name),
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
    stop: () => stopHost(child, exited),
  };
}

async function ready(child: ChildProcess, exited: Promise<unknown>): Promise<{ url: string }> {
  const reply = await nextReply(child, exited, startLimitMs, (one) => "ready" in one || "failed" in one);
  if ("ready" in reply) return reply;
  throw new Error("failed" in reply ? reply.failed : "Cannot start the host: it must say that it is ready");
}

function nextReply(
  child: ChildProcess,
  exited: Promise<unknown>,
  limitMs: number,
  isWanted: (reply: HostReply) => boolean,
): Promise<HostReply> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => finish(`it must answer within ${limitMs / 1_000} s`), limitMs);
    function take(message: unknown): void {
      const reply = hostReplySchema.safeParse(message).data;
      if (reply === undefined || !isWanted(reply)) return;
      finish();
      resolve(reply);
    }
    function finish(reason?: string): void {
      clearTimeout(limit);
      child.off("message", take);
      if (reason !== undefined) reject(new Error(`Cannot reach the functions host: ${reason}`));
    }
    child.on("message", take);
    void exited.then((code) => finish(`it ended with code ${code}`));
  });
}

function tell(child: ChildProcess, request: HostRequest): void {
  child.send(request);
}

async function runTimer(url: string, masterKey: string, name: string): Promise<void> {
  const response = await fetch(`${url}/admin/functions/${encodeURIComponent(name)}`, {
    method: "POST",
    headers: { "x-functions-key": masterKey },
  });
  if (response.status !== 202)
    throw new Error(`Cannot run timer "${name}": the host answered ${response.status}`);
}

async function stopHost(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  if (child.connected) tell(child, { stop: true });
  else child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), stopGraceMs);
  await exited;
  clearTimeout(force);
}
