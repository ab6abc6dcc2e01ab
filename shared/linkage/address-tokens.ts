import type { Token } from "./token.ts";

/** Where somebody lives; an empty text or nothing for what is missing. */
export type PartialAddress = {
  readonly street?: string;
  readonly houseNumber?: string;
  readonly postcode?: string;
  readonly place?: string;
};

/** An address supports a link but never carries it: people move, and one register hears of it later. */
export function addressTokens({
  street = "",
  houseNumber = "",
  postcode = "",
  place = "",
}: PartialAddress): readonly Token[] {
  return [
    ...pairs("street", streetText(street), 2),
    ...(/\d+/.test(houseNumber) ? [{ text: `house:${Number(/\d+/.exec(houseNumber)?.[0])}`, bits: 10 }] : []),
    ...(postcode === "" ? [] : [{ text: `postcode:${postcode.trim()}`, bits: 6 }]),
    ...pairs("postcode", postcode.trim(), 1),
    ...pairs("place", plain(place), 1),
  ];
}

function streetText(street: string): string {
  return plain(street).replace(/(?:strasse|street|str|st)$/, "str");
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll("ß", "ss")
    .normalize("NFD")
    .replace(/[^a-z0-9]/g, "");
}

function pairs(kind: string, text: string, bits: number): readonly Token[] {
  if (text === "") return [];
  const padded = `_${text}_`;
  return Array.from({ length: padded.length - 1 }, (_, at) => ({
    text: `${kind}:${padded.slice(at, at + 2)}`,
    bits,
  }));
}
