import { beforeAll, describe, expect, it } from "vitest";
import type { AddressIndex } from "../../../shared/registers/address-index.ts";
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
} from "./read-file.ts";

const slot = { register: "akdn-sozial", part: "-", referenceDate: "2026-10" } as const;
const base = {
  Berichtsmonat: "2026-10",
  Fallnummer: "F-1",
  Personennummer: "P-1",
  StellungImFall: "1",
  PKS: "10",
  Leistungsart: "3",
  Bedarfsstufe: "2",
  Unterbringung: "G",
  Geburtsdatum: "14.02.1988",
  Geschlecht: "w",
  Staatsangehoerigkeit: "166",
  Strasse: "Hauptstr.",
  Hausnummer: "12",
  Leistungsbeginn: "01.09.2026",
  Betrag: "441,00",
  Kostentraeger: "",
  BuchungsNr: "",
} as const;
type Cells = Partial<Record<keyof typeof base, string>>;

let addresses: AddressIndex;
beforeAll(async () => {
  addresses = await addressIndex(smallCity);
});

const line = (cells: Cells) => Object.values({ ...base, ...cells }).join(";");

function read(rows: readonly (Cells | string)[], settings = lenient("akdn-sozial")): Promise<Read> {
  const lines = rows.map((row) => (typeof row === "string" ? row : line(row)));
  const text = [Object.keys(base).join(";"), ...lines].join("\n");
  const source = textSource("AKDN-SOZIAL_05999000_2026-10_1.csv", text);
  return readFile({ slot, source, office: settings, codes: codeTables, addresses, today: "2026-11-23" });
}

function stored(result: Read, ...names: string[]): string[] {
  return records(slot, result, names);
}

const sumRow = (word: string, amount: string) => `${word}${";".repeat(14)}${amount};;`;

describe("readDelivery() of AsylbLG billing", () => {
  it("keeps keys, months and cents; age at the end of the month; the block", async () => {
    const result = await read([{ Geburtsdatum: "31.10.1988" }]);
    expect(
      stored(result, "stellung", "pks", "leistungsart", "bedarfsstufe", "unterbringung", "alter"),
    ).toEqual(["1|10|3|2|G|38"]);
    expect(stored(result, "staatsang1", "beginn", "ende", "betrag", "in_stadt", "baublock")).toEqual([
      `166|${2026 * 12 + 8}|0|44100|1|1002`,
    ]);
  });

  it.each<[what: string, cells: Cells, names: readonly string[], expected: string]>([
    ["§ and words around the kind of benefit", { Leistungsart: "§ 2 AsylbLG" }, ["leistungsart"], "2"],
    ["clear text of the housing", { Unterbringung: "Gemeinschaftsunterkunft" }, ["unterbringung"], "G"],
    ["clear text of the citizenship", { Staatsangehoerigkeit: "Ukraine" }, ["staatsang1"], "166"],
    ["a correction", { Betrag: "1.234,50-" }, ["betrag"], "-123450"],
    ["nothing", { Betrag: "0,00" }, ["betrag"], "0"],
    ["month as MM/JJJJ", { Berichtsmonat: "10/2026" }, ["betrag"], "44100"],
    ["month as a date", { Berichtsmonat: "31.10.2026" }, ["betrag"], "44100"],
  ])("understands %s", async (_, cells, names, expected) => {
    expect(stored(await read([cells]), ...names)).toEqual([expected]);
  });

  it.each<[rule: string, cells: Cells, code: string]>([
    ["no number", { Betrag: "viel" }, "E-007 2 14"],
    ["decimal point without agreement", { Betrag: "12.50" }, "E-007 2 14"],
    ["beyond all measure", { Betrag: "999999999999,00" }, "E-008 2 14"],
    ["unknown country in words", { Staatsangehoerigkeit: "Atlantis" }, "E-003 2 10"],
    ["payer too long", { Kostentraeger: "12345678901" }, "E-009 2 15"],
  ])("refuses a row: %s", async (_, cells, code) => {
    expect(findings(await read([cells]))).toEqual([code]);
  });

  it("another month in a row refuses the delivery", async () => {
    expect(fileCodes(await read([{}, { Berichtsmonat: "2026-09" }]))).toEqual(["D-008"]);
  });

  it("counts an unknown PKS under 99, with a note, and holds above 1 %", async () => {
    const result = await read([{ PKS: "77" }]);
    expect(stored(result, "pks")).toEqual(["99"]);
    expect(findings(result)).toEqual(["H-004 2 4"]);
    expect(result.outcome.workList).toEqual({ PKS: { "77": 1 } });
    expect(fileCodes(await read([{ PKS: "77" }], office()))).toEqual(["E-016"]);
  });

  it("identical rows are two payments; equal booking numbers are one", async () => {
    const equal = await read([{}, {}]);
    expect(equal.outcome).toMatchObject({
      rowsRead: 2,
      taken: 2,
      merged: 0,
      quality: { "gleiche-zeilen": 1 },
    });
    expect(stored(equal, "betrag")).toHaveLength(2);
    const booked = await read([{ BuchungsNr: "B1" }, { BuchungsNr: "B1" }, { BuchungsNr: "B2" }]);
    expect(booked.outcome).toMatchObject({ rowsRead: 3, taken: 3, merged: 1 });
    expect(stored(booked, "betrag")).toHaveLength(2);
  });

  it("the list that ships puts every key into a group", () => {
    const { entries } = codeTables.personenkreis;
    expect(entries.filter(({ fields }) => (fields["gruppe"] ?? "") === "")).toEqual([]);
    expect(entries.every(({ code, fields }) => code === "99" || fields["asylblg"]?.startsWith("§ 1"))).toBe(
      true,
    );
  });

  it("skips rows of sums, counts them and compares them", async () => {
    const right = [
      {},
      sumRow("Zwischensumme", "441,00"),
      { PKS: "11", Betrag: "59,00" },
      sumRow("Gesamt", "500,00"),
    ];
    const { outcome } = await read(right);
    expect(outcome).toMatchObject({ rowsRead: 2, taken: 2, rejected: 0 });
    expect(outcome.notes).toEqual([{ code: "H-010", facts: { anzahl: 0, anzahl2: 2, abweichend: 0 } }]);
    const wrong = (await read([{}, sumRow("Summe PKS 10", "442,00")])).outcome;
    expect(wrong.quality).toMatchObject({ "summenzeile-weicht-ab": 1 });
  });
});
