import { SaxesParser } from "saxes";
import { FileRefused } from "./source-table.ts";
import { notAWorkbook } from "./workbook-guard.ts";

export type XmlAttributes = Readonly<Record<string, string>>;

/** Receives the elements of a part, names without prefix. */
export type XmlReader = {
  open(name: string, attributes: XmlAttributes): void;
  close(name: string): void;
  /** Missing, or false from `wantsText`: text is skipped, which is much faster. */
  text?(text: string): void;
};

/**
 * Feeds the text of a part to a reader and yields after each piece, so that the caller can take what has come together.
 *
 * @throws {FileRefused} D-003 for a document type (nothing is ever expanded) and for anything that is no XML.
 */
export async function* walkXml(pieces: AsyncIterable<string>, reader: XmlReader): AsyncGenerator<void> {
  const parser = parserFor(reader);
  try {
    for await (const piece of pieces) {
      parser.write(piece);
      yield;
    }
    parser.close();
  } catch (error) {
    throw error instanceof FileRefused ? error : notAWorkbook();
  }
}

/** Feeds a whole part to a reader. */
export async function readXml(pieces: AsyncIterable<string>, reader: XmlReader): Promise<void> {
  for await (const _ of walkXml(pieces, reader));
}

function parserFor(reader: XmlReader): SaxesParser<{ position: false; xmlns: false }> {
  const parser = new SaxesParser({ position: false, xmlns: false } as const);
  parser.on("error", refuse);
  parser.on("doctype", refuse);
  parser.on("opentag", (tag) => reader.open(localName(tag.name), tag.attributes));
  parser.on("closetag", (tag) => reader.close(localName(tag.name)));
  if (reader.text !== undefined) {
    parser.on("text", (text) => reader.text?.(text));
    parser.on("cdata", (text) => reader.text?.(text));
  }
  return parser;
}

function refuse(): never {
  throw notAWorkbook();
}

function localName(name: string): string {
  const colon = name.indexOf(":");
  return colon === -1 ? name : name.slice(colon + 1);
}

export function isTrue(attribute: string | undefined): boolean {
  return attribute === "1" || attribute === "true";
}

/** Text as spreadsheets store it: characters that XML cannot hold are written as _xHHHH_. */
export function unescapedText(text: string): string {
  if (!text.includes("_x")) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
