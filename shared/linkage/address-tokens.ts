import type { Token } from "./bloom-filter.ts";

/**
 * An address supports a link and never carries it: people move, registers hear of it late, and families share it. All its
 * fields together weigh less than one of two names.
 */
export function streetTokens(street: string): readonly Token[] {
  return pairs(plain(street).replace(/(?:strasse|street|str|st)$/, "str"), 2);
}

/** The number without what is added to it: registers write "12a", "12 A" or both in two fields. */
export function houseNumberTokens(houseNumber: string): readonly Token[] {
  const number = /\d+/.exec(houseNumber)?.[0];
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
