import type { Reason, Row } from "./attacker-reduce.ts";

/** Terms that are added up in all: what it takes beyond is left to the programs. */
const workAtMost = 300_000;
/** A product of two such numbers, and the difference of two products, are still exact. */
const largest = 2 ** 26;

type Line = { readonly terms: Map<number, number>; value: number; readonly used: Set<Row> };

/** A variable that a rational combination of rows determines. */
export type Determined = { readonly variable: number; readonly value: number; readonly reason: Reason };

class TooMuchWork extends RangeError {}

/**
 * Variables that a combination of the rows determines, found by elimination in whole numbers, without any rounding. What it
 * finds is exact; on large systems it ends early and then finds less.
 */
export function determinedVariables(rows: readonly Row[]): readonly Determined[] {
  const elimination = new Elimination();
  try {
    for (const row of rows.toSorted((one, other) => one.terms.size - other.terms.size)) {
      elimination.add(row);
    }
  } catch (error) {
    if (!(error instanceof TooMuchWork)) {
      throw error;
    }
  }
  return elimination.determined();
}

/** Reduced lines: the pivot of each stands in no other one. */
class Elimination {
  readonly #lineOf = new Map<number, Line>();
  readonly #linesWith = new Map<number, Set<Line>>();
  #work = 0;

  add(row: Row): void {
    const line = { terms: new Map(row.terms), value: row.value, used: new Set([row]) };
    for (const variable of [...line.terms.keys()]) {
      const other = this.#lineOf.get(variable);
      if (other !== undefined) {
        this.#eliminate(line, other, variable);
      }
    }
    const pivot = pivotOf(line);
    if (pivot === undefined) {
      return;
    }
    for (const other of [...(this.#linesWith.get(pivot) ?? [])]) {
      this.#eliminate(other, line, pivot);
    }
    this.#lineOf.set(pivot, line);
    for (const variable of line.terms.keys()) {
      this.#register(variable, line);
    }
  }

  determined(): readonly Determined[] {
    return [...this.#lineOf.values()].flatMap(({ terms, value, used }) => {
      const [[variable, times] = [0, 0]] = terms;
      const [first] = used;
      if (terms.size !== 1 || first === undefined) {
        return [];
      }
      const from = [...used].map(({ sum, reasons }) => ({ sum, from: reasons }));
      return [{ variable, value: value / times, reason: { sum: first.sum, from } }];
    });
  }

  /** Takes as much of `other` from `line` as removes the variable. */
  #eliminate(line: Line, other: Line, variable: number): void {
    const own = line.terms.get(variable) ?? 0;
    const others = other.terms.get(variable) ?? 0;
    const divisor = greatestDivisor(own, others);
    const factor = others / divisor;
    const times = own / divisor;
    const isRegistered = this.#linesWith.get(variable)?.has(line) === true;
    for (const [at, one] of line.terms) {
      line.terms.set(at, factor * one);
    }
    for (const [at, one] of other.terms) {
      const sum = (line.terms.get(at) ?? 0) - times * one;
      if (sum === 0) {
        line.terms.delete(at);
        this.#linesWith.get(at)?.delete(line);
      } else {
        line.terms.set(at, sum);
        if (isRegistered) {
          this.#register(at, line);
        }
      }
    }
    line.value = factor * line.value - times * other.value;
    for (const row of other.used) {
      line.used.add(row);
    }
    this.#work += line.terms.size + other.terms.size + other.used.size;
    normalize(line);
    if (this.#work > workAtMost) {
      throw new TooMuchWork("Cannot eliminate further: the work must stay within its limit");
    }
  }

  #register(variable: number, line: Line): void {
    const lines = this.#linesWith.get(variable) ?? new Set();
    this.#linesWith.set(variable, lines.add(line));
  }
}

/** The first variable that stands once, or else the first one. */
function pivotOf({ terms }: Line): number | undefined {
  const [first] = terms.keys();
  for (const [variable, times] of terms) {
    if (Math.abs(times) === 1) {
      return variable;
    }
  }
  return first;
}

function normalize(line: Line): void {
  let divisor = Math.abs(line.value);
  for (const times of line.terms.values()) {
    divisor = greatestDivisor(divisor, times);
  }
  if (divisor > 1) {
    line.value /= divisor;
    for (const [variable, times] of line.terms) {
      line.terms.set(variable, times / divisor);
    }
  }
  const isSmall =
    Math.abs(line.value) < largest && [...line.terms.values()].every((one) => Math.abs(one) < largest);
  if (!isSmall) {
    line.terms.clear(); // the next step would round
    throw new TooMuchWork("Cannot eliminate further: the numbers must stay exact");
  }
}

function greatestDivisor(one: number, other: number): number {
  let [large, small] = [Math.abs(one), Math.abs(other)];
  while (small !== 0) {
    [large, small] = [small, large % small];
  }
  return large;
}
