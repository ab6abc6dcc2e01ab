import { describe, expect, test } from "vitest";
import { policy } from "../../../shared/disclosure/policy.ts";
import type { CountedTable, Measure, TableDimension } from "../../../shared/tables/table.ts";
import { brokenRules, formsOf, markedTable, protection } from "./marked-table.ts";
import { persons, textTable, trimmed } from "./text-table.ts";

function inAges(text: string, read = textTable): CountedTable {
  return read(text, { id: "T06", columns: "altersgruppe" });
}

describe("trap: zeros paired with small counts in a sum of 1 or 2", async () => {
  const counted = textTable(`
      |  T |  w |  m
    T | 40 | 20 | 20
    1 |  2 |  0 |  2
    2 | 18 |  9 |  9
    3 | 20 | 11 |  9`);

  test("the sum is hidden, too, and the zero is shown", async () => {
    // Area 1 has 2 men and no women: to show its sum is to show the men. Sum and men may be 1 to 10 together with area 2.
    expect(await formsOf([counted])).toEqual([
      trimmed(`
        T02 suppress
          |  T |  w |  m
        T | 40 | 20 | 20
        1 |  . |  0 |  .
        2 |  . |  9 |  .
        3 | 20 | 11 |  9`),
    ]);
  });

  test("the audit refuses the sum of 2 and a sum that follows", async () => {
    const sumShown = markedTable(
      "| T | w | m\n T | 40 | 20 | 20\n 1 | 2 | 0 | .\n 2 | 18 | 9 | .\n 3 | 20 | 11 | 9",
    );
    expect(await brokenRules([sumShown], { truth: [counted] })).toEqual(["small-count T02"]);
    // 18 less 9 leaves 9 men in area 2, and 20 - 9 - 9 = 2 in area 1
    const follows = markedTable(
      "| T | w | m\n T | 40 | 20 | 20\n 1 | . | 0 | .\n 2 | 18 | 9 | .\n 3 | 20 | 11 | 9",
    );
    expect(await brokenRules([follows], { truth: [counted] })).toEqual(["disclosed-count T02"]);
    const good = markedTable(
      "| T | w | m\n T | 40 | 20 | 20\n 1 | . | 0 | .\n 2 | . | 9 | .\n 3 | 20 | 11 | 9",
    );
    expect(await brokenRules([good], { truth: [counted] })).toEqual([]);
  });
});

describe("trap: a total equal to the number of its hidden parts", () => {
  const counted = textTable(`
      |  T |  w |  m | d
    T | 43 | 21 | 13 | 9
    1 |  3 |  1 |  1 | 1
    2 | 40 | 20 | 12 | 8`);

  test("the total is hidden as well", async () => {
    // 3 persons in 3 hidden cells of at least 1 are 1, 1 and 1.
    expect(await formsOf([counted])).toEqual([
      trimmed(
        "T02 suppress\n | T | w | m | d\n T | 43 | 21 | 13 | 9\n 1 | . | . | . | .\n 2 | . | . | . | .",
      ),
    ]);
  });

  test("the audit refuses the total", async () => {
    const shown = markedTable(
      "| T | w | m | d\n T | 43 | 21 | 13 | 9\n 1 | 3 | . | . | .\n 2 | 40 | . | . | .",
    );
    expect(await brokenRules([shown], { truth: [counted] })).toEqual(["disclosed-count T02"]);
  });
});

describe("trap: the sum of hidden parts is below 3", () => {
  const counted = textTable(`
      |  T |  w |  m |  d
    T | 62 | 22 | 20 | 20
    1 | 22 | 20 |  1 |  1
    2 | 40 |  2 | 19 | 19`);

  test("a third part is hidden", async () => {
    // Men and others in area 1 are 2 together, so women are hidden, too: 22 in three cells.
    expect(await formsOf([counted])).toEqual([
      trimmed(
        "T02 suppress\n | T | w | m | d\n T | 62 | 22 | 20 | 20\n 1 | 22 | . | . | .\n 2 | 40 | . | . | .",
      ),
    ]);
  });

  test("the audit refuses two parts that are 1 and 1", async () => {
    const two = markedTable(
      "| T | w | m | d\n T | 66 | 26 | 20 | 20\n 1 | 22 | 20 | . | .\n 2 | 44 | 6 | . | .",
    );
    const truth = textTable(
      "| T | w | m | d\n T | 66 | 26 | 20 | 20\n 1 | 22 | 20 | 1 | 1\n 2 | 44 | 6 | 19 | 19",
    );
    expect(await brokenRules([two], { truth: [truth] })).toEqual(["disclosed-count T02"]);
  });
});

describe("trap: a child equal to its parent, hidden in one place only", () => {
  const counted = textTable(`
        |  T |  w |  m
    T   | 60 | 30 | 30
    1   | 22 | 21 |  1
    101 | 22 | 21 |  1
    102 |  0 |  0 |  0
    2   | 18 |  4 | 14
    201 | 18 |  4 | 14
    3   | 20 |  5 | 15`);

  /** The numbers of a Stadtbezirk, and those of its only inhabited Stadtteil. */
  async function bothPlaces(): Promise<readonly (readonly (string | undefined)[])[]> {
    const rows = ((await formsOf([counted]))[0] ?? "").split("\n").map((row) => row.split(" | "));
    const numbersOf = (area: string) => rows.find(([code]) => code === area)?.slice(1) ?? [];
    return [
      [numbersOf("1"), numbersOf("101")],
      [numbersOf("2"), numbersOf("201")],
    ].map(([one, other]) => [one?.join(" "), other?.join(" ")]);
  }

  test("both are hidden, or none", async () => {
    const places = await bothPlaces();
    expect(places[0]?.[0]).toContain(".");
    for (const [parent, child] of places) expect(parent).toBe(child);
  });

  test("the audit refuses one of them", async () => {
    const inChild = `
          |  T |  w |  m
      T   | 60 | 30 | 30
      1   | 22 | 21 |  .
      101 | 22 |  . |  .
      102 |  0 |  0 |  0
      2   | 18 |  . |  .
      201 | 18 |  . |  .
      3   | 20 |  . |  .`;
    const inBoth = inChild.replace("1   | 22 | 21 |  .", "1   | 22 |  . |  .");
    expect(await brokenRules([markedTable(inChild)], { truth: [counted] })).toEqual(["disclosed-count T02"]);
    expect(await brokenRules([markedTable(inBoth)], { truth: [counted] })).toEqual([]);
  });
});

describe("trap: a child equal to its parent in another table", () => {
  const sexes = textTable(`
        |  T |  w |  m
    T   | 40 | 20 | 20
    1   |  2 |  1 |  1
    101 |  2 |  1 |  1
    102 |  0 |  0 |  0
    2   | 20 | 10 | 10
    201 | 20 | 10 | 10
    3   | 18 |  9 |  9
    301 | 18 |  9 |  9`);
  const ages = inAges("| T | k | e\n T | 40 | 18 | 22\n 1 | 2 | 1 | 1\n 2 | 20 | 8 | 12\n 3 | 18 | 9 | 9");

  test("the table of Stadtbezirke hides what the table of Stadtteile hides", async () => {
    expect(await formsOf([sexes, ages])).toEqual([
      trimmed(`
        T02 suppress
            |  T |  w |  m
        T   | 40 | 20 | 20
        1   |  . |  . |  .
        101 |  . |  . |  .
        102 |  0 |  0 |  0
        2   | 20 | 10 | 10
        201 | 20 | 10 | 10
        3   |  . |  . |  .
        301 |  . |  . |  .`),
      trimmed(
        "T06 suppress\n | T | k | e\n T | 40 | 18 | 22\n 1 | . | . | .\n 2 | 20 | 8 | 12\n 3 | . | . | .",
      ),
    ]);
  });

  test("the audit refuses a Stadtbezirk shown elsewhere", async () => {
    const hidden = markedTable(`
          |  T |  w |  m
      T   | 40 | 20 | 20
      1   |  . |  . |  .
      101 |  . |  . |  .
      102 |  0 |  0 |  0
      2   | 20 | 10 | 10
      201 | 20 | 10 | 10
      3   |  . |  . |  .
      301 |  . |  . |  .`);
    const shown = "| T | k | e\n T | 40 | 18 | 22\n 1 | . | . | .\n 2 | 20 | 8 | 12\n 3 | 18 | . | .";
    // 40 - 20 - 18 = 2
    expect(await brokenRules([hidden, inAges(shown, markedTable)], { truth: [sexes, ages] })).toEqual([
      "disclosed-count T02 T06",
    ]);
    const alike = shown.replace("3 | 18", "3 | .");
    expect(await brokenRules([hidden, inAges(alike, markedTable)], { truth: [sexes, ages] })).toEqual([]);
  });
});

describe("trap: two tables that round the same cell differently", async () => {
  const ladder = { value: ["round", "withhold"], reason: "Probe", since: "2026-11-25" } as const;
  const rules = { ...policy, ladder, ladders: {} };
  const text = "| T\n T | 24\n 1 | 2\n 2 | 11\n 3 | 11";

  test("the same count is the same number in both", async () => {
    const tables = ["T07", "T18"].map((id) => textTable(text, { id }));
    const [first, second] = await formsOf(tables, { rules });
    expect(first).toContain("T07 round");
    expect(second).toBe(first?.replace("T07", "T18"));
  });

  test("the audit refuses 0 in one and 3 in the other: both 0 to 2 and 1 to 3 are 1 or 2", async () => {
    const low = markedTable("| T\n T | 22r\n 1 | 0r\n 2 | 11r\n 3 | 11r", { id: "T07" });
    const high = markedTable("| T\n T | 25r\n 1 | 3r\n 2 | 11r\n 3 | 11r", { id: "T18" });
    const truth = [textTable(text, { id: "T07" })];
    expect(await brokenRules([low, high], { truth })).toEqual(["disclosed-count T07 T18"]);
    expect(await brokenRules([low, { ...low, id: "T18" }], { truth })).toEqual([]);
  });
});

const je1000: Measure = { id: "je_1000", label: "je 1.000", kind: "rate", unit: "je 1.000" };
const residents: Measure = { id: "einwohner", label: "Einwohner", kind: "count", unit: "Personen" };
const change: Measure = { id: "differenz", label: "Veränderung", kind: "difference", unit: "Personen" };

/** Lines "code | numbers of all measures at all times": hidden ".", rounded "3r", without sense "z". */
function besides(
  id: string,
  measures: readonly Measure[],
  text: string,
  time?: TableDimension,
): CountedTable {
  const rows = text.split("\n").map((line) => line.split(" | "));
  const numbers = rows.flatMap(([, row = ""]) =>
    row
      .trim()
      .split(/ +/)
      .map((cell) => `c | ${cell}`),
  );
  const { values, states } = markedTable(["| T", ...numbers].join("\n"));
  const flat = textTable(["| T", ...rows.map(([code]) => `${code} | 0`)].join("\n"), { id });
  const dimensions = [...flat.dimensions.slice(0, 1), ...(time === undefined ? [] : [time])];
  return { ...flat, dimensions, columnDimensions: [], measures, values, states };
}

function cellsOf(table: CountedTable | undefined): string {
  const width = table?.measures.length ?? 1;
  const texts = [...(table?.values ?? [])].map((value, cell) =>
    table?.states[cell] === 1 ? "." : String(value),
  );
  return texts
    .map((text, cell) => (cell % width === width - 1 ? `${text}\n` : `${text} `))
    .join("")
    .trim();
}

async function publishedOf(table: CountedTable): Promise<CountedTable | undefined> {
  const [form] = (await protection([table])).tables;
  return form?.kind === "published" ? form.table : undefined;
}

describe("trap: rates and differences beside hidden or rounded counts", async () => {
  const measures = [residents, persons, je1000];
  const rates = "T | 600 12 20\n1 | 100 2 20\n2 | 300 6 20\n3 | 200 4 20";

  test("a rate beside a hidden count is hidden", async () => {
    // 20 per 1,000 of 100 residents are 2
    expect(cellsOf(await publishedOf(besides("T02", measures, rates)))).toBe(
      "600 12 20\n100 . .\n300 6 20\n200 . .",
    );
  });

  test("a table with a rate is never rounded", async () => {
    const [form] = (await protection([besides("T07", measures, rates)])).tables;
    expect(form?.kind).toBe("withheld");
  });

  test("the audit refuses a rate beside a hidden or a rounded count", async () => {
    const truth = [besides("T02", measures, rates)];
    const hidden = besides("T02", measures, "T | 600 12 20\n1 | 100 . 20\n2 | 300 6 20\n3 | 200 . .");
    expect(await brokenRules([hidden], { truth })).toEqual(["unjudged-figure T02"]);
    const rounded = besides("T02", measures, "T | 600 13r .\n1 | 100 3r 20\n2 | 300 6r .\n3 | 200 4r .");
    expect(await brokenRules([rounded], { truth })).toEqual(["unjudged-figure T02"]);
    const good = besides("T02", measures, "T | 600 12 20\n1 | 100 . .\n2 | 300 6 20\n3 | 200 . .");
    expect(await brokenRules([good], { truth })).toEqual([]);
  });

  const time = {
    id: "zeitpunkt",
    label: "Stichtag",
    categories: ["2026-11-20", "2026-11-13"].map((code) => ({ code, label: code })),
  } as const;
  const weeks = "T | 30 z 28 2\n1 | 2 z 8 -6\n2 | 8 z 10 -2\n3 | 20 z 10 10";

  test("a difference from or to a hidden count is hidden", async () => {
    // 8 last week and a change of -6 are 2
    const shown = (await publishedOf(besides("T02", [persons, change], weeks, time))) ?? undefined;
    expect(cellsOf(shown)).toBe("30 0\n28 2\n. 0\n8 .\n. 0\n10 .\n20 0\n10 10");
  });

  test("the audit refuses it", async () => {
    const shown = "T | 30 z 28 2\n1 | . z 8 -6\n2 | . z 10 .\n3 | 20 z 10 10";
    const truth = [besides("T02", [persons, change], weeks, time)];
    expect(await brokenRules([besides("T02", [persons, change], shown, time)], { truth })).toEqual([
      "unjudged-figure T02",
    ]);
  });
});
