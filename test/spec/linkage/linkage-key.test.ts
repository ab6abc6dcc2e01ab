import { describe, expect, test } from "vitest";
import {
  type LinkagePerson,
  LinkageSecrets,
  linkageKey,
  linkageKeyBytes,
  linkageKeyParts,
} from "../../../shared/linkage/linkage-key.ts";
import { bitsOf, likeness, secrets } from "./linkage-bits.ts";
import { differentNames, oneName } from "./spellings.ts";

const person: LinkagePerson = {
  given: "Layla",
  surname: "Al-Hassan",
  birthDate: { year: 1990, month: 5, day: 17 },
  sex: "w",
  street: "Lindenstraße",
  houseNumber: "12a",
  postcode: "46990",
  place: "Musterstadt",
};

describe("linkageKey()", () => {
  test("is the same in every run, so that a change of the scheme is noticed", () => {
    expect(Buffer.from(linkageKey(person, secrets)).toString("base64")).toMatchInlineSnapshot(
      `"QCoDBkAQSEAAIIlAEBkAOCAOAoAIXTRAgAAIBIjAAIgLAAEwAEJAQMgIAYIDQAQMJAhzwEAABAA2EIBEhAFMAJsgQiCJJdAEQAYEAGAUDAYRCAQKAoACMIcAxWEwADAkagIBYpC0DqIYQCIIgVASACkBw3psAIgYTg4scoExAA4="`,
    );
  });

  test("has 128 bytes and fills no part by more than half, not even for long names", () => {
    const long = {
      ...person,
      given: "Ana Luísa Beatriz Filipa",
      surname: "Gonçalves da Conceição Vasconcelos",
    };
    const key = linkageKey(long, secrets);
    expect(key.length).toBe(linkageKeyBytes);
    for (const part of Object.values(linkageKeyParts)) {
      expect(bitsOf(key, part).size).toBeLessThanOrEqual(((part.to - part.from) * 8) / 2);
    }
  });

  test("leaves a part without a bit if nothing is known for it", () => {
    const nobody = linkageKey({ given: "-", surname: "XXX" }, secrets);
    expect(bitsOf(nobody).size).toBe(0);
    const empty = { street: "", houseNumber: "", postcode: "", place: "" };
    expect(linkageKey({ given: "Layla", surname: "", ...empty }, secrets)).toEqual(
      linkageKey({ given: "Layla", surname: "" }, secrets),
    );
  });

  const sameKey: readonly (readonly [string, Partial<LinkagePerson>])[] = [
    ["given name and surname swapped", { given: "Al-Hassan", surname: "Layla" }],
    ["one name given twice", { given: "Layla Al Hassan", surname: "Hassan" }],
    ["all in the surname", { given: "ohne Vorname", surname: "Alhassan, Leila" }],
    ["another transcription", { given: "LEYLA", surname: "El Hassan" }],
    ["street abbreviated", { street: "Lindenstr." }],
    ["street and house number in one field", { street: "Lindenstr. 12a", houseNumber: "" }],
    ["several house numbers", { houseNumber: "12-14" }],
    ["suffix of the house number elsewhere", { houseNumber: "12 A" }],
  ];
  test.each(sameKey)("is the same for %s", (_, change) => {
    expect(linkageKey({ ...person, ...change }, secrets)).toEqual(linkageKey(person, secrets));
  });

  test("keeps spellings of one name closer than the median of different names, marked ones included", () => {
    const close = lines(oneName).flatMap((line) => {
      const [first = "", ...others] = (line.split("|")[1] ?? "").replaceAll("~", "").split(",");
      return others.map((other) => likenessOfNames(first, other));
    });
    const apart = lines(differentNames).map((line) => {
      const [one = "", other = ""] = line.split(",");
      return likenessOfNames(one, other);
    });
    expect(Math.min(...close)).toBeGreaterThan(apart.toSorted((a, b) => a - b)[apart.length >> 1] ?? 1);
    expect(Math.max(...apart)).toBeLessThan(0.9);
  });

  test("tells twins apart by their given names", () => {
    const twin = { ...person, given: "Samira" };
    expect(likeness(person, twin)).toBeLessThan(likeness(person, { ...person, given: "Laylah" }));
    expect(likeness(person, twin, "names")).toBeLessThan(0.75);
  });

  test("loses by a missing field no more than its share of the bits", () => {
    const { street, houseNumber, postcode, place, ...homeless } = person;
    void [street, houseNumber, postcode, place];
    expect(likeness(person, homeless)).toBeGreaterThan(0.85);
    expect(likeness(person, homeless, "names")).toBe(1);
  });

  test("shares no more bits than chance between two purposes or two master keys", () => {
    const master = new Uint8Array(32).map((_, at) => at);
    const [one, purpose, changed] = [
      linkageKey(person, secrets),
      linkageKey(person, new LinkageSecrets(master, "other")),
      linkageKey(
        person,
        new LinkageSecrets(
          master.map((byte) => byte ^ 1),
          "test",
        ),
      ),
    ].map((key) => bitsOf(key));
    for (const other of [purpose, changed]) {
      const shared = [...(one ?? [])].filter((bit) => other?.has(bit)).length;
      expect(shared / (one?.size ?? 1)).toBeLessThan(0.45);
    }
  });

  test("shares no more bits than chance between two fields with the same text", () => {
    const asStreet = bitsOf(linkageKey({ given: "", surname: "", street: "hassan" }, secrets));
    const asPlace = bitsOf(linkageKey({ given: "", surname: "", place: "hassan" }, secrets));
    const shared = [...asPlace].filter((bit) => asStreet.has(bit)).length;
    expect(shared).toBeLessThan(asPlace.size / 2);
  });

  test("does not change the person it is given", () => {
    const before = structuredClone(person);
    linkageKey(person, secrets);
    expect(person).toEqual(before);
  });
});

describe("LinkageSecrets", () => {
  test("refuses a master key of another length", () => {
    expect(() => new LinkageSecrets(new Uint8Array(31), "test")).toThrow(RangeError);
  });
});

function lines(table: string): readonly string[] {
  return table.trim().split("\n");
}

function likenessOfNames(one: string, other: string): number {
  return likeness({ given: one, surname: "" }, { given: other, surname: "" }, "names");
}
