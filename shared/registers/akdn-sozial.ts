import { type AddressColumns, ResidenceReader } from "./address-cells.ts";
import type { CodeTables } from "./code-table.ts";
import type { StoredValue } from "./column-buffer.ts";
import {
  benefitGroup,
  citizenship,
  code,
  column,
  date,
  money,
  month,
  partialDate,
  postalCode,
  sex,
  text,
} from "./column-spec.ts";
import { FingerprintSet, fingerprintOf } from "./fingerprint-set.ts";
import { normalisedHeading } from "./headings.ts";
import { ageReader, birthYear, lineOf } from "./person-cells.ts";
import { noDate, noKey, noMonth } from "./record-block.ts";
import { checkReference } from "./reference-check.ts";
import type { ColumnSpec, StoredColumns } from "./register.ts";
import { monthOfDay, RowCells } from "./row-cells.ts";
import type { Register, RowContext, RowReader } from "./row-reader.ts";
import type { SourceRow } from "./source-table.ts";
import { cleanText, parseMoney } from "./values.ts";

const columns: readonly ColumnSpec[] = [
  column("Berichtsmonat", month, "filled", "K", "Monat", "Abrechnungsmonat"),
  column("Fallnummer", text(20), "filled", "H", "Fall-Nr", "Aktenzeichen"),
  column("Personennummer", text(20), "filled", "H", "Pers-Nr AKDN", "Kennnummer"),
  column("StellungImFall", code("1", "2", "3", "9"), "filled", "K", "Stellung"),
  column("PKS", benefitGroup, "filled", "K", "Personenkreis", "Personenkreisschlüssel"),
  column("Leistungsart", code("2", "3", "4", "5", "6"), "filled", "K", "Leistung", "Paragraph"),
  column("Bedarfsstufe", code("1", "2", "3", "4", "5", "6"), "optional", "K", "RBS", "Regelbedarfsstufe"),
  column("Unterbringung", code("A", "G", "D", "U"), "optional", "K", "Unterkunft"),
  column("Familienname", text(200), "optional", "T", "Nachname", "Name"),
  column("Vorname", text(200), "optional", "T", "Vornamen"),
  column("Geburtsdatum", partialDate, "present", "T", "GebDat"),
  column("Geschlecht", sex, "present", "K"),
  column("Staatsangehoerigkeit", citizenship, "filled", "K", "Nationalität", "Staatsang"),
  column("Strasse", text(100), "optional", "T"),
  column("Hausnummer", text(12), "optional", "T"),
  column("Zusatz", text(10), "optional", "T"),
  column("PLZ", postalCode, "optional", "T"),
  column("Leistungsbeginn", date, "optional", "K", "Beginn"),
  column("Leistungsende", date, "optional", "K", "Ende"),
  column("Betrag", money, "filled", "K", "Auszahlung", "Ausgaben", "Zahlbetrag"),
  column("Kostentraeger", text(10), "optional", "K", "Träger"),
  column("BuchungsNr", text(20), "optional", "H", "Belegnummer"),
];

const stored = {
  person: "pseudonym",
  fall: "pseudonym",
  stellung: "u8",
  pks: "text",
  leistungsart: "text",
  bedarfsstufe: "u8",
  unterbringung: "text",
  alter: "u8",
  geburtsjahr: "u16",
  geschlecht: "u8",
  staatsang1: "u16",
  in_stadt: "u8",
  stadtbezirk: "text",
  stadtteil: "text",
  statbezirk: "text",
  baublock: "text",
  beginn: "month",
  ende: "month",
  betrag: "f64",
  kostentraeger: "text",
} as const satisfies StoredColumns;

const example = "AKDN-SOZIAL_05999000_2026-10_1.xlsx";
const addressColumns = {
  street: "Strasse",
  houseNumber: "Hausnummer",
  suffix: "Zusatz",
  postalCode: "PLZ",
} as const satisfies AddressColumns;
const unknownBenefitGroup = "99";
const sumWord = /^(?:summe|gesamt|insgesamt|zwischensumme)/i;

/** AsylbLG billing of a month: persons, cases, kinds of benefit, bookings. */
export const akdnSozial: Register = {
  id: "akdn-sozial",
  title: "AsylbLG-Abrechnung (AKDN sozial)",
  parts: ["-"],
  period: "month",
  files: [{ part: "-", prefix: "AKDN-SOZIAL", extensions: ["xlsx", "csv"], example }],
  columnsOf: () => columns,
  storedOf: () => stored,
  needsAddresses: () => true,
  repeats: "merged",
  rowReader: (context) => new BenefitsReader(context),
};

class BenefitsReader implements RowReader {
  readonly #context: RowContext;
  readonly #cells: RowCells;
  readonly #residence: ResidenceReader;
  readonly #ageOf: (birth: number) => number;
  readonly #slots: Slots;
  readonly #lines = new FingerprintSet();
  readonly #sums: { readonly isPart: boolean; readonly cents: number; readonly before: number }[] = [];
  #total = 0;
  #line = 0;

  constructor(context: RowContext) {
    const cells = new RowCells(context, {
      Leistungsart: (value) => value.replace(/§|\s|asylblg/gi, ""),
      Unterbringung: housingCode,
      Staatsangehoerigkeit: citizenshipKeys(context.codes),
    });
    this.#context = context;
    this.#cells = cells;
    this.#residence = new ResidenceReader(context, cells, addressColumns);
    this.#ageOf = ageReader(context.day);
    this.#slots = slotsOf(cells);
  }

  /** A row without Fallnummer whose first text is a word for a sum; its amount is compared with the sum so far. */
  isCheckRow({ fields }: SourceRow): boolean {
    const caseNumber = fields[this.#cells.position(this.#slots.caseNumber)] ?? "";
    const first = fields.find((field) => cleanText(field) !== "") ?? "";
    if (
      !sumWord.test(first.trim()) ||
      (cleanText(caseNumber) !== "" && cleanText(caseNumber) !== cleanText(first))
    )
      return false;
    const amount = cleanText(fields[this.#cells.position(this.#slots.amount)] ?? "");
    const cents = parseMoney(amount, { decimalPoint: this.#context.settings.dezimalpunkt });
    const isPart = first.trim().toLowerCase().startsWith("zwischen");
    this.#sums.push({ isPart, cents, before: this.#total });
    return true;
  }

  /** A sum of everything is compared with the whole file, a sum of a part with the rows since the last such. */
  checkRowDifferences(): number {
    let since = 0;
    return this.#sums.filter(({ isPart, cents, before }) => {
      const expected = isPart ? before - since : this.#total;
      if (isPart) since = before;
      return cents !== expected;
    }).length;
  }

  read(row: SourceRow): boolean {
    this.#line = row.line;
    const isSound = this.#cells.read(row);
    const { numbers } = this.#cells;
    const { slots, context } = { slots: this.#slots, context: this.#context };
    checkReference(numbers[slots.month] ?? noMonth, monthOfDay(context.day), example);
    if (!isSound) return false;
    this.#total += numbers[slots.amount] ?? 0;
    if (!this.#lines.add(fingerprintOf(lineOf(row)))) context.findings.count("gleiche-zeilen");
    if (this.#isUnknownGroup()) context.findings.count("pks-unbekannt");
    return true;
  }

  /** Two equal payments are legitimate: only the number of a booking makes a record of two rows. */
  recordKey(): string | undefined {
    const { texts } = this.#cells;
    const { caseNumber, person, kind, payer, booking } = this.#slots;
    if (texts[booking] === "") return undefined;
    return [caseNumber, person, kind, payer, booking].map((slot) => texts[slot]).join("|");
  }

  preference(): readonly number[] {
    return [];
  }

  values(): readonly StoredValue[] {
    const { numbers, texts } = this.#cells;
    const { keys } = this.#context;
    const slots = this.#slots;
    const { isInCity, place } = this.#residence.read(this.#line);
    const born = numbers[slots.birth] ?? 0;
    return [
      keys.pseudonym("akdn-person", texts[slots.person] ?? ""),
      keys.pseudonym("akdn-fall", texts[slots.caseNumber] ?? ""),
      Number(texts[slots.position]),
      this.#isUnknownGroup() ? unknownBenefitGroup : (texts[slots.group] ?? ""),
      texts[slots.kind] ?? "",
      Number(texts[slots.need]),
      texts[slots.housing] ?? "",
      this.#ageOf(born),
      birthYear(born),
      numbers[slots.sex] ?? 0,
      numbers[slots.citizenship] ?? noKey,
      isInCity ? 1 : 0,
      place.stadtbezirk,
      place.stadtteil,
      place.statbezirk,
      place.baublock,
      monthOfDay(numbers[slots.begin] ?? noDate),
      monthOfDay(numbers[slots.end] ?? noDate),
      numbers[slots.amount] ?? 0,
      texts[slots.payer] ?? "",
    ];
  }

  #isUnknownGroup(): boolean {
    return this.#context.codes.personenkreis.find(this.#cells.texts[this.#slots.group] ?? "").length === 0;
  }
}

const housingWords: readonly (readonly [word: string, code: string])[] = [
  ["aufnahmeeinrichtung", "A"],
  ["gemeinschaftsunterkunft", "G"],
  ["dezentral", "D"],
  ["wohnung", "D"],
  ["unbekannt", "U"],
];

/** Clear text of the kind of housing as its code. */
function housingCode(value: string): string {
  const plain = normalisedHeading(value);
  return housingWords.find(([word]) => plain.includes(word))?.[1] ?? value;
}

/** A label of the code table that stands for one key becomes that key. */
function citizenshipKeys({ citizenships }: CodeTables): (text: string) => string {
  const keys = new Map<string, string>();
  for (const { label, code: key } of citizenships.entries) {
    const name = normalisedHeading(label);
    const known = keys.get(name);
    keys.set(name, known === undefined || known === key ? key : "");
  }
  return (value) => keys.get(normalisedHeading(value)) || value;
}

type Slots = ReturnType<typeof slotsOf>;

function slotsOf(cells: RowCells) {
  return {
    month: cells.slot("Berichtsmonat"),
    caseNumber: cells.slot("Fallnummer"),
    person: cells.slot("Personennummer"),
    position: cells.slot("StellungImFall"),
    group: cells.slot("PKS"),
    kind: cells.slot("Leistungsart"),
    need: cells.slot("Bedarfsstufe"),
    housing: cells.slot("Unterbringung"),
    birth: cells.slot("Geburtsdatum"),
    sex: cells.slot("Geschlecht"),
    citizenship: cells.slot("Staatsangehoerigkeit"),
    begin: cells.slot("Leistungsbeginn"),
    end: cells.slot("Leistungsende"),
    amount: cells.slot("Betrag"),
    payer: cells.slot("Kostentraeger"),
    booking: cells.slot("BuchungsNr"),
  };
}
