import { beforeAll, describe, expect, it } from "vitest";
import type { AddressIndex } from "../../../shared/registers/address-index.ts";
import type { Office } from "../../../shared/registers/office.ts";
import {
  addressIndex,
  codeTables,
  fileCodes,
  findings,
  lenient,
  office,
  type Read,
  readFile,
  records,
  smallCity,
  textSource,
  withLists,
} from "./read-file.ts";

const slot = { register: "ewo-alw", part: "-", referenceDate: "2026-11-20" } as const;
const header =
  "Stichtag;PersNr;AZRNr;Familienname;Geburtsdatum;Geschlecht;Staatsang1;Staatsang2;Titelschluessel;GueltigAb;GueltigBis;Ereignisdatum;Asylstand;Meldestatus;Strassenschluessel;Strasse;Hausnummer;Ort;Auskunftssperre";
const base = {
  Stichtag: "20.11.2026",
  PersNr: "0004711",
  AZRNr: "",
  Familienname: "Muster",
  Geburtsdatum: "14.02.1994",
  Geschlecht: "m",
  Staatsang1: "475",
  Staatsang2: "",
  Titelschluessel: "AG",
  GueltigAb: "01.03.2023",
  GueltigBis: "28.02.2027",
  Ereignisdatum: "01.04.2023",
  Asylstand: "A",
  Meldestatus: "A",
  Strassenschluessel: "00001",
  Strasse: "",
  Hausnummer: "12",
  Ort: "",
  Auskunftssperre: "N",
} as const;
type Cells = Partial<Record<keyof typeof base, string>>;

let addresses: AddressIndex;
beforeAll(async () => {
  addresses = await addressIndex(smallCity);
});

function file(...rows: readonly Cells[]): string {
  return [header, ...rows.map((cells) => Object.values({ ...base, ...cells }).join(";"))].join("\n");
}

function read(text: string, settings: Office = lenient("ewo-alw"), codes = codeTables): Promise<Read> {
  const source = textSource("EWO-ALW_05999000_2026-11-20_1.csv", text);
  return readFile({ slot, source, office: settings, codes, addresses, today: "2026-11-23" });
}

function stored(result: Read, ...names: string[]): string[] {
  return records(slot, result, names);
}

describe("readDelivery() of the foreigners register", () => {
  it("keeps what a report needs of a row: age on the Stichtag, keys, days, months, the block", async () => {
    const result = await read(file({}));
    expect(stored(result, "alter", "geburtsjahr", "geschlecht", "staatsang1", "staatsang2")).toEqual([
      "32|1994|1|475|65535",
    ]);
    expect(
      stored(result, "titel", "asylstand", "meldestatus", "in_stadt", "stadtbezirk", "stadtteil", "baublock"),
    ).toEqual(["AG|A|A|1|1|11|1002"]);
    expect(result.outcome).toMatchObject({
      verdict: { kind: "accepted" },
      rowsRead: 1,
      taken: 1,
      rejected: 0,
    });
  });

  it.each<[criterion: string, cells: Cells, age: string]>([
    ["year only: 1 July", { Geburtsdatum: "00.00.1994" }, "32|1994"],
    ["month and year: the 15th", { Geburtsdatum: "00.11.1994" }, "32|1994"],
    ["month after the Stichtag's", { Geburtsdatum: "00.12.1994" }, "31|1994"],
    ["unknown", { Geburtsdatum: "" }, "255|0"],
    ["born on 29 February", { Geburtsdatum: "29.02.2024" }, "2|2024"],
  ])("works out the age: %s", async (_, cells, age) => {
    expect(stored(await read(file(cells)), "alter", "geburtsjahr")).toEqual([age]);
  });

  it.each<[rule: string, cells: Cells, expected: readonly string[]]>([
    ["Pflichtangabe", { PersNr: "" }, ["E-002 2 1"]],
    ["no name at all", { Familienname: "" }, ["E-002 2 3"]],
    ["no key", { Staatsang1: "ABC" }, ["E-003 2 6"]],
    ["unknown sex code", { Geschlecht: "7" }, ["E-003 2 5"]],
    ["no date", { GueltigAb: "31.02.2023" }, ["E-005 2 9"]],
    ["birth after the Stichtag", { Geburtsdatum: "01.01.2030" }, ["E-006 2 4"]],
    ["date out of range", { GueltigBis: "01.01.1700" }, ["E-006 2 10"]],
    ["too long", { PersNr: "123456789012345678901" }, ["E-009 2 1"]],
    ["two-digit year of birth", { Geburtsdatum: "01.01.94" }, ["E-012 2 4"]],
    ["control character", { Familienname: "Mus\u0001ter" }, ["E-013 2 3"]],
    ["unknown title", { Titelschluessel: "XX-99" }, ["E-016 2 8"]],
    ["empty title", { Titelschluessel: "" }, ["E-016 2 8"]],
    ["several mistakes at once", { PersNr: "", GueltigAb: "x" }, ["E-002 2 1", "E-005 2 9"]],
  ])("refuses a row: %s", async (_, cells, expected) => {
    const result = await read(file({}, cells).replace("\n", "\n"));
    expect(findings(result)).toEqual(expected.map((text) => text.replace(" 2 ", " 3 ")));
    expect(result.outcome).toMatchObject({ rowsRead: 2, taken: 1, rejected: 1 });
  });

  it("refuses a row with another number of fields", async () => {
    const result = await read(`${file({})}\n20.11.2026;4711\n${file({ PersNr: "2" }).split("\n")[1]}`);
    expect([...result.outcome.rows.entries()]).toMatchObject([{ code: "E-001", line: 3, detail: 2 }]);
  });

  it.each<[rule: string, cells: Cells, expected: readonly string[]]>([
    ["only the year is known", { Geburtsdatum: "1994" }, ["H-003 2 4"]],
    ["key not valid on the Stichtag", { Staatsang1: "133" }, ["H-004 2 6"]],
    ["unknown key", { Staatsang1: "987" }, ["H-004 2 6"]],
    ["title not valid on the Stichtag", { Titelschluessel: "BUEMA" }, ["H-004 2 8"]],
    ["address without block", { Strassenschluessel: "99999" }, ["H-005 2 14"]],
    ["blank at the end", { Familienname: "Muster " }, ["H-006 2 3"]],
    ["lost zeros", { Strassenschluessel: "1" }, ["H-008 2 14"]],
  ])("takes a row with a note: %s", async (_, cells, expected) => {
    const result = await read(file(cells));
    expect(findings(result)).toEqual(expected);
    expect(result.outcome).toMatchObject({ taken: 1, rejected: 0 });
  });

  it("gives an unknown citizenship its own value and puts it on the work list", async () => {
    const result = await read(file({ Staatsang1: "987" }, { PersNr: "2", Staatsang1: "987" }));
    expect(stored(result, "staatsang1")).toEqual(["65534", "65534"]);
    expect(result.outcome.workList).toEqual({ Staatsang1: { "987": 2 } });
  });

  it("shows an unknown title only if it looks like a key: a shifted column may hold a name", async () => {
    const codes = withLists({ mapping: "25-2-1;AE25_2_GFK;;" });
    const titles = ["25-2-7", "Meyer", "MEYER", "14.02.1994", "0004711"];
    const rows = titles.map((Titelschluessel, at) => ({ PersNr: `${at}`, Titelschluessel }));
    const result = await read(file(...rows), lenient("ewo-alw"), codes);
    expect(result.outcome.workList).toEqual({ Titelschluessel: { "25-2-7": 1, "…": 4 } });
    expect([...result.outcome.rows.entries()].map(({ value }) => value).filter(Boolean)).toEqual(["25-2-7"]);
  });

  it("counts persons of whom no row remains because their titles are unknown", async () => {
    const unknown = { Titelschluessel: "x" };
    const result = await read(
      file(
        { PersNr: "1" },
        { PersNr: "01", ...unknown },
        ...["2", "2", "3"].map((PersNr) => ({ PersNr, ...unknown })),
      ),
    );
    expect(result.outcome.quality).toMatchObject({ "E-016": 4, "status-ungeklaert": 2 });
  });

  it("maps titles by the office's list, also beyond their validity", async () => {
    const codes = withLists({ mapping: "25-2-1;AE25_2_GFK;;\nalt;DU60A_1;;31.12.2020" });
    const rows = [{ Titelschluessel: "25-2-1" }, { PersNr: "2", Titelschluessel: "alt" }];
    const result = await read(file(...rows), lenient("ewo-alw"), codes);
    expect(stored(result, "titel")).toEqual(["AE25_2_GFK", "DU60A_1"]);
    expect(findings(result)).toEqual(["H-004 3 8"]);
  });

  it("sets a block only where nothing blocks it, and counts inside and outside by the office's places", async () => {
    const settings = { ...lenient("ewo-alw"), orte: ["Lindenau"] };
    const elsewhere = { Strassenschluessel: "", Strasse: "Hauptstr.", Ort: "Neustadt" };
    const rows: readonly Cells[] = [
      { PersNr: "1", Auskunftssperre: "J" },
      { PersNr: "2", ...elsewhere },
      { PersNr: "3", ...elsewhere, Ort: "Lindenau" },
      { PersNr: "4", Ort: "Neustadt" }, // the street key is the city's own
    ];
    const result = await read(file(...rows), settings);
    expect(stored(result, "in_stadt", "stadtteil", "statbezirk", "baublock")).toEqual([
      "1|11|111|",
      "0|||",
      "1|11|111|1002",
      "1|11|111|1002",
    ]);
    expect(findings(result)).toEqual(["H-012 3 14"]);
  });

  it("gives the same person number with and without leading zeros one pseudonym", async () => {
    const rows = [{ PersNr: "0004711" }, { PersNr: "4711", Titelschluessel: "AKN" }, { PersNr: "P-4711" }];
    const [first, second, third] = stored(await read(file(...rows)), "person");
    expect(first).toBe(second);
    expect(third).not.toBe(first);
  });

  it("merges rows of one record key in any order: later event, later end (open is latest), smaller line", async () => {
    const winner = { Ereignisdatum: "02.04.2023", GueltigBis: "", Asylstand: "A" };
    const others: readonly Cells[] = [
      { Ereignisdatum: "02.04.2023", GueltigBis: "", Asylstand: "N" },
      { Ereignisdatum: "02.04.2023", GueltigBis: "31.12.2099", Asylstand: "L" },
      { Ereignisdatum: "01.04.2023", GueltigBis: "", Asylstand: "O" },
    ];
    for (let turn = 0; turn < 4; turn++) {
      const rows = [...others.slice(0, turn), winner, ...others.slice(turn)];
      const result = await read(file(...rows, { PersNr: "5" }));
      expect(stored(result, "asylstand")).toHaveLength(2);
      expect(stored(result, "asylstand", "alter")[0]).toBe("A|32");
      expect(result.outcome).toMatchObject({ rowsRead: 5, taken: 5, rejected: 0, merged: 3, blockCount: 1 });
      expect(findings(result).filter((text) => text.startsWith("H-011"))).toHaveLength(3);
    }
  });

  it("numbers groups of person numbers that share an AZR number, on all their rows and in any order", async () => {
    const rows: readonly Cells[] = [
      { PersNr: "1", AZRNr: "A" },
      { PersNr: "2", AZRNr: "A" },
      { PersNr: "2", AZRNr: "", Titelschluessel: "AKN" },
      { PersNr: "3", AZRNr: "B" },
      { PersNr: "4", AZRNr: "" },
    ];
    const there = stored(await read(file(...rows)), "person", "aliasgruppe");
    const back = stored(await read(file(...rows.toReversed())), "person", "aliasgruppe");
    expect(there.map((text) => text.split("|")[1])).toEqual(["1", "1", "1", "0", "0"]);
    expect(there.toSorted()).toEqual(back.toSorted());
  });

  it("takes an AZR number that many share for a filler", async () => {
    const rows = Array.from({ length: 22 }, (_, at) => ({ PersNr: `${at + 1}`, AZRNr: "000" }));
    const result = await read(file(...rows));
    expect(new Set(stored(result, "aliasgruppe"))).toEqual(new Set(["0"]));
    expect(result.outcome.quality).toMatchObject({ "azr-nummer-als-fuellwert": 1 });
  });
});

describe("readDelivery() decides on the whole delivery", () => {
  const many = (count: number, cells: Cells = {}) =>
    Array.from({ length: count }, (_, at) => ({ PersNr: `${at + 1}`, ...(at === 0 ? cells : {}) }));

  it.each<[rule: string, text: () => string, codes: readonly string[]]>([
    ["empty", () => "", ["D-001"]],
    ["header only", () => header, ["D-001"]],
    ["missing column", () => file({}).replace("GueltigAb", "Gueltig"), ["D-006"]],
    ["doubled column", () => `PersNr;${header}\n`, ["D-007"]],
    ["another Stichtag in a row", () => file({}, { Stichtag: "13.11.2026" }), ["D-008"]],
    [
      "3 of 100 rows rejected",
      () => file(...many(97), ...many(3).map((row) => ({ ...row, GueltigAb: "x" }))),
      ["D-011"],
    ],
    [
      "2 of 100 titles unknown: held",
      () => file(...many(98), { Titelschluessel: "x" }, { Titelschluessel: "" }),
      ["E-016"],
    ],
    ["1 of 100 titles unknown: accepted", () => file(...many(99), { Titelschluessel: "x" }), []],
    ["2 of 100 rows rejected: accepted", () => file(...many(98), { GueltigAb: "x" }, { GueltigAb: "x" }), []],
  ])("%s", async (_, text, codes) => {
    expect(fileCodes(await read(text(), office()))).toEqual(codes);
  });

  it("refuses a Stichtag in the future and a file beyond the agreed size", async () => {
    const source = textSource("x.csv", file({}));
    const input = { slot, source, office: office(), codes: codeTables, addresses, today: "2026-11-19" };
    expect(fileCodes(await readFile(input))).toEqual(["D-009"]);
    const tiny = lenient("ewo-alw", { grenzeMegabyte: 0.0001 });
    expect(fileCodes(await readFile({ ...input, office: tiny, today: "2026-11-23" }))).toEqual(["D-014"]);
  });

  it.each([
    [79, "held"],
    [80, "accepted"],
    [120, "accepted"],
    [121, "held"],
  ])(
    "holds a delivery that differs from the last one by more than 20 %%: %i of 100 rows",
    async (rows, kind) => {
      const source = textSource("x.csv", file(...many(rows)));
      const { outcome } = await readFile({
        slot,
        source,
        office: office(),
        codes: codeTables,
        addresses,
        previousRows: 100,
        today: "2026-11-23",
      });
      expect(outcome.verdict.kind).toBe(kind);
    },
  );

  it("a rejected delivery has no block that counts", async () => {
    const { outcome } = await read(file({ GueltigAb: "x" }, {}), office());
    expect(outcome).toMatchObject({
      verdict: { kind: "rejected" },
      rowsRead: 2,
      taken: 1,
      rejected: 1,
      blockCount: 0,
    });
  });
});
