import { describe, expect, test } from "vitest";
import { policy } from "../../../shared/disclosure/policy.ts";
import { datesLine } from "../../../shared/report/table-head.ts";
import { dayOfMeasure, treatmentSentences } from "../../../shared/report/texts.ts";
import { wrappedLines } from "../../../shared/report/workbook-text.ts";
import { stateOf } from "../../../shared/tables/table.ts";
import { textTable } from "../disclosure/text-table.ts";
import { sampleContext } from "./sample-release.ts";

const sources = [
  { register: "ewo", title: "Einwohnerregister (EWO)", deliveries: [], late: false, missing: false },
  { register: "ewo-alw", title: "Ausländerregister (EWO-ALW)", deliveries: [], late: true, missing: false },
  { register: "gliederung", title: "Räumliche Gliederung", deliveries: [], late: true, missing: false },
] as const;

describe("datesLine()", () => {
  const context = { ...sampleContext, sources };

  test("names no register where there is one, and the state of the areas apart", () => {
    expect(datesLine({ ewo: "2026-10-31", gliederung: "2026-01-01" }, context)).toBe(
      "Stichtag: 31.10.2026; Gebietsstand: 01.01.2026",
    );
  });

  test("names several registers, and which of them is last week's", () => {
    expect(datesLine({ "ewo-alw": "2026-11-13", ewo: "2026-10-31" }, context)).toBe(
      "Stichtag: 31.10.2026 (Einwohnerregister EWO), 13.11.2026 (Ausländerregister EWO-ALW, Stand der Vorwoche)",
    );
  });

  test("falls back to the day of the report", () => {
    expect(datesLine({}, context)).toBe("Stichtag: 20.11.2026");
  });
});

test("dayOfMeasure() leaves the state of the areas out", () => {
  const table = textTable("| T\n T | 9\n 1 | 9", { id: "T08" });
  const referenceDates = { gliederung: "2026-01-01", "ewo-alw": "2026-11-20", ewo: "2026-10-31" };
  expect(dayOfMeasure({ ...table, referenceDates }, "je_1000")).toBe("2026-10-31 2026-11-20");
  expect(dayOfMeasure({ ...table, referenceDates }, "gefluechtete")).toBe("2026-11-20");
});

describe("treatmentSentences()", () => {
  const table = textTable("| T | a | b | c\n T | 9 | 3 | 3 | 3\n 1 | 9 | 3 | 3 | 3", { id: "T10" });
  const [areas, groups] = table.dimensions.map(({ id }) => id);
  const start = "Zum Schutz personenbezogener Angaben wurde diese Tabelle vergröbert:";

  test("names the groups of a dimension once, in their order, and none that was merged further", () => {
    const merged = ["c", "gone", "a", "b"].map(
      (into) => ({ kind: "merged", dimension: groups ?? "pks", into, members: [] }) as const,
    );
    expect(treatmentSentences({ table, treatments: merged }, policy)).toEqual([
      `${start} Ausprägungen des Merkmals ${table.dimensions[1]?.label} sind zusammengefasst zu „Label a“, „Label b“ und „Label c“.`,
    ]);
    expect(treatmentSentences({ table, treatments: merged.slice(1, 2) }, policy)).toEqual([
      `${start} Ausprägungen des Merkmals ${table.dimensions[1]?.label} sind zusammengefasst.`,
    ]);
  });

  test("says each treatment in a sentence of its own, the same one once", () => {
    const dropped = { kind: "dropped-level", dimension: areas ?? "raum", level: "baublock" } as const;
    const whole = { kind: "dropped-dimension", dimension: groups ?? "pks" } as const;
    expect(treatmentSentences({ table, treatments: [dropped, whole, dropped] }, policy)).toEqual([
      `${start} Baublöcke sind nicht einzeln ausgewiesen.`,
      `${start} das Merkmal ${table.dimensions[1]?.label} ist nicht aufgegliedert.`,
    ]);
  });

  test("says where people without assignment count", () => {
    expect(
      treatmentSentences(
        { table, treatments: [{ kind: "merged", dimension: areas ?? "raum", into: "1", members: [] }] },
        policy,
      ),
    ).toEqual([`${start} Personen ohne Zuordnung zählen in „Gebiet 1“ mit.`]);
  });
});

test("treatmentSentences() leaves it to their names where people without assignment count in many areas", () => {
  const table = textTable("| T\n T | 9\n 1 | 9", { id: "T07" });
  const treatments = ["1", "2", "3", "4"].map(
    (into) => ({ kind: "merged", dimension: "raum", into, members: [] }) as const,
  );
  expect(treatmentSentences({ table, treatments }, policy)).toEqual([
    "Zum Schutz personenbezogener Angaben wurde diese Tabelle vergröbert: Personen ohne Zuordnung zählen in den Gebieten mit, deren Name es sagt.",
  ]);
});

describe("treatmentSentences() of single cells", () => {
  const table = textTable("| T | a | b\n T | 9 | 3 | 6\n 1 | 9 | 3 | 6", { id: "T02" });
  const sentencesWith = (state: number) =>
    treatmentSentences(
      { table: { ...table, states: table.states.map(() => state) }, treatments: [] },
      policy,
    );

  test("says that values are hidden, not how many or where", () => {
    expect(sentencesWith(stateOf.confidential)).toEqual([
      "Zum Schutz personenbezogener Angaben sind in dieser Tabelle einzelne Werte gesperrt; gesperrt sind auch Werte, aus denen sich andere errechnen ließen.",
    ]);
  });

  test("says how values are rounded", () => {
    expect(sentencesWith(stateOf.rounded)).toEqual([
      "Zum Schutz personenbezogener Angaben sind in dieser Tabelle Werte unter 3 auf 0 oder 3 gerundet und Summen daraus neu gebildet; Werte, die eine andere Tabelle genau zeigt, stehen unverändert.",
    ]);
  });

  test("says nothing where nothing was done", () => {
    expect(sentencesWith(stateOf.value)).toEqual([]);
  });
});

test.for([
  ["", 10, 1],
  ["genau zehn", 10, 1],
  ["genau zehn Zeichen", 10, 2],
  ["Niederlassungserlaubnis", 10, 3],
  ["am Niederlassungserlaubnis da", 10, 4],
  ["zwei\nAbsätze", 20, 2],
] as const)("wrappedLines() of %j in %d characters is %d", ([text, perLine, lines]) => {
  expect(wrappedLines(text, perLine)).toBe(lines);
});
