import type { Token } from "./bloom-filter.ts";

/** House number behind the name of a street. */
const behindName = /\s+\d+\S*(?:\s+\p{L})?\s*$/u;

/**
 * An address supports a link and never carries it: people move, registers hear of it late, and families share it. All its
 * fields together weigh less than one of two names.
 */
export function streetTokens(street: string): readonly Token[] {
  const name = plain(street.replace(behindName, ""));
  return pairs(name.replace(/(?:strasse|street|str|st)$/, "str"), 2);
}

/** The number at the end without what is added to it: 12 in "12a", "12 A", "12-14" and "Straße des 17. Juni 12". */
export function houseNumberTokens(text: string): readonly Token[] {
  const number = /(?:^|\s)(\d+)\S*(?:\s+\p{L})?$/u.exec(text.trim())?.[1];
  return number === undefined ? [] : [{ text: String(Number(number)), bits: 10 }];
}

export function postcodeTokens(postcode: string): readonly Token[] {
  const text = plain(postcode);
  return text === "" ? [] : [{ text: `whole ${text}`, bits: 6 }, ...pairs(text, 1)];
}

export function placeTokens(place: string): readonly Token[] {
  return pairs(plain(place), 1);
}

function plain(text: string): string {
  const lower = text.toLowerCase().replaceAll("ß", "ss").normalize("NFD");
  return lower.replace(/ae|oe|ue/g, (umlaut) => umlaut.charAt(0)).replace(/[^a-z0-9]/g, "");
}

function pairs(text: string, bits: number): readonly Token[] {
  if (text === "") return [];
  const padded = `_${text}_`;
  return Array.from({ length: padded.length - 1 }, (_, at) => ({ text: padded.slice(at, at + 2), bits }));
}
