import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type LinkagePerson,
  LinkageSecrets,
  linkageKey,
  linkageKeyParts,
} from "../../shared/linkage/linkage-key.ts";
import { normalName } from "../../shared/linkage/normal-name.ts";
import { soundsOf } from "../../shared/linkage/spelling.ts";
import { bitsOf, secrets } from "../spec/linkage/linkage-bits.ts";

const runs = { numRuns: Number(process.env["PROPERTY_RUNS"] ?? 200), seed: 20261125 };

const name = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc
    .array(fc.constantFrom(..."aeiouhklmnrsštçäß-' .?".split("")), { maxLength: 30 })
    .map((letters) => letters.join("")),
);
const date = fc.record(
  {
    year: fc.integer({ min: 1900, max: 2026 }),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 31 }),
  },
  { requiredKeys: ["year"] },
);
const person: fc.Arbitrary<LinkagePerson> = fc.record(
  {
    given: name,
    surname: name,
    birthDate: date,
    sex: fc.constantFrom("m", "w"),
    street: name,
    houseNumber: name,
    place: name,
  },
  { requiredKeys: ["given", "surname"] },
);

describe("normalName()", () => {
  test("gives words of letters only, and the same again for its own words beside each other", () => {
    fc.assert(
      fc.property(name, (text) => {
        const words = normalName(text);
        for (const word of words) expect(word).toMatch(/^\p{L}+$/u);
        expect(new Set(words).size).toBe(words.length);
      }),
      runs,
    );
  });

  test("does not depend on how marks are encoded, on capitals or on blanks around", () => {
    fc.assert(
      fc.property(name, (text) => {
        const words = normalName(text);
        expect(normalName(text.normalize("NFD"))).toEqual(normalName(text.normalize("NFC")));
        expect(normalName(`  ${text}\t`)).toEqual(words);
      }),
      runs,
    );
  });
});

describe("soundsOf()", () => {
  test("hears no sound twice in a row and none that it does not know", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zč]{1,20}$/), (word) => {
        expect(soundsOf(word)).toMatch(/^[abcdfghijklmnprstuvz]*$/);
        expect(soundsOf(word)).not.toMatch(/(.)\1/);
      }),
      runs,
    );
  });
});

describe("linkageKey()", () => {
  test("is the same whatever was made before with the same secrets", () => {
    fc.assert(
      fc.property(person, (one) => {
        const fresh = new LinkageSecrets(
          new Uint8Array(32).map((_, at) => at),
          "test",
        );
        expect(linkageKey(one, fresh)).toEqual(linkageKey(one, secrets));
      }),
      { ...runs, numRuns: Math.min(runs.numRuns, 100) },
    );
  });

  test("does not depend on the order of the names or on which is the surname", () => {
    fc.assert(
      fc.property(person, (one) => {
        const swapped = { ...one, given: one.surname, surname: one.given };
        expect(linkageKey(swapped, secrets)).toEqual(linkageKey(one, secrets));
      }),
      runs,
    );
  });

  test("sets the bits of each field in its part only, and of all fields together the union", () => {
    fc.assert(
      fc.property(person, ({ given, surname, ...others }) => {
        const names = bitsOf(linkageKey({ given, surname }, secrets));
        const rest = bitsOf(linkageKey({ given: "", surname: "", ...others }, secrets));
        const { to } = linkageKeyParts.names;
        for (const bit of names) expect(bit).toBeLessThan(to * 8);
        for (const bit of rest) expect(bit).toBeGreaterThanOrEqual(to * 8);
        expect(bitsOf(linkageKey({ given, surname, ...others }, secrets))).toEqual(
          new Set([...names, ...rest]),
        );
      }),
      runs,
    );
  });
});
