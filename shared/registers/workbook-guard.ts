import { TextDecoder } from "node:util";
import { crc32 } from "node:zlib";
import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";
import type { FindingCode } from "./finding.ts";
import type { FileSource } from "./source.ts";
import { FileRefused } from "./source-table.ts";

const megabyte = 1024 * 1024;

/** What an archive may hold. A workbook beyond it is refused before anything is unpacked. */
const archiveLimits = {
  packedBytes: 200 * megabyte,
  entries: 200,
  entryBytes: 200 * megabyte,
  allBytes: 400 * megabyte,
  /** Honest small sheets of equal rows reach 400 : 1, so the ratio only counts above `ratioFromBytes`. */
  ratio: 200,
  ratioFromBytes: 10 * megabyte,
} as const;

const localHeaderBytes = 30;
const encryptedFlag = 0x1;

/** The parts of a workbook file, guarded. Names are only looked up, never used as paths. */
export type Archive = {
  has(part: string): boolean;
  /** The text of a part in pieces. @throws {FileRefused} if it is missing, damaged, larger than declared or not UTF-8. */
  read(part: string): AsyncGenerator<string>;
};

export function notAWorkbook(): FileRefused {
  return new FileRefused({ code: "D-003", facts: { art: "XLSX" } });
}

function refusedAs(code: FindingCode): FileRefused {
  return new FileRefused({ code, facts: {} });
}

function tooLarge(bytes: number): FileRefused {
  return new FileRefused({ code: "D-014", facts: { grenze: `${bytes / megabyte} MB` } });
}

/**
 * Opens a workbook file as an archive, after checking its directory against `archiveLimits` and for entries that
 * overlap. What is unpacked later may not be larger than the directory says.
 *
 * @throws {FileRefused} D-004 password, D-012 broken off, D-014 beyond the limits, D-016 old format, D-003 anything else.
 */
export async function openArchive(source: FileSource): Promise<Archive> {
  const bytes = await allBytes(source);
  if (isCompound(bytes)) throw refusedAs(isEncryptedWorkbook(bytes) ? "D-004" : "D-016");
  const zip = await openZip(bytes);
  const entries = await listEntries(zip);
  checkSizes(entries);
  checkOverlaps(entries);
  const byName = new Map(entries.map((entry) => [entry.fileName.toLowerCase(), entry]));
  if (byName.size !== entries.length) throw notAWorkbook();
  return {
    has: (part) => byName.has(part.toLowerCase()),
    read: (part) => readPart(zip, byName.get(part.toLowerCase())),
  };
}

async function allBytes(source: FileSource): Promise<Buffer> {
  if (source.byteLength > archiveLimits.packedBytes) throw tooLarge(archiveLimits.packedBytes);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source.chunks()) {
    length += chunk.length;
    if (length > archiveLimits.packedBytes) throw tooLarge(archiveLimits.packedBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function isCompound(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]));
}

/** Workbooks with a password are compound files with a stream of this name. */
function isEncryptedWorkbook(bytes: Buffer): boolean {
  return bytes.includes(Buffer.from("EncryptedPackage", "utf16le"));
}

/** The library's messages may hold part names, so they are not passed on. */
async function openZip(bytes: Buffer): Promise<ZipFile> {
  const options = { validateEntrySizes: true, autoClose: false, lazyEntries: true };
  const zip = await fromBufferPromise(bytes, options).catch(() => undefined);
  // A file without its directory, which stands at the end, has not arrived whole.
  if (zip === undefined) throw refusedAs("D-012");
  return zip;
}

async function listEntries(zip: ZipFile): Promise<Entry[]> {
  if (zip.entryCount > archiveLimits.entries) throw notAWorkbook();
  const entries = await allEntries(zip).catch(() => undefined);
  if (entries === undefined) throw notAWorkbook();
  if (entries.some((entry) => (entry.generalPurposeBitFlag & encryptedFlag) !== 0)) throw refusedAs("D-004");
  return entries;
}

async function allEntries(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) entries.push(entry);
  return entries;
}

function checkSizes(entries: readonly Entry[]): void {
  let all = 0;
  for (const { compressedSize, uncompressedSize } of entries) {
    all += uncompressedSize;
    if (uncompressedSize > archiveLimits.entryBytes) throw tooLarge(archiveLimits.entryBytes);
    if (all > archiveLimits.allBytes) throw tooLarge(archiveLimits.allBytes);
    const isDense = uncompressedSize > compressedSize * archiveLimits.ratio;
    if (isDense && uncompressedSize > archiveLimits.ratioFromBytes)
      throw tooLarge(archiveLimits.ratioFromBytes);
  }
}

/** Entries that share bytes unpack to far more than the file is long. */
function checkOverlaps(entries: readonly Entry[]): void {
  const sorted = entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  let end = 0;
  for (const entry of sorted) {
    if (entry.relativeOffsetOfLocalHeader < end) throw notAWorkbook();
    const header = localHeaderBytes + entry.fileNameLength;
    end = entry.relativeOffsetOfLocalHeader + header + entry.compressedSize;
  }
}

async function* readPart(zip: ZipFile, entry: Entry | undefined): AsyncGenerator<string> {
  if (entry === undefined) throw notAWorkbook();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let sum = 0;
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream) {
      // The typings of streams leave the chunk open; a stream of bytes gives buffers.
      const bytes = chunk as Buffer;
      sum = crc32(bytes, sum);
      yield decoder.decode(bytes, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    throw error instanceof FileRefused ? error : notAWorkbook();
  }
  if (sum !== entry.crc32) throw refusedAs("D-012");
}
