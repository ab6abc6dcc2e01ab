import { linkRecords, linkRules } from "../../shared/linkage/link-records.ts";
import { linkageKeyBytes } from "../../shared/linkage/linkage-key.ts";
import { type LinkageKeys, scorePairs } from "../../shared/linkage/pair-scores.ts";
import { labelledCity } from "../spec/linkage/link-records-city.ts";
import { twoFiles } from "../spec/linkage/link-records-febrl.ts";
import {
  type Judged,
  judged,
  keysOf,
  measures,
  withoutAddress,
} from "../spec/linkage/link-records-judged.ts";
import { cpuSeconds, type Measurement, medianOf, round, wallSeconds } from "./measure.ts";

const leftCount = 14_000;
const rightCount = 40_000;
const workers = 2;
const runs = 5;
/** Pairs that JavaScript counts in a second or so: enough to measure. */
const plainPairs = 16_000_000;

/**
 * All pairs of 14,000 and 40,000 persons: comparisons a second of one core beside counting bits in JavaScript, and the whole
 * linkage on two cores. Then precision and recall on draws that threshold and weights were not fixed on.
 */
export async function* benchLink(): AsyncGenerator<Measurement> {
  const keys = keysOf(twoFiles(11, rightCount).right.map(({ person }) => person));
  const left = { count: leftCount, bytes: keys.bytes.subarray(0, leftCount * linkageKeyBytes) };
  yield await speed(left, keys);
  yield await wall(left, keys);
  yield* cityQuality();
  yield typingQuality(await filesJudged());
}

async function speed(left: LinkageKeys, right: LinkageKeys): Promise<Measurement> {
  const floor = linkRules.threshold - 2 * linkRules.margin;
  const pairs = left.count * right.count;
  const ours: number[] = [];
  const plain: number[] = [];
  for (let run = 0; run < runs; run++) {
    ours.push(pairs / (await cpuSeconds(() => scorePairs(left, right, { floor, workers: 0 }, () => {}))));
    plain.push(plainPairs / (await cpuSeconds(() => plainCount(left.bytes, right.bytes))));
  }
  const [value, base] = [medianOf(ours) / 1e6, medianOf(plain) / 1e6];
  return {
    id: "link-speed",
    value: round(value),
    floor: round(base),
    ratio: round(value / base),
    goal: "million comparisons a CPU second / plain JavaScript bit count: >= 9, or link-seconds <= 2",
  };
}

async function wall(left: LinkageKeys, right: LinkageKeys): Promise<Measurement> {
  const seconds: number[] = [];
  for (let run = 0; run < runs; run++)
    seconds.push(await wallSeconds(() => linkRecords(left, right, { ...linkRules, workers })));
  const value = medianOf(seconds);
  const goal = "all pairs of 14,000 x 40,000 linked on two cores, seconds / 2 s: <= 1";
  return { id: "link-seconds", value: round(value), floor: 2, ratio: round(value / 2), goal };
}

/** Bits that pairs of keys share, counted as one does without the processor's own instruction. */
function plainCount(left: Uint8Array, right: Uint8Array): number {
  const one = new Int32Array(left.slice().buffer);
  const other = new Int32Array(right.slice().buffer);
  const words = linkageKeyBytes / 4;
  const rows = plainPairs / 4_000;
  let best = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < 4_000; column++) {
      let bits = 0;
      for (let word = 0; word < words; word++)
        bits += bitsIn((one[row * words + word] ?? 0) & (other[column * words + word] ?? 0));
      if (bits > best) best = bits;
    }
  }
  return best;
}

/** Source: Warren, Hacker's Delight, section 5-1. */
function bitsIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

async function* cityQuality(): AsyncGenerator<Measurement> {
  const all: Judged[] = [];
  const bare: Judged[] = [];
  for (const seed of [301, 302, 303]) {
    const city = await labelledCity("klein", seed);
    for (const register of ["akdn-sozial", "schild"] as const) {
      all.push(await judged(city[register], city["ewo-alw"]));
      bare.push(await judged(withoutAddress(city[register]), withoutAddress(city["ewo-alw"])));
    }
  }
  for (const [name, some] of [
    ["city", all],
    ["city-without-address", bare],
  ] as const) {
    const { precision, recall, f1 } = measures(some);
    yield {
      id: `link-quality-${name}`,
      value: round(f1),
      floor: 0.985,
      ratio: round(f1 / 0.985),
      goal: "F1 >= 0.985, precision >= 0.995",
      precision: round(precision),
      recall: round(recall),
    };
  }
}

async function filesJudged(): Promise<readonly Judged[]> {
  const { left, right } = twoFiles(12, 5_000);
  return [await judged(left, right)];
}

function typingQuality(all: readonly Judged[]): Measurement {
  const { precision, recall } = measures(all);
  return {
    id: "link-quality-typing-errors",
    value: round(recall),
    floor: 0.99,
    ratio: round(recall / 0.99),
    goal: "recall >= 0.99, precision >= 0.999",
    precision: round(precision),
  };
}
