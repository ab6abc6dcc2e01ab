import { describe, expect, test } from "vitest";
import { formForeigners } from "../../../shared/population/foreigners.ts";
import { statusRules } from "../../../shared/population/resolve-status.ts";
import { dayNumber } from "../../../shared/registers/calendar.ts";
import { rowsOf } from "../columns.ts";
import { codes, delivery, friday } from "../registers-of-a-city.ts";

/** Rows of one person → "title, rule" or "none". */
function statusOf(table: string, expiredDays = 90): string {
  const rows = rowsOf(table).map((row, at) => ({ person: "anna", zeilenfolge: String(at), ...row }));
  const answers = [rows, rows.toReversed()].map((order) => {
    const { columns } = delivery("ewo-alw", friday, order);
    const { status } = formForeigners({
      columns,
      referenceDay: dayNumber(friday),
      titles: codes["residence-titles"],
      expiredDays,
    });
    const row = status.statusRow[0] ?? -1;
    if (row === -1) return "none";
    const rule = statusRules[status.decidedBy[0] ?? 0];
    return `${columns.text("titel").values[columns.text("titel").index[row] ?? 0]} by ${rule}${status.expired[0] ? ", expired" : ""}`;
  });
  expect(answers[0], "the order of rows must not matter").toBe(answers[1]);
  return answers[0] ?? "";
}

describe("resolveStatus()", () => {
  test.each([
    [
      "takes the only row",
      `titel | gueltig_ab
       AG    | 2026-01-01`,
      "AG by only-row",
    ],
    [
      "rule 1 leaves out a grant after the reference date",
      `titel | gueltig_ab
       AG    | 2026-01-01
       AE24  | 2026-11-21`,
      "AG by only-row",
    ],
    [
      "rule 1 leaves out an event after the reference date",
      `titel | gueltig_ab | ereignisdatum
       AG    | 2026-01-01 | 2026-01-01
       AE24  | 2026-01-01 | 2026-11-21`,
      "AG by only-row",
    ],
    [
      "rule 2 counts a title on its first and on its last day",
      `titel | gueltig_ab | gueltig_bis
       AG    | 2026-11-20 | 2026-11-20`,
      "AG by only-row",
    ],
    [
      "rule 2 prefers a valid Duldung to an expired permit",
      `titel   | gueltig_ab | gueltig_bis
       DU60A_1 | 2026-11-01 | 2027-01-31
       AE25_3  | 2024-01-01 | 2026-11-19`,
      "DU60A_1 by only-row",
    ],
    [
      "rule 3: settlement permit before residence permit",
      `titel  | gueltig_ab
       AE25_1 | 2020-01-01
       NE26_3 | 2019-01-01`,
      "NE26_3 by status-class",
    ],
    [
      "rule 3: residence permit and Duldung at once",
      `titel   | gueltig_ab
       DU60A_1 | 2026-10-01
       AE25_5  | 2025-10-01`,
      "AE25_5 by status-class",
    ],
    [
      "rule 3: § 24 with a Fiktionsbescheinigung",
      `titel | gueltig_ab
       FB_24 | 2026-10-01
       AE24  | 2025-10-01`,
      "AE24 by status-class",
    ],
    [
      "rule 3: Ankunftsnachweis and Aufenthaltsgestattung at once",
      `titel | gueltig_ab
       AKN   | 2026-10-01
       AG    | 2026-09-01`,
      "AG by status-class",
    ],
    [
      "rule 4: latest event of two open titles",
      `titel  | gueltig_ab | ereignisdatum
       AE25_1 | 2020-01-01 | 2026-03-01
       AE25_3 | 2022-01-01 | 2026-02-01`,
      "AE25_1 by latest-event",
    ],
    [
      "rule 4: an empty event date is the date of grant",
      `titel  | gueltig_ab | ereignisdatum
       AE25_1 | 2026-03-02 |
       AE25_3 | 2022-01-01 | 2026-03-01`,
      "AE25_1 by latest-event",
    ],
    [
      "rule 4: then the latest grant",
      `titel  | gueltig_ab | ereignisdatum
       AE25_1 | 2020-01-01 | 2026-03-01
       AE25_3 | 2022-01-01 | 2026-03-01`,
      "AE25_3 by latest-valid-from",
    ],
    [
      "rule 4: then the latest end, an open one being the latest",
      `titel  | gueltig_ab | gueltig_bis | ereignisdatum
       AE25_1 | 2020-01-01 |             | 2026-03-01
       AE25_3 | 2020-01-01 | 2030-01-01  | 2026-03-01`,
      "AE25_1 by latest-valid-to",
    ],
    [
      "rule 4: then the smallest code",
      `titel  | gueltig_ab
       AE25_3 | 2020-01-01
       AE25_1 | 2020-01-01`,
      "AE25_1 by smallest-code",
    ],
    [
      "names the finest comparison that was needed among three rows",
      `titel  | gueltig_ab | gueltig_bis
       AE25_1 | 2020-01-01 | 2027-01-01
       AE25_3 | 2020-01-01 | 2028-01-01
       DU60B  | 2026-01-01 |`,
      "AE25_3 by latest-valid-to",
    ],
    [
      "rule 5 takes a title that expired 90 days before",
      `titel | gueltig_ab | gueltig_bis
       AE24  | 2024-01-01 | 2026-08-22`,
      "AE24 by only-row, expired",
    ],
    [
      "rule 5 does not take one that expired 91 days before",
      `titel | gueltig_ab | gueltig_bis
       AE24  | 2024-01-01 | 2026-08-21`,
      "none",
    ],
    [
      "never takes a status from an unknown title",
      `titel   | gueltig_ab
       NOWHERE | 2026-01-01
       DU60A_1 | 2025-01-01`,
      "DU60A_1 by only-row",
    ],
    [
      "classifies a code outside its validity",
      `titel | gueltig_ab
       BUEMA | 2015-01-01`,
      "BUEMA by only-row",
    ],
  ])("%s", (_, rows, expected) => {
    expect(statusOf(rows)).toBe(expected);
  });

  test("takes the limit for expired titles from the office", () => {
    const expired = "titel | gueltig_ab | gueltig_bis\nAE24 | 2024-01-01 | 2026-11-10";
    expect(statusOf(expired, 10)).toBe("AE24 by only-row, expired");
    expect(statusOf(expired, 9)).toBe("none");
  });
});
