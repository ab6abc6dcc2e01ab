import { type AddressColumns, ResidenceReader } from "./address-cells.ts";
import type { StoredValue } from "./column-buffer.ts";
import {
  citizenship,
  code,
  column,
  date,
  maritalStatus,
  opaqueKey,
  partialDate,
  postalCode,
  sex,
  streetKey,
  text,
  yesNo,
} from "./column-spec.ts";
import { FingerprintSet, fingerprintOf } from "./fingerprint-set.ts";
import { ageReader, birthYear, firstWord, lineOf, personNumber, personPseudonyms } from "./person-cells.ts";
import { noDate, noKey } from "./record-block.ts";
import { checkReference } from "./reference-check.ts";
import type { ColumnSpec, StoredColumns } from "./register.ts";
import { monthOfDay, RowCells } from "./row-cells.ts";
import type { Register, RowContext, RowFate, RowReader } from "./row-reader.ts";
import type { SourceRow } from "./source-table.ts";
import { titleKeys } from "./title-keys.ts";

const columns: readonly ColumnSpec[] = [
  column("Stichtag", date, "filled", "K", "Stand", "Datenstand"),
  column("PersNr", text(20), "filled", "H", "Personennummer", "Ordnungsmerkmal", "EWO-Nr"),
  column("AZRNr", text(20), "optional", "H", "AZR-Nummer", "Geschäftszeichen AZR"),
  column("Familienname", text(200), "present", "T", "Nachname", "Name", "Zuname"),
  column("Vornamen", text(200), "optional", "T", "Vorname", "Rufname"),
  column("Geburtsdatum", partialDate, "present", "T", "GebDat", "Tag der Geburt"),
  column("Geschlecht", sex, "present", "K", "Geschl"),
  column("Staatsang1", citizenship, "filled", "K", "Staatsangehörigkeit", "1. Staatsang.", "STA1"),
  column("Staatsang2", citizenship, "optional", "K", "2. Staatsang.", "STA2"),
  column("Geburtsstaat", citizenship, "optional", "K", "Geburtsland"),
  column("Familienstand", maritalStatus, "optional", "K", "FamStand"),
  // Filled or not is no matter of the column: a row without a title goes to the work list.
  column(
    "Titelschluessel",
    text(20),
    "present",
    "K",
    "Erteilungsgrund",
    "Aufenthaltsstatus",
    "Rechtsgrundlage",
  ),
  column("Titeltext", text(200), "optional", "D", "Aufenthaltstitel"),
  column("GueltigAb", date, "filled", "K", "Gültig von", "Erteilt am", "Ausstellungsdatum"),
  column("GueltigBis", date, "optional", "K", "Befristungsdatum", "Befristet bis"),
  column("Ereignisdatum", date, "optional", "K", "Letzte Änderung"),
  column(
    "Asylstand",
    code("O", "A", "N", "L", "X", "K", "U"),
    "optional",
    "K",
    "Asylstatus",
    "Stand Asylverfahren",
  ),
  column("Einreisedatum", date, "optional", "K", "Ersteinreise"),
  column("Zuzugsdatum", date, "optional", "K", "Zuzug am"),
  column("Meldestatus", code("A", "V", "U", "S", "B"), "filled", "K", "Meldezustand"),
  column("Wegzugsdatum", date, "optional", "K", "Wegzug am"),
  column("Strassenschluessel", streetKey, ["Strassenschluessel", "Strasse"], "T", "StrSchl"),
  column("Strasse", text(100), ["Strassenschluessel", "Strasse"], "T", "Straßenname"),
  column("Hausnummer", text(12), "optional", "T", "HausNr", "HNr"),
  column("Zusatz", text(10), "optional", "T", "Hausnummernzusatz", "Buchstabe"),
  column("PLZ", postalCode, "optional", "T", "Postleitzahl"),
  column("Ort", text(100), "optional", "T", "Wohnort"),
  column("Blockseite", opaqueKey, "optional", "T"),
  column("Unterkunft", code("A", "G", "D", "U"), "optional", "K", "Unterbringung"),
  column("Auskunftssperre", yesNo, "optional", "T", "Sperrvermerk", "Übermittlungssperre"),
];

const stored = {
  person: "pseudonym",
  aliasgruppe: "u32",
  alter: "u8",
  geburtsjahr: "u16",
  geschlecht: "u8",
  staatsang1: "u16",
  staatsang2: "u16",
  geburtsstaat: "u16",
  familienstand: "text",
  titel: "text",
  gueltig_ab: "date",
  gueltig_bis: "date",
  ereignisdatum: "date",
  asylstand: "text",
  einreise: "month",
  zuzug: "month",
  wegzug: "month",
  meldestatus: "text",
  unterkunft: "text",
  in_stadt: "u8",
  stadtbezirk: "text",
  stadtteil: "text",
  statbezirk: "text",
  baublock: "text",
  zeilenfolge: "u32",
} as const satisfies StoredColumns;

const example = "EWO-ALW_05999000_2026-11-20_1.csv";
const addressColumns = {
  streetKey: "Strassenschluessel",
  street: "Strasse",
  houseNumber: "Hausnummer",
  suffix: "Zusatz",
  postalCode: "PLZ",
  town: "Ort",
  side: "Blockseite",
  blocked: "Auskunftssperre",
} as const satisfies AddressColumns;

/** Foreigners register: persons with their residence titles, several rows per person. */
export const ewoAlw: Register = {
  id: "ewo-alw",
  title: "Ausländerregister (EWO-ALW)",
  parts: ["-"],
  period: "day",
  files: [
    {
      part: "-",
      prefix: "EWO-ALW",
      extensions: ["csv", "xlsx"],
      example,
    },
  ],
  columnsOf: () => columns,
  storedOf: () => stored,
  needsAddresses: () => true,
  repeats: "merged",
  rowReader: (context) => new ForeignersReader(context),
};

class ForeignersReader implements RowReader {
  readonly #context: RowContext;
  readonly #cells: RowCells;
  readonly #residence: ResidenceReader;
  readonly #titleOf: ReturnType<typeof titleKeys>;
  readonly #ageOf: (birth: number) => number;
  readonly #pseudonymOf: (personNumber: string) => Uint8Array;
  readonly #slots: Slots;
  readonly #persons = new FingerprintSet();
  readonly #unclear = new Set<number>();
  #row: SourceRow = { line: 0, fields: [] };
  #person = "";
  #title = "";

  constructor(context: RowContext) {
    const cells = new RowCells(context);
    this.#context = context;
    this.#cells = cells;
    this.#residence = new ResidenceReader(context, cells, addressColumns);
    this.#titleOf = titleKeys(context.codes, context.day);
    this.#ageOf = ageReader(context.day);
    this.#pseudonymOf = personPseudonyms(context);
    this.#slots = slotsOf(cells);
  }

  /** The title decides last: a row with other mistakes is a matter of the department, not of the work list. */
  read(row: SourceRow): boolean {
    this.#row = row;
    const isSound = this.#cells.read(row);
    const { numbers, texts } = this.#cells;
    const { stichtag, persNr, first, second } = this.#slots;
    checkReference(numbers[stichtag] ?? noDate, this.#context.day, example);
    if (!isSound || !this.#hasName()) return false;
    this.#person = personNumber(texts[persNr] ?? "");
    const isGerman = numbers[first] === 0 || numbers[second] === 0;
    if (isGerman) this.#context.findings.count("deutsche-im-auslaenderregister");
    const hasTitle = this.#hasTitle();
    const person = fingerprintOf(this.#person);
    if (hasTitle) this.#persons.add(person);
    else this.#unclear.add(person);
    return hasTitle;
  }

  /** Persons of whom no row remains because all their titles are unknown: "Status ungeklärt". */
  finish(): void {
    const left = [...this.#unclear].filter((person) => !this.#persons.has(person));
    this.#context.findings.count("status-ungeklaert", left.length);
  }

  recordKey(): string {
    const { title, from } = this.#slots;
    return `${this.#person}|${this.#cells.texts[title]}|${this.#cells.numbers[from]}`;
  }

  preference(): readonly number[] {
    const to = this.#cells.numbers[this.#slots.to] ?? noDate;
    return [this.#eventDay(), to === noDate ? Number.POSITIVE_INFINITY : to];
  }

  aliasNumbers() {
    return { person: this.#person, azr: this.#cells.texts[this.#slots.azrNr] ?? "" };
  }

  values({ aliasGroup }: RowFate): readonly StoredValue[] {
    const { numbers, texts } = this.#cells;
    const slots = this.#slots;
    const { isInCity, place } = this.#residence.read(this.#row.line);
    const born = numbers[slots.birth] ?? 0;
    return [
      this.#pseudonymOf(this.#person),
      aliasGroup,
      this.#ageOf(born),
      birthYear(born),
      numbers[slots.sex] ?? 0,
      numbers[slots.first] ?? noKey,
      numbers[slots.second] ?? noKey,
      numbers[slots.birthCountry] ?? noKey,
      texts[slots.maritalStatus] ?? "",
      this.#title,
      numbers[slots.from] ?? noDate,
      numbers[slots.to] ?? noDate,
      this.#eventDay(),
      texts[slots.asylum] || "U",
      monthOfDay(numbers[slots.entry] ?? noDate),
      monthOfDay(numbers[slots.arrival] ?? noDate),
      monthOfDay(numbers[slots.departure] ?? noDate),
      texts[slots.state] ?? "",
      texts[slots.housing] ?? "",
      isInCity ? 1 : 0,
      place.stadtbezirk,
      place.stadtteil,
      place.statbezirk,
      place.baublock,
      firstWord(this.#context.keys.pseudonym("zeile", lineOf(this.#row))),
    ];
  }

  #hasName(): boolean {
    const { surname, givenNames } = this.#slots;
    if (this.#cells.texts[surname] !== "" || this.#cells.texts[givenNames] !== "") return true;
    this.#context.findings.refuse("E-002", this.#row.line, this.#cells.position(surname));
    return false;
  }

  #hasTitle(): boolean {
    const { findings } = this.#context;
    const position = this.#cells.position(this.#slots.title);
    const { code: titleCode, kind, shown } = this.#titleOf(this.#cells.texts[this.#slots.title] ?? "");
    const value = shown === "" ? undefined : shown;
    this.#title = titleCode;
    if (kind === "outdated") findings.note("H-004", this.#row.line, position, value);
    if (kind !== "unmapped") return true;
    findings.refuse("E-016", this.#row.line, position, 0, value);
    findings.unknownKey("Titelschluessel", shown);
    return false;
  }

  #eventDay(): number {
    const { event, from } = this.#slots;
    const found = this.#cells.numbers[event] ?? noDate;
    return found === noDate ? (this.#cells.numbers[from] ?? noDate) : found;
  }
}

type Slots = ReturnType<typeof slotsOf>;

function slotsOf(cells: RowCells) {
  return {
    stichtag: cells.slot("Stichtag"),
    persNr: cells.slot("PersNr"),
    azrNr: cells.slot("AZRNr"),
    surname: cells.slot("Familienname"),
    givenNames: cells.slot("Vornamen"),
    birth: cells.slot("Geburtsdatum"),
    sex: cells.slot("Geschlecht"),
    first: cells.slot("Staatsang1"),
    second: cells.slot("Staatsang2"),
    birthCountry: cells.slot("Geburtsstaat"),
    maritalStatus: cells.slot("Familienstand"),
    title: cells.slot("Titelschluessel"),
    from: cells.slot("GueltigAb"),
    to: cells.slot("GueltigBis"),
    event: cells.slot("Ereignisdatum"),
    asylum: cells.slot("Asylstand"),
    entry: cells.slot("Einreisedatum"),
    arrival: cells.slot("Zuzugsdatum"),
    departure: cells.slot("Wegzugsdatum"),
    state: cells.slot("Meldestatus"),
    housing: cells.slot("Unterkunft"),
  };
}
