import { randomUUID } from "node:crypto";
import { lstat, mkdir, readdir, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

export const summaryName = "summary.json";

/**
 * Refuses a folder that holds anything but the result of an earlier run, or one of the `inputs`: a run replaces its folder
 * as a whole.
 *
 * @throws {RangeError} naming the folder.
 */
export async function checkFolder(folder: string, inputs: readonly string[]): Promise<void> {
  const target = await folderAt(folder);
  for (const input of inputs) {
    const path = relative(target, await realpath(input).catch(() => resolve(input)));
    if (path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path))
      throw new RangeError(`Der Ordner „${folder}“ enthält die Eingabe „${path}“: sie würde ersetzt`);
  }
  const found = await filesIn(folder);
  const expected = new Set([summaryName, ...(await earlierTables(folder, found))]);
  if (found.some((file) => !expected.has(file)))
    throw new RangeError(`Der Ordner „${folder}“ enthält anderes als das Ergebnis eines früheren Laufs`);
}

/** The folder itself where a link leads to it, so that the link stays. */
async function folderAt(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    if (await isThere(folder))
      throw new RangeError(`Der Verweis „${folder}“ führt zu keinem Ordner`, { cause: error });
    return resolve(folder);
  }
}

async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw new RangeError(`„${folder}“ ist kein Ordner, der zu lesen ist`, { cause: error });
  }
}

/** The tables that the summary of an earlier run lists; none where it is none. */
async function earlierTables(folder: string, found: readonly string[]): Promise<readonly string[]> {
  if (!found.includes(summaryName)) return [];
  try {
    const { tables } = JSON.parse(await readFile(join(folder, summaryName), "utf8"));
    return tables.map(({ name }: { name: string }) => `${name}.csv`);
  } catch {
    return [];
  }
}

/** Puts `files` in the place of the whole folder: they are written beside it first, so that nobody sees half of them. */
export async function replaceFolder(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  const target = await folderAt(folder);
  await mkdir(dirname(target), { recursive: true });
  const fresh = join(dirname(target), `.${basename(target)}-${randomUUID()}`);
  const old = `${fresh}-alt`;
  try {
    await mkdir(fresh);
    for (const [name, text] of files) await writeFile(join(fresh, name), text, { flag: "wx" });
    const hadOne = await movedAside(target, old);
    try {
      await rename(fresh, target);
    } catch (error) {
      if (hadOne) await rename(old, target);
      throw error;
    }
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}

async function movedAside(target: string, old: string): Promise<boolean> {
  try {
    await rename(target, old);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
