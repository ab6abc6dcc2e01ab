const segmentCount = 32;
const initialCapacity = 64;
const growth = 1.25;
const highestLoad = 0.85;
const twoTo32 = 0x1_0000_0000;

/**
 * A set of fingerprints of 53 bits, 6 bytes each and at most 1.5 times that in memory. Segments grow one by one, so that
 * growing needs no second copy of everything.
 */
export class FingerprintSet {
  readonly #segments = Array.from({ length: segmentCount }, () => new Segment());
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** False if the fingerprint was there before. */
  add(fingerprint: number): boolean {
    const high = Math.floor(fingerprint / twoTo32);
    const isNew = this.#segments[high & (segmentCount - 1)]?.add(fingerprint >>> 0, high >>> 5) ?? false;
    if (isNew) this.#size++;
    return isNew;
  }

  has(fingerprint: number): boolean {
    const high = Math.floor(fingerprint / twoTo32);
    return this.#segments[high & (segmentCount - 1)]?.has(fingerprint >>> 0, high >>> 5) ?? false;
  }
}

/** Open addressing with linear probing; an empty place holds 0 and 0. */
class Segment {
  #low = new Uint32Array(initialCapacity);
  #high = new Uint16Array(initialCapacity);
  #size = 0;

  add(low: number, high: number): boolean {
    if (this.#size + 1 > this.#low.length * highestLoad) this.#grow();
    if (!this.#put(low || Number(high === 0), high)) return false;
    this.#size++;
    return true;
  }

  has(low: number, high: number): boolean {
    const wanted = low || Number(high === 0);
    const at = this.#find(wanted, high);
    return this.#low[at] === wanted && this.#high[at] === high;
  }

  #put(low: number, high: number): boolean {
    const at = this.#find(low, high);
    if (this.#low[at] === low && this.#high[at] === high) return false;
    this.#low[at] = low;
    this.#high[at] = high;
    return true;
  }

  /** The place of a fingerprint, or the empty one where it belongs. */
  #find(low: number, high: number): number {
    const lows = this.#low;
    const highs = this.#high;
    let at = Math.floor((low / twoTo32) * lows.length);
    while (lows[at] !== 0 || highs[at] !== 0) {
      if (lows[at] === low && highs[at] === high) return at;
      at = at + 1 === lows.length ? 0 : at + 1;
    }
    return at;
  }

  #grow(): void {
    const [lows, highs] = [this.#low, this.#high];
    this.#low = new Uint32Array(Math.ceil(lows.length * growth));
    this.#high = new Uint16Array(this.#low.length);
    for (let at = 0; at < lows.length; at++) {
      const low = lows[at] ?? 0;
      const high = highs[at] ?? 0;
      if (low !== 0 || high !== 0) this.#put(low, high);
    }
  }
}

/**
 * 53 bits of a text. Equal texts have equal fingerprints; different texts nearly always differ, and where it matters the
 * texts themselves are compared afterwards. No secret and no protection: it never leaves the memory.
 */
export function fingerprintOf(text: string): number {
  let first = 0xdeadbeef;
  let second = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    first = Math.imul(first ^ code, 2_654_435_761);
    second = Math.imul(second ^ code, 1_597_334_677);
  }
  first =
    Math.imul(first ^ (first >>> 16), 2_246_822_507) ^ Math.imul(second ^ (second >>> 13), 3_266_489_909);
  second =
    Math.imul(second ^ (second >>> 16), 2_246_822_507) ^ Math.imul(first ^ (first >>> 13), 3_266_489_909);
  return twoTo32 * (second & 0x1f_ffff) + (first >>> 0);
}
