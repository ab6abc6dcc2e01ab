import type { Policy } from "../disclosure/policy.ts";
import type { AuditedTable, Treatment } from "../disclosure/released-table.ts";
import { refuseUnknown } from "../registers/refuse-unknown.ts";
import { type NoteId, noteIds } from "../tables/definition.ts";
import { type CountedTable, type DimensionId, stateOf, type TableDimension } from "../tables/table.ts";
import { germanDay, germanNumber, printable } from "./german-text.ts";
import type { ReportContext } from "./report-context.ts";
import { type Sign, signs } from "./signs.ts";

/** German texts of the released workbook, each a function of its facts. */
export const reportTitle = "Bevölkerung aktuell";

const notes = {
  definition: ({ definitionLabel, versions }) =>
    `Gezählt werden: ${definitionLabel}. Fassung der Abgrenzung: ${versions["definition"] ?? "siehe Hinweise"}.`,
  "geschlecht-zugeordnet": () =>
    "Personen mit dem Eintrag divers, ohne Angabe oder ungeklärt werden nach einem festen, zufallsähnlichen Verfahren männlich oder weiblich zugeordnet.",
  "ohne-zuordnung": () =>
    "„Ohne Zuordnung“ sind Personen, deren Anschrift zu keinem Gebiet dieser Ebene gehört. Sie zählen im übergeordneten Gebiet mit.",
  "staatsangehoerigkeiten-jahr": () =>
    "Einzeln gezeigt werden die 15 häufigsten Staatsangehörigkeiten zu Beginn des Kalenderjahres; die Auswahl bleibt das ganze Jahr gleich.",
  "alter-unbekannt": () => "„Alter unbekannt“ sind Personen, zu denen kein Geburtsjahr eingetragen ist.",
  aufenthaltsdauer: () => "Aufenthaltsdauer in vollen Jahren seit der ersten Einreise nach Deutschland.",
  "zwei-stichtage": () =>
    "Die Register haben verschiedene Stichtage; sie stehen in der Zeile „Stichtag“ über der Tabelle.",
  "fehlende-wochen": () =>
    "Wochen, für die keine Lieferung vorliegt, stehen mit dem Zeichen „…“ und nie als Null in der Tabelle.",
  differenz: () =>
    "Veränderung: Wert am aktuellen Stichtag abzüglich des Werts am jeweils genannten früheren Stichtag.",
  "gliederung-frueherer-wochen": () => "Frühere Wochen stehen in der räumlichen Gliederung, die damals galt.",
  "asylblg-andere-gruppe": () =>
    "Personen mit Leistungen nach dem Asylbewerberleistungsgesetz sind eine andere Gruppe als die Geflüchteten der übrigen Tabellen; beide dürfen weder addiert noch voneinander abgezogen werden.",
  "asylblg-zaehlung": () =>
    "Personen und Fälle mit Leistungen im Monat; Ausgaben in Euro nach Buchungen des Monats.",
  "historie-ohne-dominanz": () =>
    "Vor dem ersten Abrechnungsmonat sind die Beträge einzelner Personen nicht bekannt; an ihre Stelle tritt die Zahl der Personen.",
  "fehlende-monate": () => "Monate ohne Angaben stehen mit dem Zeichen „…“ und nie als Null in der Tabelle.",
  registervergleich: () =>
    "Verglichen werden beide Register ohne deutsche Staatsangehörige und ohne Staatsangehörige der EU; der Stadtbezirk stammt aus dem Einwohnerregister, soweit er dort bekannt ist.",
  schulkonzept: () =>
    "Schülerinnen und Schüler an Schulen der Stadt nach dem Schulort, je Schule mit ihrer jüngsten Lieferung.",
  naeherung: () =>
    "„Neu zugewandert“ ist eine Näherung aus Angaben der Schulen und bedeutet nicht „geflüchtet“.",
  "naeherung-ohne-eingliederungsphase": () =>
    "Einige Schulen liefern kein Ende der Eingliederungsphase; dort beruht die Näherung auf den übrigen Angaben.",
} as const satisfies Record<NoteId, (context: ReportContext) => string>;

function isNoteId(id: string): id is NoteId {
  return noteIds.some((known) => known === id);
}

/** @throws {RangeError} if no text belongs to the note. */
export function noteText(id: string, context: ReportContext): string {
  if (!isNoteId(id)) {
    throw new RangeError("Cannot write a note: its text must stand in texts.ts");
  }
  return notes[id](context);
}

type PublishedTable = Extract<AuditedTable, { readonly kind: "published" }>;

export function legend(used: ReadonlySet<Sign>): string {
  const list = (Object.keys(signs) as Sign[]) // Keys of a constant: the type is known, `keys` forgets it.
    .filter((sign) => used.has(sign))
    .map((sign) => `${sign} = ${signs[sign]}`);
  return `Zeichen auf diesem Blatt: ${list.join("; ")}`;
}

const levelNames: Readonly<Record<string, string>> = {
  stadt: "Stadt",
  stadtbezirk: "Stadtbezirk",
  stadtteil: "Stadtteil",
  statbezirk: "Statistischer Bezirk",
  baublock: "Baublock",
};

export function levelName(level: string | undefined): string {
  return levelNames[level ?? ""] ?? printable(level ?? "");
}

const levelPlurals: Readonly<Record<string, string>> = {
  stadtbezirk: "Stadtbezirke",
  stadtteil: "Stadtteile",
  statbezirk: "statistische Bezirke",
  baublock: "Baublöcke",
};

/** What was done to the table to protect persons, a sentence each; nothing about where or why exactly. */
export function treatmentSentences(
  { table, treatments }: Pick<PublishedTable, "table" | "treatments">,
  policy: Policy,
): readonly string[] {
  const parts = treatments.map((treatment) => treatmentPart(table, treatments, treatment));
  const coarser = [...new Set(parts)].map((part) => `${purpose} wurde diese Tabelle vergröbert: ${part}.`);
  return [...coarser, ...cellSentences(table, policy)];
}

const purpose = "Zum Schutz personenbezogener Angaben";

/** By what the cells of the table are, not by the method that was tried. */
function cellSentences({ states }: CountedTable, { publishFromCount }: Policy): readonly string[] {
  const hidden = states.includes(stateOf.confidential)
    ? [
        `${purpose} sind in dieser Tabelle einzelne Werte gesperrt; gesperrt sind auch Werte, aus denen sich andere errechnen ließen.`,
      ]
    : [];
  const rounded = states.includes(stateOf.rounded)
    ? [
        `${purpose} sind in dieser Tabelle Werte unter ${germanNumber(publishFromCount.value)} auf 0 oder ${germanNumber(publishFromCount.value)} gerundet ` +
          "und Summen daraus neu gebildet; Werte, die eine andere Tabelle genau zeigt, stehen unverändert.",
      ]
    : [];
  return [...hidden, ...rounded];
}

/** Longer lists of areas say nothing that their names do not. */
const areasNamed = 3;

function treatmentPart(
  { dimensions }: CountedTable,
  treatments: readonly Treatment[],
  treatment: Treatment,
): string {
  const dimension = dimensions.find(({ id }) => id === treatment.dimension);
  const label = printable(dimension?.label ?? treatment.dimension);
  switch (treatment.kind) {
    case "dropped-level":
      return `${levelPlurals[treatment.level] ?? "eine Ebene"} sind nicht einzeln ausgewiesen`;
    case "dropped-dimension":
      return `das Merkmal ${label} ist nicht aufgegliedert`;
    case "merged": {
      if (treatment.dimension === "raum" && treatments.length > areasNamed) {
        return "Personen ohne Zuordnung zählen in den Gebieten mit, deren Name es sagt";
      }
      const groups = groupsList(dimension, treatments);
      return treatment.dimension === "raum"
        ? `Personen ohne Zuordnung zählen in ${groups || "einem anderen Gebiet"} mit`
        : `Ausprägungen des Merkmals ${label} sind zusammengefasst${groups && ` zu ${groups}`}`;
    }
    default:
      return refuseUnknown(treatment, "treatment");
  }
}

/** „A“, „B“ und „C“: all groups of a dimension that the table shows; some were merged further and are gone. */
function groupsList(dimension: TableDimension | undefined, treatments: readonly Treatment[]): string {
  const into = new Set(
    treatments.flatMap((treatment) =>
      treatment.kind === "merged" && treatment.dimension === dimension?.id ? [treatment.into] : [],
    ),
  );
  const shown = (dimension?.categories ?? []).filter(({ code }) => into.has(code));
  const names = [...new Set(shown.map(({ label }) => `„${printable(label)}“`))];
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} und ${names.at(-1)}`;
}

/** What stands above a table with held values. */
export function heldSentence({ publishFromChange }: Policy): string {
  return (
    "Zum Schutz personenbezogener Angaben ändern sich Werte unterhalb der Stadtteile erst, wenn sie um " +
    `${germanNumber(publishFromChange.value)} oder mehr vom zuletzt veröffentlichten Wert abweichen; ihre Summe kann deshalb vom Wert des übergeordneten Gebiets abweichen.`
  );
}

export const withheldSentence =
  "Zum Schutz personenbezogener Angaben wird diese Tabelle nicht veröffentlicht.";

export function missingSentence(registers: readonly string[]): string {
  const sources = registers.map((register) => `„${register}“`).join(" und ");
  return registers.length === 1
    ? `Diese Tabelle kann nicht gebildet werden: Die Quelle ${sources} liegt nicht vor.`
    : `Diese Tabelle kann nicht gebildet werden: Die Quellen ${sources} liegen nicht vor.`;
}

export function weekLine(context: ReportContext): string {
  const [year = "", week = ""] = context.isoWeek.split("-W");
  return `Stichtag ${germanDay(context.referenceDate)}, Kalenderwoche ${Number(week)}/${year}`;
}

export function protectionRule(policy: Policy): string {
  const from = germanNumber(policy.publishFromCount.value);
  const treatment = policy.wholeTableOnly.value
    ? "vergröbert oder zurückgehalten"
    : "behandelt (einzelne Werte gesperrt oder gerundet, die Tabelle vergröbert oder zurückgehalten)";
  return (
    `Veröffentlicht werden nur zusammengefasste Angaben. Enthält eine Tabelle an irgendeiner Stelle einen Wert unter ${from}` +
    `${policy.publishZeros.value ? " (außer null)" : " (auch null)"}, wird die ganze Tabelle ${treatment}, und zwar so, ` +
    "dass sich auch aus allem zusammen, was je veröffentlicht wurde, keiner erschließen lässt. " +
    `Geldbeträge stehen nur dort, wo mindestens ${germanNumber(policy.publishFromRecipients.value)} Personen dahinterstehen ` +
    `und auf keine mehr als ${germanNumber(policy.dominancePercent.value)}\u00a0% des Betrags entfallen. ` +
    `Unterhalb der Stadtteile bleibt der zuletzt veröffentlichte Wert stehen, bis er um ${germanNumber(policy.publishFromChange.value)} oder mehr abweicht.`
  );
}

/** Every decision of the office with its day; one that holds for some tables only names them. */
export function decisionLines({ ladders, ...decisions }: Policy): readonly string[] {
  const byReason = Map.groupBy(Object.entries(ladders), ([, { reason, since }]) => `${reason} ${since}`);
  const ofTables = [...byReason.values()].flatMap((entries) => {
    const [, decision] = entries[0] ?? [];
    const names = entries.map(([table]) => table).toSorted();
    return decision === undefined ? [] : [`${names.join(", ")}: ${decisionLine(decision)}`];
  });
  return [...Object.values(decisions).map(decisionLine), ...ofTables];
}

function decisionLine({ reason, since }: { readonly reason: string; readonly since: string }): string {
  return `${reason} (Entscheidung vom ${germanDay(since)})`;
}

export const howToReadCsv =
  "Zu jedem Blatt T… gehört ein Blatt csv-T… mit denselben Angaben für Programme: eine Zeile je Wert, „T“ steht für insgesamt. " +
  "Die Spalte „status“ ist leer, wenn der Wert veröffentlicht ist; c = geheim zu halten, rnd = gerundet, h = zuletzt veröffentlichter Wert (siehe Schutz der Angaben), x = nicht verfügbar, z = nicht sinnvoll.";

export const method =
  "Die Angaben stammen aus Verwaltungsregistern zum jeweiligen Stichtag. Ihr Stand und die Zahl der abgelehnten Zeilen stehen auf dem Blatt Datenstand, jede einzelne Lieferung auf dem Blatt csv-Datenstand.";

export const accessibility =
  "Diese Datei ist auf Barrierefreiheit ausgelegt: eine Tabelle je Blatt, eine Kopfzeile, keine verbundenen oder verborgenen Zellen, Links zum Inhalt in Zelle A1.";

const registerOfMeasure: Readonly<Record<string, string>> = {
  gefluechtete: "ewo-alw",
  differenz: "ewo-alw",
  einwohner: "ewo",
  auslaender: "ewo",
  faelle: "akdn-sozial",
  personen: "akdn-sozial",
  ausgaben: "akdn-sozial",
  schueler: "schild",
};

/** The day of one measure of a table: of its register, or of all its registers where it rests on several. */
export function dayOfMeasure(table: CountedTable, measure: string): string {
  const own = table.referenceDates[registerOfMeasure[measure] ?? ""];
  return own ?? [...new Set(countedDates(table.referenceDates).values())].toSorted().join(" ");
}

/** The days of the registers that are counted; the day of the areas (Gebietsstand) is another thing. */
export function countedDates(dates: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const counted = Object.entries(dates).filter(([register]) => register !== "gliederung");
  return new Map(counted.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** What a late source says beside its day; only the foreigners register is due every week. */
export function lateWord(register: string): string {
  return register === "ewo-alw" ? "Stand der Vorwoche" : "älter als vereinbart";
}

export function dimensionColumn(id: DimensionId, label: string): string {
  return id === "raum" ? "Gebiet" : printable(label);
}
