/** What a stream of chance decides. A new topic never moves the draws of another one. */
const topics = {
  space: 1,
  names: 2,
  settled: 3,
  refugees: 4,
  naming: 5,
  titles: 6,
  presence: 7,
  spelling: 8,
  benefit: 9,
  booking: 10,
  school: 11,
  outside: 12,
  row: 13,
  moves: 14,
  slots: 15,
} as const;
export type Topic = keyof typeof topics;

function mixed(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/**
 * Chance that depends on seed, topic, index and part only, never on what was drawn elsewhere: any person can be invented
 * without inventing the ones before. Small fast counter generator (sfc32).
 */
export class Dice {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, topic: Topic, index: number, part = 0) {
    this.#a = mixed(seed + Math.imul(topics[topic], 0x9e3779b9));
    this.#b = mixed(this.#a ^ (index | 0));
    this.#c = mixed(this.#b + Math.imul(part, 0x632be5ab) + Math.floor(index / 4_294_967_296));
    for (let round = 0; round < 4; round += 1) this.next();
  }

  /** At least 0, below 1. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return (sum >>> 0) / 4_294_967_296;
  }

  /** Whole number at least 0, below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** Whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @throws {RangeError} on an empty list. */
  pick<T>(list: readonly T[]): T {
    const choice = list[this.below(list.length)];
    if (choice === undefined) throw new RangeError("Cannot pick: the list must not be empty");
    return choice;
  }

  /** Index drawn with the given weights. */
  weighted(weights: readonly number[]): number {
    let total = 0;
    for (const weight of weights) total += weight;
    let rest = this.next() * total;
    for (let at = 0; at < weights.length; at += 1) {
      rest -= weights[at] ?? 0;
      if (rest < 0) return at;
    }
    return weights.length - 1;
  }

  /** Waiting time with the given mean. */
  wait(mean: number): number {
    return -Math.log(1 - this.next()) * mean;
  }
}
