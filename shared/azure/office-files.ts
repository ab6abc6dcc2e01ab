import { access, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ContainerClient } from "@azure/storage-blob";
import type { ZodError } from "zod";
import { type CodeTables, readCodeTables } from "../registers/code-table.ts";
import { register } from "../registers/index.ts";
import { type Office, officeSchema } from "../registers/office.ts";
import type { CodeListId } from "../registers/register.ts";
import type { StorageClients } from "./clients.ts";

export type OfficeFiles = {
  readonly office: Office;
  readonly codes: CodeTables;
  /** Files that an office should supply and that came from the built-in samples instead. */
  readonly samples: readonly string[];
  /** Changes whenever one of the files does. */
  readonly version: string;
};

/** Where each code list comes from when the office supplies none. */
const builtIn = {
  citizenships: "codes",
  "residence-titles": "codes",
  personenkreis: "codes",
  familienstand: "codes",
  "school-types": "codes",
  "titel-mapping": "samples",
  schulen: "samples",
} as const satisfies Record<CodeListId, "codes" | "samples">;

/** What only the office itself knows. */
const ownFiles: readonly string[] = ["office.json", "titel-mapping.csv", "schulen.csv", "personenkreis.csv"];

const cache = new WeakMap<
  StorageClients,
  { readonly version: string; readonly files: Promise<OfficeFiles> }
>();

/**
 * The office's configuration from container `config`, with built-in code tables and samples where it has none.
 * Read again only when an ETag changed.
 *
 * @throws {SyntaxError} naming file and field, or file and line, and the rule.
 */
export async function readOfficeFiles(storage: StorageClients): Promise<OfficeFiles> {
  const version = await versionOfFiles(storage.container("config"));
  const known = cache.get(storage);
  if (known?.version === version) return known.files;
  const files = loadOfficeFiles(storage.container("config"), version);
  cache.set(storage, { version, files });
  try {
    return await files;
  } catch (error) {
    cache.delete(storage);
    throw error;
  }
}

async function versionOfFiles(container: ContainerClient): Promise<string> {
  const names: string[] = [];
  for await (const blob of container.listBlobsFlat()) names.push(`${blob.name} ${blob.properties.etag}`);
  return names.join("\n");
}

async function loadOfficeFiles(container: ContainerClient, version: string): Promise<OfficeFiles> {
  const supplied = new Set(version.split("\n").map((line) => line.slice(0, line.lastIndexOf(" "))));
  const read = (file: string, folder: "codes" | "samples") =>
    supplied.has(file) ? readBlob(container, file) : readBuiltIn(folder, file);
  const lists = Object.entries(builtIn).map(
    async ([id, folder]) => [id, await read(`${id}.csv`, folder)] as const,
  );
  const texts: Readonly<Record<string, string>> = Object.fromEntries(await Promise.all(lists));
  return {
    office: readOffice(await read("office.json", "samples")),
    codes: readCodeTables({
      citizenships: texts["citizenships"] ?? "",
      "residence-titles": texts["residence-titles"] ?? "",
      personenkreis: texts["personenkreis"] ?? "",
      familienstand: texts["familienstand"] ?? "",
      "school-types": texts["school-types"] ?? "",
      "titel-mapping": texts["titel-mapping"] ?? "",
      schulen: texts["schulen"] ?? "",
    }),
    samples: ownFiles.filter((file) => !supplied.has(file)),
    version,
  };
}

/**
 * @throws {SyntaxError} with every wrong field and its rule.
 */
export function readOffice(text: string): Office {
  const content = parsedJson(text);
  if (content === undefined) throw new SyntaxError("Cannot read office.json: it must be JSON");
  const result = officeSchema.safeParse(content);
  if (!result.success) throw new SyntaxError(`Cannot read office.json: ${fieldsOf(result.error)}`);
  const unknown = unknownColumns(result.data);
  if (unknown.length > 0) throw new SyntaxError(`Cannot read office.json: ${unknown.join("; ")}`);
  return result.data;
}

/** Headings for a column that the register does not have would be ignored in silence, and the column be missing. */
function unknownColumns(office: Office): readonly string[] {
  return office.lieferungen.flatMap(({ register: id, spalten }) => {
    const { parts, columnsOf } = register(id);
    const known = (parts.length === 0 ? ["-"] : parts).flatMap((part) =>
      columnsOf(part).map(({ name }) => name),
    );
    const unknown = Object.keys(spalten).filter((name) => !known.includes(name));
    return unknown.map((name) => `lieferungen.${id}.spalten.${name}: must be a column of the register`);
  });
}

/** Undefined for what is no JSON; the parser's own message quotes the text. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldsOf(error: ZodError): string {
  return error.issues
    .map((issue) => `${issue.path.length === 0 ? "the file" : issue.path.join(".")}: ${issue.message}`)
    .join("; ");
}

async function readBlob(container: ContainerClient, name: string): Promise<string> {
  return decoded(await container.getBlobClient(name).downloadToBuffer());
}

/** Spreadsheet programs save CSV in Windows-1252. */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

async function readBuiltIn(folder: "codes" | "samples", file: string): Promise<string> {
  return readFile(join(await builtInFolder(folder), file), "utf8");
}

/** Beside the bundle or one of its chunks in the deployed package; in the sources otherwise. */
async function builtInFolder(folder: "codes" | "samples"): Promise<string> {
  const here = dirname(fileURLToPath(import.meta.url));
  const source = folder === "codes" ? join(here, "../registers/codes") : join(here, "samples");
  const candidates = [join(here, folder), join(here, "..", folder), source];
  for (const candidate of candidates) if (await exists(candidate)) return candidate;
  throw new Error(`Cannot find the built-in ${folder}: they must lie beside the program`);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
