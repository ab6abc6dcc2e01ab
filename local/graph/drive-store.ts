import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { nameOf, parentOf, placeOnDisk } from "./drive-path.ts";
import { GraphRefusal, notFound } from "./graph-call.ts";
import { readJsonFile, writeWhole } from "./json-file.ts";
import { quickXorHash } from "./quick-xor-hash.ts";

const permissionSchema = z.object({ id: z.string(), email: z.string(), roles: z.array(z.string()) });

const recordSchema = z.object({
  id: z.string(),
  /** Changes with content and metadata: the eTag's number. */
  version: z.int(),
  /** Changes with content only: the cTag's number. */
  contentVersion: z.int(),
  isFolder: z.boolean(),
  size: z.number(),
  modifiedOnDiskMs: z.number(),
  hash: z.string(),
  created: z.string(),
  modified: z.string(),
  isCheckedOut: z.boolean(),
  permissions: z.array(permissionSchema),
});

const stateSchema = z.object({ items: z.record(z.string(), recordSchema) });

export type Permission = z.infer<typeof permissionSchema>;
export type DriveItem = z.infer<typeof recordSchema> & { readonly path: string };
export type ConflictBehavior = "fail" | "replace" | "rename";
export type WriteOptions = {
  readonly conflict: ConflictBehavior;
  /** An eTag the file must have, or "*" for any existing one. */
  readonly ifMatch?: string | undefined;
};

/**
 * The document library: plain folders and files that anybody can open, and beside them what a file system does not keep
 * (ids, versions, permissions). A file that was changed on disk by hand counts as a new version.
 */
export class DriveStore {
  readonly #root: string;
  readonly #stateFile: string;
  readonly #now: () => Date;
  readonly #items: Record<string, z.infer<typeof recordSchema>>;

  constructor(root: string, stateFile: string, now: () => Date) {
    mkdirSync(root, { recursive: true });
    this.#root = root;
    this.#stateFile = stateFile;
    this.#now = now;
    this.#items = readJsonFile(stateFile, stateSchema)?.items ?? {};
  }

  find(path: string): DriveItem | undefined {
    const place = placeOnDisk(this.#root, path);
    const onDisk = statSync(place, { throwIfNoEntry: false });
    if (onDisk === undefined) {
      delete this.#items[path];
      return undefined;
    }
    const known = this.#items[path];
    const isSame = known?.size === onDisk.size && known.modifiedOnDiskMs === onDisk.mtimeMs;
    if (known !== undefined && (known.isFolder || isSame)) return { ...known, path };
    return this.#record(path, onDisk.isDirectory());
  }

  get(path: string): DriveItem {
    const item = this.find(path);
    if (item === undefined) throw notFound();
    return item;
  }

  getById(id: string): DriveItem {
    const path = Object.keys(this.#items).find((one) => this.#items[one]?.id === id);
    if (path === undefined) throw notFound();
    return this.get(path);
  }

  children(path: string): readonly DriveItem[] {
    if (!this.get(path).isFolder) throw notFound();
    const names = readdirSync(placeOnDisk(this.#root, path)).filter((name) => !name.endsWith(".new"));
    return names.sort().map((name) => this.get(path === "" ? name : `${path}/${name}`));
  }

  read(path: string): Buffer {
    if (this.get(path).isFolder) throw notFound();
    return readFileSync(placeOnDisk(this.#root, path));
  }

  /** Where a write would go; checks the conditions without writing. */
  checkWrite(path: string, options: WriteOptions): string {
    const present = this.find(path);
    checkMatch(present, options.ifMatch);
    if (present === undefined) return path;
    if (present.isFolder || options.conflict === "fail") {
      throw new GraphRefusal(409, "nameAlreadyExists", "An item of this name exists already");
    }
    return options.conflict === "rename" ? this.#freeName(path) : path;
  }

  /** Creates missing folders, as Graph does for a path. */
  write(path: string, bytes: Uint8Array, options: WriteOptions): { item: DriveItem; isNew: boolean } {
    const target = this.checkWrite(path, options);
    const isNew = this.find(target) === undefined;
    this.#createFolders(parentOf(target));
    writeWhole(placeOnDisk(this.#root, target), bytes);
    return { item: this.#record(target, false), isNew };
  }

  /** Changes what is not content; the eTag changes, the cTag does not. */
  update(path: string, change: { isCheckedOut?: boolean; permissions?: Permission[] }): DriveItem {
    const { path: _, ...item } = this.get(path);
    this.#items[path] = { ...item, ...change, version: item.version + 1 };
    this.#save();
    return this.get(path);
  }

  #createFolders(path: string): void {
    if (path === "") return;
    const present = this.find(path);
    if (present !== undefined && !present.isFolder) {
      throw new GraphRefusal(409, "nameAlreadyExists", "A file has the name of the folder");
    }
    this.#createFolders(parentOf(path));
    mkdirSync(placeOnDisk(this.#root, path), { recursive: true });
    this.get(path);
  }

  #freeName(path: string): string {
    const name = nameOf(path);
    const dot = name.lastIndexOf(".");
    const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
    for (let number = 1; ; number++) {
      const free = join(parentOf(path), `${stem} ${number}${ending}`);
      if (this.find(free) === undefined) return free;
    }
  }

  #record(path: string, isFolder: boolean): DriveItem {
    const place = placeOnDisk(this.#root, path);
    const before = this.#items[path];
    const time = this.#now().toISOString();
    const onDisk = statSync(place);
    this.#items[path] = {
      id: before?.id ?? idOf(path),
      version: (before?.version ?? 0) + 1,
      contentVersion: (before?.contentVersion ?? 0) + 1,
      isFolder,
      size: isFolder ? 0 : onDisk.size,
      modifiedOnDiskMs: onDisk.mtimeMs,
      hash: isFolder ? "" : quickXorHash(readFileSync(place)),
      created: before?.created ?? time,
      modified: time,
      isCheckedOut: before?.isCheckedOut ?? false,
      permissions: before?.permissions ?? [],
    };
    this.#save();
    return this.get(path);
  }

  #save(): void {
    writeWhole(this.#stateFile, JSON.stringify({ items: this.#items }));
  }
}

function checkMatch(present: DriveItem | undefined, ifMatch: string | undefined): void {
  if (ifMatch === undefined) return;
  if (present === undefined || (ifMatch !== "*" && ifMatch !== eTagOf(present))) {
    throw new GraphRefusal(412, "preconditionFailed", "The eTag must be the one of the present version");
  }
}

export function eTagOf(item: DriveItem): string {
  return `"{${guidOf(item.id)}},${item.version}"`;
}

export function cTagOf(item: DriveItem): string {
  return `"c:{${guidOf(item.id)}},${item.contentVersion}"`;
}

/** From the path, so that two fresh runs give the same ids. */
function idOf(path: string): string {
  const digest = createHash("sha256").update(path).digest("hex");
  return `01${digest.slice(0, 32).toUpperCase()}`;
}

function guidOf(id: string): string {
  const hex = id.slice(2);
  const cuts = [0, 8, 12, 16, 20, 32];
  return cuts
    .slice(1)
    .map((end, index) => hex.slice(cuts[index], end))
    .join("-");
}

export function newId(): string {
  return randomUUID();
}
