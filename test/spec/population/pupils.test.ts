import { describe, expect, test } from "vitest";
import { formPupils, newlyArrivedCodes, type SchoolSource } from "../../../shared/population/pupils.ts";
import { dayNumber } from "../../../shared/registers/calendar.ts";
import { type Row, rowsOf } from "../columns.ts";
import { delivery } from "../registers-of-a-city.ts";

const referenceDate = "2026-10-15";

function school(number: string, rows: string | readonly Row[]): SchoolSource {
  const { columns } = delivery("schild", referenceDate, rows, number);
  return { school: number, referenceDay: dayNumber(referenceDate), columns };
}

/** School numbers with their pupils, whatever the order of deliveries. */
function pupilsBySchool(sources: readonly SchoolSource[]): readonly string[] {
  const answers = [sources, sources.toReversed()].map((order) =>
    Array.from(formPupils(order).school, (at) => order[at]?.school ?? "?").toSorted(),
  );
  expect(answers[0]).toEqual(answers[1]);
  return answers[0] ?? [];
}

function newlyArrived(row: Row): string {
  const { newlyArrived: codes } = formPupils([school("111111", [{ schueler: "anna", ...row }])]);
  return newlyArrivedCodes[codes[0] ?? 0] ?? "?";
}

describe("formPupils() counts each active pupil once", () => {
  test.each([
    ["0", 0],
    ["1", 0],
    ["2", 1],
    ["3", 0],
    ["6", 0],
    ["8", 0],
    ["9", 0],
    ["10", 0],
  ])("status %s gives %i", (status, count) => {
    expect(formPupils([school("111111", [{ schueler: "anna", status }])]).school).toHaveLength(count);
  });

  test("active in two schools: the latest admission, then the smaller Schulnummer", () => {
    const sources = [
      school("222222", "schueler | aufnahme\nanna | 2026-08\nboris | 2025-08"),
      school("111111", "schueler | aufnahme\nanna | 2025-08\nboris | 2025-08"),
    ];
    expect(pupilsBySchool(sources)).toEqual(["111111", "222222"]);
    expect(formPupils(sources).inSeveralSchools).toBe(2);
  });

  test("left one school for another: only where active", () => {
    const sources = [
      school("111111", "schueler | status | aufnahme\nanna | 9 | 2026-09"),
      school("222222", "schueler | status | aufnahme\nanna | 2 | 2024-08"),
    ];
    expect(pupilsBySchool(sources)).toEqual(["222222"]);
    expect(formPupils(sources).inSeveralSchools).toBe(0);
  });

  test("several generations in one file: status 2 first, then the newest year and term", () => {
    const rows = rowsOf(`schueler | status | jahr | abschnitt | klassenart | zeilenfolge
                         anna     | 9      | 2026 | 2         | RK         | 1
                         anna     | 2      | 2025 | 2         | RK         | 2
                         anna     | 2      | 2026 | 1         | DF         | 3`);
    for (const order of [rows, rows.toReversed()]) {
      const { newlyArrived: codes } = formPupils([school("111111", order)]);
      expect(Array.from(codes, (code) => newlyArrivedCodes[code])).toEqual(["j"]);
    }
  });
});

describe("formPupils() approximates who is newly arrived", () => {
  test.each<readonly [string, Row, string]>([
    ["DF class", { klassenart: "DF" }, "j"],
    ["SG class, the key until 2023/24", { klassenart: "SG" }, "j"],
    ["regular class", { klassenart: "RK" }, "n"],
    ["A17 in 2025/26", { gliederung: "A17" }, "j"],
    ["A18", { gliederung: "A18" }, "j"],
    ["A19", { gliederung: "A19" }, "n"],
    ["phase ends after the reference date", { ende_eingliederung: "2026-10-16" }, "j"],
    ["phase ends on the reference date", { ende_eingliederung: "2026-10-15" }, "n"],
    ["German in a DF class", { staatsang1: "000", klassenart: "DF" }, "n"],
    ["no citizenship", { staatsang1: "", klassenart: "DF" }, "u"],
    ["citizenship 999", { staatsang1: "999" }, "u"],
    ["citizenship that the code table does not know", { staatsang1: "?", klassenart: "DF" }, "j"],
  ])("%s: %s", (_, row, expected) => {
    expect(newlyArrived(row)).toBe(expected);
  });

  test.each([
    ["50", true],
    ["54", true],
    ["56", true],
    ["58", false],
  ])("says that files of %s columns lack the phase: %s", (spalten, lacks) => {
    expect(formPupils([school("111111", [{ schueler: "anna", spalten }])]).lacksIntegrationPhase).toBe(lacks);
  });
});
