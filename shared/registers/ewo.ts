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
  sex,
  streetKey,
  text,
  yesNo,
} from "./column-spec.ts";
import { ageReader, birthYear, personNumber, personPseudonyms } from "./person-cells.ts";
import { noDate, noKey } from "./record-block.ts";
import { checkReference } from "./reference-check.ts";
import type { ColumnSpec, StoredColumns } from "./register.ts";
import { monthOfDay, RowCells } from "./row-cells.ts";
import type { Register, RowContext, RowReader } from "./row-reader.ts";
import type { SourceRow } from "./source-table.ts";

const columns: readonly ColumnSpec[] = [
  column("Stichtag", date, "filled", "K", "Stand"),
  column("PersNr", text(20), "filled", "H", "Ordnungsmerkmal", "Personennummer"),
  column("Familienname", text(200), "optional", "T", "Nachname"),
  column("Vornamen", text(200), "optional", "T", "Vorname"),
  column("Geburtsdatum", partialDate, "present", "T", "GebDat"),
  column("Geschlecht", sex, "present", "K"),
  column("Familienstand", maritalStatus, "optional", "K"),
  column("Staatsang1", citizenship, "filled", "K", "1. Staatsang."),
  column("Staatsang2", citizenship, "optional", "K", "2. Staatsang."),
  column("Geburtsstaat", citizenship, "optional", "K", "Geburtsland"),
  column("Wohnungsstatus", code("A", "H", "N"), "filled", "K", "WoStatus"),
  column("Einzugsdatum", date, "optional", "K", "Einzug am"),
  column("ZuzugHerkunft", text(8), "optional", "K", "Herkunft"),
  column("Strassenschluessel", streetKey, ["Strassenschluessel", "Blockseite"], "T", "StrSchl"),
  column("Hausnummer", text(12), "optional", "T", "HausNr"),
  column("Zusatz", text(10), "optional", "T"),
  column("Blockseite", opaqueKey, ["Strassenschluessel", "Blockseite"], "T"),
  column("Auskunftssperre", yesNo, "optional", "T"),
];

const stored = {
  person: "pseudonym",
  alter: "u8",
  geburtsjahr: "u16",
  geschlecht: "u8",
  familienstand: "text",
  staatsang1: "u16",
  staatsang2: "u16",
  geburtsstaat: "u16",
  wohnungsstatus: "text",
  einzug: "month",
  herkunft: "text",
  stadtbezirk: "text",
  stadtteil: "text",
  statbezirk: "text",
  baublock: "text",
  blockseite: "text",
} as const satisfies StoredColumns;

const example = "EWO_05999000_2026-10-31_1.csv";
const addressColumns = {
  streetKey: "Strassenschluessel",
  houseNumber: "Hausnummer",
  suffix: "Zusatz",
  side: "Blockseite",
  blocked: "Auskunftssperre",
} as const satisfies AddressColumns;

/** Residents register: persons and their dwellings in the city. */
export const ewo: Register = {
  id: "ewo",
  title: "Einwohnerregister (EWO)",
  parts: ["-"],
  period: "day",
  files: [{ part: "-", prefix: "EWO", extensions: ["csv", "xlsx"], example }],
  columnsOf: () => columns,
  storedOf: () => stored,
  needsAddresses: () => true,
  repeats: "merged",
  rowReader: (context) => new ResidentsReader(context),
};

class ResidentsReader implements RowReader {
  readonly #context: RowContext;
  readonly #cells: RowCells;
  readonly #residence: ResidenceReader;
  readonly #ageOf: (birth: number) => number;
  readonly #pseudonymOf: (personNumber: string) => Uint8Array;
  readonly #slots: Slots;
  #line = 0;
  #person = "";

  constructor(context: RowContext) {
    const cells = new RowCells(context, { ZuzugHerkunft: paddedOrigin });
    this.#context = context;
    this.#cells = cells;
    this.#residence = new ResidenceReader(context, cells, addressColumns);
    this.#ageOf = ageReader(context.day);
    this.#pseudonymOf = personPseudonyms(context);
    this.#slots = slotsOf(cells);
  }

  read(row: SourceRow): boolean {
    this.#line = row.line;
    const isSound = this.#cells.read(row);
    const { numbers, texts } = this.#cells;
    checkReference(numbers[this.#slots.stichtag] ?? noDate, this.#context.day, example);
    const isRecord = this.#hasOrigin() && isSound;
    if (isRecord) this.#person = personNumber(texts[this.#slots.persNr] ?? "");
    return isRecord;
  }

  recordKey(): string {
    const { texts } = this.#cells;
    const { dwelling, streetKey, houseNumber, suffix, side } = this.#slots;
    const address = `${texts[streetKey]}|${texts[houseNumber]}|${texts[suffix]}|${texts[side]}`;
    return `${this.#person}|${texts[dwelling]}|${address}`;
  }

  preference(): readonly number[] {
    return [this.#cells.numbers[this.#slots.movedIn] ?? noDate];
  }

  values(): readonly StoredValue[] {
    const { numbers, texts } = this.#cells;
    const slots = this.#slots;
    const { place } = this.#residence.read(this.#line);
    const born = numbers[slots.birth] ?? 0;
    return [
      this.#pseudonymOf(this.#person),
      this.#ageOf(born),
      birthYear(born),
      numbers[slots.sex] ?? 0,
      texts[slots.maritalStatus] ?? "",
      numbers[slots.first] ?? noKey,
      numbers[slots.second] ?? noKey,
      numbers[slots.birthCountry] ?? noKey,
      texts[slots.dwelling] ?? "",
      monthOfDay(numbers[slots.movedIn] ?? noDate),
      texts[slots.origin] ?? "",
      place.stadtbezirk,
      place.stadtteil,
      place.statbezirk,
      place.baublock,
      place.blockseite,
    ];
  }

  #hasOrigin(): boolean {
    const { origin } = this.#slots;
    if (/^(?:\d{8}|\d{3})?$/.test(this.#cells.texts[origin] ?? "")) return true;
    this.#context.findings.refuse("E-003", this.#line, this.#cells.position(origin));
    return false;
  }
}

/** AGS (8 digits) or country (3 digits) whose leading zeros a spreadsheet ate. */
function paddedOrigin(text: string): string {
  if (!/^\d{1,7}$/.test(text) || text.length === 3) return text;
  if (text.length < 3) return text.padStart(3, "0");
  return text.length === 7 ? text.padStart(8, "0") : text;
}

type Slots = ReturnType<typeof slotsOf>;

function slotsOf(cells: RowCells) {
  return {
    stichtag: cells.slot("Stichtag"),
    persNr: cells.slot("PersNr"),
    birth: cells.slot("Geburtsdatum"),
    sex: cells.slot("Geschlecht"),
    maritalStatus: cells.slot("Familienstand"),
    first: cells.slot("Staatsang1"),
    second: cells.slot("Staatsang2"),
    birthCountry: cells.slot("Geburtsstaat"),
    dwelling: cells.slot("Wohnungsstatus"),
    movedIn: cells.slot("Einzugsdatum"),
    origin: cells.slot("ZuzugHerkunft"),
    streetKey: cells.slot("Strassenschluessel"),
    houseNumber: cells.slot("Hausnummer"),
    suffix: cells.slot("Zusatz"),
    side: cells.slot("Blockseite"),
  };
}
