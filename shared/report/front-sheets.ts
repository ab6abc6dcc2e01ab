import type { AuditedRelease } from "../disclosure/audited-release.ts";
import type { AuditedTable } from "../disclosure/released-table.ts";
import { refuseUnknown } from "../registers/refuse-unknown.ts";
import { germanDay, germanInstant, printable } from "./german-text.ts";
import type { ReportContext } from "./report-context.ts";
import { type Sign, signs } from "./signs.ts";
import { contentsLink, isLate, type SheetContext } from "./table-head.ts";
import { csvSheetName } from "./table-sheet.ts";
import {
  accessibility,
  countedDates,
  decisionLines,
  howToReadCsv,
  lateWord,
  method,
  noteText,
  protectionRule,
  reportTitle,
  weekLine,
} from "./texts.ts";
import type { Cell, SheetModel } from "./workbook-file.ts";

const textWidth = 110;
const officeTimeZone = "Europe/Berlin";

function line(value: string, style: Cell["style"] = "text"): readonly Cell[] {
  return [{ value, style }];
}

export function titleSheet(context: ReportContext): SheetModel {
  const { office } = context;
  const contact = [office.kontakt.telefon, office.kontakt.email].filter((text) => text !== "").map(printable);
  const rows = [
    line(reportTitle, "title"),
    line(weekLine(context)),
    line(`Herausgeber: ${printable(office.name)}, ${printable(office.kontakt.stelle)}`),
    ...(contact.length > 0 ? [line(`Kontakt: ${contact.join(", ")}`)] : []),
    line(`Erstellt am ${germanInstant(context.now, officeTimeZone)}`),
    ...(context.nextPublication === undefined
      ? []
      : [line(`Nächste Veröffentlichung: ${germanDay(context.nextPublication)}`)]),
    ...(office.bericht.lizenz === "" ? [] : [line(`Lizenz: ${printable(office.bericht.lizenz)}`)]),
    line(accessibility, "wrap"),
    contentsLink(),
  ];
  return { name: "Titel", columnWidths: [textWidth], rows };
}

const contentsHeader = ["Blatt", "Titel", "Stichtag", "Zurückgehalten"] as const;

export function contentsSheet(release: AuditedRelease, context: ReportContext): SheetModel {
  const day = germanDay(context.referenceDate);
  const tables = release.tables.map((table) => contentsOf(table, context));
  const entries = [
    ["Titel", reportTitle, day, "nein"],
    ["Hinweise", "Zeichen, Anmerkungen, Schutz der Angaben", day, "nein"],
    ["Datenstand", "Quellen und ihr Stand", day, "nein"],
    ...tables,
    ...tables.map(([id = "", title = "", ...facts]) => [
      csvSheetName(id),
      `${title} (für Programme)`,
      ...facts,
    ]),
    [csvSheetName("Datenstand"), "Alle Lieferungen (für Programme)", day, "nein"],
  ];
  const head = [
    line("Inhalt", "title"),
    line("Dieses Blatt enthält eine Tabelle. Jede Zeile führt zu ihrem Blatt."),
  ];
  const rows = entries.map(([sheet = "", ...texts]): readonly Cell[] => [
    { value: sheet, style: "link", link: sheet },
    ...texts.map((value): Cell => ({ value, style: "text" })),
  ]);
  return {
    name: "Inhalt",
    columnWidths: [16, 100, 48, 18],
    rows: [...head, contentsHeader.map((value): Cell => ({ value, style: "header" })), ...rows],
    table: {
      name: "Inhalt_Blaetter",
      headerRow: head.length + 1,
      columns: contentsHeader,
      rowCount: entries.length,
      filter: false,
    },
  };
}

function contentsOf(released: AuditedTable, context: ReportContext): readonly string[] {
  const { id, title } = released.kind === "published" ? released.table : released;
  const dates = countedDates(released.kind === "missing" ? {} : datesOf(released));
  const days = [...new Set(dates.values())].toSorted().map(germanDay);
  const late = [...dates.keys()].filter((register) => isLate(register, context)).map(lateWord);
  const day = days.length === 0 ? germanDay(context.referenceDate) : days.join(", ");
  const remark = late.length === 0 ? "" : ` (${[...new Set(late)].join(", ")})`;
  return [id, printable(title), day + remark, withheldWord(released)];
}

function datesOf(
  released: Exclude<AuditedTable, { readonly kind: "missing" }>,
): Readonly<Record<string, string>> {
  return released.kind === "published" ? released.table.referenceDates : released.referenceDates;
}

function withheldWord(released: AuditedTable): string {
  switch (released.kind) {
    case "published":
      return "nein";
    case "withheld":
      return "zurückgehalten";
    case "missing":
      return "Quelle fehlt";
    default:
      return refuseUnknown(released, "table of a release");
  }
}

export function notesSheet(release: AuditedRelease, { report, noteNumbers }: SheetContext): SheetModel {
  const paragraphs = [
    line("Zeichen", "bold"),
    ...(Object.keys(signs) as Sign[]) // Keys of a constant: the type is known, `keys` forgets it.
      .map((sign) => line(`${sign} = ${signs[sign]}`, "wrap")),
    line("Wer gezählt wird", "bold"),
    line(printable(report.definitionLabel), "wrap"),
    line("Schutz der Angaben", "bold"),
    ...[protectionRule(release.policy), ...decisionLines(release.policy)].map((text) => line(text, "wrap")),
    line("Verfahren", "bold"),
    line(method, "wrap"),
    line(howToReadCsv, "wrap"),
    ...(noteNumbers.size > 0 ? [line("Anmerkungen", "bold")] : []),
    ...[...noteNumbers].map(([note, number]) =>
      line(`[Anmerkung ${number}] ${noteText(note, report)}`, "wrap"),
    ),
    line("Fassungen", "bold"),
    ...Object.entries(report.versions)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, version]) => line(`${printable(name)}: ${printable(version)}`, "wrap")),
  ];
  return {
    name: "Hinweise",
    columnWidths: [textWidth],
    rows: [contentsLink(), line("Hinweise", "title"), ...paragraphs],
  };
}
