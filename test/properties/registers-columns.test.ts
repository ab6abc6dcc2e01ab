import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StoredValue } from "../../shared/registers/column-buffer.ts";
import { joinColumns, readColumnBlocks } from "../../shared/registers/column-reader.ts";
import { ColumnWriter } from "../../shared/registers/column-writer.ts";
import type { RecordBlock, RecordColumns } from "../../shared/registers/record-block.ts";
import { noDate } from "../../shared/registers/record-block.ts";
import type { StoredColumns } from "../../shared/registers/register.ts";

const columns = {
  a: "u8",
  b: "u16",
  c: "u32",
  d: "f64",
  e: "date",
  f: "month",
  g: "pseudonym",
  h: "text",
} as const satisfies StoredColumns;

type Row = readonly StoredValue[];

const rows = fc.array(
  fc.tuple(
    fc.nat(0xff),
    fc.nat(0xffff),
    fc.nat(0xffffffff),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    fc.oneof(fc.constant(noDate), fc.integer({ min: -100_000, max: 100_000 })),
    fc.nat(0xffff),
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
    fc
      .oneof(fc.constantFrom("", "101", "Ä"), fc.string({ maxLength: 12 }))
      .map((text) => text.replaceAll("\n", " ")),
  ),
  { maxLength: 40 },
);

function write(layout: StoredColumns, values: readonly Row[]): RecordBlock[] {
  const writer = new ColumnWriter({ columns: layout });
  const blocks = values.map((row) => writer.add(row));
  return [...blocks, writer.flush()].filter((block) => block !== undefined);
}

function readRows(read: RecordColumns): Row[] {
  const texts = read.text("h");
  return Array.from({ length: read.rowCount }, (_, row) => [
    ...["a", "b", "c", "d", "e", "f"].map((name) => read.numbers(name)[row] ?? Number.NaN),
    read.pseudonyms("g").subarray(row * 16, row * 16 + 16),
    texts.values[texts.index[row] ?? -1] ?? "?",
  ]);
}

describe("ColumnWriter and readColumnBlocks()", () => {
  it("give back what was written, for any rows", () => {
    fc.assert(
      fc.property(rows, (values) => {
        expect(readRows(readColumnBlocks(columns, write(columns, values)))).toEqual(values);
      }),
      { seed: 1 },
    );
  });

  it("joinColumns() gives the rows of the parts one after the other", () => {
    fc.assert(
      fc.property(rows, rows, (left, right) => {
        const parts = [left, right].map((values) => readColumnBlocks(columns, write(columns, values)));
        expect(readRows(joinColumns(parts))).toEqual([...left, ...right]);
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it("the same rows give the same bytes", () => {
    fc.assert(
      fc.property(rows, (values) => {
        expect(write(columns, values)).toEqual(write(columns, values));
      }),
      { seed: 1, numRuns: 20 },
    );
  });

  it("refuse a block in which any one byte of any property changed", () => {
    fc.assert(
      fc.property(rows, fc.nat(), fc.nat(), (values, property, place) => {
        fc.pre(values.length > 0);
        const [block] = write(columns, values);
        const names = Object.keys(block?.properties ?? {});
        const name = names[property % names.length] ?? "";
        const changed = { ...block?.properties, [name]: changedAt(block?.properties[name] ?? "", place) };
        expect(() => readColumnBlocks(columns, [{ rowCount: values.length, properties: changed }])).toThrow(
          SyntaxError,
        );
      }),
      { seed: 1 },
    );
  });

  it("refuse a block with another row count or without a column", () => {
    const [block] = write({ a: "u8" }, [[1], [2]]);
    const properties = block?.properties ?? {};
    expect(() => readColumnBlocks({ a: "u8" }, [{ rowCount: 1, properties }])).toThrow(SyntaxError);
    expect(() => readColumnBlocks({ b: "u8" }, [{ rowCount: 2, properties }])).toThrow(SyntaxError);
  });
});

function changedAt(property: Uint8Array | string, place: number): Uint8Array | string {
  if (typeof property === "string") return `${property}x`;
  const bytes = Uint8Array.from(property);
  const at = place % bytes.length;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

describe("ColumnWriter", () => {
  it("closes a block after 1,000 rows and numbers blocks from 0", () => {
    const blocks = write(
      { a: "u8" },
      Array.from({ length: 2_001 }, () => [7]),
    );
    expect(blocks.map((block) => [block.number, block.rowCount])).toEqual([
      [0, 1_000],
      [1, 1_000],
      [2, 1],
    ]);
  });

  it("keeps every property below 64 KiB and the entity below 1 MiB, whatever the texts", () => {
    const layout = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`t${at}`, "text" as const]));
    const values = Array.from({ length: 300 }, (_, row) =>
      Array.from({ length: 20 }, (_, at) => `${row}-${at}-`.padEnd(400, "ä")),
    );
    const blocks = write(layout, values);
    expect(blocks.reduce((sum, block) => sum + block.rowCount, 0)).toBe(300);
    for (const block of blocks) {
      const sizes = Object.values(block.properties).map(
        (value) => value.length * (typeof value === "string" ? 2 : 1),
      );
      expect(Math.max(...sizes)).toBeLessThanOrEqual(65_536);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_048_576);
    }
    expect(readColumnBlocks(layout, blocks).text("t3").values).toEqual(values.map((row) => row[3]));
  });

  it("refuses what it cannot store: too many columns, a number too large, a line break, a text beyond a property", () => {
    const many = Object.fromEntries(Array.from({ length: 125 }, (_, at) => [`t${at}`, "text" as const]));
    expect(() => new ColumnWriter({ columns: many })).toThrow(RangeError);
    expect(() => write({ a: "u8" }, [[256]])).toThrow(RangeError);
    expect(() => write({ a: "u8" }, [[1.5]])).toThrow(RangeError);
    expect(() => write({ a: "u8" }, [["1"]])).toThrow(TypeError);
    expect(() => write({ a: "u8" }, [[]])).toThrow(TypeError);
    expect(() => write({ g: "pseudonym" }, [[new Uint8Array(15)]])).toThrow(TypeError);
    expect(() => write({ h: "text" }, [["a\nb"]])).toThrow(RangeError);
    expect(() => write({ h: "text" }, [["x".repeat(40_000)]])).toThrow(RangeError);
  });
});
