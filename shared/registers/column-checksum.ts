import { crc32 } from "node:zlib";

/**
 * Checksum of one column of a block, over its name, the row count, the bytes and the dictionary.
 * It stands at the end of the column's own property, because a read names the columns it wants and sees no others.
 */
export function columnChecksum(
  column: string,
  rowCount: number,
  bytes: Uint8Array,
  dictionary: string | undefined,
): number {
  const head = crc32(bytes, crc32(`${column}:${rowCount}`));
  return dictionary === undefined ? head : crc32(dictionary, head);
}
