import { createHmac, createSecretKey, hkdfSync, type KeyObject } from "node:crypto";

/** A piece of what is known of a person, and how many bits of the linkage key it may set: 1 to 16. */
export type Token = { readonly text: string; readonly bits: number };

/** Bits of one token at most: HMAC-SHA-256 gives as many numbers of two bytes. */
const mostBitsPerToken = 16;
/** Values of registers repeat; what they set is remembered, up to about 10 MB a field. */
const rememberedValues = 50_000;
const rememberedTokens = 50_000;

type BitRange = { readonly firstBit: number; readonly bits: number };

/**
 * The bits that values of one field set in a Bloom filter, under a key of that field.
 *
 * A token sets its places one after the other as far as its bits go, so the same token with fewer bits sets some of the
 * same places. Places are read from the token's HMAC-SHA-256. Two hash functions added up in different measure (double
 * hashing) would be faster, but their few patterns give tokens away.
 * Source: Schnell, Bachteler, Reiher 2009; against double hashing Niedermeyer, Steinmetzer, Kroll, Schnell 2014.
 */
export class FieldBits {
  readonly #key: KeyObject;
  readonly #range: BitRange;
  readonly #tokens = new Map<string, Uint16Array>();
  readonly #values = new Map<string, Uint16Array>();

  constructor(key: KeyObject, range: BitRange) {
    this.#key = key;
    this.#range = range;
  }

  /** Adds a value to the filter; `tokensOf` must depend on the value alone. The lowest bit of a byte is its first. */
  add(filter: Uint8Array, value: string, tokensOf: (value: string) => readonly Token[]): void {
    let places = this.#values.get(value);
    if (places === undefined) {
      places = this.#placesOf(tokensOf(value));
      if (this.#values.size < rememberedValues) this.#values.set(value, places);
    }
    for (const place of places) {
      const byte = place >> 3;
      filter[byte] = (filter[byte] ?? 0) | (1 << (place & 7));
    }
  }

  #placesOf(tokens: readonly Token[]): Uint16Array {
    const places = tokens.map(({ text, bits }) => this.#placesOfToken(text).subarray(0, bits));
    return Uint16Array.from(new Set(places.flatMap((some) => [...some])));
  }

  #placesOfToken(token: string): Uint16Array {
    const known = this.#tokens.get(token);
    if (known !== undefined) return known;
    const digest = createHmac("sha256", this.#key).update(token).digest();
    const { firstBit, bits } = this.#range;
    const place = (_: unknown, at: number) => firstBit + (digest.readUInt16LE(2 * at) % bits);
    const places = Uint16Array.from({ length: mostBitsPerToken }, place);
    if (this.#tokens.size < rememberedTokens) this.#tokens.set(token, places);
    return places;
  }
}

/** A key for one purpose and field; nothing of another purpose or field follows from it. Source: RFC 5869. */
export function fieldKey(masterKey: Uint8Array, purpose: string, field: string): KeyObject {
  const info = `linkage:${purpose}:${field}`;
  return createSecretKey(Buffer.from(hkdfSync("sha256", masterKey, "bevoelkerung-aktuell", info, 32)));
}
