import type { AddressRange } from "./address-index.ts";
import { lastSuffix, ordersPerNumber } from "./house-number.ts";

type DatedRange = AddressRange & { readonly from: number; readonly to: number; readonly line: number };
export type Overlap = { readonly line: number; readonly otherLine: number };

/** Overlaps that are named; a file with more is refused all the same. */
const overlapsAtMost = 1_000;

/** Finds ranges of one street that share a house number on some day. */
export class OverlapCheck {
  readonly #streets = new Map<string, DatedRange[]>();

  add(street: string, range: DatedRange): void {
    const ranges = this.#streets.get(street);
    if (ranges === undefined) this.#streets.set(street, [range]);
    else ranges.push(range);
  }

  /** Each line once, with the line it overlaps; both lines of a pair are named. */
  find(): readonly Overlap[] {
    const found = new Map<number, Overlap>();
    for (const ranges of this.#streets.values()) {
      if (found.size >= overlapsAtMost) break;
      findInStreet(ranges, found);
    }
    return [...found.values()].sort((left, right) => left.line - right.line);
  }
}

function findInStreet(ranges: readonly DatedRange[], found: Map<number, Overlap>): void {
  const sorted = ranges
    .map(withinParity)
    .sort((left, right) => left.low - right.low || left.line - right.line);
  let open: DatedRange[] = [];
  for (const range of sorted) {
    open = open.filter(({ high }) => high >= range.low);
    for (const other of open) {
      if (found.size >= overlapsAtMost) return;
      if (shareParity(range, other) && range.from <= other.to && other.from <= range.to)
        note(found, range, other);
    }
    open.push(range);
  }
}

function note(found: Map<number, Overlap>, range: DatedRange, other: DatedRange): void {
  if (!found.has(range.line)) found.set(range.line, { line: range.line, otherLine: other.line });
  if (!found.has(other.line)) found.set(other.line, { line: other.line, otherLine: range.line });
}

function shareParity(left: DatedRange, right: DatedRange): boolean {
  return left.parity === "A" || right.parity === "A" || left.parity === right.parity;
}

/** Ends of a range of even or odd numbers moved to the first and last number it really holds. */
function withinParity(range: DatedRange): DatedRange {
  if (range.parity === "A") return range;
  const wanted = range.parity === "U" ? 1 : 0;
  const first = Math.floor(range.low / ordersPerNumber);
  const last = Math.floor(range.high / ordersPerNumber);
  const low = first % 2 === wanted ? range.low : (first + 1) * ordersPerNumber;
  const high = last % 2 === wanted ? range.high : (last - 1) * ordersPerNumber + lastSuffix;
  return { ...range, low, high };
}
