import { describe, expect, test } from "vitest";
import type { Change } from "../../../shared/disclosure/attack-model.ts";
import { type SuppressionRules, suppress } from "../../../shared/disclosure/suppression/suppress.ts";
import { checkChanges } from "../../../shared/disclosure/suppression/suppress-check.ts";
import {
  type Universe,
  type UniverseTable,
  universeOf,
} from "../../../shared/disclosure/suppression/universe.ts";
import { universeTable } from "./universe-text.ts";

const rules: SuppressionRules = {
  publishFromCount: 3, // 3 is published, 2 is not
  ownContribution: false,
};

/** Names of the hidden cells, or of those that cannot be hidden. */
async function hiddenNames(
  universe: Universe,
  own = rules,
): Promise<readonly string[] | { impossible: readonly string[] }> {
  const outcome = await suppress(universe, own);
  const nameOf = (cell: number): string => universe.cells[cell]?.name ?? "";
  if (outcome.kind === "impossible") return { impossible: outcome.cells.map(nameOf) };
  return outcome.hidden.map(nameOf);
}

function hiddenOf(...tables: readonly UniverseTable[]): ReturnType<typeof hiddenNames> {
  return hiddenNames(universeOf(tables));
}

describe("suppress() hides", () => {
  test("nothing where every count is 0 or at least publishFromCount", async () => {
    expect(await hiddenOf(universeTable("t", "area | T\nT | 7\n1 | 3\n2 | 4\n3 | 0"))).toEqual([]);
  });

  test("a small count and the cheapest one beside it, because the total would give it away", async () => {
    expect(await hiddenOf(universeTable("t", "area | T\nT | 16\n1 | 2\n2 | 5\n3 | 9"))).toEqual([
      "area=1",
      "area=2",
    ]);
  });

  test("two small counts and a third one: 1 + 2 = 3 could be nothing else", async () => {
    expect(await hiddenOf(universeTable("t", "area | T\nT | 10\n1 | 1\n2 | 2\n3 | 7"))).toEqual([
      "area=1",
      "area=2",
      "area=3",
    ]);
  });

  test("more where the total is the number of hidden cells: all would be 1", async () => {
    expect(await hiddenOf(universeTable("t", "area | T\nT | 7\n1 | 1\n2 | 1\n3 | 1\n4 | 4"))).toEqual([
      "area=1",
      "area=2",
      "area=3",
      "area=4",
    ]);
  });

  test("no zero: beside a small count it would help nobody", async () => {
    const table = universeTable(
      "t",
      `area | T  | m | w
       T    | 14 | 7 | 7
       1    |  2 | 2 | 0
       2    | 12 | 5 | 7`,
    );
    expect(await hiddenOf(table)).toEqual(["area=1", "area=1, sex=m", "area=2", "area=2, sex=m"]);
  });

  test("a total with its only part", async () => {
    expect(await hiddenOf(universeTable("t", "area | T\nT | 9\n1 | 2\n11 | 2\n2 | 7"))).toEqual([
      "area=1",
      "area=11",
      "area=2",
    ]);
  });

  test("a rectangle of the cheapest counts in two dimensions", async () => {
    const table = universeTable(
      "t",
      `area | T  | m  | w
       T    | 47 | 24 | 23
       1    | 12 |  2 | 10
       2    | 16 | 12 |  4
       3    | 19 | 10 |  9`,
    );
    // 2 + 10 + 12 + 4 = 28 would be hidden with area 2, 2 + 10 + 10 + 9 = 31 with area 3
    expect(await hiddenOf(table)).toEqual([
      "area=1, sex=m",
      "area=1, sex=w",
      "area=2, sex=m",
      "area=2, sex=w",
    ]);
  });

  test("a shared cell in both tables or in none, with what each of them needs", async () => {
    const ages = universeTable("ages", "age | T\nT | 20\na | 2\nb | 5\nc | 13");
    const sexes = universeTable(
      "sexes",
      "age | T | m | w\nT | 20 | 10 | 10\na | 2 | 1 | 1\nb | 5 | 3 | 2\nc | 13 | 6 | 7",
    );
    const universe = universeOf([ages, sexes]);
    const outcome = await suppress(universe, rules);
    expect(outcome.kind).toBe("suppressed");
    const hidden = outcome.kind === "suppressed" ? outcome.hidden : [];
    const cell = universe.places[0]?.[1] ?? -1;
    expect(universe.places[1]?.[3]).toBe(cell);
    expect(hidden).toContain(cell);
  });

  test("a count that nobody shows but that overlapping categories give away: 0-18 less 0-17", async () => {
    const schools = universeTable("schools", "age | T\nT | 50\n0+17 | 20\n18+19+99 | 30");
    const youth = universeTable("youth", "age | T\nT | 50\n0+17+18 | 22\n19 | 10\n99 | 18");
    // 22 - 20 = 2: 22 is not told, and 10, the cheapest one beside it
    expect(await hiddenOf(schools, youth)).toEqual(["age=0+17+18", "age=19"]);
  });

  test("what an earlier release has hidden, and proves it safe", async () => {
    const universe = universeOf([universeTable("t", "area | T\nT | 23\n1 | 9\n2 | 5\n3 | 9")]);
    const cells = universe.cells.map((cell) =>
      cell.name === "area=1" ? { ...cell, role: "hidden" as const } : cell,
    );
    expect(await hiddenNames({ ...universe, cells })).toEqual(["area=1", "area=2"]);
  });

  test("more for somebody who knows to be the only person of a cell", async () => {
    const universe = universeOf([universeTable("t", "area | T\nT | 23\n1 | 1\n2 | 2\n3 | 20")]);
    // without the own 1, 2 + 20 could be split anew; with area 1 and 3 alone nothing would be left to move
    expect(await hiddenNames(universe, { ...rules, ownContribution: true })).toEqual([
      "area=1",
      "area=2",
      "area=3",
    ]);
  });
});

describe("suppress() finds no way", () => {
  const small = "area | T\nT | 16\n1 | 2\n2 | 5\n3 | 9";

  test("where a table shows a small count whatever happens", async () => {
    expect(await hiddenOf(universeTable("t", small, { role: "shown" }))).toEqual({ impossible: ["area=1"] });
  });

  test("where others show everything beside a small count", async () => {
    const shown = universeTable("others", "area | T\nT | 16\n1 | -\n2 | 5\n3 | 9", { role: "shown" });
    expect(await hiddenOf(universeTable("t", small), shown)).toEqual({ impossible: ["area=1"] });
  });

  test("where the only other cell cannot give enough", async () => {
    const rest = universeTable("rest", "area | T\nT | 12\n1 | -\n2 | -\n3 | 9", { role: "shown" });
    expect(await hiddenOf(universeTable("t", "area | T\nT | 12\n1 | 2\n2 | 1\n3 | 9"), rest)).toEqual({
      impossible: ["area=1", "area=2"],
    });
  });
});

describe("checkChanges() lets no wrong proof pass", () => {
  const universe = universeOf([universeTable("t", "area | T\nT | 16\n1 | 2\n2 | 5\n3 | 9")]);
  const [one, two, three] = [1, 2, 3];
  const check = (hidden: readonly number[], ...changes: readonly Change[]): (() => void) => {
    const table = Float64Array.from(universe.cells, ({ count }) => count);
    return () => checkChanges({ universe, table, hidden, publishFromCount: 3 }, changes);
  };

  test("and a right one does", () => {
    expect(
      check(
        [one, two],
        new Map([
          [one, 1],
          [two, -1],
        ]),
      ),
    ).not.toThrow();
  });

  test.each([
    {
      what: "a sum that is not kept",
      hidden: [one, two],
      change: [
        [one, 1],
        [two, -2],
      ],
      message: /break a sum/,
    },
    {
      what: "a published cell that changes",
      hidden: [one, two],
      change: [
        [one, 1],
        [three, -1],
      ],
      message: /break a cell/,
    },
    {
      what: "a hidden cell below 1",
      hidden: [one, two],
      change: [
        [one, 5],
        [two, -5],
      ],
      message: /break a cell/,
    },
    {
      what: "a fraction",
      hidden: [one, two],
      change: [
        [one, 1.5],
        [two, -1.5],
      ],
      message: /break a sum/,
    },
    {
      what: "a small cell that stays small",
      hidden: [one, two],
      change: [
        [one, -1],
        [two, 1],
      ],
      message: /promise/,
    },
    {
      what: "a hidden cell that nothing moves",
      hidden: [one, two, three],
      change: [
        [one, 1],
        [two, -1],
      ],
      message: /promise/,
    },
  ] as const)("$what", ({ hidden, change, message }) => {
    expect(check(hidden, new Map(change))).toThrow(TypeError);
    expect(check(hidden, new Map(change))).toThrow(message);
  });
});
