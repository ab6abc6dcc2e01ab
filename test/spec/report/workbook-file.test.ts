import { PassThrough } from "node:stream";
import ExcelJS from "exceljs";
import { unzipSync } from "fflate";
import { readXlsx } from "hucre";
import { describe, expect, test } from "vitest";
import {
  type Cell,
  type SheetModel,
  type WorkbookModel,
  writeWorkbookFile,
} from "../../../shared/report/workbook-file.ts";

const properties = {
  title: "Titel",
  subject: "Gegenstand",
  creator: "Statistikstelle",
  description: "Beschreibung",
  keywords: "Wörter",
  company: 'Stadt & "Land" $1',
  created: "2026-11-23T05:00:00.000Z",
};

function text(value: string): Cell {
  return { value, style: "text" };
}

function header(value: string): Cell {
  return { value, style: "header" };
}

const rows: readonly (readonly Cell[])[] = [
  [{ value: "zum anderen", style: "link", link: "O'Neil" }],
  [header("Gebiet"), { value: "Anzahl", style: "header-number" }, header("Tag")],
  [text("001"), { value: 1234, style: "number" }, { value: "2026-11-20", style: "date" }],
  [text("002"), { value: ".", style: "sign" }, text("offen")],
];
const table = {
  name: "T01_Gebiet",
  headerRow: 2,
  columns: ["Gebiet", "Anzahl", "Tag"],
  rowCount: 2,
  filter: false,
};
const sheet: SheetModel = { name: "T01", columnWidths: [32, 16, 16], rows, table };
const other: SheetModel = { name: "O'Neil", columnWidths: [10], rows: [[text("Ende")]] };

function modelOf(...sheets: readonly SheetModel[]): WorkbookModel {
  return { properties, sheets };
}

async function partsOf(model: WorkbookModel): Promise<Readonly<Record<string, string>>> {
  const parts = Object.entries(unzipSync(await writeWorkbookFile(model)));
  return Object.fromEntries(parts.map(([name, content]) => [name, new TextDecoder().decode(content)]));
}

describe("writeWorkbookFile()", () => {
  test("writes cells, table, link, widths and frozen panes that another reader finds", async () => {
    const read = await readXlsx(
      await writeWorkbookFile(modelOf({ ...sheet, freeze: { rows: 2, columns: 1 } }, other)),
    );
    expect(read.sheets[0]).toMatchObject({
      name: "T01",
      rows: [
        ["zum anderen", null, null],
        ["Gebiet", "Anzahl", "Tag"],
        ["001", 1234, new Date("2026-11-20T00:00:00Z")],
        ["002", ".", "offen"],
      ],
      columns: [{ width: 32 }, { width: 16 }, { width: 16 }],
      freezePane: { rows: 2, columns: 1 },
      tables: [{ name: "T01_Gebiet", range: "A2:C4", showAutoFilter: false }],
    });
    expect(read.sheets[0]?.cells?.get("0,0")?.hyperlink).toMatchObject({ location: "'O''Neil'!A1" });
    expect(read.properties?.company).toBe('Stadt & "Land" $1');
  });

  test("writes a package whose every part is declared, related and reachable", async () => {
    const parts = await partsOf(modelOf(sheet, other));
    const names = Object.keys(parts);
    expect(names.filter((name) => name.startsWith("/") || name.endsWith("/") || name.includes("\\"))).toEqual(
      [],
    );
    const declared = [...(parts["[Content_Types].xml"] ?? "").matchAll(/PartName="\/([^"]+)"/g)].map(
      ([, name]) => name,
    );
    expect(declared.toSorted()).toEqual(
      names.filter((name) => name.endsWith(".xml") && name !== "[Content_Types].xml").toSorted(),
    );
    expect(Object.values(parts).join("")).not.toContain("TargetMode");
    expect(parts["xl/worksheets/_rels/sheet1.xml.rels"]).toContain('Target="../tables/table1.xml"');
    expect(parts["xl/worksheets/_rels/sheet2.xml.rels"]).toBeUndefined();
    const order = [
      "<sheetViews",
      "<cols",
      "<sheetData",
      "<hyperlinks",
      "<pageMargins",
      "<pageSetup",
      "<tableParts",
    ];
    const places = order.map((element) => (parts["xl/worksheets/sheet1.xml"] ?? "").indexOf(element));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(parts["xl/workbook.xml"]).toMatch(/firstSheet="0" activeTab="0"/);
    expect(parts["xl/worksheets/sheet2.xml"]).not.toContain("tabSelected");
  });

  test("escapes what readers would turn into a character, in cells and headers", async () => {
    const odd = { ...table, columns: ["_x0041_ & <b>", "Anzahl", "Tag"] };
    const changed = [rows[0] ?? [], [header("_x0041_ & <b>"), ...(rows[1] ?? []).slice(1)], ...rows.slice(2)];
    const read = await readXlsx(
      await writeWorkbookFile(modelOf({ ...sheet, rows: changed, table: odd }, other)),
    );
    expect(read.sheets[0]?.rows[1]?.[0]).toBe("_x0041_ & <b>");
  });

  test("takes lazy rows once and in order", async () => {
    let given = 0;
    function* many(): Generator<readonly Cell[]> {
      yield [header("Nummer")];
      for (given = 0; given < 20_000; given += 1) {
        yield [{ value: given, style: "number" }];
      }
    }
    const long = { name: "lang", columnWidths: [10], rows: many() };
    const bytes = await writeWorkbookFile(
      modelOf({
        ...long,
        table: { name: "lang_1a", headerRow: 1, columns: ["Nummer"], rowCount: 20_000, filter: true },
      }),
    );
    expect(given).toBe(20_000);
    const read = await readXlsx(bytes);
    expect(read.sheets[0]?.rows).toHaveLength(20_001);
    expect(read.sheets[0]?.rows.at(-1)).toEqual([19_999]);
    expect(read.sheets[0]?.tables?.[0]).toMatchObject({ range: "A1:A20001", showAutoFilter: true });
  });

  test("passes an error of the rows on and stops", async () => {
    function* broken(): Generator<readonly Cell[]> {
      yield [text("eins")];
      throw new TypeError("Cannot read rows");
    }
    await expect(writeWorkbookFile(modelOf({ ...other, rows: broken() }))).rejects.toThrow(
      "Cannot read rows",
    );
  });
});

describe("writeWorkbookFile() refuses", () => {
  const withTable = (change: Partial<NonNullable<SheetModel["table"]>>) =>
    modelOf({ ...sheet, table: { ...table, ...change } }, other);
  const withCell = (cell: Cell) => modelOf({ ...other, rows: [[cell]] });

  test.each([
    ["a table name with a space", withTable({ name: "T01 Gebiet" })],
    ["a table name like a cell", withTable({ name: "T01" })],
    ["a table name like a row and column", withTable({ name: "R1C1" })],
    ["a table name with an umlaut", withTable({ name: "Übersicht_1" })],
    [
      "two tables of the same name but for case",
      modelOf(sheet, { ...sheet, name: "T02", table: { ...table, name: "t01_gebiet" } }, other),
    ],
    ["headers that are the same but for case", withTable({ columns: ["Gebiet", "gebiet", "Tag"] })],
    ["a header of two lines", withTable({ columns: ["Ge\nbiet", "Anzahl", "Tag"] })],
    ["an empty header", withTable({ columns: [" ", "Anzahl", "Tag"] })],
    ["header cells that are not the columns", withTable({ columns: ["Gebiete", "Anzahl", "Tag"] })],
    ["a table without a row", withTable({ rowCount: 0 })],
    ["rows below the table", withTable({ rowCount: 1 })],
    ["fewer rows than the table", withTable({ rowCount: 3 })],
    ["two sheets of the same name but for case", modelOf(other, { ...other, name: "o'neil" })],
    ["no sheet", modelOf()],
    ["a sheet name with a slash", modelOf({ ...other, name: "a/b" })],
    ["a sheet name of 32 characters", modelOf({ ...other, name: "a".repeat(32) })],
    ["a link without a target", withCell({ value: "x", style: "link", link: "T99" })],
    ["a number that is not one", withCell({ value: Number.NaN, style: "number" })],
    ["an infinite number", withCell({ value: Number.POSITIVE_INFINITY, style: "number" })],
    ["a control character", withCell(text("a\u0007b"))],
    ["a character that XML does not have", withCell(text("a\uffffb"))],
    ["half a character", withCell(text("a\ud800b"))],
    ["a text that is too long", withCell(text("a".repeat(32_768)))],
    ["a date that is none", withCell({ value: "2026-02-30", style: "date" })],
    [
      "a time of creation that is none",
      { ...modelOf(other), properties: { ...properties, created: "gestern" } },
    ],
  ])("%s", async (_case, model) => {
    await expect(writeWorkbookFile(model)).rejects.toThrow(RangeError);
  });

  test("with sheet and row, never with the content of the cell", async () => {
    const secret = withCell(text("Geheimnis\u0007"));
    await expect(writeWorkbookFile(secret)).rejects.toThrow('Cannot write sheet "O\'Neil", row 1');
    await expect(writeWorkbookFile(secret)).rejects.not.toThrow("Geheimnis");
  });
});

/** What the writer uses of exceljs 4.4.0 beyond its types; each has an effect that would vanish silently. */
describe("exceljs still has the private member", () => {
  const writer: unknown = new ExcelJS.stream.xlsx.WorkbookWriter({
    stream: new PassThrough(),
    useStyles: true,
  });
  const worksheet: unknown = new ExcelJS.stream.xlsx.WorkbookWriter({
    stream: new PassThrough(),
  }).addWorksheet("A");

  function member(owner: unknown, ...path: readonly string[]): unknown {
    return path.reduce<unknown>((found, name) => Reflect.get(Object(found), name), owner);
  }

  test.each([
    ["zip.append", member(writer, "zip", "append")],
    ["zip.abort", member(writer, "zip", "abort")],
    ["addThemes", member(writer, "addThemes")],
    ["_openStream", member(writer, "_openStream")],
    ["styles._addFont", member(writer, "styles", "_addFont")],
    ["sheet._sheetRelsWriter.addRelationship", member(worksheet, "_sheetRelsWriter", "addRelationship")],
    ["sheet._writeHyperlinks", member(worksheet, "_writeHyperlinks")],
    ["sheet._writeCloseWorksheet", member(worksheet, "_writeCloseWorksheet")],
  ])("%s", (_name, found) => {
    expect(found).toBeTypeOf("function");
  });

  test("addThemes, zip.append: every entry has the time 1980-01-01 and no leading slash", async () => {
    const bytes = await writeWorkbookFile(modelOf(sheet, other));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const dates: number[] = [];
    for (let at = 0; at < bytes.length - 4; at += 1) {
      if (view.getUint32(at, true) === 0x02014b50) {
        dates.push(view.getUint32(at + 12, true));
      }
    }
    expect(dates.length).toBeGreaterThan(10);
    expect(new Set(dates)).toEqual(new Set([0x00210000]));
  });

  test("styles._addFont: Arial 10 is the first font, the unit of column widths", async () => {
    const styles = (await partsOf(modelOf(other)))["xl/styles.xml"] ?? "";
    expect(/<fonts[^>]*><font>(.*?)<\/font>/.exec(styles)?.[1]).toMatch(/sz val="10".*name val="Arial"/);
  });

  test("_writeHyperlinks, _writeCloseWorksheet: a link has a location, the sheet ends with its table", async () => {
    const xml = (await partsOf(modelOf(sheet, other)))["xl/worksheets/sheet1.xml"] ?? "";
    expect(xml).toContain(`<hyperlink ref="A1" location="'O''Neil'!A1" display="zum anderen"/>`);
    expect(xml).toMatch(/<tableParts count="1"><tablePart r:id="rId1"\/><\/tableParts><\/worksheet>$/);
  });
});
