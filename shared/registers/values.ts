import { calendarDay } from "./calendar.ts";
import type { FindingCode } from "./finding.ts";
import { noDate } from "./record-block.ts";

/**
 * How the text of a cell becomes a value. Every function but `cleanText` takes cleaned text that is not empty; a number
 * is the value, a finding code is the refusal. Source: rules of every delivery.
 */
export type DateOptions = {
  /** Date system in which a bare number of 5 to 7 digits is a day; missing: a bare number is no date. */
  readonly serials?: 1900 | 1904;
};

const plainText = /^[!-,./-MO-jl-~][!-~]*$/;
const beyondLatin = /[\u0300-\uffff]/;
const whiteSpace = /\s/;
const meaningEmpty: ReadonlySet<string> = new Set(["-", "NULL", "k.A."]);

/**
 * The text of a cell without white space at its ends, with single blanks inside (U+00A0 counts as white space), in NFC.
 * "-", "NULL" and "k.A." mean empty and give "".
 */
export function cleanText(raw: string): string {
  // Most cells are one ASCII word that does not start like one of the words for "empty".
  if (raw === "" || plainText.test(raw)) return raw;
  const text = whiteSpace.test(raw) ? raw.trim().replace(/\s+/g, " ") : raw;
  if (meaningEmpty.has(text)) return "";
  return beyondLatin.test(text) ? text.normalize("NFC") : text;
}

type DateParts = { readonly year: number; readonly month: number; readonly day: number };

const germanDate = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;
const isoDate = /^(\d{4})-(\d{2})-(\d{2})$/;
const compactDate = /^(\d{4})(\d{2})(\d{2})$/;
const twoDigitYear = /^\d{1,2}\.\d{1,2}\.\d{2}$/;
const serialDay = /^(\d{5,7})(?:,\d+)?$/;

function datePartsOf(text: string): DateParts | undefined {
  const german = germanDate.exec(text);
  if (german) return { year: Number(german[3]), month: Number(german[2]), day: Number(german[1]) };
  const parts = isoDate.exec(text) ?? compactDate.exec(text);
  return parts ? { year: Number(parts[1]), month: Number(parts[2]), day: Number(parts[3]) } : undefined;
}

/** Day that a spreadsheet's serial stands for, NaN where it stands for none. A time of day is cut off. */
export function dayOfSerial(serial: number, system: 1900 | 1904): number {
  const whole = Math.floor(serial);
  const latest = 2_958_465; // 9999-12-31 in the system of 1900
  if (system === 1904) return whole >= 0 && whole <= latest - 1462 ? whole - 24_107 : Number.NaN;
  // The system of 1900 counts a 29 February 1900 (serial 60) that never was.
  if (whole < 1 || whole > latest || whole === 60) return Number.NaN;
  return whole < 60 ? whole - 25_568 : whole - 25_569;
}

function isOpenEnd({ year, month, day }: DateParts): boolean {
  if (year === 9999 && month === 99 && day === 99) return true;
  return (year === 9999 || year === 2999) && month === 12 && day === 31;
}

function serialIn(text: string, options: DateOptions): number {
  const serial = options.serials === undefined ? null : serialDay.exec(text);
  return serial && options.serials !== undefined
    ? dayOfSerial(Number(serial[1]), options.serials)
    : Number.NaN;
}

function refusalOfDate(text: string): FindingCode {
  return twoDigitYear.test(text) ? "E-012" : "E-005";
}

const lastDay = calendarDay(9999, 12, 31);

/**
 * Days since 1970-01-01 of TT.MM.JJJJ, T.M.JJJJ, JJJJ-MM-TT, JJJJMMTT or, where allowed, a serial.
 * The open ends 31.12.9999, 31.12.2999 and 99.99.9999 give `noDate`. A year of two digits is E-012, all else E-005.
 */
export function parseDay(text: string, options: DateOptions): number | FindingCode {
  const parts = datePartsOf(text);
  if (parts === undefined) {
    const day = serialIn(text, options);
    if (Number.isNaN(day)) return refusalOfDate(text);
    return day === lastDay ? noDate : day;
  }
  if (isOpenEnd(parts)) return noDate;
  const day = calendarDay(parts.year, parts.month, parts.day);
  return Number.isNaN(day) ? "E-005" : day;
}

/**
 * A birth date of which parts may be unknown, as the number JJJJMMTT with 0 for unknown parts: 19940000 for 1994,
 * 00.00.1994 or 1994-00-00, 19900500 for 00.05.1990, 0 for 00.00.0000. Four digits are a year, never a serial.
 */
export function parsePartialDate(text: string, options: DateOptions): number | FindingCode {
  if (/^\d{4}$/.test(text)) return Number(text) * 10_000;
  const parts = datePartsOf(text) ?? partsOfDay(serialIn(text, options));
  if (parts === undefined) return refusalOfDate(text);
  const { year, month, day } = parts;
  const known = day > 0 ? calendarDay(year, month, day) : firstKnownDay(year, month);
  return Number.isNaN(known) ? "E-005" : year * 10_000 + month * 100 + day;
}

/** Some day that shows that year and month can be; 0 for a date of which nothing is known. */
function firstKnownDay(year: number, month: number): number {
  return year === 0 && month === 0 ? 0 : calendarDay(year, Math.max(month, 1), 1);
}

function partsOfDay(day: number): DateParts | undefined {
  if (Number.isNaN(day)) return;
  const date = new Date(day * 86_400_000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

const monthNames = {
  jan: 1,
  januar: 1,
  feb: 2,
  februar: 2,
  mrz: 3,
  mär: 3,
  märz: 3,
  maer: 3,
  maerz: 3,
  apr: 4,
  april: 4,
  mai: 5,
  jun: 6,
  juni: 6,
  jul: 7,
  juli: 7,
  aug: 8,
  august: 8,
  sep: 9,
  sept: 9,
  september: 9,
  okt: 10,
  oktober: 10,
  nov: 11,
  november: 11,
  dez: 12,
  dezember: 12,
} as const satisfies Readonly<Record<string, number>>;
const monthByName: ReadonlyMap<string, number> = new Map(Object.entries(monthNames));

/**
 * Month number (year × 12 + month − 1) of JJJJ-MM, MM/JJJJ, MM.JJJJ, "Jan 10", "Januar 2010" or the month of a date.
 * A year of two digits after a month's name lies in this century; after a month's number it is E-012.
 */
export function parseMonth(text: string, options: DateOptions): number | FindingCode {
  const iso = /^(\d{4})-(\d{1,2})$/.exec(text);
  if (iso) return monthOf(Number(iso[1]), Number(iso[2]));
  const german = /^(\d{1,2})[/.](\d{4})$/.exec(text);
  if (german) return monthOf(Number(german[2]), Number(german[1]));
  const named = /^(\p{L}{3,9})\.?[ -]?(\d{4}|\d{2})$/u.exec(text);
  if (named) return monthOf(centuryOf(named[2] ?? ""), monthByName.get((named[1] ?? "").toLowerCase()) ?? 0);
  if (/^\d{1,2}[/.]\d{2}$/.test(text)) return "E-012";
  return monthOfDate(text, options);
}

function centuryOf(year: string): number {
  return year.length === 2 ? 2000 + Number(year) : Number(year);
}

function monthOf(year: number, month: number): number | FindingCode {
  return year >= 1 && month >= 1 && month <= 12 ? year * 12 + month - 1 : "E-005";
}

function monthOfDate(text: string, options: DateOptions): number | FindingCode {
  const day = parseDay(text, options);
  if (typeof day !== "number") return day;
  const parts = day === noDate ? undefined : partsOfDay(day);
  return parts === undefined ? "E-005" : monthOf(parts.year, parts.month);
}

const digits = /^\d+$/;
const keyOfFixedLength = /^[\p{L}\d]+$/u;
const keyOfAnyLength = /^[\p{L}\d][\p{L}\d._/-]*$/u;

/**
 * A key as text, "" for a text that is none. Digits are padded from the left to `length`, because spreadsheets eat
 * leading zeros; the caller sees that by comparing lengths. A key with letters must have the full length.
 * `length` 0: a key of any length up to 20, taken as it stands.
 */
export function parseKey(text: string, length: number): string {
  if (length === 0) return text.length <= 20 && keyOfAnyLength.test(text) ? text : "";
  if (text.length > length) return "";
  if (digits.test(text)) return text.length === length ? text : text.padStart(length, "0");
  return text.length === length && keyOfFixedLength.test(text) ? text : "";
}

const sexCodes = { m: 1, w: 2, d: 3, x: 4 } as const;

/**
 * 1 m, 2 w, 3 d, 4 x (keine Angabe), upper or lower case; 0 for an empty text (unbekannt); −1 refused.
 * `map` holds the office's other codes and comes first.
 */
export function parseSex(text: string, map: Readonly<Record<string, keyof typeof sexCodes>>): number {
  if (text === "") return 0;
  const own = Object.hasOwn(map, text) ? map[text] : undefined;
  if (own !== undefined) return sexCodes[own];
  const code = text.toLowerCase();
  return code === "m" || code === "w" || code === "d" || code === "x" ? sexCodes[code] : -1;
}

/** 1 for J, ja, 1; 0 for N, nein, 0; upper or lower case; −1 refused. */
export function parseYesNo(text: string): 1 | 0 | -1 {
  const answer = text.toLowerCase();
  if (answer === "j" || answer === "ja" || answer === "1") return 1;
  return answer === "n" || answer === "nein" || answer === "0" ? 0 : -1;
}

const wholeNumber = /^-?(?:\d+|\d{1,3}(?:\.\d{3})+)$/;

/** A whole number, with points for thousands allowed; NaN refused. */
export function parseInteger(text: string): number {
  if (!wholeNumber.test(text)) return Number.NaN;
  const number = Number(text.replaceAll(".", ""));
  return Number.isSafeInteger(number) ? number + 0 : Number.NaN;
}

const money =
  /^(?<before>[-−])? ?(?<first>€|EUR)? ?(?<between>[-−])? ?(?<euros>\d+|\d{1,3}(?:\.\d{3})+)(?:(?<mark>[,.])(?<cents>\d{1,2}))? ?(?<after>[-−])? ?(?<last>€|EUR)?$/;

/**
 * Whole cents of an amount in Euro; NaN refused. Decimal comma, at most 2 decimals, points for thousands, one minus
 * before or after, "€" or "EUR" on one side. "1.234" is 1234,00; "12.50" only with `decimalPoint`.
 */
export function parseMoney(text: string, options: { readonly decimalPoint: boolean }): number {
  const parts = money.exec(text)?.groups;
  if (parts === undefined) return Number.NaN;
  if (parts["mark"] === "." && !options.decimalPoint) return Number.NaN;
  const signs = [parts["before"], parts["between"], parts["after"]].filter((sign) => sign !== undefined);
  if (signs.length > 1 || (parts["first"] !== undefined && parts["last"] !== undefined)) return Number.NaN;
  const euros = Number((parts["euros"] ?? "").replaceAll(".", ""));
  const cents = euros * 100 + Number((parts["cents"] ?? "").padEnd(2, "0"));
  if (!Number.isSafeInteger(cents)) return Number.NaN;
  return signs.length === 1 && cents !== 0 ? -cents : cents;
}
