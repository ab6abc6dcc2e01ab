import { describe, expect, test } from "vitest";
import type { ReportSources, WeekPoint } from "../../../shared/population/sources.ts";
import { addDays } from "../../../shared/registers/calendar.ts";
import { bevoelkerungAktuell } from "../../../shared/report/bevoelkerung-aktuell.ts";
import { buildTables } from "../../../shared/tables/build-tables.ts";
import { rowsOf } from "../columns.ts";
import { addresses, delivery, friday, sourcesOf } from "../registers-of-a-city.ts";
import { cellsOf, countedTable, grid, gridOf } from "../tables-as-text.ts";

const lastWeek = "2026-11-13";
const fourWeeksAgo = "2026-10-23";
const lastYear = "2025-11-21";

function point(referenceDate: string, counts: Readonly<Record<string, number>>): WeekPoint {
  return { referenceDate, counts: new Map(Object.entries(counts)) };
}

function cityPoint(
  referenceDate: string,
  [akn, ag, du, ae, ne]: readonly [number, number, number, number, number],
): WeekPoint {
  const total = akn + ag + du + ae + ne;
  const parts = {
    "stadt:T|AKN": akn,
    "stadt:T|AG": ag,
    "stadt:T|DU": du,
    "stadt:T|AE_HUM": ae,
    "stadt:T|NE_HUM": ne,
  };
  return point(referenceDate, { "stadt:T|T": total, ...parts });
}

function foreigners(table: string, date = friday) {
  return delivery(
    "ewo-alw",
    date,
    rowsOf(table).map((row, at) => ({ person: `p${at}`, ...row })),
  );
}

function build(given: Partial<ReportSources>) {
  return buildTables(bevoelkerungAktuell, sourcesOf({ addresses, ...given }));
}

const three = foreigners(`titel | stadtbezirk | stadtteil
                          AG    | 1           | 11
                          AG    | 1           | 12
                          AE24  | 2           | 21`);

describe("T01 compares this week with earlier ones", () => {
  const weeks = [cityPoint(lastYear, [0, 5, 0, 4, 0]), cityPoint(lastWeek, [1, 1, 0, 0, 0])];

  test("difference is this week minus the earlier date, in the row of the earlier date", () => {
    expect(gridOf(countedTable(build({ foreigners: three, weeks }).results, "T17")).split("\n")).toHaveLength(
      54,
    );
    const cells = cellsOf(countedTable(build({ foreigners: three, weeks }).results, "T01"));
    const row = (date: string, measure: string) =>
      ["T", "AKN", "AG", "AE_HUM"].map((code) => cells[`${date} ${code} ${measure}`]);
    expect(row(friday, "gefluechtete")).toEqual(["3", "0", "2", "1"]);
    expect(row(friday, "differenz")).toEqual(["x", "x", "x", "x"]);
    expect(row(lastWeek, "gefluechtete")).toEqual(["2", "1", "1", "0"]);
    expect(row(lastWeek, "differenz")).toEqual(["1", "-1", "1", "1"]);
    expect(row(lastYear, "differenz")).toEqual(["-6", "0", "-3", "-3"]);
  });

  test("a week that is not in the series is missing, never zero", () => {
    const cells = cellsOf(countedTable(build({ foreigners: three, weeks }).results, "T01"));
    expect([cells[`${fourWeeksAgo} T gefluechtete`], cells[`${fourWeeksAgo} T differenz`]]).toEqual([
      "…",
      "…",
    ]);
  });

  test("statuses that do not add up to their total are left out together", () => {
    const wrong = [
      point(lastWeek, {
        "stadt:T|T": 9,
        "stadt:T|AKN": 1,
        "stadt:T|AG": 1,
        "stadt:T|DU": 0,
        "stadt:T|AE_HUM": 0,
        "stadt:T|NE_HUM": 0,
      }),
    ];
    const cells = cellsOf(countedTable(build({ foreigners: three, weeks: wrong }).results, "T01"));
    expect([cells[`${lastWeek} T gefluechtete`], cells[`${lastWeek} AG gefluechtete`]]).toEqual(["9", "…"]);
  });

  test("a status that the week does not know hides its neighbours, so that it cannot be subtracted", () => {
    const lacking = [point(lastWeek, { "stadt:T|T": 2, "stadt:T|AKN": 1, "stadt:T|AG": 0 })];
    const cells = cellsOf(countedTable(build({ foreigners: three, weeks: lacking }).results, "T01"));
    expect([cells[`${lastWeek} T gefluechtete`], cells[`${lastWeek} AKN gefluechtete`]]).toEqual(["2", "…"]);
  });
});

describe("a late foreigners register", () => {
  const late = foreigners("titel\nAG\nAG", lastWeek);

  test("is counted at its own date and gives no point for the series", () => {
    const { results, week } = build({ foreigners: late, weeks: [cityPoint(lastWeek, [9, 9, 9, 9, 9])] });
    const table = countedTable(results, "T01");
    expect(table.dimensions[0]?.categories.map(({ code }) => code)).toEqual([
      lastWeek,
      "2026-11-06",
      "2026-10-16",
      "2025-11-14",
    ]);
    expect(cellsOf(table)[`${lastWeek} T gefluechtete`]).toBe("2");
    expect(table.referenceDates).toEqual({ "ewo-alw": lastWeek });
    expect(week).toBeUndefined();
  });
});

describe("T17 shows 53 weeks", () => {
  test("from the oldest to this one, gaps as missing", () => {
    const table = countedTable(
      build({ foreigners: three, weeks: [cityPoint(lastYear, [0, 5, 0, 4, 0])] }).results,
      "T17",
    );
    const cells = cellsOf(table);
    const dates = table.dimensions[0]?.categories.map(({ code }) => code) ?? [];
    expect(dates).toEqual(Array.from({ length: 53 }, (_, week) => addDays(lastYear, 7 * week)));
    expect(dates.map((date) => cells[`${date} T`]).filter((cell) => cell !== "…")).toEqual(["9", "3"]);
  });
});

describe("T18 compares quarters with the year before", () => {
  test("boroughs that the series does not name are the sums of their quarters", () => {
    const { results } = build({
      foreigners: three,
      weeks: [
        point(lastYear, { "stadt:T|T": 12, "stadtteil:11|T": 3, "stadtteil:12|T": 4, "stadtteil:21|T": 5 }),
      ],
    });
    const cells = cellsOf(countedTable(results, "T18"));
    const column = ["T", "1", "11", "12", "2", "21"].map((code) => cells[`${code} ${lastYear} gefluechtete`]);
    expect(column).toEqual(["12", "7", "3", "4", "5", "5"]);
    expect([cells[`11 ${lastYear} differenz`], cells[`11 ${friday} differenz`]]).toEqual(["-2", "x"]);
  });

  test("who was counted in no quarter stands under „ohne“", () => {
    const { results } = build({
      foreigners: three,
      weeks: [
        point(lastYear, { "stadt:T|T": 14, "stadtteil:11|T": 3, "stadtteil:12|T": 4, "stadtteil:21|T": 5 }),
      ],
    });
    const cells = cellsOf(countedTable(results, "T18"));
    expect([cells[`ohne ${lastYear} gefluechtete`], cells[`ohne ${friday} gefluechtete`]]).toEqual([
      "2",
      "0",
    ]);
  });

  test("„ohne“ of a borough stands where an earlier week has some", () => {
    const { results } = build({
      foreigners: three,
      weeks: [
        point(lastYear, {
          "stadt:T|T": 13,
          "stadtteil:11|T": 3,
          "stadtteil:12|T": 4,
          "stadtteil:21|T": 5,
          "stadtteil:ohne-1|T": 1,
        }),
      ],
    });
    const cells = cellsOf(countedTable(results, "T18"));
    expect([cells[`ohne-1 ${lastYear} gefluechtete`], cells[`1 ${lastYear} gefluechtete`]]).toEqual([
      "1",
      "8",
    ]);
  });

  test("a quarter of another structure: the whole borough is compared, its quarters are not", () => {
    const cells = cellsOf(
      countedTable(
        build({
          foreigners: three,
          weeks: [
            point(lastYear, {
              "stadt:T|T": 12,
              "stadtbezirk:1|T": 7,
              "stadtbezirk:2|T": 5,
              "stadtteil:11|T": 3,
              "stadtteil:13|T": 4,
              "stadtteil:21|T": 5,
            }),
          ],
        }).results,
        "T18",
      ),
    );
    const column = ["T", "1", "11", "12", "2", "21"].map((code) => cells[`${code} ${lastYear} gefluechtete`]);
    expect(column).toEqual(["12", "7", "…", "…", "5", "5"]);
  });
});

describe("the week's point for the series", () => {
  test("holds city, boroughs and quarters by status, zeros included", () => {
    const { week } = build({ foreigners: three });
    expect(week?.referenceDate).toBe(friday);
    const counts = Object.fromEntries([...(week?.counts ?? [])].filter(([key]) => /\|(T|AG)$/.test(key)));
    expect(counts).toEqual({
      "stadt:T|T": 3,
      "stadt:T|AG": 2,
      "stadtbezirk:1|T": 2,
      "stadtbezirk:1|AG": 2,
      "stadtteil:11|T": 1,
      "stadtteil:11|AG": 1,
      "stadtteil:12|T": 1,
      "stadtteil:12|AG": 1,
      "stadtbezirk:2|T": 1,
      "stadtbezirk:2|AG": 0,
      "stadtteil:21|T": 1,
      "stadtteil:21|AG": 0,
    });
  });

  test("read back next week, it is last week", () => {
    const first = build({
      foreigners: foreigners("stadtbezirk | stadtteil\n1 | \n | \n2 | 21", lastYear),
      referenceDate: lastYear,
    });
    expect(first.week).toBeDefined();
    const { results } = build({ foreigners: three, weeks: first.week ? [first.week] : [] });
    const cells = cellsOf(countedTable(results, "T18"));
    const column = ["T", "1", "11", "12", "ohne-1", "2", "21", "ohne"].map(
      (code) => cells[`${code} ${lastYear} gefluechtete`],
    );
    expect(column).toEqual(["3", "1", "0", "0", "1", "1", "1", "1"]);
  });
});

test("grids written by hand compare without white space", () => {
  expect(grid(" a |  b \n  1|2")).toBe("a | b\n1 | 2");
});
