import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { dayNumber } from "../../../shared/registers/calendar.ts";
import { codeTablesVersion, readCodeTables } from "../../../shared/registers/code-table.ts";
import { noDate } from "../../../shared/registers/record-block.ts";
import type { CodeListId } from "../../../shared/registers/register.ts";

function shipped(name: string): string {
  return readFileSync(new URL(`../../../shared/registers/codes/${name}.csv`, import.meta.url), "utf8");
}

const files: Readonly<Record<CodeListId, string>> = {
  citizenships: shipped("citizenships"),
  "residence-titles": shipped("residence-titles"),
  personenkreis: shipped("personenkreis"),
  familienstand: shipped("familienstand"),
  "school-types": shipped("school-types"),
  "titel-mapping": "schluessel;code;gueltig_von;gueltig_bis\n",
  schulen: "Schulnummer;Schulform;Name;Strassenschluessel;Hausnummer;GueltigVon;GueltigBis",
};

const mapping = `schluessel;code;gueltig_von;gueltig_bis
T1;AE24;;31.12.2024
T1;AE25;01.01.2025;
T2;DU;2020-01-01;2021-12-31
`;

describe("readCodeTables()", () => {
  it("reads all code lists that ship", () => {
    const tables = readCodeTables(files);
    for (const table of Object.values(tables)) {
      const lines = files[table.id].split("\n").filter((line) => line.trim() !== "");
      expect([table.id, table.entries.length]).toEqual([table.id, lines.length - 1]);
    }
    expect(new Set(tables.citizenships.entries.map(({ code }) => code)).size).toBe(212);
    expect(tables.citizenships.find("475")[0]).toMatchObject({ label: "Syrien", validTo: noDate });
    expect(tables.schulen.entries).toEqual([]);
  });

  it("finds the row of a code that is valid on a day, both ends inside", () => {
    const table = readCodeTables({ ...files, "titel-mapping": mapping })["titel-mapping"];
    const on = (code: string, day: string) => table.at(code, dayNumber(day))?.fields["code"];
    expect([on("T1", "2024-12-31"), on("T1", "2025-01-01")]).toEqual(["AE24", "AE25"]);
    expect([
      on("T2", "2019-12-31"),
      on("T2", "2020-01-01"),
      on("T2", "2021-12-31"),
      on("T2", "2022-01-01"),
    ]).toEqual([undefined, "DU", "DU", undefined]);
    expect(table.find("T1")).toHaveLength(2);
    expect(table.find("T9")).toEqual([]);
  });

  it("accepts byte order mark, CRLF, quotes, other spellings of headings, own columns and blank lines", () => {
    const text = '\ufeffSCHLUESSEL;Code;Gültig von;gueltig-bis;notiz\r\n\r\n"T;1";AE24;;;x\r\n';
    const own = text.replace("Gültig von", "gueltig_von");
    const table = readCodeTables({ ...files, "titel-mapping": own })["titel-mapping"];
    expect(table.find("T;1")[0]?.fields).toMatchObject({ code: "AE24", notiz: "x" });
  });

  it.each([
    ["a missing code column", "code;gueltig_von\nx;", 'line 1 has no column "schluessel"'],
    ["a missing second column", "schluessel;gueltig_von\nx;", 'line 1 has no column "code"'],
    ["a short line", "schluessel;code\nSENTINEL", "line 2 has 1 fields, expected 2"],
    ["an empty code", "schluessel;code\n;SENTINEL", 'line 2 has no "schluessel"'],
    [
      "an unreadable date",
      "schluessel;code;gueltig_von\nSENTINEL;a;gestern",
      'line 2 has no readable date in "gueltig_von"',
    ],
    [
      "an inverted validity",
      "schluessel;code;gueltig_von;gueltig_bis\nT;a;02.01.2025;01.01.2025",
      "line 2 ends before it begins",
    ],
    ["an overlap", `${mapping}T1;NE;01.06.2024;`, "line 5 repeats a code with an overlapping validity"],
    ["a doubled column", "schluessel;code;Code\nT;a;b", "line 1 names a column twice"],
  ])("refuses %s with file, line and rule, and without content", (_, text, rule) => {
    const read = () => readCodeTables({ ...files, "titel-mapping": text });
    expect(read).toThrow(SyntaxError);
    expect(read).toThrow(`Cannot read code table "titel-mapping": ${rule}`);
    expect(read).not.toThrow(/SENTINEL|gestern/);
  });
});

describe("codeTablesVersion()", () => {
  it("changes with any byte of any table and has 12 hex digits", () => {
    const version = codeTablesVersion(readCodeTables(files));
    expect(version).toMatch(/^[0-9a-f]{12}$/);
    expect(codeTablesVersion(readCodeTables(files))).toBe(version);
    expect(codeTablesVersion(readCodeTables({ ...files, "titel-mapping": mapping }))).not.toBe(version);
  });
});
