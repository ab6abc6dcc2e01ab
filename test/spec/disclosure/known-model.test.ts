import { describe, expect, test } from "vitest";
import type { Knowledge } from "../../../shared/disclosure/attack-model.ts";
import { attackModel } from "../../../shared/disclosure/attacker/attacker.ts";
import { type KnownModel, knownModel } from "../../../shared/disclosure/attacker/known-model.ts";
import type { AttackedTable } from "../../../shared/disclosure/attacker/known-tables.ts";
import { knownSlicesOf, knownTablesOf } from "../../../shared/disclosure/attacker/known-tables.ts";
import type { KnownDimension, KnownTable, ShownCell } from "../../../shared/disclosure/known-table.ts";
import { type Category, stateOf } from "../../../shared/tables/table.ts";

const rules = { publishFromCount: 3, publishFromChange: 3 };

/** Categories below the total; "0-17=0-5+6-17" stands for its members, "b11<B1" below B1. */
function dimension(id: string, ...names: readonly string[]): KnownDimension {
  const codes = ["T", ...names.map((name) => name.replace(/[<=].*/, ""))];
  const categories = names.map((name, at) => {
    const members = name.split("=")[1]?.split("+");
    const parent = codes.indexOf(name.split("<")[1] ?? "T");
    return { code: codes[at + 1] ?? "", parent, ...(members && { members }) };
  });
  return { id, categories: [{ code: "T" }, ...categories] };
}

/** Cells in a text, row by row: "5", "c" hidden, "3r" rounded, "7h" held, "x" absent. */
function table(
  name: string,
  dimensions: readonly KnownDimension[],
  cells: string,
  universe = "",
): KnownTable {
  return {
    name,
    universe,
    dimensions,
    cells: cells
      .trim()
      .split(/[\s|]+/)
      .map(cellOf),
  };
}

function cellOf(text: string): ShownCell {
  const value = Number.parseInt(text, 10);
  if (text === "c") return { kind: "suppressed" };
  if (text === "x") return { kind: "absent" };
  if (text.endsWith("r")) return { kind: "rounded", value };
  return text.endsWith("h") ? { kind: "held", value } : { kind: "exact", value };
}

function shown({ model }: KnownModel): Readonly<Record<string, string>> {
  return Object.fromEntries(model.cells.map(({ name, knowledge }) => [name, knowledgeText(knowledge)]));
}

function knowledgeText(knowledge: Knowledge): string {
  if (knowledge.kind === "exact") return String(knowledge.value);
  if (knowledge.kind === "between" || knowledge.kind === "held") return `${knowledge.low}..${knowledge.high}`;
  return knowledge.kind === "suppressed" ? "c" : knowledge.kind;
}

function sums({ model: { cells, sums: all } }: KnownModel): readonly string[] {
  const name = (cell: number) => cells[cell]?.name ?? "";
  return all.map(({ total, parts, place }) => `${place}: ${name(total)} = ${parts.map(name).join(" + ")}`);
}

/** Names of the cells that attacker B learns, with what they can be. */
async function learnt(...tables: readonly KnownTable[]): Promise<Readonly<Record<string, string>>> {
  const { model } = knownModel(tables, rules);
  const outcome = await attackModel(model, "B", rules.publishFromCount);
  if (outcome.kind !== "proven") throw new Error(outcome.reason);
  return Object.fromEntries(
    outcome.disclosed.map(({ cell, low, high }) => [
      model.cells[cell]?.name ?? "",
      low === high ? String(low) : `${low}..${high}`,
    ]),
  );
}

const sex = dimension("sex", "m", "w");
const ort = dimension("ort", "N", "S");

describe("knownModel() tells the attacker", () => {
  test("a cell that linked tables share once, under one name whatever the order of tables and dimensions", () => {
    const status = table("A", [ort, sex], "9 4 5 | 5 2 3 | 4 2 2");
    const turned = table("B", [sex, ort], "9 5 4 | 4 2 2 | 5 3 2");
    const names = Object.keys(shown(knownModel([status, turned], rules)));
    expect(names).toEqual([
      ...["Total", "ort=N", "ort=N, sex=m", "ort=N, sex=w"],
      ...["ort=S", "ort=S, sex=m", "ort=S, sex=w", "sex=m", "sex=w"],
    ]);
    expect(Object.keys(shown(knownModel([turned, status], rules)))).toEqual(names);
  });

  test("nothing of another universe", () => {
    const model = knownModel([table("A", [sex], "9 4 5", "u"), table("B", [sex], "7 3 4", "v")], rules);
    expect(shown(model)).toMatchObject({ "u|Total": "9", "v|Total": "7", "u|sex=m": "4", "v|sex=m": "3" });
  });

  test("where the cells of each table are", () => {
    const { model, places } = knownModel(
      [table("A", [sex], "9 c c"), table("B", [ort, sex], "9 4 5 | 5 2 3 | 4 2 2")],
      rules,
    );
    const named = places.map((cells) => [...cells].map((cell) => model.cells[cell]?.name));
    expect(named[0]?.map((name) => name?.replace(/ \(.*/, ""))).toEqual(["Total", "sex=m", "sex=w"]);
    expect(named[1]?.slice(0, 6)).toEqual([
      ...["Total", "sex=m (B:1)", "sex=w (B:2)"],
      ...["ort=N", "ort=N, sex=m", "ort=N, sex=w"],
    ]);
  });

  test("what remains between nested categories: 0 to 18 less 0 to 17", async () => {
    const minors = dimension("alter", "0-17=0-5+6-17", "18+=18+19");
    const toEighteen = dimension("alter", "0-18=0-5+6-17+18", "19");
    const model = knownModel([table("A", [minors], "30 10 20"), table("B", [toEighteen], "30 12 18")], rules);
    expect(shown(model)).toMatchObject({ "alter=18": "unpublished" });
    expect(sums(model)).toContain("B:1 alter: alter=0-5+18+6-17 = alter=0-5+6-17 + alter=18");
    expect(await learnt(table("A", [minors], "30 10 20"), table("B", [toEighteen], "30 12 18"))).toEqual({
      "alter=18": "2",
    });
    expect(await learnt(table("A", [minors], "30 10 20"), table("B", [toEighteen], "30 13 17"))).toEqual({});
  });

  test("what categories share that cross: {a, b} and {b, c} of 9 leave {b}", async () => {
    const first = dimension("nat", "ab=a+b", "c");
    const second = dimension("nat", "a", "bc=b+c");
    // a + b = 6, b + c = 5, all 9: b = 2.
    expect(await learnt(table("A", [first], "9 6 3"), table("B", [second], "9 4 5"))).toEqual({
      "nat=b": "2",
    });
  });

  test("several codes that only remain together are asked for together", async () => {
    const second = dimension("alter", "0-19=0-17+18+19", "20");
    const outcome = await learnt(
      table("A", [dimension("alter", "jung=0-17", "alt=18+19+20")], "20 11 9"),
      table("B", [second], "20 13 7"),
    );
    expect(outcome).toEqual({ "alter=18+19": "2" });
  });

  test("a borough with one quarter: hidden in one place only, it is known from the other", async () => {
    const areas = dimension("ort", "B1", "B2", "q1<B1", "q2<B2", "q3<B2");
    expect(await learnt(table("A", [areas], "20 c c | 8 c c"))).toEqual({
      "ort=B1": "8",
      "ort=B2": "12",
    });
  });

  test("two hidden cells of a sum of 2 are 1 each, two of 3 are small", async () => {
    expect(await learnt(table("A", [dimension("nat", "a", "b", "c")], "9 c c 7"))).toEqual({
      "nat=a": "1",
      "nat=b": "1",
    });
    expect(await learnt(table("A", [dimension("nat", "a", "b", "c")], "9 c c 6"))).toEqual({
      "nat=a": "1..2",
      "nat=b": "1..2",
    });
    expect(await learnt(table("A", [dimension("nat", "a", "b", "c")], "9 c c 5"))).toEqual({});
  });

  test("a rounded 0 beside a rounded 3 of the same cell: only 1 and 2 are both", async () => {
    const first = table("A", [dimension("nat", "a", "b", "c")], "9r 0r 3r 6r");
    const second = table("B", [dimension("nat", "a", "b", "c")], "12r 3r 3r 6r");
    expect(await learnt(first, second)).toMatchObject({ "nat=a": "1..2" });
    expect(await learnt(first)).toEqual({});
  });

  test("an exact total above a rounded level counts, a recomputed one does not", async () => {
    const level = dimension("nat", "a", "b");
    expect(await learnt(table("A", [level], "3r 0r 3r"))).toEqual({});
    // 0..2 and 1..3 add up to 5: 2 and 3.
    expect(await learnt(table("A", [level], "3r 0r 3r"), table("B", [ort], "5 5 0"))).toEqual({
      "nat=a": "2",
      "nat=b": "3",
    });
  });

  test("a held value is at most 2 away from the truth, and no less than 0", () => {
    expect(shown(knownModel([table("A", [ort], "9 8h 1h")], rules))).toEqual({
      Total: "9",
      "ort=N": "6..10",
      "ort=S": "0..3",
    });
  });

  test("of a cell that is absent only that it is part of its total, so that it may not be small", async () => {
    const model = knownModel([table("A", [ort], "9 x 4")], rules);
    expect(shown(model)).toEqual({ Total: "9", "ort=N": "unpublished", "ort=S": "4" });
    expect(sums(model)).toEqual(["A:0 ort: Total = ort=N + ort=S"]);
  });

  test("the finest cells of tables whose margins form a circle, without those within a published zero", () => {
    const nat = dimension("nat", "a", "b");
    const model = knownModel(
      [
        table("A", [ort, sex], "12 6 6 | 6 6 0 | 6 0 6"),
        table("B", [sex, nat], "12 6 6 | 6 6 0 | 6 0 6"),
        table("C", [ort, nat], "12 6 6 | 6 c c | 6 c c"),
      ],
      rules,
    );
    const auxiliary = Object.entries(shown(model)).filter(([, knowledge]) => knowledge === "auxiliary");
    expect(auxiliary.map(([name]) => name)).toEqual(["nat=a, ort=N, sex=m", "nat=b, ort=S, sex=w"]);
    // C hides that everybody of N is male and so of nationality a: "c" says at least 1, the circle says 0.
    expect(sums(model)).toContain("C:5 nat × ort × sex: nat=b, ort=N = ");
  });

  test("through a circle what no two of the tables tell", async () => {
    const nat = dimension("nat", "a", "b");
    // All m are of a and all w of b: the 9 m of N are its 9 of a, the single w is its single b.
    const learntInCircle = await learnt(
      table("A", [ort, sex], "20 10 10 | 10 9 1 | 10 1 9"),
      table("B", [sex, nat], "20 10 10 | 10 10 0 | 10 0 10"),
      table("C", [ort, nat], "20 10 10 | 10 c c | 10 c c"),
    );
    expect(learntInCircle).toMatchObject({ "nat=a, ort=N": "9", "nat=b, ort=N": "1" });
    expect(await learnt(table("C", [ort, nat], "20 10 10 | 10 c c | 10 c c"))).toEqual({});
  });

  test("no circle where the tables have a chain of margins", () => {
    const nat = dimension("nat", "a", "b");
    const model = knownModel(
      [table("A", [ort, sex], "9 4 5 | 5 2 3 | 4 2 2"), table("B", [sex, nat], "9 4 5 | 4 2 2 | 5 2 3")],
      rules,
    );
    expect(Object.values(shown(model))).not.toContain("auxiliary");
  });

  const refused: readonly [rule: string, tables: readonly KnownTable[], place: string][] = [
    [
      "two exact values of one cell",
      [table("A17", [ort], "9 4 5"), table("B17", [ort, sex], "4711 4 4707 | 5 2 3 | 4 2 2")],
      '"A17:0" and "B17:0"',
    ],
    [
      "a zero that another table hides",
      [table("A17", [ort], "9 0 9"), table("B17", [ort], "9 c c")],
      '"A17:1" and "B17:1"',
    ],
    ["parts that are not their total", [table("A17", [ort], "4711 4 5")], "A17:0 ort"],
    ["a rounded count of 2", [table("A17", [ort], "9 2r 7")], '"A17:1"'],
    [
      "two totals in one tree",
      [
        table(
          "A17",
          [{ id: "ort", categories: [{ code: "T" }, { code: "U" }, { code: "N", parent: 0 }] }],
          "1 1 1",
        ),
      ],
      '"ort"',
    ],
    ["a cell too few", [table("A17", [ort, sex], "9 4 5")], '"A17"'],
    ["a dimension twice", [table("A17", [ort, ort], "1 1 1 1 1 1 1 1 1")], '"A17"'],
    [
      "trees that contradict each other",
      [
        table("A", [dimension("ort", "N", "S<N")], "9 9 9"),
        table("B", [dimension("ort", "S", "N<S")], "9 9 9"),
      ],
      '"ort"',
    ],
  ];
  for (const [rule, tables, place] of refused) {
    test(`refuses ${rule} with its place and without a value`, () => {
      const attack = () => knownModel(tables, rules);
      expect(attack).toThrow(RangeError);
      expect(attack).toThrow(place);
      expect(attack).not.toThrow(/4711/);
    });
  }
});

/** A counted table over areas: by measure the cells "value" or "value/state". */
function counted(
  id: string,
  measures: AttackedTable["measures"],
  categories: readonly Category[],
  cells: readonly (number | readonly [number, keyof typeof stateOf])[],
  extra: Partial<AttackedTable> = {},
): AttackedTable {
  const pairs = cells.map((cell) => (typeof cell === "number" ? ([cell, "value"] as const) : cell));
  return {
    id,
    dimensions: [{ id: "raum", label: "Gebiet", categories }],
    measures,
    coarsening: {},
    referenceDates: { ewo: "2026-11-20", "ewo-alw": "2026-11-18", "akdn-sozial": "2026-10-31" },
    values: Float64Array.from(pairs, ([value]) => value),
    states: Uint8Array.from(pairs, ([, state]) => stateOf[state]),
    ...extra,
  };
}

const count = (id: AttackedTable["measures"][number]["id"]) =>
  ({ id, label: "", kind: "count", unit: "Personen" }) as const;
const areas: readonly Category[] = [
  { code: "T", label: "Stadt", level: "stadt" },
  { code: "01", label: "Nord", level: "stadtteil", parent: 0 },
  { code: "02", label: "Süd", level: "stadtteil", parent: 0, merged: ["02", "ohne"] },
];

describe("knownTablesOf()", () => {
  test("names the universe by measure, population and day of its register, areas by their level", () => {
    const [known] = knownTablesOf([counted("T02", [count("gefluechtete")], areas, [9, 4, 5])]);
    expect(known?.universe).toBe("gefluechtete||2026-11-18");
    expect(known?.dimensions[0]?.categories).toEqual([
      { code: "stadt:T" },
      { code: "stadtteil:01", parent: 0 },
      { code: "stadtteil:02", parent: 0, members: ["stadtteil:02", "stadtteil:ohne"] },
    ]);
  });

  test("says of every state what it tells", () => {
    const states = [
      9,
      [4, "confidential"],
      [5, "rounded"],
      [5, "held"],
      [0, "unavailable"],
      [0, "impossible"],
    ];
    const flat: readonly Category[] = states.map((_, at) => ({
      code: `s${at}`,
      label: "",
      level: "stadtteil",
      ...(at > 0 && { parent: 0 }),
    }));
    const cells = states as readonly (number | readonly [number, keyof typeof stateOf])[];
    const [known] = knownTablesOf([counted("T02", [count("gefluechtete")], flat, cells)]);
    expect(known?.cells).toEqual([
      { kind: "exact", value: 9 },
      { kind: "suppressed" },
      { kind: "rounded", value: 5 },
      { kind: "held", value: 5 },
      { kind: "absent" },
      { kind: "absent" },
    ]);
  });

  test("leaves out money, rates and differences", () => {
    const measures = [
      count("personen"),
      { id: "ausgaben", label: "", kind: "money", unit: "Euro" },
      { id: "je_1000", label: "", kind: "rate", unit: "" },
    ] as const;
    const known = knownTablesOf([counted("T10", measures, areas, [9, 1, 1, 4, 1, 1, 5, 1, 1])]);
    expect(known.map(({ universe, cells }) => [universe, cells.length])).toEqual([["personen||2026-10", 3]]);
  });

  test("cuts points in time apart: each is a universe of its own", () => {
    const days = ["2026-11-20", "2025-11-21"].map((code) => ({ code, label: code }));
    const table = counted("T18", [count("gefluechtete")], areas, [9, 8, 4, 3, 5, 5], {
      dimensions: [
        { id: "raum", label: "", categories: areas },
        { id: "zeitpunkt", label: "", categories: days },
      ],
    });
    const slices = knownSlicesOf([table]);
    expect(
      slices.map(({ known }) => [known.universe, known.cells.map((cell) => "value" in cell && cell.value)]),
    ).toEqual([
      ["gefluechtete||2026-11-20", [9, 4, 5]],
      ["gefluechtete||2025-11-21", [8, 3, 5]],
    ]);
    expect(slices.map(({ positions }) => [...positions])).toEqual([
      [0, 2, 4],
      [1, 3, 5],
    ]);
  });

  test("finds residents who are no foreigners where they are few, though nobody shows them", async () => {
    const measures = [count("einwohner"), count("auslaender")];
    const tables = knownTablesOf([counted("T08", measures, areas, [90, 68, 40, 38, 50, 30])]);
    expect(tables.map(({ universe }) => universe)).toEqual(["einwohner||2026-11-20"]);
    expect(await learnt(...tables)).toEqual({
      "einwohner||2026-11-20|herkunft=deutsche, raum=stadtteil:01": "2",
    });
  });

  test("groups of PKS are the keys they hold, so that two tables name the same persons alike", () => {
    const byKey = counted("T10", [count("personen")], [], [9, 4, 5], {
      dimensions: [
        {
          id: "pks",
          label: "",
          categories: [
            { code: "T", label: "" },
            { code: "10", label: "", parent: 0 },
            { code: "20", label: "", parent: 0 },
          ],
        },
      ],
      coarsening: {
        pks: [{ kind: "merge", groups: [{ code: "gruppe-A", label: "", members: ["10", "20"] }] }],
      },
    });
    const byGroup = counted("T11", [count("personen")], [], [9, 9], {
      dimensions: [
        {
          id: "pks_gruppe",
          label: "",
          categories: [
            { code: "T", label: "" },
            { code: "A", label: "", parent: 0 },
          ],
        },
      ],
    });
    const model = knownModel(knownTablesOf([byKey, byGroup]), rules);
    expect(sums(model)).toContain(
      "T11:1 pks: personen||2026-10|pks=10+20 = personen||2026-10|pks=10 + personen||2026-10|pks=20",
    );
  });

  test("persons of two registers together are another population", () => {
    const table = counted("T12", [count("personen")], areas, [9, 9, 4, 4, 5, 5], {
      dimensions: [
        { id: "raum", label: "", categories: areas },
        {
          id: "registerlage",
          label: "",
          categories: [
            { code: "T", label: "" },
            { code: "beide", label: "", parent: 0 },
          ],
        },
      ],
    });
    expect(knownTablesOf([table])[0]?.universe).toBe("personen|registerlage|2026-10");
  });
});
