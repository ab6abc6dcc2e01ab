import {
  type LinkagePerson,
  LinkageSecrets,
  linkageKey,
  linkageKeyParts,
} from "../../../shared/linkage/linkage-key.ts";

export const secrets = new LinkageSecrets(
  new Uint8Array(32).map((_, at) => at),
  "test",
);

/** The numbers of the bits that are set; written from the definition. */
export function bitsOf(key: Uint8Array, { from, to } = { from: 0, to: key.length }): ReadonlySet<number> {
  return new Set([...key.keys()].flatMap((byte) => (byte < from || byte >= to ? [] : bitsOfByte(key, byte))));
}

function bitsOfByte(key: Uint8Array, byte: number): readonly number[] {
  return [0, 1, 2, 3, 4, 5, 6, 7]
    .filter((bit) => ((key[byte] ?? 0) & (1 << bit)) !== 0)
    .map((bit) => byte * 8 + bit);
}

/** Dice's coefficient of two persons over one part of their keys. */
export function likeness(
  one: LinkagePerson,
  other: LinkagePerson,
  part?: keyof typeof linkageKeyParts,
): number {
  const range = part === undefined ? undefined : linkageKeyParts[part];
  const a = bitsOf(linkageKey(one, secrets), range);
  const b = bitsOf(linkageKey(other, secrets), range);
  return (2 * [...a].filter((bit) => b.has(bit)).length) / (a.size + b.size);
}
