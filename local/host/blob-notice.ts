import type { BlockBlobClient } from "@azure/storage-blob";
import type { QueueClient } from "@azure/storage-queue";
import { z } from "zod";
import { plainETag } from "../../shared/azure/etag.ts";
import type { BlobSource } from "./blob-source.ts";
import { hostConnection, openConnection } from "./connections.ts";
import { hostContainer, stateName } from "./host-context.ts";
import { statusOf } from "./keep-going.ts";
import { decodeMessage, encodeMessage } from "./queue-text.ts";

const noticeSchema = z.object({
  Type: z.literal("BlobTrigger"),
  FunctionId: z.string(),
  BlobType: z.string(),
  ContainerName: z.string(),
  BlobName: z.string(),
  ETag: z.string(),
});

/** A message of the host's internal queue: run this function on this state of this blob. */
export type BlobNotice = z.infer<typeof noticeSchema>;

const receiptLeaseSeconds = 30;
/** Present in a receipt's metadata until its notice is queued, as in the real host. */
const incompleteMark = { Incomplete: "true" };

export function internalQueue(hostId: string): QueueClient {
  return openConnection(hostConnection).queues.getQueueClient(`azure-webjobs-blobtrigger-${hostId}`);
}

export function noticeFor(source: BlobSource, blobName: string, eTag: string): BlobNotice {
  return {
    Type: "BlobTrigger",
    FunctionId: stateName(source.fn.metadata.name),
    BlobType: "BlockBlob",
    ContainerName: source.container.containerName,
    BlobName: blobName,
    ETag: quoted(eTag),
  };
}

export function readNotice(messageText: string): BlobNotice | undefined {
  const text = decodeMessage(messageText);
  if (text === undefined) return undefined;
  try {
    return noticeSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Queues without looking at receipts: the way of an event, which may come twice. */
export async function queueNotice(hostId: string, notice: BlobNotice): Promise<void> {
  await internalQueue(hostId).sendMessage(encodeMessage(JSON.stringify(notice)));
}

/**
 * Queues the notice unless this state of the blob was announced before. The receipt is marked complete only after the
 * message is queued: a crash in between announces it once more, never not at all.
 *
 * @returns false when another host is just announcing it and the answer must be looked at again.
 */
export async function announce(hostId: string, notice: BlobNotice): Promise<boolean> {
  const receipt = receiptOf(hostId, notice);
  if ((await createReceipt(receipt)) === "complete") return true;
  const lease = receipt.getBlobLeaseClient();
  try {
    await lease.acquireLease(receiptLeaseSeconds);
  } catch (error) {
    if (statusOf(error) === 409) return false;
    throw error;
  }
  try {
    if (await isComplete(receipt)) return true;
    await queueNotice(hostId, notice);
    await receipt.setMetadata({}, { conditions: { leaseId: lease.leaseId } });
    return true;
  } finally {
    await lease.releaseLease();
  }
}

function receiptOf(hostId: string, notice: BlobNotice): BlockBlobClient {
  const { blobs } = openConnection(hostConnection);
  const place = [hostId, notice.FunctionId, notice.ETag, notice.ContainerName, notice.BlobName];
  return blobs.getContainerClient(hostContainer).getBlockBlobClient(`blobreceipts/${place.join("/")}`);
}

async function createReceipt(receipt: BlockBlobClient): Promise<"open" | "complete"> {
  try {
    await receipt.upload("", 0, { conditions: { ifNoneMatch: "*" }, metadata: incompleteMark });
    return "open";
  } catch (error) {
    const status = statusOf(error);
    if (status === 412) return "open"; // it is leased
    if (status !== 409) throw error;
    return (await isComplete(receipt)) ? "complete" : "open";
  }
}

/** Names of metadata come back in small letters from some services. */
async function isComplete(receipt: BlockBlobClient): Promise<boolean> {
  const { metadata = {} } = await receipt.getProperties();
  return !Object.keys(metadata).some((name) => name.toLowerCase() === "incomplete");
}

/** Lists and events give ETags without quotes, answers of the service with them. */
function quoted(eTag: string): string {
  return `"${plainETag(eTag)}"`;
}
