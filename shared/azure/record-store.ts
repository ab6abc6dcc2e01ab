import { odata, type TableClient, type TableEntityResult, type TransactionAction } from "@azure/data-tables";
import { readColumnBlocks } from "../registers/column-reader.ts";
import type { Delivery } from "../registers/delivery.ts";
import type { RecordBlock, RecordColumns } from "../registers/record-block.ts";
import type { StoredColumns } from "../registers/register.ts";
import {
  dictionaryName,
  entityByteLimit,
  propertyByteLimit,
  propertyCountLimit,
} from "../registers/stored-columns.ts";
import { submitBatch } from "./table-batch.ts";

/** A transaction holds 100 entities and 4 MiB; the rest of the 4 MiB is for what stands around each entity. */
const batchEntityLimit = 100;
const batchByteLimit = 3.5 * 1024 * 1024;
const bytesAroundEntity = 1_000;
const batchesInFlight = 3;
const rangesInFlight = 4;
const blocksPerRange = 32;

type BlockEntity = { partitionKey: string; rowKey: string; rowCount: number; stand: string } & Record<
  string,
  Uint8Array | string | number
>;

export type RecordWriter = {
  /**
   * Takes the next block. Resolves when there is room for another one, not when it is stored. Block 0 may come again: then
   * all come again and replace the first ones.
   */
  write(block: RecordBlock): Promise<void>;
  /** Resolves when every block is stored; only then may the delivery be put in force. Blocks beyond the count are leftovers. */
  finish(): Promise<{ readonly blockCount: number; readonly rowCount: number }>;
};

/**
 * Writes the column blocks of one delivery as upserts, several transactions at a time. The same blocks give the same
 * entities, so a repeated run overwrites itself. `stand` names the versions the records were made with and is stored
 * in each block.
 *
 * @throws {RangeError} if a block exceeds a limit of Table storage.
 */
export function recordWriter(table: TableClient, deliveryId: string, stand: string): RecordWriter {
  let batch: BlockEntity[] = [];
  let batchBytes = 0;
  let blockCount = 0; // and the number that the next block must have
  let rowCount = 0;
  const running = new Set<Promise<void>>();
  let failure: unknown;

  async function send(): Promise<void> {
    if (batch.length === 0) return;
    const entities = batch;
    batch = [];
    batchBytes = 0;
    const sending: Promise<void> = submitBatch(table, entities.map(upsert), `records of "${deliveryId}"`)
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => running.delete(sending));
    running.add(sending);
    if (running.size >= batchesInFlight) await Promise.race(running);
    throwFailure();
  }

  function throwFailure(): void {
    if (failure !== undefined) throw failure;
  }

  /** Blocks come from 0 on once more: nothing of the first pass may be written after this. */
  async function startAgain(): Promise<void> {
    batch = [];
    batchBytes = 0;
    await Promise.all(running);
    blockCount = 0;
    rowCount = 0;
  }

  return {
    async write(block) {
      if (block.number === 0 && blockCount > 0) await startAgain();
      throwFailure();
      if (block.number !== blockCount) {
        throw new RangeError(`Cannot store block ${block.number}: expected block ${blockCount}`);
      }
      const entity = blockEntity(deliveryId, stand, block);
      const bytes = checkedTransportBytes(block);
      if (batch.length === batchEntityLimit || batchBytes + bytes > batchByteLimit) await send();
      batch.push(entity);
      batchBytes += bytes;
      blockCount++;
      rowCount += block.rowCount;
    },
    async finish() {
      await send();
      await Promise.all(running);
      throwFailure();
      return { blockCount, rowCount };
    },
  };
}

/** Deletes the blocks from number `from` on: leftovers of a run that made more blocks, or all of a refused delivery. */
export async function deleteBlocks(table: TableClient, deliveryId: string, from = 0): Promise<void> {
  const filter = odata`PartitionKey eq ${deliveryId} and RowKey ge ${blockKey(from)}`;
  let batch: TransactionAction[] = [];
  for await (const entity of table.listEntities({
    queryOptions: { filter, select: ["PartitionKey", "RowKey"] },
  })) {
    batch.push(["delete", { partitionKey: deliveryId, rowKey: String(entity.rowKey) }]);
    if (batch.length < batchEntityLimit) continue;
    await submitBatch(table, batch, `deletion of "${deliveryId}"`);
    batch = [];
  }
  if (batch.length > 0) await submitBatch(table, batch, `deletion of "${deliveryId}"`);
}

/**
 * The wanted columns of a delivery, rows in the order of the file. Only their properties cross the network.
 *
 * @throws {SyntaxError} if a block is missing, damaged or made with other versions than its neighbours.
 */
export async function readColumns(
  table: TableClient,
  delivery: Pick<Delivery, "id" | "blockCount">,
  wanted: StoredColumns,
): Promise<RecordColumns> {
  const select = ["RowKey", "rowCount", "stand", ...propertiesOf(wanted)];
  const ranges = rangesOf(delivery.blockCount);
  const parts = await Promise.all(ranges.map((range) => readRange(table, delivery.id, range, select)));
  const entities = parts.flat();
  checkComplete(delivery, entities);
  return readColumnBlocks(wanted, entities.map(asBlock));
}

function propertiesOf(wanted: StoredColumns): readonly string[] {
  return Object.entries(wanted).flatMap(([name, type]) =>
    type === "text" ? [name, dictionaryName(name)] : [name],
  );
}

/** Few wide ranges: each is read page by page, all of them at once. */
function rangesOf(blockCount: number): readonly (readonly [number, number])[] {
  const count = Math.min(rangesInFlight, Math.max(1, Math.ceil(blockCount / blocksPerRange)));
  const width = Math.ceil(blockCount / count);
  return Array.from({ length: count }, (_, at) => [at * width, Math.min((at + 1) * width, blockCount)]);
}

async function readRange(
  table: TableClient,
  deliveryId: string,
  [from, to]: readonly [number, number],
  select: readonly string[],
): Promise<readonly TableEntityResult<Record<string, unknown>>[]> {
  const filter = odata`PartitionKey eq ${deliveryId} and RowKey ge ${blockKey(from)} and RowKey lt ${blockKey(to)}`;
  const entities: TableEntityResult<Record<string, unknown>>[] = [];
  for await (const entity of table.listEntities({ queryOptions: { filter, select: [...select] } })) {
    entities.push(entity);
  }
  return entities;
}

function checkComplete(
  delivery: Pick<Delivery, "id" | "blockCount">,
  entities: readonly TableEntityResult<Record<string, unknown>>[],
): void {
  const stand = entities[0]?.["stand"];
  const complete =
    entities.length === delivery.blockCount &&
    entities.every((entity, at) => entity.rowKey === blockKey(at) && entity["stand"] === stand);
  if (!complete) {
    throw new SyntaxError(
      `Cannot read records of "${delivery.id}": expected ${delivery.blockCount} blocks of one run, found ${entities.length} blocks`,
    );
  }
}

function asBlock(
  entity: TableEntityResult<Record<string, unknown>>,
): Pick<RecordBlock, "rowCount" | "properties"> {
  const properties: Record<string, Uint8Array | string> = {};
  for (const [name, value] of Object.entries(entity)) {
    if (value instanceof Uint8Array || typeof value === "string") properties[name] = value;
  }
  return { rowCount: Number(entity["rowCount"]), properties };
}

function upsert(entity: BlockEntity): TransactionAction {
  return ["upsert", entity, "Replace"];
}

function blockEntity(deliveryId: string, stand: string, block: RecordBlock): BlockEntity {
  return {
    ...block.properties,
    partitionKey: deliveryId,
    rowKey: blockKey(block.number),
    rowCount: block.rowCount,
    stand,
  };
}

function blockKey(number: number): string {
  return String(number).padStart(6, "0");
}

/** Bytes of a block on the wire, where Binary stands in base64. Its stored size is checked on the way: the emulator does not. */
function checkedTransportBytes(block: RecordBlock): number {
  const values = Object.values(block.properties);
  const stored = values.map((value) => (typeof value === "string" ? value.length * 2 : value.length));
  const total = stored.reduce((sum, bytes) => sum + bytes, 0);
  if (
    values.length + 2 > propertyCountLimit ||
    total > entityByteLimit - bytesAroundEntity ||
    stored.some((bytes) => bytes > propertyByteLimit)
  ) {
    throw new RangeError(`Cannot store block ${block.number}: it exceeds the size of an entity`);
  }
  const transported = values.map((value) =>
    typeof value === "string" ? Buffer.byteLength(JSON.stringify(value)) : Math.ceil(value.length / 3) * 4,
  );
  const names = Object.keys(block.properties).reduce((sum, name) => sum + 2 * name.length + 30, 0);
  return transported.reduce((sum, bytes) => sum + bytes, bytesAroundEntity + names);
}
