import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readOffice, readOfficeFiles } from "../../shared/azure/office-files.ts";
import type { Surroundings } from "../../shared/azure/surroundings.ts";
import { type Emulator, startEmulator, surroundingsOf } from "./emulator.ts";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());

async function upload(around: Surroundings, name: string, content: string | Buffer): Promise<void> {
  const bytes = Buffer.from(content);
  await around.storage.container("config").getBlockBlobClient(name).uploadData(bytes);
}

describe("readOfficeFiles()", () => {
  test("uses built-in samples where the office has none, and says which", async () => {
    const files = await readOfficeFiles((await surroundingsOf(emulator.freshAccount())).storage);
    expect(files.office.name).toBe("Stadt Musterstadt");
    expect(files.codes.citizenships.find("000")[0]?.label).toBe("Deutschland");
    expect(files.codes["titel-mapping"].entries).toEqual([]);
    expect(files.samples).toEqual(["office.json", "titel-mapping.csv", "schulen.csv", "personenkreis.csv"]);
  });

  test("prefers the office's files, in Windows-1252 too, and reads them again once they change", async () => {
    const around = await surroundingsOf(emulator.freshAccount());
    const kontakt = { stelle: "Statistik" };
    await upload(around, "office.json", JSON.stringify({ name: "Stadt Beispiel", kontakt }));
    await upload(around, "personenkreis.csv", Buffer.from("pks;asylblg;label_de\n10;1;Prüfung\n", "latin1"));
    const files = await readOfficeFiles(around.storage);
    expect(files.office.name).toBe("Stadt Beispiel");
    expect(files.codes.personenkreis.find("10")[0]?.label).toBe("Prüfung");
    expect(files.samples).toEqual(["titel-mapping.csv", "schulen.csv"]);
    expect(await readOfficeFiles(around.storage)).toBe(files);
    await upload(around, "office.json", JSON.stringify({ name: "Stadt Anders", kontakt }));
    expect((await readOfficeFiles(around.storage)).office.name).toBe("Stadt Anders");
  });

  test("is read again after a file was corrected", async () => {
    const around = await surroundingsOf(emulator.freshAccount());
    await upload(around, "office.json", "{}");
    await expect(readOfficeFiles(around.storage)).rejects.toThrow(SyntaxError);
    await upload(around, "office.json", JSON.stringify({ name: "x", kontakt: { stelle: "y" } }));
    expect((await readOfficeFiles(around.storage)).office.name).toBe("x");
  });
});

describe("readOffice()", () => {
  test("takes further headings of columns that the register has, whatever its part", () => {
    const spalten = { Baublock: ["Blocknummer"], Schluessel: ["Nr"] };
    const office = {
      name: "x",
      kontakt: { stelle: "y" },
      lieferungen: [{ register: "gliederung", spalten }],
    };
    expect(readOffice(JSON.stringify(office)).lieferungen[0]?.spalten).toEqual(spalten);
  });

  // text, what the message says
  const wrong: readonly (readonly [string, string])[] = [
    ["kein json: geheim", "it must be JSON"],
    [
      '{ "name": "x", "kontakt": { "stelle": "y" }, "lieferungen": [{ "register": "ewo", "spalten": { "Staatsangehörigk": ["STA"] } }] }',
      "lieferungen.ewo.spalten.Staatsangehörigk: must be a column of the register",
    ],
    ['{ "kontakt": { "stelle": "x" } }', "name: "],
    ['{ "name": "x", "kontakt": { "stelle": "y" }, "ags": "geheim" }', "ags: expected 8 digits"],
    [
      '{ "name": "x", "kontakt": { "stelle": "y" }, "bericht": { "uhrzeit": "25:00" } }',
      "bericht.uhrzeit: expected HH:MM",
    ],
    [
      '{ "name": "x", "kontakt": { "stelle": "y" }, "lieferungen": [{ "register": "ewo", "karenzStunden": -1 }] }',
      "lieferungen.0.karenzStunden: ",
    ],
  ];
  test.each(wrong)("refuses %s by field and rule", (text, message) => {
    expect(() => readOffice(text)).toThrow(SyntaxError);
    expect(() => readOffice(text)).toThrow(message);
    expect(() => readOffice(text)).not.toThrow(/geheim/);
  });
});
