import { beforeAll, describe, expect, it } from "vitest";
import type { AddressIndex } from "../../../shared/registers/address-index.ts";
import { schild } from "../../../shared/registers/schild.ts";
import {
  addressIndex,
  codeTables,
  fileCodes,
  findings,
  lenient,
  type Read,
  readFile,
  records,
  smallCity,
  textSource,
  withLists,
} from "./read-file.ts";

const slot = { register: "schild", part: "123456", referenceDate: "2026-10-15" } as const;
const headings = schild.columnsOf("123456").map(({ name }) => name);
const base: Readonly<Record<string, string>> = {
  Nachname: "Muster",
  Vorname: "Olena",
  Geburtsdatum: "14.02.2012",
  Geschlecht: "w",
  Status: "2",
  Straße: "Hauptstr. 12 a",
  "1. Staatsang.": "166",
  Aufnahmedatum: "01.08.2023",
  Jahr: "2026",
  Abschnitt: "1",
  Jahrgang: "07",
  Schulgliederung: "***",
  Klassenart: "DF",
  "Verpflichtung Sprachförderkurs": "J",
  "Teilnahme Sprachförderkurs": "N",
  Zuzugsjahr: "2022",
  "Geburtsland Schüler": "166",
  Verkehrssprache: "UK",
  "Ende Eingliederungsphase": "31.07.2027",
};

let addresses: AddressIndex;
beforeAll(async () => {
  addresses = await addressIndex(smallCity);
});

function file(count: number, ...rows: readonly Readonly<Record<string, string>>[]): string {
  const used = headings.slice(0, count);
  return [used, ...rows.map((cells) => used.map((name) => ({ ...base, ...cells })[name] ?? ""))]
    .map((cells) => cells.join("|"))
    .join("\r\n")
    .concat("\r\n");
}

function read(text: string, codes = codeTables, settings = lenient("schild")): Promise<Read> {
  const source = textSource("SchuelerBasisdaten.dat", text);
  return readFile({ slot, source, office: settings, codes, addresses, today: "2026-11-23" });
}

function stored(result: Read, ...names: string[]): string[] {
  return records(slot, result, names);
}

describe("readDelivery() of a school", () => {
  it("has 58 columns by position and keeps those of a report", async () => {
    expect(headings).toHaveLength(58);
    const result = await read(file(58, {}));
    expect(
      stored(result, "alter", "geschlecht", "status", "staatsang1", "jahr", "abschnitt", "jahrgang"),
    ).toEqual(["14|2|2|166|2026|1|07"]);
    expect(
      stored(result, "gliederung", "klassenart", "sprachfoerder_pflicht", "sprachfoerder_teilnahme"),
    ).toEqual(["***|DF|1|0"]);
    expect(stored(result, "zuzugsjahr", "geburtsland", "verkehrssprache", "spalten", "baublock")).toEqual([
      "2022|166|uk|58|1002",
    ]);
  });

  it.each([50, 54, 56, 58])("takes a file of %i columns and says so in every record", async (count) => {
    const result = await read(file(count, {}));
    expect(stored(result, "spalten", "zuzugsjahr")).toEqual([`${count}|${count > 50 ? 2022 : 0}`]);
  });

  it("refuses a line with another number of fields: a | in a text cannot be repaired", async () => {
    const result = await read(file(58, { Klasse: "7|a" }, {}));
    expect(findings(result)).toEqual(["E-001 2 -1"]);
    expect(result.outcome).toMatchObject({ rowsRead: 2, taken: 1, rejected: 1 });
  });

  it("refuses a school that the office's list does not know", async () => {
    const codes = withLists({ schools: "654321;02;Schule am Ring;;" });
    expect(fileCodes(await read(file(58, {}), codes))).toEqual(["D-002"]);
    expect(fileCodes(await read(file(58, {}), withLists({ schools: "123456;02;Schule;;" })))).toEqual([]);
  });

  it("never looks at what is dropped: religion, health, parents", async () => {
    const odd = { Konfession: "\u0001".repeat(99), Autist: "?", "Geburtsland Mutter": "????" };
    expect(findings(await read(file(58, odd)))).toEqual([]);
  });

  it.each([
    ["Vorname", 50],
    ["Ort", 50],
    ["Straße", 50],
  ])("takes %s with %i characters, as the interface allows, and no more", async (name, length) => {
    const [full, longer] = ["a".repeat(length), "a".repeat(length + 1)];
    const result = await read(file(58, { [name]: full }, { [name]: longer }));
    expect(findings(result).filter((text) => text.startsWith("E"))).toEqual([
      `E-009 3 ${headings.indexOf(name)}`,
    ]);
  });

  it("identical identity is one pupil: active first, later year, later term, later entry", async () => {
    const rows = [
      { Status: "8", Jahr: "2027", Jahrgang: "a" },
      { Status: "3", Jahr: "2027", Jahrgang: "b" },
      { Jahr: "2025", Jahrgang: "c" },
      { Abschnitt: "1", Jahrgang: "d" },
      { Abschnitt: "2", Jahrgang: "e", Aufnahmedatum: "01.08.2020" },
      { Abschnitt: "2", Jahrgang: "f", Aufnahmedatum: "01.08.2021" },
    ];
    for (const order of [rows, rows.toReversed()]) {
      const result = await read(file(58, ...order));
      expect(stored(result, "jahrgang")).toEqual(["f"]);
      expect(result.outcome).toMatchObject({ rowsRead: 6, taken: 6, merged: 5 });
    }
  });

  it("#Klasse is no part of the name, except where it tells two pupils of a school apart", async () => {
    const alone = stored(await read(file(58, { Nachname: "Barnes#C02-1" })), "schueler");
    expect(alone).toEqual(stored(await read(file(58, { Nachname: "Barnes" })), "schueler"));
    const two = stored(
      await read(file(58, { Nachname: "Barnes#C02-1" }, { Nachname: "Barnes#C02-2" })),
      "schueler",
    );
    expect(new Set([...two, ...alone]).size).toBe(3);
  });

  it("counts pupils who live outside as outside", async () => {
    const settings = { ...lenient("schild"), orte: ["45879", "Lindenau"] };
    const rows = [
      { Vorname: "A", Ort: "Neustadt", PLZ: "44787" },
      { Vorname: "B", Ort: "Lindenau", PLZ: "" },
    ];
    const result = await read(file(58, ...rows), codeTables, settings);
    expect(stored(result, "in_stadt", "baublock")).toEqual(["0|", "1|1002"]);
  });
});
