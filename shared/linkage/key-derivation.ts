import { createHmac, createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import type { KeyDerivation, PseudonymPurpose } from "../registers/keys.ts";
import { pseudonymPurposes } from "../registers/keys.ts";

const masterKeyBytes = 32;
const pseudonymBytes = 16;

export type OfficeKeys = KeyDerivation & {
  /** Male or female for a person whose register says neither; always the same for the same person. */
  choose(person: Uint8Array): "m" | "w";
  /** Which of two equally good choices is made about a named cell; the same name always gives the same text. */
  tieBreak(name: string): string;
};

/**
 * Keyed values for one master key: HKDF-SHA-256 gives one key per purpose, HMAC-SHA-256 the value, of which the first
 * 16 bytes are kept. Values of different purposes never match. Source: RFC 5869, RFC 2104.
 *
 * @throws {RangeError} if the master key has not 32 bytes.
 */
export function createKeyDerivation(masterKey: Uint8Array): OfficeKeys {
  if (masterKey.length !== masterKeyBytes) {
    throw new RangeError(`Cannot derive keys: the master key must have ${masterKeyBytes} bytes`);
  }
  // Key objects are made once: a raw key costs seven times as much at every value.
  const keys = Object.fromEntries(
    pseudonymPurposes.map((purpose) => [purpose, derivedKey(masterKey, `pseudonym:${purpose}`)]),
  );
  const choice = derivedKey(masterKey, "choice:sex");
  const tie = derivedKey(masterKey, "choice:rounding");
  return {
    pseudonym: (purpose, value) => keyedBytes(keyOf(keys, purpose), value).subarray(0, pseudonymBytes),
    choose: (person) => ((keyedBytes(choice, person)[0] ?? 0) % 2 === 0 ? "m" : "w"),
    tieBreak: (name) => Buffer.from(keyedBytes(tie, name)).toString("hex"),
  };
}

function derivedKey(masterKey: Uint8Array, purpose: string): KeyObject {
  const bytes = hkdfSync("sha256", masterKey, "bevoelkerung-aktuell", purpose, masterKeyBytes);
  return createSecretKey(Buffer.from(bytes));
}

function keyOf(keys: Readonly<Record<string, KeyObject>>, purpose: PseudonymPurpose): KeyObject {
  const key = Object.hasOwn(keys, purpose) ? keys[purpose] : undefined;
  if (key === undefined) throw new TypeError("Cannot derive a key: the purpose must be a declared one");
  return key;
}

function keyedBytes(key: KeyObject, value: string | Uint8Array): Uint8Array {
  return createHmac("sha256", key).update(value).digest();
}
