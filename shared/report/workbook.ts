import type { AuditedRelease } from "../disclosure/audited-release.ts";
import { checkAudited } from "./check-audited.ts";
import { csvDataStateSheet, dataStateSheet } from "./data-state-sheets.ts";
import { contentsSheet, notesSheet, titleSheet } from "./front-sheets.ts";
import { printable } from "./german-text.ts";
import type { ReportContext } from "./report-context.ts";
import { notesOf, type SheetContext } from "./table-head.ts";
import { csvSheet, tableSheet } from "./table-sheet.ts";
import { reportTitle, weekLine } from "./texts.ts";
import { writeWorkbookFile } from "./workbook-file.ts";

/**
 * The released workbook: Titel, Inhalt, Hinweise, Datenstand, one sheet per table in the order of the report, then the
 * machine twin of each and of Datenstand. The same release and context give the same bytes.
 *
 * @throws {TypeError} if the release was not audited. @throws {RangeError} if a note has no text, or for what the
 * workbook writer refuses.
 */
export async function reportWorkbook(release: AuditedRelease, context: ReportContext): Promise<Uint8Array> {
  checkAudited(release);
  const { office } = context;
  const shared = sheetContext(release, context);
  return await writeWorkbookFile({
    properties: {
      title: `${reportTitle} ${context.week}`,
      subject: weekLine(context),
      creator: printable(office.kontakt.stelle),
      description: `${context.definitionLabel}: wöchentlicher Bericht, geprüft auf statistische Geheimhaltung`,
      keywords: "Bevölkerung; Geflüchtete; Statistik",
      company: printable(office.name),
      created: context.now,
    },
    sheets: [
      titleSheet(context),
      contentsSheet(release, context),
      notesSheet(release, shared),
      dataStateSheet(context),
      ...release.tables.map((table) => tableSheet(table, shared)),
      ...release.tables.map(csvSheet),
      csvDataStateSheet(context),
    ],
  });
}

function sheetContext(release: AuditedRelease, report: ReportContext): SheetContext {
  const published = release.tables.flatMap((table) => (table.kind === "published" ? [table.table] : []));
  const notes = [...new Set(published.flatMap(notesOf))];
  return {
    report,
    policy: release.policy,
    noteNumbers: new Map(notes.map((note, index) => [note, index + 1])),
    titles: new Map(published.map(({ id, title }) => [id, title])),
  };
}
