import { Writable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import ExcelJS from "exceljs";
import { PartStream } from "./part-stream.ts";
import { indented, regular, styles } from "./workbook-styles.ts";
import {
  attribute,
  cellAddress,
  checkHeaders,
  checkSheetName,
  checkSize,
  checkTableName,
  daySerial,
  hasRepeats,
  storedText,
  tablePart,
  wrappedLines,
} from "./workbook-text.ts";

export type CellStyle = keyof typeof styles;

/** `undefined` leaves the cell out. A "date" cell takes "JJJJ-MM-TT". Money is in Euro. */
export type Cell = {
  readonly value: string | number | undefined;
  readonly style: CellStyle;
  /** Name of a sheet of this workbook; the cell's text leads there. */
  readonly link?: string;
};

export type SheetModel = {
  readonly name: string;
  readonly columnWidths: readonly number[];
  /** May be lazy: read once, in order, nothing of it is kept. */
  readonly rows: Iterable<readonly Cell[]>;
  /** A real table object. The header row holds exactly `columns`, `rowCount` data rows follow, nothing below. */
  readonly table?: {
    readonly name: string;
    /** From 1. */
    readonly headerRow: number;
    readonly columns: readonly string[];
    readonly rowCount: number;
    /** Filter buttons; only on sheets for programs. */
    readonly filter: boolean;
  };
  readonly freeze?: { readonly rows: number; readonly columns: number };
};

export type WorkbookModel = {
  readonly properties: {
    readonly title: string;
    readonly subject: string;
    readonly creator: string;
    readonly description: string;
    readonly keywords: string;
    readonly company: string;
    /** ISO instant; also the time of the last change. */
    readonly created: string;
  };
  readonly sheets: readonly SheetModel[];
};

const relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const tableType = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml";
const zipEpoch = new Date(Date.UTC(1980, 0, 1));
const rowsBetweenPauses = 500;

type ZipEntry = { readonly name: string };
type AppendPart = (source: unknown, data: ZipEntry) => unknown;

/** Members of exceljs 4.4.0 that its types do not name; a test fails for each that vanishes. */
type WriterInternals = {
  zip: { append: AppendPart; abort(): unknown };
  styles: { _addFont(font: object): number };
};
type Links = { readonly elements: string[]; readonly sheetNames: ReadonlySet<string> };
type SheetInternals = {
  stream: PartStream;
  _sheetRelsWriter: { addRelationship(relationship: { Type: string; Target: string }): string };
  _writeHyperlinks(): void;
  _writeCloseWorksheet(): void;
};

function internalsOf(writer: Writer): WriterInternals {
  // The published types leave these members out; the version is pinned.
  return writer as unknown as WriterInternals;
}

class Writer extends ExcelJS.stream.xlsx.WorkbookWriter {
  override company: string;
  readonly tableIds: number[] = [];

  constructor(stream: Writable, company: string) {
    super({ stream, useStyles: true, useSharedStrings: false, zip: { zlib: { level: 6 } } });
    this.company = company;
  }

  /** The base constructor calls this before anything is in the zip: the last chance to fix every entry's time. */
  override addThemes(): Promise<void> {
    const zip = internalsOf(this).zip;
    const append = zip.append.bind(zip);
    zip.append = (source, data) =>
      append(completed(this, source, data.name), {
        ...data,
        name: data.name.replace(/^\//, ""),
        // The types of the zip library are not exceljs's; it takes a date.
        ...{ date: zipEpoch },
      });
    return super.addThemes();
  }

  _openStream(path: string): PartStream {
    const stream = new PartStream();
    internalsOf(this).zip.append(stream, { name: path });
    return stream;
  }
}

/** Not a method: private ones do not exist yet when the base constructor adds its first parts. */
function completed(writer: Writer, source: unknown, name: string): unknown {
  if (typeof source !== "string") {
    return source;
  }
  if (name === "[Content_Types].xml") {
    const overrides = writer.tableIds.map(
      (id) => `<Override PartName="/xl/tables/table${id}.xml" ContentType="${tableType}"/>`,
    );
    return source.replace("</Types>", `${overrides.join("")}</Types>`);
  }
  return name === "docProps/app.xml"
    ? source.replace(
        /<Company\/>|<Company><\/Company>/,
        () => `<Company>${attribute(writer.company)}</Company>`,
      )
    : source;
}

/**
 * The bytes of an .xlsx file: the same model gives the same bytes on the same machine, at any time and in any time zone.
 * Sheets keep their order, nothing is hidden, the first sheet opens at A1.
 *
 * @throws {RangeError} naming sheet, row and rule, before anything is handed out: bad or repeated names of sheets or
 * tables, repeated or multi-line headers, a table that does not match its rows, links without a target, numbers that
 * are not finite, characters that a workbook cannot hold.
 */
export async function writeWorkbookFile(model: WorkbookModel): Promise<Uint8Array> {
  checkModel(model);
  const chunks: Uint8Array[] = [];
  const output = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  const writer = openWriter(model, output);
  const sheetNames = new Set(model.sheets.map((sheet) => sheet.name));
  try {
    for (const [index, sheet] of model.sheets.entries()) {
      await writeSheet(writer, sheet, index === 0, sheetNames);
    }
    await writer.commit();
  } catch (error) {
    internalsOf(writer).zip.abort();
    throw error;
  }
  return joined(chunks);
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function openWriter({ properties }: WorkbookModel, output: Writable): Writer {
  const created = new Date(properties.created);
  const writer = new Writer(output, properties.company);
  Object.assign(writer, {
    title: properties.title,
    subject: properties.subject,
    creator: properties.creator,
    lastModifiedBy: properties.creator,
    description: properties.description,
    keywords: properties.keywords,
    language: "de-DE",
    created,
    modified: created,
    views: [
      { x: 0, y: 0, width: 24_000, height: 12_000, firstSheet: 0, activeTab: 0, visibility: "visible" },
    ],
  });
  // Font 0 is the unit of column widths; without this it would be Calibri 11.
  internalsOf(writer).styles._addFont(regular);
  return writer;
}

async function writeSheet(
  writer: Writer,
  model: SheetModel,
  first: boolean,
  sheetNames: ReadonlySet<string>,
): Promise<void> {
  const sheet = writer.addWorksheet(model.name, {
    views: [{ ...viewOf(model.freeze), ...(first ? { tabSelected: true } : {}) }],
    pageSetup: { paperSize: 9, orientation: "landscape", fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
  });
  sheet.columns = model.columnWidths.map((width) => ({ width }));
  // See SheetInternals.
  const internals = sheet as unknown as SheetInternals;
  const links: string[] = [];
  const tableId = model.table === undefined ? 0 : writer.tableIds.length + 1;
  addEnding(internals, links, tableId);
  const written = await writeRows(sheet, internals.stream, model, { elements: links, sheetNames });
  sheet.commit();
  await internals.stream.ready();
  if (model.table !== undefined) {
    writer.tableIds.push(tableId);
    internalsOf(writer).zip.append(tablePart(tableId, model.table, tableRef(model, written)), {
      name: `xl/tables/table${tableId}.xml`,
    });
  }
  await setImmediate();
}

function viewOf(freeze: SheetModel["freeze"]): Partial<ExcelJS.WorksheetView> {
  return freeze === undefined
    ? { state: "normal", activeCell: "A1" }
    : { state: "frozen", xSplit: freeze.columns, ySplit: freeze.rows };
}

/** What exceljs's streaming writer cannot write by itself: links within the workbook, and the table object. */
function addEnding(sheet: SheetInternals, links: readonly string[], tableId: number): void {
  sheet._writeHyperlinks = () => {
    if (links.length > 0) {
      sheet.stream.write(`<hyperlinks>${links.join("")}</hyperlinks>`);
    }
  };
  sheet._writeCloseWorksheet = () => {
    if (tableId > 0) {
      const id = sheet._sheetRelsWriter.addRelationship({
        Type: `${relationships}/table`,
        Target: `../tables/table${tableId}.xml`,
      });
      sheet.stream.write(`<tableParts count="1"><tablePart r:id="${id}"/></tableParts>`);
    }
    sheet.stream.write("</worksheet>");
  };
}

async function writeRows(
  sheet: ExcelJS.Worksheet,
  stream: PartStream,
  model: SheetModel,
  links: Links,
): Promise<number> {
  let number = 0;
  for (const cells of model.rows) {
    number += 1;
    const where = `sheet "${model.name}", row ${number}`;
    checkSize(number, cells.length, where);
    checkHeaderRow(model, number, cells, where);
    writeRow(sheet.getRow(number), cells, links, where);
    const height = rowHeight(model, cells);
    if (height !== undefined) {
      sheet.getRow(number).height = height;
    }
    sheet.getRow(number).commit();
    if (number % rowsBetweenPauses === 0) {
      await stream.ready();
    }
  }
  return number;
}

function writeRow(row: ExcelJS.Row, cells: readonly Cell[], links: Links, where: string): void {
  let afterNumber = false;
  for (const [index, cell] of cells.entries()) {
    if (cell.value !== undefined) {
      const target = row.getCell(index + 1);
      target.value = storedValue(cell, where);
      target.style = (afterNumber ? indented[cell.style] : undefined) ?? styles[cell.style];
    }
    if (cell.link !== undefined) {
      links.elements.push(linkElement(cellAddress(row.number, index + 1), cell, links, where));
    }
    afterNumber = typeof cell.value === "number" || cell.style === "header-number";
  }
}

function storedValue(cell: Cell, where: string): string | number | undefined {
  if (cell.style === "date" && cell.value !== undefined) {
    return daySerial(String(cell.value), where);
  }
  if (typeof cell.value === "string") {
    return storedText(cell.value, where);
  }
  if (cell.value !== undefined && !Number.isFinite(cell.value)) {
    throw new RangeError(`Cannot write ${where}: numbers must be finite`);
  }
  return cell.value;
}

function linkElement(address: string, cell: Cell, { sheetNames }: Links, where: string): string {
  if (cell.link === undefined || cell.value === undefined || !sheetNames.has(cell.link)) {
    throw new RangeError(
      `Cannot write ${where}: a link must have a text and lead to a sheet of the workbook`,
    );
  }
  const location = attribute(`'${cell.link.replaceAll("'", "''")}'!A1`);
  return `<hyperlink ref="${address}" location="${location}" display="${attribute(String(cell.value))}"/>`;
}

/** Points; only where the default would cut the text off: no program computes it from the file alone. */
function rowHeight(model: SheetModel, cells: readonly Cell[]): number | undefined {
  let lines = 0;
  for (const [index, cell] of cells.entries()) {
    if (cell.style === "title") {
      return 24;
    }
    if (cell.style === "wrap" || cell.style === "header" || cell.style === "header-number") {
      lines = Math.max(lines, wrappedLines(String(cell.value ?? ""), charactersIn(cell, model, index)));
    }
  }
  return lines === 0 ? undefined : 14 * lines + 2;
}

/** The unit of a width is a digit; letters of running text are narrower, those of a bold heading are not. */
function charactersIn({ style }: Cell, { columnWidths }: SheetModel, index: number): number {
  const width = columnWidths[index] ?? 9;
  return Math.max(1, style === "wrap" ? Math.floor(width * 1.1) : Math.floor(width) - 1);
}

function checkHeaderRow(model: SheetModel, number: number, cells: readonly Cell[], where: string): void {
  if (model.table?.headerRow !== number) {
    return;
  }
  const same =
    cells.length === model.table.columns.length &&
    model.table.columns.every((name, index) => cells[index]?.value === name);
  if (!same) {
    throw new RangeError(`Cannot write ${where}: header cells must be the columns of the table`);
  }
}

function tableRef(model: SheetModel, rowsWritten: number): string {
  const { headerRow = 0, rowCount = 0, columns = [] } = model.table ?? {};
  if (rowsWritten !== headerRow + rowCount) {
    throw new RangeError(
      `Cannot write sheet "${model.name}": it has ${rowsWritten} rows, the table ends in row ${headerRow + rowCount}`,
    );
  }
  return `${cellAddress(headerRow, 1)}:${cellAddress(rowsWritten, columns.length)}`;
}

function checkModel(model: WorkbookModel): void {
  const { properties, sheets } = model;
  for (const [name, text] of Object.entries(properties)) {
    storedText(text, `property "${name}"`);
  }
  if (Number.isNaN(Date.parse(properties.created))) {
    throw new RangeError('Cannot write workbook: property "created" must be an instant');
  }
  if (sheets.length === 0 || hasRepeats(sheets.map((sheet) => sheet.name))) {
    throw new RangeError("Cannot write workbook: it must have sheets, each with a name of its own");
  }
  if (hasRepeats(sheets.flatMap((sheet) => (sheet.table === undefined ? [] : [sheet.table.name])))) {
    throw new RangeError("Cannot write workbook: table names must be unique without regard to case");
  }
  for (const sheet of sheets) {
    checkSheetName(sheet.name);
    checkTable(sheet);
  }
}

function checkTable({ name, table }: SheetModel): void {
  if (table === undefined) {
    return;
  }
  checkTableName(table.name);
  checkHeaders(table.columns, `sheet "${name}"`);
  if (table.rowCount < 1 || table.headerRow < 1) {
    throw new RangeError(`Cannot write sheet "${name}": a table must have at least one data row`);
  }
}
