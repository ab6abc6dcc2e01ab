import { TableClient } from "@azure/data-tables";
import { ManagedIdentityCredential } from "@azure/identity";
import { BlobServiceClient, type ContainerClient } from "@azure/storage-blob";
import { type QueueClient, QueueServiceClient } from "@azure/storage-queue";
import { refuseUnknown } from "../registers/refuse-unknown.ts";
import type { StorageSettings } from "./settings.ts";

const tableNames = ["Deliveries", "Records", "Series", "Releases"] as const;
type TableName = (typeof tableNames)[number];

const containerNames = ["exports", "config", "receipts", "internal", "releases", "ledger"] as const;
type ContainerName = (typeof containerNames)[number];

const queueNames = ["lieferungen", "berichte", "veroeffentlichungen"] as const;
export type QueueName = (typeof queueNames)[number];

/** Where the host puts what failed for good; it creates them when it first needs them. */
export const poisonQueueNames = [
  "webjobs-blobtrigger-poison",
  "lieferungen-poison",
  "berichte-poison",
  "veroeffentlichungen-poison",
] as const satisfies readonly ("webjobs-blobtrigger-poison" | `${QueueName}-poison`)[];
export type PoisonQueueName = (typeof poisonQueueNames)[number];

/** One client per table, container and queue, made once; connections are kept open and requests retried. */
export type StorageClients = {
  table(name: TableName): TableClient;
  container(name: ContainerName): ContainerClient;
  queue(name: QueueName | PoisonQueueName): QueueClient;
};

type Services = {
  readonly blobs: BlobServiceClient;
  readonly queues: QueueServiceClient;
  table(name: string): TableClient;
};

const blobRetries = { retryOptions: { maxTries: 5, retryDelayInMs: 500, maxRetryDelayInMs: 10_000 } };
const tableRetries = { retryOptions: { maxRetries: 5, retryDelayInMs: 500, maxRetryDelayInMs: 10_000 } };

export function createClients(settings: StorageSettings): StorageClients {
  const services = createServices(settings);
  const tables = new Map(tableNames.map((name) => [name, services.table(name)]));
  const containers = new Map(containerNames.map((name) => [name, services.blobs.getContainerClient(name)]));
  const queues = new Map(
    [...queueNames, ...poisonQueueNames].map((name) => [name, services.queues.getQueueClient(name)]),
  );
  return {
    table: (name) => known(tables, name),
    container: (name) => known(containers, name),
    queue: (name) => known(queues, name),
  };
}

/** Creates every table, container and queue that is missing. In Azure they exist; repeating does nothing. */
export async function prepareStorage(storage: StorageClients): Promise<void> {
  await Promise.all([
    ...tableNames.map((name) => storage.table(name).createTable()),
    ...containerNames.map((name) => storage.container(name).createIfNotExists()),
    ...queueNames.map((name) => storage.queue(name).createIfNotExists()),
  ]);
}

function createServices(settings: StorageSettings): Services {
  switch (settings.kind) {
    case "connection-string":
      return servicesByConnectionString(settings.connectionString);
    case "identity":
      return servicesByIdentity(settings);
    default:
      return refuseUnknown(settings, "way to storage");
  }
}

function servicesByConnectionString(text: string): Services {
  // The emulator speaks plain http; an account in Azure refuses it, so the permission opens nothing there.
  const options = { ...tableRetries, allowInsecureConnection: true };
  return {
    blobs: BlobServiceClient.fromConnectionString(text, blobRetries),
    queues: QueueServiceClient.fromConnectionString(text, blobRetries),
    table: (name) => TableClient.fromConnectionString(text, name, options),
  };
}

function servicesByIdentity(settings: Extract<StorageSettings, { kind: "identity" }>): Services {
  const { clientId } = settings;
  const credential =
    clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
  return {
    blobs: new BlobServiceClient(settings.blobServiceUri, credential, blobRetries),
    queues: new QueueServiceClient(settings.queueServiceUri, credential, blobRetries),
    table: (name) => new TableClient(settings.tableServiceUri, name, credential, tableRetries),
  };
}

function known<Name extends string, Client>(clients: ReadonlyMap<Name, Client>, name: Name): Client {
  const client = clients.get(name);
  if (client === undefined)
    throw new RangeError(`Cannot reach "${name}": it must be one of the declared names`);
  return client;
}
