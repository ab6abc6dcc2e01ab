import { createHmac, createSecretKey } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { odata, type TableClient, type TransactionAction } from "@azure/data-tables";
import { writeCity } from "../../local/city/write-city.ts";
import { listDeliveries } from "../../shared/azure/delivery-store.ts";
import { ingestDelivery } from "../../shared/azure/ingest-delivery.ts";
import { readColumns } from "../../shared/azure/record-store.ts";
import type { Surroundings } from "../../shared/azure/surroundings.ts";
import { columnsNeededOf } from "../../shared/population/columns-needed.ts";
import { type Emulator, startEmulator, surroundingsOf } from "../azure/emulator.ts";
import { compare, type Measurement, wallSeconds } from "./measure.ts";

const runs = 5;
const prefix = { addresses: "gliederung/GLIEDERUNG-ADRESSEN", residents: "ewo/EWO" };

/** Ingest of the residents of a city of 265,000 and reading them back, against the bare work of the same size. */
export async function benchIngest(): Promise<readonly Measurement[]> {
  const directory = await mkdtemp(join(tmpdir(), "bench-"));
  const emulator = await startEmulator();
  try {
    const city = await writeCity({
      directory,
      size: "stadt",
      seed: 1,
      now: "2026-11-23T06:00:00+01:00",
      weeks: 1,
      faults: false,
    });
    const files = city.weeks.flatMap((week) => week.files);
    const read = async (start: string) => {
      const path = files.find((file) => file.startsWith(start)) ?? "";
      return { path, bytes: await readFile(join(directory, path)) };
    };
    return await measure(emulator, await read(prefix.addresses), await read(prefix.residents));
  } finally {
    await emulator.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

type Export = { readonly path: string; readonly bytes: Buffer };

async function measure(
  emulator: Emulator,
  addresses: Export,
  residents: Export,
): Promise<readonly Measurement[]> {
  const floor = await loaded(emulator, addresses, residents);
  const blocks = await rawBlocks(floor.table, floor.delivery.id);
  const ingest = await compare(
    "ingest-csv",
    "blob to complete, wall / (byte scan + HMAC loop + raw block write of the same data): <= 3.0",
    runs,
    () => ingestSeconds(emulator, addresses, residents),
    () => floorSeconds(emulator, residents.bytes, floor.delivery.rowsRead, blocks),
  );
  const wanted = columnsNeededOf("ewo", "-");
  const readBack = await compare(
    "read-back",
    "columns a report needs / raw read of the same blocks: <= 1.3",
    runs,
    () => wallSeconds(() => readColumns(floor.table, floor.delivery, wanted)),
    () =>
      wallSeconds(() =>
        rawBlocks(
          floor.table,
          floor.delivery.id,
          Object.keys(wanted).flatMap((name) => [name, `${name}_werte`]),
        ),
      ),
  );
  return [ingest, readBack];
}

async function prepared(emulator: Emulator, addresses: Export, residents: Export): Promise<Surroundings> {
  const around = await surroundingsOf(emulator.freshAccount());
  for (const { path, bytes } of [addresses, residents]) {
    await around.storage.container("exports").getBlockBlobClient(path).uploadData(bytes);
  }
  await ingestDelivery(addresses.path, around);
  return around;
}

async function loaded(emulator: Emulator, addresses: Export, residents: Export) {
  const around = await prepared(emulator, addresses, residents);
  await ingestDelivery(residents.path, around);
  const [delivery] = await listDeliveries(around.storage.table("Deliveries"), "ewo");
  if (delivery?.state !== "complete")
    throw new Error("Cannot measure: the residents register must be complete");
  return { delivery, table: around.storage.table("Records") };
}

async function ingestSeconds(emulator: Emulator, addresses: Export, residents: Export): Promise<number> {
  const around = await prepared(emulator, addresses, residents);
  return await wallSeconds(() => ingestDelivery(residents.path, around));
}

async function floorSeconds(
  emulator: Emulator,
  bytes: Buffer,
  rows: number,
  blocks: readonly Block[],
): Promise<number> {
  const around = await surroundingsOf(emulator.freshAccount());
  return await wallSeconds(async () => {
    scan(bytes);
    hashes(rows);
    await writeRaw(around.storage.table("Records"), blocks);
  });
}

function scan(bytes: Buffer): number {
  let lines = 0;
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === 0x0a) lines++;
  return lines;
}

function hashes(rows: number): void {
  const key = createSecretKey(Buffer.alloc(32, 7));
  for (let row = 0; row < rows; row++) createHmac("sha256", key).update(String(row)).digest();
}

type Block = { readonly partitionKey: string; readonly rowKey: string };

async function rawBlocks(
  table: TableClient,
  id: string,
  columns?: readonly string[],
): Promise<readonly Block[]> {
  const filter = odata`PartitionKey eq ${id}`;
  const select = columns === undefined ? {} : { select: ["PartitionKey", "RowKey", ...columns] };
  const blocks: Block[] = [];
  for await (const { etag: _etag, timestamp: _time, ...entity } of table.listEntities({
    queryOptions: { filter, ...select },
  })) {
    blocks.push({ ...entity, partitionKey: id, rowKey: String(entity.rowKey) });
  }
  return blocks;
}

async function writeRaw(table: TableClient, blocks: readonly Block[]): Promise<void> {
  for (let at = 0; at < blocks.length; at += 20) {
    const actions: TransactionAction[] = blocks
      .slice(at, at + 20)
      .map((block) => ["upsert", { ...block }, "Replace"]);
    await table.submitTransaction(actions);
  }
}
