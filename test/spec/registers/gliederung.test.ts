import { describe, expect, it } from "vitest";
import type { AddressIndex } from "../../../shared/registers/address-index.ts";
import { dayNumber } from "../../../shared/registers/calendar.ts";
import { noDate } from "../../../shared/registers/record-block.ts";
import {
  addressFile,
  addressIndex,
  addressSlot,
  codeTables,
  fileCodes,
  findings,
  office,
  type Read,
  readFile,
  records,
  smallCity,
  textSource,
} from "./read-file.ts";

type Part = "adressen" | "namen" | "unterkuenfte" | "geometrie";

function read(part: Part, text: string, addresses?: AddressIndex, settings = office()): Promise<Read> {
  const slot = { ...addressSlot, part };
  const source = textSource(part === "geometrie" ? "g.geojson" : "g.csv", text);
  const input = { slot, source, office: settings, codes: codeTables, today: "2026-11-23" };
  return readFile(addresses === undefined ? input : { ...input, addresses });
}

describe("readDelivery() of the address file", () => {
  it.each<[allowed: string, rows: string]>([
    ["odd and even sides", "1|A|1||99||U|1|11||1|11|01.01.2010|\n1|A|2||98||G|1|11||2|21|01.01.2010|"],
    ["a gap", "1|A|1||9||A|1|11||1|11|01.01.2010|\n1|A|21||99||A|1|11||1|11|01.01.2010|"],
    ["11 and 11a", "1|A|1||11||A|1|11||1|11|01.01.2010|\n1|A|11|a|19||A|1|11||2|21|01.01.2010|"],
    [
      "a block that changed its quarter",
      "1|A|1||9||A|1|11||1|11|01.01.2010|31.12.2019\n1|A|1||9||A|1|12||1|11|01.01.2020|",
    ],
    [
      "odd ranges that touch at an even number",
      "1|A|1||10||U|1|11||1|11|01.01.2010|\n1|A|10||19||U|1|11||2|21|01.01.2010|",
    ],
  ])("takes %s", async (_, rows) => {
    expect(fileCodes(await read("adressen", addressFile(rows)))).toEqual([]);
  });

  it.each<[contradiction: string, rows: string, found: readonly string[]]>([
    [
      "ranges that overlap",
      "1|A|1||9||A|1|11||1|11|01.01.2010|\n1|A|9||19||A|1|11||2|21|01.01.2010|",
      ["E-010 2 0", "E-010 3 0"],
    ],
    [
      "A over U",
      "1|A|1||9||U|1|11||1|11|01.01.2010|\n1|A|5||5||A|1|11||2|21|01.01.2010|",
      ["E-010 2 0", "E-010 3 0"],
    ],
    [
      "a block in two quarters",
      "1|A|1||9||A|1|11||1|11|01.01.2010|\n2|B|1||9||A|1|12||1|12|01.01.2010|",
      ["E-011 3 8"],
    ],
    [
      "the same record key twice, counted once",
      "1|A|1||9||A|1|11||1|11|01.01.2010|\n1|A|1||9||A|1|11||1|11|01.01.2010|",
      ["E-010 2 0", "E-010 3 0"],
    ],
  ])("refuses the delivery for %s", async (_, rows, found) => {
    const result = await read("adressen", addressFile(rows));
    expect(fileCodes(result)).toEqual(["D-011"]);
    expect(findings(result).filter((text) => text.startsWith("E"))).toEqual(found);
    expect(result.outcome.rowsRead).toBe(result.outcome.taken + result.outcome.rejected);
  });

  it.each<[rule: string, row: string, found: string]>([
    ["number ends before it begins", "00001|A|9||1||A|1|11||1|11|01.01.2010|", "E-011 2 4"],
    ["validity ends before it begins", "00001|A|1||9||A|1|11||1|11|01.01.2010|01.01.2009", "E-011 2 13"],
    ["suffix that is none", "00001|A|1|?|9||A|1|11||1|11|01.01.2010|", "E-003 2 3"],
    ["number beyond the range", "00001|A|1||99999||A|1|11||1|11|01.01.2010|", "E-008 2 4"],
  ])("refuses a row: %s", async (_, row, found) => {
    expect(findings(await read("adressen", addressFile(row)))).toEqual([found]);
  });
});

describe("readDelivery() of names and shelters", () => {
  it("reads names of areas", async () => {
    const result = await read(
      "namen",
      "Ebene;Schluessel;Name;GueltigVon;GueltigBis;Nachfolger\nstadtteil;11;Altstadt;01.01.2010;;",
    );
    expect(
      records({ ...addressSlot, part: "namen" }, result, ["ebene", "schluessel", "name", "gueltig_bis"]),
    ).toEqual(["stadtteil|11|Altstadt|-2147483648"]);
  });

  it("counts keys of the address file that have no name on the day", async () => {
    const addresses = await addressIndex(smallCity);
    const named = ["stadtbezirk;1", "stadtbezirk;2", "stadtteil;11", "stadtteil;99"];
    const ended = "stadtteil;21;Neustadt;01.01.2010;31.12.2025";
    const rows = [...named.map((key) => `${key};Name;01.01.2010;`), ended];
    const text = ["Ebene;Schluessel;Name;GueltigVon;GueltigBis", ...rows].join("\n");
    const { outcome } = await read("namen", text, addresses);
    // Stadtteil 21, four blocks and two statistical districts.
    expect(outcome.quality).toEqual({ "schluessel-ohne-name": 1 + 4 + 2 });
  });

  it("refuses a name twice for one key and day, and a validity that ends before it begins", async () => {
    const rows =
      "stadtteil;11;Altstadt;01.01.2010;\nstadtteil;11;Neustadt;01.01.2010;\nstadtteil;12;Süd;01.01.2010;01.01.2009";
    const result = await read("namen", `Ebene;Schluessel;Name;GueltigVon;GueltigBis\n${rows}`);
    expect(findings(result)).toEqual(["E-011 4 4", "E-010 2 -1", "E-010 3 -1"]);
  });

  it("reads places of shelters", async () => {
    const result = await read(
      "unterkuenfte",
      "Blockseite;Plaetze;GueltigVon;GueltigBis\n10011;120;01.01.2020;",
    );
    expect(records({ ...addressSlot, part: "unterkuenfte" }, result, ["blockseite", "plaetze"])).toEqual([
      "10011|120",
    ]);
  });
});

describe("readDelivery() of geometry", () => {
  const square = (east: number, north: number) => ({
    type: "Polygon",
    coordinates: [
      [
        [east, north],
        [east + 0.1, north],
        [east + 0.1, north + 0.1],
        [east, north],
      ],
    ],
  });
  const feature = (properties: object, geometry: unknown = square(7, 51)) => ({
    type: "Feature",
    properties,
    geometry,
  });
  const collection = (...features: readonly unknown[]) =>
    JSON.stringify({ type: "FeatureCollection", features });
  const quarter = { ebene: "stadtteil", schluessel: "11", name: "Altstadt" };

  it("reads level, key and name, also under other names of the key", async () => {
    const other = { ebene: "stadtteil", nummer: "21" };
    const result = await read("geometrie", collection(feature(quarter), feature(other)));
    expect(records({ ...addressSlot, part: "geometrie" }, result, ["ebene", "schluessel", "name"])).toEqual([
      "stadtteil|11|Altstadt",
      "stadtteil|21|",
    ]);
  });

  it.each<[rule: string, text: string, codes: readonly string[]]>([
    ["no JSON", "{", ["D-003"]],
    ["another kind of JSON", "[]", ["D-003"]],
    ["nothing", "", ["D-001"]],
    ["no features", collection(), ["D-001"]],
    [
      "metres",
      collection(feature(quarter), feature({ ...quarter, schluessel: "12" }, square(360_000, 5_700_000))),
      ["D-011"],
    ],
    ["a point", collection(feature(quarter, { type: "Point", coordinates: [7, 51] })), ["D-011"]],
    ["a key twice", collection(feature(quarter), feature(quarter)), ["D-011"]],
    ["no key", collection(feature({ ebene: "stadtteil" })), ["D-011"]],
    [
      "a validity that ends before it begins",
      collection(feature({ ...quarter, gueltig_von: "2020-01-01", gueltig_bis: "2019-12-31" })),
      ["D-011"],
    ],
    ["an unknown level", collection(feature({ ...quarter, ebene: "kiez" })), ["D-011"]],
  ])("refuses %s", async (_, text, codes) => {
    expect(fileCodes(await read("geometrie", text))).toEqual(codes);
  });

  it("reads validity and parent, and takes an area once for each validity", async () => {
    const before = { ...quarter, gueltig_bis: "2019-12-31", eltern: "1" };
    const since = { ...quarter, gueltig_von: "2020-01-01", bezirk_id: 2 };
    const result = await read("geometrie", collection(feature(before), feature(since)));
    const names = ["schluessel", "gueltig_von", "gueltig_bis", "eltern"];
    expect(records({ ...addressSlot, part: "geometrie" }, result, names)).toEqual([
      `11|${noDate}|${dayNumber("2019-12-31")}|1`,
      `11|${dayNumber("2020-01-01")}|${noDate}|2`,
    ]);
  });

  it("reads properties under the names that the office gives them", async () => {
    const own = office({
      lieferungen: [{ register: "gliederung", spalten: { ebene: ["stufe"], schluessel: ["kennung"] } }],
    });
    const text = collection(feature({ stufe: "stadtteil", kennung: "11", id: "0815" }));
    const result = await read("geometrie", text, undefined, own);
    expect(records({ ...addressSlot, part: "geometrie" }, result, ["ebene", "schluessel"])).toEqual([
      "stadtteil|11",
    ]);
  });

  it("refuses bytes that are no UTF-8", async () => {
    const source = textSource("g.geojson", Uint8Array.of(0x7b, 0xff));
    const input = {
      slot: { ...addressSlot, part: "geometrie" },
      source,
      office: office(),
      codes: codeTables,
    };
    expect(fileCodes(await readFile({ ...input, today: "2026-11-23" }))).toEqual(["D-005"]);
  });

  it("pads numbers to the length of the address file's keys and counts what has no partner", async () => {
    const addresses = await addressIndex(
      "1|A|1||9||A|1|011||1|11|01.01.2010|\n1|A|11||19||A|1|012||2|21|01.01.2010|",
    );
    const result = await read("geometrie", collection(feature({ ...quarter, schluessel: 11 })), addresses);
    expect(records({ ...addressSlot, part: "geometrie" }, result, ["schluessel"])).toEqual(["011"]);
    expect(findings(result)).toEqual(["H-008 1 1"]);
    expect(result.outcome.quality).toMatchObject({ "schluessel-ohne-geometrie": 1 });
  });
});

describe("buildAddressIndex()", () => {
  const where = (index: AddressIndex, street: string, houseNumber: string) => {
    const byKey = /^\d{5}$/.test(street);
    const address = { streetKey: byKey ? street : "", street: byKey ? "" : street, houseNumber };
    const place = index.find(address);
    return `${place.stadtteil}/${place.baublock}${place.spansBlocks ? "!" : ""}`;
  };

  it.each<[street: string, houseNumber: string, place: string]>([
    ["00001", "12", "11/1002"],
    ["00001", "0012", "11/1002"],
    ["00001", "12a", "11/1002"],
    ["00001", "12 A", "11/1002"],
    ["00001", "12 1/2", "11/1002"],
    ["00001", "12½", "11/1002"],
    ["00001", "13", "11/1001"],
    ["00001", "12-14", "11/1002"],
    ["00001", "12-15", "11/1002!"],
    ["00001", "98 zz", "11/"], // beyond "98 z"
    ["00001", "", "11/"], // the whole street lies in one quarter
    ["00001", "hinten", "11/"],
    ["00002", "11", "11/1003"],
    ["00002", "12", "21/2001"],
    ["00002", "500", "/"], // the street lies in two quarters
    ["00009", "1", "/"],
    ["Hauptstr.", "12", "11/1002"],
    ["HAUPTSTRASSE", "12", "11/1002"],
    ["Haupt-Straße", "12", "11/1002"],
    ["Ringstr", "1", "11/1003"],
    ["Seitenweg", "1", "/"],
  ])("finds %s %j in %s", async (street, houseNumber, place) => {
    expect(where(await addressIndex(smallCity), street, houseNumber)).toBe(place);
  });

  it("orders suffixes: none before fraction before letter", async () => {
    const index = await addressIndex(`
      1|A|7|   |7|1/2|A|1|11||1|11|01.01.2010|
      1|A|7|3/4|7|b  |A|1|11||2|21|01.01.2010|
      1|A|7|c  |7|   |A|1|11||3|31|01.01.2010|`);
    const blocks = ["7", "7 1/4", "7 1/2", "7 3/4", "7a", "7b", "7c", "7z"].map((text) =>
      where(index, "00001", text),
    );
    expect(blocks).toEqual(["11/1", "11/1", "11/1", "11/2", "11/2", "11/2", "11/3", "11/3"]);
  });

  it("follows validity: a block that was split between two days", async () => {
    const rows = "1|A|1||9||A|1|11||1|11|01.01.2010|30.06.2026\n1|A|1||9||A|1|11||2|21|01.07.2026|";
    expect(where(await addressIndex(rows, "2026-06-30"), "00001", "5")).toBe("11/1");
    expect(where(await addressIndex(rows, "2026-07-01"), "00001", "5")).toBe("11/2");
  });

  it("knows a renamed street by its former name, and no name that two streets have", async () => {
    const rows = `
      1|Alte Gasse|1||9||A|1|11||1|11|01.01.2010|31.12.2020
      1|Neue Gasse|1||9||A|1|11||1|11|01.01.2021|
      2|Am Platz  |1||9||A|1|11||2|21|01.01.2010|
      3|Am Pl.    |1||9||A|1|11||3|31|01.01.2010|`;
    const index = await addressIndex(rows);
    expect(where(index, "Alte Gasse", "1")).toBe("11/1");
    expect(where(index, "Neue Gasse", "1")).toBe("11/1");
    expect(where(index, "Am Platz", "1")).toBe("/");
  });
});
