import type { Policy } from "../disclosure/policy.ts";
import type { AuditedTable } from "../disclosure/released-table.ts";
import { type CountedTable, stateOf } from "../tables/table.ts";
import { germanDay, printable } from "./german-text.ts";
import type { ReportContext } from "./report-context.ts";
import { explainedSign, type Sign } from "./signs.ts";
import type { TableLayout } from "./table-layout.ts";
import { countedDates, heldSentence, lateWord, legend, noteText, treatmentSentences } from "./texts.ts";
import type { Cell } from "./workbook-file.ts";

/** What the sheets of a report share: numbers of the notes in order of first use, titles of the tables. */
export type SheetContext = {
  readonly report: ReportContext;
  readonly policy: Policy;
  readonly noteNumbers: ReadonlyMap<string, number>;
  readonly titles: ReadonlyMap<string, string>;
};

export type PublishedTable = Extract<AuditedTable, { readonly kind: "published" }>;
type Row = readonly Cell[];

export function textRow(value: string): Row {
  return [{ value, style: "text" }];
}

export function contentsLink(): Row {
  return [{ value: "zum Inhalt", style: "link", link: "Inhalt" }];
}

/** The notes that still fit the table: where coarsening left nobody without assignment, their note goes too. */
export function notesOf({ notes, dimensions }: CountedTable): readonly string[] {
  const unassigned = dimensions.some(
    ({ id, categories }) => id === "raum" && categories.some(({ code }) => /^ohne(-|$)/.test(code)),
  );
  return [...new Set(notes)].filter((note) => unassigned || note !== "ohne-zuordnung");
}

/** The rows above every table: the way back, number and title, days. */
export function headRows(
  { id, title }: { readonly id: string; readonly title: string },
  dates: string,
): readonly Row[] {
  return [contentsLink(), [{ value: `${id} ${printable(title)}`, style: "title" }], textRow(dates)];
}

/** The rows above a published table; each treatment and each note stands in a row of its own. */
export function publishedHead(
  released: PublishedTable,
  layout: TableLayout,
  { report, policy, noteNumbers }: SheetContext,
): readonly Row[] {
  const { table } = released;
  const notes = notesOf(table).map((note) => ({ note, mark: `[Anmerkung ${noteNumbers.get(note) ?? ""}]` }));
  const units = [...new Set(table.measures.map(({ unit }) => unit))].map(printable).join(", ");
  const used = signsOn(layout);
  const title = [printable(table.title), ...notes.map(({ mark }) => mark)].join(" ");
  return [
    ...headRows({ id: table.id, title }, `${datesLine(table.referenceDates, report)}; Einheit: ${units}`),
    textRow("Dieses Blatt enthält eine Tabelle."),
    ...(used.size > 0 ? [textRow(legend(used))] : []),
    ...treatmentSentences(released, policy).map(textRow),
    ...(table.states.includes(stateOf.held) ? [textRow(heldSentence(policy))] : []),
    ...notes.map(({ note, mark }) => textRow(`${mark} ${noteText(note, report)}`)),
    textRow(sourceLine(table, report)),
  ];
}

export function titleOfRegister(register: string, report: ReportContext): string {
  return printable(report.sources.find((source) => source.register === register)?.title ?? register);
}

/** Names the registers only where there are several; a day that is not as new as agreed says so. */
export function datesLine(dates: Readonly<Record<string, string>>, report: ReportContext): string {
  const counted = countedDates(dates);
  const days = [...counted].map(([register, date]) => {
    const remarks = [
      ...(counted.size > 1 ? [titleOfRegister(register, report).replaceAll(/[()]/g, "")] : []),
      ...(isLate(register, report) ? [lateWord(register)] : []),
    ];
    return germanDay(date) + (remarks.length > 0 ? ` (${remarks.join(", ")})` : "");
  });
  const areas = dates["gliederung"];
  const stand = areas === undefined ? "" : `; Gebietsstand: ${germanDay(areas)}`;
  return `Stichtag: ${days.length === 0 ? germanDay(report.referenceDate) : days.join(", ")}${stand}`;
}

export function isLate(register: string, { sources }: ReportContext): boolean {
  return sources.some((source) => source.register === register && source.late);
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
      const sign = explainedSign(cell.state, cell.value);
      if (sign !== undefined) {
        used.add(sign);
      }
    }
  }
  return used;
}
