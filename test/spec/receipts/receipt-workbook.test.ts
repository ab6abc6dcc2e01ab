import ExcelJS from "exceljs";
import { describe, expect, test } from "vitest";
import type { Receipt } from "../../../shared/report/receipt.ts";
import { type ReceiptLimits, receiptWorkbook } from "../../../shared/report/receipt-workbook.ts";
import { type LoggedFinding, receiptOf } from "./receipt-case.ts";

const sheetNames = ["Zusammenfassung", "Abgelehnte Zeilen", "Hinweise", "Auffälligkeiten"];

async function opened(receipt: Receipt, limits?: ReceiptLimits): Promise<ExcelJS.Workbook> {
  const bytes = await receiptWorkbook(receipt, limits);
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(bytes.slice().buffer);
  return workbook;
}

function lines(workbook: ExcelJS.Workbook, sheet: string): readonly string[] {
  const found: string[] = [];
  workbook.getWorksheet(sheet)?.eachRow((row) => {
    const cells: string[] = [];
    row.eachCell({ includeEmpty: true }, (cell) => cells.push(cell.text));
    found.push(cells.join(" | ").replaceAll("\u00a0", " "));
  });
  return found;
}

/** Header and data rows of the table of a sheet. */
function tableLines(workbook: ExcelJS.Workbook, sheet: string): readonly string[] {
  const all = lines(workbook, sheet);
  return all.slice(all.indexOf("Dieses Blatt enthält eine Tabelle.") + 1);
}

const rejectedHeader = "Zeile | Spalte | Code | Fehlercode | Was ist falsch | Was tun";

describe("receiptWorkbook()", () => {
  test("lists rejected rows by line, column and rule of the department's own file", async () => {
    const receipt = receiptOf({
      rejected: 3,
      found: [
        ["E-003", 214, 2, 0, "999"],
        ["E-001", 215, -1, 12],
        ["E-010", 216, -1, 214],
      ],
    });
    expect(tableLines(await opened(receipt), "Abgelehnte Zeilen")).toEqual([
      rejectedHeader,
      "214 | Staatsang1 | 999 | E-003 | Kein gültiger Schlüssel. Erwartet: 3 Ziffern, z. B. 166. | Bitte den Schlüssel im Fachverfahren berichtigen. Liste: Staatsangehörigkeits- und Gebietsschlüssel.",
      "215 | ganze Zeile | – | E-001 | Die Zeile hat 12 Felder, erwartet sind 15. | Oft steht ein Trennzeichen (;) im Text. Bitte im Fachverfahren entfernen.",
      "216 | ganze Zeile | – | E-010 | Derselbe Fall steht bereits in Zeile 214. | Bitte die doppelte Zeile entfernen.",
    ]);
  });

  test("sums up by code and column, the most frequent first, with the first three lines", async () => {
    const found = Array.from({ length: 5 }, (_, at): LoggedFinding => ["E-005", 10 + at, 4]);
    const receipt = receiptOf({
      rejected: 6,
      found: [["E-002", 9, 4], ...found, ["H-006", 30, 0]],
      notes: [{ code: "H-001", facts: { spalte: "Religion" } }],
    });
    const workbook = await opened(receipt);
    expect(tableLines(workbook, "Zusammenfassung").map((line) => line.split(" | ").slice(0, 4))).toEqual([
      ["Fehlercode", "Spalte", "Anzahl", "Erste Zeilen"],
      ["H-001", "ganze Datei", "1", "–"],
      ["E-005", "GueltigAb", "5", "10, 11, 12"],
      ["E-002", "GueltigAb", "1", "9"],
      ["H-006", "PersNr", "1", "30"],
    ]);
    expect(lines(workbook, "Zusammenfassung").slice(0, 3)).toEqual([
      "Quittung: Ausländerregister (EWO-ALW), Stichtag 20.11.2026",
      "100 Zeilen geliefert · 94 übernommen · 6 abgelehnt · Lieferung mit Hinweisen übernommen",
      "Ihre Lieferung vom 23.11.2026 wurde übernommen; 6 von 100 Zeilen konnten nicht gelesen werden.",
    ]);
  });

  test("keeps the workbook's rules: order of sheets, one table each, numbers as numbers, nothing hidden", async () => {
    const workbook = await opened(
      receiptOf({
        rejected: 1,
        found: [
          ["E-002", 2, 0],
          ["H-006", 3, 0],
        ],
        workList: { Titelschluessel: { "25-2-9": 4 } },
      }),
    );
    expect(workbook.worksheets.map(({ name, state }) => [name, state])).toEqual(
      sheetNames.map((name) => [name, "visible"]),
    );
    for (const sheet of workbook.worksheets) expect(sheet.getTables(), sheet.name).toHaveLength(1);
    const [count] = workbook.getWorksheet("Zusammenfassung")?.getColumn(3).values.slice(-1) ?? [];
    expect(count).toBe(1);
    expect(workbook.title).toContain("Quittung");
  });

  test("an empty sheet says so and has no table", async () => {
    const workbook = await opened(receiptOf());
    expect(sheetNames.map((name) => lines(workbook, name).at(-1))).toEqual([
      "Es gibt keine Beanstandungen und keine Hinweise.",
      "Es wurde keine Zeile abgelehnt.",
      "Es gibt keine Hinweise zu einzelnen Zeilen.",
      "Es gibt keine Auffälligkeiten.",
    ]);
    for (const sheet of workbook.worksheets) expect(sheet.getTables()).toHaveLength(0);
  });

  test("says how many rejected rows are left out when the sheet is full", async () => {
    const found = Array.from({ length: 5 }, (_, at): LoggedFinding => ["E-002", at + 2, 0]);
    const workbook = await opened(receiptOf({ rejected: 5, found }), { rejectedRows: 2, notesPerGroup: 1 });
    expect(tableLines(workbook, "Abgelehnte Zeilen").map((line) => line.split(" ")[0])).toEqual([
      "Zeile",
      "2",
      "3",
    ]);
    expect(lines(workbook, "Abgelehnte Zeilen")).toContain(
      "Gezeigt werden die ersten 2 Befunde; 3 weitere sind gezählt, aber nicht aufgeführt.",
    );
    expect(tableLines(workbook, "Zusammenfassung")[1]).toContain("E-002 | PersNr | 5 |");
  });

  test("lists notes up to a limit per code and column and counts them all", async () => {
    const found: LoggedFinding[] = [
      ["H-006", 2, 0],
      ["H-006", 3, 0],
      ["H-006", 4, 1],
      ["H-008", 5, 0],
      ["H-006", 6, 0],
    ];
    const workbook = await opened(receiptOf({ found }), { rejectedRows: 2, notesPerGroup: 2 });
    expect(tableLines(workbook, "Hinweise").map((line) => line.split(" ")[0])).toEqual([
      "Zeile",
      "2",
      "3",
      "4",
      "5",
    ]);
    expect(lines(workbook, "Hinweise")).toContain(
      "Je Hinweis und Spalte sind die ersten 2 Zeilen aufgeführt; die Zusammenfassung zählt alle 5.",
    );
    expect(tableLines(workbook, "Zusammenfassung")[1]).toContain("H-006 | PersNr | 3 | 2, 3, 6");
  });

  test("counts notes in full also where the log names only the first ones", async () => {
    const found: LoggedFinding[] = [
      ["H-006", 2, 0],
      ["H-008", 2, 2],
      ["H-006", 3, 1],
    ];
    const workbook = await opened(receiptOf({ found, quality: { "H-006": 20_000, "H-008": 30_000 } }));
    expect(tableLines(workbook, "Zusammenfassung").map((line) => line.split(" | ").slice(0, 4))).toEqual([
      ["Fehlercode", "Spalte", "Anzahl", "Erste Zeilen"],
      ["H-006", "PersNr", "1", "2"],
      ["H-006", "Familienname", "1", "3"],
      ["H-006", "weitere Zeilen", "19998", "–"],
      ["H-008", "Staatsang1", "30000", "2"],
    ]);
    expect(tableLines(workbook, "Hinweise").map((line) => line.split(" ")[0])).toEqual([
      "Zeile",
      "2",
      "2",
      "3",
    ]);
    expect(lines(workbook, "Hinweise").join()).toContain("die Zusammenfassung zählt alle 50.000.");
  });

  /** Columns: 0 PersNr, 1 Familienname, 2 Staatsang1, 3 Titelschluessel, 5 Meldestatus, 6 Geschlecht, 12 StrSchl, 13 Titel, 14 Bezeichnung. */
  test.each([
    [2, "999", "999"],
    [2, "12", "12"],
    [2, "1990", "–"],
    [2, "Ali", "–"],
    [3, "25-2-1", "25-2-1"],
    [3, "0-0", "0-0"],
    [3, "Muster", "–"],
    [3, "01.02.1990", "–"],
    [3, "1990-02-01", "–"],
    [3, "Gartenweg12", "–"],
    [13, "25-2-1", "25-2-1"],
    [13, "AE25_4A", "AE25_4A"],
    [13, "DU60A_2_1", "DU60A_2_1"],
    [13, "AKN", "–"],
    [13, "MUSTER", "–"],
    [13, "4711815", "–"],
    [13, "19900201", "–"],
    [14, "25-2-1", "–"],
    [5, "Q", "Q"],
    [5, "Li", "–"],
    [6, "5", "5"],
    [6, "Wu", "–"],
    [0, "4711", "–"],
    [1, "Muster", "–"],
    [12, "01234", "–"],
    [10, "1", "–"],
    [-1, "1", "–"],
    [99, "1", "–"],
  ])(
    "column %i shows a logged code only if it can be no name, birth date or address: case %#",
    async (column, value, shown) => {
      const workbook = await opened(receiptOf({ rejected: 1, found: [["E-003", 2, column, 0, value]] }));
      expect(tableLines(workbook, "Abgelehnte Zeilen")[1]?.split(" | ")[2]).toBe(shown);
    },
  );

  test("a shifted column's content stands in no part of the file", async () => {
    const sentinel = "Xyzzysentinel";
    const receipt = receiptOf({
      rejected: 2,
      headings: [sentinel, sentinel, "Staatsang1", "Titelschluessel"],
      found: [
        ["E-003", 2, 2, 0, sentinel],
        ["E-016", 3, 3, 0, sentinel],
        ["E-002", 4, 0, 0, sentinel],
      ],
      notes: [{ code: "H-001", facts: { spalte: `${sentinel}; ${sentinel}`, wert: sentinel } }],
      workList: { Titelschluessel: { [sentinel]: 3, "25-2-9": 1 }, [sentinel]: { a: 1 } },
    });
    const workbook = await opened(receipt);
    const everything = sheetNames.flatMap((name) => lines(workbook, name)).join("\n");
    expect(everything).not.toContain(sentinel);
    expect(tableLines(workbook, "Auffälligkeiten").map((line) => line.split(" | ").slice(0, 3))).toEqual([
      ["Spalte", "Code", "Zeilen"],
      ["Titelschluessel", "25-2-9", "1"],
      ["Titelschluessel", "weitere", "3"],
      ["–", "weitere", "1"],
    ]);
  });

  test("names plausibility rules with their counts, and no rule that has no text", async () => {
    const quality = { "zweistelliges-jahr": 7, auskunftssperre: 3, "gleiche-zeilen": 0, unbekannt: 9 };
    expect(tableLines(await opened(receiptOf({ quality })), "Auffälligkeiten")).toEqual([
      "Spalte | Code | Zeilen | Was auffällt | Was tun",
      "– | – | 7 | Datumsangaben mit zweistelliger Jahreszahl wurden als leer übernommen. | Bitte Datumsangaben mit vierstelligem Jahr exportieren.",
    ]);
  });

  test("takes file names and headings that a workbook cannot hold", async () => {
    const receipt = receiptOf({ headings: ["Pers\u0007Nr\ud800"], found: [["E-002", 2, 0]], rejected: 1 });
    const delivery = { ...receipt.delivery, blobName: "ewo-alw/=cmd\u0000\ud800\u202e.csv" };
    const workbook = await opened({ ...receipt, delivery });
    expect(lines(workbook, "Zusammenfassung")).toContain("Datei: =cmd\ufffd\ufffd\ufffd.csv");
  });

  test("gives the same bytes for the same receipt", async () => {
    const receipt = receiptOf({ rejected: 1, found: [["E-002", 2, 0]] });
    expect(await receiptWorkbook(receipt)).toEqual(await receiptWorkbook(receipt));
  });
});
