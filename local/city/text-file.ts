import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";

export type Encoding = "windows-1252" | "utf-8" | "utf-8-bom" | "utf-16le-bom";

const bufferCharacters = 65_536;
const upperHalf = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";
const byteOf = new Map([...upperHalf].map((letter, at) => [letter, 0x80 + at]));

/** A text file written in pieces, so that a city of millions needs no more memory than one buffer. */
export class TextFile {
  readonly #file: number;
  readonly #encoding: Encoding;
  #pending = "";

  constructor(path: string, encoding: Encoding) {
    mkdirSync(dirname(path), { recursive: true });
    this.#file = openSync(path, "w");
    this.#encoding = encoding;
    if (encoding.endsWith("-bom")) this.#pending = "\uFEFF";
  }

  write(text: string): void {
    this.#pending += text;
    if (this.#pending.length >= bufferCharacters) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    if (this.#pending !== "") writeSync(this.#file, encoded(this.#pending, this.#encoding));
    this.#pending = "";
  }
}

export function encoded(text: string, encoding: Encoding): Uint8Array {
  if (encoding === "windows-1252") return windows1252(text);
  return Buffer.from(text, encoding === "utf-16le-bom" ? "utf16le" : "utf8");
}

const beyondLatin = /[\u0080-\u009f\u0100-\uffff]/g;

/** Letters that the code page lacks lose their marks, as in the offices' exports; what is left of others is "?". */
function windows1252(text: string): Uint8Array {
  return Buffer.from(text.replace(beyondLatin, nearestLetter), "latin1");
}

const withoutMark: Readonly<Record<string, string>> = { ı: "i", đ: "d", Đ: "D", ł: "l", Ł: "L" };
const nearest = new Map<string, string>();

function nearestLetter(letter: string): string {
  const known = nearest.get(letter) ?? findNearest(letter);
  nearest.set(letter, known);
  return known;
}

function findNearest(letter: string): string {
  const byte = byteOf.get(letter);
  // A control character stands for the byte itself, where text was read as Latin 1 before.
  if (byte !== undefined) return String.fromCharCode(byte);
  if (letter < "\u00a0") return letter;
  const base = withoutMark[letter] ?? letter.normalize("NFD").replace(/\p{M}/gu, "");
  return /^[\u0020-\u007e]+$/.test(base) ? base : "?";
}
