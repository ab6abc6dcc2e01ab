import ExcelJS from "exceljs";
import { describe, expect, it } from "vitest";
import { codeTables, fileCodes, findings, lenient, readFile, records, textSource } from "./read-file.ts";

const slot = { register: "akdn-sozial", part: "-", referenceDate: "2026-10" } as const;
const header = [
  "Berichtsmonat",
  "Fallnummer",
  "Personennummer",
  "StellungImFall",
  "PKS",
  "Leistungsart",
  "Geburtsdatum",
  "Geschlecht",
  "Staatsangehoerigkeit",
  "Leistungsbeginn",
  "Betrag",
];
const birth = new Date(Date.UTC(1988, 1, 14));
const begin = new Date(Date.UTC(2026, 8, 1));
const booked: readonly ExcelJS.CellValue[] = ["2026-10", "F1", "P1", 1, 10, 3, birth, "w", 166, begin, 441];

type Fill = (sheet: ExcelJS.Worksheet, workbook: ExcelJS.Workbook) => void;

async function read(fill: Fill, settings: object = {}) {
  const workbook = new ExcelJS.Workbook();
  fill(workbook.addWorksheet("Oktober"), workbook);
  const bytes = new Uint8Array(await workbook.xlsx.writeBuffer());
  return readFile({
    slot,
    source: textSource("AKDN-SOZIAL_05999000_2026-10_1.xlsx", bytes),
    office: lenient("akdn-sozial", settings),
    codes: codeTables,
    today: "2026-11-23",
  });
}

const stored = ["pks", "leistungsart", "geschlecht", "staatsang1", "geburtsjahr", "beginn", "betrag"];
const begun = 2026 * 12 + 8;
/** Notes on the address, which these rows lack, are of no interest here. */
const withoutAddress = (found: readonly string[]) => found.filter((text) => !text.startsWith("H-005"));
const row = (changes: Readonly<Record<string, ExcelJS.CellValue>>) =>
  header.map((name, at) => (name in changes ? (changes[name] ?? null) : (booked[at] ?? null)));

describe("readDelivery() of a billing workbook", () => {
  it("reads it as people keep it: titles, merged sums, hidden rows, texts and numbers mixed", async () => {
    const result = await read((sheet) => {
      sheet.addRow(["Abrechnung Oktober"]);
      sheet.mergeCells("A1:K1");
      sheet.addRow([]);
      sheet.addRow(header);
      sheet.addRow(row({}));
      sheet.addRow(row({ PKS: "10", Leistungsart: "§ 3", Geburtsdatum: "14.02.1988", Betrag: "1.234,50-" }));
      sheet.addRow(row({ Betrag: { formula: "K4*2", result: 882 } })).hidden = true;
      sheet.addRow(["Zwischensumme", ...Array(9).fill(null), 88.5]);
      sheet.mergeCells("A7:J7");
      sheet.addRow(["Gesamt", ...Array(9).fill(null), { formula: "SUM(K4:K6)", result: 1 }]);
    });
    const rest = `1988|${begun}`;
    expect(records(slot, result, stored)).toEqual([
      `10|3|2|166|${rest}|44100`,
      `10|3|2|166|${rest}|-123450`,
      `10|3|2|166|${rest}|88200`,
    ]);
    expect(fileCodes(result)).toEqual(["H-007", "H-010"]);
    expect(result.outcome.notes.at(-1)?.facts).toMatchObject({ anzahl: 1, anzahl2: 2 });
    expect(result.outcome.quality).toMatchObject({ "summenzeile-weicht-ab": 1 });
    expect(result.outcome).toMatchObject({ rowsRead: 3, taken: 3, rejected: 0 });
  });

  it("refuses rows with an error value, a formula without result or a merged cell, and takes the others", async () => {
    const result = await read((sheet) => {
      sheet.addRow(header);
      sheet.addRow(row({ Betrag: { error: "#N/A" } }));
      sheet.addRow(row({ Betrag: { formula: "A1" } }));
      sheet.addRow(row({}));
      sheet.addRow(row({}));
      sheet.mergeCells("B5:C5");
    });
    expect(withoutAddress(findings(result))).toEqual(["E-015 2 10", "E-015 3 10", "E-015 5 1"]);
    expect(result.outcome).toMatchObject({ rowsRead: 4, taken: 1, rejected: 3 });
  });

  it("gives keys the zeros back that the spreadsheet ate, with a note", async () => {
    const result = await read((sheet) => {
      sheet.addRow(header);
      sheet.addRow(row({ Staatsangehoerigkeit: 0 }));
    });
    expect(records(slot, result, ["staatsang1"])).toEqual(["0"]);
    expect(withoutAddress(findings(result))).toEqual(["H-008 2 8"]);
  });

  it("reads dates in the system of 1904", async () => {
    const result = await read((sheet, workbook) => {
      workbook.properties.date1904 = true;
      sheet.addRow(header);
      sheet.addRow(row({}));
    });
    expect(records(slot, result, ["geburtsjahr", "beginn"])).toEqual([`1988|${begun}`]);
  });

  it("follows the office: sheet, headings, codes of the sex, decimal point", async () => {
    const settings = {
      blatt: "oktober",
      spalten: { Betrag: ["Summe EUR"] },
      geschlecht: { "3": "m", "4": "w" },
      dezimalpunkt: true,
    };
    const fill: Fill = (sheet, workbook) => {
      const renamed = header.map((name) => (name === "Betrag" ? "Summe EUR" : name));
      for (const target of [sheet, workbook.addWorksheet("Kopie")]) {
        target.addRow(renamed);
        target.addRow(row({ Geschlecht: 4, Betrag: "12.50" }));
      }
    };
    expect(records(slot, await read(fill, settings), ["geschlecht", "betrag"])).toEqual(["2|1250"]);
    expect(fileCodes(await read(fill, { ...settings, blatt: undefined }))).toEqual(["D-015"]);
  });
});
