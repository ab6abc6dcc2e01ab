import { beforeAll, describe, expect, it } from "vitest";
import type { AddressIndex } from "../../../shared/registers/address-index.ts";
import {
  addressIndex,
  codeTables,
  findings,
  lenient,
  type Read,
  readFile,
  records,
  smallCity,
  textSource,
} from "./read-file.ts";

const slot = { register: "ewo", part: "-", referenceDate: "2026-10-31" } as const;
const base = {
  Stichtag: "31.10.2026",
  PersNr: "4711",
  Geburtsdatum: "01.01.1994",
  Geschlecht: "m",
  Familienstand: "LD",
  Staatsang1: "475",
  Wohnungsstatus: "A",
  Einzugsdatum: "01.03.2022",
  ZuzugHerkunft: "475",
  Strassenschluessel: "00001",
  Hausnummer: "0012",
  Zusatz: "a",
  Blockseite: "",
} as const;
type Cells = Partial<Record<keyof typeof base, string>>;

let addresses: AddressIndex;
beforeAll(async () => {
  addresses = await addressIndex(smallCity);
});

function read(...rows: readonly Cells[]): Promise<Read> {
  const lines = rows.map((cells) => Object.values({ ...base, ...cells }).join(";"));
  const source = textSource("EWO.csv", [Object.keys(base).join(";"), ...lines].join("\n"));
  return readFile({
    slot,
    source,
    office: lenient("ewo"),
    codes: codeTables,
    addresses,
    today: "2026-11-23",
  });
}

function stored(result: Read, ...names: string[]): string[] {
  return records(slot, result, names);
}

describe("readDelivery() of the residents register", () => {
  it("keeps what a report needs of a row", async () => {
    const result = await read({});
    expect(stored(result, "alter", "geschlecht", "familienstand", "staatsang1", "wohnungsstatus")).toEqual([
      "32|1|LD|475|A",
    ]);
    expect(stored(result, "einzug", "herkunft", "stadtteil", "baublock", "blockseite")).toEqual([
      `${2022 * 12 + 2}|475|11|1002|10021`,
    ]);
  });

  it.each([
    ["3", "003"],
    ["5999000", "05999000"],
    ["05999000", "05999000"],
    ["", ""],
  ])("pads the origin %j to %j", async (ZuzugHerkunft, herkunft) => {
    expect(stored(await read({ ZuzugHerkunft }), "herkunft")).toEqual([herkunft]);
  });

  it("refuses an origin that is neither AGS nor country", async () => {
    expect(findings(await read({ ZuzugHerkunft: "Bochum" }))).toEqual(["E-003 2 8"]);
  });

  it("compares a delivered Blockseite with ours, and uses it where there is no address", async () => {
    const result = await read(
      { PersNr: "1", Blockseite: "10021" },
      { PersNr: "2", Blockseite: "20011" },
      { PersNr: "3", Strassenschluessel: "", Hausnummer: "", Zusatz: "", Blockseite: "20011" },
    );
    expect(stored(result, "baublock")).toEqual(["1002", "1002", "2001"]);
    expect(result.outcome.quality).toEqual({ "blockseite-weicht-ab": 1 });
  });

  it("main and secondary dwelling are two records, the same dwelling twice is one: the later move counts", async () => {
    const result = await read(
      { Einzugsdatum: "01.03.2022" },
      { Einzugsdatum: "01.04.2023" },
      { Wohnungsstatus: "N", Hausnummer: "14" },
    );
    expect(stored(result, "wohnungsstatus", "einzug")).toEqual([`A|${2023 * 12 + 3}`, `N|${2022 * 12 + 2}`]);
    expect(result.outcome).toMatchObject({ rowsRead: 3, taken: 3, merged: 1 });
  });

  it("gives the same pseudonym as the foreigners register", async () => {
    const [person] = stored(await read({ PersNr: "0004711" }), "person");
    expect(person).toBe(stored(await read({}), "person")[0]);
  });
});
