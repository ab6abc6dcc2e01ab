import { existsSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { decodeSegment, invalid } from "./graph-call.ts";

const longestName = 255;
/** Characters that SharePoint allows in no name. */
const forbidden = /["*:<>?/\\|]/;

/**
 * The names of an encoded path, each one allowed in SharePoint.
 *
 * @throws {GraphRefusal} 400 for `..`, empty or forbidden names.
 */
export function readDrivePath(encoded: string): string {
  const trimmed = encoded.replace(/^\/|\/$/g, "");
  if (trimmed === "") return "";
  const names = trimmed.split("/").map(decodeSegment);
  for (const name of names) checkName(name);
  return names.join("/");
}

function checkName(name: string): void {
  const isAllowed =
    name !== "" &&
    name !== "." &&
    name !== ".." &&
    name.length <= longestName &&
    name === name.trim() &&
    !name.endsWith(".") &&
    !forbidden.test(name) &&
    ![...name].some((character) => character < " ");
  if (!isAllowed) throw invalid("The name of a file or folder must be one SharePoint allows");
}

/**
 * Where an item lies on disk.
 *
 * @throws {GraphRefusal} 400 if a link in the folder leads out of it.
 */
export function placeOnDisk(root: string, path: string): string {
  const place = join(root, path);
  let existing = place;
  while (!existsSync(existing) && existing !== root) existing = dirname(existing);
  const real = realpathSync(existing);
  const realRoot = realpathSync(root);
  if (real !== realRoot && !real.startsWith(realRoot + sep))
    throw invalid("The path must stay in the library");
  return place;
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
