import { describe, expect, test } from "vitest";
import { officeSchema } from "../../../shared/registers/office.ts";
import { isReportDue, reportWeekAt, reportWeekOf } from "../../../shared/release/report-week.ts";

const zone = "Europe/Berlin";
const office = officeSchema.parse({ name: "Stadt Musterstadt", kontakt: { stelle: "Statistikstelle" } });

describe("reportWeekAt()", () => {
  test.each([
    ["2026-11-23T06:00:00+01:00", "2026-11-20", "2026-KW47"],
    ["2026-11-20T00:00:00+01:00", "2026-11-20", "2026-KW47"],
    // Thursday 23:30 in Berlin, Friday nowhere near it yet
    ["2026-11-19T22:30:00Z", "2026-11-13", "2026-KW46"],
    // Friday in Berlin while UTC still has Thursday
    ["2026-11-19T23:30:00Z", "2026-11-20", "2026-KW47"],
    ["2027-01-02T12:00:00Z", "2027-01-01", "2026-KW53"],
    // the nights of both clock changes
    ["2026-03-29T00:30:00Z", "2026-03-27", "2026-KW13"],
    ["2026-10-25T00:30:00Z", "2026-10-23", "2026-KW43"],
  ])("at %s is the week of %s", (now, referenceDate, week) => {
    expect(reportWeekAt(new Date(now), zone)).toMatchObject({ referenceDate, week });
  });

  test("reportWeekOf() refuses a day that is no Friday", () => {
    expect(() => reportWeekOf("2026-11-21")).toThrow(RangeError);
  });
});

describe("isReportDue()", () => {
  const week = reportWeekOf("2026-11-20");
  test.each([
    ["2026-11-24T04:59:59Z", false],
    ["2026-11-24T05:00:00Z", true],
    ["2026-11-23T12:00:00Z", false],
    ["2026-11-26T12:00:00Z", true],
  ])("is Tuesday 06:00 on the office's clock: %s is %s", (now, due) => {
    expect(isReportDue(new Date(now), week, office, zone)).toBe(due);
  });

  test("keeps the hour over both clock changes", () => {
    // Tuesday after the change to summer time: 06:00 is 04:00 UTC; before it 05:00 UTC
    expect(isReportDue(new Date("2026-03-31T04:00:00Z"), reportWeekOf("2026-03-27"), office, zone)).toBe(
      true,
    );
    expect(isReportDue(new Date("2026-03-31T03:59:00Z"), reportWeekOf("2026-03-27"), office, zone)).toBe(
      false,
    );
    expect(isReportDue(new Date("2026-10-27T05:00:00Z"), reportWeekOf("2026-10-23"), office, zone)).toBe(
      true,
    );
    expect(isReportDue(new Date("2026-10-27T04:59:00Z"), reportWeekOf("2026-10-23"), office, zone)).toBe(
      false,
    );
  });
});
