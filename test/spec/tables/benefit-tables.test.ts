import { describe, expect, test } from "vitest";
import type { MonthPoint, ReportSources } from "../../../shared/population/sources.ts";
import { bevoelkerungAktuell } from "../../../shared/report/bevoelkerung-aktuell.ts";
import { buildTables } from "../../../shared/tables/build-tables.ts";
import { delivery, sourcesOf } from "../registers-of-a-city.ts";
import { cellsOf, countedTable } from "../tables-as-text.ts";

function build(given: Partial<ReportSources>) {
  return buildTables(bevoelkerungAktuell, sourcesOf(given));
}

const october = delivery(
  "akdn-sozial",
  "2026-10",
  `person | fall | stellung | pks | betrag
   anna   | f1   | 1        | 10  | 44100
   boris  | f1   | 2        | 10  | 39700
   boris  | f1   | 2        | 40  | 1000
   clara  | f2   | 1        | 40  | 44100`,
);
const september = delivery("akdn-sozial", "2026-09", "person | fall | pks | betrag\nanna | f1 | 11 | 100");

const history = delivery(
  "fortschreibung",
  "2026-08",
  `monat   | pks | faelle | personen | ausgaben
   2010-01 | 10  | 5      | 9        | 500000
   2010-01 | 11  | 1      | 4        | 20000
   2010-01 | 40  | 0      | 0        | 0
   2026-09 | 10  | 7      | 7        | 700`,
);

/** "Fälle Personen Ausgaben" of a row. */
function row(cells: Readonly<Record<string, string>>, codes: string): string {
  return ["faelle", "personen", "ausgaben"].map((measure) => cells[`${codes} ${measure}`]).join(" ");
}

describe("T10 counts the newest month by PKS", () => {
  const table = countedTable(build({ benefits: [september, october] }).results, "T10");
  const cells = cellsOf(table);

  test("with every key of the list, rows adding up to the total", () => {
    expect([row(cells, "T"), row(cells, "10"), row(cells, "40"), row(cells, "11")]).toEqual([
      "2 3 128900",
      "1 2 83800",
      "1 1 45100",
      "0 0 0",
    ]);
    expect(table.dimensions[0]?.categories).toHaveLength(13);
    expect(table.referenceDates).toEqual({ "akdn-sozial": "2026-10" });
  });

  test("knows the recipients behind each amount, in the total each once", () => {
    const money = [0, 1, 7].map((pks) => {
      const at = pks * 3 + 2;
      const { recipients, largest, absolute } = table.concentration ?? {};
      return [
        table.dimensions[0]?.categories[pks]?.code,
        recipients?.[at],
        largest?.[at],
        absolute?.[at],
      ].join(" ");
    });
    expect(money).toEqual(["T 3 44100 128900", "10 2 44100 83800", "40 2 44100 45100"]);
    expect(
      table.concentration?.recipients.filter((_, at) => at % 3 !== 2).every((count) => count === 0),
    ).toBe(true);
  });

  test("can be made coarser by groups of PKS", () => {
    expect(table.coarsening.pks?.[0]).toMatchObject({
      kind: "merge",
      groups: [
        { code: "gruppe-Asylverfahren", members: ["10", "11", "20", "70"] },
        { code: "gruppe-Aufenthaltserlaubnis", members: ["32", "33"] },
        { code: "gruppe-Ausreisepflicht", members: ["50"] },
        { code: "gruppe-Duldung" },
        { code: "gruppe-Familienangehörige" },
        { code: "gruppe-Unbekannt" },
        { code: "gruppe-Vorübergehender Schutz", members: ["31", "80"] },
      ],
    });
  });
});

describe("T11 goes back to January 2010", () => {
  test("history by group, then billing; months without data are missing", () => {
    const table = countedTable(build({ benefits: [october], history: [history] }).results, "T11");
    const cells = cellsOf(table);
    expect(table.dimensions[0]?.categories).toHaveLength(16 * 12 + 10);
    expect(row(cells, "2010-01 T")).toBe("6 13 520000");
    expect(row(cells, "2010-01 Asylverfahren")).toBe("6 13 520000");
    expect(row(cells, "2010-01 Duldung")).toBe("0 0 0");
    expect(row(cells, "2010-02 T")).toBe("… … …");
    expect(row(cells, "2026-10 T")).toBe("2 3 128900");
    expect(table.notes).toContain("historie-ohne-dominanz");
    expect(table.referenceDates).toEqual({ "akdn-sozial": "2026-10", fortschreibung: "2026-08" });
  });

  test("persons stand for the recipients of the history, without dominance", () => {
    const { concentration } = countedTable(build({ history: [history] }).results, "T11");
    expect([concentration?.recipients[2], concentration?.largest[2], concentration?.absolute[2]]).toEqual([
      13,
      Number.NaN,
      0,
    ]);
  });

  test("billing wins where the history has the same month, and the difference is counted", () => {
    const built = build({ benefits: [september], history: [history] });
    expect(row(cellsOf(countedTable(built.results, "T11")), "2026-09 T")).toBe("1 1 100");
    expect(built.quality["benefits.months-differing-from-history"]).toBe(1);
    expect(built.months.filter(({ month }) => month === "2026-09").map(({ pks }) => pks)).toEqual(["11"]);
  });

  test("a later delivery of the history replaces the whole month", () => {
    const corrected = delivery(
      "fortschreibung",
      "2026-09",
      "monat | pks | faelle | personen | ausgaben\n2010-01 | 10 | 4 | 8 | 1",
    );
    expect(
      row(cellsOf(countedTable(build({ history: [history, corrected] }).results, "T11")), "2010-01 T"),
    ).toBe("4 8 1");
  });

  test("a billed month of the series stays when its records are gone, even beside the history", () => {
    const billed: MonthPoint = {
      month: "2026-09",
      pks: "10",
      cases: 3,
      persons: 5,
      expenditure: 900,
      largest: 300,
      absolute: 900,
      recipients: 4,
    };
    const built = build({ months: [billed], history: [history] });
    const table = countedTable(built.results, "T11");
    const total = (16 * 12 + 8) * (table.dimensions[1]?.categories.length ?? 0) * 3;
    expect(row(cellsOf(table), "2026-09 T")).toBe("3 5 900");
    expect(table.concentration?.recipients[total + 2]).toBe(4);
    expect(built.months.some(({ month }) => month === "2026-09")).toBe(false);
  });

  test("T10 needs a billing, T11 does not", () => {
    const { results } = build({ history: [history] });
    expect(results.find(({ table }) => table.id === "T10")).toMatchObject({
      kind: "missing",
      table: { missing: ["akdn-sozial"] },
    });
  });
});

describe("months for the series", () => {
  test("every month in force by PKS, with what stands behind the money", () => {
    expect(build({ benefits: [october] }).months).toEqual([
      {
        month: "2026-10",
        pks: "10",
        cases: 1,
        persons: 2,
        expenditure: 83800,
        recipients: 2,
        largest: 44100,
        absolute: 83800,
      },
      {
        month: "2026-10",
        pks: "40",
        cases: 1,
        persons: 1,
        expenditure: 45100,
        recipients: 2,
        largest: 44100,
        absolute: 45100,
      },
    ]);
  });
});

describe("T13 counts pupils by school type", () => {
  test("with the type of the list of schools, and says what the files lack", () => {
    const pupils = [
      delivery(
        "schild",
        "2026-10-15",
        "schueler | klassenart | spalten\nanna | DF | 54\nboris | RK | 54",
        "111111",
      ),
      delivery("schild", "2026-09-15", "schueler | staatsang1\nclara | 000\ndora |", "222222"),
      delivery("schild", "2026-09-15", "schueler\nemil", "333333"),
    ];
    const table = countedTable(build({ pupils }).results, "T13");
    const cells = cellsOf(table);
    expect(["T T", "02 T", "02 j", "20 n", "20 u", "u T"].map((codes) => cells[codes])).toEqual([
      "5",
      "2",
      "1",
      "1",
      "1",
      "1",
    ]);
    expect(table.notes).toEqual(["schulkonzept", "naeherung", "naeherung-ohne-eingliederungsphase"]);
    expect(table.referenceDates).toEqual({ schild: "2026-10-15" });
    expect(table.deliveries).toHaveLength(3);
  });
});
