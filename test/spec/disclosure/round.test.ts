import { describe, expect, test } from "vitest";
import { round } from "../../../shared/disclosure/rounding/round.ts";
import { type Decisions, linesOf, roundedText, taskFrom } from "./rounded-text.ts";

/** A table in, a table out: `shown` has every total recomputed from what stands beside it, but for those with a star. */
function spec(
  name: string,
  { counts, decisions = {}, shown }: { counts: string; decisions?: Decisions; shown: string },
) {
  test(name, async () => {
    expect(await roundedText(counts, decisions)).toEqual(linesOf(shown));
  });
}

describe("round()", () => {
  spec("leaves a table without small counts as it is", {
    counts: `  |  T |  a | b
             T | 12 |  9 | 3
             1 |  8 |  5 | 3
             2 |  4 |  4 | 0`,
    shown: `   |  T |  a | b
             T | 12 |  9 | 3
             1 |  8 |  5 | 3
             2 |  4 |  4 | 0`,
  });

  spec("makes 1 and 2 to 0 or 3 so that totals hardly change: 1 + 2 = 0 + 3", {
    counts: `  |  T |  a | b
             T | 13 | 10 | 3
             1 | 11 | 10 | 1
             2 |  2 |  0 | 2`,
    shown: `   |  T |  a | b
             T | 13 | 10 | 3
             1 | 10 | 10 | 0
             2 |  3 |  0 | 3`,
  });

  spec("recomputes totals from what is shown, never rounds them on their own: 4 + 1 becomes 4 + 0", {
    counts: `  | T | a | b
             T | 5 | 4 | 1
             1 | 5 | 4 | 1`,
    shown: `   | T | a | b
             T | 4 | 4 | 0
             1 | 4 | 4 | 0`,
  });

  spec("keeps a decision while the count is unchanged, although 0 would be nearer", {
    counts: `  | T | a | b
             T | 5 | 4 | 1
             1 | 5 | 4 | 1`,
    decisions: { "1 b": { kept: 3 } },
    shown: `   | T | a | b
             T | 7 | 4 | 3
             1 | 7 | 4 | 3`,
  });

  spec("shows no value too near to the one shown before: after 4 or 5 a count of 2 becomes 0, not 3", {
    counts: `  | T | a | b
             T | 6 | 4 | 2
             1 | 6 | 4 | 2`,
    decisions: { "1 b": { forbidden: [3, 6] } },
    shown: `   | T | a | b
             T | 4 | 4 | 0
             1 | 4 | 4 | 0`,
  });

  // With 0 and 3 beside 7 - 5 = 2 the 3 could not be more than 2; with 0 and 0 each of the two can be 0, 1 or 2.
  spec("keeps totals that another table shows, adds up only beside them, and gives nothing away by them", {
    counts: `  |   T |  a | b | c
             T |  15 | 11 | 2 | 2
             1 | 7*  |  5 | 1 | 1
             2 | 8*  |  6 | 1 | 1`,
    shown: `   |   T |  a | b | c
             T |  11 | 11 | 0 | 0
             1 |   7 |  5 | 0 | 0
             2 |   8 |  6 | 0 | 0`,
  });

  test("is impossible where a shown total gives the only small count away: 9 - 7 = 2", async () => {
    expect(
      await roundedText(`  |  T | a | b
                         T |  9 | 7 | 2
                         1 | 9* | 7 | 2`),
    ).toBe("impossible: 1 b");
  });

  test("is impossible where both values are too near to the one shown before, and where a small count is shown", async () => {
    const counts = `  | T | a | b
                    T | 6 | 4 | 2
                    1 | 6 | 4 | 2`;
    expect(await roundedText(counts, { "1 b": { forbidden: [0, 3] } })).toBe("impossible: 1 b");
    expect(await roundedText(counts.replaceAll("4 | 2", "4 | 2*"))).toBe("impossible: 1 b");
  });

  test("does not choose what a shown total gives away: of 1 + 1 = 2 not both become 3", async () => {
    const decisions = { "1 b": { kept: 3 } };
    const shown = await roundedText(
      `  |  T | a | b | c | d
       T | 11 | 9 | 1 | 1 | 0
       1 | 11*| 9 | 1 | 1 | 0`,
      decisions,
    );
    expect(shown).toBe("impossible: 1 b"); // b is 1 to 3, c and d at least 0, together 2: b is 1 or 2
  });

  test("names counts that are no small ones and that everybody can work out", async () => {
    const task = taskFrom(`  |  T | a | b | c
                           T | 16 | 9 | 5 | 2
                           1 | 14 | 9 | 5 | 0
                           2 |  2 | 0 | 0 | 2`);
    const margins = task.margins.map((margin) => ({ ...margin, shown: margin.name === "1 T" }));
    const rounding = await round({ ...task, margins }, 3, (name) => name);
    expect(rounding).toMatchObject({ kind: "rounded", known: [2] }); // 14 - 9 - 5 = 0
  });

  test("leaves no small count open to whoever compares two tables that share a total: 5 + b = 6", async () => {
    const cells = [5, 1, 6].map((count, at) => ({ name: `${at}`, count, shown: false }));
    const task = { cells, margins: [], ties: [{ one: [0, 1], other: [2] }] };
    expect(await round(task, 3, (name) => name)).toEqual({ kind: "impossible", cells: [1] });
  });

  test("counts what changed, by how much at most, and on average over cells and totals", async () => {
    const task = taskFrom(`  | T | a | b
                           T | 6 | 4 | 2
                           1 | 6 | 4 | 2`);
    const rounding = await round(task, 3, (name) => name);
    // 1 b, T b, 1 T and T T by 1 each; 1 a and T a not at all
    expect(rounding).toMatchObject({ deviations: { changed: 4, max: 1, mean: 4 / 6 } });
  });

  test("asks the digest between choices that are equally good", async () => {
    const counts = taskFrom(`  | T | a | b | c
                             T | 3 | 1 | 1 | 1
                             1 | 3 | 1 | 1 | 1`);
    const up = async (digests: Readonly<Record<string, string>>) => {
      const rounding = await round(counts, 3, (name) => digests[name] ?? "");
      return rounding.kind === "rounded" && rounding.values.indexOf(3);
    };
    const found = await Promise.all(
      [
        ["1", "2", "3"],
        ["3", "1", "2"],
        ["2", "3", "1"],
      ].map(([a = "", b = "", c = ""]) => up({ "1 a": a, "1 b": b, "1 c": c })),
    );
    expect(new Set(found).size).toBe(3);
  });

  test.each([
    ["a negative count", { count: -1 }],
    ["a fraction", { count: 1.5 }],
    ["a decision that no rounding makes", { count: 1, kept: 2 }],
    ["a decision about a large count", { count: 7, kept: 3 }],
  ])("refuses %s", async (_, cell) => {
    const task = { cells: [{ name: "a", shown: false, ...cell }], margins: [], ties: [] };
    await expect(round(task, 3, (name) => name)).rejects.toThrow(RangeError);
  });

  test("refuses parts that are no cells, and a base that rounds nothing", async () => {
    const cells = [{ name: "a", count: 1, shown: false }];
    const margins = [{ name: "T", parts: [1], shown: false }];
    await expect(round({ cells, margins, ties: [] }, 3, (name) => name)).rejects.toThrow("position");
    await expect(round({ cells, margins: [], ties: [] }, 1, (name) => name)).rejects.toThrow("base");
  });
});
