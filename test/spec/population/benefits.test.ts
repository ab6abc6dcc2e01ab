import { describe, expect, test } from "vitest";
import { countBenefits, formBenefitMonth } from "../../../shared/population/benefits.ts";
import { rowsOf } from "../columns.ts";
import { delivery } from "../registers-of-a-city.ts";

/** Lines "PKS: cases persons cents", then the total. */
function counts(table: string): readonly string[] {
  const rows = rowsOf(table);
  const answers = [rows, rows.toReversed()].map((order) => {
    const month = formBenefitMonth(delivery("akdn-sozial", "2026-10", order).columns);
    const byGroup = countBenefits(
      month,
      month.groups.map((_, at) => at),
      month.groups.length,
    );
    const total = countBenefits(
      month,
      month.groups.map(() => 0),
      1,
    );
    return [...byGroup, ...total].map(
      ({ cases, persons, expenditure }, at) =>
        `${month.groups[at] ?? "T"}: ${cases} ${persons} ${expenditure}`,
    );
  });
  expect(answers[0], "the order of rows must not matter").toEqual(answers[1]);
  return answers[0] ?? [];
}

describe("formBenefitMonth()", () => {
  test("counts persons, cases and amounts once each", () => {
    expect(
      counts(`person | fall | stellung | pks | betrag
              anna   | f1   | 1        | 10  | 44100
              anna   | f1   | 1        | 10  | 5000
              boris  | f1   | 2        | 10  | 39700
              clara  | f2   | 1        | 40  | 0`),
    ).toEqual(["10: 1 2 88800", "40: 1 1 0", "T: 2 3 88800"]);
  });

  test("a person with two PKS counts under that of the latest begin; amounts stay with their rows", () => {
    expect(
      counts(`person | fall | pks | beginn  | betrag
              anna   | f1   | 10  | 2026-01 | 10000
              anna   | f1   | 40  | 2026-10 | 20000`),
    ).toEqual(["10: 0 0 10000", "40: 1 1 20000", "T: 1 1 30000"]);
  });

  test("then under the smallest position in the case, then under the smallest PKS", () => {
    expect(
      counts(`person | fall | pks | stellung | betrag
              anna   | f1   | 10  | 2        | 1
              anna   | f2   | 40  | 1        | 1
              boris  | f3   | 50  | 1        | 1
              boris  | f3   | 31  | 1        | 1`),
    ).toEqual(["10: 0 0 1", "31: 1 1 1", "40: 2 1 1", "50: 0 0 1", "T: 3 2 4"]);
  });

  test("a person in two cases counts once, the cases count twice", () => {
    expect(
      counts(`person | fall | pks | betrag
              anna   | f1   | 10  | 100
              anna   | f2   | 10  | 100`),
    ).toEqual(["10: 2 1 200", "T: 2 1 200"]);
  });

  test("a case whose first person left counts under the next one; ties: the oldest, then the smaller hash", () => {
    expect(
      counts(`person | fall | stellung | geburtsjahr | alter | pks | betrag
              anna   | f1   | 2        | 1990        | 36    | 40  | 0
              boris  | f1   | 3        | 2015        | 11    | 60  | 0
              clara  | f2   | 3        | 2015        | 11    | 60  | 0
              dora   | f2   | 3        | 2014        | 12    | 10  | 0
              emil   | f3   | 3        | 2014        | 12    | 31  | 0
              fritz  | f3   | 3        | 2014        | 12    | 60  | 0`),
    ).toEqual(["10: 1 1 0", "31: 1 1 0", "40: 1 1 0", "60: 0 3 0", "T: 3 6 0"]);
  });

  test("subtracts negative corrections, and identical payments stay", () => {
    expect(
      counts(`person | fall | betrag
              anna   | f1   | 44100
              anna   | f1   | 44100
              anna   | f1   | -4100`),
    ).toEqual(["10: 1 1 84100", "T: 1 1 84100"]);
  });

  test("an empty month has no groups", () => {
    expect(counts("person | fall")).toEqual(["T: 0 0 0"]);
  });
});

describe("countBenefits() knows who stands behind an amount", () => {
  test("recipients whose payments add up to zero do not count; the largest and the sum go by absolute amounts", () => {
    const month = formBenefitMonth(
      delivery(
        "akdn-sozial",
        "2026-10",
        `person | fall | betrag
         anna   | f1   | 90000
         boris  | f2   | 500000
         boris  | f2   | -490000
         clara  | f3   | 44100
         clara  | f3   | -44100
         dora   | f4   | -20000`,
      ).columns,
    );
    // 900 + (5000 - 4900) + (441 - 441) - 200 = 800; absolute 900 + 100 + 200 = 1200
    expect(countBenefits(month, [0], 1)).toEqual([
      { cases: 4, persons: 4, expenditure: 80000, recipients: 3, largest: 90000, absolute: 120000 },
    ]);
  });
});
