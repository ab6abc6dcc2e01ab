import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { type HierarchyFile, readHierarchy } from "../../shared/disclosure/files/table-file.ts";
import type { HierarchyOption } from "./command-line.ts";

/** How much a packed file may hold: more is no table. */
const unpackedBytesAtMost = 512 * 1024 * 1024;

/** Where the person stands who gave `path`: npm runs a script in the folder of the package and says where it was called. */
export function fromCaller(path: string): string {
  return resolve(process.env["INIT_CWD"] ?? process.cwd(), path);
}

/** The name of a table or hierarchy: that of its file. */
export function nameOf(file: string): string {
  return basename(file).replace(/\.csv(\.gz)?$/, "");
}

/** @throws {Error} naming the file. */
export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    const bytes = await readFile(fromCaller(file));
    return file.endsWith(".gz") ? gunzipSync(bytes, { maxOutputLength: unpackedBytesAtMost }) : bytes;
  } catch (error) {
    throw new Error(`Die Datei „${file}“ ist nicht zu lesen`, { cause: error });
  }
}

/** @throws {Error} naming file, line and rule. */
export async function readHierarchies(given: readonly HierarchyOption[]): Promise<readonly HierarchyFile[]> {
  return await Promise.all(
    given.map(async ({ dimension, file }) => readHierarchy(dimension, nameOf(file), await readBytes(file))),
  );
}
