import type { LinkagePerson } from "../../shared/linkage/linkage-key.ts";
import { cleanText, parsePartialDate } from "../../shared/registers/values.ts";

type BirthDate = NonNullable<LinkagePerson["birthDate"]>;

const dateAndTime = /^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?$/;
/** Year first, or day before month, with a separator that leaves no doubt about the order of its parts. */
const yearFirst = /^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$/;
const yearMonth = /^(\d{4})-(\d{2})$/;
const slashes = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$/;

/**
 * A birth date of which parts may be unknown, as TT.MM.JJJJ, JJJJ-MM-TT, JJJJMMTT, JJJJ/MM/TT, TT/MM/JJJJ, TT-MM-JJJJ,
 * JJJJ-MM or JJJJ, with zeros for unknown parts; 99999999 is none. Eight digits that are no day keep their three numbers: they are a
 * typing error, and the right ones of them still tell.
 */
export function birthDateIn(cell: string): BirthDate | undefined | "refused" {
  const text = cleanText(cell);
  if (text === "") return undefined;
  const number = parsePartialDate(plainForm(text), {});
  return typeof number === "number" ? partsOf(number) : mistypedDate(text);
}

function mistypedDate(text: string): BirthDate | undefined | "refused" {
  if (!/^\d{8}$/.test(text)) return "refused";
  return text === "99999999" ? undefined : partsOf(Number(text));
}

function plainForm(text: string): string {
  const iso = dateAndTime.exec(text)?.[1];
  if (iso !== undefined) return iso;
  const [, year, month, day] = yearFirst.exec(text) ?? [];
  if (year !== undefined) return `${day}.${month}.${year}`;
  const dayFirst = slashes.exec(text);
  if (dayFirst) return dayFirst.slice(1).join(".");
  return yearMonth.test(text) ? `${text}-00` : text;
}

function partsOf(number: number): BirthDate | undefined {
  const [year, month, day] = [Math.floor(number / 10_000), Math.floor(number / 100) % 100, number % 100];
  if (year === 0) return undefined;
  return { year, ...(month > 0 && { month }), ...(month > 0 && day > 0 && { day }) };
}

const men: ReadonlySet<string> = new Set(["m", "male", "männlich", "maennlich", "1", "mann"]);
const women: ReadonlySet<string> = new Set(["w", "f", "female", "weiblich", "2", "frau"]);
const neither: ReadonlySet<string> = new Set([
  "",
  "x",
  "d",
  "u",
  "divers",
  "unbekannt",
  "unknown",
  "9",
  "0",
  "3",
]);

/** m or w, as registers and other programs write it; what is neither says nothing for a link. */
export function sexIn(cell: string): "m" | "w" | undefined | "refused" {
  const text = cleanText(cell).toLowerCase();
  if (men.has(text)) return "m";
  if (women.has(text)) return "w";
  return neither.has(text) ? undefined : "refused";
}
