import { createHash } from "node:crypto";
import type { BlobClient } from "@azure/storage-blob";
import type { FileSource } from "../registers/source.ts";
import { plainETag } from "./etag.ts";
import { hasStatus } from "./storage-error.ts";

const rangeBytes = 4 * 1024 * 1024;

/** The blob is gone or has another content than at the start. The newer version has an event of its own. */
export class BlobChanged extends Error {
  constructor() {
    super("Cannot go on reading the export: the blob was replaced or deleted meanwhile");
    this.name = "BlobChanged";
  }
}

/** One version of a blob: a file that always yields the same bytes, or `BlobChanged`. */
export type BlobVersion = FileSource & { readonly etag: string; readonly uploadedAt: string };

/** The present version of a blob; undefined where there is no blob. */
export async function presentVersion(blob: BlobClient): Promise<BlobVersion | undefined> {
  try {
    const properties = await blob.getProperties();
    const etag = properties.etag ?? "";
    const byteLength = properties.contentLength ?? 0;
    return {
      name: blob.name.slice(blob.name.lastIndexOf("/") + 1),
      byteLength,
      etag: plainETag(etag),
      uploadedAt: (properties.lastModified ?? new Date(0)).toISOString(),
      chunks: () => readRanges(blob, byteLength, etag),
    };
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

/** The version with this ETag, without asking whether it is still there: reading tells. */
export function versionOf(
  blob: BlobClient,
  facts: { readonly etag: string; readonly byteLength: number; readonly uploadedAt: string },
): BlobVersion {
  return {
    ...facts,
    name: blob.name.slice(blob.name.lastIndexOf("/") + 1),
    chunks: () => readRanges(blob, facts.byteLength, `"${facts.etag}"`),
  };
}

/** SHA-256 of a file in hex. */
export async function contentHash(source: FileSource): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of source.chunks()) hash.update(chunk);
  return hash.digest("hex");
}

/** Reads by ranges, the next one on its way while the present one is worked on. */
async function* readRanges(blob: BlobClient, byteLength: number, etag: string): AsyncGenerator<Uint8Array> {
  let next = byteLength > 0 ? readRange(blob, 0, byteLength, etag) : undefined;
  for (let offset = rangeBytes; next !== undefined; offset += rangeBytes) {
    const range = await next;
    next = offset < byteLength ? readRange(blob, offset, byteLength, etag) : undefined;
    // A reader may stop early; the range on its way must not end as an unhandled rejection then.
    next?.catch(() => undefined);
    yield range;
  }
}

async function readRange(
  blob: BlobClient,
  offset: number,
  byteLength: number,
  etag: string,
): Promise<Uint8Array> {
  const count = Math.min(rangeBytes, byteLength - offset);
  try {
    return await blob.downloadToBuffer(offset, count, { conditions: { ifMatch: etag }, concurrency: 1 });
  } catch (error) {
    throw asChanged(error);
  }
}

/** Without `cause`: there is nothing more to know than that the version is gone. */
function asChanged(error: unknown): unknown {
  return hasStatus(error, 412) || hasStatus(error, 404) ? new BlobChanged() : error;
}
