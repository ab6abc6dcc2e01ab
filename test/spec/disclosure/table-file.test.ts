import { describe, expect, test } from "vitest";
import { readHierarchy, readTable } from "../../../shared/disclosure/files/table-file.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const plain = ["ort,freq", "Total,9", "Nord,4", "Sued,5"];
const released = ["ort;status;wert;status;primary", "Total;T;9;;0", "Nord;T;;c;1", "Sued;T;;x;0"];

describe("readTable()", () => {
  test("reads a plain table: the count is the last column", () => {
    const table = readTable("T", bytesOf(plain.join("\n")));
    expect(table.dimensions).toEqual(["ort"]);
    expect(table.rows).toEqual([
      { line: 2, codes: ["Total"], cell: { status: "", value: 9 } },
      { line: 3, codes: ["Nord"], cell: { status: "", value: 4 } },
      { line: 4, codes: ["Sued"], cell: { status: "", value: 5 } },
    ]);
  });

  test("reads a protected table by position: a dimension may be called status", () => {
    const table = readTable("T", bytesOf(released.join("\n")));
    expect(table.dimensions).toEqual(["ort", "status"]);
    expect(table.rows.map(({ cell }) => cell)).toEqual([
      { status: "", value: 9 },
      { status: "c" },
      { status: "x" },
    ]);
  });

  test("reads a protected table as it is published: without the column for the office", () => {
    const published = released.map((line) => line.replace(/;[^;]*$/, ""));
    expect(readTable("T", bytesOf(published.join("\n")))).toEqual(
      readTable("T", bytesOf(released.join("\n"))),
    );
  });

  for (const status of ["", "rnd", "h"]) {
    test(`reads a count with status "${status}"`, () => {
      const table = readTable("T", bytesOf(`ort,wert,status,primary\nTotal,4,${status},`));
      expect(table.rows[0]?.cell).toEqual({ status, value: 4 });
    });
  }

  test("reads the same from either separator, with a byte order mark, CRLF and quotes", () => {
    const other = `\uFEFF${plain
      .map((line) => line.replace("Nord", '"Nord"').replace(",", ";"))
      .join("\r\n")}\r\n`;
    expect(readTable("T", bytesOf(other))).toEqual(readTable("T", bytesOf(plain.join("\n"))));
  });

  test("takes one empty line at the end, not two", () => {
    const text = plain.join("\n");
    expect(readTable("T", bytesOf(`${text}\n\n`))).toEqual(readTable("T", bytesOf(text)));
    expect(() => readTable("T", bytesOf(`${text}\n\n\n`))).toThrow("line 5");
  });

  const refused: readonly [rule: string, text: string, place: string][] = [
    ["an empty file", "", "empty"],
    ["a header alone", "ort,freq\n", "empty"],
    ["a count without a dimension", "freq\n9", "line 1"],
    ["a dimension named twice", "ort,ort,freq\nTotal,Total,9", "line 1"],
    ["a dimension without a name", ",freq\nTotal,9", "line 1"],
    ["a status before its count", "ort,status,wert,primary\nTotal,,9,0", "line 1"],
    ["a protected table that lacks its status", "ort,wert,primary\nTotal,9,0", "line 1"],
    ["a negative count", "ort,freq\nTotal,9\nNord,-4711", "line 3"],
    ["a fractional count", "ort,freq\nTotal,9\nNord,4711.5", "line 3"],
    ["a missing count", "ort,freq\nTotal,9\nNord,", "line 3"],
    ["a row twice", "ort,freq\nTotal,4711\nNord,4711\nNord,4711", "line 4"],
    ["a missing code", "ort,freq\nTotal,9\n,4711", "line 3"],
    ["a missing field", "ort,freq\nTotal,9\n4711", "line 3"],
    ["an empty line in between", "ort,freq\nTotal,9\n\nNord,4711", "line 3"],
    ["a broken quote", 'ort,freq\nTotal,9\n"Nord,4711', "line"],
    ["an unknown status", "ort,wert,status,primary\nTotal,9,,0\nNord,,geheim4711,0", "line 3"],
    ["a count beside a suppressed cell", "ort,wert,status,primary\nTotal,9,,0\nNord,4711,c,1", "line 3"],
    [
      "a missing row of the grid",
      "ort,sex,freq\nTotal,Total,9\nTotal,m,9\nNord,Total,4711",
      "1 combinations of codes have no row, expected all 4; line 3 lacks its partner with the code of line 4",
    ],
    [
      "a count of 16 digits",
      "ort,freq\nTotal,9\nNord,1234567890123456",
      "line 3 has a count of more than 15",
    ],
  ];
  for (const [rule, text, place] of refused) {
    test(`refuses ${rule} with file and place and without content`, () => {
      const message = refusal(() => readTable("T17", bytesOf(text)));
      expect(message).toContain('"T17"');
      expect(message).toContain(place);
      expect(message).not.toMatch(/4711|Nord|geheim/);
    });
  }

  test("refuses text that is not UTF-8", () => {
    const message = refusal(() =>
      readTable("T17", new Uint8Array([...bytesOf("ort,freq\n"), 0xe4, 0x2c, 0x39])),
    );
    expect(message).toContain("UTF-8");
  });
});

describe("readHierarchy()", () => {
  test("gives every code its parent; a repeated code is the same code", () => {
    const { parents } = readHierarchy("ort", "H", bytesOf("bezirk;block\nB1;b11\nB1;b12\nB2;B2\n"));
    expect([...parents]).toEqual([
      ["B1", undefined],
      ["b11", "B1"],
      ["b12", "B1"],
      ["B2", undefined],
    ]);
  });

  const refused: readonly [rule: string, text: string, place: string][] = [
    ["an empty file", "bezirk,block\n", "empty"],
    ["a code with two parents", "bezirk,block\nB1,geheim\nB2,geheim", "line 3"],
    ["a code on two levels", "bezirk,block\nB1,geheim\ngeheim,b21", "line 3"],
    ["a circle", "bezirk,block,haus\nB1,geheim,B1", "line 2"],
    ["a leaf twice", "bezirk,block\nB1,geheim\nB1,geheim", "line 3"],
    ["a leaf with parts", "bezirk,block\ngeheim,geheim\ngeheim,b12", "line 2"],
    ["a missing code", "bezirk,block\nB1,", "line 2"],
  ];
  for (const [rule, text, place] of refused) {
    test(`refuses ${rule} with file and place and without content`, () => {
      const message = refusal(() => readHierarchy("ort", "H17", bytesOf(text)));
      expect(message).toContain('"H17"');
      expect(message).toContain(place);
      expect(message).not.toContain("geheim");
    });
  }
});

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return error.message;
    throw error;
  }
  throw new Error("Nothing was refused");
}
