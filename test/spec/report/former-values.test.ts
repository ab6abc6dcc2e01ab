import { describe, expect, test } from "vitest";
import { AuditedRelease } from "../../../shared/disclosure/audited-release.ts";
import { fineCells, holdFormer } from "../../../shared/disclosure/hold.ts";
import { policy } from "../../../shared/disclosure/policy.ts";
import { tableCsv } from "../../../shared/report/csv.ts";
import { ReleasedBefore } from "../../../shared/report/former-values.ts";
import { releaseJson } from "../../../shared/report/release-json.ts";
import { tableSheet } from "../../../shared/report/table-sheet.ts";
import type { CountedTable } from "../../../shared/tables/table.ts";
import { textTable } from "../disclosure/text-table.ts";
import { sampleContext } from "./sample-release.ts";

const week = textTable("| T\n T | 12\n 1 | 12\n 101 | 12\n 1011 | 12\n 1012 | 0", { id: "T07" });
const header = "raum_code;raum;raum_ebene;geschlecht_code;geschlecht;merkmal;wert;status";
const row = (value: string, status: string, label = "Gebiet 1011") =>
  `1011;${label};statbezirk;T;Insgesamt;gefluechtete;${value};${status}`;

function valuesIn(table: CountedTable, ...files: readonly string[]): readonly (number | undefined)[] {
  const before = new ReleasedBefore();
  for (const file of files) before.add("T07", file);
  return [...fineCells(table, policy)].map((cell) => before.valueOf(table, cell));
}
const fileOf = (...rows: readonly string[]) => `\ufeff${[header, ...rows].join("\r\n")}\r\n`;

describe("ReleasedBefore", () => {
  test("knows the newest number that readers saw, a held one, too", () => {
    expect(valuesIn(week, fileOf(row("8", "h")), fileOf(row("5", "")))).toEqual([8, undefined]);
    expect(valuesIn(week, fileOf(row("", "c")), fileOf(row("5", "")))).toEqual([5, undefined]);
    expect(valuesIn(week, fileOf(), fileOf(row("0", "")))).toEqual([0, undefined]);
  });

  test("finds names that a program would take for a formula, or that hold separators", () => {
    const names = (label: string): CountedTable => ({
      ...week,
      dimensions: week.dimensions.map((dimension) => ({
        ...dimension,
        categories: dimension.categories.map((category) =>
          category.code === "1011" ? { ...category, label } : category,
        ),
      })),
    });
    for (const label of ["=1+1", 'Am "Tor"; Nord']) {
      const table = names(label);
      const release = AuditedRelease.audit(
        [{ kind: "published", method: "none", table, treatments: [] }],
        policy,
      );
      const file = release.kind === "audited" ? tableCsv(release, "T07") : "";
      expect(valuesIn(table, file)).toEqual([12, 0]);
    }
  });

  test("does not take a table with other dimensions for the same cells", () => {
    const file = `\ufeffraum_code;raum;raum_ebene;merkmal;wert;status\r\n1011;Gebiet 1011;statbezirk;gefluechtete;9;\r\n`;
    expect(valuesIn(week, file)).toEqual([undefined, undefined]);
  });

  test.each([
    ["an unknown status", row("9", "p")],
    ["a rounded number, which no release has", row("9", "rnd")],
    ["no number without a reason", row("", "")],
    ["a number beside a reason", row("9", "c")],
    ["a field too many", `${row("9", "")};9`],
    ["a number that is none", row("9a", "")],
  ])("refuses %s, by table and line, without content", (_what, line) => {
    expect(() => valuesIn(week, fileOf(line))).toThrow(
      'Cannot read released table "T07": line 2 must have a number or a reason',
    );
  });

  test("refuses a file that is none", () => {
    expect(() => valuesIn(week, "")).toThrow(SyntaxError);
    expect(() => valuesIn(week, "a;b;c\r\n")).toThrow(SyntaxError);
  });
});

describe("a release with held values", () => {
  const tables = holdFormer(
    [{ kind: "published", method: "none", table: week, treatments: [] }],
    (_table, { categories }) => (categories[0]?.code === "1011" ? 10 : undefined),
    policy,
  );
  const release = AuditedRelease.audit(tables, policy);
  if (release.kind !== "audited") throw new TypeError("Expected the tables to pass the audit");
  const [table] = release.tables;
  if (table === undefined) throw new TypeError("Expected a table");

  test("has the value last published with status h in the CSV file", () => {
    const lines = tableCsv(release, "T07").split("\r\n");
    expect(lines.slice(3, 6)).toEqual([
      "101;Gebiet 101;stadtteil;T;Insgesamt;gefluechtete;12;",
      "1011;Gebiet 1011;statbezirk;T;Insgesamt;gefluechtete;10;h",
      "1012;Gebiet 1012;statbezirk;T;Insgesamt;gefluechtete;0;",
    ]);
  });

  test("shows the number on the sheet, and says once what it is", () => {
    const report = sampleContext;
    const sheet = tableSheet(table, { report, policy, noteNumbers: new Map(), titles: new Map() });
    const rows = [...sheet.rows].map((cells) => cells.map(({ value }) => value));
    expect(rows.filter(([text]) => String(text).includes("zuletzt veröffentlichten Wert"))).toEqual([
      [
        "Zum Schutz personenbezogener Angaben ändern sich Werte unterhalb der Stadtteile erst, wenn sie um 3 oder mehr vom zuletzt veröffentlichten Wert abweichen; ihre Summe kann deshalb vom Wert des übergeordneten Gebiets abweichen.",
      ],
    ]);
    expect(rows.find((cells) => cells.includes("Gebiet 1011"))?.at(-1)).toBe(10);
    expect(rows.find((cells) => cells.includes("Gebiet 1012"))?.at(-1)).toBe("–");
  });

  test("counts them in release.json", () => {
    expect(JSON.parse(releaseJson(release, sampleContext, {}))).toMatchObject({
      tables: [{ id: "T07", cells: 5, held: 1, suppressed: 0 }],
    });
  });
});
