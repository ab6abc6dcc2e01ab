const wordsPerPseudonym = 4;
const bytesPerPseudonym = 16;

/**
 * Numbers the distinct pseudonyms of a column, 16 bytes a row, from 0 in the order of their first appearance.
 *
 * An open hash table in typed arrays: no string keys and no object per person, so 4 million rows take about a second.
 * @throws {RangeError} if the column does not hold whole pseudonyms.
 */
export class PersonIndex {
  /** Number of distinct pseudonyms. */
  readonly count: number;
  /** Person number of each row. */
  readonly ofRow: Uint32Array;
  /** First row of each person. */
  readonly firstRow: Uint32Array;
  readonly #words: Uint32Array;
  /** Person number + 1; 0 is a free slot. */
  readonly #slots: Uint32Array;

  constructor(pseudonyms: Uint8Array) {
    this.#words = wordsOf(pseudonyms);
    const rowCount = this.#words.length / wordsPerPseudonym;
    this.#slots = new Uint32Array(slotCount(rowCount));
    this.ofRow = new Uint32Array(rowCount);
    const firstRow = new Uint32Array(rowCount);
    let count = 0;
    for (let row = 0; row < rowCount; row++) {
      const slot = this.#slotOf(this.#words, row * wordsPerPseudonym, firstRow);
      const known = this.#slots[slot] ?? 0;
      if (known === 0) {
        firstRow[count] = row;
        this.#slots[slot] = ++count;
      }
      this.ofRow[row] = (known === 0 ? count : known) - 1;
    }
    this.count = count;
    this.firstRow = firstRow.slice(0, count);
  }

  /** Person numbers here of the pseudonyms of another register, -1 where it is unknown here. */
  findAll(pseudonyms: Uint8Array): Int32Array {
    const words = wordsOf(pseudonyms);
    const found = new Int32Array(words.length / wordsPerPseudonym);
    for (let row = 0; row < found.length; row++) {
      found[row] = (this.#slots[this.#slotOf(words, row * wordsPerPseudonym, this.firstRow)] ?? 0) - 1;
    }
    return found;
  }

  /** The slot that holds the pseudonym at `words[at…]`, or the free one where it belongs. */
  #slotOf(words: Uint32Array, at: number, firstRow: Uint32Array): number {
    const mask = this.#slots.length - 1;
    let slot = hash(words, at) & mask;
    for (;;) {
      const known = this.#slots[slot] ?? 0;
      if (known === 0 || this.#isSame(words, at, (firstRow[known - 1] ?? 0) * wordsPerPseudonym)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #isSame(words: Uint32Array, at: number, own: number): boolean {
    const mine = this.#words;
    return (
      words[at] === mine[own] &&
      words[at + 1] === mine[own + 1] &&
      words[at + 2] === mine[own + 2] &&
      words[at + 3] === mine[own + 3]
    );
  }
}

/** The pseudonym of a row, as a view. */
export function pseudonymAt(pseudonyms: Uint8Array, row: number): Uint8Array {
  return pseudonyms.subarray(row * bytesPerPseudonym, (row + 1) * bytesPerPseudonym);
}

/** Negative if the pseudonym of row `a` is the smaller one in byte order, positive if that of `b` is. */
export function comparePseudonyms(pseudonyms: Uint8Array, a: number, b: number): number {
  for (let byte = 0; byte < bytesPerPseudonym; byte++) {
    const difference =
      (pseudonyms[a * bytesPerPseudonym + byte] ?? 0) - (pseudonyms[b * bytesPerPseudonym + byte] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function wordsOf(pseudonyms: Uint8Array): Uint32Array {
  if (pseudonyms.length % bytesPerPseudonym !== 0) {
    throw new RangeError("Cannot number persons: the column must hold 16 bytes a row");
  }
  const bytes = pseudonyms.byteOffset % 4 === 0 ? pseudonyms : pseudonyms.slice();
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

/** A power of two, at most half filled. */
function slotCount(rowCount: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(rowCount, 8) * 2));
}

/** Pseudonyms are keyed hashes and already uniform; mixing keeps literals of tests apart as well. */
function hash(words: Uint32Array, at: number): number {
  const left = Math.imul((words[at] ?? 0) ^ Math.imul(words[at + 1] ?? 0, 0x9e3779b1), 0x85ebca6b);
  const right = Math.imul((words[at + 2] ?? 0) ^ Math.imul(words[at + 3] ?? 0, 0xc2b2ae35), 0x27d4eb2f);
  const mixed = left ^ (right >>> 15) ^ (right << 7);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
