import { describe, expect, test } from "vitest";
import type { PartialDate } from "../../../shared/linkage/birth-date-tokens.ts";
import { likeness } from "./linkage-bits.ts";

const dates: Readonly<Record<string, PartialDate>> = {
  "17.05.1990": { year: 1990, month: 5, day: 17 },
  "03.05.1990": { year: 1990, month: 5, day: 3 },
  "05.03.1990": { year: 1990, month: 3, day: 5 },
  "18.05.1990": { year: 1990, month: 5, day: 18 },
  "17.05.1991": { year: 1991, month: 5, day: 17 },
  "29.11.1962": { year: 1962, month: 11, day: 29 },
  "08.12.1990": { year: 1990, month: 12, day: 8 },
  "01.01.1990": { year: 1990, month: 1, day: 1 },
  "01.01.1962": { year: 1962, month: 1, day: 1 },
  "05.1990": { year: 1990, month: 5 },
  "1990": { year: 1990 },
};

function likenessOfDates(one: string, other: string): number {
  const person = (date: string) => ({ given: "", surname: "", ...birthOf(date) });
  return likeness(person(one), person(other), "birth");
}

function birthOf(date: string): { birthDate?: PartialDate } {
  const birthDate = dates[date];
  return birthDate === undefined ? {} : { birthDate };
}

/** Each line: a mistake, and pairs of dates from the most alike to the least. */
const orders = `
  nothing differs is above all else | 17.05.1990 17.05.1990 > 17.05.1990 18.05.1990
  one digit of the day              | 17.05.1990 18.05.1990 > 17.05.1990 08.12.1990
  day and month swapped             | 03.05.1990 05.03.1990 > 03.05.1990 08.12.1990
  one digit of the year             | 17.05.1990 17.05.1991 > 17.05.1990 29.11.1962
  01.01. and the true day           | 01.01.1990 17.05.1990 > 17.05.1990 29.11.1962
  the year alone and the true day   | 1990 17.05.1990       > 17.05.1990 29.11.1962
  the year alone is not the date    | 17.05.1990 17.05.1990 > 1990 17.05.1990
  month and year, and the true day  | 05.1990 17.05.1990    > 1990 17.05.1990
  01.01. does not make two alike    | 01.01.1990 17.05.1990 > 01.01.1990 01.01.1962
`;

describe("birthTokens()", () => {
  test.each(
    orders
      .trim()
      .split("\n")
      .map((line) => line.split("|").map((part) => part.trim())),
  )("%s", (_, order) => {
    const likenesses = (order ?? "").split(">").map((pair) => {
      const [one = "", other = ""] = pair.trim().split(/\s+/);
      return likenessOfDates(one, other);
    });
    expect(likenesses).toEqual(likenesses.toSorted((a, b) => b - a));
    expect(new Set(likenesses).size).toBe(likenesses.length);
  });

  test("takes the first of January for an unknown day", () => {
    expect(likenessOfDates("01.01.1990", "1990")).toBe(1);
  });
});
