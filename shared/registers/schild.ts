import { type AddressColumns, ResidenceReader } from "./address-cells.ts";
import type { CodeTables } from "./code-table.ts";
import type { StoredValue } from "./column-buffer.ts";
import {
  citizenship,
  code,
  column,
  date,
  integer,
  partialDate,
  postalCode,
  sex,
  text,
  yesNo,
} from "./column-spec.ts";
import { ageReader, birthYear, firstWord, lineOf } from "./person-cells.ts";
import { noDate, noKey } from "./record-block.ts";
import type { ColumnSpec, FileFinding, Slot, StoredColumns } from "./register.ts";
import { monthOfDay, RowCells } from "./row-cells.ts";
import type { Register, RowContext, RowFate, RowReader } from "./row-reader.ts";
import type { SourceRow } from "./source-table.ts";

const year = integer(1900, 2199);
const status = code("0", "1", "2", "3", "6", "8", "9", "10");

/** By position. Religion, health and the parents' origin are dropped at once, as is everything nobody needs. */
const columns: readonly ColumnSpec[] = [
  column("Nachname", text(60), "filled", "H"),
  column("Vorname", text(50), "filled", "H"),
  column("Geburtsdatum", partialDate, "present", "T"),
  column("Geschlecht", sex, "present", "K"),
  column("Status", status, "filled", "K"),
  column("PLZ", postalCode, "present", "T"),
  column("Ort", text(50), "present", "T"),
  column("Straße", text(50), "present", "T"),
  column("Aussiedler", text(1), "present", "D"),
  column("1. Staatsang.", citizenship, "present", "K"),
  column("Konfession", text(30), "present", "D"),
  column("StatistikKrz Konfession", text(10), "present", "D"),
  column("Aufnahmedatum", date, "present", "K"),
  column("Abmeldedatum Religionsunterricht", date, "present", "D"),
  column("Anmeldedatum Religionsunterricht", date, "present", "D"),
  column("Schulpflicht erf.", text(1), "present", "D"),
  column("Reform-Pädagogik", text(1), "present", "D"),
  column("Nr. Stammschule", text(6), "present", "D"),
  column("Jahr", year, "present", "K"),
  column("Abschnitt", integer(1, 4), "present", "K"),
  column("Jahrgang", text(20), "present", "K"),
  column("Klasse", text(6), "present", "D"),
  column("Schulgliederung", text(3), "present", "K"),
  column("OrgForm", text(1), "present", "D"),
  column("Klassenart", text(2), "present", "K"),
  column("Fachklasse", text(10), "present", "D"),
  column("Noch frei", text(10), "present", "D"),
  column("Verpflichtung Sprachförderkurs", yesNo, "filled", "K"),
  column("Teilnahme Sprachförderkurs", yesNo, "filled", "K"),
  column("Einschulungsjahr", text(10), "present", "D"),
  column("Übergangsempf. JG5", text(10), "present", "D"),
  column("Jahr Wechsel S1", text(10), "present", "D"),
  column("1. Schulform S1", text(10), "present", "D"),
  column("Jahr Wechsel S2", text(10), "present", "D"),
  column("Förderschwerpunkt", text(2), "present", "D"),
  column("2. Förderschwerpunkt", text(2), "present", "D"),
  column("Schwerstbehinderung", text(1), "present", "D"),
  column("Autist", text(1), "present", "D"),
  column("LS Schulnr.", text(6), "present", "D"),
  column("LS Schulform", text(2), "present", "D"),
  column("Herkunft", text(3), "present", "D"),
  column("LS Entlassdatum", date, "present", "D"),
  column("LS Jahrgang", text(2), "present", "D"),
  column("LS Versetzung", text(10), "present", "D"),
  column("LS Reformpädagogik", text(1), "present", "D"),
  column("LS Gliederung", text(3), "present", "D"),
  column("LS Fachklasse", text(10), "present", "D"),
  column("LS Abschluss", text(2), "present", "D"),
  column("Abschluss", text(2), "present", "D"),
  column("Schulnr. neue Schule", text(6), "present", "D"),
  column("Zuzugsjahr", year, "optional", "K"),
  column("Geburtsland Schüler", citizenship, "optional", "K"),
  column("Geburtsland Mutter", text(3), "optional", "D"),
  column("Geburtsland Vater", text(3), "optional", "D"),
  column("Verkehrssprache", text(2), "optional", "K"),
  column("Dauer Kindergartenbesuch", text(1), "optional", "D"),
  column("Ende Eingliederungsphase", date, "optional", "K"),
  column("Ende Anschlussförderung", date, "optional", "K"),
];

const stored = {
  schueler: "pseudonym",
  alter: "u8",
  geburtsjahr: "u16",
  geschlecht: "u8",
  status: "u8",
  staatsang1: "u16",
  aufnahme: "month",
  jahr: "u16",
  abschnitt: "u8",
  jahrgang: "text",
  gliederung: "text",
  klassenart: "text",
  sprachfoerder_pflicht: "u8",
  sprachfoerder_teilnahme: "u8",
  zuzugsjahr: "u16",
  geburtsland: "u16",
  verkehrssprache: "text",
  ende_eingliederung: "date",
  ende_anschluss: "date",
  spalten: "u8",
  in_stadt: "u8",
  stadtbezirk: "text",
  stadtteil: "text",
  statbezirk: "text",
  baublock: "text",
  zeilenfolge: "u32",
} as const satisfies StoredColumns;

const addressColumns = {
  streetAndNumber: "Straße",
  postalCode: "PLZ",
  town: "Ort",
} as const satisfies AddressColumns;

/**
 * Pupils, one file per school, read by position.
 * Source: interface description of SchILD-NRW, SchuelerBasisdaten.dat.
 */
export const schild: Register = {
  id: "schild",
  title: "Schulen (SchILD-NRW)",
  parts: [],
  period: "day",
  files: [
    {
      part: "<Schulnummer>",
      prefix: "SchuelerBasisdaten",
      extensions: ["dat"],
      example: "schild/123456/2026-10-15/SchuelerBasisdaten.dat",
    },
  ],
  columnsOf: () => columns,
  storedOf: () => stored,
  needsAddresses: () => true,
  repeats: "merged",
  fieldCounts: [50, 54, 56, 58],
  checkSlot: checkSchool,
  rowReader: (context) => new PupilsReader(context),
};

/** A school that the office's list does not know; a list without schools knows all. */
function checkSchool({ part }: Slot, { schulen }: CodeTables): FileFinding | undefined {
  if (schulen.entries.length === 0 || schulen.find(part).length > 0) return undefined;
  const muster = "schild/<bekannte Schulnummer>/<JJJJ-MM-TT>/SchuelerBasisdaten.dat";
  return { code: "D-002", facts: { muster, beispiel: schild.files[0]?.example ?? "" } };
}

class PupilsReader implements RowReader {
  readonly #context: RowContext;
  readonly #cells: RowCells;
  readonly #residence: ResidenceReader;
  readonly #ageOf: (birth: number) => number;
  readonly #slots: Slots;
  readonly #columnCount: number;
  #row: SourceRow = { line: 0, fields: [] };

  constructor(context: RowContext) {
    const cells = new RowCells(context);
    this.#context = context;
    this.#cells = cells;
    this.#residence = new ResidenceReader(context, cells, addressColumns);
    this.#ageOf = ageReader(context.day);
    this.#slots = slotsOf(cells);
    this.#columnCount = context.table.positions.size;
  }

  read(row: SourceRow): boolean {
    this.#row = row;
    return this.#cells.read(row);
  }

  /** Who the pupil is, without the class that some exporters append to the surname. */
  recordKey(): string {
    const { numbers, texts } = this.#cells;
    const { surname, givenName, birth } = this.#slots;
    const [name = ""] = (texts[surname] ?? "").split("#");
    return `${name.trim().toLowerCase()}|${texts[givenName]?.toLowerCase()}|${numbers[birth]}`;
  }

  variant(): string {
    const [, ...parts] = (this.#cells.texts[this.#slots.surname] ?? "").split("#");
    return parts.join("#");
  }

  preference(): readonly number[] {
    const { numbers, texts } = this.#cells;
    const slots = this.#slots;
    const state = Number(texts[slots.status]);
    const activity = state === 2 ? 2 : Number(state === 3);
    const entry = numbers[slots.entry] ?? noDate;
    return [activity, numbers[slots.year] || 0, numbers[slots.term] || 0, entry];
  }

  values({ isNamesake }: RowFate): readonly StoredValue[] {
    const { numbers, texts } = this.#cells;
    const { keys } = this.#context;
    const slots = this.#slots;
    const number = (slot: number) => numbers[slot] || 0;
    const { isInCity, place } = this.#residence.read(this.#row.line);
    const born = number(slots.birth);
    const identity = this.recordKey();
    return [
      keys.pseudonym("schueler", isNamesake ? `${identity}#${this.variant()}` : identity),
      this.#ageOf(born),
      birthYear(born),
      number(slots.sex),
      Number(texts[slots.status]),
      numbers[slots.citizenship] ?? noKey,
      monthOfDay(numbers[slots.entry] ?? noDate),
      number(slots.year),
      number(slots.term),
      texts[slots.grade] ?? "",
      texts[slots.branch] ?? "",
      texts[slots.classKind] ?? "",
      number(slots.duty),
      number(slots.course),
      number(slots.arrivalYear),
      numbers[slots.birthCountry] ?? noKey,
      (texts[slots.language] ?? "").toLowerCase(),
      numbers[slots.endOfIntegration] ?? noDate,
      numbers[slots.endOfSupport] ?? noDate,
      this.#columnCount,
      isInCity ? 1 : 0,
      place.stadtbezirk,
      place.stadtteil,
      place.statbezirk,
      place.baublock,
      firstWord(keys.pseudonym("zeile", lineOf(this.#row))),
    ];
  }
}

type Slots = ReturnType<typeof slotsOf>;

function slotsOf(cells: RowCells) {
  return {
    surname: cells.slot("Nachname"),
    givenName: cells.slot("Vorname"),
    birth: cells.slot("Geburtsdatum"),
    sex: cells.slot("Geschlecht"),
    status: cells.slot("Status"),
    citizenship: cells.slot("1. Staatsang."),
    entry: cells.slot("Aufnahmedatum"),
    year: cells.slot("Jahr"),
    term: cells.slot("Abschnitt"),
    grade: cells.slot("Jahrgang"),
    branch: cells.slot("Schulgliederung"),
    classKind: cells.slot("Klassenart"),
    duty: cells.slot("Verpflichtung Sprachförderkurs"),
    course: cells.slot("Teilnahme Sprachförderkurs"),
    arrivalYear: cells.slot("Zuzugsjahr"),
    birthCountry: cells.slot("Geburtsland Schüler"),
    language: cells.slot("Verkehrssprache"),
    endOfIntegration: cells.slot("Ende Eingliederungsphase"),
    endOfSupport: cells.slot("Ende Anschlussförderung"),
  };
}
