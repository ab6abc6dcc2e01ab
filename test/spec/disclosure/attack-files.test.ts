import { describe, expect, test } from "vitest";
import type { AttackModel, Knowledge } from "../../../shared/disclosure/attack-model.ts";
import { attackModel } from "../../../shared/disclosure/attacker/attacker.ts";
import { modelOf } from "../../../shared/disclosure/files/attack-files.ts";
import { readHierarchy, readTable } from "../../../shared/disclosure/files/table-file.ts";
import { policy } from "../../../shared/disclosure/policy.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text.replaceAll(/^ +| +$/gm, ""));

/** `status` after the count: "4", "c", "7 rnd"; codes and count separated by blanks. */
function tableOf(name: string, dimensions: string, ...lines: readonly string[]) {
  const width = dimensions.split(" ").length;
  const rows = lines.map((line) => {
    const fields = line.split(" ");
    const [value = "", status = ""] = fields.slice(width);
    const cell = /^\d+$/.test(value) ? [value, status] : ["", value];
    return [...fields.slice(0, width), ...cell, ""].join(";");
  });
  const header = [...dimensions.split(" "), "wert", "status", "primary"].join(";");
  return readTable(name, bytesOf([header, ...rows].join("\n")));
}

const city = readHierarchy(
  "ort",
  "H",
  bytesOf(`bezirk;block
           B1;b11
           B1;b12
           B2;b21`),
);

/** Knowledge by name: "5", "c" or "0..2". */
function knownOf({ cells }: AttackModel): readonly (readonly [string, string])[] {
  return cells.map(({ name, knowledge }) => [name, knowledgeText(knowledge)]);
}

function knowledgeText(knowledge: Knowledge): string {
  if (knowledge.kind === "suppressed") return "c";
  if (knowledge.kind === "between" || knowledge.kind === "held") return `${knowledge.low}..${knowledge.high}`;
  return knowledge.kind === "exact" ? String(knowledge.value) : knowledge.kind;
}

function sumsOf({ cells, sums }: AttackModel): readonly string[] {
  const name = (id: number) => cells[id]?.name;
  return sums.map(({ total, parts, place }) => `${place}: ${name(total)} = ${parts.map(name).join(" + ")}`);
}

describe("modelOf()", () => {
  test("sums along every step of every dimension, the others fixed", () => {
    const model = modelOf(
      [
        tableOf(
          "T",
          "ort sex",
          ...["Total Total 9", "Total m 4", "Total w 5", "B1 Total 6", "B1 m c", "B1 w c"],
          ...["B2 Total 3", "B2 m c", "B2 w c"],
        ),
      ],
      [city],
      "Total",
    );
    expect(knownOf(model)).toEqual([
      ["Total", "9"],
      ["ort=B1", "6"],
      ["ort=B1, sex=m", "c"],
      ["ort=B1, sex=w", "c"],
      ["ort=B2", "3"],
      ["ort=B2, sex=m", "c"],
      ["ort=B2, sex=w", "c"],
      ["sex=m", "4"],
      ["sex=w", "5"],
    ]);
    expect(sumsOf(model).toSorted()).toEqual([
      "T:2 ort: Total = ort=B1 + ort=B2",
      "T:2 sex: Total = sex=m + sex=w",
      "T:3 ort: sex=m = ort=B1, sex=m + ort=B2, sex=m",
      "T:4 ort: sex=w = ort=B1, sex=w + ort=B2, sex=w",
      "T:5 sex: ort=B1 = ort=B1, sex=m + ort=B1, sex=w",
      "T:8 sex: ort=B2 = ort=B2, sex=m + ort=B2, sex=w",
    ]);
  });

  test("climbs level by level, and skips a level that the table leaves out", () => {
    const levels = tableOf("T", "ort", "Total 9", "B1 6", "B2 3", "b11 c", "b12 c", "b21 3");
    expect(sumsOf(modelOf([levels], [city], "Total")).toSorted()).toEqual([
      "T:2 ort: Total = ort=B1 + ort=B2",
      "T:3 ort: ort=B1 = ort=b11 + ort=b12",
      "T:4 ort: ort=B2 = ort=b21",
    ]);
    const finest = tableOf("T", "ort", "Total 9", "b11 c", "b12 c", "b21 3");
    expect(sumsOf(modelOf([finest], [city], "Total"))).toEqual([
      "T:2 ort: Total = ort=b11 + ort=b12 + ort=b21",
    ]);
  });

  test("a cell that linked tables share is one; a dimension that a table lacks stands at its total", () => {
    const model = modelOf(
      [
        tableOf("T", "ort nat", "Total Total 9", "Total X 9", "N Total 9", "N X 9"),
        tableOf("U", "nat sex", "Total Total 9", "X Total 9", "Total m 9", "X m 9"),
      ],
      [],
      "Total",
    );
    expect(knownOf(model).map(([name]) => name)).toEqual([
      ...["Total", "nat=X", "nat=X, ort=N", "nat=X, sex=m"],
      ...["ort=N", "sex=m"],
    ]);
    expect(sumsOf(model).filter((sum) => sum.includes("Total = nat=X"))).toHaveLength(1);
  });

  test("what a cell tells by its status: x and z tell nothing", () => {
    const model = modelOf(
      [
        tableOf(
          "T",
          "ort",
          "Total c",
          "a 0",
          "b c",
          "d 0 rnd",
          "e 3 rnd",
          "f 4 rnd",
          "g 5 h",
          "i 1 h",
          "j x",
          "k z",
        ),
      ],
      [],
      "Total",
    );
    expect(Object.fromEntries(knownOf(model))).toEqual({
      Total: "c",
      "ort=a": "0",
      "ort=b": "c",
      "ort=d": "0..2",
      "ort=e": "1..3",
      "ort=f": "4",
      "ort=g": "3..7",
      "ort=i": "0..3",
      "ort=j": "unpublished",
      "ort=k": "unpublished",
    });
    expect(model.sums[0]?.parts).toHaveLength(9);
  });

  test("recomputed totals of a rounded level tell nothing, unless another table shows them", () => {
    const rounded = ["Total 9 rnd", "B1 6 rnd", "B2 3 rnd", "b11 3 rnd", "b12 3 rnd", "b21 3 rnd"];
    const table = tableOf("T", "ort", ...rounded);
    const inner = { "ort=b11": "1..3", "ort=b12": "1..3", "ort=b21": "1..3" };
    const totals = { "ort=B1": "unpublished", "ort=B2": "unpublished" };
    expect(Object.fromEntries(knownOf(modelOf([table], [city], "Total")))).toEqual({
      Total: "unpublished",
      ...totals,
      ...inner,
    });
    const beside = tableOf("U", "sex", "Total 8", "m 8");
    expect(Object.fromEntries(knownOf(modelOf([table, beside], [city], "Total")))).toEqual({
      Total: "8",
      ...totals,
      ...inner,
      "sex=m": "8",
    });
  });

  test("a rounded total beside a part that is not there is still recomputed", () => {
    const table = tableOf("T", "ort", "Total 6 rnd", "B1 6 rnd", "B2 z", "b11 3 rnd", "b12 3 rnd", "b21 z");
    expect(Object.fromEntries(knownOf(modelOf([table], [city], "Total")))).toMatchObject({
      Total: "unpublished",
      "ort=B1": "unpublished",
    });
  });

  test("a rounded count over hidden parts is an inner count of its level", () => {
    const table = tableOf("T", "ort", "Total 6 rnd", "B1 3 rnd", "B2 3 rnd", "b11 c", "b12 c", "b21 c");
    expect(Object.fromEntries(knownOf(modelOf([table], [city], "Total")))).toMatchObject({
      Total: "unpublished",
      "ort=B1": "1..3",
      "ort=B2": "1..3",
    });
  });

  test("a cell hidden in one table and shown in the other is found by the attacker", async () => {
    const model = modelOf(
      [tableOf("T", "ort", "Total 9", "N c", "S c"), tableOf("U", "ort", "Total 9", "N 4", "S c")],
      [],
      "Total",
    );
    const outcome = await attackModel(model, "B", policy.publishFromCount.value);
    if (outcome.kind !== "proven") throw new Error("The attack was not proven");
    const names = outcome.disclosed.map(({ cell }) => model.cells[cell]?.name);
    expect(names).toEqual(["ort=N", "ort=S"]);
    expect(outcome.disclosed[0]?.pinnedBy).toContain("U:3");
  });

  test("the order of rows and tables changes no relation", () => {
    const rows = ["Total 9", "B1 6", "B2 3", "b11 c", "b12 c", "b21 3"];
    const parts = (lines: readonly string[]) =>
      sumsOf(modelOf([tableOf("T", "ort", ...lines)], [city], "Total"))
        .map((sum) =>
          sum
            .replace(/^\S+ \S+ /, "")
            .split(/ = | \+ /)
            .toSorted()
            .join(),
        )
        .toSorted();
    expect(parts(rows.toReversed())).toEqual(parts(rows));
  });

  const fine = ["Total 9", "N 4", "S 5"];
  const refused: readonly [rule: string, attack: () => AttackModel, place: string][] = [
    ["totals that do not add up", () => flat(tableOf("T17", "ort", "Total 4711", "N 4", "S 5")), "T17:2 ort"],
    ["a missing total", () => flat(tableOf("T17", "ort", "N 4", "S 5")), '"T17", dimension "ort"'],
    [
      "a code the hierarchy lacks",
      () => modelOf([tableOf("T17", "ort", ...fine)], [city], "Total"),
      "line 3",
    ],
    [
      "a level in part",
      () => modelOf([tableOf("T17", "ort", "Total 9", "B1 9", "b11 9", "B2 0")], [city], "Total"),
      "line 3",
    ],
    ["a hierarchy that no table uses", () => modelOf([tableOf("T", "geo", ...fine)], [city], "Total"), '"H"'],
    ["a total below another code", () => modelOf([tableOf("T", "ort", "b11 9")], [city], "b11"), '"H"'],
    ["a rounded count of 2", () => flat(tableOf("T17", "ort", "Total 9", "N 2 rnd", "S 7")), '"T17:3"'],
    [
      "a cell that two tables publish differently",
      () => flat(tableOf("T17", "ort", ...fine), tableOf("U17", "ort", "Total 9", "N 3", "S 6")),
      '"T17:3" and "U17:3"',
    ],
    [
      "a zero that another table hides",
      () =>
        flat(tableOf("T17", "ort", "Total 9", "N 0", "S 9"), tableOf("U17", "ort", "Total 9", "N c", "S c")),
      '"T17:3" and "U17:3"',
    ],
  ];
  for (const [rule, attack, place] of refused) {
    test(`refuses ${rule} with its place`, () => {
      expect(attack).toThrow(RangeError);
      expect(attack).toThrow(place);
      expect(attack).not.toThrow(/4711/);
    });
  }
});

function flat(...tables: Parameters<typeof modelOf>[0]): AttackModel {
  return modelOf(tables, [], "Total");
}
