import { describe, expect, it } from "vitest";
import {
  addDays,
  ageOn,
  dayNumber,
  dayText,
  isoDayIn,
  isoWeek,
  lastFriday,
  monthNumber,
  monthText,
} from "../../../shared/registers/calendar.ts";
import { noAge, noDate } from "../../../shared/registers/record-block.ts";
import { refuseUnknown } from "../../../shared/registers/refuse-unknown.ts";
import {
  cleanText,
  dayOfSerial,
  parseDay,
  parseInteger,
  parseKey,
  parseMoney,
  parseMonth,
  parsePartialDate,
  parseSex,
  parseYesNo,
} from "../../../shared/registers/values.ts";

/** Lines "input | expected"; an empty side is an empty text. */
function cases(table: string): [string, string][] {
  const lines = table.split("\n").filter((line) => line.includes("|"));
  return lines.map((line) => {
    const [input = "", expected = ""] = line.split("|").map((side) => side.trim());
    return [input, expected];
  });
}

function shownDay(value: number | string): string {
  if (typeof value === "string") return value;
  return value === noDate ? "offen" : dayText(value);
}

describe("cleanText()", () => {
  it.each([
    ["  Muster  ", "Muster"],
    ["Am\u00a0 alten \t Markt", "Am alten Markt"],
    ["Zeile\r\nzwei", "Zeile zwei"],
    ["-", ""],
    [" - ", ""],
    ["NULL", ""],
    ["k.A.", ""],
    ["kA", "kA"],
    ["Null", "Null"],
    ["-5", "-5"],
    ["", ""],
    ["\ufeffA", "A"],
    ["Mu\u0308ller", "Müller"],
    ["M\u030c", "M\u030c"],
  ])("makes %j into %j", (raw, expected) => expect(cleanText(raw)).toBe(expected));
});

describe("parseDay()", () => {
  it.each(
    cases(`
      20.11.2026  | 2026-11-20
      1.2.2026    | 2026-02-01
      2026-11-20  | 2026-11-20
      20261120    | 2026-11-20
      29.02.2024  | 2024-02-29
      29.02.2000  | 2000-02-29
      29.02.2023  | E-005
      29.02.1900  | E-005
      31.04.2026  | E-005
      00.01.2026  | E-005
      31.12.9999  | offen
      31.12.2999  | offen
      99.99.9999  | offen
      9999-12-31  | offen
      30.12.9999  | 9999-12-30
      20.11.26    | E-012
      20/11/2026  | E-005
      2026-11-20T00:00:00 | E-005
      46346       | E-005
      2026        | E-005
      morgen      | E-005`),
  )("reads %j as %j", (text, expected) => expect(shownDay(parseDay(text, {}))).toBe(expected));

  it.each([
    ["46346", 1900, "2026-11-20"],
    ["44884", 1904, "2026-11-20"],
    ["46346,75", 1900, "2026-11-20"],
    ["2958465", 1900, "offen"],
    ["2958466", 1900, "E-005"],
    ["20261120", 1900, "2026-11-20"],
    ["1994", 1900, "E-005"],
  ] as const)("reads the serial %j of system %j as %j", (text, serials, expected) =>
    expect(shownDay(parseDay(text, { serials }))).toBe(expected),
  );
});

describe("dayOfSerial() leaves out the 29 February 1900 that never was", () => {
  it.each([
    [1, 1900, "1900-01-01"],
    [59, 1900, "1900-02-28"],
    [61, 1900, "1900-03-01"],
    [0, 1904, "1904-01-01"],
    [60, 1904, "1904-03-01"],
  ] as const)("%j in system %j is %j", (serial, system, expected) =>
    expect(dayText(dayOfSerial(serial, system))).toBe(expected),
  );
  it("refuses 60, 0 and negative serials of 1900", () =>
    expect([60, 0, -1].map((serial) => dayOfSerial(serial, 1900))).toEqual([NaN, NaN, NaN]));
});

describe("parsePartialDate()", () => {
  it.each(
    cases(`
      14.02.1988 | 19880214
      1990       | 19900000
      00.00.1990 | 19900000
      1990-00-00 | 19900000
      19900000   | 19900000
      00.05.1990 | 19900500
      00.00.0000 | 0
      0000-00-00 | 0
      01.01.1990 | 19900101
      29.02.1988 | 19880229
      29.02.1990 | E-005
      00.13.1990 | E-005
      12.00.1990 | E-005
      00.05.0000 | E-005
      14.02.88   | E-012
      00.00.88   | E-012
      32188      | E-005
      unbekannt  | E-005`),
  )("reads %j as %j", (text, expected) => expect(String(parsePartialDate(text, {}))).toBe(expected));
  it("reads a serial of five digits, but four digits as a year", () =>
    expect(["32187", "1990"].map((text) => parsePartialDate(text, { serials: 1900 }))).toEqual([
      19880214, 19900000,
    ]));
});

describe("parseMonth()", () => {
  it.each(
    cases(`
      2026-10      | 2026-10
      10/2026      | 2026-10
      10.2026      | 2026-10
      1/2010       | 2010-01
      Jan 10       | 2010-01
      Januar 2010  | 2010-01
      Jan. 2010    | 2010-01
      Mrz 22       | 2022-03
      Mär 22       | 2022-03
      März 2010    | 2010-03
      Maerz 2010   | 2010-03
      MAI 2015     | 2015-05
      Dez 24       | 2024-12
      31.10.2026   | 2026-10
      2026-10-31   | 2026-10
      13/2026      | E-005
      2026-00      | E-005
      10/26        | E-012
      Brumaire 10  | E-005
      31.12.9999   | E-005
      Insgesamt    | E-005`),
  )("reads %j as %j", (text, expected) => {
    const month = parseMonth(text, {});
    expect(typeof month === "number" ? monthText(month) : month).toBe(expected);
  });
});

describe("parseKey()", () => {
  it.each([
    ["475", 3, "475"],
    ["0", 3, "000"],
    ["12", 3, "012"],
    ["1234", 3, ""],
    ["Syrien", 3, ""],
    ["A7", 3, ""],
    ["4-5", 3, ""],
    ["LD", 2, "LD"],
    ["1234", 5, "01234"],
    ["101211", 0, "101211"],
    ["25-2-1", 0, "25-2-1"],
    ["ein Satz", 0, ""],
    ["123456789012345678901", 0, ""],
  ] as const)("reads %j of length %j as %j", (text, length, expected) =>
    expect(parseKey(text, length)).toBe(expected),
  );
});

describe("parseSex()", () => {
  it.each([
    ["m", 1],
    ["W", 2],
    ["d", 3],
    ["X", 4],
    ["", 0],
    ["3", -1],
    ["weiblich", -1],
    ["toString", -1],
  ] as const)("reads %j as %j", (text, expected) => expect(parseSex(text, {})).toBe(expected));
  it("follows the office's other codes first", () =>
    expect(["3", "4", "m"].map((text) => parseSex(text, { "3": "m", "4": "w" }))).toEqual([1, 2, 1]));
});

describe("parseYesNo()", () => {
  it.each([
    ["J", 1],
    ["ja", 1],
    ["1", 1],
    ["n", 0],
    ["Nein", 0],
    ["0", 0],
    ["wahr", -1],
  ] as const)("reads %j as %j", (text, expected) => expect(parseYesNo(text)).toBe(expected));
});

describe("parseInteger()", () => {
  it.each(
    cases(`
      0      | 0
      0012   | 12
      -3     | -3
      1.234  | 1234
      12.34  | NaN
      1,0    | NaN
      12345678901234567890 | NaN
      zwei   | NaN`),
  )("reads %j as %j", (text, expected) => expect(String(parseInteger(text))).toBe(expected));
});

describe("parseMoney() in cents", () => {
  it.each(
    cases(`
      441,00       | 44100
      441          | 44100
      441,5        | 44150
      0,00         | 0
      -0,00        | 0
      1.234        | 123400
      1.234,56     | 123456
      1.234.567,89 | 123456789
      12.34,50     | NaN
      1234,56      | 123456
      -12,30       | -1230
      12,30-       | -1230
      -12,30-      | NaN
      - 12,30      | -1230
      −12,30       | -1230
      12,30 €      | 1230
      € 12,30      | 1230
      EUR 12,30    | 1230
      -12,30 EUR   | -1230
      12,30- €     | -1230
      € 12,30 €    | NaN
      12.50        | NaN
      12.5         | NaN
      12,345       | NaN
      12,          | NaN
      ,50          | NaN
      12,30 USD    | NaN
      k            | NaN
      99999999999999999 | NaN`),
  )("reads %j as %j", (text, expected) =>
    expect(String(parseMoney(text, { decimalPoint: false }))).toBe(expected),
  );
  it("takes a decimal point only where the office says so, and still reads three digits as thousands", () =>
    expect(
      ["12.50", "12.5", "1.234", "1.234,50"].map((text) => parseMoney(text, { decimalPoint: true })),
    ).toEqual([1250, 1250, 123_400, 123_450]));
});

describe("calendar", () => {
  it.each([
    ["2026-11-20", "2026-W47"],
    ["2026-12-31", "2026-W53"],
    ["2027-01-03", "2026-W53"],
    ["2027-01-04", "2027-W01"],
    ["2024-12-30", "2025-W01"],
    ["2021-01-01", "2020-W53"],
  ])("isoWeek() puts %j into %j", (day, week) => expect(isoWeek(day)).toBe(week));
  it.each([
    ["2026-11-23", "2026-11-20"],
    ["2026-11-20", "2026-11-20"],
    ["2026-11-19", "2026-11-13"],
    ["1969-12-28", "1969-12-26"],
  ])("lastFriday() of %j is %j", (day, friday) => expect(lastFriday(day)).toBe(friday));
  it("isoDayIn() shows the day of the office, not of UTC", () =>
    expect([
      isoDayIn(new Date("2026-11-22T23:30:00Z"), "Europe/Berlin"),
      isoDayIn(new Date("2026-06-30T21:59:59Z"), "Europe/Berlin"),
    ]).toEqual(["2026-11-23", "2026-06-30"]));
  it("dayNumber() and monthNumber() refuse what is no real day or month", () => {
    for (const day of ["2026-02-29", "20.11.2026", "2026-13-01", ""])
      expect(() => dayNumber(day)).toThrow(RangeError);
    for (const month of ["2026-13", "2026", "10/2026"]) expect(() => monthNumber(month)).toThrow(RangeError);
  });
  it("dayNumber() agrees with the runtime's calendar on every day of 400 years", () => {
    const first = Date.UTC(1800, 0, 1) / 86_400_000;
    for (let day = first; day < first + 146_097; day++) {
      const text = new Date(day * 86_400_000).toISOString().slice(0, 10);
      if (dayNumber(text) !== day) expect.fail(text);
    }
  });
  it("addDays() crosses months and years", () => expect(addDays("2026-12-31", 1)).toBe("2027-01-01"));
  it("monthNumber() is year × 12 + month − 1", () => expect(monthNumber("2026-10")).toBe(2026 * 12 + 9));
});

describe("ageOn()", () => {
  it.each([
    [19_940_101, "2026-11-20", 32],
    [19_941_120, "2026-11-20", 32],
    [19_941_121, "2026-11-20", 31],
    [20_040_229, "2026-02-28", 21],
    [20_040_229, "2026-03-01", 22],
    [19_900_000, "2026-06-30", 35],
    [19_900_000, "2026-07-01", 36],
    [19_900_500, "2026-05-14", 35],
    [19_900_500, "2026-05-15", 36],
    [20_260_000, "2026-03-01", 0],
    [0, "2026-11-20", noAge],
  ] as const)("of %j on %j is %j", (birth, day, age) => expect(ageOn(birth, dayNumber(day))).toBe(age));
});

describe("refuseUnknown()", () => {
  it("throws and keeps the unknown kind to itself", () => {
    // A kind from another version: the types do not know it.
    const unknown = "SENTINEL" as never;
    expect(() => refuseUnknown(unknown, "verdict")).toThrow(
      new TypeError("Cannot decide verdict: kind must be one of the declared ones"),
    );
  });
});
