import { describe, expect, test } from "vitest";
import { AuditedRelease } from "../../../shared/disclosure/audited-release.ts";
import { policy } from "../../../shared/disclosure/policy.ts";
import { tableCsv, tableFile } from "../../../shared/report/csv.ts";
import { releaseJson } from "../../../shared/report/release-json.ts";
import { reportWorkbook } from "../../../shared/report/workbook.ts";
import { textTable } from "../disclosure/text-table.ts";
import { sampleContext, sampleRelease } from "./sample-release.ts";

const release = await sampleRelease();

describe("tableCsv()", async () => {
  test("writes every cell with BOM, CRLF, codes, labels and the level of areas", () => {
    expect(tableCsv(release, "T02").split("\r\n")).toEqual([
      "\ufeffraum_code;raum;raum_ebene;geschlecht_code;geschlecht;merkmal;wert;status",
      "T;Stadt insgesamt;stadt;T;Insgesamt;gefluechtete;33;",
      "T;Stadt insgesamt;stadt;w;Label w;gefluechtete;16;",
      "T;Stadt insgesamt;stadt;m;Label m;gefluechtete;17;",
      "1;Gebiet 1;stadtbezirk;T;Insgesamt;gefluechtete;13;",
      "1;Gebiet 1;stadtbezirk;w;Label w;gefluechtete;6;",
      "1;Gebiet 1;stadtbezirk;m;Label m;gefluechtete;7;",
      "2;Gebiet 2;stadtbezirk;T;Insgesamt;gefluechtete;20;",
      "2;Gebiet 2;stadtbezirk;w;Label w;gefluechtete;10;",
      "2;Gebiet 2;stadtbezirk;m;Label m;gefluechtete;10;",
      "",
    ]);
  });

  test("keeps a negative change a number, marks what is not available x and what makes no sense z", () => {
    const lines = tableCsv(release, "T01").split("\r\n");
    expect(lines[2]).toBe("2026-11-20;Label 2026-11-20;T;Insgesamt;differenz;;z");
    expect(lines[4]).toBe("2026-11-13;Label 2026-11-13;T;Insgesamt;differenz;-5;");
    expect(lines[5]).toBe("2025-11-21;Label 2025-11-21;T;Insgesamt;gefluechtete;;x");
  });

  test("writes money in Euro with two decimals and a comma, a true zero too", () => {
    const csv = tableCsv(release, "T10");
    expect(csv).toContain("A1;Label A1;T;Insgesamt;ausgaben;12345,67;\r\n");
    expect(csv).toContain("A2;Label A2;T;Insgesamt;ausgaben;0,00;\r\n");
  });

  test.each([
    [
      "withheld",
      "T09",
      "aufenthaltsdauer_code;aufenthaltsdauer;geschlecht_code;geschlecht;merkmal;wert;status",
    ],
    ["missing", "T13", "schulform_code;schulform;merkmal;wert;status"],
  ])("writes the header row only of a %s table", (_kind, id, header) => {
    expect(tableCsv(release, id)).toBe(`\ufeff${header}\r\n`);
  });

  test("puts an apostrophe before text that a program would take for a formula, and quotes separators", async () => {
    const table = textTable("| T\n T | 9\n a | 9", { rows: "pks" });
    const [first, second] = table.dimensions;
    const labels = ["=1+1", 'mit ; und "']; // labels come from code tables that an office edits
    const categories = (first?.categories ?? []).map((category, index) => ({
      ...category,
      label: labels[index] ?? "",
    }));
    const dimensions = [
      ...(first === undefined ? [] : [{ ...first, categories }]),
      ...(second === undefined ? [] : [second]),
    ];
    const csv = tableCsv(await sampleRelease([{ kind: "counted", table: { ...table, dimensions } }]), "T02");
    expect(csv).toContain("\r\nT;'=1+1;");
    expect(csv).toContain('\r\na;"mit ; und """;');
  });

  test("refuses a table that the release does not have", () => {
    expect(() => tableCsv(release, "T99")).toThrow(RangeError);
  });
});

test("tableFile() names the file by id and name", () => {
  expect(tableFile(release, "T02")).toBe("T02_Stadtteil_Geschlecht.csv");
  expect(tableFile(release, "T09")).toBe("T09_Aufenthaltsdauer.csv");
});

describe("releaseJson()", () => {
  const json: unknown = JSON.parse(releaseJson(release, sampleContext, { "b.csv": "02", "a.csv": "01" }));

  test("tells where the numbers come from and what was done, and of a withheld table no number", () => {
    const audit = { disclosedA: 0, disclosedB: 0 };
    const refugees = { "ewo-alw": "2026-11-20" };
    const untold = { cells: 0, suppressed: 0, held: 0, coarsenedTo: null, audit };
    expect(json).toEqual({
      releaseId: "2026-W47-0123456789ab",
      week: "2026-KW47",
      referenceDate: "2026-11-20",
      deliveries: [{ id: "ewo-alw-2026-11-20-0123456789ab", sha256: "0123456789ab".padEnd(64, "0") }],
      versions: { bericht: "bevoelkerung-aktuell", definition: "kommunal v1" },
      hierarchies: {
        geschlecht: { m: "T", w: "T" },
        pks: { A1: "T", A2: "T" },
        raum: { "stadtbezirk:1": "stadt:T", "stadtbezirk:2": "stadt:T" },
      },
      tables: [
        {
          id: "T01",
          method: "none",
          cells: 6,
          suppressed: 0,
          held: 0,
          coarsenedTo: null,
          referenceDates: refugees,
          audit,
        },
        {
          id: "T02",
          method: "coarsen",
          cells: 9,
          suppressed: 0,
          held: 0,
          coarsenedTo: "raum=stadtbezirk",
          referenceDates: refugees,
          audit,
        },
        { id: "T09", method: "withhold", ...untold, referenceDates: refugees },
        {
          id: "T10",
          method: "none",
          cells: 3,
          suppressed: 0,
          held: 0,
          coarsenedTo: null,
          referenceDates: { "akdn-sozial": "2026-10" },
          audit,
        },
        { id: "T13", method: "missing", ...untold, referenceDates: {} },
      ],
      files: { "a.csv": "01", "b.csv": "02" },
    });
  });

  test("gives the same text for files in another order", () => {
    expect(releaseJson(release, sampleContext, { "a.csv": "01", "b.csv": "02" })).toBe(
      releaseJson(release, sampleContext, { "b.csv": "02", "a.csv": "01" }),
    );
  });
});

describe("every writer refuses a release that the audit did not make", () => {
  const forgeries: Readonly<Record<string, () => unknown>> = {
    "a spread": () => ({ ...release }),
    "a literal": () => ({ kind: "audited", tables: release.tables, policy }),
    "a structured clone": () => structuredClone({ kind: "audited", tables: [], policy }),
    "an object with the prototype": () => Object.create(AuditedRelease.prototype),
    "an object that inherits from a release": () => Object.create(release),
    "a text": () => "audited",
    nothing: () => null,
  };

  test.each(Object.entries(forgeries))("%s", async (_case, forge) => {
    const forged = forge() as AuditedRelease; // the cast is what the check is for
    expect(() => tableCsv(forged, "T01")).toThrow(TypeError);
    expect(() => tableFile(forged, "T01")).toThrow(TypeError);
    expect(() => releaseJson(forged, sampleContext, {})).toThrow(TypeError);
    await expect(reportWorkbook(forged, sampleContext)).rejects.toThrow(TypeError);
  });
});
