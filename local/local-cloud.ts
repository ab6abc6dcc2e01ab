import { randomBytes } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createClients, prepareStorage, type StorageClients } from "../shared/azure/clients.ts";
import { countPoison } from "../shared/azure/count-messages.ts";
import { build } from "./build.ts";
import { type GraphOptions, startGraph } from "./graph/start-graph.ts";
import { type HostProcess, startHostProcess } from "./host/host-process.ts";
import type { StartOptions } from "./options.ts";
import { refusePoison } from "./queues.ts";
import { startStorage } from "./storage-emulator.ts";

/** Everything that stands in for the cloud, on loopback, with its data below one directory. */
export type LocalCloud = {
  readonly storage: StorageClients;
  /** The present functions host. */
  readonly host: HostProcess;
  /** Library folder on disk; undefined where another Graph is used. */
  readonly library: string | undefined;
  /** @throws {Error} if work was given up after the last try since the cloud was started. */
  refusePoison(): Promise<void>;
  /** Ends the functions host at once, as a failing machine would, and starts another one in its place. */
  replaceHost(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts what is not there yet, in the order in which each needs the other, and builds the package that is deployed. */
export async function startLocalCloud(
  options: StartOptions,
  step: (name: string) => void,
): Promise<LocalCloud> {
  await mkdir(options.data, { recursive: true });
  const app = await build({ outDirectory: join(options.data, "app") });
  step("Paket gebaut");
  const emulator = await startStorage({ directory: join(options.data, "storage") });
  step("Speicher");
  const token = process.env["GRAPH_TOKEN"] ?? randomBytes(24).toString("base64url");
  const settings = { ...(await sampleSettings()), ...storageSettings(emulator.connectionString) };
  const graph =
    options["graph-url"] === undefined ? await startGraph(graphOptions(options, settings, token)) : undefined;
  const startHost = () =>
    startHostProcess({
      app,
      port: options.port,
      connectionString: emulator.connectionString,
      token,
      logFile: join(options.data, "functions.log"),
      settings: {
        ...settings,
        GRAPH_URL: options["graph-url"] ?? graph?.url ?? "",
        REFERENCE_NOW: options.now,
      },
    });
  let host = await startHost();
  step("Functions-Host");
  const storage = createClients({ kind: "connection-string", connectionString: emulator.connectionString });
  await prepareStorage(storage);
  const poisonBefore = await countPoison(storage);
  const folder = settings["SHAREPOINT_FOLDER"] ?? "";
  return {
    storage,
    get host() {
      return host;
    },
    library: graph === undefined ? undefined : join(options.data, "sharepoint", folder),
    refusePoison: () => refusePoison(storage, poisonBefore),
    async replaceHost() {
      await host.kill();
      host = await startHost();
    },
    async stop() {
      await host.stop();
      await graph?.stop();
      await emulator.stop();
    },
  };
}

function graphOptions(
  options: StartOptions,
  settings: Readonly<Record<string, string>>,
  token: string,
): GraphOptions {
  return {
    directory: options.data,
    token,
    siteId: settings["SHAREPOINT_SITE_ID"] ?? "",
    driveId: settings["SHAREPOINT_DRIVE_ID"] ?? "",
    mailbox: settings["MAIL_SENDER"] ?? "",
  };
}

function storageSettings(connectionString: string): Record<string, string> {
  return { AzureWebJobsStorage: connectionString, RegisterStorage: connectionString };
}

async function sampleSettings(): Promise<Record<string, string>> {
  const sample: { Values: Record<string, string> } = JSON.parse(
    await readFile(new URL("../local.settings.sample.json", import.meta.url), "utf8"),
  );
  return sample.Values;
}
