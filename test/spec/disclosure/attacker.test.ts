import { describe, expect, test } from "vitest";
import type { AttackModel, Knowledge } from "../../../shared/disclosure/attack-model.ts";
import { attackBoth, attackModel } from "../../../shared/disclosure/attacker/attacker.ts";
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

  test("a rounded cell that can only be 0 tells nothing that is not shown", async () => {
    const row = "| T | w | m\n 1 | 7 | 0-2 | 7";
    expect(await attackedTables("B", row)).toEqual([]);
  });

  test("a cell of no sum is pinned by its interval alone", async () => {
    expect(await attackedTables("B", "| w\n 1 | 1-2")).toEqual([
      "1 w is 1-2 by the interval published for the cell",
    ]);
  });
});

describe("attackModel() takes cells that nobody shows for what they are", () => {
  test("0-17 less 0-5 is disclosed where it must be 1 or 2", async () => {
    expect(await attackedTables("B", "| T | a | b\n 1 | 9 | 8 | ?")).toEqual(["1 b is 1 by row 1"]);
  });

  test("that it is 0, or large, is nobody's secret", async () => {
    expect(await attackedTables("B", "| T | a | b\n 1 | 9 | 9 | ?")).toEqual([]);
    expect(await attackedTables("B", "| T | a | b\n 1 | 9 | 6 | ?")).toEqual([]);
  });

  test("it leaves open what is hidden beside it, and may be 0 itself", async () => {
    expect(await attackedTables("B", "| T | a | b | d\n 1 | 4 | x | ? | 1")).toEqual([]);
    expect(await attackedTables("B", "| T | a | b | d\n 1 | 3 | x | ? | 1")).toEqual(["1 a is 1-2 by row 1"]);
  });

  test("nobody asks for a finest cell that only ties tables", async () => {
    expect(await attackedTables("B", "| T | a | b\n 1 | 9 | 8 | .")).toEqual([]);
  });
});

describe("attackModel() names the fewest sums that pin a cell", () => {
  test("a rational combination: half of two sums less a third", async () => {
    // a + b = 5, b + d = 7, a + d = 4, each with a shown zero: a = (5 + 4 - 7) / 2 = 1.
    const model = sumsOfPairs([5, 7, 4]);
    expect(await attackModel(model, "A", 3)).toEqual({
      kind: "proven",
      disclosed: [
        { cell: 0, low: 1, high: 1, pinnedBy: ["sum 0 1", "sum 0 2", "sum 1 2"] },
        { cell: 1, low: 4, high: 4, pinnedBy: ["sum 0 1", "sum 0 2", "sum 1 2"] },
        { cell: 2, low: 3, high: 3, pinnedBy: ["sum 0 1", "sum 0 2", "sum 1 2"] },
      ],
    });
  });

  test("not those of the same component that have no part in it", async () => {
    // Row 1 alone tells that w and m are 1 and 2; rows 2 and 3 share columns with it.
    const table = "| T | w | m\n T | 40 | 18 | 22\n 1 | 3 | x | x\n 2 | 17 | x | x\n 3 | 20 | x | x";
    expect(await attackedTables("B", table)).toEqual(["1 w is 1-2 by row 1", "1 m is 1-2 by row 1"]);
  });

  /** Cells a, b, d and the sum of each two of them. */
  function sumsOfPairs(values: readonly number[]): AttackModel {
    const pairs = [
      [0, 1],
      [1, 2],
      [0, 2],
    ];
    const hidden = ["a", "b", "d"].map((name) => ({ name, knowledge: { kind: "suppressed" as const } }));
    const shown = values.map((value, at) => ({
      name: `z${at}`,
      knowledge: { kind: "exact" as const, value },
    }));
    const sums = pairs.map((parts, at) => ({ total: 3 + at, parts, place: `sum ${parts.join(" ")}` }));
    return { cells: [...hidden, ...shown], sums };
  }
});

describe("attackModel() with intervals tells all that hidden cells can be", () => {
  test("both ends can be reached; a total that nobody shows has no end", async () => {
    const model: AttackModel = {
      cells: [
        { name: "T", knowledge: { kind: "suppressed" } },
        { name: "a", knowledge: { kind: "suppressed" } },
        { name: "b", knowledge: { kind: "between", low: 2, high: 5 } },
        { name: "s", knowledge: { kind: "exact", value: 9 } },
        { name: "s a", knowledge: { kind: "suppressed" } },
        { name: "s b", knowledge: { kind: "unpublished" } },
      ],
      sums: [
        { total: 0, parts: [1, 2, 3], place: "row T" },
        { total: 3, parts: [4, 5], place: "row s" },
      ],
    };
    expect(await attackModel(model, "B", 3, { intervals: true })).toEqual({
      kind: "proven",
      disclosed: [],
      intervals: [
        { cell: 0, low: 12, high: Infinity },
        { cell: 1, low: 1, high: Infinity },
        { cell: 2, low: 2, high: 5 },
        { cell: 4, low: 1, high: 9 },
        { cell: 5, low: 0, high: 8 },
      ],
    });
  });
});

describe("attackModel() believes no proof that does not add up", () => {
  // A rectangle with a column of 3: a + c = 3, b + d = 17, a + b = 7, c + d = 13, so a and c are 1 and 2.
  const model: AttackModel = {
    cells: [
      ...["a", "b", "c", "d"].map((name) => ({ name, knowledge: { kind: "suppressed" as const } })),
      ...[3, 17, 7, 13].map((value, at) => ({
        name: `s${at}`,
        knowledge: { kind: "exact" as const, value },
      })),
    ],
    sums: [
      { total: 4, parts: [0, 2], place: "column 1" },
      { total: 5, parts: [1, 3], place: "column 2" },
      { total: 6, parts: [0, 1], place: "row 1" },
      { total: 7, parts: [2, 3], place: "row 2" },
    ],
  };
  const table = [1, 6, 2, 11, 3, 17, 7, 13];
  const disclosed = [
    { cell: 0, low: 1, high: 2, pinnedBy: ["column 1"] },
    { cell: 2, low: 1, high: 2, pinnedBy: ["column 1"] },
  ];

  test.each<[string, readonly number[], ReadonlyMap<number, number>]>([
    ["a change that breaks a sum", table, new Map([[0, 2]])],
    [
      "a change below 1",
      table,
      new Map([
        [0, 2],
        [1, -2],
        [2, -2],
        [3, 2],
      ]),
    ],
    [
      "a change of a shown cell",
      table,
      new Map([
        [0, 2],
        [4, 2],
        [1, -2],
        [3, 2],
        [5, 0],
      ]),
    ],
    [
      "a change of half persons",
      table,
      new Map([
        [0, 0.5],
        [1, -0.5],
        [2, -0.5],
        [3, 0.5],
      ]),
    ],
    ["a change that is no number", table, new Map([[0, Number.NaN]])],
    ["a change of a cell that does not exist", table, new Map([[99, 1]])],
    ["a table that is no number somewhere", table.with(0, Number.NaN), new Map()],
    ["a table that does not add up", table.with(0, 5).with(2, 5), new Map()],
    ["a table too short", table.slice(0, 3), new Map()],
  ])("%s", async (_, given, change) => {
    const proofs = { table: given, changes: [change] };
    expect(await attackModel(model, "B", 3, { proofs })).toEqual({ kind: "proven", disclosed });
  });
});

describe("attackBoth() answers for both attackers", () => {
  test("what B tells by the shown zeros, A does not", async () => {
    const model = {
      cells: [
        { name: "T", knowledge: { kind: "exact" as const, value: 2 } },
        ...["a", "b"].map((name) => ({ name, knowledge: { kind: "suppressed" as const } })),
      ],
      sums: [{ total: 0, parts: [1, 2], place: "row 1" }],
    };
    const ones = [1, 2].map((cell) => ({ cell, low: 1, high: 1, pinnedBy: ["row 1"] }));
    expect(await attackBoth(model, 3)).toEqual({
      A: { kind: "proven", disclosed: [] },
      B: { kind: "proven", disclosed: ones },
    });
  });
});

describe("attackModel() asks what the only person of a cell finds", () => {
  /** A row of three hidden cells and their total of 5. */
  const row: AttackModel = {
    cells: [
      ...["a", "b", "c"].map((name) => ({ name, knowledge: { kind: "suppressed" as const } })),
      { name: "T", knowledge: { kind: "exact", value: 5 } },
    ],
    sums: [{ total: 3, parts: [0, 1, 2], place: "row 1" }],
  };

  test("who is the 1 among 1, 2 and 2 finds nobody: 4 others may be 1 and 3", async () => {
    const proofs = { table: [1, 2, 2, 5], changes: [] };
    const outcome = await attackModel(row, "B", 3, { proofs, ownContribution: true });
    expect(outcome).toEqual({ kind: "proven", disclosed: [] });
  });

  test("in a rectangle whose rows and columns are 4, who is a 1 knows that the one across is 1", async () => {
    // a 1 | b 3
    // c 3 | d 1: a can be 1 to 3, and d is always the same.
    const rectangle: AttackModel = {
      cells: [
        ...["a", "b", "c", "d"].map((name) => ({ name, knowledge: { kind: "suppressed" as const } })),
        { name: "s", knowledge: { kind: "exact", value: 4 } },
      ],
      sums: [
        { total: 4, parts: [0, 1], place: "row 1" },
        { total: 4, parts: [2, 3], place: "row 2" },
        { total: 4, parts: [0, 2], place: "column 1" },
        { total: 4, parts: [1, 3], place: "column 2" },
      ],
    };
    const options = { proofs: { table: [1, 3, 3, 1, 4], changes: [] }, ownContribution: true };
    expect(await attackModel(rectangle, "B", 3)).toEqual({ kind: "proven", disclosed: [] });
    expect(await attackModel(rectangle, "B", 3, options)).toEqual({
      kind: "proven",
      disclosed: [0, 3].map((cell) => ({ cell, low: 1, high: 1, pinnedBy: ["a person's own contribution"] })),
    });
  });

  test("nobody can tell who is alone without a table that adds up", async () => {
    expect(await attackModel(row, "B", 3, { ownContribution: true })).toEqual({
      kind: "unproven",
      reason: "Cannot prove the release: the proofs must hold a table that agrees with everything published",
    });
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
