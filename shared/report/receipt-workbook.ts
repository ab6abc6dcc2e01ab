import type { FindingCode } from "../registers/finding.ts";
import type { ColumnSpec } from "../registers/register.ts";
import { type FindingText, findingText } from "./finding-texts.ts";
import { germanNumber } from "./german-text.ts";
import { qualityTexts } from "./quality-texts.ts";
import type { Receipt } from "./receipt.ts";
import { columnAt, shownCode } from "./receipt-columns.ts";
import { type ReceiptHead, receiptHead } from "./receipt-head.ts";
import { isRejection, type ReceiptSummary, rowText, summariseReceipt } from "./receipt-summary.ts";
import { type Cell, type SheetModel, writeWorkbookFile } from "./workbook-file.ts";

/** Rows of `Abgelehnte Zeilen`; a sheet holds 1,048,576 rows with its head. */
const rejectedRowLimit = 1_000_000;
const noteLimitPerGroup = 1_000;
const workListLimit = 1_000;

const firstSheet = "Zusammenfassung";
const findingColumns = ["Zeile", "Spalte", "Code", "Fehlercode", "Was ist falsch", "Was tun"] as const;
const findingWidths = [12, 32, 14, 12, 70, 60] as const;

/** Sizes that a test may lower. */
export type ReceiptLimits = { readonly rejectedRows: number; readonly notesPerGroup: number };

/**
 * The receipt as an .xlsx file. Rows are written one by one from the finding log, so that memory grows with the file's
 * bytes only. Of rejected rows the first million is listed, of notes the first thousand per code and column; what is left
 * out is said with its number, and `Zusammenfassung` counts everything.
 */
export function receiptWorkbook(
  receipt: Receipt,
  limits: ReceiptLimits = { rejectedRows: rejectedRowLimit, notesPerGroup: noteLimitPerGroup },
): Promise<Uint8Array> {
  const summary = summariseReceipt(receipt);
  const head = receiptHead(receipt, summary);
  const { office, delivery } = receipt;
  return writeWorkbookFile({
    properties: {
      title: head.title,
      subject: head.counts,
      creator: office.kontakt.stelle,
      description: head.result,
      keywords: "Quittung, Lieferung, Statistik",
      company: office.name,
      created: delivery.settledAt ?? delivery.receivedAt,
    },
    sheets: [
      summarySheet(head, summary),
      rejectedSheet(receipt, summary, limits.rejectedRows),
      notesSheet(receipt, summary, limits.notesPerGroup),
      oddSheet(receipt),
    ],
  });
}

type Row = readonly Cell[];
type Table = NonNullable<SheetModel["table"]>;

function summarySheet(head: ReceiptHead, summary: ReceiptSummary): SheetModel {
  const columns = ["Fehlercode", "Spalte", "Anzahl", "Erste Zeilen", "Was ist falsch", "Was tun"];
  const groups = [...summary.rejected, ...summary.notes].map(
    ({ code, label, count, firstLines, text }): Row => [
      textCell(code),
      textCell(label),
      { value: count, style: "number" },
      textCell(firstLines.join(", ")),
      wrapCell(text.wrong),
      wrapCell(text.todo),
    ],
  );
  const file = summary.file.map(
    ({ code, text }): Row => [
      textCell(code),
      textCell("ganze Datei"),
      { value: 1, style: "number" },
      textCell("–"),
      wrapCell(text.wrong),
      wrapCell(text.todo),
    ],
  );
  const lines = [
    head.counts,
    head.result,
    head.todo,
    ...head.facts.map(({ label, text }) => `${label}: ${text}`),
  ];
  return sheetOf({
    name: firstSheet,
    title: head.title,
    lines,
    empty: "Es gibt keine Beanstandungen und keine Hinweise.",
    columnWidths: [14, 32, 12, 24, 70, 60],
    table: { name: "Zusammenfassung_Befunde", columns, rowCount: file.length + groups.length },
    rows: [...file, ...groups],
  });
}

function rejectedSheet(receipt: Receipt, summary: ReceiptSummary, limit: number): SheetModel {
  const all = summary.rejected.reduce((sum, { count }) => sum + count, 0);
  const shown = Math.min(all, limit);
  const rest = all - shown;
  return sheetOf({
    name: "Abgelehnte Zeilen",
    title: "Abgelehnte Zeilen",
    lines: [
      "Die Zeilennummer ist die Ihrer Datei. Unter „Code“ steht nur ein Schlüssel, der zur Spalte passt.",
      ...(rest > 0
        ? [
            `Gezeigt werden die ersten ${germanNumber(shown)} Befunde; ${germanNumber(rest)} weitere sind gezählt, aber nicht aufgeführt.`,
          ]
        : []),
    ],
    empty: "Es wurde keine Zeile abgelehnt.",
    columnWidths: findingWidths,
    table: { name: "Abgelehnte_Zeilen", columns: findingColumns, rowCount: shown },
    rows: findingRows(receipt, summary, isRejection, () => true, limit),
  });
}

function notesSheet(receipt: Receipt, summary: ReceiptSummary, limit: number): SheetModel {
  const shown = summary.notes.reduce((sum, { listed }) => sum + Math.min(listed, limit), 0);
  const all = summary.notes.reduce((sum, { count }) => sum + count, 0);
  return sheetOf({
    name: "Hinweise",
    title: "Hinweise zu übernommenen Zeilen",
    lines: [
      "Diese Zeilen wurden übernommen. Hinweise zur ganzen Datei stehen in der Zusammenfassung.",
      ...(all > shown
        ? [
            `Je Hinweis und Spalte sind die ersten ${germanNumber(limit)} Zeilen aufgeführt; die Zusammenfassung zählt alle ${germanNumber(all)}.`,
          ]
        : []),
    ],
    empty: "Es gibt keine Hinweise zu einzelnen Zeilen.",
    columnWidths: findingWidths,
    table: { name: "Hinweise_Zeilen", columns: findingColumns, rowCount: shown },
    rows: findingRows(receipt, summary, (code) => !isRejection(code), atMostPerGroup(limit), shown),
  });
}

/** True for the first `limit` findings of each code and column. */
function atMostPerGroup(limit: number): (code: FindingCode, column: number) => boolean {
  const counts = new Map<string, number>();
  return (code, column) => {
    const key = `${code} ${column}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count <= limit;
  };
}

function* findingRows(
  receipt: Receipt,
  { columns }: ReceiptSummary,
  isWanted: (code: FindingCode) => boolean,
  isWithin: (code: FindingCode, column: number) => boolean,
  limit: number,
): Generator<Row> {
  let written = 0;
  for (const { code, line, column, detail, value } of receipt.outcome.rows.entries()) {
    if (written === limit) return;
    if (!isWanted(code) || !isWithin(code, column)) continue;
    written += 1;
    const shown = columnAt(columns, column);
    const text = rowText(receipt, shown, code, detail);
    yield [
      { value: line, style: "line-number" },
      textCell(shown.label),
      textCell(shownCode(value, shown.spec)),
      textCell(code),
      wrapCell(text.wrong),
      wrapCell(text.todo),
    ];
  }
}

/** What is plausible in no row alone: rules of the quality report that concern the department, and unknown keys. */
function oddSheet(receipt: Receipt): SheetModel {
  const rows = oddRows(receipt);
  return sheetOf({
    name: "Auffälligkeiten",
    title: "Auffälligkeiten dieser Lieferung",
    lines: ["Diese Angaben wurden übernommen, fallen aber auf."],
    empty: "Es gibt keine Auffälligkeiten.",
    columnWidths: [32, 14, 12, 70, 60],
    table: {
      name: "Auffaelligkeiten_Lieferung",
      columns: ["Spalte", "Code", "Zeilen", "Was auffällt", "Was tun"],
      rowCount: rows.length,
    },
    rows,
  });
}

function oddRows({ outcome, columns }: Receipt): readonly Row[] {
  const rules = Object.entries(qualityTexts).flatMap(([rule, text]) => {
    const count = outcome.quality[rule] ?? 0;
    return count > 0 ? [oddRow("", "", count, text)] : [];
  });
  const keys = Object.entries(outcome.workList).flatMap(([column, counts]) =>
    unknownKeyRows(
      columns.find(({ name }) => name === column),
      counts,
    ),
  );
  return [...rules, ...keys];
}

/** The most frequent keys first; a key that does not fit its column is counted, not shown. */
function unknownKeyRows(
  spec: ColumnSpec | undefined,
  counts: Readonly<Record<string, number>>,
): readonly Row[] {
  const column = spec?.name ?? "";
  const text = {
    wrong: "Der Schlüssel ist noch keiner Kategorie zugeordnet.",
    todo: findingText("E-016", {}).todo,
  };
  const keys = Object.entries(counts).sort(([, a], [, b]) => b - a);
  const shown = keys.filter(([key]) => shownCode(key, spec) !== "").slice(0, workListLimit);
  const sum = (entries: readonly (readonly [string, number])[]) =>
    entries.reduce((total, [, count]) => total + count, 0);
  const hidden = sum(keys) - sum(shown);
  return [
    ...shown.map(([key, count]) => oddRow(column, key, count, text)),
    ...(hidden > 0 ? [oddRow(column, "weitere", hidden, text)] : []),
  ];
}

function oddRow(column: string, code: string, count: number, text: FindingText): Row {
  return [
    textCell(column),
    textCell(code),
    { value: count, style: "number" },
    wrapCell(text.wrong),
    wrapCell(text.todo),
  ];
}

type SheetParts = {
  readonly name: string;
  readonly title: string;
  /** Sentences between title and table. */
  readonly lines: readonly string[];
  /** Stands instead of the table when it has no rows. */
  readonly empty: string;
  readonly columnWidths: readonly number[];
  readonly table: Pick<Table, "name" | "columns" | "rowCount">;
  readonly rows: Iterable<Row>;
};

/** A sheet with a head block and one table, or the sentence that there is nothing to list. */
function sheetOf({ name, title, lines, empty, columnWidths, table, rows }: SheetParts): SheetModel {
  const isEmpty = table.rowCount === 0;
  const head: Row[] = [
    name === firstSheet ? [] : [{ value: "zur Zusammenfassung", style: "link", link: firstSheet } as const],
    [{ value: title, style: "title" } as const],
    ...lines.map((line): Row => [textCell(line)]),
    [textCell(isEmpty ? empty : "Dieses Blatt enthält eine Tabelle.")],
  ].filter((row) => row.length > 0);
  if (isEmpty) return { name, columnWidths, rows: head };
  return {
    name,
    columnWidths,
    table: { ...table, headerRow: head.length + 1, filter: false },
    rows: tableRows(head, table.columns, rows),
    ...(table.rowCount > rowsWithoutFreeze ? { freeze: { rows: head.length + 1, columns: 1 } } : {}),
  };
}

const rowsWithoutFreeze = 40;
const numberHeadings: ReadonlySet<string> = new Set(["Anzahl", "Zeile", "Zeilen"]);

function* tableRows(head: readonly Row[], columns: readonly string[], rows: Iterable<Row>): Generator<Row> {
  yield* head;
  yield columns.map((value) => ({ value, style: numberHeadings.has(value) ? "header-number" : "header" }));
  yield* rows;
}

function textCell(value: string): Cell {
  return { value: value === "" ? "–" : value, style: "text" };
}

function wrapCell(value: string): Cell {
  return { value, style: "wrap" };
}
