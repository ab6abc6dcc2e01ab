import type { AuditedTable } from "../disclosure/released-table.ts";
import { refuseUnknown } from "../registers/refuse-unknown.ts";
import type { CountedTable, Measure } from "../tables/table.ts";
import { dimensionsOf, longHeader, longRow } from "./csv.ts";
import { germanDay, printable } from "./german-text.ts";
import { type ReleasedCell, releasedCells } from "./released-cells.ts";
import { signOf } from "./signs.ts";
import {
  datesLine,
  headRows,
  type PublishedTable,
  publishedHead,
  type SheetContext,
  textRow,
  titleOfRegister,
} from "./table-head.ts";
import { type LayoutRow, layoutOf, type TableLayout } from "./table-layout.ts";
import { dayOfMeasure, missingSentence, withheldSentence } from "./texts.ts";
import type { Cell, CellStyle, SheetModel } from "./workbook-file.ts";

/** More data rows than this, and the header and the names of the rows stay in sight. */
const freezeAboveRows = 40;

const labelWidth = 32;
const levelWidth = 22;
const widestLabel = 60;
const numberWidth = 16;
/** Longer lists of deliveries are on the sheet of all deliveries. */
export const deliveriesNamed = 5;

export function csvSheetName(id: string): string {
  return `csv-${id}`;
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

function publishedSheet(released: PublishedTable, context: SheetContext): SheetModel {
  const { table } = released;
  const layout = layoutOf(table);
  const head = publishedHead(released, layout, context);
  const columns = [...layout.labelHeaders, ...layout.numberColumns.map(({ header }) => header)];
  const headerRow = head.length + 1;
  return {
    name: table.id,
    columnWidths: [...labelWidths(layout), ...layout.numberColumns.map(({ header }) => headerWidth(header))],
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

/** Names of areas or categories stand in the last of these columns and are never cut off by the number beside them. */
function labelWidths(layout: TableLayout): readonly number[] {
  const { labelHeaders } = layout;
  let longest = labelWidth;
  for (const { labels } of layout.rows()) {
    longest = Math.max(longest, (labels.at(-1)?.length ?? 0) + 1);
  }
  return labelHeaders.map((header, column) => {
    if (column === labelHeaders.length - 1) {
      return Math.min(longest, widestLabel);
    }
    return header === "Ebene" ? levelWidth : numberWidth;
  });
}

/** Wide enough for the longest word of the bold heading, so that no word is broken. */
function headerWidth(header: string): number {
  return Math.max(numberWidth, ...header.split(" ").map((word) => Math.ceil(word.length * 1.1) + 2));
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

function deliveriesCell({ deliveries }: CountedTable): string {
  return deliveries.length <= deliveriesNamed
    ? deliveries.join(" ")
    : `${deliveries.length} Lieferungen, siehe Blatt ${csvSheetName("Datenstand")}`;
}
