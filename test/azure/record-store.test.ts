import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deleteBlocks, readColumns, recordWriter } from "../../shared/azure/record-store.ts";
import type { Surroundings } from "../../shared/azure/surroundings.ts";
import { ColumnWriter } from "../../shared/registers/column-writer.ts";
import type { RecordBlock } from "../../shared/registers/record-block.ts";
import type { StoredColumns } from "../../shared/registers/register.ts";
import { type Emulator, startEmulator, surroundingsOf } from "./emulator.ts";

const layout = {
  person: "pseudonym",
  alter: "u8",
  staatsang1: "u16",
  zeilenfolge: "u32",
  betrag: "f64",
  gueltig_ab: "date",
  einreise: "month",
  statbezirk: "text",
} as const satisfies StoredColumns;

let emulator: Emulator;
let around: Surroundings;

beforeAll(async () => {
  emulator = await startEmulator();
  around = await surroundingsOf(emulator.freshAccount());
});
afterAll(() => emulator.stop());

function blocksOf(rowCount: number, from = 0): readonly RecordBlock[] {
  const writer = new ColumnWriter({ columns: layout });
  const blocks: RecordBlock[] = [];
  for (let row = from; row < from + rowCount; row++) {
    const person = new Uint8Array(16).fill(row % 251);
    const values = [
      person,
      row % 100,
      row % 1_000,
      row,
      row / 4,
      row - 500,
      row % 40_000,
      `bezirk ${row % 97}`,
    ];
    const full = writer.add(values);
    if (full !== undefined) blocks.push(full);
  }
  const rest = writer.flush();
  return rest === undefined ? blocks : [...blocks, rest];
}

async function writeAll(
  id: string,
  blocks: readonly RecordBlock[],
  stand = "a",
): Promise<{ blockCount: number }> {
  const writer = recordWriter(around.storage.table("Records"), id, stand);
  for (const block of blocks) await writer.write(block);
  return await writer.finish();
}

async function entitiesOf(id: string): Promise<readonly unknown[]> {
  const entities: unknown[] = [];
  const queryOptions = { filter: `PartitionKey eq '${id}'` };
  for await (const { etag, timestamp, ...facts } of around.storage
    .table("Records")
    .listEntities({ queryOptions })) {
    entities.push(facts);
  }
  return entities;
}

describe("recordWriter() and readColumns()", () => {
  test("give back every row in the order of the file, over several transactions and ranges", async () => {
    const rowCount = 130_500;
    const { blockCount } = await writeAll("round-trip", blocksOf(rowCount));
    expect(blockCount).toBe(131);
    const columns = await readColumns(
      around.storage.table("Records"),
      { id: "round-trip", blockCount },
      layout,
    );
    expect(columns.rowCount).toBe(rowCount);
    const rows = columns.numbers("zeilenfolge");
    expect(rows.every((value, at) => value === at)).toBe(true);
    const text = columns.text("statbezirk");
    expect(text.values[text.index[rowCount - 1] ?? -1]).toBe(`bezirk ${(rowCount - 1) % 97}`);
    expect(columns.numbers("betrag")[5]).toBe(1.25);
    expect(columns.numbers("gueltig_ab")[0]).toBe(-500);
    expect([...columns.pseudonyms("person").subarray(16, 32)]).toEqual(new Array(16).fill(1));
  });

  test("write the same entities when repeated", async () => {
    await writeAll("twice", blocksOf(3_500));
    const once = await entitiesOf("twice");
    await writeAll("twice", blocksOf(3_500));
    expect(await entitiesOf("twice")).toEqual(once);
  });

  test("replace the blocks of a first pass when they come again from 0 on", async () => {
    const writer = recordWriter(around.storage.table("Records"), "again", "a");
    for (const block of blocksOf(250_000)) await writer.write(block);
    for (const block of blocksOf(120_000, 7)) await writer.write(block);
    expect(await writer.finish()).toEqual({ blockCount: 120, rowCount: 120_000 });
    await deleteBlocks(around.storage.table("Records"), "again", 120);
    const columns = await readColumns(
      around.storage.table("Records"),
      { id: "again", blockCount: 120 },
      { zeilenfolge: "u32" },
    );
    expect(columns.numbers("zeilenfolge").every((value, at) => value === at + 7)).toBe(true);
  });

  test("deliver only the wanted columns", async () => {
    const { blockCount } = await writeAll("wanted", blocksOf(10));
    const delivery = { id: "wanted", blockCount };
    const columns = await readColumns(around.storage.table("Records"), delivery, { alter: "u8" });
    expect([...columns.numbers("alter")]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(() => columns.pseudonyms("person")).toThrow(RangeError);
  });

  test("read a delivery without records as no rows", async () => {
    const columns = await readColumns(around.storage.table("Records"), { id: "none", blockCount: 0 }, layout);
    expect(columns.rowCount).toBe(0);
  });
});

describe("readColumns() refuses", () => {
  test("a delivery with a missing block", async () => {
    const { blockCount } = await writeAll("gap", blocksOf(5_000));
    await around.storage.table("Records").deleteEntity("gap", "000003");
    const reading = readColumns(around.storage.table("Records"), { id: "gap", blockCount }, layout);
    await expect(reading).rejects.toThrow("expected 5 blocks of one run, found 4 blocks");
  });

  test("blocks of two runs with different versions", async () => {
    const { blockCount } = await writeAll("mixed", blocksOf(3_000));
    await writeAll("mixed", blocksOf(1_000), "b");
    const reading = readColumns(around.storage.table("Records"), { id: "mixed", blockCount }, layout);
    await expect(reading).rejects.toThrow(SyntaxError);
  });
});

describe("deleteBlocks()", () => {
  test("removes the leftovers of a longer run and nothing else", async () => {
    await writeAll("shorter", blocksOf(150_000));
    const { blockCount } = await writeAll("shorter", blocksOf(2_000));
    await deleteBlocks(around.storage.table("Records"), "shorter", blockCount);
    const delivery = { id: "shorter", blockCount };
    expect((await readColumns(around.storage.table("Records"), delivery, { alter: "u8" })).rowCount).toBe(
      2_000,
    );
    await deleteBlocks(around.storage.table("Records"), "shorter");
    expect(await entitiesOf("shorter")).toEqual([]);
  });
});

describe("recordWriter() refuses", () => {
  test("a block that leaves a gap", async () => {
    const writer = recordWriter(around.storage.table("Records"), "hole", "a");
    const properties = { spalte: new Uint8Array(5) };
    await writer.write({ number: 0, rowCount: 1, properties });
    await expect(writer.write({ number: 2, rowCount: 1, properties })).rejects.toThrow("expected block 1");
  });

  const tooLarge: readonly (readonly [string, RecordBlock["properties"]])[] = [
    ["a property over 64 KiB", { spalte: new Uint8Array(65_537) }],
    ["a text over 32 Ki characters", { spalte: "x".repeat(32_769) }],
    [
      "an entity over 1 MiB",
      Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`s${at}`, new Uint8Array(65_000)])),
    ],
    [
      "more than 252 properties",
      Object.fromEntries(Array.from({ length: 251 }, (_, at) => [`s${at}`, new Uint8Array(1)])),
    ],
  ];
  test.each(tooLarge)("%s, which the emulator would take", async (_, properties) => {
    const writer = recordWriter(around.storage.table("Records"), "large", "a");
    await expect(writer.write({ number: 0, rowCount: 1, properties })).rejects.toThrow(RangeError);
  });

  test("nothing that fits: it stays below 4 MiB a transaction with wide blocks", async () => {
    const properties = Object.fromEntries(
      Array.from({ length: 11 }, (_, at) => [`s${at}`, new Uint8Array(65_000)]),
    );
    const blocks = Array.from({ length: 9 }, (_, number) => ({ number, rowCount: 1, properties }));
    expect(await writeAll("wide", blocks)).toEqual({ blockCount: 9, rowCount: 9 });
    expect(await entitiesOf("wide")).toHaveLength(9);
  });
});
