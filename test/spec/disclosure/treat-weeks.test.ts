import { describe, expect, test } from "vitest";
import { mergeUnassigned } from "../../../shared/disclosure/coarsening/merge-unassigned.ts";
import { policy } from "../../../shared/disclosure/policy.ts";
import { afterReleases, brokenRules, cellsIn, formsOf, markedTable, shownOf } from "./marked-table.ts";
import { nothingBefore } from "./nothing-before.ts";
import { textTable } from "./text-table.ts";

const day = "2026-11-20";

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
      101104 |  0
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
      101104 |  0
      102    | 15
      1021   | 15
      102101 | 15`,
      { id: "T07" },
    );
    const shown = mergeUnassigned([former], policy, nothingBefore.digest).map(({ table }) => table);
    const past = afterReleases([[week1[0], ...shown]], day);
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
