import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LinkAssignment } from "../../shared/linkage/assign-links.ts";
import { linkageKeyBytes, linkageKeyParts } from "../../shared/linkage/linkage-key.ts";
import { type LinkageKeys, scorePairs } from "../../shared/linkage/pair-scores.ts";
import { pairScore } from "../../shared/linkage/pair-scores-rule.ts";

const runs = { numRuns: Number(process.env["PROPERTY_RUNS"] ?? 40), seed: 20261125 };

/** Keys of which some are others with a few bits changed, some empty, some without a part. */
const keys = fc
  .array(
    fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 7 })),
    { maxLength: 40 },
  )
  .map((rows) => rows.map(([base, changes, parts]) => keyLike(base, changes, parts)));

function keyLike(base: number, changes: number, parts: number): Uint8Array {
  const key = new Uint8Array(linkageKeyBytes);
  const set = (bit: number) => {
    key[bit >> 3] = (key[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  };
  for (let at = 0; at < 300; at++) set((base * 7_919 + at * at * 31 + at * 17) % 1024);
  for (let at = 0; at < changes; at++) set((changes * 613 + at * 97 * (base + 1)) % 1024);
  Object.values(linkageKeyParts).forEach(({ from, to }, part) => {
    if ((parts & (1 << part)) === 0 && parts % 3 === 0) key.fill(0, from, to);
  });
  return key;
}

function packed(rows: readonly Uint8Array[]): LinkageKeys {
  const bytes = new Uint8Array(rows.length * linkageKeyBytes);
  for (const [at, key] of rows.entries()) bytes.set(key, at * linkageKeyBytes);
  return { count: rows.length, bytes };
}

type Pairs = readonly (readonly [left: number, right: number, score: number])[];

async function found(
  left: readonly Uint8Array[],
  right: readonly Uint8Array[],
  floor: number,
  workers: number,
) {
  const pairs: [number, number, number][] = [];
  await scorePairs(packed(left), packed(right), { floor, workers }, (...pair) => pairs.push(pair));
  return pairs.sort(([a, b], [c, d]) => a - c || b - d);
}

/** The same by counting bits one by one. */
function judge(left: readonly Uint8Array[], right: readonly Uint8Array[], floor: number): Pairs {
  return left.flatMap((one, at) =>
    right
      .map((other, place) => [at, place, scoreOf(one, other)] as const)
      .filter(([, , score]) => score >= floor),
  );
}

function scoreOf(one: Uint8Array, other: Uint8Array): number {
  const agreement = ({ from, to }: { readonly from: number; readonly to: number }) => {
    const bits = (bytes: readonly number[]) =>
      bytes
        .map((byte) => byte.toString(2))
        .join("")
        .replaceAll("0", "").length;
    const [a, b] = [[...one.subarray(from, to)], [...other.subarray(from, to)]];
    const shared = bits(a.map((byte, at) => byte & (b[at] ?? 0)));
    if (bits(a) === 0 || bits(b) === 0) return { dice: Number.NaN, mean: Number.NaN };
    const dice = (2 * shared) / (bits(a) + bits(b));
    return { dice, mean: (dice + shared / Math.min(bits(a), bits(b))) / 2 };
  };
  const { names, birth, address } = linkageKeyParts;
  return pairScore(agreement(names).dice, agreement(birth).mean, agreement(address).dice);
}

describe("scorePairs()", () => {
  test("finds the pairs that counting bit by bit finds, with the same scores", async () => {
    await fc.assert(
      fc.asyncProperty(
        keys,
        keys,
        fc.double({ min: 0.3, max: 1, noNaN: true }),
        async (left, right, floor) => {
          expect(await found(left, right, floor, 0)).toEqual(judge(left, right, floor));
        },
      ),
      runs,
    );
  });

  test("finds the same with any number of workers, over the borders of tiles and batches", async () => {
    const left = Array.from({ length: 2_100 }, (_, at) => keyLike(at % 8, at % 50, 7));
    const right = Array.from({ length: 1_100 }, (_, at) => keyLike(at % 8, at % 41, 7));
    const alone = await found(left, right, 0.9, 0);
    expect(alone.length).toBeGreaterThan(16_384);
    expect(await found(left, right, 0.9, 1)).toEqual(alone);
    expect(await found(left, right, 0.9, 3)).toEqual(alone);
  });

  test("refuses keys that do not fill their bytes, and floors that everything reaches", async () => {
    const one = packed([keyLike(1, 0, 7)]);
    await expect(scorePairs({ ...one, count: 2 }, one, { floor: 0.8, workers: 0 }, () => {})).rejects.toThrow(
      RangeError,
    );
    await expect(scorePairs(one, one, { floor: 0, workers: 0 }, () => {})).rejects.toThrow(RangeError);
  });
});

const scored = fc.uniqueArray(
  fc.tuple(fc.nat({ max: 7 }), fc.nat({ max: 7 }), fc.integer({ min: 70, max: 100 })),
  { selector: ([left, right]) => `${left}-${right}`, maxLength: 40 },
);
const rules = { threshold: 0.8, margin: 0.03 };

function assigned(pairs: readonly (readonly [number, number, number])[]) {
  const assignment = new LinkAssignment(8, 8, rules);
  for (const [left, right, score] of pairs) assignment.addPair(left, right, score / 100);
  return assignment.assign();
}

describe("LinkAssignment", () => {
  test("links exactly the pairs that are clear for both: written from the definition", () => {
    fc.assert(
      fc.property(scored, (pairs) => {
        const expected = pairs.filter(
          ([left, right, score]) =>
            score >= 80 &&
            pairs.every(([l, r, other]) => (l === left) === (r === right) || score - other >= 3),
        );
        const links = assigned(pairs).links.map((link) => [
          link.left,
          link.right,
          Math.round(link.score * 100),
        ]);
        expect(links).toEqual(expected.sort(([a], [b]) => a - b));
      }),
      { ...runs, numRuns: 500 },
    );
  });

  test("does not depend on the order of pairs, and gives each record a link or one reason", () => {
    fc.assert(
      fc.property(scored, (pairs) => {
        const one = assigned(pairs);
        expect(assigned([...pairs].reverse())).toEqual(one);
        for (const { noCandidate, ambiguous, contested } of [one.unlinkedLeft, one.unlinkedRight])
          expect(noCandidate + ambiguous + contested + one.links.length).toBe(8);
      }),
      { ...runs, numRuns: 500 },
    );
  });
});
