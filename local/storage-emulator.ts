import { type ChildProcess, fork } from "node:child_process";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { commandLineOf, endProcess, isRunning } from "./processes.ts";

export type StorageOptions =
  /** Kept in this directory; metadata reach the disk every few seconds and at `stop()`. */
  | { readonly directory: string; readonly inMemory?: false }
  /** Gone when stopped; starts in about a second. For tests. */
  | { readonly inMemory: true };

export type Storage = {
  readonly connectionString: string;
  readonly pid: number;
  /** Resolves when the emulator has ended for whatever reason; with its exit code. */
  readonly exited: Promise<number | undefined>;
  stop(): Promise<void>;
};

/** The emulator's published account and key: no secret. */
const account = "devstoreaccount1";
const accountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const loopback = "127.0.0.1";
const stopGraceMs = 15_000;
const startLimitMs = 60_000;
const services = ["Blob", "Queue", "Table"] as const;

type Service = (typeof services)[number];
type Addresses = Readonly<Record<Service, string>>;

const pidFileSchema = z.object({ pid: z.int().positive(), owner: z.int().positive(), directory: z.string() });

/**
 * Starts the storage emulator as a child process on free loopback ports and waits until all three services listen.
 * An emulator of the same directory whose owner is gone is ended first.
 *
 * @throws {Error} if another running process uses the directory, or the emulator does not start.
 */
export async function startStorage(options: StorageOptions): Promise<Storage> {
  if (options.inMemory) return launch(["--inMemoryPersistence"]);
  const directory = resolve(options.directory);
  await mkdir(directory, { recursive: true });
  await endOrphan(directory);
  const storage = await launch(["--location", directory]);
  await recordPid(directory, storage.pid);
  return {
    ...storage,
    async stop() {
      await storage.stop();
      await rm(pidFile(directory), { force: true });
    },
  };
}

async function launch(persistence: readonly string[]): Promise<Storage> {
  const script = fileURLToPath(import.meta.resolve("azurite/dist/src/azurite.js"));
  const child = fork(script, [...fixedArguments(), ...persistence], {
    execArgv: [],
    detached: true, // Ctrl-C is for the start program, which ends things in their order
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const exited = new Promise<number | undefined>((done) =>
    child.once("exit", (code) => done(code ?? undefined)),
  );
  const addresses = await listeningAddresses(child, exited);
  return {
    connectionString: connectionString(addresses),
    pid: child.pid ?? 0,
    exited,
    stop: () => stopEmulator(child, exited),
  };
}

function fixedArguments(): string[] {
  const ports = services.flatMap((service) => {
    const name = service.toLowerCase();
    return [`--${name}Host`, loopback, `--${name}Port`, "0"];
  });
  return [...ports, "--silent", "--skipApiVersionCheck", "--disableTelemetry"];
}

/** Reads the addresses the emulator prints: it chooses the ports itself, so that no other program can take them in between. */
function listeningAddresses(child: ChildProcess, exited: Promise<unknown>): Promise<Addresses> {
  return new Promise((done, fail) => {
    const found = new Map<string, string>();
    let text = "";
    const limit = setTimeout(
      () => refuse(`Cannot start the storage emulator: it must listen within ${startLimitMs / 1_000} s`),
      startLimitMs,
    );
    function refuse(message: string): void {
      clearTimeout(limit);
      child.kill("SIGKILL");
      fail(new Error(message));
    }
    function read(chunk: Buffer): void {
      text += chunk.toString();
      for (const match of text.matchAll(/Azurite (\w+) service is successfully listening at (http:\S+)\n/g)) {
        found.set(match[1] ?? "", match[2] ?? "");
      }
      const addresses = complete(found);
      if (addresses === undefined) return;
      clearTimeout(limit);
      child.stdout?.off("data", read).resume();
      child.stderr?.resume();
      done(addresses);
    }
    child.stdout?.on("data", read);
    child.once("error", () => refuse("Cannot start the storage emulator: its process must start"));
    void exited.then((code) => refuse(`Cannot start the storage emulator: it ended with code ${code}`));
  });
}

function complete(found: ReadonlyMap<string, string>): Addresses | undefined {
  const [blob, queue, table] = services.map((service) => found.get(service));
  return blob && queue && table ? { Blob: blob, Queue: queue, Table: table } : undefined;
}

function connectionString(addresses: Addresses): string {
  const endpoints = services.map((service) => `${service}Endpoint=${addresses[service]}/${account}`);
  return [
    "DefaultEndpointsProtocol=http",
    `AccountName=${account}`,
    `AccountKey=${accountKey}`,
    ...endpoints,
    "",
  ].join(";");
}

/** The message makes the emulator close its services and save; a signal would not do so on Windows. */
async function stopEmulator(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.send("shutdown", () => child.connected && child.disconnect());
  const force = setTimeout(() => child.kill("SIGKILL"), stopGraceMs);
  await exited;
  clearTimeout(force);
}

function pidFile(directory: string): string {
  return join(directory, "emulator.json");
}

async function recordPid(directory: string, pid: number): Promise<void> {
  const temporary = `${pidFile(directory)}.new`;
  await writeFile(temporary, JSON.stringify({ pid, owner: process.pid, directory }));
  await rename(temporary, pidFile(directory));
}

async function endOrphan(directory: string): Promise<void> {
  const recorded = await readPidFile(directory);
  if (recorded === undefined) return;
  const command = await commandLineOf(recorded.pid);
  const isOurs = command.includes("azurite.js") && command.includes(recorded.directory);
  if (!isOurs) return;
  if (isRunning(recorded.owner) && (await isNode(recorded.owner))) {
    throw new Error(
      `Cannot use the data directory: process ${recorded.owner} uses it, stop that one first or choose another`,
    );
  }
  await endProcess(recorded.pid, stopGraceMs);
}

/** The number of a process may have been given to another program since. */
async function isNode(pid: number): Promise<boolean> {
  return /\bnode\b/.test(await commandLineOf(pid));
}

async function readPidFile(directory: string): Promise<z.infer<typeof pidFileSchema> | undefined> {
  try {
    const parsed = pidFileSchema.safeParse(JSON.parse(await readFile(pidFile(directory), "utf8")));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
