import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import type { AuditedRelease } from "../../../shared/disclosure/audited-release.ts";
import { policy } from "../../../shared/disclosure/policy.ts";
import { tableCsv } from "../../../shared/report/csv.ts";
import { releaseJson } from "../../../shared/report/release-json.ts";
import { reportWorkbook } from "../../../shared/report/workbook.ts";
import type { CountedTable } from "../../../shared/tables/table.ts";
import { sampleContext, sampleRelease } from "../report/sample-release.ts";
import { formsOf } from "./marked-table.ts";
import { textTable, trimmed } from "./text-table.ts";

async function releaseOf(...tables: readonly CountedTable[]): Promise<AuditedRelease> {
  return await sampleRelease(
    tables.map((table) => ({ kind: "counted", table })),
    policy,
  );
}

describe("trap: sorting order", async () => {
  const steps = [{ kind: "merge-smallest", into: { code: "sonstige", label: "Sonstige" } }] as const;
  function nationalities(a: string, b: string, c: string): CountedTable {
    return textTable(
      `| T | w | m\n T | 40 | 20 | 20\n 423 | 28 | 14 | 14\n 438 | ${a}\n 444 | ${b}\n 451 | ${c}`,
      {
        id: "T03",
        rows: "staatsangehoerigkeit",
        coarsening: { staatsangehoerigkeit: steps },
      },
    );
  }
  const mixed = [
    nationalities("7 | 4 | 3", "3 | 1 | 2", "2 | 1 | 1"),
    nationalities("2 | 1 | 1", "7 | 4 | 3", "3 | 1 | 2"),
    nationalities("3 | 1 | 2", "2 | 1 | 1", "7 | 4 | 3"),
  ];

  test("merged categories are named by their keys, whichever was the largest", async () => {
    const forms = await Promise.all(mixed.map((table) => formsOf([table])));
    expect(new Set(forms.flat())).toEqual(
      new Set([
        trimmed(
          "T03 coarsen\n | T | w | m\n T | 40 | 20 | 20\n 423 | 28 | 14 | 14\n 438+444+451 | 12 | 6 | 6",
        ),
      ]),
    );
  });

  test("rows with hidden cells stay in the order of their keys", async () => {
    const counts = ["30 | 15 | 15", "20 | 19 | 1", "24 | 2 | 22"];
    for (const [one = "", two = "", three = ""] of [counts, counts.toReversed(), counts.toSorted()]) {
      const table = textTable(`| T | w | m\n T | 74 | 36 | 38\n 1 | ${one}\n 2 | ${two}\n 3 | ${three}`);
      const lines = tableCsv(await releaseOf(table), "T02")
        .trim()
        .split("\r\n")
        .slice(1);
      expect(lines.join()).toContain(";;c");
      expect(lines.map((line) => line[0]).join("")).toBe("TTT111222333");
    }
  });
});

/** The parts of the workbook as texts, by name. */
async function partsOf(release: AuditedRelease): Promise<ReadonlyMap<string, string>> {
  const parts = unzipSync(await reportWorkbook(release, sampleContext));
  return new Map(Object.entries(parts).map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]));
}

async function filesOf(
  release: AuditedRelease,
  ...ids: readonly string[]
): Promise<ReadonlyMap<string, string>> {
  const csv = ids.map((id) => [`${id}.csv`, tableCsv(release, id)] as const);
  return new Map([
    ...(await partsOf(release)),
    ...csv,
    ["release.json", releaseJson(release, sampleContext, {})],
  ]);
}

describe("trap: files that still contain a hidden number", async () => {
  const quarters = textTable(`
        |      T |     w |     m
    T   | 115836 | 57920 | 57916
    1   |   7927 |  7919 |     8
    101 |   7927 |  7919 |     8
    2   |   7909 |     1 |  7908
    201 |   7909 |     1 |  7908
    3   | 100000 | 50000 | 50000
    301 | 100000 | 50000 | 50000`);
  const release = await releaseOf(quarters);
  const files = await filesOf(release, "T02");

  test("the numbers are hidden as complements", () => {
    expect(release.tables[0]).toMatchObject({ kind: "published", method: "suppress" });
    expect(files.get("T02.csv")).toContain("101;Gebiet 101;stadtteil;w;Label w;gefluechtete;;c");
  });

  test("no part of the workbook, not the CSV file and not release.json has one of them", () => {
    for (const hidden of ["7919", "7908", "7.919", "7.908", "7,919", "7,908"]) {
      expect([...files].filter(([, text]) => text.includes(hidden)).map(([name]) => name)).toEqual([]);
    }
    const found = [...files].filter(([, text]) => text.includes("115836")).map(([name]) => name);
    expect(found.filter((name) => name.endsWith(".csv"))).toEqual(["T02.csv"]);
    expect(found.some((name) => name.startsWith("xl/worksheets/"))).toBe(true);
  });

  test("the workbook hides no rows, columns or sheets, and has no part to keep old numbers in", () => {
    const names = [...files.keys()];
    expect(
      names.filter((name) => /sharedStrings|comments|calcChain|custom|externalLinks|pivot/.test(name)),
    ).toEqual([]);
    const all = [...files.values()].join("");
    expect(all).not.toMatch(/\bhidden="(1|true)"|state="(veryH|h)idden"/);
    expect(all).not.toContain("<f>");
  });

  test("the properties are the same for other numbers", async () => {
    const others = await partsOf(
      await releaseOf(textTable("| T | w | m\n T | 60 | 30 | 30\n 1 | 30 | 29 | 1\n 2 | 30 | 1 | 29")),
    );
    for (const name of ["docProps/core.xml", "docProps/app.xml"]) {
      expect(files.get(name)).toBeDefined();
      expect(files.get(name)).toBe(others.get(name));
    }
  });
});

describe("trap: the number of hidden cells by category", () => {
  const one = textTable(`| T | w | m
 T | 76 | 45 | 31
 1 | 30 | 15 | 15
 2 | 20 | 19 | 1
 3 | 26 | 11 | 15`);
  const other = textTable(`| T | w | m
 T | 76 | 45 | 31
 1 | 20 | 19 | 1
 2 | 26 | 11 | 15
 3 | 30 | 15 | 15`);

  test("release.json tells it per table only", async () => {
    const facts: unknown = JSON.parse(releaseJson(await releaseOf(one), sampleContext, {}));
    const keys = ["audit", "cells", "coarsenedTo", "held", "id", "method", "referenceDates", "suppressed"];
    expect(facts).toMatchObject({ tables: [{ cells: 12, suppressed: expect.any(Number) }] });
    const [table] =
      facts !== null && typeof facts === "object" && "tables" in facts ? [facts.tables].flat() : [];
    expect(Object.keys(table ?? {}).toSorted()).toEqual(keys);
  });

  test("everything but the sheets of the table is the same whichever cells are hidden", async () => {
    const [first, second] = [await filesOf(await releaseOf(one)), await filesOf(await releaseOf(other))];
    const differing = [...first.keys()].filter((name) => first.get(name) !== second.get(name));
    const sheets = [
      ...(first.get("xl/workbook.xml") ?? "").matchAll(/<sheet sheetId="(\d+)" name="([^"]+)"/g),
    ];
    const ofTable = sheets.filter(([, , name]) => name?.endsWith("T02"));
    expect(ofTable.map(([, , name]) => name)).toEqual(["T02", "csv-T02"]);
    expect(differing.toSorted()).toEqual(ofTable.map(([, id]) => `xl/worksheets/sheet${id}.xml`));
  });
});
