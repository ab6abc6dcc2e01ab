import { createHmac, hkdfSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createKeyDerivation } from "../../../shared/linkage/key-derivation.ts";
import { pseudonymPurposes } from "../../../shared/registers/keys.ts";

const master = new Uint8Array(32).map((_, at) => at);

describe("createKeyDerivation()", () => {
  test("is HKDF-SHA-256 per purpose and the first 16 bytes of HMAC-SHA-256", () => {
    const key = Buffer.from(hkdfSync("sha256", master, "bevoelkerung-aktuell", "pseudonym:person", 32));
    const expected = createHmac("sha256", key).update("4711").digest().subarray(0, 16);
    expect(Buffer.from(createKeyDerivation(master).pseudonym("person", "4711"))).toEqual(expected);
  });

  test("gives the same value in every run, so that a change of the scheme is noticed", () => {
    const hex = Buffer.from(createKeyDerivation(master).pseudonym("person", "4711")).toString("hex");
    expect(hex).toMatchInlineSnapshot(`"f8674b25d8dd2b038269ebe9330e0199"`);
  });

  test("never gives values of two purposes, two keys or two texts that match", () => {
    const other = createKeyDerivation(new Uint8Array(32));
    const keys = createKeyDerivation(master);
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const ofPurposes = pseudonymPurposes.map((purpose) =>
          Buffer.from(keys.pseudonym(purpose, a)).toString("hex"),
        );
        const all = [...ofPurposes, Buffer.from(other.pseudonym("person", a)).toString("hex")];
        expect(new Set(all).size).toBe(pseudonymPurposes.length + 1);
        expect(Buffer.from(keys.pseudonym("person", a)).equals(keys.pseudonym("person", b))).toBe(a === b);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test("chooses always the same for a person, and each about half the time", () => {
    const keys = createKeyDerivation(master);
    const persons = Array.from({ length: 2_000 }, (_, at) => keys.pseudonym("person", String(at)));
    const men = persons.filter((person) => keys.choose(person) === "m").length;
    expect(persons.every((person) => keys.choose(person) === keys.choose(person.slice()))).toBe(true);
    expect(men).toBeGreaterThan(900);
    expect(men).toBeLessThan(1_100);
  });

  test("refuses a master key of another length", () => {
    expect(() => createKeyDerivation(new Uint8Array(31))).toThrow(RangeError);
  });
});
