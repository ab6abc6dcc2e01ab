import { germanDay, germanInstant, printable } from "./german-text.ts";
import type { DataState, ReportContext } from "./report-context.ts";
import { signs } from "./signs.ts";
import { contentsLink, textRow } from "./table-head.ts";
import { csvSheetName, deliveriesNamed } from "./table-sheet.ts";
import { lateWord } from "./texts.ts";
import type { Cell, CellStyle, SheetModel } from "./workbook-file.ts";

type Row = readonly Cell[];
type DeliveryFacts = DataState["deliveries"][number];

const officeTimeZone = "Europe/Berlin";
const counts = ["Zeilen gelesen", "Zeilen übernommen", "Zeilen abgelehnt"] as const;
const stateHeader = ["Quelle", "Teil", "Stichtag", "Eingegangen", ...counts, "Stand", "Lieferung"] as const;
const deliveryHeader = ["register", "teil", "stichtag", "eingegangen", "lieferung", "sha256"] as const;

const parts: ReadonlyMap<string, string> = new Map([
  ["-", "gesamt"],
  ["adressen", "Adressen"],
  ["namen", "Namen"],
  ["geometrie", "Geometrie"],
  ["unterkuenfte", "Unterkünfte"],
]);

/** Every source and how new it is; a source of many deliveries is one row with their sums. */
export function dataStateSheet(context: ReportContext): SheetModel {
  const data = context.sources.flatMap(stateRows);
  const usesSign = data.some((row) => row.some(({ value }) => value === "…"));
  const samples = context.samples.map(printable).join(", ");
  const head = [
    contentsLink(),
    [{ value: "Datenstand", style: "title" } as const],
    textRow("Dieses Blatt enthält eine Tabelle."),
    ...(usesSign ? [textRow(`Zeichen auf diesem Blatt: … = ${signs["…"]}`)] : []),
    ...(samples === "" ? [] : [textRow(`Mitgelieferte Muster anstelle eigener Dateien: ${samples}`)]),
    textRow(`Jede einzelne Lieferung mit ihrer Prüfsumme steht auf dem Blatt ${csvSheetName("Datenstand")}.`),
  ];
  const header = stateHeader.map(
    (value): Cell => ({ value, style: counts.some((count) => count === value) ? "header-number" : "header" }),
  );
  return {
    name: "Datenstand",
    columnWidths: [36, 16, 28, 30, 14, 14, 14, 24, 48],
    rows: [...head, header, ...data],
    ...(data.length === 0
      ? {}
      : {
          table: {
            name: "Datenstand_Quellen",
            headerRow: head.length + 1,
            columns: stateHeader,
            rowCount: data.length,
            filter: false,
          },
        }),
  };
}

function stateRows(source: DataState): readonly Row[] {
  const { deliveries } = source;
  const title = printable(source.title);
  const state = source.late ? lateWord(source.register) : "wie vereinbart";
  if (deliveries.length === 0) {
    const none = counts.map((): Cell => ({ value: "…", style: "sign" }));
    return [[...texts(title, "…", "…", "…"), ...none, ...texts("keine Lieferung", "…")]];
  }
  if (deliveries.length <= deliveriesNamed) {
    return deliveries.map((delivery) => [
      ...texts(title, parts.get(delivery.part) ?? printable(delivery.part), ...daysOf([delivery])),
      ...sums([delivery]),
      ...texts(state, delivery.id),
    ]);
  }
  return [
    [
      ...texts(title, `${deliveries.length} Lieferungen`, ...daysOf(deliveries)),
      ...sums(deliveries),
      ...texts(state, `siehe Blatt ${csvSheetName("Datenstand")}`),
    ],
  ];
}

/** First and last day of reference, and the last arrival. */
function daysOf(deliveries: readonly DeliveryFacts[]): readonly [string, string] {
  const days = deliveries.map(({ referenceDate }) => referenceDate).toSorted();
  const [first = "", last = ""] = [days.at(0), days.at(-1)];
  const arrived = deliveries.map(({ receivedAt }) => receivedAt).toSorted();
  const latest = germanInstant(arrived.at(-1) ?? "", officeTimeZone);
  return [
    first === last ? germanDay(first) : `${germanDay(first)} bis ${germanDay(last)}`,
    arrived[0] === arrived.at(-1) ? latest : `zuletzt ${latest}`,
  ];
}

function sums(deliveries: readonly DeliveryFacts[]): readonly Cell[] {
  return (["rowsRead", "taken", "rejected"] as const).map((name) => ({
    value: deliveries.reduce((sum, delivery) => sum + delivery[name], 0),
    style: "number",
  }));
}

/** The machine twin: one row per delivery in force, so that every number of the report leads to its files. */
export function csvDataStateSheet({ sources }: ReportContext): SheetModel {
  const rows = sources.flatMap(({ register, deliveries }) =>
    deliveries.map(({ part, referenceDate, receivedAt, id, sha256 }) =>
      texts(register, part, referenceDate, receivedAt, id, sha256),
    ),
  );
  const style: CellStyle = rows.length === 0 ? "text" : "header";
  return {
    name: csvSheetName("Datenstand"),
    columnWidths: [16, 16, 16, 28, 44, 70],
    rows: [deliveryHeader.map((value): Cell => ({ value, style })), ...rows],
    ...(rows.length === 0
      ? {}
      : {
          table: {
            name: "csv_Datenstand_Lieferungen",
            headerRow: 1,
            columns: deliveryHeader,
            rowCount: rows.length,
            filter: true,
          },
        }),
  };
}

function texts(...values: readonly string[]): readonly Cell[] {
  return values.map((value): Cell => ({ value: printable(value), style: "text" }));
}
