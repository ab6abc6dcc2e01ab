import type { AuditedTable } from "../disclosure/released-table.ts";
import { refuseUnknown } from "../registers/refuse-unknown.ts";
import type { CountedTable, Measure } from "../tables/table.ts";
import { dimensionsOf, longHeader, longRow } from "./csv.ts";
import { germanDay, printable } from "./german-text.ts";
import { type ReleasedCell, releasedCells } from "./released-cells.ts";
import type { ReportContext } from "./report-context.ts";
import { type Sign, signOf } from "./signs.ts";
import { type LayoutRow, layoutOf, type TableLayout } from "./table-layout.ts";
import {
  dayOfMeasure,
  legend,
  missingSentence,
  noteText,
  treatmentSentence,
  withheldSentence,
} from "./texts.ts";
import type { Cell, CellStyle, SheetModel } from "./workbook-file.ts";

/** More data rows than this, and the header and the names of the rows stay in sight. */
const freezeAboveRows = 40;

const labelWidth = 32;
const numberWidth = 16;

/** What the sheets of a report share: numbers of the notes in order of first use, titles of the tables. */
export type SheetContext = {
  readonly report: ReportContext;
  readonly noteNumbers: ReadonlyMap<string, number>;
  readonly titles: ReadonlyMap<string, string>;
};

type PublishedTable = Extract<AuditedTable, { readonly kind: "published" }>;

export function csvSheetName(id: string): string {
  return `csv-${id}`;
}

function textRow(value: string): readonly Cell[] {
  return [{ value, style: "text" }];
}

export function contentsLink(): readonly Cell[] {
  return [{ value: "zum Inhalt", style: "link", link: "Inhalt" }];
}

/** The notes that still fit the table: where coarsening left nobody without assignment, their note goes too. */
export function notesOf({ notes, dimensions }: CountedTable): readonly string[] {
  const unassigned = dimensions.some(
    ({ id, categories }) => id === "raum" && categories.some(({ code }) => /^ohne(-|$)/.test(code)),
  );
  return [...new Set(notes)].filter((note) => unassigned || note !== "ohne-zuordnung");
}

/** The sheet of a table that people read; withheld and missing tables keep theirs and say why. */
export function tableSheet(released: AuditedTable, context: SheetContext): SheetModel {
  switch (released.kind) {
    case "published":
      return publishedSheet(released, context);
    case "withheld":
      return emptySheet(released.id, withheldRows(released, context));
    case "missing":
      return emptySheet(released.id, [
        ...headRows(released, `Stichtag: ${germanDay(context.report.referenceDate)}`),
        textRow(
          missingSentence(released.missing.map((register) => titleOfRegister(register, context.report))),
        ),
      ]);
    default:
      return refuseUnknown(released, "table of a release");
  }
}

function emptySheet(name: string, rows: readonly (readonly Cell[])[]): SheetModel {
  return { name, columnWidths: [labelWidth], rows };
}

function headRows(
  { id, title }: { readonly id: string; readonly title: string },
  dates: string,
): readonly (readonly Cell[])[] {
  return [contentsLink(), [{ value: `${id} ${printable(title)}`, style: "title" }], textRow(dates)];
}

function withheldRows(
  withheld: Extract<AuditedTable, { readonly kind: "withheld" }>,
  context: SheetContext,
): readonly (readonly Cell[])[] {
  const head = headRows(withheld, datesLine(withheld.referenceDates, context.report));
  const { alternative } = withheld;
  if (alternative === undefined) {
    return [...head, textRow(withheldSentence)];
  }
  const link = `Verfügbar ist: ${alternative} ${printable(context.titles.get(alternative) ?? "")}`.trim();
  return [...head, textRow(withheldSentence), [{ value: link, style: "link", link: alternative }]];
}

function titleOfRegister(register: string, report: ReportContext): string {
  return printable(report.sources.find((source) => source.register === register)?.title ?? register);
}

function datesLine(dates: Readonly<Record<string, string>>, report: ReportContext): string {
  const parts = Object.entries(dates)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([register, date]) => `${germanDay(date)} (${titleOfRegister(register, report)})`);
  return `Stichtag: ${parts.length === 0 ? germanDay(report.referenceDate) : parts.join(", ")}`;
}

function publishedSheet(released: PublishedTable, context: SheetContext): SheetModel {
  const { table } = released;
  const layout = layoutOf(table);
  const head = publishedHead(released, layout, context);
  const columns = [...layout.labelHeaders, ...layout.numberColumns.map(({ header }) => header)];
  const headerRow = head.length + 1;
  return {
    name: table.id,
    columnWidths: [labelWidth, ...columns.slice(1).map((_, index) => widthOf(layout, index + 1))],
    rows: sheetRows(head, layout),
    table: {
      name: `${table.id}_${table.name}`,
      headerRow,
      columns,
      rowCount: layout.rowCount,
      filter: false,
    },
    ...(layout.rowCount > freezeAboveRows
      ? { freeze: { rows: headerRow, columns: layout.labelHeaders.length } }
      : {}),
  };
}

function widthOf({ labelHeaders }: TableLayout, column: number): number {
  return column < labelHeaders.length && column === labelHeaders.length - 1 ? labelWidth : numberWidth;
}

function publishedHead(
  { table, treatments }: PublishedTable,
  layout: TableLayout,
  { report, noteNumbers }: SheetContext,
): readonly (readonly Cell[])[] {
  const marks = notesOf(table).map((note) => ` [Anmerkung ${noteNumbers.get(note) ?? ""}]`);
  const units = [...new Set(table.measures.map(({ unit }) => unit))].map(printable).join(", ");
  const used = signsOn(layout);
  const head = headRows(
    { id: table.id, title: printable(table.title) + marks.join("") },
    `${datesLine(table.referenceDates, report)}; Einheit: ${units}`,
  );
  return [
    ...head,
    textRow("Dieses Blatt enthält eine Tabelle."),
    ...(used.size > 0 ? [textRow(legend(used))] : []),
    ...(treatments.length > 0 ? [textRow(treatmentSentence(table, treatments))] : []),
    ...(marks.length > 0 ? [textRow(notesLine(table, report, noteNumbers))] : []),
    textRow(sourceLine(table, report)),
  ];
}

function notesLine(table: CountedTable, report: ReportContext, numbers: ReadonlyMap<string, number>): string {
  return notesOf(table)
    .map((note) => `[Anmerkung ${numbers.get(note) ?? ""}] ${noteText(note, report)}`)
    .join(" ");
}

function sourceLine(table: CountedTable, report: ReportContext): string {
  const registers = Object.keys(table.referenceDates)
    .toSorted()
    .map((register) => titleOfRegister(register, report));
  const publisher = `${printable(report.office.name)}, ${printable(report.office.kontakt.stelle)}`;
  return registers.length === 0 ? `Quelle: ${publisher}` : `Quelle: ${publisher}; ${registers.join(", ")}`;
}

function signsOn(layout: TableLayout): ReadonlySet<Sign> {
  const used = new Set<Sign>();
  for (const { cells } of layout.rows()) {
    for (const cell of cells) {
      const sign = signOf(cell.state, cell.value);
      if (sign !== undefined) {
        used.add(sign);
      }
    }
  }
  return used;
}

function* sheetRows(head: readonly (readonly Cell[])[], layout: TableLayout): Generator<readonly Cell[]> {
  yield* head;
  yield [
    ...layout.labelHeaders.map((value): Cell => ({ value, style: "header" })),
    ...layout.numberColumns.map(({ header }): Cell => ({ value: header, style: "header-number" })),
  ];
  for (const row of layout.rows()) {
    yield dataRow(row);
  }
}

function dataRow({ labels, cells, total }: LayoutRow): readonly Cell[] {
  return [
    ...labels.map((value): Cell => ({ value, style: total ? "bold" : "text" })),
    ...cells.map((cell) => numberCell(cell, total)),
  ];
}

const numberStyles = {
  count: ["number", "bold-number"],
  difference: ["number", "bold-number"],
  money: ["money", "bold-money"],
  rate: ["rate", "bold-rate"],
} as const satisfies Record<Measure["kind"], readonly [CellStyle, CellStyle]>;

function numberCell(cell: ReleasedCell, total: boolean): Cell {
  const sign = signOf(cell.state, cell.value);
  return sign === undefined
    ? { value: cell.value, style: numberStyles[cell.measure.kind][total ? 1 : 0] }
    : { value: sign, style: total ? "bold-sign" : "sign" };
}

/** The machine twin of a table: the long form of its CSV file, with the day and the deliveries of each number. */
export function csvSheet(released: AuditedTable): SheetModel {
  const header = [...longHeader(dimensionsOf(released)), "stichtag", "lieferung"];
  const id = released.kind === "published" ? released.table.id : released.id;
  const columnWidths = header.map(() => numberWidth);
  if (released.kind !== "published") {
    const style: CellStyle = "text";
    return { name: csvSheetName(id), columnWidths, rows: [header.map((value) => ({ value, style }))] };
  }
  const { table } = released;
  return {
    name: csvSheetName(id),
    columnWidths,
    rows: csvRows(table, header),
    table: {
      name: `csv_${table.id}_${table.name}`,
      headerRow: 1,
      columns: header,
      rowCount: table.dimensions.reduce(
        (product, { categories }) => product * categories.length,
        table.measures.length,
      ),
      filter: true,
    },
  };
}

function* csvRows(table: CountedTable, header: readonly string[]): Generator<readonly Cell[]> {
  yield header.map((value): Cell => ({ value, style: "header" }));
  const ids = table.dimensions.map(({ id }) => id);
  const deliveries = deliveriesCell(table);
  for (const cell of releasedCells(table)) {
    const row = longRow(ids, cell).map((value): Cell => longCell(value, cell.measure));
    const day = dayOfMeasure(table, cell.measure.id);
    yield [...row, { value: day, style: "text" }, { value: deliveries, style: "text" }];
  }
}

function longCell(value: string | number | undefined, measure: Measure): Cell {
  if (typeof value === "number") {
    return { value, style: numberStyles[measure.kind][0] };
  }
  return { value: value === "" ? undefined : value, style: "text" };
}

/** Longer lists would stand in every row again; they are on the sheet Datenstand. */
const deliveriesNamed = 5;

function deliveriesCell({ deliveries }: CountedTable): string {
  return deliveries.length <= deliveriesNamed
    ? deliveries.join(" ")
    : `${deliveries.length} Lieferungen, siehe Blatt Datenstand`;
}
