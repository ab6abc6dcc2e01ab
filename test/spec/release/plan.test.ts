import { describe, expect, test } from "vitest";
import { officeSchema } from "../../../shared/registers/office.ts";
import { isLate } from "../../../shared/release/lateness.ts";
import { isNewestWeek, isOvertaken, nextTurn } from "../../../shared/release/overtaken.ts";
import { publicationPlan } from "../../../shared/release/plan.ts";
import { canBecome, releaseStates } from "../../../shared/release/release-states.ts";
import { reportWeekOf } from "../../../shared/release/report-week.ts";
import { readSeriesFile } from "../../../shared/release/series-file.ts";

const office = officeSchema.parse({ name: "Stadt Musterstadt", kontakt: { stelle: "Statistikstelle" } });
const files = ["Bevoelkerung_aktuell.xlsx", "T01_Eckwerte.csv", "release.json"].map((path) => ({
  path,
  sha256: "ab",
}));

function steps(): readonly string[] {
  const plan = publicationPlan("2026-KW53-x", files, reportWeekOf("2027-01-01"), office);
  return plan.actions.map((action) =>
    action.kind === "upload" ? `${action.file} -> ${action.target}` : action.kind,
  );
}

describe("publicationPlan()", () => {
  test("attacks and records before anything leaves; puts data first, the stable file last", () => {
    expect(steps()).toEqual([
      "attack-files",
      "record-shown",
      "T01_Eckwerte.csv -> daten/2026-KW53/T01_Eckwerte.csv",
      "release.json -> daten/2026-KW53/release.json",
      "Bevoelkerung_aktuell.xlsx -> archiv/2026/Bevoelkerung_aktuell_2026-KW53.xlsx",
      "Bevoelkerung_aktuell.xlsx -> Bevoelkerung_aktuell.xlsx",
      "record-published",
    ]);
  });

  test("lets the stable file, and nothing else, depend on there being no later week", () => {
    const { actions } = publicationPlan("r", files, reportWeekOf("2026-11-20"), office);
    const bound = actions.filter((action) => action.kind === "upload" && action.onlyNewest);
    expect(bound.map(({ id }) => id)).toEqual(["upload-stable"]);
  });

  test("names the file beside it for the case that somebody has the workbook open", () => {
    const plan = publicationPlan("r", files, reportWeekOf("2026-11-20"), office);
    expect(plan.actions.at(-2)).toMatchObject({ whenLocked: "Bevoelkerung_aktuell_2026-11-20.xlsx" });
  });

  test("has a different id for every action", () => {
    const { actions } = publicationPlan("r", files, reportWeekOf("2026-11-20"), office);
    expect(new Set(actions.map((action) => action.id)).size).toBe(actions.length);
  });

  test("refuses a release without the workbook", () => {
    expect(() => publicationPlan("r", [], reportWeekOf("2026-11-20"), office)).toThrow(RangeError);
  });
});

describe("canBecome()", () => {
  const allowed = releaseStates.flatMap((from) =>
    releaseStates.filter((to) => canBecome(from, to)).map((to) => `${from} -> ${to}`),
  );
  test("allows these steps and no other", () => {
    expect(allowed).toEqual([
      "building -> audited",
      "building -> failed",
      "audited -> held",
      "audited -> publishing",
      "audited -> failed",
      "held -> publishing",
      "held -> failed",
      "held -> withdrawn",
      "publishing -> published",
      "publishing -> failed",
      "published -> audited",
      "published -> withdrawn",
      "failed -> building",
      "failed -> withdrawn",
    ]);
  });
});

describe("isOvertaken(), isNewestWeek(), nextTurn()", () => {
  const week = "2026-11-20";
  const own = { id: "a", referenceDate: week, state: "publishing", turn: 1 } as const;
  // another release, does it overtake, is the own week still the newest, the own turn if handed on now
  test.each([
    [{ id: "b", referenceDate: week, state: "publishing", turn: 2 }, true, true, 3],
    [{ id: "b", referenceDate: week, state: "published", turn: 2 }, true, true, 3],
    [{ id: "b", referenceDate: week, state: "withdrawn", turn: 2 }, false, true, 3],
    [{ id: "b", referenceDate: week, state: "held", turn: 0 }, false, true, 1],
    [{ id: "b", referenceDate: week, state: "published", turn: 1 }, false, true, 2],
    [{ id: "a", referenceDate: week, state: "published", turn: 2 }, false, true, 1],
    [{ id: "b", referenceDate: "2026-11-27", state: "published", turn: 2 }, false, false, 1],
    [{ id: "b", referenceDate: "2026-11-27", state: "publishing", turn: 2 }, false, false, 1],
    [{ id: "b", referenceDate: "2026-11-27", state: "held", turn: 0 }, false, true, 1],
    [{ id: "b", referenceDate: "2026-11-13", state: "published", turn: 2 }, false, true, 1],
  ] as const)("beside %j", (other, overtaken, newest, turn) => {
    expect(isOvertaken(own, [own, other])).toBe(overtaken);
    expect(isNewestWeek(own, [own, other])).toBe(newest);
    expect(nextTurn(own, [own, other])).toBe(turn);
  });
});

describe("isLate()", () => {
  const monthly = { erwartet: { tagImMonat: 10, uhrzeit: "12:00" }, karenzStunden: 24 };
  const agreed = officeSchema.parse({ ...office, lieferungen: [{ register: "akdn-sozial", ...monthly }] })
    .lieferungen[0];
  if (agreed === undefined) throw new Error("the office above has one agreed delivery");
  test.each([
    ["ewo-alw", "2026-11-20", "2026-11-20", false],
    ["ewo-alw", "2026-11-13", "2026-11-20", true],
    ["ewo-alw", undefined, "2026-11-20", true],
    ["akdn-sozial", "2026-10", "2026-11-20", false],
    ["akdn-sozial", "2026-09", "2026-11-20", true],
    ["akdn-sozial", "2026-09", "2026-11-10", false],
    ["akdn-sozial", "2026-11", "2027-01-01", false],
    ["gliederung", "2020-01-01", "2026-11-20", false],
    ["fortschreibung", undefined, "2026-11-20", false],
    ["schild", "2026-02-01", "2026-11-20", false],
  ] as const)("%s of %s in the report of %s: %s", (register, newest, referenceDate, late) => {
    expect(isLate(register, newest, referenceDate, agreed)).toBe(late);
  });
});

describe("readSeriesFile()", () => {
  const header = "stichtag;raum_ebene;raum_code;aufenthaltsstatus_code;wert";
  test("gives one point a week, oldest first", () => {
    const points = readSeriesFile(
      `\uFEFF${header}\r\n2025-11-21;stadt;T;T;120\r\n2025-11-14;stadt;T;T;118\r\n2025-11-14;stadtteil;01;AG;7\r\n`,
    );
    expect(points.map((point) => [point.referenceDate, [...point.counts]])).toEqual([
      [
        "2025-11-14",
        [
          ["stadt:T|T", 118],
          ["stadtteil:01|AG", 7],
        ],
      ],
      ["2025-11-21", [["stadt:T|T", 120]]],
    ]);
  });

  test.each([
    ["another header", "datum;wert\n"],
    ["a value that is no whole number", `${header}\n2025-11-14;stadt;T;T;1,5\n`],
    ["a missing field", `${header}\n2025-11-14;stadt;T;12\n`],
    ["a repeated cell", `${header}\n2025-11-14;stadt;T;T;1\n2025-11-14;stadt;T;T;1\n`],
    ["a date that does not exist", `${header}\n2025-02-30;stadt;T;T;1\n`],
  ])("refuses %s", (_, text) => {
    expect(() => readSeriesFile(text)).toThrow(SyntaxError);
  });
});
