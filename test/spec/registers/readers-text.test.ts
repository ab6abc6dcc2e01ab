import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { codesOf, fileOf, readFile, shownRows, wantedOf } from "./readers-case.ts";

const twoColumns = wantedOf("PersNr Name");

function latin1(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

function utf16(text: string, order: "LE" | "BE"): Uint8Array {
  const bytes = Buffer.from(`\ufeff${text}`, "utf16le");
  return order === "LE" ? bytes : bytes.swap16();
}

async function shown(content: string | Uint8Array, wanted = twoColumns): Promise<string[]> {
  return shownRows((await readFile(fileOf(content), wanted)).rows);
}

async function refusal(content: string | Uint8Array, wanted = twoColumns, name?: string): Promise<string[]> {
  return codesOf((await readFile(fileOf(content, name), wanted)).findings);
}

describe("openTable() decides the encoding", () => {
  const text = "PersNr;Name\r\n1;Jörg Ýüß\r\n";
  it.each([
    ["UTF-8", new TextEncoder().encode(text)],
    ["UTF-8", new TextEncoder().encode(`\ufeff${text}`)],
    ["UTF-16LE", utf16(text, "LE")],
    ["UTF-16BE", utf16(text, "BE")],
    ["Windows-1252", latin1(text)],
  ])("%s", async (encoding, bytes) => {
    const { table, rows } = await readFile(fileOf(bytes), twoColumns);
    expect(table?.encoding).toBe(encoding);
    expect(shownRows(rows)).toEqual(["2: 1|Jörg Ýüß"]);
  });

  it("reads byte 80 of Windows-1252 as the Euro sign", async () => {
    const bytes = Buffer.concat([latin1("PersNr;Name\n1;"), Buffer.from([0x80, 0x0a])]);
    expect(await shown(bytes)).toEqual(["2: 1|€"]);
  });

  it.each([
    ["U+FFFD", new TextEncoder().encode("PersNr;Name\n1;M\ufffdller\n")],
    ["the bytes of U+FFFD in Windows-1252", latin1("PersNr;Name\n1;M\u00ef\u00bf\u00bdller ü\n")],
    ["a NUL byte", new TextEncoder().encode("PersNr;Name\n1;a\0\n")],
    ["a NUL byte in Windows-1252", latin1("PersNr;Name\n1;ü\0\n")],
    ["a byte that Windows-1252 does not define", latin1("PersNr;Name\n1;ü\u0081\n")],
    [
      "UTF-8 by its mark and not by its bytes",
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), latin1("PersNr;Name\n1;ü\n")]),
    ],
  ])("refuses %s", async (_, bytes) => expect(await refusal(bytes)).toEqual(["D-005"]));

  it("calls a UTF-8 file that ends inside a character broken off, not Windows-1252", async () => {
    const bytes = new TextEncoder().encode("PersNr;Name\n1;Müller\n2;Jö");
    expect(await refusal(bytes.subarray(0, -1))).toEqual(["D-012"]);
  });
});

describe("openTable() reads lines and quotes", () => {
  it.each([
    ["CRLF, LF and mixed ends", "PersNr;Name\r\n1;a\n2;b\r\n3;c", ["2: 1|a", "3: 2|b", "4: 3|c"]],
    ["blank lines, counted and left out", "PersNr;Name\n\n1;a\n  \n\r\n2;b\n\n", ["3: 1|a", "6: 2|b"]],
    ["quoted separators and doubled quotes", 'PersNr;Name\n1;"a;""b"""\n', ['2: 1|a;"b"']],
    [
      "quoted line breaks, by their first line",
      'PersNr;Name\n1;"a\nb"\n2;"c\r\n\r\nd"\n3;e\n',
      ["2: 1|a\nb", "4: 2|c\r\n\r\nd", "7: 3|e"],
    ],
    ["a quote inside a text", 'PersNr;Name\n1;Am "Markt" 5\n', ['2: 1|Am "Markt" 5']],
    ["one row without a last line end", "PersNr;Name\n1;a", ["2: 1|a"]],
    ["empty fields", "PersNr;Name\n;\n", ["2: |"]],
    ["no rows at all", "PersNr;Name\n", []],
    ["a header without a line end", "PersNr;Name", []],
  ])("%s", async (_, content, rows) => {
    const read = await readFile(fileOf(content), twoColumns);
    expect(read.findings).toEqual([]);
    expect(shownRows(read.rows)).toEqual(rows);
  });

  it("rejects a row with too few or too many fields and says how many it has", async () => {
    const { rows } = await readFile(fileOf("PersNr;Name\n1\n2;b;c\n3;d\n"), twoColumns);
    expect(rows.map(({ line, defect }) => [line, defect])).toEqual([
      [2, { code: "E-001", column: -1, detail: 1 }],
      [3, { code: "E-001", column: -1, detail: 3 }],
      [4, undefined],
    ]);
  });

  it.each([
    ["an open quote", 'PersNr;Name\n1;"a\n2;b\n3;"c"\n4;d\n', ["2: E-014", "3: 2|b", "4: 3|c", "5: 4|d"]],
    ["text behind a closing quote", 'PersNr;Name\n1;"a"x\n2;b\n', ["2: E-014", "3: 2|b"]],
    ["an open quote in the last line", 'PersNr;Name\n1;a\n2;"b\n', ["2: 1|a", "3: E-014"]],
  ])("rejects only the line of %s", async (_, content, rows) => expect(await shown(content)).toEqual(rows));

  it("does not wait for the end of a large file to give up an open quote", async () => {
    const lines = Array.from({ length: 40_000 }, (_, at) => `${at};Name ${at}`);
    lines[10] = '10;"offen';
    const rows = await shown(`PersNr;Name\n${lines.join("\n")}\n`);
    expect(rows).toHaveLength(40_000);
    expect(rows.slice(9, 12)).toEqual(["11: 9|Name 9", "12: E-014", "13: 11|Name 11"]);
    expect(rows.at(-1)).toBe("40001: 39999|Name 39999");
  });

  it("rejects every line of a large file in which every line has an open quote", async () => {
    const rows = await shown(`PersNr;Name\n${'1;"offen\n'.repeat(40_000)}2;b\n`);
    expect(rows).toHaveLength(40_001);
    expect(rows.filter((row) => row.endsWith("E-014"))).toHaveLength(40_000);
  });

  it("rejects a control character in a kept column, and does not look at dropped or unknown ones", async () => {
    const wanted = wantedOf("PersNr Name Text!");
    const { rows } = await readFile(
      fileOf("PersNr;Name;Text;Fremd\n1;a\u0007b;c;d\n2;a\tb;c\u0001;d\u0002\n"),
      wanted,
    );
    expect(rows.map(({ defect }) => defect)).toEqual([{ code: "E-013", column: 1, detail: 0 }, undefined]);
  });

  it.each([
    ["fewer fields and no line end", "PersNr;Name\n1;a\n2", ["D-012"]],
    ["fewer fields and a line end", "PersNr;Name\n1;a\n2\n", []],
    ["all fields and no line end", "PersNr;Name\n1;a\n2;b", []],
    ["an open quote before the last field", 'PersNr;Name\n1;a\n"2', ["D-012"]],
  ])("refuses a file as broken off when its last row has %s", async (_, content, codes) =>
    expect(await refusal(content)).toEqual(codes),
  );

  it("gives the same rows when rows() is called again", async () => {
    const { table, rows } = await readFile(fileOf('PersNr;Name\n1;"a\nb"\n2;c\n'), twoColumns);
    const again = [];
    for await (const batch of table?.rows() ?? []) again.push(...batch);
    expect(again).toEqual(rows);
  });
});

describe("openTable() recognises the header", () => {
  const wanted = wantedOf("PersNr Straßenschlüssel Bemerkung?", { aliases: { PersNr: ["Ordnungsmerkmal"] } });

  it.each([
    ["official", "PersNr;Straßenschlüssel"],
    ["upper case, umlauts written out", "PERSNR;STRASSENSCHLUESSEL"],
    ["hyphens and blanks", "Pers-Nr; Strassen-Schlüssel "],
    ["decomposed umlauts", "PersNr;Straßenschlu\u0308ssel"],
    ["a configured synonym", "Ordnungsmerkmal;Straßenschlüssel"],
    ["quoted", '"PersNr";"Straßenschlüssel"'],
  ])("%s", async (_, header) => {
    const { table } = await readFile(fileOf(`${header}\n1;2\n`), wanted);
    expect([...(table?.positions ?? [])]).toEqual([
      ["PersNr", 0],
      ["Straßenschlüssel", 1],
    ]);
    expect(table?.notes).toEqual([]);
  });

  it("in any order, after up to 20 title rows, which are counted", async () => {
    const titles = Array.from({ length: 20 }, (_, at) => `Titel ${at}`).join("\n\n");
    const { table, rows } = await readFile(fileOf(`${titles}\nName;PersNr\na;1\n`), twoColumns);
    expect(table?.notes).toEqual([{ code: "H-010", facts: { anzahl: 20, anzahl2: 0 } }]);
    expect(table?.positions.get("PersNr")).toBe(1);
    expect(shownRows(rows)).toEqual(["41: a|1"]);
    expect(await refusal(`Titel\n${titles}\nName;PersNr\na;1\n`)).toEqual(["D-006", "D-006"]);
  });

  it("notes unknown headings by name only if they are short and plain", async () => {
    const long = "x".repeat(41);
    const { table } = await readFile(fileOf(`PersNr;Name;Passdaten;a@b;${long};\n1;a;;;;\n`), twoColumns);
    expect(table?.notes.map(({ code, facts }) => [code, facts["spalte"]])).toEqual([
      ["H-001", "Passdaten"],
      ["H-001", "Nr. 4"],
      ["H-001", "Nr. 5"],
    ]);
  });

  it("names every missing column, by its official name", async () => {
    const { findings } = await readFile(fileOf("Name;Ort\na;b\n"), wantedOf("PersNr Name Stichtag"));
    expect(findings).toEqual([
      { code: "D-006", facts: { spalte: "PersNr" } },
      { code: "D-006", facts: { spalte: "Stichtag" } },
    ]);
  });

  it("is satisfied by one column of a group and names the group when none is there", async () => {
    const oneOf = ["Schluessel", "Strasse"];
    const columns = wantedOf("PersNr Schluessel Strasse").columns.map((column) =>
      column.name === "PersNr" ? column : { ...column, required: oneOf },
    );
    const group = { columns, aliases: {} };
    expect(await refusal("PersNr;Strasse\n1;a\n", group)).toEqual([]);
    const { findings } = await readFile(fileOf("PersNr;Ort\n1;a\n"), group);
    expect(findings).toEqual([{ code: "D-006", facts: { spalte: "Schluessel“ oder „Strasse" } }]);
  });

  it.each([
    ["the same heading twice", "PersNr;Name;Name\n1;a;b\n"],
    ["a heading and its synonym", "PersNr;Ordnungsmerkmal;Name\n1;2;a\n"],
  ])("refuses %s", async (_, content) => {
    const aliased = wantedOf("PersNr Name", { aliases: { PersNr: ["Ordnungsmerkmal"] } });
    expect(await refusal(content, aliased)).toEqual(["D-007"]);
  });

  it("prefers an official name to another column's synonym", async () => {
    const both = wantedOf("PersNr Name", { aliases: { PersNr: ["Name"] } });
    expect((await readFile(fileOf("PersNr;Name\n1;a\n"), both)).table?.positions.get("Name")).toBe(1);
  });

  it.each([
    ["comma", "PersNr,Name\n1,a\n", ","],
    ["tab", "PersNr\tName\n1\ta\n", "\t"],
  ])("names the wrong separator: %s", async (_, content, separator) => {
    const { findings } = await readFile(fileOf(content), twoColumns);
    expect(findings).toMatchObject([{ code: "D-006", facts: { trennzeichen: separator } }]);
  });
});

describe("openTable() refuses what is no text table", () => {
  it.each([
    ["nothing", "", "D-001"],
    ["a byte order mark only", "\ufeff", "D-001"],
    ["blank lines only", "\r\n \n", "D-001"],
    ["HTML", "<!DOCTYPE html><table>", "D-003"],
    ["HTML after a mark and blanks", "\ufeff \n<html>", "D-003"],
    ["a zip archive", Buffer.from("PK\u0003\u0004", "latin1"), "D-003"],
    ["gzip", gzipSync("PersNr;Name\n"), "D-003"],
    ["a PDF", "%PDF-1.7", "D-003"],
    ["a line beyond all measure", `PersNr;Name\n1;${"x".repeat(1_100_000)}\n`, "D-003"],
  ])("%s", async (_, content, code) => expect(await refusal(content)).toEqual([code]));
});

describe("openTable() reads SchILD files by position", () => {
  const names = "Nachname Vorname Geburtsdatum Geschlecht Bemerkung!";
  const pipe = wantedOf(names, { positional: { delimiter: "|", fieldCounts: [4, 5] } });
  const header = "Nachname|Vorname|Geburtsdatum|Geschlecht";
  const read = (content: string | Uint8Array) => readFile(fileOf(content, "SchuelerBasisdaten.dat"), pipe);

  it("without quoting, by the header's field count", async () => {
    const { table, rows } = await read(`${header}\r\n"Mu;ster|Ali||\r\n`);
    expect(table?.positions.size).toBe(4);
    expect(table?.delimiter).toBe("|");
    expect(shownRows(rows)).toEqual(['2: "Mu;ster|Ali||']);
  });

  it("with all agreed field counts, positions only for columns that are there", async () => {
    const { table } = await read(`${header}|Bemerkung\na|b|c|m|x\n`);
    expect([...(table?.positions.keys() ?? [])]).toEqual(names.replace("!", "").split(" "));
  });

  it("by the first data line where the header has another count, with a note", async () => {
    const { table, rows } = await read(`${header}|x|y\na|b|c|m\n`);
    expect(codesOf(table?.notes)).toEqual(["H-001"]);
    expect(shownRows(rows)).toEqual(["2: a|b|c|m"]);
  });

  it("only notes headings that differ", async () => {
    const { table } = await read("Nachname|Vor-Name|GebDat|Geschlecht\na|b|c|m\n");
    expect(table?.notes).toEqual([{ code: "H-001", facts: { spalte: "GebDat" } }]);
  });

  it("rejects a line with a separator in its text", async () => {
    expect(shownRows((await read(`${header}\na|b|c|m\na|b|c|m|x|y\n`)).rows)).toEqual([
      "2: a|b|c|m",
      "3: E-001",
    ]);
  });

  it.each([
    ["no agreed field count", "Nachname|Vorname\na|b\n", "D-006"],
    ["a list separated by ;", "Interne ID-Nummer;Nachname\n1;a\n", "D-003"],
    ["a first line that is a record", "a|b|c|01.05.2014\ne|f|g|02.05.2014\n", "D-006"],
    ["an empty file", "", "D-001"],
    ["a file broken off", `${header}\na|b`, "D-012"],
  ])("refuses %s", async (_, content, code) =>
    expect(codesOf((await read(content)).findings)).toEqual([code]),
  );
});
