import { BlobServiceClient } from "@azure/storage-blob";
import { QueueServiceClient } from "@azure/storage-queue";

export type StorageClients = { readonly blobs: BlobServiceClient; readonly queues: QueueServiceClient };

/** The setting that holds the host's own state: receipts, locks, internal queues. */
export const hostConnection = "AzureWebJobsStorage";

const opened = new Map<string, StorageClients>();

/**
 * Clients for a `connection` of a binding: the setting of that name, or the same with the prefix `AzureWebJobs`.
 *
 * @throws {RangeError} naming the setting, if neither is set.
 */
export function openConnection(name: string): StorageClients {
  const text = process.env[name] ?? process.env[`AzureWebJobs${name}`];
  if (!text) throw new RangeError(`Cannot reach storage: setting "${name}" must hold a connection string`);
  const known = opened.get(text);
  if (known !== undefined) return known;
  const clients = {
    blobs: BlobServiceClient.fromConnectionString(text),
    queues: QueueServiceClient.fromConnectionString(text),
  };
  opened.set(text, clients);
  return clients;
}
