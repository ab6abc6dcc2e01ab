import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";
import { readXml, type XmlAttributes, type XmlReader } from "../../registers/workbook-xml.ts";

/** Our own workbooks stay far below it. */
const unpackedBytesAtMost = 1024 * 1024 * 1024;

/** The parts of a released workbook. */
export type ReleasedArchive = {
  readonly parts: readonly string[];
  /** @throws {SyntaxError} naming the part, if it is missing or no XML. */
  readonly read: (part: string, reader: XmlReader) => Promise<void>;
};

/** @throws {SyntaxError} if the bytes are no archive. */
export async function openReleased(bytes: Uint8Array): Promise<ReleasedArchive> {
  const options = { validateEntrySizes: true, autoClose: false, lazyEntries: true } as const;
  const zip = await fromBufferPromise(Buffer.from(bytes), options).catch(refuseArchive);
  const all = await entriesOf(zip).catch(refuseArchive);
  const entries = all.filter(
    ({ fileName, uncompressedSize }) => uncompressedSize > 0 || !fileName.endsWith("/"),
  );
  const names = entries.map(({ fileName }) => fileName);
  const size = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  if (new Set(names).size < names.length || size > unpackedBytesAtMost) refuseArchive();
  return {
    parts: names,
    read: async (part, reader) => {
      const entry = entries.find(({ fileName }) => fileName === part);
      if (entry === undefined) throw new SyntaxError(`Cannot read the workbook: part "${part}" is missing`);
      await readXml(textOf(zip, entry), reader).catch(() => {
        throw new SyntaxError(`Cannot read the workbook: part "${part}" must be XML`);
      });
    },
  };
}

function refuseArchive(): never {
  throw new SyntaxError("Cannot read the workbook: it must be a workbook file");
}

async function entriesOf(zip: ZipFile): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) entries.push(entry);
  return entries;
}

async function* textOf(zip: ZipFile, entry: Entry): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    // The typings of streams leave the chunk open; a stream of bytes gives buffers.
    yield decoder.decode(chunk as Buffer, { stream: true });
  }
  yield decoder.decode();
}

/** Elements of a part by name, with what stands in them. */
export async function elementsOf(
  archive: ReleasedArchive,
  part: string,
): Promise<readonly { readonly name: string; readonly attributes: XmlAttributes }[]> {
  const found: { readonly name: string; readonly attributes: XmlAttributes }[] = [];
  await archive.read(part, {
    open: (name, attributes) => {
      found.push({ name, attributes });
    },
    close: () => {},
  });
  return found;
}
