import { describe, expect, test } from "vitest";
import type { ReportSources } from "../../../shared/population/sources.ts";
import { bevoelkerungAktuell } from "../../../shared/report/bevoelkerung-aktuell.ts";
import { buildTables } from "../../../shared/tables/build-tables.ts";
import { type Row, rowsOf } from "../columns.ts";
import { addresses, areaNames, delivery, friday, sourcesOf } from "../registers-of-a-city.ts";
import { cellsOf, countedTable, grid, gridOf } from "../tables-as-text.ts";

/** Persons 1, 2, … of the foreigners register. */
function foreigners(table: string | readonly Row[], date = friday) {
  const rows = typeof table === "string" ? rowsOf(table) : table;
  return delivery(
    "ewo-alw",
    date,
    rows.map((row, at) => ({ person: `p${at}`, ...row })),
  );
}

function build(given: Partial<ReportSources>, definition: "kommunal" | "destatis" = "kommunal") {
  return buildTables(bevoelkerungAktuell, sourcesOf({ addresses, areaNames, ...given }, definition));
}

const city = `titel   | stadtbezirk | stadtteil | baublock | alter | geschlecht | staatsang1 | einreise
              AG      | 1           | 11        | 1101     | 3     | m          | 475        | 2026-10
              DU60A_1 | 1           | 11        | 1101     | 17    | w          | 475        | 2015-10
              AE24    | 1           | 11        | 1102     | 40    | d          | 166        | 2022-03
              AE24    | 1           | 12        |          | 70    | w          | 166        |
              NE26_3  | 2           |           |          | 50    | m          | 475        | 2010-01
              AKN     |             |           |          | 20    | m          | ?          | 2026-11`;

describe("buildTables() counts refugees", () => {
  test("T02 by area and status; persons without area stand under „ohne“ of the area they are known to live in", () => {
    const { results } = build({ foreigners: foreigners(city) });
    expect(gridOf(countedTable(results, "T02"))).toBe(
      grid(`       | T | AKN | AG | DU | AE_HUM | NE_HUM
            T      | 6 | 1   | 1  | 1  | 2      | 1
            1      | 4 | 0   | 1  | 1  | 2      | 0
            11     | 3 | 0   | 1  | 1  | 1      | 0
            12     | 1 | 0   | 0  | 0  | 1      | 0
            2      | 1 | 0   | 0  | 0  | 0      | 1
            21     | 0 | 0   | 0  | 0  | 0      | 0
            ohne-2 | 1 | 0   | 0  | 0  | 0      | 1
            ohne   | 1 | 1   | 0  | 0  | 0      | 0`),
    );
  });

  test("T02 names areas, levels and parents", () => {
    const { dimensions, notes } = countedTable(build({ foreigners: foreigners(city) }).results, "T02");
    expect(
      dimensions[0]?.categories.map(({ label, level, parent }) => `${label}, ${level}, ${parent ?? "-"}`),
    ).toEqual([
      "Stadt insgesamt, stadt, -",
      "Nord, stadtbezirk, 0",
      "Altmühl, stadtteil, 1",
      "Birkfeld, stadtteil, 1",
      "Süd, stadtbezirk, 0",
      "Ziegelhof, stadtteil, 4",
      "Ohne Zuordnung (Süd), stadtteil, 4",
      "Ohne Zuordnung, stadtbezirk, 0",
    ]);
    expect(notes).toEqual(["definition", "ohne-zuordnung"]);
  });

  test("T07 goes down to the block, and counts who is known by quarter only below that quarter", () => {
    expect(cellsOf(countedTable(build({ foreigners: foreigners(city) }).results, "T07"))).toEqual({
      T: "6",
      "1": "4",
      "11": "3",
      "1101": "2",
      "1102": "1",
      "12": "1",
      "1201": "0",
      "ohne-12": "1",
      "2": "1",
      "21": "0",
      "2101": "0",
      "2102": "0",
      "ohne-2": "1",
      ohne: "1",
    });
  });

  test("T03 shows the nationalities by key and the others as „sonstige“", () => {
    const { results, nationalities } = build({ foreigners: foreigners(city) });
    expect(nationalities).toEqual(["166", "475"]);
    expect(gridOf(countedTable(results, "T03"))).toBe(
      grid(`         | T | AKN | AG | DU | AE_HUM | NE_HUM
            T        | 6 | 1   | 1  | 1  | 2      | 1
            166      | 2 | 0   | 0  | 0  | 2      | 0
            475      | 3 | 0   | 1  | 1  | 0      | 1
            sonstige | 1 | 1   | 0  | 0  | 0      | 0`),
    );
  });

  test("T03 keeps the nationalities of the year, whoever is large now", () => {
    const { results, nationalities } = build({ foreigners: foreigners(city), nationalities: ["423", "166"] });
    expect(nationalities).toEqual(["166", "423"]);
    const cells = cellsOf(countedTable(results, "T03"));
    expect([cells["166 T"], cells["423 T"], cells["sonstige T"]]).toEqual(["2", "0", "4"]);
  });

  test("T03 takes the 15 largest, ties by the smaller key", () => {
    // keys 201 … 217 with 2 persons each, 218 with 3: the largest and 201 … 214
    const keys = [
      ...Array.from({ length: 17 }, (_, at) => 201 + at),
      ...Array.from({ length: 18 }, (_, at) => 201 + at),
      218,
      218,
    ];
    const { nationalities } = build({
      foreigners: foreigners(keys.toReversed().map((key) => ({ staatsang1: String(key) }))),
    });
    expect(nationalities).toEqual([...Array.from({ length: 14 }, (_, at) => String(201 + at)), "218"]);
  });

  test("T05 by age and sex, with d under male or female by the key", () => {
    expect(gridOf(countedTable(build({ foreigners: foreigners(city) }).results, "T05"))).toBe(
      grid(`      | T | m | w
            T     | 6 | 3 | 3
            0-5   | 1 | 1 | 0
            6-17  | 1 | 0 | 1
            18-29 | 1 | 1 | 0
            30-44 | 1 | 0 | 1
            45-64 | 1 | 1 | 0
            65+   | 1 | 0 | 1`),
    );
  });

  test("T06 has a category for unknown ages only where such persons are, and says so", () => {
    const table = countedTable(build({ foreigners: foreigners("alter\n30\n\n") }).results, "T06");
    expect(table.dimensions[1]?.categories.map(({ code }) => code)).not.toContain("u");
    const unknown = countedTable(
      build({ foreigners: foreigners([{ alter: "30" }, { alter: "" }]) }).results,
      "T06",
    );
    expect(cellsOf(unknown)["T u"]).toBe("1");
    expect(unknown.notes).toContain("alter-unbekannt");
  });

  test("T09 by duration of stay", () => {
    const cells = cellsOf(countedTable(build({ foreigners: foreigners(city) }).results, "T09"));
    expect(["0", "1-2", "3-5", "6-9", "10+", "u"].map((code) => cells[`${code} T`])).toEqual([
      "2",
      "0",
      "1",
      "0",
      "2",
      "1",
    ]);
  });

  test("uses the definition's words, classes and coarser groups", () => {
    const { results } = build({ foreigners: foreigners(city) }, "destatis");
    const table = countedTable(results, "T02");
    expect(table.title).toBe("Schutzsuchende nach Stadtbezirk, Stadtteil und Aufenthaltsstatus");
    expect(table.measures[0]?.label).toBe("Schutzsuchende");
    // The Duldung has no refused or lost asylum claim behind it.
    expect(cellsOf(table)["T DU"]).toBe("0");
    expect(table.dimensions[1]?.categories.map(({ code }) => code)).toEqual([
      "T",
      "AKN",
      "AG",
      "FB",
      "DU",
      "AUSREISEPFL",
      "AE_HUM",
      "NE_HUM",
    ]);
    expect(table.coarsening.aufenthaltsstatus?.[0]).toMatchObject({
      groups: [
        { code: "OFFEN", members: ["AKN", "AG", "FB"] },
        { code: "DU_AUSREISE", members: ["DU", "AUSREISEPFL"] },
        { code: "ANERKANNT", members: ["AE_HUM", "NE_HUM"] },
      ],
    });
  });

  test("leaves out levels from the finest upward", () => {
    const { coarsening } = countedTable(build({ foreigners: foreigners(city) }).results, "T07");
    expect(coarsening.raum).toEqual([
      { kind: "drop-level", level: "baublock" },
      { kind: "drop-level", level: "stadtteil" },
      { kind: "drop-level", level: "stadtbezirk" },
    ]);
  });
});

describe("buildTables() knows the spatial structure of the reference date", () => {
  const changed = delivery(
    "gliederung",
    "2026-07-01",
    `stadtbezirk | stadtteil | statbezirk | baublock | gueltig_von | gueltig_bis
     1           | 11        | 111        | A        | 2020-01-01  | 2026-06-30
     1           | 11        | 111        | B        | 2026-07-01  |
     1           | 11        |            | C        | 2026-07-01  | 2026-11-20
     1           | 11        | 111        | D        | 2026-11-21  |`,
    "adressen",
  );

  test("blocks are there from their first to their last day", () => {
    const cells = cellsOf(
      countedTable(build({ addresses: changed, foreigners: foreigners("titel\nAG") }).results, "T07"),
    );
    // C has no statistical district; the one person is nowhere.
    expect(cells).toEqual({
      T: "1",
      "1": "0",
      "11": "0",
      "111": "0",
      B: "0",
      "ohne-11": "0",
      C: "0",
      ohne: "1",
    });
  });

  test("a block that is gone counts below its quarter", () => {
    const where =
      "stadtbezirk | stadtteil | statbezirk | baublock\n1 | 11 | 111 | A\n1 | 11 | 111 | B\n1 | 11 | | ";
    const cells = cellsOf(
      countedTable(build({ addresses: changed, foreigners: foreigners(where) }).results, "T07"),
    );
    expect(cells).toEqual({
      T: "3",
      "1": "3",
      "11": "3",
      "111": "2",
      B: "1",
      "ohne-111": "1",
      "ohne-11": "1",
      C: "0",
      "ohne-ohne-11": "1",
    });
  });
});

describe("buildTables() counts rates and compares registers", () => {
  const ewo = delivery(
    "ewo",
    "2026-10-31",
    `person | staatsang1 | staatsang2 | wohnungsstatus | einzug  | blockseite | stadtbezirk | stadtteil
     r1     | 000        |            | A              |         | 11011      | 1           | 11
     r2     | 475        | 000        | H              |         | 11011      | 1           | 11
     r2     | 475        | 000        | N              |         | 21011      | 2           | 21
     p0     | 475        |            | A              | 2024-01 | 12011      | 1           | 12
     p0     | 475        |            | A              | 2025-01 | 11011      | 1           | 11
     p1     | 423        |            | N              |         | 11011      | 1           | 11
     r3     | 129        |            | A              |         | 11011      | 1           | 11
     r4     | 166        |            | A              |         | 12011      | 1           | 12
     r5     | 166        |            | A              |         |            |             |
     r6     | 166        |            | N              |         | 21011      | 2           | 21`,
  );
  const alw = foreigners(`staatsang1 | meldestatus | stadtbezirk | stadtteil
                          475        | A           | 2           | 21
                          423        | A           | 1           | 12
                          166        | A           | 1           | 11
                          166        | V           | 1           | 11
                          125        | A           | 1           | 11`);

  test("T08: one dwelling a person, main residences only, German dominates; no rate without residents", () => {
    const table = countedTable(build({ foreigners: alw, residents: ewo }).results, "T08");
    // Refugees: p0 in 21, p1 in 12, p2 and p4 in 11. Rate of 11: 2 of 4 residents.
    expect(gridOf(table)).toBe(
      grid(`     | einwohner | auslaender | gefluechtete | je_1000
            T    | 6 | 4 | 4 | 666.6666666666666
            1    | 5 | 3 | 3 | 600
            11   | 4 | 2 | 2 | 500
            12   | 1 | 1 | 1 | 1000
            2    | 0 | 0 | 1 | x
            21   | 0 | 0 | 1 | x
            ohne | 1 | 1 | 0 | 0`),
    );
    expect(table.referenceDates).toEqual({ "ewo-alw": friday, ewo: "2026-10-31", gliederung: "2026-01-01" });
  });

  test("T08: among dwellings of one month a known Blockseite stands before an unknown one, in any order", () => {
    const rows = rowsOf(`person | einzug  | blockseite | stadtbezirk | stadtteil
                         r1     | 2024-01 |            | 2           | 21
                         r1     | 2024-01 | 12011      | 1           | 12
                         r1     | 2024-01 | 12012      | 2           | 21`);
    for (const order of [rows, rows.toReversed()]) {
      const residents = delivery("ewo", "2026-10-31", order);
      const table = countedTable(build({ foreigners: alw, residents }).results, "T08");
      expect(gridOf(table)).toContain("12 | 1 | 0 | 1 | 1000");
    }
  });

  test("T12: without Germans and EU citizens; a secondary dwelling links; borough of the residents register first", () => {
    // beide: p0 (EWO borough 1), p1 (secondary dwelling only: borough of EWO-ALW). nur_alw: p2. nur_ewo: r4, r5, not the secondary dwelling r6.
    expect(gridOf(countedTable(build({ foreigners: alw, residents: ewo }).results, "T12"))).toBe(
      grid(`     | T | beide | nur_alw | nur_ewo
            T    | 5 | 2     | 1       | 2
            1    | 4 | 2     | 1       | 1
            2    | 0 | 0     | 0       | 0
            ohne | 1 | 0     | 0       | 1`),
    );
  });

  test("T12: a PersNr that is an alias in EWO-ALW is not missing there, whichever stands for the person", () => {
    const aliases = foreigners(`person | aliasgruppe | stadtbezirk
                                p7     | 1           | 1
                                p8     | 1           | 1
                                p9     | 0           | 1`);
    const residents = delivery(
      "ewo",
      "2026-10-31",
      `person | stadtbezirk | staatsang1
       p7     | 1           | 475
       p8     | 1           | 475`,
    );
    expect(gridOf(countedTable(build({ foreigners: aliases, residents }).results, "T12"))).toBe(
      grid(`     | T | beide | nur_alw | nur_ewo
            T    | 2 | 1     | 1       | 0
            1    | 2 | 1     | 1       | 0
            2    | 0 | 0     | 0       | 0`),
    );
  });

  test("T12 refuses a list of citizenships that does not tell EU citizens", () => {
    const sources = sourcesOf({ addresses, foreigners: alw, residents: ewo });
    const { citizenships } = sources.codes;
    const entries = citizenships.entries.map((entry) => ({ ...entry, fields: { ...entry.fields, eu: "" } }));
    const codes = { ...sources.codes, citizenships: { ...citizenships, entries } };
    expect(() => buildTables(bevoelkerungAktuell, { ...sources, codes })).toThrow(
      'must have the column "eu"',
    );
  });
});

describe("buildTables() counts what is there", () => {
  test("names the registers that a table lacks, and counts the others", () => {
    const { results } = build({ foreigners: foreigners(city) });
    const missing = results.flatMap((result) =>
      result.kind === "missing" ? [`${result.table.id}: ${result.table.missing.join(" ")}`] : [],
    );
    expect(missing).toEqual([
      "T08: ewo",
      "T10: akdn-sozial",
      "T11: akdn-sozial fortschreibung",
      "T12: ewo",
      "T13: schild",
    ]);
    expect(results.map(({ table }) => table.id)).toEqual(bevoelkerungAktuell.tables.map(({ id }) => id));
  });

  test("without address file: no table by area, the city in the series all the same", () => {
    const { results, week } = buildTables(bevoelkerungAktuell, sourcesOf({ foreigners: foreigners(city) }));
    expect(results.filter(({ kind }) => kind === "counted").map(({ table }) => table.id)).toEqual([
      "T01",
      "T03",
      "T05",
      "T09",
      "T17",
    ]);
    expect(week?.counts.get("stadt:T|T")).toBe(6);
  });

  test("nothing delivered: every table is missing, nothing for the series", () => {
    const built = buildTables(bevoelkerungAktuell, sourcesOf({}));
    expect(built.results.every(({ kind }) => kind === "missing")).toBe(true);
    expect([built.week, built.months, built.nationalities]).toEqual([undefined, [], []]);
  });

  test("an empty foreigners register gives zeros", () => {
    const { results } = build({ foreigners: foreigners([]) });
    expect(cellsOf(countedTable(results, "T02"))["T T"]).toBe("0");
  });
});
