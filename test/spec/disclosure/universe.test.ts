import { describe, expect, test } from "vitest";
import { type UniverseTable, universeOf } from "../../../shared/disclosure/suppression/universe.ts";
import { cellsAsText, sumsAsText, universeTable } from "./universe-text.ts";

const areas = universeTable(
  "areas",
  `area | T | m | w
   T    | 9 | 5 | 4
   1    | 6 | 4 | 2
   11   | 6 | 4 | 2
   2    | 3 | 1 | 2`,
);

describe("universeOf() identifies cells", () => {
  test("by their categories, totals left out, dimensions in order", () => {
    expect(cellsAsText(universeOf([areas]))).toEqual([
      "Total = 9",
      "area=1 = 6",
      "area=1, sex=m = 4",
      "area=1, sex=w = 2",
      "area=11 = 6",
      "area=11, sex=m = 4",
      "area=11, sex=w = 2",
      "area=2 = 3",
      "area=2, sex=m = 1",
      "area=2, sex=w = 2",
      "sex=m = 5",
      "sex=w = 4",
    ]);
  });

  test("once for all tables that have them, a missing dimension at its total", () => {
    const { cells, places } = universeOf([areas, universeTable("total", "area | T\nT | 9\n1 | 6\n2 | 3")]);
    expect(cells).toHaveLength(12);
    expect([...(places[1] ?? [])].map((cell) => cells[cell]?.name)).toEqual(["Total", "area=1", "area=2"]);
  });

  test("of another universe apart", () => {
    const rows = "area | T\nT | 3\n1 | 3";
    const universe = universeOf([
      universeTable("now", rows, { universe: "u" }),
      universeTable("then", rows, { universe: "v" }),
    ]);
    expect(cellsAsText(universe)).toEqual(["u|Total = 3", "u|area=1 = 3", "v|Total = 3", "v|area=1 = 3"]);
  });

  test("as shown if one table shows them", () => {
    const shown = universeTable("total", "area | T\nT | 9", { role: "shown" });
    expect(universeOf([areas, shown]).cells[0]).toEqual({ name: "Total", count: 9, role: "shown" });
    expect(universeOf([shown, areas]).cells[0]).toEqual({ name: "Total", count: 9, role: "shown" });
  });

  test("of merged categories by their members in order", () => {
    const merged = universeTable("merged", "area | T\nT | 9\n2+1 | 9");
    expect(universeOf([merged]).cells[1]?.name).toBe("area=1+2");
  });
});

describe("universeOf() sums", () => {
  test("along every tree, the other dimension fixed", () => {
    expect(sumsAsText(universeOf([areas]))).toEqual([
      "Total = area=1 + area=2",
      "Total = sex=m + sex=w",
      "area=1 = area=1, sex=m + area=1, sex=w",
      "area=1 = area=11",
      "area=1, sex=m = area=11, sex=m",
      "area=1, sex=w = area=11, sex=w",
      "area=11 = area=11, sex=m + area=11, sex=w",
      "area=2 = area=2, sex=m + area=2, sex=w",
      "sex=m = area=1, sex=m + area=2, sex=m",
      "sex=w = area=1, sex=w + area=2, sex=w",
    ]);
  });

  test("nothing along a dimension without a total", () => {
    const months = universeTable("months", "month | T | m | w\n01 | 5 | 3 | 2\n02 | 4 | 1 | 3");
    expect(sumsAsText(universeOf([months]))).toEqual([
      "month=01 = month=01, sex=m + month=01, sex=w",
      "month=02 = month=02, sex=m + month=02, sex=w",
    ]);
  });

  test("a part that the table leaves out as what is left of the total", () => {
    const universe = universeOf([universeTable("areas", "area | T\nT | 9\n1 | 7\n2 | -")]);
    expect(cellsAsText(universe)).toEqual(["Total = 9", "area=1 = 7", "area=2 = 2 (unpublished)"]);
    expect([...(universe.places[0] ?? [])]).toEqual([0, 1, -1]);
  });

  test("the same whatever the order of tables and categories", () => {
    const others = universeTable(
      "others",
      `area | w | T | m
       2    | 2 | 3 | 1
       11   | 2 | 6 | 4
       T    | 4 | 9 | 5
       1    | 2 | 6 | 4`,
    );
    const straight = universeOf([areas, others]);
    const turned = universeOf([others, areas]);
    expect(turned.cells).toEqual(straight.cells);
    expect(turned.sums).toEqual(straight.sums);
  });
});

describe("universeOf() ties overlapping categories", () => {
  const minors = universeTable("minors", "age | T\nT | 9\na+b | 5\nc+d | 4");

  test("by their finest codes, where another table cuts differently", () => {
    const others = universeTable("others", "age | T\nT | 9\na+b+c | 7\nd | 2");
    const universe = universeOf([minors, others]);
    expect(cellsAsText(universe)).toEqual([
      "Total = 9",
      "age=a = NaN (unpublished)",
      "age=a+b = 5",
      "age=a+b+c = 7",
      "age=b = NaN (unpublished)",
      "age=c = 2 (unpublished)",
      "age=c+d = 4",
      "age=d = 2",
    ]);
    expect(sumsAsText(universe)).toContain("age=a+b+c = age=a + age=b + age=c");
  });

  test("by cells that another table has", () => {
    const fine = universeTable("fine", "age | T\nT | 9\na | 1\nb | 4\nc | 2\nd | 2");
    expect(sumsAsText(universeOf([minors, fine]))).toEqual([
      "Total = age=a + age=b + age=c + age=d",
      "Total = age=a+b + age=c+d",
      "age=a+b = age=a + age=b",
      "age=c+d = age=c + age=d",
    ]);
  });

  test("not where every table cuts alike, nor at different categories of another dimension", () => {
    const same = universeTable("same", "age | T | m\nT | 9 | 9\na+b | 5 | 5\nc+d | 4 | 4");
    expect(universeOf([minors, same]).cells.every(({ role }) => role === "open")).toBe(true);
  });
});

describe("universeOf() ties margins that form a circle", () => {
  const pair = (rows: string, columns: string): UniverseTable =>
    universeTable(`${rows}-${columns}`, `${rows} | T | x | y\nT | 4 | 2 | 2\nx | 2 | 1 | 1\ny | 2 | 1 | 1`, {
      columns,
    });

  test("by their finest cells", () => {
    const universe = universeOf([pair("a", "b"), pair("b", "c"), pair("a", "c")]);
    expect(universe.cells.filter(({ role }) => role === "auxiliary")).toHaveLength(8);
    expect(sumsAsText(universe)).toContain("a=x, b=y = a=x, b=y, c=x + a=x, b=y, c=y");
  });

  test("not where they form none: a chain, or one table that has all dimensions", () => {
    const all = {
      ...pair("a", "b"),
      name: "all",
      dimensions: [...pair("a", "b").dimensions, ...pair("a", "c").dimensions.slice(1)],
      counts: [4, 2, 2, 2, 1, 1, 2, 1, 1, 2, 1, 1, 1, 1, 0, 1, 0, 1, 2, 1, 1, 1, 0, 1, 1, 1, 0],
    };
    const chain = [pair("a", "b"), pair("b", "c"), pair("c", "d")];
    for (const tables of [chain, [pair("a", "b"), pair("b", "c"), pair("a", "c"), all]])
      expect(universeOf(tables).cells.some(({ role }) => role === "auxiliary")).toBe(false);
  });

  test("without finest cells below a published zero", () => {
    const zero = universeTable("a-b", "a | T | x | y\nT | 4 | 2 | 2\nx | 2 | 2 | 0\ny | 2 | 0 | 2", {
      columns: "b",
    });
    const universe = universeOf([zero, pair("b", "c"), pair("a", "c")]);
    const auxiliary = universe.cells.filter(({ role }) => role === "auxiliary");
    expect(auxiliary.map(({ name, count }) => `${name} = ${count}`)).toEqual([
      "a=x, b=x, c=x = 1",
      "a=x, b=x, c=y = 1",
      "a=y, b=y, c=x = 1",
      "a=y, b=y, c=y = 1",
    ]);
  });
});

describe("universeOf() refuses", () => {
  const one = (counts: readonly number[]): UniverseTable => ({
    name: "areas",
    universe: "",
    dimensions: [
      { id: "area", categories: [{ code: "T" }, { code: "1", parent: 0 }, { code: "2", parent: 0 }] },
    ],
    counts,
    role: "open",
  });
  const shaped = (parents: readonly (number | undefined)[]): UniverseTable => ({
    ...one(parents.map(() => 3)),
    dimensions: [
      {
        id: "area",
        categories: parents.map((parent, at) => ({ code: `${at}`, ...(parent !== undefined && { parent }) })),
      },
    ],
  });

  test.each([
    {
      what: "a total that does not add up",
      tables: [one([5, 3, 1])],
      message: /"areas:0 area" must be the sum/,
    },
    {
      what: "parts beyond the total",
      tables: [one([5, 6, Number.NaN])],
      message: /"areas:0 area" must be the sum/,
    },
    { what: "a negative count", tables: [one([2, 3, -1])], message: /"areas": the count at position 2/ },
    { what: "a fraction", tables: [one([4, 3.5, 0.5])], message: /"areas": the count at position 1/ },
    {
      what: "one cell with two counts",
      tables: [one([5, 3, 2]), { ...one([5, 2, 3]), name: "others" }],
      message: /"others": position 1 must have the count/,
    },
    { what: "too few counts", tables: [one([5, 3])], message: /"areas": it has 2 counts, expected 3/ },
    {
      what: "two totals",
      tables: [shaped([undefined, undefined, 0])],
      message: /dimension "area": exactly one category/,
    },
    {
      what: "a parent that does not exist",
      tables: [shaped([undefined, 7])],
      message: /parent of category 1/,
    },
    { what: "parents in a circle", tables: [shaped([undefined, 2, 1])], message: /must end at the total/ },
    {
      what: "the same category twice",
      tables: [universeTable("areas", "area | T\nT | 6\na+b | 3\nb+a | 3")],
      message: /category 2 must differ/,
    },
    {
      what: "a dimension twice",
      tables: [universeTable("areas", "sex | T | m\nT | 3 | 3\nm | 3 | 3")],
      message: /its dimensions must differ/,
    },
  ])("$what, and names the place without any count", ({ tables, message }) => {
    expect(() => universeOf(tables)).toThrow(RangeError);
    expect(() => universeOf(tables)).toThrow(message);
  });
});
