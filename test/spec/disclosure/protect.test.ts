import { describe, expect, test } from "vitest";
import { type Policy, policy, tightened } from "../../../shared/disclosure/policy.ts";
import { protect } from "../../../shared/disclosure/protect.ts";
import type { ProtectedTable } from "../../../shared/disclosure/released-table.ts";
import type { CoarseningStep, CountedTable, Measure } from "../../../shared/tables/table.ts";
import { nothingBefore } from "./nothing-before.ts";
import { persons, shownTable, textTable, trimmed } from "./text-table.ts";

const dropQuarters: CoarseningStep = { kind: "drop-level", level: "stadtteil" };
const mergeSmallest: CoarseningStep = {
  kind: "merge-smallest",
  into: { code: "sonstige", label: "Sonstige" },
};

/** The rule to the letter for every table: coarser, or not at all. */
const wholeTables = { ...policy, ladders: {} };

async function protectedOf(...tables: readonly CountedTable[]): Promise<readonly ProtectedTable[]> {
  return await protectedBy(wholeTables, ...tables);
}

async function protectedBy(rules: Policy, ...tables: readonly CountedTable[]) {
  const results = tables.map((table) => ({ kind: "counted", table }) as const);
  return (await protect(results, rules, nothingBefore)).tables;
}

function publishedText(table: ProtectedTable | undefined): string {
  return table?.kind === "published" ? shownTable(table.table) : `not published: ${table?.kind}`;
}

describe("protect() leaves a table as it is", async () => {
  test("when every count is 0 or at least 3", async () => {
    const table = textTable(`
          |  T | w | m
      T   | 10 | 7 | 3
      1   |  7 | 7 | 0
      2   |  3 | 0 | 3`);
    const [result] = await protectedOf(table);
    expect(result).toMatchObject({ kind: "published", method: "none", treatments: [] });
    expect(publishedText(result)).toBe(shownTable(table));
  });
});

describe("protect() withholds the whole table without a coarser form", () => {
  test.each([
    ["a count of 2 stands in an inner cell", "| T | w | m\n T | 9 | 5 | 4\n 1 | 5 | 3 | 2\n 2 | 4 | 2 | 2"],
    ["a count of 1 stands in a margin only", "| T | w | m\n T | 4 | 3 | 1\n 1 | 0 | 0 | 0\n 2 | 4 | 3 | 1"],
    ["the grand total itself is small", "| T | w | m\n T | 2 | 2 | 0\n 1 | 2 | 2 | 0"],
    [
      "one child alone is small and equals its parent",
      "| T | w | m\n T | 5 | 5 | 0\n 1 | 2 | 2 | 0\n 101 | 2 | 2 | 0\n 2 | 3 | 3 | 0",
    ],
    ["zeros stand beside a small count in a sum of 2", "| T | w | m\n T | 2 | 0 | 2\n 1 | 2 | 0 | 2"],
  ])("because %s", async (_reason, text) => {
    const [result] = await protectedOf(textTable(text));
    expect(result).toMatchObject({ kind: "withheld", id: "T02", cells: expect.any(Number) });
    expect(result).not.toHaveProperty("alternative");
    expect(result).not.toHaveProperty("table");
  });
});

describe("protect() replaces an unsafe table by the finest coarser one", async () => {
  test("leaves out the quarters and keeps the boroughs exact", async () => {
    const [result] = await protectedOf(
      textTable(
        `
              |  T |  w | m
          T   | 30 | 17 | 13
          1   | 12 |  8 | 4
          101 |  7 |  5 | 2
          102 |  5 |  3 | 2
          2   | 18 |  9 | 9
          201 | 18 |  9 | 9`,
        { coarsening: { raum: [dropQuarters] } },
      ),
    );
    expect(result).toMatchObject({
      method: "coarsen",
      treatments: [{ kind: "dropped-level", dimension: "raum", level: "stadtteil" }],
    });
    expect(publishedText(result)).toBe(
      trimmed(`
          |  T |  w | m
        T | 30 | 17 | 13
        1 | 12 |  8 | 4
        2 | 18 |  9 | 9`),
    );
  });

  test("merges as few of the smallest nationalities as are needed, the remainder last", async () => {
    const [result] = await protectedOf(
      textTable(
        `
              |           T |      w | m
          T   |          40 |     20 | 20
          475 |          20 |     10 | 10
          423 |           8 |      4 | 4
          438 |           7 |      4 | 3
          444 |           3 |      1 | 2
          451 |           2 |      1 | 1`,
        { rows: "staatsangehoerigkeit", coarsening: { staatsangehoerigkeit: [mergeSmallest] } },
      ),
    );
    // 444 and 451 together: 5, 1 + 1 = 2 women: still small; with 438: 12, 6, 6
    expect(publishedText(result)).toBe(
      trimmed(`
                    |  T |  w | m
        T           | 40 | 20 | 20
        475         | 20 | 10 | 10
        423         |  8 |  4 | 4
        438+444+451 | 12 |  6 | 6`),
    );
  });

  test("takes the loss that keeps most inner cells", async () => {
    // Without quarters 2 x 2 = 4 inner cells stay, without sex 3 x 1 = 3.
    const [result] = await protectedOf(
      textTable(
        `
              |  T |  w | m
          T   | 30 | 16 | 14
          1   | 20 | 12 | 8
          101 |  9 |  8 | 1
          102 | 11 |  4 | 7
          2   | 10 |  4 | 6
          201 | 10 |  4 | 6`,
        { coarsening: { raum: [dropQuarters], geschlecht: [{ kind: "drop" }] } },
      ),
    );
    expect(publishedText(result)).toBe(
      trimmed(`
          |  T |  w | m
        T | 30 | 16 | 14
        1 | 20 | 12 | 8
        2 | 10 |  4 | 6`),
    );
  });

  test("groups of groups follow one another", async () => {
    const groups: readonly CoarseningStep[] = [
      { kind: "merge", groups: [{ code: "18-64", label: "18 bis 64", members: ["18-29", "30-64"] }] },
      {
        kind: "merge",
        groups: [{ code: "18-64_u", label: "18 bis 64 oder unbekannt", members: ["18-64", "u"] }],
      },
    ];
    const [result] = await protectedOf(
      textTable(
        `
                |  T |  w | m
          T     | 30 | 15 | 15
          0-17  | 10 |  5 | 5
          18-29 |  9 |  5 | 4
          30-64 |  9 |  4 | 5
          u     |  2 |  1 | 1`,
        { rows: "altersgruppe", coarsening: { altersgruppe: groups } },
      ),
    );
    expect(publishedText(result)).toBe(
      trimmed(`
                |  T |  w | m
        T       | 30 | 15 | 15
        0-17    | 10 |  5 | 5
        18-64_u | 20 | 10 | 10`),
    );
  });

  test("withholds rather than publishing nothing but the total", async () => {
    const [result] = await protectedOf(
      textTable("| T | w | m\n T | 5 | 3 | 2\n 1 | 5 | 3 | 2", {
        coarsening: {
          geschlecht: [{ kind: "drop" }],
          raum: [{ kind: "drop-level", level: "stadtbezirk" }],
        },
      }),
    );
    expect(result?.kind).toBe("withheld");
  });

  test("does not change the tables it is given", async () => {
    const table = textTable("| T | w | m\n T | 6 | 4 | 2\n 1 | 6 | 4 | 2", {
      coarsening: { geschlecht: [{ kind: "drop" }] },
    });
    const before = structuredClone(table);
    await protectedOf(table);
    expect(table).toEqual(before);
  });
});

describe("protect() moves small persons without assignment", () => {
  const quarters = textTable(`
           |  T |  w | m
    T      | 33 | 16 | 17
    1      | 11 |  5 | 6
    101    | 11 |  5 | 6
    2      | 20 | 10 | 10
    201    |  6 |  3 | 3
    202    | 14 |  7 | 7
    ohne   |  2 |  1 | 1
    ohne-ohne |  2 |  1 | 1`);

  test("into the largest area and its largest parts, so that areas stay the sum of their parts", async () => {
    const [result] = await protectedOf(quarters);
    expect(publishedText(result)).toBe(
      trimmed(`
            |  T |  w | m
        T   | 33 | 16 | 17
        1   | 11 |  5 | 6
        101 | 11 |  5 | 6
        2   | 22 | 11 | 11
        201 |  6 |  3 | 3
        202 | 16 |  8 | 8`),
    );
    expect(result).toMatchObject({ treatments: [{ kind: "merged", dimension: "raum", into: "2" }] });
  });

  test("in every table alike, also where they are not small", async () => {
    const ages = textTable(
      "| T | 0-17 | 18+ \n T | 33 | 15 | 18\n 1 | 11 | 5 | 6\n 2 | 18 | 6 | 12\n ohne | 4 | 4 | 0",
      { id: "T06", columns: "altersgruppe" },
    );
    const sexes = textTable(
      "| T | w | m\n T | 33 | 16 | 17\n 1 | 11 | 5 | 6\n 2 | 18 | 9 | 9\n ohne | 4 | 2 | 2",
    );
    const [first, second] = await protectedOf(sexes, ages);
    expect(publishedText(first)).toContain("2 | 22 | 11 | 11");
    expect(publishedText(second)).toContain("2 | 22 | 10 | 12");
    expect(publishedText(second)).not.toContain("ohne");
  });
});

describe("protect() does not tell by the move where few persons are without assignment", () => {
  const areasOnly = (text: string): CountedTable => ({
    ...textTable(text, { id: "T07", coarsening: { raum: [dropQuarters] } }),
    dimensions: textTable(text).dimensions.slice(0, 1),
  });

  test("all of them move when some are small, so that an area that takes somebody may have taken many", async () => {
    const [result] = await protectedOf(
      areasOnly(`
               |  T
        T      | 48
        1      | 18
        101    |  9
        102    |  7
        ohne-1 |  2
        2      | 30
        201    | 16
        202    | 10
        ohne-2 |  4`),
    );
    // With "ohne-2" = 4 still shown, quarter 101 would tell that "ohne-1" is 1 or 2.
    const areas = result?.kind === "published" ? result.table.dimensions[0]?.categories : [];
    expect(areas?.map(({ code }) => code)).toEqual(["T", "1", "101", "102", "2", "201", "202"]);
    expect(result).toMatchObject({ table: { values: Float64Array.from([48, 18, 11, 7, 30, 20, 10]) } });
  });

  test("nobody moves when only one cell can be the reason; the level goes instead", async () => {
    const [result] = await protectedOf(
      areasOnly("| T\n T | 40\n 1 | 18\n 101 | 9\n 102 | 7\n ohne-1 | 2\n 2 | 22\n 201 | 12\n 202 | 10"),
    );
    const areas = result?.kind === "published" ? result.table.dimensions[0]?.categories : [];
    expect(areas?.map(({ code }) => code)).toEqual(["T", "1", "2"]);
    expect(JSON.stringify(result)).not.toContain("ohne Zuordnung");
  });
});

describe("protect() moves persons without assignment", () => {
  test("down the same way in every table, also where another area was larger over time", async () => {
    const now = textTable(
      "| T | w | m\n T | 24 | 12 | 12\n 2 | 22 | 11 | 11\n 201 | 10 | 5 | 5\n 202 | 12 | 6 | 6\n ohne | 2 | 1 | 1",
    );
    const years = textTable(
      "| 2026-11-20 | 2025-11-21\n T | 24 | 59\n 2 | 22 | 55\n 201 | 10 | 50\n 202 | 12 | 5\n ohne | 2 | 4",
      { id: "T18", columns: "zeitpunkt" },
    );
    const [first, second] = await protectedOf(now, years);
    expect(publishedText(first)).toContain("202 | 14 | 7 | 7");
    expect(publishedText(second)).toContain("202 | 14 | 9");
  });
});

describe("protect() looks at all tables of a release together", () => {
  test("withholds the table that loses less when the difference of two tables is a small count", async () => {
    const groups: readonly CoarseningStep[] = [
      { kind: "merge", groups: [{ code: "b+c", label: "b und c", members: ["b", "c"] }] },
    ];
    const first = textTable(
      "| T | w | m\n T | 20 | 10 | 10\n a | 9 | 4 | 5\n b | 4 | 3 | 1\n c | 7 | 3 | 4",
      {
        id: "T03",
        rows: "staatsangehoerigkeit",
        coarsening: {
          staatsangehoerigkeit: [
            { kind: "merge", groups: [{ code: "a+b", label: "a und b", members: ["a", "b"] }] },
          ],
        },
      },
    );
    const second = { ...first, id: "T04", coarsening: { staatsangehoerigkeit: groups } };
    // T03: a+b = 13, c = 7. T04: a = 9, b+c = 11. 13 - 9 = 4 is b, and among men 6 - 5 = 1.
    // To hide 11 persons among b+c costs fewer bits than 13 among a+b, so T04 stays.
    const [gone, kept] = await protectedOf(first, second);
    expect(publishedText(kept)).toContain("b+c | 11 | 6 | 5");
    expect(gone?.kind).toBe("withheld");
  });

  test("names the next coarser table that is published, never one that is withheld", async () => {
    const small = "| T | w | m\n T | 4 | 3 | 1\n 1 | 4 | 3 | 1";
    const fine = textTable(small, { id: "T07", coarserTable: "T06" });
    const middle = textTable(small, { id: "T06", coarserTable: "T01" });
    const coarse = textTable("| T | 0-17 | 18+\n T | 9 | 5 | 4\n 1 | 9 | 5 | 4", {
      id: "T01",
      columns: "altersgruppe",
      referenceDates: { "ewo-alw": "2026-11-13" },
    });
    const [first, second] = await protectedOf(fine, middle, coarse);
    expect(first).toMatchObject({ kind: "withheld", alternative: "T01" });
    expect(second).toMatchObject({ kind: "withheld", alternative: "T01" });
  });

  test("keeps the place of a missing table", async () => {
    const missing = {
      id: "T08",
      name: "Quote",
      title: "Quote",
      dimensions: ["raum"],
      missing: ["ewo"],
    } as const;
    const { tables } = await protect([{ kind: "missing", table: missing }], policy, nothingBefore);
    expect(tables).toEqual([{ kind: "missing", ...missing }]);
  });
});

describe("protect() judges amounts of money by their recipients", () => {
  const euro: Measure = { id: "ausgaben", label: "Ausgaben", kind: "money", unit: "Euro" };
  const amounts = (recipients: number, largest: number, absolute: number): CountedTable => {
    const table = textTable("| T\n T | 100000\n a | 100000", {
      rows: "pks",
      columns: "geschlecht",
      measure: euro,
    });
    const filled = (value: number) => new Float64Array(2).fill(value);
    return {
      ...table,
      concentration: { recipients: filled(recipients), largest: filled(largest), absolute: filled(absolute) },
    };
  };

  test.each([
    ["published", "3 recipients and the largest with exactly 85 %", amounts(3, 85_000, 100_000)],
    ["withheld", "2 recipients", amounts(2, 50_000, 100_000)],
    ["withheld", "one recipient with more than 85 %", amounts(9, 85_001, 100_000)],
    [
      "withheld",
      "one recipient with more than 85 % of the absolute amounts behind a small sum",
      amounts(9, 900, 1_000),
    ],
    ["withheld", "unknown recipients", amounts(0, 0, 0)],
  ])("%s with %s", async (kind, _case, table) => {
    expect((await protectedOf(table))[0]?.kind).toBe(kind);
  });
});

describe("protect() computes rates and differences again from the merged counts", async () => {
  test("persons per 1,000 residents from the sums, not from the rates", async () => {
    const measures: readonly Measure[] = [
      { id: "einwohner", label: "Einwohner", kind: "count", unit: "Personen" },
      persons,
      { id: "je_1000", label: "je 1.000", kind: "rate", unit: "je 1.000" },
    ];
    const flat = textTable("| T\n T | 0\n a | 0\n b | 0\n c | 0", { rows: "pks" });
    const [result] = await protectedOf({
      ...flat,
      measures,
      values: Float64Array.from([600, 12, 20, 100, 1, 10, 300, 3, 10, 200, 8, 40]),
      states: new Uint8Array(12),
      coarsening: { pks: [{ kind: "merge", groups: [{ code: "a+b", label: "a+b", members: ["a", "b"] }] }] },
    });
    // a+b: 100 + 300 = 400 residents, 1 + 3 = 4 persons, 4 / 400 = 10 per 1,000
    expect(result?.kind === "published" ? [...result.table.values] : []).toEqual([
      600, 12, 20, 400, 4, 10, 200, 8, 40,
    ]);
  });
});

describe("tightened()", () => {
  test("takes a higher threshold and applies it", async () => {
    const strict = tightened(policy, { veroeffentlichenAb: 5 });
    const table = textTable("| T | w | m\n T | 9 | 5 | 4\n 1 | 9 | 5 | 4");
    expect((await protectedBy({ ...strict, ladders: {} }, table))[0]?.kind).toBe("withheld");
    expect((await protectedBy(tightened(policy, {}), table))[0]?.kind).toBe("published");
  });

  test("refuses a threshold that would loosen, and leaves whole tables whole", () => {
    expect(() => tightened(policy, { veroeffentlichenAb: 2 })).toThrow(RangeError);
    const whole = { ...policy, wholeTableOnly: { ...policy.wholeTableOnly, value: true } };
    expect(tightened(whole, { nurGanzeTabellen: false }).wholeTableOnly.value).toBe(true);
    expect(tightened(policy, { nurGanzeTabellen: true }).wholeTableOnly.value).toBe(true);
  });
});

describe("protect() refuses an incomplete policy", () => {
  const table = textTable("| T | w | m\n T | 9 | 5 | 4\n 1 | 9 | 5 | 4");
  const decision = policy.ladder;
  test.each([
    [
      "a threshold that publishes 2",
      { ...policy, publishFromCount: { ...policy.publishFromCount, value: 2 } },
    ],
    [
      "a ladder without withhold",
      { ...policy, ladders: { T02: { ...decision, value: ["coarsen"] as const } } },
    ],
    [
      "a dominance limit of 100 %",
      { ...policy, dominancePercent: { ...policy.dominancePercent, value: 100 } },
    ],
  ])("%s", async (_case, rules) => {
    await expect(protectedBy(rules as Policy, table)).rejects.toThrow(RangeError); // what a file might hold
  });
});
