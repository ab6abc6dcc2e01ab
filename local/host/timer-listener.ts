import type { BlobLeaseClient, BlockBlobClient } from "@azure/storage-blob";
import { z } from "zod";
import { hostConnection, openConnection } from "./connections.ts";
import type { RegisteredFunction } from "./core-types.ts";
import { type HostContext, hostContainer, stateName } from "./host-context.ts";
import { describe, keepGoing, statusOf } from "./keep-going.ts";
import { writeOutputs } from "./outputs.ts";
import { nextOccurrence, parseSchedule, type Schedule } from "./schedule.ts";
import { requireField, resolveSettings, triggerOf } from "./trigger.ts";
import { wait } from "./wait.ts";

const statusSchema = z.object({ Last: z.string(), Next: z.string(), LastUpdated: z.string() });
type Status = z.infer<typeof statusSchema>;

const neverRan = "0001-01-01T00:00:00";
/** Longest wait in one piece: a machine that slept must notice it soon. */
const longestWaitMs = 30_000;

type Timer = {
  readonly host: HostContext;
  readonly fn: RegisteredFunction;
  readonly schedule: Schedule;
  readonly runOnStartup: boolean;
  readonly status: BlockBlobClient;
  readonly lock: BlockBlobClient;
};

/** Runs one function by its schedule until the host stops; only the host that holds the lease does. */
export function startTimerListener(host: HostContext, fn: RegisteredFunction): Promise<void> {
  return listen(openTimer(host, fn));
}

async function listen(timer: Timer): Promise<void> {
  const { host, fn } = timer;
  let mayRunOnStartup = timer.runOnStartup;
  await keepGoing(host, `timer ${fn.metadata.name}`, async () => {
    const lease = await acquire(timer);
    if (lease === undefined) {
      await wait(host.retryMs, host.signal);
      return;
    }
    const runAtOnce = mayRunOnStartup;
    mayRunOnStartup = false;
    await holdLease(timer, lease, (signal) => runSchedule(timer, runAtOnce, signal));
  });
}

/** Runs the function now, whatever the schedule says; the schedule goes on as before. */
export async function runTimerNow(host: HostContext, fn: RegisteredFunction): Promise<void> {
  const { status } = openTimer(host, fn);
  await invokeTimer(host, fn, false, await readStatus(status));
}

function openTimer(host: HostContext, fn: RegisteredFunction): Timer {
  const { binding } = triggerOf(fn);
  const { blobs } = openConnection(hostConnection);
  const container = blobs.getContainerClient(hostContainer);
  const name = stateName(fn.metadata.name);
  return {
    host,
    fn,
    schedule: parseSchedule(resolveSettings(requireField(binding.schedule, fn, "schedule"))),
    runOnStartup: binding.runOnStartup ?? false,
    status: container.getBlockBlobClient(`timers/${host.hostId}/${name}/status`),
    lock: container.getBlockBlobClient(`locks/${host.hostId}/${name}.Listener`),
  };
}

/** Undefined while another host, or the lease of one that was killed, holds the timer. */
async function acquire(timer: Timer): Promise<BlobLeaseClient | undefined> {
  const { blobs } = openConnection(hostConnection);
  await blobs.getContainerClient(hostContainer).createIfNotExists();
  const lease = timer.lock.getBlobLeaseClient();
  try {
    await timer.lock.upload("", 0, { conditions: { ifNoneMatch: "*" } });
  } catch (error) {
    if (statusOf(error) !== 409 && statusOf(error) !== 412) throw error;
  }
  try {
    await lease.acquireLease(timer.host.options.timers.leaseSeconds);
    return lease;
  } catch (error) {
    if (statusOf(error) === 409) return undefined;
    throw error;
  }
}

/** Ends `run` when the lease cannot be renewed: from then on another host may run the timer. */
async function holdLease(
  timer: Timer,
  lease: BlobLeaseClient,
  run: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const lost = new AbortController();
  const renewing = setInterval(
    async () => {
      try {
        await lease.renewLease();
      } catch (error) {
        report(timer, `its lease is lost: ${describe(error)}`);
        lost.abort();
      }
    },
    (timer.host.options.timers.leaseSeconds * 1_000) / 3,
  );
  try {
    await run(AbortSignal.any([timer.host.signal, lost.signal]));
  } finally {
    clearInterval(renewing);
    if (!lost.signal.aborted) await release(timer, lease);
  }
}

async function release(timer: Timer, lease: BlobLeaseClient): Promise<void> {
  try {
    await lease.releaseLease();
  } catch (error) {
    report(timer, `its lease could not be released: ${describe(error)}`);
  }
}

async function runSchedule(timer: Timer, runAtOnce: boolean, signal: AbortSignal): Promise<void> {
  let status = await readStatus(timer.status);
  const isPastDue = status !== undefined && Date.parse(status.Next) < Date.now();
  if (isPastDue || runAtOnce) status = await runOnce(timer, isPastDue, status);
  while (!signal.aborted) {
    const next = nextOccurrence(timer.schedule, new Date());
    status = { Last: status?.Last ?? neverRan, Next: next.toISOString(), LastUpdated: timestamp() };
    await writeStatus(timer.status, status);
    await waitUntil(next, signal);
    if (!signal.aborted) status = await runOnce(timer, false, status);
  }
}

/** A function that throws does not stop its schedule. */
async function runOnce(timer: Timer, isPastDue: boolean, status: Status | undefined): Promise<Status> {
  try {
    await invokeTimer(timer.host, timer.fn, isPastDue, status);
  } catch (error) {
    timer.host.log.write({ level: "error", function: timer.fn.metadata.name, message: describe(error) });
  }
  const now = new Date();
  const ran = {
    Last: now.toISOString(),
    Next: nextOccurrence(timer.schedule, now).toISOString(),
    LastUpdated: now.toISOString(),
  };
  await writeStatus(timer.status, ran);
  return ran;
}

async function invokeTimer(
  host: HostContext,
  fn: RegisteredFunction,
  isPastDue: boolean,
  status: Status | undefined,
): Promise<void> {
  const { name } = triggerOf(fn);
  const known = status ?? { Last: neverRan, Next: neverRan, LastUpdated: neverRan };
  const input = { IsPastDue: isPastDue, Schedule: { AdjustForDST: true }, ScheduleStatus: known };
  const response = await host.invoke(fn, [{ name, data: { json: JSON.stringify(input) } }]);
  await writeOutputs(fn, response, host.options.queues.messageEncoding);
}

async function readStatus(blob: BlockBlobClient): Promise<Status | undefined> {
  try {
    const text = (await blob.downloadToBuffer()).toString();
    return statusSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (statusOf(error) === 404 || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function writeStatus(blob: BlockBlobClient, status: Status): Promise<void> {
  const text = JSON.stringify(status);
  await blob.upload(text, Buffer.byteLength(text));
}

async function waitUntil(time: Date, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && Date.now() < time.getTime()) {
    await wait(Math.min(time.getTime() - Date.now(), longestWaitMs), signal);
  }
}

function timestamp(): string {
  return new Date().toISOString();
}

function report(timer: Timer, reason: string): void {
  timer.host.log.write({ level: "warning", message: `timer ${timer.fn.metadata.name}: ${reason}` });
}
