import { houseNumberTokens, placeTokens, postcodeTokens, streetTokens } from "./address-tokens.ts";
import { birthTokens, dateText, type PartialDate, sexTokens } from "./birth-date-tokens.ts";
import { FieldBits, fieldKey } from "./bloom-filter.ts";
import { nameTokens } from "./name-tokens.ts";

/** A person as a register knows it; empty texts or nothing for what is missing. */
export type LinkagePerson = {
  readonly given: string;
  readonly surname: string;
  /** Unknown month or day left out; unknown year: the whole date left out. */
  readonly birthDate?: PartialDate;
  readonly sex?: "m" | "w";
  readonly street?: string;
  readonly houseNumber?: string;
  readonly postcode?: string;
  readonly place?: string;
};

export const linkageKeyBytes = 128;

/**
 * Where the parts of a key stand, in bytes. A part is all zeros if the person has nothing for it.
 *
 * A birth date known in part sets fewer bits, most of them those of the whole date. Dice's coefficient alone puts it no
 * nearer to the true date than another day of the same year; shared bits / the fewer bits of both tells them apart.
 */
export const linkageKeyParts = {
  names: { from: 0, to: 64 },
  birth: { from: 64, to: 112 },
  address: { from: 112, to: 128 },
} as const;

/** The fields of a person, each with a key of its own, and the part in which they stand. */
const partOf = {
  name: "names",
  birthDate: "birth",
  sex: "birth",
  street: "address",
  houseNumber: "address",
  postcode: "address",
  place: "address",
} as const;
type Field = keyof typeof partOf;

const masterKeyBytes = 32;

/** The keys of one purpose. Keys of two purposes share nothing: what was made with them cannot be compared. */
export class LinkageSecrets {
  readonly #bits: Readonly<Record<Field, FieldBits>>;

  /**
   * @param purpose names the pair of registers; both sides need the same.
   * @throws {RangeError} if the master key has not 32 bytes.
   */
  constructor(masterKey: Uint8Array, purpose: string) {
    if (masterKey.length !== masterKeyBytes)
      throw new RangeError(
        `Cannot derive keys for linkage: the master key must have ${masterKeyBytes} bytes`,
      );
    const bitsOf = (field: Field) => {
      const { from, to } = linkageKeyParts[partOf[field]];
      return new FieldBits(fieldKey(masterKey, purpose, field), {
        firstBit: from * 8,
        bits: (to - from) * 8,
      });
    };
    this.#bits = {
      name: bitsOf("name"),
      birthDate: bitsOf("birthDate"),
      sex: bitsOf("sex"),
      street: bitsOf("street"),
      houseNumber: bitsOf("houseNumber"),
      postcode: bitsOf("postcode"),
      place: bitsOf("place"),
    };
  }

  bitsOf(field: Field): FieldBits {
    return this.#bits[field];
  }
}

/**
 * What is left of a person's name, birth date, sex and address for finding the same person in another register: a keyed
 * Bloom filter of 1,024 bits. The more two persons have in common, the more bits their keys share.
 *
 * - A missing field sets no bit. A score over the bits of both keys loses by it no more than the field's share; a score that
 *   leaves out the parts that one key does not have loses nothing.
 * - Given name and surname are one field: swapped, split or in another order they set the same bits. The fields of
 *   `partOf` have keys of their own.
 * - Nobody is told from the key without the master key. With many keys of one purpose an attacker who knows how often
 *   names and birth dates occur can align frequent patterns of bits with frequent letters (Christen, Schnell, Vatsalan,
 *   Ranbaduge 2017); no salt prevents it here, because every attribute that could be one is wrong in some true pairs. So keys are
 *   sealed where they are stored and deleted with their delivery. docs/adr/0010-linkage-keys.md has the figures.
 *
 * Source: Schnell, Bachteler, Reiher 2009 (doi:10.1186/1472-6947-9-41); one filter for all fields, Schnell, Bachteler, Reiher
 * 2011; bits by how much a field tells, Durham, Kantarcioglu, Xue, Toth, Kuzu, Malin 2014.
 */
export function linkageKey(person: LinkagePerson, secrets: LinkageSecrets): Uint8Array {
  const key = new Uint8Array(linkageKeyBytes);
  const { given, surname, birthDate, sex, street, houseNumber, postcode, place } = person;
  secrets.bitsOf("name").add(key, given, nameTokens);
  secrets.bitsOf("name").add(key, surname, nameTokens);
  if (birthDate !== undefined)
    secrets.bitsOf("birthDate").add(key, dateText(birthDate), () => birthTokens(birthDate));
  if (sex !== undefined) secrets.bitsOf("sex").add(key, sex, sexTokens);
  if (street !== undefined) secrets.bitsOf("street").add(key, street, streetTokens);
  const house = houseNumber || street; // some registers have both in one field
  if (house !== undefined) secrets.bitsOf("houseNumber").add(key, house, houseNumberTokens);
  if (postcode !== undefined) secrets.bitsOf("postcode").add(key, postcode, postcodeTokens);
  if (place !== undefined) secrets.bitsOf("place").add(key, place, placeTokens);
  return key;
}
