import type { Sum } from "../attack-model.ts";
import { numberAt } from "./attacker-check.ts";

/** Why something follows: a sum, together with what had followed before. */
export type Reason = { readonly sum: number; readonly from: readonly Reason[] };

/** Multiples of variables that add up to `value`. */
export type Row = {
  readonly sum: number;
  readonly terms: Map<number, number>;
  value: number;
  readonly reasons: Reason[];
};

/** A cell as `times` a variable `plus` a number; without a variable it is settled at `plus`. */
export type Link = {
  readonly variable: number | undefined;
  readonly times: number;
  readonly plus: number;
  readonly reasons: readonly Reason[];
};

/** A sum that no counts fit. */
export class Contradiction extends RangeError {
  readonly sum: number;

  constructor(sum: number) {
    super("Cannot fit a sum: its parts must add up to its total");
    this.sum = sum;
  }
}

/**
 * Sums of open cells, made smaller by whole-number addition alone: one open cell of a sum is settled, two follow from each
 * other, and parts that can only all be at their least or their most are settled. Every variable is a cell that others
 * follow from.
 */
export class Reduction {
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** By cell: the one it follows from; itself where it is a variable or settled. */
  readonly #leader: Int32Array;
  readonly #times: Int8Array;
  readonly #plus: Float64Array;
  readonly #linkReason = new Map<number, Reason>();
  readonly #endReasons = new Map<number, readonly Reason[]>();
  readonly #rowsOf = new Map<number, Set<Row>>();
  readonly #rows = new Set<Row>();
  readonly #waiting = new Set<Row>();

  /** @throws {Contradiction} where no counts within the ends fit a sum. */
  constructor(sums: readonly Sum[], low: Float64Array, high: Float64Array) {
    this.low = low.slice();
    this.high = high.slice();
    this.#leader = Int32Array.from(low, (_, cell) => cell);
    this.#times = new Int8Array(low.length).fill(1);
    this.#plus = new Float64Array(low.length);
    for (const [at, sum] of sums.entries()) {
      this.#addSum(at, sum);
    }
    this.work();
  }

  get rows(): ReadonlySet<Row> {
    return this.#rows;
  }

  linkOf(cell: number): Link {
    let at = cell;
    let times = 1;
    let plus = 0;
    const reasons: Reason[] = [];
    while (numberAt(this.#leader, at) !== at) {
      plus += times * numberAt(this.#plus, at);
      times *= numberAt(this.#times, at);
      const reason = this.#linkReason.get(at);
      if (reason !== undefined) {
        reasons.push(reason);
      }
      at = numberAt(this.#leader, at);
    }
    if (this.#isOpen(at)) {
      return { variable: at, times, plus, reasons };
    }
    reasons.push(...this.endReasonsOf(at));
    return { variable: undefined, times, plus: plus + times * numberAt(this.low, at), reasons };
  }

  /** Why a variable stays within its ends, where that is not what is published of it. */
  endReasonsOf(variable: number): readonly Reason[] {
    return this.#endReasons.get(variable) ?? [];
  }

  settleVariable(variable: number, value: number, reason: Reason): void {
    this.#settle(variable, value, reason);
  }

  /** @throws {Contradiction} where no counts within the ends fit a sum. */
  work(): void {
    for (const row of this.#waiting) {
      this.#waiting.delete(row);
      this.#look(row);
    }
  }

  #addSum(at: number, { total, parts }: Sum): void {
    const row: Row = { sum: at, terms: new Map(), value: 0, reasons: [] };
    for (const [index, cell] of [total, ...parts].entries()) {
      const times = index === 0 ? -1 : 1;
      if (this.#isOpen(cell)) {
        row.terms.set(cell, times);
        const rows = this.#rowsOf.get(cell) ?? new Set();
        this.#rowsOf.set(cell, rows.add(row));
      } else {
        row.value -= times * numberAt(this.low, cell);
      }
    }
    this.#rows.add(row);
    this.#waiting.add(row);
  }

  #look(row: Row): void {
    let least = 0;
    let most = 0;
    for (const [variable, times] of row.terms) {
      const ends = this.#endsOf(variable, times);
      least += ends.least;
      most += ends.most;
    }
    if (row.value < least || row.value > most) {
      throw new Contradiction(row.sum);
    }
    if (row.terms.size === 0) {
      this.#rows.delete(row);
    } else if (row.value === least || row.value === most) {
      this.#settleAll(row, row.value === least);
    } else if (row.terms.size === 1) {
      this.#settleOnly(row);
    } else if (row.terms.size === 2) {
      this.#linkPair(row);
    }
  }

  #endsOf(variable: number, times: number): { least: number; most: number } {
    const low = times * numberAt(this.low, variable);
    const high = times * numberAt(this.high, variable);
    return times > 0 ? { least: low, most: high } : { least: high, most: low };
  }

  #settleAll(row: Row, atLeast: boolean): void {
    const terms = [...row.terms];
    const from = [...row.reasons, ...terms.flatMap(([variable]) => this.endReasonsOf(variable))];
    const reason = { sum: row.sum, from };
    for (const [variable, times] of terms) {
      const { least, most } = this.#endsOf(variable, times);
      this.#settle(variable, (atLeast ? least : most) / times, reason);
    }
  }

  #settleOnly(row: Row): void {
    for (const [variable, times] of row.terms) {
      this.#settle(variable, row.value / times, { sum: row.sum, from: [...row.reasons] });
    }
  }

  #settle(variable: number, value: number, reason: Reason): void {
    const isWithin = value >= numberAt(this.low, variable) && value <= numberAt(this.high, variable);
    if (!(isWithin && Number.isSafeInteger(value))) {
      throw new Contradiction(reason.sum);
    }
    this.low[variable] = value;
    this.high[variable] = value;
    this.#endReasons.set(variable, [reason]);
    for (const row of this.#rowsOf.get(variable) ?? []) {
      row.value -= (row.terms.get(variable) ?? 0) * value;
      row.terms.delete(variable);
      row.reasons.push(reason);
      this.#waiting.add(row);
    }
    this.#rowsOf.delete(variable);
  }

  /** One of the two follows from the other, the one in more sums. */
  #linkPair(row: Row): void {
    const [one, other] = [...row.terms].toSorted(
      ([a], [b]) => this.#rowCount(a) - this.#rowCount(b) || b - a,
    );
    if (one === undefined || other === undefined || Math.abs(one[1]) !== 1 || Math.abs(other[1]) !== 1) {
      return;
    }
    const [follower, sign] = one;
    const [leader, otherSign] = other;
    this.#rows.delete(row);
    const reason = { sum: row.sum, from: [...row.reasons] };
    const times = -sign * otherSign;
    const plus = sign * row.value;
    this.#leader[follower] = leader;
    this.#times[follower] = times;
    this.#plus[follower] = plus;
    this.#linkReason.set(follower, reason);
    this.#replace(follower, leader, row, reason);
    this.#narrow(follower, leader, reason);
  }

  #rowCount(variable: number): number {
    return this.#rowsOf.get(variable)?.size ?? 0;
  }

  #replace(follower: number, leader: number, linked: Row, reason: Reason): void {
    const leaderRows = this.#rowsOf.get(leader);
    leaderRows?.delete(linked);
    for (const row of this.#rowsOf.get(follower) ?? []) {
      if (row === linked) {
        continue;
      }
      const times = row.terms.get(follower) ?? 0;
      const sum = (row.terms.get(leader) ?? 0) + times * numberAt(this.#times, follower);
      row.terms.delete(follower);
      row.terms.delete(leader);
      leaderRows?.delete(row);
      if (sum !== 0) {
        row.terms.set(leader, sum);
        leaderRows?.add(row);
      }
      row.value -= times * numberAt(this.#plus, follower);
      row.reasons.push(reason);
      this.#waiting.add(row);
    }
    this.#rowsOf.delete(follower);
  }

  /** What is known of the follower holds for the leader too. */
  #narrow(follower: number, leader: number, reason: Reason): void {
    const times = numberAt(this.#times, follower);
    const plus = numberAt(this.#plus, follower);
    const ends = [numberAt(this.low, follower), numberAt(this.high, follower)].map(
      (end) => (end - plus) * times,
    );
    const low = Math.max(numberAt(this.low, leader), Math.min(...ends));
    const high = Math.min(numberAt(this.high, leader), Math.max(...ends));
    if (low > high) {
      throw new Contradiction(reason.sum);
    }
    if (low === numberAt(this.low, leader) && high === numberAt(this.high, leader)) {
      return;
    }
    const reasons = [...this.endReasonsOf(leader), ...this.endReasonsOf(follower), reason];
    this.low[leader] = low;
    this.high[leader] = high;
    this.#endReasons.set(leader, reasons);
    if (low === high) {
      this.#settle(leader, low, { sum: reason.sum, from: reasons });
    }
    for (const row of this.#rowsOf.get(leader) ?? []) {
      this.#waiting.add(row);
    }
  }

  #isOpen(cell: number): boolean {
    return numberAt(this.low, cell) !== numberAt(this.high, cell);
  }
}

/** Every sum behind the reasons, ascending. */
export function sumsBehind(reasons: Iterable<Reason>): readonly number[] {
  const found = new Set<Reason>();
  const waiting = [...reasons];
  for (let reason = waiting.pop(); reason !== undefined; reason = waiting.pop()) {
    if (!found.has(reason)) {
      found.add(reason);
      waiting.push(...reason.from);
    }
  }
  return [...new Set([...found].map(({ sum }) => sum))].toSorted((one, other) => one - other);
}
