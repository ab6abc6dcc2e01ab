import { describe, expect, it } from "vitest";
import { readBlobName } from "../../../shared/registers/blob-name.ts";
import { splitStreet } from "../../../shared/registers/house-number.ts";
import { registers } from "../../../shared/registers/index.ts";
import { registerIds } from "../../../shared/registers/register.ts";

function said(path: string): string {
  const name = readBlobName(path);
  if (name.kind === "refused") return `${name.finding.code} ${name.register}`;
  const { register, part, referenceDate } = name.slot;
  return `${register} ${part} ${referenceDate} ${name.sequence} ${name.ags ?? "-"}`;
}

describe("readBlobName()", () => {
  it.each([
    ["ewo-alw/EWO-ALW_05999000_2026-11-20_1.csv", "ewo-alw - 2026-11-20 1 05999000"],
    ["ewo-alw/ewo-alw_05999000_2026-11-20_12.XLSX", "ewo-alw - 2026-11-20 12 05999000"],
    ["akdn-sozial/AKDN-SOZIAL_05999000_2026-10_1.xlsx", "akdn-sozial - 2026-10 1 05999000"],
    ["ewo/EWO_05999000_2026-10-31_1.csv", "ewo - 2026-10-31 1 05999000"],
    ["schild/123456/2026-10-15/SchuelerBasisdaten.dat", "schild 123456 2026-10-15 1 -"],
    ["gliederung/GLIEDERUNG-ADRESSEN_05999000_2026-01-01_1.csv", "gliederung adressen 2026-01-01 1 05999000"],
    ["gliederung/GLIEDERUNG_05999000_2026-01-01_1.csv", "gliederung adressen 2026-01-01 1 05999000"],
    ["gliederung/GLIEDERUNG-NAMEN_05999000_2026-01-01_1.csv", "gliederung namen 2026-01-01 1 05999000"],
    [
      "gliederung/GLIEDERUNG-UNTERKUENFTE_05999000_2026-01-01_1.csv",
      "gliederung unterkuenfte 2026-01-01 1 05999000",
    ],
    [
      "gliederung/GLIEDERUNG-GEOMETRIE_05999000_2026-01-01_1.geojson",
      "gliederung geometrie 2026-01-01 1 05999000",
    ],
    ["fortschreibung/FORTSCHREIBUNG_05999000_2026-10_1.xlsx", "fortschreibung - 2026-10 1 05999000"],
  ])("takes %s", (path, slot) => {
    expect(said(path)).toBe(slot);
  });

  it.each([
    ["a register nobody has", "kfz/KFZ_05999000_2026-11-20_1.csv", "D-002 undefined"],
    ["no folder", "EWO_05999000_2026-10-31_1.csv", "D-002 undefined"],
    ["the folder of another register", "ewo/EWO-ALW_05999000_2026-11-20_1.csv", "D-002 ewo"],
    ["a folder below", "ewo/alt/EWO_05999000_2026-10-31_1.csv", "D-002 ewo"],
    ["an AGS that lost its zero", "ewo/EWO_5999000_2026-10-31_1.csv", "D-002 ewo"],
    ["no number", "ewo/EWO_05999000_2026-10-31.csv", "D-002 ewo"],
    ["number 0", "ewo/EWO_05999000_2026-10-31_0.csv", "D-002 ewo"],
    ["another kind of file", "ewo/EWO_05999000_2026-10-31_1.pdf", "D-002 ewo"],
    ["the old workbook format", "ewo/EWO_05999000_2026-10-31_1.xls", "D-016 ewo"],
    ["a day that is none", "ewo/EWO_05999000_2026-02-30_1.csv", "D-008 ewo"],
    ["a month instead of a day", "ewo/EWO_05999000_2026-10_1.csv", "D-008 ewo"],
    ["a day instead of a month", "akdn-sozial/AKDN-SOZIAL_05999000_2026-10-31_1.xlsx", "D-008 akdn-sozial"],
    [
      "another file of the schools' interface",
      "schild/123456/2026-10-15/SchuelerErzieher.dat",
      "D-017 schild",
    ],
    ["such a file anywhere", "schild/Klassen.dat", "D-017 schild"],
    ["pupils without a school", "schild/SchuelerBasisdaten.dat", "D-002 schild"],
    ["a Schulnummer that is none", "schild/12345/2026-10-15/SchuelerBasisdaten.dat", "D-002 schild"],
    ["a school's day that is none", "schild/123456/2026-13-15/SchuelerBasisdaten.dat", "D-008 schild"],
    ["another list of a school", "schild/123456/2026-10-15/liste.csv", "D-002 schild"],
  ])("refuses %s", (_, path, code) => {
    expect(said(path)).toBe(code);
  });

  it("every register's own examples are taken", () => {
    for (const { id, files } of registers) {
      for (const { example } of files) {
        expect(readBlobName(id === "schild" ? example : `${id}/${example}`).kind).toBe("slot");
      }
    }
  });
});

describe("registers", () => {
  it("lists every register once, in the order of their ids", () => {
    expect(registers.map(({ id }) => id)).toEqual(registerIds);
  });
});

describe("splitStreet()", () => {
  it.each([
    ["Hauptstr. 12", "Hauptstr.", "12"],
    ["Str. des 17. Juni 12 a", "Str. des 17. Juni", "12 a"],
    ["Ring 12 1/2", "Ring", "12 1/2"],
    ["Ring 12 - 14", "Ring", "12-14"],
    ["Am Markt", "Am Markt", ""],
    ["", "", ""],
  ])("splits %j", (text, street, houseNumber) => {
    expect(splitStreet(text)).toEqual({ street, houseNumber });
  });
});
