import { openDelimited } from "./delimited-table.ts";
import { firstBytes } from "./encoding.ts";
import { openPositional } from "./pipe-table.ts";
import type { FileSource } from "./source.ts";
import { FileRefused, type OpenTable, type Refused, type TableWanted } from "./source-table.ts";
import { openWorkbook } from "./workbook-table.ts";

type FileKind = "zip" | "compound" | "markup" | "binary" | "text";

/** First bytes of kinds of files that are not text. */
const signatures: readonly (readonly [kind: FileKind, bytes: readonly number[]])[] = [
  ["zip", [0x50, 0x4b, 0x03, 0x04]],
  ["zip", [0x50, 0x4b, 0x05, 0x06]],
  ["compound", [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]],
  ["binary", [0x25, 0x50, 0x44, 0x46]], // PDF
  ["binary", [0x1f, 0x8b]], // gzip
  ["binary", [0x37, 0x7a, 0xbc, 0xaf]], // 7z
];

/**
 * Recognises a delivered file by its name and its first bytes, reads its header and gives its rows as text.
 *
 * Whatever is wrong with the file as a whole comes back as `refused`; `rows()` may still throw `FileRefused`, because
 * some things show only on the way. No finding carries content but short plain headings.
 */
export async function openTable(source: FileSource, wanted: TableWanted): Promise<OpenTable | Refused> {
  try {
    return await openByKind(source, wanted);
  } catch (error) {
    if (error instanceof FileRefused) return { kind: "refused", findings: [error.finding] };
    throw error;
  }
}

async function openByKind(source: FileSource, wanted: TableWanted): Promise<OpenTable | Refused> {
  const first = await firstBytes(source, 512);
  if (first.length === 0) throw new FileRefused({ code: "D-001", facts: {} });
  const kind = kindOf(first);
  const extension = source.name.slice(source.name.lastIndexOf(".") + 1).toLowerCase();
  if (extension === "xls") throw new FileRefused({ code: "D-016", facts: {} });
  if (extension === "xlsx") {
    if (kind === "zip" || kind === "compound") return openWorkbook(source, wanted);
    throw new FileRefused({ code: "D-003", facts: { art: "XLSX" } });
  }
  if (kind !== "text") throw new FileRefused({ code: "D-003", facts: { art: textKind(wanted) } });
  return wanted.positional === undefined
    ? openDelimited(source, wanted)
    : openPositional(source, wanted, wanted.positional);
}

function textKind(wanted: TableWanted): string {
  return wanted.positional === undefined ? "CSV" : "SchuelerBasisdaten";
}

function kindOf(first: Uint8Array): FileKind {
  const signature = signatures.find(([, bytes]) => bytes.every((byte, at) => first[at] === byte));
  if (signature !== undefined) return signature[0];
  const text = new TextDecoder("windows-1252").decode(first).replaceAll("\0", "");
  return /^[^\w<]{0,4}\s*<[a-z!?]/i.test(text) ? "markup" : "text";
}
