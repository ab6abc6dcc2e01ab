import { createKeyDerivation, type OfficeKeys } from "../linkage/key-derivation.ts";
import { createClients, prepareStorage, type StorageClients } from "./clients.ts";
import { now } from "./clock.ts";
import { readSettings, type Settings } from "./settings.ts";

/** Ids, counts, durations and codes of what happened; never content of a register. */
export type Log = (event: string, facts: Readonly<Record<string, string | number | boolean>>) => void;

/** Everything the edge needs from outside. Tests hand in their own. */
export type Surroundings = {
  readonly settings: Settings;
  readonly storage: StorageClients;
  readonly keys: OfficeKeys;
  now(): Date;
  readonly log: Log;
};

let prepared: Promise<Omit<Surroundings, "log">> | undefined;

/**
 * The surroundings of this process: settings read and clients made once.
 *
 * @throws {SettingsError} naming all wrong settings together.
 */
export async function surroundings(log: Log): Promise<Surroundings> {
  prepared ??= prepare();
  try {
    return { ...(await prepared), log };
  } catch (error) {
    prepared = undefined; // storage that was away at the first call may be back at the next
    throw error;
  }
}

async function prepare(): Promise<Omit<Surroundings, "log">> {
  const settings = readSettings(process.env);
  const storage = createClients(settings.storage);
  await prepareStorage(storage);
  return { settings, storage, keys: createKeyDerivation(settings.pseudonymKey), now: () => now() };
}
