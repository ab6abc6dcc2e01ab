/** A house number in its normal form, ready to be compared. */
export type HouseNumber = {
  /** Place in the order of all house numbers: number, then no suffix < fraction < letter. */
  readonly order: number;
  readonly number: number;
  /** Order of the second number of "12-14"; the same as `order` where there is none. */
  readonly lastOrder: number;
};

/** Suffixes that one number can have room for in `order`. */
export const ordersPerNumber = 2_048;
export const lastSuffix = ordersPerNumber - 1;
export const highestNumber = 65_535;

const firstLetter = 1_000;
const onlyDigits = /^\d{1,5}$/;
const shape =
  /^(?<number>\d{1,7})(?: ?(?<suffix>\d+\/\d+|[a-z]{1,2}))?(?: ?(?:-|bis) ?(?:(?<last>\d{1,7}) ?)?(?<lastSuffix>\d+\/\d+|[a-z]{1,2})?)?$/;

/**
 * Reads `12`, `0012`, `12a`, `12 A`, `12 1/2`, `12-14`, `12a-c`; an empty text is number 0, "without number".
 * Undefined for anything else.
 */
export function readHouseNumber(text: string): HouseNumber | undefined {
  if (text === "") return single(0, 0);
  if (onlyDigits.test(text)) return single(Number(text), 0);
  const parts = shape.exec(plainNumber(text))?.groups;
  if (parts === undefined) return undefined;
  const number = Number(parts["number"]);
  const suffix = suffixOrder(parts["suffix"] ?? "");
  const first = Number.isNaN(suffix) ? undefined : single(number, suffix);
  if (first === undefined || (parts["last"] ?? parts["lastSuffix"]) === undefined) return first;
  const lastNumber = Number(parts["last"] ?? number);
  const last = single(lastNumber, suffixOrder(parts["lastSuffix"] ?? ""));
  return last === undefined ? first : { ...first, lastOrder: last.order };
}

function single(number: number, suffix: number): HouseNumber | undefined {
  if (number > highestNumber || Number.isNaN(suffix)) return undefined;
  const order = number * ordersPerNumber + suffix;
  return { order, number, lastOrder: order };
}

function plainNumber(text: string): string {
  return text
    .toLowerCase()
    .replace("½", " 1/2")
    .replace("¼", " 1/4")
    .replace("¾", " 3/4")
    .replaceAll(/[–—]/g, "-")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** Order of a suffix among those of its number: none 0 < fraction by size < letters by alphabet; NaN for no suffix. */
export function suffixOrder(text: string): number {
  const suffix = plainNumber(text);
  if (suffix === "") return 0;
  const fraction = /^(\d{1,3})\/(\d{1,3})$/.exec(suffix);
  if (fraction) {
    const size = Number(fraction[1]) / Number(fraction[2]);
    return size > 0 && size < 1 ? Math.max(1, Math.round(size * (firstLetter - 1))) : Number.NaN;
  }
  if (!/^[a-z]{1,2}$/.test(suffix)) return Number.NaN;
  return firstLetter + letter(suffix, 0) * 27 + letter(suffix, 1);
}

function letter(suffix: string, at: number): number {
  return at < suffix.length ? suffix.charCodeAt(at) - 96 : 0;
}

/**
 * Street and house number of one field: split at the last part that starts with a digit, where a fraction or the second
 * number of a pair belongs to the number before it. "Str. des 17. Juni 12 a" → "Str. des 17. Juni", "12 a".
 */
export function splitStreet(text: string): { readonly street: string; readonly houseNumber: string } {
  const parts = text.replace(/(\d(?: ?[a-z])?) ?[-–] ?(?=\d)/gi, "$1-").split(" ");
  let at = parts.length - 1;
  while (at > 0 && !/^\d/.test(parts[at] ?? "")) at--;
  if (at > 1 && /^\d+\/\d+$/.test(parts[at] ?? "") && /^\d+$/.test(parts[at - 1] ?? "")) at--;
  if (at === 0) return { street: text, houseNumber: "" };
  return { street: parts.slice(0, at).join(" "), houseNumber: parts.slice(at).join(" ") };
}
