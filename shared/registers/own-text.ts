/**
 * A copy of a text that is kept beyond its row. A part of a text is only a view of the whole: keeping 20 letters would
 * keep the 64 KiB of the file around them.
 */
export function ownText(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}
