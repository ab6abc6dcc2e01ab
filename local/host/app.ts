import { glob, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { emptyRegistration, receiveRegistrations } from "./core-module.ts";
import type { Registration } from "./core-types.ts";
import { type HostFile, readHostFile } from "./host-file.ts";
import type { HostLog } from "./host-log.ts";

export type App = {
  readonly directory: string;
  readonly registration: Registration;
  readonly hostFile: HostFile;
  readonly capabilities: Readonly<Record<string, string>>;
};

const packageSchema = z.object({ main: z.string().min(1), type: z.string().optional() });

/** What the worker in Azure offers; the library answers with its own. */
const hostCapabilities = {
  RawHttpBodyBytes: "true",
  UseNullableValueDictionaryForHttp: "true",
  RpcHttpBodyOnly: "true",
  RpcHttpTriggerMetadataRemoved: "true",
};

/** An ES module runs once per process, so a second host of the same directory takes what the first one registered. */
const loaded = new Map<string, Registration>();

/**
 * Loads the application as the worker does: the entry points are the files of `main` in its package.json.
 *
 * @throws {Error} naming the entry point, if one is missing, throws, or none registers a function.
 */
export async function loadApp(appDirectory: string, log: HostLog): Promise<App> {
  const directory = resolve(appDirectory);
  const hostFile = await readHostFile(join(directory, "host.json"));
  const registration = loaded.get(directory) ?? (await register(directory, log));
  loaded.set(directory, registration);
  const capabilities = (await registration.model?.getCapabilities?.(hostCapabilities)) ?? {};
  return { directory, registration, hostFile, capabilities };
}

async function register(directory: string, log: HostLog): Promise<Registration> {
  const registration = emptyRegistration();
  receiveRegistrations(registration, (level, message) => log.write({ level, message }));
  // the worker does this first: it makes the library announce its programming model
  const library: typeof import("@azure/functions") = createRequire(import.meta.url)("@azure/functions");
  library.app.setup({});
  const { main, isModule } = await readPackage(directory);
  const files = await entryPoints(directory, main);
  for (const file of files) await loadEntryPoint(directory, file, isModule);
  if (registration.functions.size === 0) {
    throw new Error(`Cannot start the host: "${files.join('", "')}" must register at least one function`);
  }
  registration.locked = true;
  return registration;
}

async function readPackage(directory: string): Promise<{ main: string; isModule: boolean }> {
  try {
    const content = packageSchema.parse(JSON.parse(await readFile(join(directory, "package.json"), "utf8")));
    return { main: content.main, isModule: content.type === "module" };
  } catch (error) {
    throw new Error('Cannot start the host: the app directory must hold a package.json with "main"', {
      cause: error,
    });
  }
}

async function entryPoints(directory: string, main: string): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const file of glob(main, { cwd: directory })) files.push(file);
  if (files.length === 0) {
    throw new Error(`Cannot start the host: the entry point "${main}" must exist in the app directory`);
  }
  return files.sort();
}

async function loadEntryPoint(directory: string, file: string, isModule: boolean): Promise<void> {
  const path = join(directory, file);
  try {
    if (extname(file) === ".mjs" || (isModule && extname(file) !== ".cjs")) {
      await import(/* @vite-ignore */ pathToFileURL(path).href);
    } else {
      createRequire(import.meta.url)(path);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unknown";
    throw new Error(`Cannot start the host: the entry point "${file}" must load: ${reason}`, {
      cause: error,
    });
  }
}
