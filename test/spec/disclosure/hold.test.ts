import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { knownTablesOf } from "../../../shared/disclosure/attacker/known-tables.ts";
import type { LedgerEntry } from "../../../shared/disclosure/ledger/ledger.ts";
import { lastShown } from "../../../shared/disclosure/ledger/ledger-history.ts";
import { checkPolicy, policy, readingRulesOf, tightened } from "../../../shared/disclosure/policy.ts";
import { holdFormer } from "../../../shared/disclosure/rounding/hold.ts";
import { type Category, type CountedTable, stateOf } from "../../../shared/tables/table.ts";
import { textTable, trimmed } from "./text-table.ts";

/** Areas and their counts, "h" behind a held one. */
function shown(table: CountedTable): string {
  const lines = (table.dimensions[0]?.categories ?? []).map(
    ({ code }, at) => `${code} | ${table.values[at]}${table.states[at] === stateOf.held ? " h" : ""}`,
  );
  return ["| T", ...lines].join("\n");
}

/** What each week's readers see, week after week, by what the ledger knows of the weeks before. */
function shownByWeek(...weeks: readonly CountedTable[]): readonly string[] {
  const entries: LedgerEntry[] = [];
  return weeks.map((counted, at) => {
    const referenceDate = `2026-11-${String(at + 1).padStart(2, "0")}`;
    const table = { ...counted, referenceDates: { "ewo-alw": referenceDate } };
    const held = holdFormer(table, { lastShown: lastShown(entries, referenceDate) }, policy);
    if (held === undefined) return "not published";
    entries.push({
      release: referenceDate,
      kind: "report",
      week: "2026-KW45",
      referenceDate,
      methodVersion: "1",
      rules: readingRulesOf(policy),
      sequence: at + 1,
      previous: "",
      tables: knownTablesOf([held]),
    });
    return shown(held);
  });
}

/** The same number was shown last in every cell. */
function everywhere(value: number) {
  return { lastShown: () => ({ kind: "exact", value, date: "2026-11-13" }) as const };
}

function secondWeek(first: string, second: string): string | undefined {
  return shownByWeek(textTable(first), textTable(second)).at(-1);
}

describe("holdFormer() below Stadtteil", () => {
  test("keeps the value last published where it changed by at most 2 or not at all, and takes new cells as they are", () => {
    const first = `
             |  T
      T      | 50
      1      | 50
      101    | 50
      1011   | 50
      101101 | 10
      101102 | 10
      101103 | 10
      101104 | 20`;
    const second = `
             |  T
      T      | 57
      1      | 57
      101    | 57
      1011   | 57
      101101 | 12
      101102 | 13
      101103 | 10
      101104 | 18
      101105 |  4`;
    expect(secondWeek(first, second)).toBe(
      trimmed(`
             |  T
      T      | 57
      1      | 57
      101    | 57
      1011   | 57
      101101 | 10 h
      101102 | 13
      101103 | 10 h
      101104 | 20 h
      101105 |  4`),
    );
  });

  test("never holds the city, a Stadtbezirk or a Stadtteil", () => {
    const second = "| T\n T | 11\n 1 | 11\n 101 | 11";
    expect(secondWeek("| T\n T | 10\n 1 | 10\n 101 | 10", second)).toBe(trimmed(second));
  });

  test("compares with what readers saw, not with what was true: small steps add up until they show", () => {
    const weeks = [10, 12, 12, 14, 12].map((count) =>
      textTable(
        `| T\n T | ${count + 90}\n 1 | ${count + 90}\n 101 | ${count + 90}\n 1011 | ${count}\n 1012 | 90`,
      ),
    );
    expect(shownByWeek(...weeks).map((text) => /1011 \| (.*)/.exec(text)?.[1])).toEqual([
      "10",
      "10 h",
      "10 h",
      "14",
      "14 h",
    ]);
  });

  test("holds a zero, too", () => {
    const week = "| T\n T | 9\n 1 | 9\n 101 | 9\n 1011 | 9\n 1012 | 0";
    expect(secondWeek(week, week)).toContain("1012 | 0 h");
  });

  test("takes an area with other persons without assignment for another cell, not one of another name", () => {
    const week = textTable("| T\n T | 9\n 1 | 9\n 101 | 9\n 1011 | 9");
    const changed = (change: (area: Category) => Category): CountedTable => ({
      ...week,
      dimensions: week.dimensions.map((dimension) => ({
        ...dimension,
        categories: dimension.categories.map(change),
      })),
    });
    const renamed = changed((area) => ({ ...area, label: `${area.label} (neu)` }));
    expect(shownByWeek(week, renamed)[1]).toContain("1011 | 9 h");
    const joined = changed((area) =>
      area.code === "1011" ? { ...area, merged: ["1011", "ohne-101"] } : area,
    );
    expect(shownByWeek(week, joined)[1]).not.toContain("h");
  });

  test("leaves cells without a value, rates and tables without areas alone", () => {
    const week = textTable("| T\n T | 9\n 1 | 9\n 101 | 9\n 1011 | 9");
    const gap = { ...week, states: Uint8Array.from([0, 0, 0, stateOf.unavailable]) };
    const rate = {
      ...week,
      measures: [{ id: "je_1000", label: "je 1.000", kind: "rate", unit: "" } as const],
    };
    const other = textTable("| T\n T | 9\n a | 9", { rows: "pks" });
    for (const table of [gap, rate, other]) {
      expect(holdFormer(table, everywhere(9), policy)).toEqual(table);
    }
  });

  test("gives no table whose former value is small by the rules of today", () => {
    const fine = textTable("| T\n T | 9\n 1 | 9\n 101 | 9\n 1011 | 5\n 1012 | 4");
    expect(holdFormer(fine, everywhere(2), policy)).toBeUndefined();
    const stricter = tightened(policy, { veroeffentlichenAb: 5 });
    expect(holdFormer(fine, everywhere(4), stricter)).toBeUndefined();
    expect(holdFormer(fine, everywhere(5), stricter)).toBeDefined();
  });

  test("whatever the counts are, no two weeks differ by 1 or 2, and what is shown is true or at most 2 away", () => {
    const count = fc.integer({ min: 3, max: 12 });
    fc.assert(
      fc.property(fc.array(fc.tuple(count, count), { minLength: 2, maxLength: 6 }), (weeks) => {
        const tables = weeks.map(([a, b]) =>
          textTable(`| T\n T | ${a + b}\n 1 | ${a + b}\n 101 | ${a + b}\n 101101 | ${a}\n 101102 | ${b}`),
        );
        const seen = shownByWeek(...tables).map((text) =>
          text
            .split("\n")
            .slice(-2)
            .map((row) => row.split(" | ")[1] ?? ""),
        );
        for (const [week, cells] of seen.entries()) {
          for (const [at, cell] of cells.entries()) {
            const before = Number.parseInt(seen[week - 1]?.[at] ?? "-9", 10);
            const distance = Math.abs((weeks[week]?.[at] ?? 0) - Number.parseInt(cell, 10));
            expect([1, 2]).not.toContain(Math.abs(Number.parseInt(cell, 10) - before));
            expect(distance).toBeLessThanOrEqual(cell.endsWith("h") ? 2 : 0);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

test("checkPolicy() refuses a policy that holds elsewhere or publishes changes of 2", () => {
  const changed = { ...policy.publishFromChange, value: 2 };
  expect(() => checkPolicy({ ...policy, publishFromChange: changed })).toThrow(RangeError);
  const elsewhere = JSON.parse(
    JSON.stringify({ ...policy, holdBelow: { ...policy.holdBelow, value: "baublock" } }),
  );
  expect(() => checkPolicy(elsewhere)).toThrow(RangeError);
});
