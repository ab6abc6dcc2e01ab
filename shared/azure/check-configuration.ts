import type { StorageClients } from "./clients.ts";
import { readOfficeFiles } from "./office-files.ts";
import { readHistoryFile } from "./report-sources.ts";

/** The first mistake in the office's files, by file and field or line; undefined where all can be read. */
export async function configurationMistake(storage: StorageClients): Promise<string | undefined> {
  try {
    await readOfficeFiles(storage);
    await readHistoryFile(storage);
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}
