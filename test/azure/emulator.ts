import { startStorage } from "../../local/storage-emulator.ts";
import { createClients, prepareStorage, type StorageClients } from "../../shared/azure/clients.ts";
import { samplePseudonymKey } from "../../shared/azure/settings.ts";
import type { Log, Surroundings } from "../../shared/azure/surroundings.ts";
import { createKeyDerivation } from "../../shared/linkage/key-derivation.ts";

const accountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const accountCount = 200;

export type Emulator = {
  /** Connection string of an account that nobody has used before. */
  freshAccount(): string;
  stop(): Promise<void>;
};

/** One emulator for a test file, with an account of its own for every test. */
export async function startEmulator(): Promise<Emulator> {
  const names = Array.from({ length: accountCount }, (_, at) => `account${at}`);
  const defaultAccount = "devstoreaccount1";
  process.env["AZURITE_ACCOUNTS"] = [defaultAccount, ...names]
    .map((name) => `${name}:${accountKey}`)
    .join(";");
  const storage = await startStorage({ inMemory: true });
  return {
    freshAccount() {
      const name = names.pop();
      if (name === undefined) throw new RangeError("Cannot give another account: raise accountCount");
      return storage.connectionString.replaceAll(defaultAccount, name);
    },
    stop: () => storage.stop(),
  };
}

/** Everything the edge needs, over an account; the clock stands still. */
export async function surroundingsOf(
  connectionString: string,
  options: { readonly now?: string; readonly log?: Log } = {},
): Promise<Surroundings> {
  const storage = createClients({ kind: "connection-string", connectionString });
  await prepareStorage(storage);
  return surroundingsOver(storage, connectionString, options);
}

export function surroundingsOver(
  storage: StorageClients,
  connectionString: string,
  { now = "2026-11-23T05:00:00Z", log = () => undefined }: { readonly now?: string; readonly log?: Log } = {},
): Surroundings {
  const pseudonymKey = new Uint8Array(Buffer.from(samplePseudonymKey, "base64"));
  return {
    settings: {
      storage: { kind: "connection-string", connectionString },
      graphUrl: "http://127.0.0.1:1",
      sharePointSiteId: "site",
      sharePointDriveId: "drive",
      sharePointFolder: "Bevoelkerung aktuell",
      mailSender: "statistik@musterstadt.example",
      pseudonymKey,
      reportSchedule: "0 0 * * * *",
      officeTimeZone: "Europe/Berlin",
      publicUrl: "http://127.0.0.1:7071",
    },
    storage,
    keys: createKeyDerivation(pseudonymKey),
    now: () => new Date(now),
    log,
  };
}
