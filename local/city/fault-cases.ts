import { addDays, monthNumber, monthText } from "../../shared/registers/calendar.ts";
import { city } from "./sizes.ts";
import { encoded } from "./text-file.ts";

/** What becomes of a faulty delivery: refused as a whole, held for a person, taken (with rejected rows), repeated. */
type FaultOutcome = "refused" | "held" | "taken" | "repeated";

/** Sound files of the last week that the faulty ones are made from. */
export type FaultSource = {
  /** Friday, billing month and school day of the last deliveries. */
  readonly friday: string;
  readonly month: string;
  readonly schoolDay: string;
  readonly school: string;
  readonly alw: string;
  readonly pupils: string;
  readonly addresses: string;
  readonly geometry: string;
};

export type FaultCase = {
  /** Kebab-case, stable: tests name it. */
  readonly id: string;
  /** What a clerk would say is wrong. */
  readonly what: string;
  readonly outcome: FaultOutcome;
  readonly file: (source: FaultSource) => string;
  readonly bytes: (source: FaultSource) => Uint8Array;
};

function alwName(date: string, running = 1, ending = "csv"): string {
  return `ewo-alw/EWO-ALW_${city.ags}_${date}_${running}.${ending}`;
}

function weeksBack(weeks: number, ending = "csv"): (source: FaultSource) => string {
  return ({ friday }) => alwName(addDays(friday, -7 * weeks), 1, ending);
}

function akdnBack(months: number, ending = "xlsx"): (source: FaultSource) => string {
  return ({ month }) =>
    `akdn-sozial/AKDN-SOZIAL_${city.ags}_${monthText(monthNumber(month) - months)}_1.${ending}`;
}

function windows(text: string): Uint8Array {
  return encoded(text, "windows-1252");
}

function germanDay(date: string): string {
  return date.split("-").reverse().join(".");
}

/** The week's register as it would have been called some weeks earlier. */
function dated({ alw, friday }: FaultSource, weeks: number): string {
  return alw.replaceAll(germanDay(friday), germanDay(addDays(friday, -7 * weeks)));
}

function firstLines(text: string, count: number): string {
  return `${text.split("\r\n").slice(0, count).join("\r\n")}\r\n`;
}

/** Every n-th data row loses its last field. */
function withShortRows(text: string, every: number): string {
  return text
    .split("\r\n")
    .map((line, at) =>
      at > 5 && at % every === 0 && line !== "" ? line.slice(0, line.lastIndexOf(";")) : line,
    )
    .join("\r\n");
}

const oldWorkbook = Uint8Array.of(
  0xd0,
  0xcf,
  0x11,
  0xe0,
  0xa1,
  0xb1,
  0x1a,
  0xe1,
  ...new Array<number>(4_096).fill(0),
);

/** The ugly cases of registers.md section 15 that are files of their own, in the order in which they are dropped. */
export const faultCases: readonly FaultCase[] = [
  {
    id: "wrong-folder",
    what: "Export der Ausländerbehörde im Ordner der AsylbLG-Abrechnung",
    outcome: "refused",
    file: ({ friday }) => alwName(friday).replace("ewo-alw/", "akdn-sozial/"),
    bytes: (source) => windows(firstLines(source.alw, 40)),
  },
  {
    id: "wrong-name",
    what: "Dateiname ohne Register und Stichtag",
    outcome: "refused",
    file: () => "ewo-alw/Auszug November neu.csv",
    bytes: (source) => windows(firstLines(source.alw, 40)),
  },
  {
    id: "empty",
    what: "leere Datei",
    outcome: "refused",
    file: weeksBack(10),
    bytes: () => new Uint8Array(0),
  },
  {
    id: "header-only",
    what: "nur die Kopfzeile",
    outcome: "refused",
    file: weeksBack(11),
    bytes: (source) => windows(headerOf(source.alw)),
  },
  {
    id: "renamed-column",
    what: "Pflichtspalte umbenannt",
    outcome: "refused",
    file: weeksBack(12),
    bytes: (source) => windows(dated(source, 12).replace("Titelschlüssel", "TK neu")),
  },
  {
    id: "doubled-column",
    what: "zwei Überschriften meinen dieselbe Spalte",
    outcome: "refused",
    file: weeksBack(13),
    bytes: (source) => windows(dated(source, 13).replace("Aktenzeichen", "Nachname")),
  },
  {
    id: "nul-bytes",
    what: "Nullbytes in der Datei",
    outcome: "refused",
    file: weeksBack(14),
    bytes: (source) => windows(dated(source, 14).replace(/(\r\n)(?=[^\r\n]*$)/, "\u0000\u0000$1")),
  },
  {
    id: "undefined-byte",
    what: "Byte, das Windows-1252 nicht kennt",
    outcome: "refused",
    file: weeksBack(15),
    bytes: (source) => windows(dated(source, 15)).map((byte, at) => (at === 2_000 ? 0x81 : byte)),
  },
  {
    id: "many-rejected",
    what: "über 2 Prozent unbrauchbare Zeilen",
    outcome: "refused",
    file: weeksBack(16),
    bytes: (source) => windows(withShortRows(dated(source, 16), 20)),
  },
  {
    id: "mixed-dates",
    what: "zwei Stichtage in einer Datei",
    outcome: "refused",
    file: weeksBack(17),
    bytes: (source) => windows(`${dated(source, 17)}${lastLineOf(source.alw)}`),
  },
  {
    id: "half-file",
    what: "Übertragung abgebrochen: die Datei endet mitten in einer Zeile",
    outcome: "refused",
    file: weeksBack(9),
    bytes: (source) => windows(dated(source, 9).slice(0, Math.floor(source.alw.length / 2))),
  },
  {
    id: "missing-half",
    what: "nur die Hälfte der Personen: weicht zu stark von der letzten Lieferung ab",
    outcome: "held",
    file: weeksBack(6),
    bytes: (source) => windows(firstLines(dated(source, 6), Math.floor(source.alw.split("\r\n").length / 2))),
  },
  {
    id: "future",
    what: "Stichtag in der Zukunft",
    outcome: "refused",
    file: weeksBack(-3),
    bytes: (source) => windows(dated(source, -3)),
  },
  {
    id: "not-a-workbook",
    what: "CSV mit der Endung xlsx",
    outcome: "refused",
    file: weeksBack(18, "xlsx"),
    bytes: (source) => windows(dated(source, 18)),
  },
  {
    id: "html-workbook",
    what: "Webseite mit der Endung xlsx",
    outcome: "refused",
    file: akdnBack(3),
    bytes: () => windows("<html><body><table><tr><td>Berichtsmonat</td></tr></table></body></html>"),
  },
  {
    id: "password",
    what: "Arbeitsmappe mit Kennwort",
    outcome: "refused",
    file: akdnBack(4),
    bytes: () => oldWorkbook,
  },
  {
    id: "old-workbook",
    what: "altes Arbeitsmappenformat xls",
    outcome: "refused",
    file: akdnBack(5, "xls"),
    bytes: () => oldWorkbook,
  },
  {
    id: "wide-history",
    what: "Fortschreibung mit Monaten als Spalten",
    outcome: "refused",
    file: ({ month }) =>
      `fortschreibung/FORTSCHREIBUNG_${city.ags}_${monthText(monthNumber(month) - 6)}_1.csv`,
    bytes: () => windows("PKS;2010-01;2010-02;2010-03\r\n10;12;13;14\r\n40;31;30;29\r\n"),
  },
  {
    id: "overlapping-addresses",
    what: "Hausnummern zweier Blockseiten überschneiden sich",
    outcome: "refused",
    file: () => `gliederung/GLIEDERUNG-ADRESSEN_${city.ags}_2026-02-01_1.csv`,
    bytes: (source) => windows(`${source.addresses}${overlapping(source.addresses)}`),
  },
  {
    id: "geometry-in-metres",
    what: "Geometrie in Metern statt Grad",
    outcome: "refused",
    file: () => `gliederung/GLIEDERUNG-GEOMETRIE_${city.ags}_2026-02-01_1.geojson`,
    bytes: ({ geometry }) =>
      encoded(geometry.replace(/\[6\.\d+,54\.\d+\]/g, "[365012.4,5712345.6]"), "utf-8"),
  },
  {
    id: "unwanted-school-file",
    what: "Datei mit Angaben zu Eltern",
    outcome: "refused",
    file: ({ school, schoolDay }) => `schild/${school}/${schoolDay}/SchuelerErzieher.dat`,
    bytes: () => windows("Nachname|Vorname|Geburtsdatum|Erzieher\r\n"),
  },
  {
    id: "unknown-school",
    what: "Schulnummer, die das Amt nicht kennt",
    outcome: "refused",
    file: ({ schoolDay }) => `schild/999999/${schoolDay}/SchuelerBasisdaten.dat`,
    bytes: ({ pupils }) => windows(pupils),
  },
  {
    id: "school-57-columns",
    what: "Schuldatei mit 57 Spalten",
    outcome: "refused",
    file: ({ school, schoolDay }) => `schild/${school}/${addDays(schoolDay, 1)}/SchuelerBasisdaten.dat`,
    bytes: ({ pupils }) => windows(withColumns(pupils, 57)),
  },
  {
    id: "school-bar-in-text",
    what: "Senkrechter Strich in einem Text verschiebt eine Zeile",
    outcome: "taken",
    file: ({ school, schoolDay }) => `schild/${school}/${addDays(schoolDay, 2)}/SchuelerBasisdaten.dat`,
    bytes: ({ pupils }) => windows(withBar(pupils)),
  },
  {
    id: "utf-16",
    what: "UTF-16 statt Windows-1252",
    outcome: "taken",
    file: weeksBack(7),
    bytes: (source) => encoded(`\uFEFF${dated(source, 7)}`, "utf-16le-bom"),
  },
  {
    id: "late-week",
    what: "eine ältere Woche nach der neuesten",
    outcome: "taken",
    file: weeksBack(8),
    bytes: (source) => windows(dated(source, 8).replaceAll("\r\n", "\n")),
  },
  {
    id: "duplicate",
    what: "dieselbe Datei unter neuer Nummer",
    outcome: "repeated",
    file: ({ friday }) => alwName(friday, 2),
    bytes: (source) => windows(source.alw),
  },
  {
    id: "corrected",
    what: "berichtigte Lieferung, darin unter 2 Prozent unbrauchbare Zeilen",
    outcome: "taken",
    file: ({ friday }) => alwName(friday, 3),
    bytes: (source) => windows(`${source.alw}${uselessRows(source.alw)}`),
  },
];

function headerOf(text: string): string {
  const lines = text.split("\r\n");
  return `${lines.find((line) => line.startsWith("Stichtag;")) ?? ""}\r\n`;
}

function lastLineOf(text: string): string {
  return `${text.split("\r\n").at(-2) ?? ""}\r\n`;
}

/** Rows of people who have good ones as well, cut short, about one in a hundred and fifty. */
function uselessRows(text: string): string {
  const rows = text.split("\r\n").filter((line, at) => at > 5 && at % 150 === 0 && line !== "");
  return rows.map((line) => `${line.slice(0, 60)}\r\n`).join("");
}

/** The first range once more, for another block side. */
function overlapping(addresses: string): string {
  const rows = addresses.split("\r\n").slice(1);
  const [first = "", second = ""] = [rows[0], rows[1]];
  const numbers = first.split(";").slice(0, 7);
  return `${[...numbers, ...second.split(";").slice(7)].join(";")}\r\n`;
}

function withColumns(pupils: string, count: number): string {
  return pupils
    .split("\r\n")
    .map((line) => (line === "" ? line : padded(line.split("|"), count)))
    .join("\r\n");
}

function padded(fields: readonly string[], count: number): string {
  return [...fields, ...new Array<string>(count).fill("")].slice(0, count).join("|");
}

/** One field too many in the second pupil's line. */
function withBar(pupils: string): string {
  return pupils
    .split("\r\n")
    .map((line, at) => (at === 2 ? line.replace("|", "||") : line))
    .join("\r\n");
}
