import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ContainerClient } from "@azure/storage-blob";
import { hasStatus } from "../shared/azure/storage-error.ts";

/** Paths of all files below `directory`, relative with "/", in a fixed order. An absent directory has none. */
export async function listFiles(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return paths.map((path) => path.slice(directory.length + 1).replaceAll("\\", "/")).sort();
}

/**
 * Puts files into a container as a department would. A blob that already holds the same bytes is left alone, so that a
 * repeated start is no new delivery.
 */
export async function dropFiles(
  container: ContainerClient,
  directory: string,
  files: readonly string[],
): Promise<void> {
  await container.createIfNotExists();
  for (const file of files) {
    const path = join(directory, file);
    const sha256 = await hashFile(path);
    if ((await storedHash(container, file)) === sha256) continue;
    await container.getBlockBlobClient(file).uploadFile(path, { metadata: { sha256 }, concurrency: 2 });
  }
}

/** Removes every blob that is not among `files`, so that a file taken out of a folder is gone from the container too. */
export async function removeOthers(container: ContainerClient, files: readonly string[]): Promise<void> {
  for await (const { name } of container.listBlobsFlat()) {
    if (!files.includes(name)) await container.deleteBlob(name);
  }
}

async function storedHash(container: ContainerClient, name: string): Promise<string | undefined> {
  try {
    return (await container.getBlobClient(name).getProperties()).metadata?.["sha256"];
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}
