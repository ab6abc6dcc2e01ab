import ExcelJS from "exceljs";
import { strToU8, unzipSync, type Zippable, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { isDateFormat } from "../../../shared/registers/workbook-parts.ts";
import { numberText } from "../../../shared/registers/workbook-sheet.ts";
import { codesOf, fileOf, type ReadFile, readFile, shownRows, wantedOf } from "./readers-case.ts";

const twoColumns = wantedOf("PersNr Name");

/** A workbook by hand: the XML inside `<worksheet>` of each sheet. */
function packed(
  sheets: readonly string[],
  more: { attributes?: readonly string[]; parts?: Zippable; pr?: string } = {},
) {
  const list = sheets.map(
    (_, at) => `<sheet name="Blatt${at}" sheetId="${at + 1}" r:id="r${at}" ${more.attributes?.[at] ?? ""}/>`,
  );
  const links = sheets.map(
    (_, at) => `<Relationship Id="r${at}" Type="http://x/worksheet" Target="worksheets/s${at}.xml"/>`,
  );
  const parts: Zippable = {
    "_rels/.rels": strToU8(
      '<Relationships><Relationship Id="a" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    ),
    "xl/workbook.xml": strToU8(
      `<workbook xmlns:r="r">${more.pr ?? ""}<sheets>${list.join("")}</sheets></workbook>`,
    ),
    "xl/_rels/workbook.xml.rels": strToU8(
      `<Relationships>${links.join("")}<Relationship Id="st" Type="http://x/styles" Target="/xl/styles.xml"/></Relationships>`,
    ),
    "xl/styles.xml": strToU8(
      '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    ),
  };
  for (const [at, xml] of sheets.entries())
    parts[`xl/worksheets/s${at}.xml`] = strToU8(`<worksheet>${xml}</worksheet>`);
  return zipSync({ ...parts, ...more.parts });
}

/** Rows of inline texts; a cell that starts with "<" stands as it is. */
function sheetData(rows: readonly (readonly string[])[], attributes: readonly string[] = []): string {
  const cell = (text: string) =>
    text.startsWith("<") ? text : `<c t="inlineStr"><is><t>${text}</t></is></c>`;
  const lines = rows.map((row, at) => `<row ${attributes[at] ?? ""}>${row.map(cell).join("")}</row>`);
  return `<sheetData>${lines.join("")}</sheetData>`;
}

const header = ["PersNr", "Name"];

function read(content: Uint8Array, wanted = twoColumns, name = "EWO.xlsx"): Promise<ReadFile> {
  return readFile(fileOf(content, name), wanted);
}

async function written(
  fill: (workbook: ExcelJS.Workbook, sheet: ExcelJS.Worksheet) => void,
): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook();
  const sheet = workbook.addWorksheet("Daten");
  fill(workbook, sheet);
  return new Uint8Array(await workbook.xlsx.writeBuffer());
}

describe("openTable() turns cells of a workbook into text", () => {
  it("as another program wrote them", async () => {
    const bytes = await written((_, sheet) => {
      sheet.addRow(["PersNr", "Name", "Betrag", "Tag", "Ja"]);
      sheet.addRow([4711, "Jörg <&> Ü", 1234.5, new Date(Date.UTC(2026, 10, 20)), true]);
      sheet.addRow([
        "0815",
        { richText: [{ text: "An" }, { font: { bold: true }, text: "na" }] },
        -0.1,
        null,
        false,
      ]);
      sheet.addRow([]);
      sheet.addRow([{ formula: "A2+1", result: 4712 }, { formula: 'T("")', result: "" }, 100, "20.11.2026"]);
      sheet.getColumn(4).numFmt = "dd.mm.yyyy";
    });
    const { table, rows } = await read(bytes, wantedOf("PersNr Name Betrag Tag? Ja?"));
    expect(table?.serials).toBe(1900);
    expect(table?.notes).toEqual([]);
    expect(shownRows(rows)).toEqual([
      "2: 4711|Jörg <&> Ü|1234,5|2026-11-20|J",
      "3: 0815|Anna|-0,1||N",
      "5: 4712||100|20.11.2026|",
    ]);
  });

  it("in the date system of 1904 by the workbook's flag", async () => {
    const bytes = packed([sheetData([header, ['<c s="1"><v>44884.75</v></c>', "<c><v>44884</v></c>"]])], {
      pr: '<workbookPr date1904="1"/>',
    });
    const { table, rows } = await read(bytes);
    expect(table?.serials).toBe(1904);
    expect(shownRows(rows)).toEqual(["2: 2026-11-20|44884"]);
  });

  it.each([
    [1234.5, "1234,5"],
    [0.1 + 0.2, "0,3"],
    [1e15, "1000000000000000"],
    [1e21, "1000000000000000000000"],
    [-0, "0"],
    [0.000_000_1, "0,0000001"],
    [12.345, "12,345"],
  ])("number %d as %j", (number, text) => expect(numberText(number)).toBe(text));

  it.each([
    ["dd\\.mm\\.yyyy", true],
    ["TT.MM.JJJJ", true],
    ["mmm yy", true],
    ["[$-407]d. mmmm yyyy;@", true],
    ["General", false],
    ["Standard", false],
    ['#,##0.00 "dy"', false],
    ["[Red]0.00", false],
    ["[h]:mm", false],
    ["0.00E+00", false],
    ["@", false],
  ])("format %j shows a date: %j", (format, isDate) => expect(isDateFormat(format)).toBe(isDate));

  it("without cell and row references, and with prefixes", async () => {
    const xml = sheetData([header, ["1", "<c/>"], ["<c/>", "b"]]).replaceAll(/<(\/?)(\w)/g, "<$1x:$2");
    expect(shownRows((await read(packed([xml]))).rows)).toEqual(["2: 1|", "3: |b"]);
  });

  it("keeps the sheet's own row numbers when rows are left out", async () => {
    const rows = sheetData([header, ["1", "a"], ["2", "b"]], ['r="3"', 'r="7"', 'r="8"']);
    const { table, rows: found } = await read(packed([rows]));
    expect(shownRows(found)).toEqual(["7: 1|a", "8: 2|b"]);
    expect(table?.notes).toEqual([]);
  });
});

describe("openTable() rejects rows of a workbook", () => {
  const withRow = (row: readonly string[], rest = "") =>
    packed([sheetData([header, row, ["9", "z"]]) + rest]);

  it.each([
    ["an error value", ["1", '<c t="e"><v>#N/A</v></c>']],
    ["a formula without result", ["1", "<c><f>A1</f></c>"]],
    ["a formula with an empty result where a number is due", ["1", "<c><f>A1</f><v></v></c>"]],
  ])("with %s", async (_, row) => {
    const { rows } = await read(withRow(row));
    expect(rows.map(({ defect }) => defect)).toEqual([{ code: "E-015", column: 1, detail: 0 }, undefined]);
  });

  it("with a control character", async () => {
    const { rows } = await read(withRow(["1", "a_x0007_b"]));
    expect(rows[0]?.defect).toEqual({ code: "E-013", column: 1, detail: 0 });
  });

  it("with a merged cell, every row of the area, but not for merged titles", async () => {
    const rows = [["Titel"], header, ["1", "a"], ["2", "b"], ["3", "c"]];
    const merges = '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="B3:B4"/></mergeCells>';
    const found = await read(packed([sheetData(rows) + merges]));
    expect(shownRows(found.rows)).toEqual(["3: E-015", "4: E-015", "5: 3|c"]);
    expect(codesOf(found.table?.notes)).toEqual(["H-010"]);
  });

  it("only for columns that are kept", async () => {
    const rows = [
      ["PersNr", "Name", "Fremd", "Text"],
      ["1", "a", '<c t="e"><v>#REF!</v></c>', '<c t="e"><v>#REF!</v></c>'],
    ];
    const merges = '<mergeCells><mergeCell ref="C2:D2"/></mergeCells>';
    const found = await read(packed([sheetData(rows) + merges]), wantedOf("PersNr Name Text!"));
    expect(shownRows(found.rows)).toEqual(["2: 1|a||"]);
  });
});

describe("openTable() chooses the sheet", () => {
  const good = sheetData([header, ["1", "a"]]);
  const other = sheetData([["Notiz"], ["x"]]);
  const titles = (count: number) =>
    sheetData([...Array.from({ length: count }, () => ["Titel"]), header, ["1", "a"]]);

  it.each([
    ["the only one that fits", [other, good], {}, []],
    ["none", [other], {}, ["D-015"]],
    [
      "none, with what is missing where it nearly fits",
      [sheetData([["PersNr", "Nam"]])],
      {},
      ["D-015", "D-006"],
    ],
    ["two", [good, good], {}, ["D-015"]],
    ["the configured one of two", [good, good], { sheetName: "blatt1" }, []],
    ["a configured one that is not there", [good], { sheetName: "Daten" }, ["D-015"]],
    ["a header in row 20", [titles(19)], {}, []],
    ["a header in row 21", [titles(20)], {}, ["D-015"]],
    ["a doubled column", [sheetData([["PersNr", "Name", "Name"]])], {}, ["D-007"]],
  ] as const)("%s", async (_, sheets, more, codes) => {
    const { findings } = await read(packed(sheets), wantedOf("PersNr Name", more));
    expect(codesOf(findings)).toEqual(codes);
  });

  it("among visible sheets only, with a note on hidden ones", async () => {
    const { table, rows } = await read(packed([good, good], { attributes: ['state="veryHidden"', ""] }));
    expect(codesOf(table?.notes)).toEqual(["H-009"]);
    expect(shownRows(rows)).toEqual(["2: 1|a"]);
    expect(codesOf((await read(packed([good], { attributes: ['state="hidden"'] }))).findings)).toEqual([
      "D-015",
    ]);
  });

  it.each([
    ["hidden rows", sheetData([header, ["1", "a"], ["2", "b"]], ["", 'hidden="1"'])],
    [
      "a filter",
      `${sheetData([header, ["1", "a"], ["2", "b"]])}<autoFilter ref="A1:B3"><filterColumn colId="0"/></autoFilter>`,
    ],
  ])("and reads %s with a note", async (_, sheet) => {
    const { table, rows } = await read(packed([sheet]));
    expect(codesOf(table?.notes)).toEqual(["H-007"]);
    expect(rows).toHaveLength(2);
  });

  it("and gives the same rows when rows() is called again", async () => {
    const { table, rows } = await read(packed([good]));
    const again = [];
    for await (const batch of table?.rows() ?? []) again.push(...batch);
    expect(again).toEqual(rows);
  });
});

describe("openTable() refuses files that are no plain workbook", () => {
  const compound = (text: string) =>
    Buffer.concat([
      Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
      Buffer.from(text, "utf16le"),
    ]);
  const good = packed([sheetData([header, ["1", "a"]])]);
  const withPart = (part: string, content: Uint8Array) => zipSync({ ...unzipSync(good), [part]: content });
  const doctype = '<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>';

  it.each([
    ["a password", compound("EncryptedPackage"), "D-004"],
    ["the old format under the new name", compound("Workbook"), "D-016"],
    ["a CSV under the name", strToU8("PersNr;Name\n1;a\n"), "D-003"],
    ["HTML under the name", strToU8("<html><table></table></html>"), "D-003"],
    ["nothing", new Uint8Array(), "D-001"],
    ["an archive that is no workbook", zipSync({ "a.txt": strToU8("a") }), "D-003"],
    ["half an archive", good.subarray(0, good.length - 40), "D-012"],
    ["a document type", withPart("xl/worksheets/s0.xml", strToU8(doctype)), "D-003"],
    ["XML that does not close", withPart("xl/worksheets/s0.xml", strToU8("<worksheet><sheetData>")), "D-003"],
    ["bytes that are not UTF-8", withPart("xl/workbook.xml", Uint8Array.of(0x3c, 0x61, 0xff)), "D-003"],
    [
      "201 entries",
      zipSync(Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`${at}`, strToU8("")]))),
      "D-003",
    ],
    ["a part that unpacks 300 : 1 above 10 MB", withPart("xl/a.xml", new Uint8Array(11_000_000)), "D-014"],
  ])("%s", async (_, content, code) => expect(codesOf((await read(content)).findings)).toEqual([code]));

  it("by the name .xls, whatever it holds", async () => {
    expect(codesOf((await read(good, twoColumns, "EWO.xls")).findings)).toEqual(["D-016"]);
  });

  it("a directory that lies about sizes", async () => {
    const lying = zipSync({
      ...unzipSync(good),
      "xl/worksheets/s0.xml": [strToU8(`<a>${"x".repeat(90_000)}</a>`), { level: 9 }],
    });
    expect(codesOf((await read(patched(lying, "xl/worksheets/s0.xml", 24, 5_000))).findings)).toEqual([
      "D-003",
    ]);
  });

  it("entries that overlap", async () => {
    expect(codesOf((await read(patched(good, "xl/workbook.xml", 42, 0))).findings)).toEqual(["D-003"]);
  });

  it("an entry that is too large by the directory, before anything is unpacked", async () => {
    expect(codesOf((await read(patched(good, "xl/styles.xml", 24, 201 * 1024 * 1024))).findings)).toEqual([
      "D-014",
    ]);
  });

  it("a part whose checksum does not fit", async () => {
    expect(codesOf((await read(patched(good, "xl/workbook.xml", 16, 1))).findings)).toEqual(["D-012"]);
  });

  it("a row that comes twice, while it is read", async () => {
    const rows = sheetData([header, ["1", "a"], ["2", "b"]], ['r="1"', 'r="2"', 'r="2"']);
    expect(codesOf((await read(packed([rows]))).findings)).toEqual(["D-003"]);
  });

  /** The archive with one number of an entry's record in the directory changed. */
  function patched(archive: Uint8Array, part: string, at: number, value: number): Uint8Array {
    const bytes = Buffer.from(archive);
    const record = bytes.lastIndexOf(part) - 46;
    bytes.writeUInt32LE(value, record + at);
    return bytes;
  }
});
