import { createHmac, createSecretKey, hkdfSync, type KeyObject } from "node:crypto";

/** Bits of one token at most: what one HMAC-SHA-256 gives as numbers of two bytes. */
export const mostBitsPerToken = 16;
/** Tokens whose places are remembered; texts repeat, so nearly all are found here. */
const remembered = 100_000;

/**
 * Places of the tokens of one field in a part of a filter, under a key of that field.
 *
 * Each token has up to 16 places, read from its HMAC-SHA-256 two bytes at a time. Two hash functions added up in different
 * measure (double hashing) are not used: their few patterns give tokens away. The first places of a token are the same
 * whatever number is asked for.
 * Source: Schnell, Bachteler, Reiher 2009; against double hashing Niedermeyer, Steinmetzer, Kroll, Schnell 2014.
 */
export class TokenPlaces {
  readonly #key: KeyObject;
  readonly #firstBit: number;
  readonly #mask: number;
  readonly #places = new Map<string, Uint16Array>();

  /** `bits` is a power of two. */
  constructor(key: KeyObject, firstBit: number, bits: number) {
    this.#key = key;
    this.#firstBit = firstBit;
    this.#mask = bits - 1;
  }

  of(token: string): Uint16Array {
    const known = this.#places.get(token);
    if (known !== undefined) return known;
    const digest = createHmac("sha256", this.#key).update(token).digest();
    const places = Uint16Array.from(
      { length: mostBitsPerToken },
      (_, at) => this.#firstBit + (digest.readUInt16LE(2 * at) & this.#mask),
    );
    if (this.#places.size < remembered) this.#places.set(token, places);
    return places;
  }
}

/** Sets the first `count` places of a token; the lowest bit of a byte is its first. */
export function setPlaces(filter: Uint8Array, places: Uint16Array, count: number): void {
  for (let at = 0; at < count; at++) {
    const place = places[at] ?? 0;
    const byte = place >> 3;
    filter[byte] = (filter[byte] ?? 0) | (1 << (place & 7));
  }
}

/** A key for one purpose and field; nothing of another purpose or field follows from it. Source: RFC 5869. */
export function fieldKey(masterKey: Uint8Array, purpose: string, field: string): KeyObject {
  const info = `linkage:${purpose}:${field}`;
  return createSecretKey(Buffer.from(hkdfSync("sha256", masterKey, "bevoelkerung-aktuell", info, 32)));
}
