import { describe, expect, test } from "vitest";
import { normalName } from "../../../shared/linkage/normal-name.ts";
import {
  joinedRules,
  letterRules,
  particles,
  placeholders,
  shortForms,
} from "../../../shared/linkage/spelling-letters.ts";

/** A name as written | its words. */
const words = `
  Anna Maria                 | anna maria
  Müller-Lüdenscheidt        | muller ludenscheidt
  Weiß                       | weiss
  ÇAĞLAR                     | čaglar
  C\u0327ag\u0306lar         | čaglar
  İpek Işık                  | ipek ishik
  Łukasz Đurić               | lukasz djurič
  Æbbe Þór                   | abbe thor
  Hœness Həsən Bjørn Ðað     | honess hasan bjorn dad
  Žižka                      | zhizhka
  O'Brien                    | obrien
  ʿAbd ar-Raḥmān             | abd rahman
  Al-Hassan                  | hassan
  Alhassan                   | hassan
  El Masri                   | masri
  Ali Alina Alexander Elena  | ali alina alexander elena
  Abdulrahman                | abd rahman
  Abdullah Abdallahi         | abdullah abdallahi
  Abuzaid                    | abu zaid
  Gebremedhin                | gebre medhin
  Omar bin al-Khattab        | omar khattab
  von der Lühe               | luhe
  Dr. Weber                  | weber
  Md Karim                   | mohammed karim
  Abdul Karim                | abd karim
  Nino Nino                  | nino
  van                        | van
  Y\u0131ld?z                | yildiz
  Weber 2                    | weber
  Anna, Maria (Mia)          | anna maria mia
`;

const missing = [
  "",
  " ",
  "-",
  "--",
  "XXX",
  "xxx",
  "ohne Vorname",
  "Ohne  Vorname",
  "(ohne Vorname)",
  "N.N.",
  "o.A.",
  "?",
];

describe("normalName()", () => {
  const cases = words.trim().split("\n");
  test.each(cases.map((line) => line.split("|").map((part) => part.trim())))(
    "takes %s for %s",
    (name, expected) => {
      expect(normalName(name ?? "").join(" ")).toBe(expected);
    },
  );

  test.each(missing.map((name) => [name]))("takes %j for a missing name", (name) => {
    expect(normalName(name)).toEqual([]);
  });

  test("takes every placeholder of its list for a missing name", () => {
    expect([...placeholders].filter((placeholder) => normalName(placeholder).length > 0)).toEqual([]);
  });

  test("leaves out every particle beside a name and keeps it alone", () => {
    for (const particle of particles) {
      expect(normalName(`${particle} weber`), particle).toEqual(["weber"]);
      expect(normalName(particle), particle).toEqual([particle]);
    }
  });

  test("does not depend on the way a letter is encoded or on capitals", () => {
    for (const [letter] of letterRules) {
      const composed = `a${letter}b`;
      expect(normalName(composed.normalize("NFD")), letter).toEqual(normalName(composed));
      expect(normalName(composed.toUpperCase()), letter).toEqual(normalName(composed));
    }
  });

  test("has a spelling for each rule about words", () => {
    expect(Object.keys(shortForms).filter((short) => normalName(short)[0] === short)).toEqual([]);
    const joined = ["abdulrahman", "abuzaid", "alhassan", "gebremedhin"];
    expect(joinedRules.map(({ start }) => joined.filter((word) => start.test(word)).length)).toEqual([
      1, 1, 1, 1,
    ]);
  });
});
