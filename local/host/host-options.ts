import { randomBytes } from "node:crypto";
import type { HostSettings } from "./host-context.ts";
import type { HostFile } from "./host-file.ts";
import type { HostKeys } from "./http-listener.ts";

/** How this machine differs from Azure. Everything but `app` and `connectionString` has a default. */
export type HostOptions = {
  /** The built application: a directory with package.json, host.json and the entry point. */
  readonly app: string;
  /** Storage of the host's own state: the setting `AzureWebJobsStorage`. */
  readonly connectionString: string;
  /** Settings of the application. They stand in the environment until the host has stopped. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Default 0: a free one. */
  readonly port?: number;
  /** Part of the names of all state; two hosts of one id share receipts, queues and timers. Default "localhost-1". */
  readonly hostId?: string;
  /** Token given to whoever asks the identity endpoint. Without one every request is refused. */
  readonly token?: string;
  /** Addresses the token is for; default Graph's and the one of the setting `GRAPH_URL`. */
  readonly tokenResources?: readonly string[];
  /** Default: new random ones. */
  readonly keys?: HostKeys;
  /** Secret of the header by which the start program acts as a user; default: a new random one. */
  readonly localSecret?: string;
  /** JSON lines of host and functions; default: none. */
  readonly logFile?: string;
  /** Receives warnings and errors as short lines; default: the console. */
  readonly show?: (line: string) => void;
  /** Shortest pause between two scans for blobs, default 150. */
  readonly pollMs?: number;
  /** Longest pause between two looks into an empty queue, default 250. */
  readonly queuePollMs?: number;
  /** Pause before a failed message or blob is tried again, default 1,000 (host.json: 30,000). */
  readonly retryAfterMs?: number;
  /** Lease of a message under work, renewed at a third of it; after a kill it comes back that late. Default 15,000. */
  readonly messageLeaseMs?: number;
  /** Lease of a timer, 15 to 60. Default 15. */
  readonly timerLeaseSeconds?: number;
  /** Pause after a failed storage call, default 1,000. */
  readonly storageRetryMs?: number;
  /** Larger request bodies are refused with 413. Default 10 MiB. */
  readonly maxBodyBytes?: number;
  /** How long `stop()` waits for running functions. Default 20,000. */
  readonly drainMs?: number;
};

const mebibyte = 1_048_576;

export function hostSettings(options: HostOptions, hostFile: HostFile): HostSettings {
  const { http, blobs, queues } = hostFile.extensions;
  const threshold = queues.newBatchThreshold ?? Math.floor(queues.batchSize / 2);
  const shared = {
    retryAfterMs: options.retryAfterMs ?? 1_000,
    leaseMs: options.messageLeaseMs ?? 15_000,
    maxPollMs: Math.min(options.queuePollMs ?? 250, queues.maxPollingInterval),
  };
  return {
    routePrefix: http.routePrefix,
    maxBodyBytes: options.maxBodyBytes ?? 10 * mebibyte,
    queues: {
      ...shared,
      batchSize: queues.batchSize,
      newBatchThreshold: threshold,
      maxRunning: queues.batchSize + threshold,
      maxDequeueCount: queues.maxDequeueCount,
      messageEncoding: queues.messageEncoding,
    },
    blobs: {
      ...shared,
      batchSize: Math.min(blobs.maxDegreeOfParallelism, 32),
      newBatchThreshold: blobs.maxDegreeOfParallelism - 1,
      maxRunning: blobs.maxDegreeOfParallelism,
      maxDequeueCount: blobs.poisonBlobThreshold,
      pollMs: options.pollMs ?? 150,
    },
    timers: { leaseSeconds: options.timerLeaseSeconds ?? 15 },
  };
}

export function newKeys(): HostKeys {
  return { master: newSecret(), function: newSecret(), blobs: newSecret() };
}

export function newSecret(): string {
  return randomBytes(24).toString("base64url");
}
