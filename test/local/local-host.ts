import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BlobServiceClient, type ContainerClient } from "@azure/storage-blob";
import { type QueueClient, QueueServiceClient } from "@azure/storage-queue";
import { build } from "../../local/build.ts";
import {
  type HostProcess,
  type HostProcessOptions,
  startHostProcess,
} from "../../local/host/host-process.ts";
import { type Storage, startStorage } from "../../local/storage-emulator.ts";

type Result = {
  readonly kind: string;
  readonly name?: string;
  readonly folder?: string;
  readonly bytes?: number;
  readonly message?: unknown;
  readonly count?: number;
  readonly isPastDue?: boolean;
  readonly isBuffer?: boolean;
};

/** The fixture application, its storage, and the host processes started for it. */
export type LocalHosts = {
  readonly storage: Storage;
  readonly blobs: BlobServiceClient;
  container(name: string): Promise<ContainerClient>;
  queue(name: string): Promise<QueueClient>;
  start(options?: Partial<HostProcessOptions>): Promise<HostProcess>;
  /** Everything functions have reported so far, once `isEnough` says so. */
  results(isEnough: (results: readonly Result[]) => boolean): Promise<readonly Result[]>;
  /** Texts in a queue, as they lie there, once there are `count`. */
  textsIn(queue: string, count: number): Promise<readonly string[]>;
  /** The lines of the hosts' log. */
  shown(): readonly string[];
  stop(): Promise<void>;
};

const patienceMs = 20_000;

export async function openLocalHosts(): Promise<LocalHosts> {
  const directory = await mkdtemp(join(tmpdir(), "host-test-"));
  const [app, storage] = await Promise.all([
    build({
      entry: fileURLToPath(new URL("./fixture-app.ts", import.meta.url)),
      outDirectory: join(directory, "app"),
    }),
    startStorage({ inMemory: true }),
  ]);
  const blobs = BlobServiceClient.fromConnectionString(storage.connectionString);
  const queues = QueueServiceClient.fromConnectionString(storage.connectionString);
  const started: HostProcess[] = [];
  const collected: Result[] = [];
  async function queue(name: string): Promise<QueueClient> {
    const client = queues.getQueueClient(name);
    await client.createIfNotExists();
    return client;
  }
  return {
    storage,
    blobs,
    queue,
    async container(name) {
      const client = blobs.getContainerClient(name);
      await client.createIfNotExists();
      return client;
    },
    async start(options = {}) {
      const host = await startHostProcess({
        app,
        connectionString: storage.connectionString,
        settings: { Data: storage.connectionString, TICK_SCHEDULE: "0 0 3 1 1 *" },
        retryAfterMs: 0,
        storageRetryMs: 100,
        pollMs: 50,
        quiet: true,
        logFile: join(directory, "host.log"),
        ...options,
      });
      started.push(host);
      return host;
    },
    async results(isEnough) {
      const client = await queue("results");
      await until(async () => {
        collected.push(...(await takeAll(client)).map((text): Result => JSON.parse(decode(text))));
        return isEnough(collected);
      });
      return [...collected];
    },
    async textsIn(name, count) {
      const client = await queue(name);
      const texts: string[] = [];
      await until(async () => texts.push(...(await takeAll(client))) >= count);
      return texts;
    },
    shown: () => readFileSync(join(directory, "host.log"), "utf8").split("\n"),
    async stop() {
      await Promise.all(started.map((host) => host.stop()));
      await storage.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Looks again until `isDone`; fails when that takes unreasonably long. */
export async function until(isDone: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await isDone())) {
    if (Date.now() > deadline) throw new Error("The awaited state must come about in time");
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function takeAll(queue: QueueClient): Promise<readonly string[]> {
  const { receivedMessageItems: items } = await queue.receiveMessages({ numberOfMessages: 32 });
  for (const item of items) await queue.deleteMessage(item.messageId, item.popReceipt);
  return items.map((item) => item.messageText);
}

export function encode(text: string): string {
  return Buffer.from(text).toString("base64");
}

function decode(text: string): string {
  return Buffer.from(text, "base64").toString();
}
