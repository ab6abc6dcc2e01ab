import { announce, noticeFor } from "./blob-notice.ts";
import type { BlobSource } from "./blob-source.ts";
import type { HostContext } from "./host-context.ts";
import { keepGoing, statusOf } from "./keep-going.ts";
import { wait } from "./wait.ts";

/** Scans that find nothing new take at most this share of the time, however many blobs there are. */
const shareOfTime = 0.1;
const longestPauseMs = 1_000;

/**
 * Looks for new and overwritten blobs until the host stops. No events exist on this machine, so a function with the
 * source `EventGrid` is served the same way.
 */
export async function scanContainer(host: HostContext, source: BlobSource): Promise<void> {
  let announced: ReadonlyMap<string, string> = new Map();
  await keepGoing(host, `${source.container.containerName}/`, async () => {
    const started = performance.now();
    const found = await scanOnce(host, source, announced);
    const isQuiet = [...found].every(([name, eTag]) => announced.get(name) === eTag);
    announced = found;
    const pauseMs = isQuiet ? Math.min((performance.now() - started) / shareOfTime, longestPauseMs) : 0;
    await wait(Math.max(host.options.blobs.pollMs, pauseMs), host.signal);
  });
}

/** @returns the ETag of every blob that is announced; a blob that is not comes again at the next scan. */
async function scanOnce(
  host: HostContext,
  source: BlobSource,
  before: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const after = new Map<string, string>();
  for await (const { name, eTag } of listBlobs(host, source)) {
    if (host.signal.aborted) break;
    const isKnown = before.get(name) === eTag;
    if (isKnown || (await announce(host.hostId, noticeFor(source, name, eTag)))) after.set(name, eTag);
  }
  return after;
}

async function* listBlobs(
  host: HostContext,
  source: BlobSource,
): AsyncGenerator<{ name: string; eTag: string }> {
  try {
    for await (const item of source.container.listBlobsFlat({ abortSignal: host.signal })) {
      const eTag = item.properties.etag;
      if (source.match(item.name) !== undefined) yield { name: item.name, eTag };
    }
  } catch (error) {
    if (statusOf(error) !== 404) throw error; // the container does not exist yet
  }
}
