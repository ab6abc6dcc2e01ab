import { describe, expect, test } from "vitest";
import type { CoarseningStep, CountedTable, Measure } from "../../../shared/tables/table.ts";
import { brokenRules, formsOf, markedTable, shownOf } from "./marked-table.ts";
import { textTable, trimmed } from "./text-table.ts";

const dropQuarters: CoarseningStep = { kind: "drop-level", level: "stadtteil" };
const coarser = { coarsening: { raum: [dropQuarters] } } as const;
const inNationalities = { id: "T04", columns: "staatsangehoerigkeit" } as const;
const acrossYears = { id: "T18", columns: "zeitpunkt" } as const;

describe("tables with a common margin", () => {
  const sexes = textTable(`
        |  T |  w |  m
    T   | 60 | 30 | 30
    1   | 40 | 20 | 20
    101 |  2 |  1 |  1
    102 | 38 | 19 | 19
    2   | 20 | 10 | 10
    201 |  8 |  4 |  4
    202 | 12 |  6 |  6`);
  const nationalities = textTable(
    `
        |  T |  a |  b
    T   | 60 | 33 | 27
    1   | 40 | 22 | 18
    101 |  2 |  2 |  0
    102 | 38 | 20 | 18
    2   | 20 | 11 |  9
    201 |  8 |  4 |  4
    202 | 12 |  7 |  5`,
    inNationalities,
  );

  test("a shared cell is hidden in both", async () => {
    // 101 has 2 persons, so 102 is hidden with it: in both tables. The zero stays, and with it the 18 beside 102's 20.
    expect(await formsOf([sexes, nationalities])).toEqual([
      trimmed(`
        T02 suppress
            |  T |  w |  m
        T   | 60 | 30 | 30
        1   | 40 | 20 | 20
        101 |  . |  . |  .
        102 |  . |  . |  .
        2   | 20 | 10 | 10
        201 |  8 |  4 |  4
        202 | 12 |  6 |  6`),
      trimmed(`
        T04 suppress
            |  T |  a |  b
        T   | 60 | 33 | 27
        1   | 40 | 22 | 18
        101 |  . |  . |  0
        102 |  . |  . | 18
        2   | 20 | 11 |  9
        201 |  8 |  4 |  4
        202 | 12 |  7 |  5`),
    ]);
  });

  test("the audit refuses it in one only", async () => {
    const [hidden] = await shownOf([sexes, nationalities]);
    const shown = markedTable(
      `
          |  T |  a |  b
      T   | 60 | 33 | 27
      1   | 40 | 22 | 18
      101 |  . |  . |  0
      102 | 38 |  . | 18
      2   | 20 | 11 |  9
      201 |  8 |  4 |  4
      202 | 12 |  7 |  5`,
      inNationalities,
    );
    // 40 - 38 = 2
    expect(
      await brokenRules(hidden === undefined ? [] : [hidden, shown], { truth: [sexes, nationalities] }),
    ).toEqual(["disclosed-count T02 T04"]);
  });

  test("in none where only inner cells need it", async () => {
    const inner = textTable(
      "| T | a | b\n T | 60 | 49 | 11\n 1 | 40 | 39 | 1\n 2 | 20 | 10 | 10",
      inNationalities,
    );
    const beside = textTable("| T | w | m\n T | 60 | 30 | 30\n 1 | 40 | 20 | 20\n 2 | 20 | 10 | 10");
    expect(await formsOf([beside, inner])).toEqual([
      trimmed("T02 none\n | T | w | m\n T | 60 | 30 | 30\n 1 | 40 | 20 | 20\n 2 | 20 | 10 | 10"),
      trimmed("T04 suppress\n | T | a | b\n T | 60 | 49 | 11\n 1 | 40 | . | .\n 2 | 20 | . | ."),
    ]);
  });
});

describe("a cell that another table shows as a whole", () => {
  const text = `
        |  T |  w |  m
    T   | 80 | 50 | 30
    1   | 40 | 30 | 10
    101 |  3 |  2 |  1
    102 | 37 | 28 |  9
    2   | 40 | 20 | 20
    201 | 21 | 10 | 11
    202 | 19 | 10 |  9`;
  const years = textTable(
    `
        | 2026-11-20 | 2025-11-21
    T   |         80 |         90
    1   |         40 |         50
    101 |          3 |         30
    102 |         37 |         20
    2   |         40 |         40
    201 |         21 |         20
    202 |         19 |         20`,
    acrossYears,
  );

  test("is hidden where no other does: 3 persons in two cells would be 1 and 2", async () => {
    expect((await formsOf([textTable(text)]))[0]).toContain(
      "101 | . | . | .\n102 | . | . | .\n2 | 40 | 20 | 20",
    );
  });

  test("is never hidden beside it: the table is coarsened", async () => {
    const [first, second] = await formsOf([years, textTable(text, coarser)]);
    expect(first).toContain("T18 none");
    expect(second).toBe(
      trimmed("T02 coarsen\n | T | w | m\n T | 80 | 50 | 30\n 1 | 40 | 30 | 10\n 2 | 40 | 20 | 20"),
    );
  });

  test("nor where the table cannot be coarsened: it is withheld", async () => {
    expect((await formsOf([years, textTable(text)])).at(1)).toBe("T02 withheld");
  });

  test("is shown while the cells within are hidden", async () => {
    const within = textTable(`
          |  T |  w |  m
      T   | 80 | 46 | 34
      1   | 40 | 26 | 14
      101 |  3 |  0 |  3
      102 | 37 | 26 | 11
      2   | 40 | 20 | 20
      201 | 21 | 20 |  1
      202 | 19 |  0 | 19`);
    // 202 has a zero that is shown, so women and men of 201 can only change over with those of 102.
    expect((await formsOf([years, within])).at(1)).toBe(
      trimmed(`
        T02 suppress
            |  T |  w |  m
        T   | 80 | 46 | 34
        1   | 40 |  . |  .
        101 |  3 |  0 |  3
        102 | 37 |  . |  .
        2   | 40 |  . |  .
        201 | 21 |  . |  .
        202 | 19 |  0 | 19`),
    );
  });
});

describe("T11 hides groups of a month with their amounts", async () => {
  const measures: readonly Measure[] = [
    { id: "personen", label: "Personen", kind: "count", unit: "Personen" },
    { id: "ausgaben", label: "Ausgaben", kind: "money", unit: "Euro" },
  ];

  /** Lines "month | group | persons | amount in cents | recipients | largest". */
  function months(text: string): CountedTable {
    const lines = text.trim().split("\n");
    const rows = lines.map((line) => line.split("|").map((cell) => cell.trim()));
    const groups = textTable(["| T", ...new Set(rows.map(([, group]) => `${group} | 0`))].join("\n"), {
      id: "T11",
      rows: "pks_gruppe",
      referenceDates: { "akdn-sozial": "2026-10" },
    });
    const months = [...new Set(rows.map(([month = ""]) => month))].map((code) => ({ code, label: code }));
    const numbers = (at: number) => rows.map((row) => Number(row[at] ?? 0));
    const beside = (at: number) => Float64Array.from(numbers(at).flatMap((value) => [0, value]));
    return {
      ...groups,
      dimensions: [{ id: "monat", label: "Monat", categories: months }, ...groups.dimensions.slice(0, 1)],
      columnDimensions: ["pks_gruppe"],
      measures,
      values: Float64Array.from(numbers(2).flatMap((count, at) => [count, numbers(3)[at] ?? 0])),
      states: new Uint8Array(rows.length * 2),
      concentration: { recipients: beside(4), largest: beside(5), absolute: beside(3) },
    };
  }

  async function hiddenIn(text: string): Promise<readonly string[]> {
    const [table] = await shownOf([months(text)]);
    const rows = text.trim().split("\n");
    return rows.flatMap((row, at) => {
      const hidden = [0, 1].filter((measure) => table?.states[at * 2 + measure] === 1);
      const [month = "", group = ""] = row.split("|").map((cell) => cell.trim());
      return hidden.length === 0
        ? []
        : [`${month} ${group} ${hidden.map((at) => measures[at]?.id).join("+")}`];
    });
  }

  test("a month with a small count, and no other month", async () => {
    // a: 2 persons; with b, the smallest other group, 12
    expect(
      await hiddenIn(`
        2026-10 | T | 28 | 2800 | 28 | 200
        2026-10 | a |  2 |  200 |  2 | 150
        2026-10 | b | 10 | 1000 | 10 | 100
        2026-10 | c | 16 | 1600 | 16 | 100
        2026-09 | T | 30 | 3000 | 30 | 200
        2026-09 | a |  4 |  400 |  4 | 150
        2026-09 | b | 10 | 1000 | 10 | 100
        2026-09 | c | 16 | 1600 | 16 | 100`),
    ).toEqual(["2026-10 a personen+ausgaben", "2026-10 b personen+ausgaben"]);
  });

  test("a month in which one person has more than 85 % of an amount", async () => {
    // b: 900 of 1000 for one person; with a 900 of 1400
    expect(
      await hiddenIn(`
        2026-10 | T | 30 | 3000 | 30 | 900
        2026-10 | a |  4 |  400 |  4 | 150
        2026-10 | b | 10 | 1000 | 10 | 900
        2026-10 | c | 16 | 1600 | 16 | 100`),
    ).toEqual(["2026-10 a personen+ausgaben", "2026-10 b personen+ausgaben"]);
  });
});
