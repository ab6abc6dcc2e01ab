import fc from "fast-check";
import { expect, test } from "vitest";
import { policy } from "../../shared/disclosure/policy.ts";
import { protect } from "../../shared/disclosure/protect.ts";
import { type CountedTable, stateOf } from "../../shared/tables/table.ts";
import { nothingBefore } from "../spec/disclosure/nothing-before.ts";
import { textTable } from "../spec/disclosure/text-table.ts";

const runs = { numRuns: Number(process.env["PROPERTY_RUNS"] ?? 300), seed: 20_261_120 };

/** Persons of the blocks of Stadtteil 101 and of Stadtteil 102. */
const city = fc.tuple(
  fc.array(fc.nat(6), { minLength: 1, maxLength: 5 }),
  fc.array(fc.nat(6), { minLength: 1, maxLength: 4 }),
);

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** T02 with the Stadtteile, all of one sex, and T07 with their blocks. */
function tablesOf(blocks: readonly (readonly number[])[]): readonly CountedTable[] {
  const total = sumOf(blocks.flat());
  const areas = blocks.map((counts, at) => `10${at + 1} | ${sumOf(counts)}`);
  const fine = blocks.flatMap((counts, at) => [
    areas[at] ?? "",
    ...counts.map((count, block) => `10${at + 1}10${block + 1} | ${count}`),
  ]);
  const text = (rows: readonly string[]) => ["| T", `T | ${total}`, `1 | ${total}`, ...rows].join("\n");
  return [textTable(text(areas)), textTable(text(fine), { id: "T07" })];
}

/** What an attacker takes a block to be at first. */
function intervalOf(value: number, state: number): readonly [low: number, high: number] {
  if (state !== stateOf.rounded || value > 3) return [value, value];
  return value === 0 ? [0, 2] : [1, 3];
}

/** Every way to fill the intervals up to the sum, or to any where nobody shows it. */
function* fillings(
  intervals: readonly (readonly [number, number])[],
  sum: number | undefined,
  start: readonly number[] = [],
): Generator<readonly number[]> {
  const [low, high] = intervals[start.length] ?? [0, -1];
  if (start.length === intervals.length && (sum === undefined || sum === sumOf(start))) yield start;
  for (let count = low; count <= high; count += 1) yield* fillings(intervals, sum, [...start, count]);
}

/** Positions of blocks that are one number, or 1 or 2, in every filling. */
function disclosedBlocks(
  shown: readonly (readonly [number, number])[],
  sum: number | undefined,
): readonly number[] {
  const all = [...fillings(shown, sum)];
  return [...shown.keys()].filter((at) => {
    const counts = new Set(all.map((filling) => filling[at] ?? -1));
    return counts.size < 2 || [...counts].every((count) => count === 1 || count === 2);
  });
}

test("protect() rounds blocks so that nobody who adds up to the Stadtteile tells a small one", async () => {
  let rounded = 0;
  await fc.assert(
    fc.asyncProperty(city, async (blocks) => {
      const tables = tablesOf(blocks);
      const released = await protect(
        tables.map((table) => ({ kind: "counted", table }) as const),
        policy,
        nothingBefore,
      );
      const [areas, fine] = released.tables;
      if (areas?.kind !== "published" || fine?.kind !== "published" || fine.method !== "round") return;
      rounded += 1;
      const codes = fine.table.dimensions[0]?.categories.map(({ code }) => code) ?? [];
      for (const [at, counts] of blocks.entries()) {
        const cells = counts.map((_, block) => codes.indexOf(`10${at + 1}10${block + 1}`));
        const shown = cells.map((cell) =>
          intervalOf(fine.table.values[cell] ?? -1, fine.table.states[cell] ?? -1),
        );
        const disclosed = disclosedBlocks(
          shown,
          areas.table.states[at + 2] === stateOf.value ? sumOf(counts) : undefined,
        );
        expect(disclosed.filter((block) => [1, 2].includes(counts[block] ?? 0))).toEqual([]);
        expect(
          counts.filter((count, block) => count > 2 && fine.table.values[cells[block] ?? -1] !== count),
        ).toEqual([]);
      }
    }),
    runs,
  );
  expect(rounded).toBeGreaterThan(runs.numRuns / 20);
});

test("the judge knows a block that is left over from one that may be another number", () => {
  // 2 persons in one block of 0 to 2, and in two of them
  expect(
    disclosedBlocks(
      [
        [0, 2],
        [28, 28],
      ],
      30,
    ),
  ).toContain(0);
  expect(
    disclosedBlocks(
      [
        [0, 2],
        [0, 2],
      ],
      2,
    ),
  ).toEqual([]);
});
