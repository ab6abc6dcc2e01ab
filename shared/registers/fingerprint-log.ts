import { FingerprintSet } from "./fingerprint-set.ts";

const partitionCount = 256;
const entriesPerPage = 1_024;
const twoTo32 = 0x1_0000_0000;

/**
 * Fingerprints of 53 bits in the order they come, 6 bytes each, for a question that is asked once at the end: which of
 * them came more than once. The record keys of 4 million rows take 24 MB, and growing leaves nothing behind.
 */
export class FingerprintLog {
  readonly #partitions = Array.from({ length: partitionCount }, () => new Partition());

  add(fingerprint: number): void {
    const low = fingerprint >>> 0;
    const high = Math.floor(fingerprint / twoTo32);
    this.#partitions[low & (partitionCount - 1)]?.add(
      (((high & 0xff) << 24) | (low >>> 8)) >>> 0,
      high >>> 8,
    );
  }

  repeated(): FingerprintSet {
    const repeated = new FingerprintSet();
    for (const [number, partition] of this.#partitions.entries()) {
      for (const rest of partition.repeated()) {
        const word = rest % twoTo32;
        const high = Math.floor(rest / twoTo32) * 0x100 + Math.floor(word / 0x100_0000);
        repeated.add(high * twoTo32 + (word % 0x100_0000) * partitionCount + number);
      }
    }
    return repeated;
  }
}

/** Fingerprints with the same last 8 bits; the other 45 are kept, 32 and 13 of them. */
class Partition {
  readonly #words: Uint32Array[] = [];
  readonly #halves: Uint16Array[] = [];
  #length = 0;

  add(word: number, half: number): void {
    const at = this.#length % entriesPerPage;
    if (at === 0) {
      this.#words.push(new Uint32Array(entriesPerPage));
      this.#halves.push(new Uint16Array(entriesPerPage));
    }
    const page = this.#words.length - 1;
    const words = this.#words[page];
    const halves = this.#halves[page];
    if (words !== undefined) words[at] = word;
    if (halves !== undefined) halves[at] = half;
    this.#length++;
  }

  *repeated(): Generator<number> {
    const all = new Float64Array(this.#length);
    for (let at = 0; at < all.length; at++) {
      const page = Math.floor(at / entriesPerPage);
      const place = at % entriesPerPage;
      all[at] = (this.#halves[page]?.[place] ?? 0) * twoTo32 + (this.#words[page]?.[place] ?? 0);
    }
    all.sort();
    for (let at = 1; at < all.length; at++) {
      const value = all[at] ?? 0;
      if (value === all[at - 1]) yield value;
    }
  }
}
