import yauzl from "yauzl";

/**
 * True if two workbooks hold the same sheets, shared strings and tables, by the checksums of their parts. A document
 * library may rewrite properties of Office files that are put into it; the numbers must still be the audited ones.
 */
export async function isSameWorkbook(ours: Buffer, theirs: Buffer): Promise<boolean> {
  const [own, other] = [await contentParts(ours), await contentParts(theirs)];
  if (own === undefined || other === undefined || own.size !== other.size) return false;
  return [...own].every(([name, checksum]) => other.get(name) === checksum);
}

/** Checksums of the parts that carry content; undefined where the bytes are no archive. */
function contentParts(bytes: Buffer): Promise<ReadonlyMap<string, number> | undefined> {
  return new Promise((resolve) => {
    yauzl.fromBuffer(bytes, { lazyEntries: true }, (error, archive) => {
      if (error) return resolve(undefined);
      const parts = new Map<string, number>();
      archive.on("entry", (entry: yauzl.Entry) => {
        if (/^xl\/(worksheets|tables)\/[^/]+\.xml$|^xl\/sharedStrings\.xml$/.test(entry.fileName)) {
          parts.set(entry.fileName, entry.crc32);
        }
        archive.readEntry();
      });
      archive.on("end", () => resolve(parts));
      archive.on("error", () => resolve(undefined));
      archive.readEntry();
    });
  });
}
