import { expect, test } from "vitest";
import { formerReports, remembered, type ShownReport } from "../../../shared/release/former-reports.ts";

function report(release: string, referenceDate: string, facts: Partial<ShownReport> = {}): ShownReport {
  return { release, referenceDate, kind: "report", sequence: 1, ...facts };
}

test("formerReports() takes the one shown last in each earlier week, newest week first", () => {
  const shown = [
    report("older", "2026-11-06"),
    report("corrected", "2026-11-13", { sequence: 4 }),
    report("first", "2026-11-13", { sequence: 2 }),
    report("a request", "2026-11-13", { sequence: 5, kind: "request" }),
    report("this week's", "2026-11-20"),
    report("later", "2026-11-27"),
  ];
  const ids = formerReports(shown, "2026-11-20").map(({ release }) => release);
  expect(ids).toEqual(["corrected", "older"]);
  expect(formerReports(shown.toReversed(), "2026-11-20").map(({ release }) => release)).toEqual(ids);
  expect(formerReports(shown, "2026-11-06")).toEqual([]);
});

test("remembered() keeps corrections and answers, and puts what is in force again last", () => {
  const shown = [
    report("first", "2026-11-13", { sequence: 1 }),
    report("corrected", "2026-11-13", { sequence: 2 }),
    report("a request", "2026-11-13", { sequence: 3, kind: "request" }),
    report("this day", "2026-11-20", { sequence: 4 }),
    report("later", "2026-11-27", { sequence: 5 }),
    report("a request of a day without a report", "2026-11-06", { sequence: 6, kind: "request" }),
  ];
  const order = remembered(shown, "2026-11-20", new Set(["first", "this day"]))
    .toSorted((a, b) => a.sequence - b.sequence)
    .map(({ release }) => release);
  expect(order).toEqual(["corrected", "a request", "first", "this day"]);
});

test("formerReports() looks back eight weeks in which something was shown", () => {
  const shown = Array.from({ length: 9 }, (_, week) => report(`${week}`, `2026-0${week + 1}-02`));
  expect(formerReports(shown, "2026-11-20").map(({ release }) => release)).toEqual([..."87654321"]);
});
