import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configurationMistake } from "../../shared/azure/check-configuration.ts";
import { countMessages } from "../../shared/azure/count-messages.ts";
import { sweepDeliveries } from "../../shared/azure/sweep-deliveries.ts";
import { type Emulator, startEmulator, surroundingsOf } from "./emulator.ts";
import { drop, personFile, personName } from "./exports.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());

const office = { name: "Stadt", kontakt: { stelle: "Statistik" } };

async function withConfig(files: Readonly<Record<string, string>>) {
  const around = await surroundingsOf(emulator.freshAccount());
  for (const [name, text] of Object.entries(files)) {
    await around.storage.container("config").getBlockBlobClient(name).uploadData(Buffer.from(text));
  }
  return around;
}

describe("configurationMistake()", () => {
  test.each([
    [{}, undefined],
    [{ "office.json": JSON.stringify(office) }, undefined],
    [{ "office.json": "{" }, "Cannot read office.json: it must be JSON"],
    [
      { "office.json": JSON.stringify({ ...office, bericht: { definition: "andere" } }) },
      /office\.json: bericht\.definition: /,
    ],
    [{ "serie.csv": "datum;wert\n" }, /"serie\.csv": line 1 /],
    [
      { "serie.csv": "stichtag;raum_ebene;raum_code;aufenthaltsstatus_code;wert\n2026-02-30;stadt;T;T;1\n" },
      /"serie\.csv": line 2 /,
    ],
    [{ "titel-mapping.csv": "falsch\n" }, /titel-mapping/],
  ])("of %j", async (files, expected) => {
    const mistake = await configurationMistake((await withConfig(files)).storage);
    if (expected === undefined) expect(mistake).toBeUndefined();
    else expect(mistake).toMatch(expected);
  });
});

describe("sweepDeliveries() beside a broken configuration", () => {
  test("fails with the mistake and orders nothing; corrected, it finds what was missed", async () => {
    const around = await withConfig({ "office.json": "{" });
    const inAnHour = new Date(Date.now() + 3_600_000);
    await drop(around, personName(1), personFile({ day: "2026-11-20", persons: 3 }));
    await expect(sweepDeliveries(around, inAnHour)).rejects.toThrow("office.json");
    expect(await countMessages(around.storage.queue("lieferungen"))).toBe(0);
    const text = Buffer.from(JSON.stringify(office));
    await around.storage.container("config").getBlockBlobClient("office.json").uploadData(text);
    await sweepDeliveries(around, inAnHour);
    expect(await countMessages(around.storage.queue("lieferungen"))).toBe(1);
  });
});
