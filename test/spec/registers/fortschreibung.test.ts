import { describe, expect, it } from "vitest";
import {
  codeTables,
  fileCodes,
  findings,
  lenient,
  type Read,
  readFile,
  records,
  textSource,
  withLists,
} from "./read-file.ts";

const slot = { register: "fortschreibung", part: "-", referenceDate: "2026-10" } as const;

function read(rows: string, codes = codeTables): Promise<Read> {
  const lines = rows.trim().split("\n");
  const text = ["Monat;PKS;Faelle;Personen;Ausgaben;Kennzeichen", ...lines.map((line) => line.trim())].join(
    "\n",
  );
  const source = textSource("FORTSCHREIBUNG.csv", text);
  return readFile({
    slot,
    source,
    office: lenient("fortschreibung"),
    codes,
    today: "2026-11-23",
  });
}

function stored(result: Read): string[] {
  return records(slot, result, ["monat", "pks", "faelle", "personen", "ausgaben", "kennzeichen"]);
}

describe("readDelivery() of the monthly history", () => {
  it("reads months, counts and cents", async () => {
    const result = await read(`
      2010-01;10;1.250;2000;1.234,56;
      Jan 10;11;0;0;-5;p`);
    expect(stored(result)).toEqual([`${2010 * 12}|10|1250|2000|123456|`, `${2010 * 12}|11|0|0|-500|p`]);
  });

  it("compares rows of all together with the sums of their month and stores none", async () => {
    const result = await read(`
      2010-01;10;1;2;3,00;
      2010-01;11;1;2;3,00;
      2010-01;Insgesamt;2;4;6,00;
      2010-02;Insgesamt;1;1;1,00;`);
    expect(stored(result)).toHaveLength(2);
    expect(result.outcome).toMatchObject({ rowsRead: 2, taken: 2, rejected: 0 });
    expect(result.outcome.quality).toEqual({ "summenzeile-weicht-ab": 1 });
  });

  it("refuses both rows of a month and PKS that come twice, wherever they stand", async () => {
    const result = await read(`
      2010-01;10;1;2;3,00;
      2010-02;10;1;2;3,00;
      2010-01;10;1;2;3,00;`);
    expect(stored(result)).toHaveLength(1);
    expect(
      [...result.outcome.rows.entries()].map(({ code, line, detail }) => `${code} ${line} ${detail}`),
    ).toEqual(["E-010 2 4", "E-010 4 2"]);
    expect(result.outcome).toMatchObject({ rowsRead: 3, taken: 1, rejected: 2, merged: 0 });
  });

  it.each([
    ["k.A. is no zero", "2010-01;10;k.A.;1;1,00;", "E-002 2 2"],
    ["a month after the Stichtag", "2026-11;10;1;1;1,00;", "E-006 2 0"],
    ["a count below zero", "2010-01;10;-1;1;1,00;", "E-008 2 2"],
    ["a two-digit year", "01/10;10;1;1;1,00;", "E-012 2 0"],
  ])("refuses a row: %s", async (_, row, finding) => {
    expect(findings(await read(row))).toEqual([finding]);
  });

  it("a key is valid in the month of its row, not on the day of the file", async () => {
    const table = "pks;asylblg;label_de;valid_from;valid_to\n31;;;;31.05.2022\n80;;;01.06.2022;";
    const rows = "2022-05;31;1;1;1,00;\n2022-06;31;1;1;1,00;\n2022-06;80;1;1;1,00;\n2022-05;77;1;1;1,00;";
    const result = await read(rows, withLists({ benefitGroups: table }));
    expect(findings(result)).toEqual(["H-004 3 1", "H-004 5 1"]);
  });

  it("counts months with fewer persons than cases", async () => {
    expect((await read("2010-01;10;2;1;1,00;")).outcome.quality).toEqual({ "personen-unter-faellen": 1 });
  });

  it("refuses a table with months as columns", async () => {
    const source = textSource("FORTSCHREIBUNG.csv", "PKS;2010-01;2010-02\n10;1;2\n");
    const input = { slot, source, office: lenient("fortschreibung"), codes: codeTables, today: "2026-11-23" };
    expect(fileCodes(await readFile(input))).toContain("D-006");
  });
});
