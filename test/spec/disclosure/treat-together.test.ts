import { describe, expect, test } from "vitest";
import type { Before } from "../../../shared/disclosure/before.ts";
import { type Policy, policy } from "../../../shared/disclosure/policy.ts";
import type { CoarseningStep, CountedTable, Measure } from "../../../shared/tables/table.ts";
import { afterReleases, brokenRules, formText, markedTable, protection } from "./marked-table.ts";
import { nothingBefore } from "./nothing-before.ts";
import { textTable, trimmed } from "./text-table.ts";

type Past = { readonly rules?: Policy; readonly before?: Before };

async function formsOf(tables: readonly CountedTable[], past: Past = {}): Promise<readonly string[]> {
  return (await protection(tables, past)).tables.map(formText);
}

async function shownOf(tables: readonly CountedTable[], past: Past = {}): Promise<readonly CountedTable[]> {
  const forms = (await protection(tables, past)).tables;
  return forms.flatMap((form) => (form.kind === "published" ? [form.table] : []));
}

const dropQuarters: CoarseningStep = { kind: "drop-level", level: "stadtteil" };
const coarser = { coarsening: { raum: [dropQuarters] } } as const;
const inNationalities = { id: "T04", columns: "staatsangehoerigkeit" } as const;
const acrossYears = { id: "T18", columns: "zeitpunkt" } as const;
const day = "2026-11-20";

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

const week1 = [
  textTable("| T | w | m\n T | 48 | 24 | 24\n 1 | 48 | 24 | 24\n 101 | 34 | 17 | 17\n 102 | 14 | 7 | 7", {
    referenceDates: { "ewo-alw": "2026-11-13" },
  }),
  textTable(
    `
           |  T
    T      | 48
    1      | 48
    101    | 34
    1011   | 34
    101101 |  1
    101102 |  1
    101103 | 18
    101104 |  2
    101105 | 12
    102    | 14
    1021   | 14
    102101 |  0
    102102 |  2
    102103 |  2
    102104 | 10`,
    { id: "T07", referenceDates: { "ewo-alw": "2026-11-13" } },
  ),
] as const;

/** Codes and what is shown of them, from the second line of a form on. */
function cellsIn(form: string | undefined): ReadonlyMap<string, string> {
  const rows = (form ?? "").split("\n").slice(2);
  return new Map(rows.map((row) => [row.split(" | ")[0] ?? "", row.split(" | ").slice(1).join(" | ")]));
}

describe("T07 is rounded below the Stadtteile that T02 shows", async () => {
  const [, form] = await formsOf(week1);
  const cells = cellsIn(form);

  test("what T02 shows is exact and has no sign, everything else is rounded", () => {
    const exact = [...cells].filter(([, cell]) => !cell.endsWith("r"));
    expect(exact).toEqual([
      ["T", "48"],
      ["1", "48"],
      ["101", "34"],
      ["102", "14"],
    ]);
    expect(form).toContain("T07 round");
  });

  test("small blocks become 0 or 3, others and zeros stay, statistical districts are their sums", () => {
    const numberOf = (code: string) => Number.parseInt(cells.get(code) ?? "", 10);
    for (const code of ["101101", "101102", "101104", "102102", "102103"])
      expect([0, 3]).toContain(numberOf(code));
    for (const [code, count] of [
      ["101103", 18],
      ["101105", 12],
      ["102101", 0],
      ["102104", 10],
    ] as const)
      expect(numberOf(code)).toBe(count);
    const sumOf = (...codes: readonly string[]) => codes.reduce((sum, code) => sum + numberOf(code), 0);
    expect(numberOf("1011")).toBe(sumOf("101101", "101102", "101103", "101104", "101105"));
    expect(numberOf("1021")).toBe(sumOf("102101", "102102", "102103", "102104"));
  });

  test("alone it is rounded in every cell", async () => {
    const [alone] = await formsOf(week1.slice(1));
    for (const cell of cellsIn(alone).values()) expect(cell).toMatch(/^\d+r$/);
  });

  test("it is withheld where a Stadtteil less its other blocks leaves the only small one", async () => {
    const text = "| T\n T | 30\n 1 | 30\n 101 | 30\n 1011 | 30\n 101101 | 2\n 101102 | 28";
    const sexes = textTable("| T | w | m\n T | 30 | 15 | 15\n 1 | 30 | 15 | 15\n 101 | 30 | 15 | 15");
    expect(await formsOf([sexes, textTable(text, { id: "T07" })])).toContain("T07 withheld");
    const planted = markedTable(
      "| T\n T | 30\n 1 | 30\n 101 | 30\n 1011 | 28r\n 101101 | 0r\n 101102 | 28r",
      {
        id: "T07",
      },
    );
    // 30 - 28 = 2
    const truth = [sexes, textTable(text, { id: "T07" })];
    expect(await brokenRules([sexes, planted], { truth })).toEqual(["disclosed-count T02 T07"]);
  });
});

describe("T07 in the second week", async () => {
  const sexes = textTable(
    "| T | w | m\n T | 52 | 27 | 25\n 1 | 52 | 27 | 25\n 101 | 37 | 19 | 18\n 102 | 15 | 8 | 7",
  );
  const before = afterReleases([await shownOf(week1)], day);
  const first = cellsIn((await formsOf(week1))[1]);

  test("holds every block that changed by at most 2, rounded ones as well", async () => {
    const blocks = textTable(
      `
             |  T
      T      | 52
      1      | 52
      101    | 37
      1011   | 37
      101101 |  2
      101102 |  0
      101103 | 18
      101104 |  1
      101105 | 16
      102    | 15
      1021   | 15
      102101 |  1
      102102 |  2
      102103 |  1
      102104 | 11`,
      { id: "T07" },
    );
    const [, form] = await formsOf([sexes, blocks], { before });
    const second = cellsIn(form);
    // 101105 went from 12 to 16.
    expect(second.get("101105")).toBe("16r");
    for (const code of ["101101", "101102", "101103", "101104", "102101", "102102", "102103", "102104"])
      expect(second.get(code)).toBe(first.get(code)?.replace("r", "h"));
    expect([second.get("T"), second.get("101"), second.get("102")]).toEqual(["52", "37", "15"]);
  });

  test("shows no newly small block, and no total, 1 or 2 away from the number before", async () => {
    const former = textTable(
      `
             |  T
      T      | 48
      1      | 48
      101    | 34
      1011   | 34
      101101 |  5
      101102 |  4
      101103 | 25
      102    | 14
      1021   | 14
      102101 | 14`,
      { id: "T07", referenceDates: { "ewo-alw": "2026-11-13" } },
    );
    const blocks = textTable(
      `
             |  T
      T      | 52
      1      | 52
      101    | 37
      1011   | 37
      101101 |  1
      101102 |  1
      101103 | 35
      102    | 15
      1021   | 15
      102101 | 15`,
      { id: "T07" },
    );
    const past = afterReleases([[week1[0], former]], day);
    const [, form] = await formsOf([sexes, blocks], { before: past });
    const second = cellsIn(form);
    // 3 is 2 away from 5 and 1 away from 4, so both become 0.
    expect([second.get("101101"), second.get("101102"), second.get("101103")]).toEqual(["0r", "0r", "35r"]);
    expect([second.get("1021"), second.get("102101")]).toEqual(["14h", "14h"]);
    const before = new Map([
      ["1011", 34],
      ["101101", 5],
      ["101102", 4],
      ["101103", 25],
      ["1021", 14],
      ["102101", 14],
    ]);
    for (const [code, last] of before) {
      expect([1, 2]).not.toContain(Math.abs(Number.parseInt(second.get(code) ?? "", 10) - last));
    }
  });
});

describe("switches of the policy", () => {
  const sexes = textTable(
    `
        |  T |  w |  m
    T   | 80 | 57 | 23
    1   | 40 | 20 | 20
    101 | 22 | 12 | 10
    102 | 18 |  8 | 10
    2   | 40 | 37 |  3
    201 | 21 | 19 |  2
    202 | 19 | 18 |  1`,
    coarser,
  );
  const boroughs = trimmed(
    "T02 coarsen\n | T | w | m\n T | 80 | 57 | 23\n 1 | 40 | 20 | 20\n 2 | 40 | 37 | 3",
  );

  function switched<Field extends "wholeTableOnly" | "publishZeros" | "groupDisclosure">(
    field: Field,
    value: Policy[Field]["value"],
  ): Policy {
    return { ...policy, [field]: { ...policy[field], value } };
  }

  test("as decided, single cells are hidden", async () => {
    expect((await formsOf([sexes]))[0]).toContain("T02 suppress");
  });

  test("wholeTableOnly hides no cell", async () => {
    expect(await formsOf([sexes], { rules: switched("wholeTableOnly", true) })).toEqual([boroughs]);
  });

  test("zeros that count as small leave neither hiding nor rounding", async () => {
    const rules = switched("publishZeros", false);
    expect(await formsOf([sexes], { rules })).toEqual([boroughs]);
    expect((await formsOf(week1, { rules })).at(1)).toBe("T07 withheld");
  });

  test("groups with one category only coarsen the table where they are unsafe", async () => {
    const group = textTable(
      "| T | w | m\n T | 80 | 46 | 34\n 1 | 40 | 26 | 14\n 101 | 22 | 22 | 0\n 102 | 18 | 4 | 14\n 2 | 40 | 20 | 20",
      coarser,
    );
    // All 22 persons of 101 are women.
    expect((await formsOf([group]))[0]).toContain("T02 none");
    expect(await formsOf([group], { rules: switched("groupDisclosure", "unsafe") })).toEqual([
      trimmed("T02 coarsen\n | T | w | m\n T | 80 | 46 | 34\n 1 | 40 | 26 | 14\n 2 | 40 | 20 | 20"),
    ]);
  });

  const swapped = { ...policy.ladder, value: ["swap", "withhold"] };
  test.each([
    ["a decision that nobody declared", { ...policy, weitere: policy.publishZeros }, "exactly the declared"],
    ["an unknown treatment", { ...policy, ladder: swapped }, "known treatments"],
    ["an unknown treatment of one table", { ...policy, ladders: { T02: swapped } }, "known treatments"],
  ])("%s is refused with the rule", async (_case, rules, rule) => {
    // what a file might hold
    await expect(formsOf([sexes], { rules: rules as Policy })).rejects.toThrow(rule);
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

describe("beside earlier releases of the same day", () => {
  const text = `
        |  T |  w |  m
    T   | 80 | 40 | 40
    1   | 40 | 20 | 20
    101 | 22 | 12 | 10
    102 | 18 |  8 | 10
    2   | 40 | 20 | 20
    201 | 21 | 19 |  2
    202 | 19 |  1 | 18`;
  const sexes = textTable(text, coarser);
  const areas = textTable("| T\n T | 80\n 1 | 40\n 101 | 22\n 102 | 18\n 2 | 40\n 201 | 21\n 202 | 19", {
    ...coarser,
    id: "T18",
  });

  test("the same release gives the same again", async () => {
    const before = afterReleases([await shownOf([sexes])], day);
    expect(await formsOf([sexes], { before })).toEqual(await formsOf([sexes]));
  });

  test("what was shown is not hidden again", async () => {
    const alone = cellsIn((await formsOf([sexes]))[0]);
    expect([alone.get("201"), alone.get("202")]).toEqual([". | . | .", ". | . | ."]);
    const [form] = await formsOf([sexes], { before: afterReleases([[areas]], day) });
    for (const [code, cells] of cellsIn(form)) expect(`${code} ${cells}`).toMatch(/^\w+ \d+ \| /);
    expect(form).toContain("201 | 21 | . | .");
  });

  test("what was hidden is not shown later: the later table goes without it", async () => {
    const before = afterReleases([await shownOf([sexes])], day);
    expect(await formsOf([areas])).toEqual([expect.stringContaining("201 | 21")]);
    expect(await formsOf([areas], { before })).toEqual([
      trimmed("T18 coarsen\n | T\n T | 80\n 1 | 40\n 2 | 40"),
    ]);
  });

  test("a later table by other categories does not show what was hidden either", async () => {
    const before = afterReleases([await shownOf([sexes])], day);
    const ages = textTable(
      text.replace("w", "k").replace("19 |  2", "10 | 11").replace("1 | 18", "10 |  9"),
      {
        ...coarser,
        id: "T06",
        columns: "altersgruppe",
      },
    );
    const [form] = await formsOf([ages], { before });
    expect(form).not.toContain("201 | 21");
    expect(form).not.toContain("202 | 19");
  });

  const groups = (code: string): CoarseningStep => ({
    kind: "merge",
    groups: [{ code, label: code, members: code.split("+") }],
  });
  function nationalities(id: string, ...steps: readonly CoarseningStep[]): CountedTable {
    return textTable(
      "| T | w | m\n T | 40 | 20 | 20\n a | 9 | 5 | 4\n b | 1 | 1 | 0\n c | 20 | 9 | 11\n d | 10 | 5 | 5",
      {
        id,
        rows: "staatsangehoerigkeit",
        coarsening: { staatsangehoerigkeit: steps },
      },
    );
  }

  test("a second table whose difference to the first would be a small count goes one step further", async () => {
    // First b + c = 21. With a + b = 10 and c = 20 beside it, b = 21 - 20 = 1.
    const before = afterReleases([await shownOf([nationalities("T03", groups("b+c"))])], day);
    const alone = await formsOf([nationalities("T05", groups("a+b"))]);
    expect(alone).toEqual([
      trimmed(
        "T05 coarsen\n | T | w | m\n T | 40 | 20 | 20\n a+b | 10 | 6 | 4\n c | 20 | 9 | 11\n d | 10 | 5 | 5",
      ),
    ]);
    expect(await formsOf([nationalities("T05", groups("a+b"))], { before })).toEqual(["T05 withheld"]);
    const third: CoarseningStep = {
      kind: "merge",
      groups: [{ code: "abc", label: "abc", members: ["a+b", "c"] }],
    };
    const further = nationalities("T05", groups("a+b"), third);
    expect(await formsOf([further], { before })).toEqual([
      trimmed("T05 coarsen\n | T | w | m\n T | 40 | 20 | 20\n abc | 30 | 15 | 15\n d | 10 | 5 | 5"),
    ]);
  });

  test("the audit finds the difference to the first, whatever protection says", async () => {
    const before = afterReleases([await shownOf([nationalities("T03", groups("b+c"))])], day);
    const [second] = await shownOf([nationalities("T05", groups("a+b"))]);
    const published = second === undefined ? [] : [second];
    expect(await brokenRules(published, { truth: [], before })).toEqual(["disclosed-count T05"]);
    expect(await brokenRules(published, { truth: [], before: nothingBefore })).toEqual([]);
  });
});
