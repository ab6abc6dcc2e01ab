import { TextDecoder } from "node:util";
import type { FileSource } from "./source.ts";
import { FileRefused } from "./source-table.ts";

export type Encoding = "UTF-8" | "UTF-16LE" | "UTF-16BE" | "Windows-1252";

/** What one look at all bytes of a text file tells before it is parsed. */
export type TextFacts = {
  readonly encoding: Encoding;
  /** Some field holds a control character; only then rows are searched for it. */
  readonly hasControlCharacters: boolean;
  readonly endsInLineBreak: boolean;
};

/** Pieces in which bytes are decoded, so that memory does not depend on how a source cuts its chunks. */
const pieceBytes = 64 * 1024;
/** No line of a delivery is longer; a file with such a line is not a table. */
const longestLineBytes = 1024 * 1024;
/** Bytes that Windows-1252 does not define. */
const undefinedBytes = [0x81, 0x8d, 0x8f, 0x90, 0x9d] as const;
/** U+FFFD in UTF-8: some program before us has already lost a character here. */
const replacementBytes = Buffer.from("\ufffd");
const lineFeed = 0x0a;
/** C0 without tab and line ends, DEL, and C1. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const controlCharacter = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
const beyondAscii = /[\u0080-\uffff]/;

export function hasControlCharacter(text: string): boolean {
  return controlCharacter.test(text);
}

/** The bytes of a source in pieces of limited size. */
async function* piecesOf(source: FileSource): AsyncGenerator<Uint8Array> {
  for await (const chunk of source.chunks()) {
    for (let at = 0; at < chunk.length; at += pieceBytes) yield chunk.subarray(at, at + pieceBytes);
  }
}

/** Up to `length` first bytes of a source. */
export async function firstBytes(source: FileSource, length: number): Promise<Uint8Array> {
  const first = new Uint8Array(length);
  let filled = 0;
  for await (const piece of piecesOf(source)) {
    const part = piece.subarray(0, length - filled);
    first.set(part, filled);
    filled += part.length;
    if (filled === length) break;
  }
  return first.subarray(0, filled);
}

/**
 * Decides the encoding of a text file: byte order mark, then strict UTF-8, then Windows-1252.
 *
 * One pass over all bytes, in constant memory. A file that breaks off inside a character is D-012.
 * @throws {FileRefused} D-005 for U+FFFD, NUL, bytes Windows-1252 does not define, text that is not what its byte order
 * mark says; D-003 for a line beyond all measure; D-001 for no bytes but a byte order mark.
 */
export async function decideEncoding(source: FileSource): Promise<TextFacts> {
  const mark = byteOrderMark(await firstBytes(source, 3));
  if (source.byteLength <= mark.length) throw new FileRefused({ code: "D-001", facts: {} });
  const scan = new TextScan(mark.encoding);
  for await (const piece of piecesOf(source)) scan.add(piece);
  return scan.decide();
}

/** The text of a file in pieces, without byte order mark. Chunk borders inside a character do not matter. */
export async function* decodedText(source: FileSource, encoding: Encoding): AsyncGenerator<string> {
  const decoder = decoderOf(encoding);
  for await (const piece of piecesOf(source)) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}

function byteOrderMark(bytes: Uint8Array): { encoding: Encoding | undefined; length: number } {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: "UTF-8", length: 3 };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: "UTF-16LE", length: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: "UTF-16BE", length: 2 };
  return { encoding: undefined, length: 0 };
}

function decoderOf(encoding: Encoding): TextDecoder {
  if (encoding === "Windows-1252") return windows1252Decoder();
  return new TextDecoder(encoding, { fatal: true });
}

/** Some runtimes decode the range 80 to 9F as Latin-1; that would silently change names, so it stops the work. */
function windows1252Decoder(): TextDecoder {
  const euro = new TextDecoder("windows-1252").decode(Uint8Array.of(0x80));
  if (euro !== "€") throw new TypeError("Cannot decode Windows-1252: this runtime does not map 80 to U+20AC");
  return new TextDecoder("windows-1252");
}

class TextScan {
  readonly #marked: Encoding | undefined;
  readonly #decoder: TextDecoder;
  #isValid = true;
  #hasUtf8Characters = false;
  #hasReplacement = false;
  #hasNul = false;
  #hasUndefinedByte = false;
  #hasControl = false;
  #lineBytes = 0;
  #last = 0;
  #beforeLast = 0;

  constructor(marked: Encoding | undefined) {
    this.#marked = marked;
    this.#decoder = new TextDecoder(marked ?? "UTF-8", { fatal: true });
  }

  add(piece: Uint8Array): void {
    this.#measureLines(piece);
    const isWide = this.#marked === "UTF-16LE" || this.#marked === "UTF-16BE";
    if (!isWide) this.#searchBytes(piece);
    this.#beforeLast = piece.at(-2) ?? this.#last;
    this.#last = piece.at(-1) ?? this.#last;
    if (this.#isValid) this.#decode(piece);
    // Where it is not UTF-8 only Windows-1252 is left; its controls are those of ASCII.
    if (!this.#isValid) this.#hasControl ||= hasControlCharacter(asciiOf(piece));
  }

  decide(): TextFacts {
    const isCutOff = this.#isCutOff();
    if (this.#hasNul || this.#hasReplacement) throw unreadable();
    const facts = {
      hasControlCharacters: this.#hasControl,
      endsInLineBreak: this.#last === lineFeed || (this.#last === 0 && this.#beforeLast === lineFeed),
    };
    if (this.#isValid && !isCutOff) return { encoding: this.#marked ?? "UTF-8", ...facts };
    if (isCutOff && (this.#hasUtf8Characters || this.#marked !== undefined)) {
      throw new FileRefused({ code: "D-012", facts: {} });
    }
    if (this.#marked !== undefined || this.#hasUndefinedByte) throw unreadable();
    return { encoding: "Windows-1252", ...facts };
  }

  /** True if the bytes are valid but for a last character that is not complete. */
  #isCutOff(): boolean {
    if (!this.#isValid) return false;
    try {
      this.#decoder.decode();
      return false;
    } catch {
      return true;
    }
  }

  #decode(piece: Uint8Array): void {
    try {
      const text = this.#decoder.decode(piece, { stream: true });
      this.#hasUtf8Characters ||= beyondAscii.test(text);
      this.#hasReplacement ||= text.includes("\ufffd");
      this.#hasNul ||= text.includes("\0");
      this.#hasControl ||= hasControlCharacter(text);
    } catch {
      this.#isValid = false;
    }
  }

  #searchBytes(piece: Uint8Array): void {
    const seam = Uint8Array.of(this.#beforeLast, this.#last, ...piece.subarray(0, 2));
    this.#hasReplacement ||= holds(piece, replacementBytes) || holds(seam, replacementBytes);
    this.#hasNul ||= piece.includes(0);
    this.#hasUndefinedByte ||= undefinedBytes.some((byte) => piece.includes(byte));
  }

  #measureLines(piece: Uint8Array): void {
    const first = piece.indexOf(lineFeed);
    // A piece is shorter than the longest line, so only lines that cross a border can be too long.
    this.#lineBytes += first === -1 ? piece.length : first;
    if (this.#lineBytes > longestLineBytes) throw new FileRefused({ code: "D-003", facts: { art: "CSV" } });
    if (first !== -1) this.#lineBytes = piece.length - 1 - piece.lastIndexOf(lineFeed);
  }
}

function bufferOf(piece: Uint8Array): Buffer {
  return Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
}

function holds(piece: Uint8Array, bytes: Buffer): boolean {
  return bufferOf(piece).includes(bytes);
}

function asciiOf(piece: Uint8Array): string {
  return bufferOf(piece)
    .toString("latin1")
    .replaceAll(/[\u0080-\u009f]/g, "");
}

function unreadable(): FileRefused {
  return new FileRefused({ code: "D-005", facts: {} });
}
