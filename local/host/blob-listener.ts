import type { BlobClient, BlobGetPropertiesResponse } from "@azure/storage-blob";
import { announce, type BlobNotice, internalQueue, noticeFor, readNotice } from "./blob-notice.ts";
import { scanContainer } from "./blob-scan.ts";
import { type BlobSource, blobPoisonQueue, blobSourceOf } from "./blob-source.ts";
import { hostConnection, openConnection } from "./connections.ts";
import type { RegisteredFunction, TypedData } from "./core-types.ts";
import { type HostContext, hostContainer, stateName } from "./host-context.ts";
import { keepGoing, statusOf } from "./keep-going.ts";
import { writeOutputs } from "./outputs.ts";
import { pumpQueue } from "./queue-pump.ts";

/** Serves all blob-triggered functions until the host stops: scan, receipt, internal queue, run. */
export function startBlobListener(
  host: HostContext,
  functions: readonly RegisteredFunction[],
): Promise<void> {
  return listen(host, new Map(functions.map((fn) => [stateName(fn.metadata.name), blobSourceOf(fn)])));
}

async function listen(host: HostContext, sources: ReadonlyMap<string, BlobSource>): Promise<void> {
  await prepare(host);
  const scans = [...sources.values()].map((source) => scanContainer(host, source));
  await Promise.all([...scans, pumpNotices(host, sources)]);
}

/** Waits for the host storage; returns early when the host stops before it answers. */
async function prepare(host: HostContext): Promise<void> {
  const ready = new AbortController();
  const signal = AbortSignal.any([host.signal, ready.signal]);
  await keepGoing({ ...host, signal }, "host storage", async () => {
    await openConnection(hostConnection).blobs.getContainerClient(hostContainer).createIfNotExists();
    await internalQueue(host.hostId).createIfNotExists();
    ready.abort();
  });
}

function pumpNotices(host: HostContext, sources: ReadonlyMap<string, BlobSource>): Promise<void> {
  const lost = openConnection(hostConnection).queues.getQueueClient(blobPoisonQueue);
  return pumpQueue({
    ...host,
    queue: internalQueue(host.hostId),
    poisonQueue: (message) => sources.get(readNotice(message.messageText)?.FunctionId ?? "")?.poison ?? lost,
    options: host.options.blobs,
    canHandle: (message) => readNotice(message.messageText) !== undefined,
    async handle(message) {
      const notice = readNotice(message.messageText);
      const source = sources.get(notice?.FunctionId ?? "");
      if (notice !== undefined && source !== undefined) await runOnBlob(host, source, notice);
    },
  });
}

/** A blob that is gone is forgotten; one that was overwritten meanwhile is announced anew in its present state. */
async function runOnBlob(host: HostContext, source: BlobSource, notice: BlobNotice): Promise<void> {
  const blob = source.container.getBlobClient(notice.BlobName);
  const properties = await propertiesOf(blob);
  if (properties?.etag === undefined) return;
  if (properties.etag !== notice.ETag) {
    await announce(host.hostId, noticeFor(source, notice.BlobName, properties.etag));
    return;
  }
  const input = { name: source.inputName, data: await inputData(source, blob, notice) };
  const response = await host.invoke(source.fn, [input], metadataOf(source, blob, properties));
  await writeOutputs(source.fn, response, host.options.queues.messageEncoding);
}

async function propertiesOf(blob: BlobClient): Promise<BlobGetPropertiesResponse | undefined> {
  try {
    return await blob.getProperties();
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

async function inputData(source: BlobSource, blob: BlobClient, notice: BlobNotice): Promise<TypedData> {
  if (!isSdkBinding(source)) return { bytes: await blob.downloadToBuffer() };
  const content = {
    Connection: source.binding.connection,
    ContainerName: notice.ContainerName,
    BlobName: notice.BlobName,
  };
  return {
    modelBindingData: {
      version: "1.0",
      source: "AzureStorageBlobs",
      contentType: "application/json",
      content: Buffer.from(JSON.stringify(content)),
    },
  };
}

function isSdkBinding(source: BlobSource): boolean {
  return source.binding.properties?.["supportsDeferredBinding"]?.toLowerCase() === "true";
}

function metadataOf(
  source: BlobSource,
  blob: BlobClient,
  properties: BlobGetPropertiesResponse,
): Readonly<Record<string, TypedData>> {
  const placeholders = Object.entries(source.match(blob.name) ?? {});
  const shown = {
    ETag: properties.etag,
    ContentLength: properties.contentLength,
    ContentType: properties.contentType,
    CreatedOn: properties.createdOn,
    LastModified: properties.lastModified,
  };
  return {
    BlobTrigger: { string: `${blob.containerName}/${blob.name}` },
    Uri: { json: JSON.stringify(blob.url) },
    Properties: { json: JSON.stringify(shown) },
    Metadata: { json: JSON.stringify(properties.metadata ?? {}) },
    ...Object.fromEntries(placeholders.map(([name, value]) => [name, { string: value }])),
  };
}
