import { normalisedHeading } from "../registers/headings.ts";
import { officeRegister } from "../registers/office.ts";
import { refuseUnknown } from "../registers/refuse-unknown.ts";
import type { CodeListId, ColumnSpec, ValueKind } from "../registers/register.ts";
import type { Facts } from "./finding-texts.ts";
import { germanNumber, printable } from "./german-text.ts";
import type { Receipt } from "./receipt.ts";

/** One column of the delivered file: how the department calls it, and what is expected there. */
export type ReceiptColumn = { readonly label: string; readonly spec: ColumnSpec | undefined };

const codeLists = {
  citizenships: { title: "Staatsangehörigkeits- und Gebietsschlüssel", example: "166" },
  "residence-titles": { title: "Aufenthaltstitel", example: "AKN" },
  personenkreis: { title: "Personenkreise nach AsylbLG", example: "10" },
  familienstand: { title: "Familienstand", example: "LD" },
  "school-types": { title: "Schulformen", example: "02" },
  "titel-mapping": { title: "Titelschlüssel der Ausländerbehörde", example: "" },
  schulen: { title: "Schulnummern", example: "" },
} as const satisfies Record<CodeListId, { readonly title: string; readonly example: string }>;

/** Fields of a file with this delimiter have their meaning by position, its headings are for information only. */
const positionalDelimiter = "|";

/** Columns by their position in the delivered file. A heading that is not a known one is never repeated. */
export function receiptColumns(receipt: Receipt): readonly ReceiptColumn[] {
  const { columns, outcome } = receipt;
  const known = knownHeadings(receipt);
  const isPositional = outcome.delimiter === positionalDelimiter;
  return outcome.headings.map((heading, position) => {
    const named = known.get(normalisedHeading(heading));
    const spec = isPositional ? columns[position] : named;
    if (spec === undefined) return { label: `Spalte ${position + 1}`, spec };
    return { label: named === spec ? printable(heading) : spec.name, spec };
  });
}

function knownHeadings({ columns, delivery, office }: Receipt): ReadonlyMap<string, ColumnSpec> {
  const synonyms = officeRegister(office, delivery.slot.register).spalten;
  const known = new Map<string, ColumnSpec>();
  for (const spec of columns) {
    const own = Object.hasOwn(synonyms, spec.name) ? (synonyms[spec.name] ?? []) : [];
    for (const heading of [spec.name, ...spec.aliases, ...own]) known.set(normalisedHeading(heading), spec);
  }
  return known;
}

/** Column of a finding; position −1 is the whole row. */
export function columnAt(columns: readonly ReceiptColumn[], position: number): ReceiptColumn {
  if (position < 0) return { label: "ganze Zeile", spec: undefined };
  return columns[position] ?? { label: `Spalte ${position + 1}`, spec: undefined };
}

/** What a wording may say of a column. */
export function columnFacts({ label, spec }: ReceiptColumn): Facts {
  return spec === undefined ? {} : { spalte: label, ...expectation(spec.value) };
}

function expectation(value: ValueKind): Facts {
  switch (value.kind) {
    case "text":
      return value.maxLength === undefined ? {} : { grenze: germanNumber(value.maxLength) };
    case "key":
      return keyExpectation(value);
    case "code":
      return { soll: alternatives(value.allowed), beispiel: value.allowed[0] ?? "" };
    case "sex":
      return { soll: alternatives(["m", "w", "d", "x"]), beispiel: "w" };
    case "yes-no":
      return { soll: alternatives(["J", "N"]), beispiel: "J" };
    case "integer":
      return {
        soll: "ganze Zahl",
        beispiel: String(value.min),
        von: germanNumber(value.min),
        bis: germanNumber(value.max),
      };
    case "money":
      return { soll: "Betrag in Euro", beispiel: "1234,50" };
    case "date":
    case "partial-date":
    case "month":
      return {};
    default:
      return refuseUnknown(value, "expectation of a column");
  }
}

function keyExpectation({ length, codes }: ValueKind & { readonly kind: "key" }): Facts {
  const list = codes === undefined ? undefined : codeLists[codes];
  const example = list?.example ?? "";
  const signs = /\D/.test(example) ? "Zeichen" : "Ziffern";
  return {
    ...(length === 0 ? {} : { soll: `${length} ${signs}` }),
    ...(list === undefined ? {} : { beispiel: example, liste: list.title }),
  };
}

function alternatives(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} oder ${last}`;
}

/**
 * A code as the workbook may show it, "" where it may not: only of a kept code column, and only in the narrowest form
 * that codes of this column have, because a shifted column may hold a name, a birth date or an address.
 */
export function shownCode(value: string | undefined, spec: ColumnSpec | undefined): string {
  if (value === undefined || spec?.disposition !== "K") return "";
  return fitsCode(value, spec.value) ? value : "";
}

/** Keys of residence titles ("25-2-1", "AE25_4A"): short groups with a digit; no word, no date, no number of a person. */
const openKey = /^(?:[A-Z]{2,3}_?)?\d{1,3}[A-Za-z]?(?:[-_](?:\d{1,3}[A-Z]?|[A-Z]{1,3})){0,4}$/;
const longestOpenKey = 20;

function fitsCode(text: string, value: ValueKind): boolean {
  switch (value.kind) {
    case "sex":
      return /^[0-9A-Za-z]$/.test(text);
    case "code": {
      const longest = Math.max(0, ...value.allowed.map((code) => code.length));
      return longest <= 2 && text.length <= longest && /^[0-9A-Z]+$/.test(text);
    }
    case "key":
      if (value.codes === undefined) return false;
      return value.length > 0 ? text.length <= value.length && /^\d+$/.test(text) : openKey.test(text);
    case "text":
      return (value.maxLength ?? Number.POSITIVE_INFINITY) <= longestOpenKey && openKey.test(text);
    case "date":
    case "partial-date":
    case "month":
    case "yes-no":
    case "integer":
    case "money":
      return false;
    default:
      return refuseUnknown(value, "code of a column");
  }
}
