import { createHash } from "node:crypto";
import ExcelJS from "exceljs";
import { unzipSync } from "fflate";
import { readXlsx } from "hucre";
import { beforeAll, describe, expect, test } from "vitest";
import { noteText } from "../../../shared/report/texts.ts";
import { reportWorkbook } from "../../../shared/report/workbook.ts";
import { noteIds } from "../../../shared/tables/definition.ts";
import { textTable } from "../disclosure/text-table.ts";
import { sampleContext, sampleRelease, sampleResults } from "./sample-release.ts";

const workbook = new ExcelJS.Workbook();
let bytes: Uint8Array;
let parts: Readonly<Record<string, string>>;

beforeAll(async () => {
  bytes = await reportWorkbook(await sampleRelease(), sampleContext);
  await workbook.xlsx.load(Buffer.from(bytes).buffer as ArrayBuffer); // exceljs's types ask for its own Buffer
  parts = Object.fromEntries(
    Object.entries(unzipSync(bytes)).map(([name, content]) => [name, new TextDecoder().decode(content)]),
  );
});

function rowsOf(sheet: string): readonly (readonly unknown[])[] {
  const rows: unknown[][] = [];
  workbook.getWorksheet(sheet)?.eachRow((row) => {
    rows.push(Array.from({ length: row.cellCount }, (_, index) => row.getCell(index + 1).value));
  });
  return rows;
}

describe("reportWorkbook()", async () => {
  test("has the sheets in their order, each table with its twin, none hidden", () => {
    expect(workbook.worksheets.map(({ name, state }) => `${name} ${state}`)).toEqual(
      [
        ...["Titel", "Inhalt", "Hinweise", "Datenstand"],
        ...["T01", "T02", "T09", "T10", "T13"],
        ...["csv-T01", "csv-T02", "csv-T09", "csv-T10", "csv-T13"],
        "csv-Datenstand",
      ].map((name) => `${name} visible`),
    );
    expect(
      Object.keys(parts).filter((name) => /comments|drawing|external|custom|sharedStrings/.test(name)),
    ).toEqual([]);
    expect(Object.values(parts).filter((xml) => /hidden="1"|definedName|mergeCell/.test(xml))).toEqual([]);
  });

  test("shows a coarsened table: head, treatment, notes, source, then the table and nothing below", () => {
    expect(rowsOf("T02")).toEqual([
      ["zum Inhalt"],
      ["T02 Geflüchtete nach Gebiet und Geschlecht [Anmerkung 1]"],
      ["Stichtag: 20.11.2026; Einheit: Personen"],
      ["Dieses Blatt enthält eine Tabelle."],
      [
        "Zum Schutz personenbezogener Angaben wurde diese Tabelle vergröbert: Stadtteile sind nicht einzeln ausgewiesen.",
      ],
      [
        "[Anmerkung 1] Gezählt werden: Geflüchtete (kommunale Definition). Fassung der Abgrenzung: kommunal v1.",
      ],
      ["Quelle: Stadt Musterstadt, Statistikstelle; EWO-ALW"],
      ["Schlüssel", "Gebiet", "Insgesamt", "Label w", "Label m"],
      ["insgesamt", "Stadt insgesamt", 33, 16, 17],
      ["1", "Gebiet 1", 13, 6, 7],
      ["2", "Gebiet 2", 20, 10, 10],
    ]);
    expect(workbook.getWorksheet("T02")?.getCell("A9").font.bold).toBe(true);
    expect(workbook.getWorksheet("T02")?.getCell("A10").font?.bold).not.toBe(true);
  });

  test("shows signs for what has no number and explains exactly the signs on the sheet", () => {
    const rows = rowsOf("T01");
    expect(rows).toContainEqual([
      "Zeichen auf diesem Blatt: … = Angabe fällt später an oder liegt nicht vor; x = Angabe nicht sinnvoll",
    ]);
    expect(rows.at(-3)).toEqual(["Label 2026-11-20", 33, "x"]);
    expect(rows.at(-2)).toEqual(["Label 2026-11-13", 38, -5]);
    expect(rows.at(-1)).toEqual(["Label 2025-11-21", "…", "…"]);
    expect(rowsOf("T10").at(-1)).toEqual(["Label A2", "–"]);
    expect(rowsOf("T10").at(-2)).toEqual(["Label A1", 12_345.67]);
  });

  test("keeps the sheet of a withheld table and leads to the next coarser one", async () => {
    expect(rowsOf("T09")).toEqual([
      ["zum Inhalt"],
      ["T09 Geflüchtete nach Aufenthaltsdauer"],
      ["Stichtag: 20.11.2026"],
      ["Zum Schutz personenbezogener Angaben wird diese Tabelle nicht veröffentlicht."],
      ["Verfügbar ist: T01 Geflüchtete: aktueller Stand und Veränderung"],
    ]);
    expect(rowsOf("csv-T09")).toHaveLength(1);
    const read = await readXlsx(bytes);
    const sheet = read.sheets.find(({ name }) => name === "T09");
    expect(sheet?.cells?.get("4,0")?.hyperlink).toMatchObject({ location: "'T01'!A1" });
    expect(
      read.sheets.filter(({ tables }) => tables === undefined || tables.length === 0).map(({ name }) => name),
    ).toEqual(["Titel", "Hinweise", "T09", "T13", "csv-T09", "csv-T13"]);
  });

  test("gives every note a row of its own", () => {
    expect(rowsOf("T01").slice(1, 8)).toEqual([
      ["T01 Geflüchtete: aktueller Stand und Veränderung [Anmerkung 1] [Anmerkung 2]"],
      ["Stichtag: 20.11.2026; Einheit: Personen"],
      ["Dieses Blatt enthält eine Tabelle."],
      [
        "Zeichen auf diesem Blatt: … = Angabe fällt später an oder liegt nicht vor; x = Angabe nicht sinnvoll",
      ],
      [
        "[Anmerkung 1] Gezählt werden: Geflüchtete (kommunale Definition). Fassung der Abgrenzung: kommunal v1.",
      ],
      [
        "[Anmerkung 2] Veränderung: Wert am aktuellen Stichtag abzüglich des Werts am jeweils genannten früheren Stichtag.",
      ],
      ["Quelle: Stadt Musterstadt, Statistikstelle; EWO-ALW"],
    ]);
  });

  test("cuts off no name of an area and breaks no word of a heading", async () => {
    const table = textTable("| T | w | m\n T | 33 | 16 | 17\n 1 | 33 | 16 | 17", { id: "T02" });
    const long = "Mitte (einschließlich Personen ohne Zuordnung)";
    const dimensions = table.dimensions.map((dimension, index) => ({
      ...dimension,
      categories: dimension.categories.map((category) => ({
        ...category,
        label: [long, "Niederlassungserlaubnis"][index] ?? "",
      })),
    }));
    const release = await sampleRelease([{ kind: "counted", table: { ...table, dimensions } }]);
    const read = await readXlsx(await reportWorkbook(release, sampleContext));
    const widths = read.sheets.find(({ name }) => name === "T02")?.columns?.map(({ width }) => width ?? 0);
    expect(widths?.[1]).toBeGreaterThan(long.length);
    expect(widths?.[2]).toBeGreaterThan("Niederlassungserlaubnis".length);
  });

  test("sums a source of many deliveries up, lists each for programs, and tells no counts of one school", async () => {
    const deliveries = Array.from({ length: 90 }, (_, index) => ({
      id: `schild-${190_001 + index}-2026-10-15-0123456789ab`,
      sha256: "ab".repeat(32),
      part: `${190_001 + index}`,
      referenceDate: index === 3 ? "2026-10-17" : "2026-10-15",
      receivedAt: `2026-11-23T05:${10 + (index % 40)}:00.000Z`,
      ...{ rowsRead: 110, taken: 109, rejected: 1 },
    }));
    const schools = { register: "schild", title: "Schulen", deliveries, late: true, missing: false } as const;
    const sources = [...sampleContext.sources.slice(0, 1), schools];
    const written = new ExcelJS.Workbook();
    const context = { ...sampleContext, sources, samples: [] };
    await written.xlsx.load(
      Buffer.from(await reportWorkbook(await sampleRelease(), context)).buffer as ArrayBuffer,
    );
    const rows = (sheet: string) =>
      written
        .getWorksheet(sheet)
        ?.getSheetValues()
        .slice(1)
        .map((row) => Object.values(row ?? {})) ?? [];
    expect(rows("Datenstand").slice(4)).toEqual([
      [
        "Quelle",
        "Teil",
        "Stichtag",
        "Eingegangen",
        "Zeilen gelesen",
        "Zeilen übernommen",
        "Zeilen abgelehnt",
      ].concat("Stand", "Lieferung"),
      [
        "EWO-ALW",
        "gesamt",
        "20.11.2026",
        "23.11.2026 um 06:00 Uhr",
        40,
        35,
        5,
        "wie vereinbart",
        "ewo-alw-2026-11-20-0123456789ab",
      ],
      [
        "Schulen",
        "90 Lieferungen",
        "15.10.2026 bis 17.10.2026",
        "zuletzt 23.11.2026 um 06:49 Uhr",
        9900,
        9810,
        90,
        "älter als vereinbart",
        "siehe Blatt csv-Datenstand",
      ],
    ]);
    expect(rows("csv-Datenstand")).toHaveLength(1 + 91);
    expect(rows("csv-Datenstand")[5]).toEqual([
      ...["schild", "190004", "2026-10-17", "2026-11-23T05:13:00.000Z"],
      ...["schild-190004-2026-10-15-0123456789ab", "ab".repeat(32)],
    ]);
  });

  test("says which source is missing", () => {
    expect(rowsOf("T13").at(-1)).toEqual([
      "Diese Tabelle kann nicht gebildet werden: Die Quelle „SchILD-NRW“ liegt nicht vor.",
    ]);
  });

  test("lists every sheet with its state and a link", async () => {
    expect(rowsOf("Inhalt")).toContainEqual([
      "T09",
      "Geflüchtete nach Aufenthaltsdauer",
      "20.11.2026",
      "zurückgehalten",
    ]);
    expect(rowsOf("Inhalt")).toContainEqual(["T10", "Leistungen nach dem AsylbLG", "Oktober 2026", "nein"]);
    expect(
      rowsOf("Inhalt")
        .map(([sheet]) => sheet)
        .slice(3),
    ).toEqual([
      ...["Titel", "Hinweise", "Datenstand", "T01", "T02", "T09", "T10", "T13"],
      ...["csv-T01", "csv-T02", "csv-T09", "csv-T10", "csv-T13", "csv-Datenstand"],
    ]);
    const links = (await readXlsx(bytes)).sheets.flatMap(({ cells }) =>
      [...(cells?.values() ?? [])].flatMap(({ hyperlink }) => hyperlink?.location ?? []),
    );
    const names = new Set(workbook.worksheets.map(({ name }) => `'${name}'!A1`));
    expect(links.length).toBeGreaterThan(15);
    expect(links.filter((link) => !names.has(link))).toEqual([]);
  });

  test("twins a table for programs: long form, ISO day, deliveries, numbers or nothing", () => {
    const rows = rowsOf("csv-T01");
    expect(rows[0]).toEqual([
      ...["zeitpunkt_code", "zeitpunkt", "geschlecht_code", "geschlecht", "merkmal", "wert", "status"],
      ...["stichtag", "lieferung"],
    ]);
    expect(rows[4]).toEqual([
      ...["2026-11-13", "Label 2026-11-13", "T", "Insgesamt", "differenz", -5, null],
      ...["2026-11-20", "ewo-alw-2026-11-20-0123456789ab"],
    ]);
    expect(rows[5]?.slice(4, 7)).toEqual(["gefluechtete", null, "x"]);
    expect(rows).toHaveLength(1 + 6);
  });

  test("has properties for all fields and German as language", async () => {
    expect(parts["docProps/core.xml"]).toContain("<dc:language>de-DE</dc:language>");
    expect((await readXlsx(bytes)).properties).toMatchObject({
      title: "Bevölkerung aktuell 2026-KW47",
      subject: "Stichtag 20.11.2026, Kalenderwoche 47/2026",
      creator: "Statistikstelle",
      lastModifiedBy: "Statistikstelle",
      company: "Stadt Musterstadt",
      created: new Date(sampleContext.now),
      modified: new Date(sampleContext.now),
    });
  });

  test("freezes header and row names only above 40 data rows", async () => {
    const codes = Array.from({ length: 40 }, (_, index) => `${100 + index} | 9`).join("\n");
    const long = textTable(`| T\n T | 360\n ${codes}`, { id: "T07" });
    const release = await sampleRelease([{ kind: "counted", table: long }]);
    const read = await readXlsx(await reportWorkbook(release, sampleContext));
    expect(read.sheets.find(({ name }) => name === "T07")?.freezePane).toEqual({ rows: 6, columns: 2 });
    expect((await readXlsx(bytes)).sheets.every(({ freezePane }) => freezePane === undefined)).toBe(true);
  });

  test("gives the same bytes in every time zone", async () => {
    const zone = process.env["TZ"];
    const hashes = new Set([createHash("sha256").update(bytes).digest("hex")]);
    const hours = new Set<number>();
    for (const other of ["America/New_York", "Asia/Tokyo", "UTC"]) {
      process.env["TZ"] = other;
      hours.add(new Date(0).getHours());
      const again = await reportWorkbook(await sampleRelease(), sampleContext);
      hashes.add(createHash("sha256").update(again).digest("hex"));
    }
    process.env["TZ"] = zone;
    expect(hours.size).toBe(3);
    expect(hashes.size).toBe(1);
  });

  test("refuses a note without a text", async () => {
    const results = sampleResults.map((result) =>
      result.kind === "counted" ? { ...result, table: { ...result.table, notes: ["unbekannt"] } } : result,
    );
    await expect(reportWorkbook(await sampleRelease(results), sampleContext)).rejects.toThrow(RangeError);
  });
});

test("noteText() has a text for every note of the tables", () => {
  expect(noteIds.map((id) => noteText(id, sampleContext)).every((text) => text.endsWith("."))).toBe(true);
  expect(() => noteText("toString", sampleContext)).toThrow(RangeError);
});
