import { addressTokens, type PartialAddress } from "./address-tokens.ts";
import { birthTokens, type PartialDate, sexTokens } from "./birth-date-tokens.ts";
import { fieldKey, setPlaces, TokenPlaces } from "./bloom-filter.ts";
import { nameTokens } from "./name-tokens.ts";
import type { Token } from "./token.ts";

/** A person as a register knows it; empty texts for what is missing. */
export type LinkagePerson = PartialAddress & {
  readonly given: string;
  readonly surname: string;
  /** Unknown month or day left out; unknown year: the whole date left out. */
  readonly birthDate?: PartialDate;
  readonly sex?: "m" | "w";
};

export const linkageKeyBytes = 128;

/** Where the parts of a key stand, in bytes; a part is all zeros if the person has nothing for it. */
export const linkageKeyParts = {
  names: { from: 0, to: 64 },
  birth: { from: 64, to: 96 },
  address: { from: 96, to: 128 },
} as const;

type Part = keyof typeof linkageKeyParts;

/** The keys of one purpose; keys of two purposes share nothing, so their linkage keys cannot be compared. */
export class LinkageSecrets {
  readonly #places: Readonly<Record<Part, TokenPlaces>>;

  /**
   * @throws {RangeError} if the master key has not 32 bytes.
   */
  constructor(masterKey: Uint8Array, purpose: string) {
    if (masterKey.length !== 32) {
      throw new RangeError("Cannot derive keys for linkage: the master key must have 32 bytes");
    }
    const places = (part: Part) => {
      const { from, to } = linkageKeyParts[part];
      return new TokenPlaces(fieldKey(masterKey, purpose, part), from * 8, (to - from) * 8);
    };
    this.#places = { names: places("names"), birth: places("birth"), address: places("address") };
  }

  places(part: Part): TokenPlaces {
    return this.#places[part];
  }
}

export function linkageKey(person: LinkagePerson, secrets: LinkageSecrets): Uint8Array {
  const filter = new Uint8Array(linkageKeyBytes);
  write(filter, secrets.places("names"), nameTokens(person.given, person.surname));
  write(filter, secrets.places("birth"), birthTokens(person.birthDate));
  write(filter, secrets.places("birth"), sexTokens(person.sex));
  write(filter, secrets.places("address"), addressTokens(person));
  return filter;
}

function write(filter: Uint8Array, places: TokenPlaces, tokens: readonly Token[]): void {
  for (const { text, bits } of tokens) setPlaces(filter, places.of(text), bits);
}
