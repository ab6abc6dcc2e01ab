import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AuditedRelease } from "../../../shared/disclosure/audited-release.ts";
import { holdFormer } from "../../../shared/disclosure/hold.ts";
import { checkPolicy, policy, tightened } from "../../../shared/disclosure/policy.ts";
import type { ProtectedTable } from "../../../shared/disclosure/released-table.ts";
import { tableCsv } from "../../../shared/report/csv.ts";
import { ReleasedBefore } from "../../../shared/report/former-values.ts";
import { type CountedTable, stateOf } from "../../../shared/tables/table.ts";
import { textTable, trimmed } from "./text-table.ts";

function published(table: CountedTable): ProtectedTable {
  return { kind: "published", method: "none", table, treatments: [] };
}

/** Areas and their counts, "h" behind a held one. */
function shown(table: CountedTable): string {
  const lines = (table.dimensions[0]?.categories ?? []).map(
    ({ code }, at) => `${code} | ${table.values[at]}${table.states[at] === stateOf.held ? " h" : ""}`,
  );
  return ["| T", ...lines].join("\n");
}

function releasedOf(tables: readonly ProtectedTable[]): AuditedRelease {
  const release = AuditedRelease.audit(tables, policy);
  if (release.kind !== "audited") throw new TypeError("Expected the tables to pass the audit");
  return release;
}

/** What each week's readers see, week after week, by the files of the weeks before. */
function shownByWeek(...weeks: readonly CountedTable[]): readonly string[] {
  const files: { readonly id: string; readonly csv: string }[] = [];
  return weeks.map((table) => {
    const before = new ReleasedBefore();
    for (const { id, csv } of files) before.add(id, csv);
    const release = releasedOf(holdFormer([published(table)], before.valueOf, policy));
    files.unshift({ id: table.id, csv: tableCsv(release, table.id) });
    const [first] = release.tables;
    return first?.kind === "published" ? shown(first.table) : `not published: ${first?.kind}`;
  });
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

  test("takes an area of another name, and another table, for another cell", () => {
    const week = textTable("| T\n T | 9\n 1 | 9\n 101 | 9\n 1011 | 9");
    const [areas, ...others] = week.dimensions;
    const categories = (areas?.categories ?? []).map((category) => ({
      ...category,
      label: `${category.label} (einschließlich Personen ohne Zuordnung)`,
    }));
    const renamed = { ...week, dimensions: areas === undefined ? [] : [{ ...areas, categories }, ...others] };
    expect(shownByWeek(week, renamed)[1]).not.toContain("h");
    expect(shownByWeek(renamed, renamed)[1]).toContain("1011 | 9 h");
    expect(shownByWeek({ ...week, id: "T01" }, week)[1]).not.toContain("h");
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
      expect(holdFormer([published(table)], () => 9, policy)).toEqual([published(table)]);
    }
  });

  test("withholds the table whose former value is small by the rules of today, and names what is available", () => {
    const fine = textTable("| T\n T | 9\n 1 | 9\n 101 | 9\n 1011 | 5\n 1012 | 4", {
      id: "T07",
      coarserTable: "T02",
    });
    const coarse = published(textTable("| T\n T | 9\n 1 | 9"));
    expect(holdFormer([coarse, published(fine)], () => 2, policy)).toMatchObject([
      { kind: "published" },
      { kind: "withheld", id: "T07", alternative: "T02" },
    ]);
    const stricter = tightened(policy, { veroeffentlichenAb: 5 });
    expect(holdFormer([published(fine)], () => 4, stricter)).toMatchObject([{ kind: "withheld" }]);
    expect(holdFormer([published(fine)], () => 5, stricter)).toMatchObject([{ kind: "published" }]);
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
