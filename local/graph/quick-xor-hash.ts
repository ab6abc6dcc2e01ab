const widthBits = 160;
const widthBytes = widthBits / 8;
const shift = 11;

/**
 * The hash that SharePoint gives for a file, as base64: every byte is XORed in 11 bits further, in a ring of 160 bits;
 * the length goes into the last 8 bytes.
 * Source: Microsoft's published code for QuickXorHash.
 */
export function quickXorHash(content: Uint8Array): string {
  const columns = xorByPosition(content);
  const ring = new Uint8Array(widthBytes);
  for (let position = 0; position < widthBits; position++) {
    const bit = (position * shift) % widthBits;
    const spread = (columns[position] ?? 0) << (bit % 8);
    const byte = Math.floor(bit / 8);
    ring[byte] = (ring[byte] ?? 0) ^ (spread & 0xff);
    const next = (byte + 1) % widthBytes;
    ring[next] = (ring[next] ?? 0) ^ (spread >> 8);
  }
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(content.length));
  for (let index = 0; index < 8; index++) {
    const at = widthBytes - 8 + index;
    ring[at] = (ring[at] ?? 0) ^ (length[index] ?? 0);
  }
  return Buffer.from(ring).toString("base64");
}

/** After 160 bytes the ring has turned 11 times, so bytes that far apart meet at the same bits. */
function xorByPosition(content: Uint8Array): Uint8Array {
  const columns = new Uint8Array(widthBits);
  for (let index = 0; index < content.length; index++) {
    const position = index % widthBits;
    columns[position] = (columns[position] ?? 0) ^ (content[index] ?? 0);
  }
  return columns;
}
