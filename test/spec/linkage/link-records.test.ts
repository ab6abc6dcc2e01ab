import { describe, expect, test } from "vitest";
import { linkRecords, linkRules } from "../../../shared/linkage/link-records.ts";
import type { LinkagePerson } from "../../../shared/linkage/linkage-key.ts";
import { labelledCity } from "./link-records-city.ts";
import { twoFiles } from "./link-records-febrl.ts";
import { judged, keysOf, measures, withoutAddress } from "./link-records-judged.ts";

const rules = { ...linkRules, workers: 0 };

function person(given: string, surname: string, born?: string): LinkagePerson {
  const [year = 0, month = 0, day = 0] = (born ?? "").split("-").map(Number);
  const birthDate = { year, ...(month > 0 && { month }), ...(day > 0 && { day }) };
  return { given, surname, ...(born !== undefined && { birthDate }) };
}

async function linked(left: readonly LinkagePerson[], right: readonly LinkagePerson[]) {
  const result = await linkRecords(keysOf(left), keysOf(right), rules);
  return { ...result, pairs: result.links.map((link) => `${link.left}-${link.right}`) };
}

const omar = person("Omar", "Al-Hassan", "1990-05-17");

describe("linkRecords()", () => {
  test("links a person whom two registers spell differently", async () => {
    const { pairs } = await linked(
      [omar],
      [person("Lena", "Weber", "1990-05-17"), person("Omar", "El Hasan", "1990-05-17")],
    );
    expect(pairs).toEqual(["0-1"]);
  });

  test("leaves out who is twice in one register, and says ambiguous of the other", async () => {
    const { pairs, unlinkedLeft, unlinkedRight } = await linked([omar], [omar, omar]);
    expect(pairs).toEqual([]);
    expect(unlinkedLeft).toEqual({ noCandidate: 0, ambiguous: 1, contested: 0 });
    expect(unlinkedRight).toEqual({ noCandidate: 0, ambiguous: 0, contested: 2 });
  });

  test("links twins each with itself", async () => {
    const twins = [person("Selam", "Tekle", "2015-03-02"), person("Filmon", "Tekle", "2015-03-02")];
    expect((await linked(twins, [...twins].reverse())).pairs).toEqual(["0-1", "1-0"]);
  });

  test("links who has one name only, if the birth date agrees", async () => {
    const { pairs } = await linked(
      [person("", "Zabihullah", "1988-09-21")],
      [person("Zabihullah", "Zabihullah", "1988-09-21")],
    );
    expect(pairs).toEqual(["0-0"]);
  });

  test("does not link by names alone: a missing birth date and no address", async () => {
    const { pairs, unlinkedLeft } = await linked([person("Omar", "Al-Hassan")], [omar]);
    expect(pairs).toEqual([]);
    expect(unlinkedLeft.noCandidate).toBe(1);
  });

  test("links a birth date of which one register knows the year only", async () => {
    expect((await linked([person("Omar", "Al-Hassan", "1990")], [omar])).pairs).toEqual(["0-0"]);
  });

  test("finds nobody in empty registers and for people without a name", async () => {
    expect((await linked([], [omar])).pairs).toEqual([]);
    expect((await linked([person("", "", "1990-05-17")], [person("", "", "1990-05-17")])).pairs).toEqual([]);
  });

  test("estimates nothing where everybody looks alike", async () => {
    const { quality } = await linked(Array(60).fill(omar), Array(60).fill(omar));
    expect(quality).toEqual({ precision: undefined, recall: undefined });
  });
});

describe("linkRecords() on draws that it was not fixed on", () => {
  test("has a precision of 0.995 and an F1 of 0.985 in the invented city, with addresses and without", async () => {
    const all = [];
    const bare = [];
    for (const seed of [201, 202]) {
      const city = await labelledCity("klein", seed);
      for (const register of ["akdn-sozial", "schild"] as const) {
        all.push(await judged(city[register], city["ewo-alw"]));
        bare.push(await judged(withoutAddress(city[register]), withoutAddress(city["ewo-alw"])));
      }
    }
    for (const { precision, f1 } of [measures(all), measures(bare)]) {
      expect(precision).toBeGreaterThanOrEqual(0.995);
      expect(f1).toBeGreaterThanOrEqual(0.985);
    }
  });

  test("has a precision of 0.999 on names with typing errors, and finds nearly all", async () => {
    const { left, right } = twoFiles(7, 5_000);
    const { precision, recall } = measures([await judged(left, right)]);
    expect(precision).toBeGreaterThanOrEqual(0.999);
    expect(recall).toBeGreaterThanOrEqual(0.985);
  });
});
