import { describe, expect, test } from "vitest";
import type { AttackModel, Knowledge } from "../../../shared/disclosure/attack-model.ts";
import { attackModel } from "../../../shared/disclosure/attacker.ts";
import { attackedTables } from "./attacked-tables.ts";

describe("attackModel() finds what a row of suppressed cells gives away", () => {
  test("one suppressed cell beside its total", async () => {
    const row = "| T | w | m\n 1 | 9 | x | 7";
    expect(await attackedTables("B", row)).toEqual(["1 w is 2 by row 1"]);
  });

  test("zeros shown beside two small counts that add up to 2", async () => {
    const row = "| T | w | m | d\n 1 | 2 | x | x | 0";
    expect(await attackedTables("B", row)).toEqual(["1 w is 1 by row 1", "1 m is 1 by row 1"]);
  });

  test("A takes the same cells for 0, 1 or 2", async () => {
    const row = "| T | w | m | d\n 1 | 2 | x | x | 0";
    expect(await attackedTables("A", row)).toEqual([]);
  });

  test("a zero suppressed beside a 1 is a mistake where zeros are shown", async () => {
    const row = "| T | w | m\n 1 | 1 | x | x";
    expect(await attackedTables("A", row)).toEqual([]);
    expect(await attackedTables("B", row)).toBe("Cannot prove row 1: parts must add up to their total");
  });

  test("a total equal to the number of suppressed cells: all are 1", async () => {
    const row = "| T | a | b | c | d\n 1 | 9 | x | x | x | 6";
    expect(await attackedTables("B", row)).toEqual([
      "1 a is 1 by row 1",
      "1 b is 1 by row 1",
      "1 c is 1 by row 1",
    ]);
    expect(await attackedTables("A", row)).toEqual([]);
  });

  test("two suppressed cells that add up to 3 are 1 and 2, to 4 they may be 3", async () => {
    expect(await attackedTables("B", "| T | w | m | d\n 1 | 8 | x | x | 5")).toEqual([
      "1 w is 1-2 by row 1",
      "1 m is 1-2 by row 1",
    ]);
    expect(await attackedTables("B", "| T | w | m | d\n 1 | 9 | x | x | 5")).toEqual([]);
  });

  test("a total of 0 tells that its parts are 0", async () => {
    const row = "| T | w | m\n 1 | 0 | x | x";
    expect(await attackedTables("A", row)).toEqual(["1 w is 0 by row 1", "1 m is 0 by row 1"]);
  });
});

describe("attackModel() joins rows, columns and levels", () => {
  test("two small cells in a row, each alone in its column", async () => {
    const table = "| T | w | m\n T | 20 | 9 | 11\n 1 | 4 | x | x\n 2 | 16 | 7 | 9";
    expect(await attackedTables("B", table)).toEqual(["1 w is 2 by column w", "1 m is 2 by column m"]);
  });

  test("four cells in a rectangle protect each other", async () => {
    const table = "| T | w | m\n T | 20 | 9 | 11\n 1 | 4 | x | x\n 2 | 16 | x | x";
    expect(await attackedTables("B", table)).toEqual([]);
  });

  test("a rectangle with a column of 3 does not", async () => {
    const table = "| T | w | m\n T | 20 | 3 | 17\n 1 | 7 | x | x\n 2 | 13 | x | x";
    expect(await attackedTables("B", table)).toEqual(["1 w is 1-2 by column w", "2 w is 1-2 by column w"]);
  });

  test("an only child suppressed while its parent is shown", async () => {
    const table = "| T\n T | 9\n 1 | 2\n 2 | 7\n 11 | x";
    expect(await attackedTables("A", table)).toEqual(["11 T is 2 by column T"]);
  });

  test("a parent suppressed while its only child is shown", async () => {
    const table = "| T\n T | 9\n 1 | x\n 2 | x\n 11 | 2";
    expect(await attackedTables("B", table)).toEqual(["1 T is 2 by column T", "2 T is 7 by column T"]);
  });

  test("two tables that are safe alone: one tells the total the other one hides", async () => {
    const sexes = "| T | w | m\n T | 20 | 9 | 11\n 1 | x | x | 4\n 2 | x | x | 7";
    const nationalities = "| T | a | b\n T | 20 | 8 | 12\n 1 | x | 2 | 4\n 2 | x | 6 | 8";
    expect(await attackedTables("B", sexes)).toEqual([]);
    expect(await attackedTables("B", sexes, nationalities)).toEqual([
      "1 T is 6 by row 1",
      "1 w is 2 by row 1",
      "2 T is 14 by row 2",
      "2 w is 7 by column w, row 1",
    ]);
  });
});

describe("attackModel() takes an interval for what it says", () => {
  test("a rounded 0 and a rounded 3 beside their exact total", async () => {
    const row = "| T | w | m\n 1 | 2 | 0-2 | 1-3";
    expect(await attackedTables("B", row)).toEqual(["1 m is 1-2 by row 1"]);
  });

  test("two rounded zeros beside a total of 4 are 2 each", async () => {
    const row = "| T | w | m\n 1 | 4 | 0-2 | 0-2";
    expect(await attackedTables("B", row)).toEqual(["1 w is 2 by row 1", "1 m is 2 by row 1"]);
  });

  test("a held total leaves its parts open", async () => {
    const row = "| T | w | m\n 1 | 3-7 | x | 2";
    expect(await attackedTables("B", row)).toEqual([]);
  });

  test("a cell of no sum is pinned by its interval alone", async () => {
    expect(await attackedTables("B", "| w\n 1 | 1-2")).toEqual([
      "1 w is 1-2 by the interval published for the cell",
    ]);
  });
});

describe("attackModel() counts persons, not fractions", () => {
  /** Suppressed cells x, y, z and the sums of any two of them, with the same fourth cell added to each sum. */
  function pairs(sum: number, rest: Knowledge): AttackModel {
    const exact = { kind: "exact", value: sum } as const;
    return {
      cells: [
        ...["x", "y", "z"].map((name) => ({ name, knowledge: { kind: "suppressed" as const } })),
        ...["xy", "yz", "xz"].map((name) => ({ name, knowledge: exact })),
        { name: "rest", knowledge: rest },
      ],
      sums: [
        { total: 3, parts: [0, 1, 6], place: "sum xy" },
        { total: 4, parts: [1, 2, 6], place: "sum yz" },
        { total: 5, parts: [0, 2, 6], place: "sum xz" },
      ],
    };
  }

  test("sums that only halves of persons fit prove nothing", async () => {
    // x + y = y + z = x + z = 5: each would be two and a half.
    expect(await attackModel(pairs(5, { kind: "exact", value: 0 }), "B", 3)).toEqual({
      kind: "unproven",
      reason: "Cannot prove sum yz: parts must add up to their total",
    });
  });

  test("a cell that could be 1 or 3 only beside halves of persons is 2", async () => {
    // x + y + rest = 6, twice more: x, y and z are equal, so the rest is even, and of 1 to 3 it is 2.
    expect(await attackModel(pairs(6, { kind: "between", low: 1, high: 3 }), "B", 3)).toEqual({
      kind: "proven",
      disclosed: [
        ...[0, 1, 2, 6].map((cell) => ({
          cell,
          low: 2,
          high: 2,
          pinnedBy: ["sum xy", "sum xz", "sum yz"],
        })),
      ],
    });
  });

  test("a cell that can be 2 or 4 is safe, though never 3", async () => {
    // As above with a suppressed rest: 2 or 4, and x, y and z are 2 or 1.
    expect(await attackModel(pairs(6, { kind: "suppressed" }), "B", 3)).toMatchObject({
      kind: "proven",
      disclosed: [0, 1, 2].map((cell) => ({ cell, low: 1, high: 2 })),
    });
  });
});

describe("attackModel() refuses what it cannot judge", () => {
  const suppressed = { kind: "suppressed" } as const;

  test.each<[string, AttackModel, string]>([
    [
      "two cells of one name",
      {
        cells: [
          { name: "a", knowledge: suppressed },
          { name: "a", knowledge: suppressed },
        ],
        sums: [],
      },
      "Cannot prove the release: every cell must be identified once",
    ],
    [
      "half a person",
      { cells: [{ name: "a", knowledge: { kind: "exact", value: 2.5 } }], sums: [] },
      "Cannot prove the release: counts must be whole numbers and intervals must hold at least one of them",
    ],
    [
      "an empty interval",
      { cells: [{ name: "a", knowledge: { kind: "between", low: 3, high: 2 } }], sums: [] },
      "Cannot prove the release: counts must be whole numbers and intervals must hold at least one of them",
    ],
    [
      "a sum of a cell that does not exist",
      { cells: [{ name: "a", knowledge: suppressed }], sums: [{ total: 0, parts: [1], place: "row 1" }] },
      "Cannot prove row 1: a sum must name each of its cells once",
    ],
  ])("%s", async (_, model, reason) => {
    expect(await attackModel(model, "B", 3)).toEqual({ kind: "unproven", reason });
  });

  test("intervals that leave no table, by place and rule alone", async () => {
    const table = "| T | w | m\n T | 20 | 9 | 11\n 1 | 3-4 | x | x\n 2 | 3-4 | x | x";
    expect(await attackedTables("B", table)).toBe("Cannot prove column T: parts must add up to their total");
  });
});
