import { describe, expect, test } from "vitest";
import type { CoarseningStep, CountedTable } from "../../../shared/tables/table.ts";
import { afterReleases, brokenRules, cellsIn, formsOf, shownOf } from "./marked-table.ts";
import { nothingBefore } from "./nothing-before.ts";
import { textTable, trimmed } from "./text-table.ts";

const dropQuarters: CoarseningStep = { kind: "drop-level", level: "stadtteil" };
const coarser = { coarsening: { raum: [dropQuarters] } } as const;
const day = "2026-11-20";

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
