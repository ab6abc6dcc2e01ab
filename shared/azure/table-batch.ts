import { setTimeout as wait } from "node:timers/promises";
import type { TableClient, TransactionAction } from "@azure/data-tables";
import { hasStatus } from "./storage-error.ts";

const tries = 5;
const firstWaitMs = 200;
const passingStatus: readonly number[] = [408, 429, 500, 502, 503, 504];

/** A transaction was refused. Names the entry and the rule of the service, never what stood in the entry. */
export class BatchRefused extends Error {
  readonly statusCode: number;
  /** Position of the entry that was refused, from 0; undefined where the service names none. */
  readonly entry: number | undefined;
  constructor(what: string, statusCode: number, code: string, entry: number | undefined) {
    const place = entry === undefined ? "" : `, entry ${entry}`;
    super(`Cannot store ${what}: the table service answered ${statusCode} ${code}${place}`);
    this.name = "BatchRefused";
    this.statusCode = statusCode;
    this.entry = entry;
  }
}

/**
 * Submits one transaction. The client library repeats what failed as a whole; a failure inside an answer and a torn
 * answer are repeated here, always the whole batch. Entries must bear repetition (upserts, deletions, conditional updates).
 *
 * @throws {BatchRefused} if the service refuses it or does not recover.
 */
export async function submitBatch(
  table: TableClient,
  actions: readonly TransactionAction[],
  what: string,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await table.submitTransaction([...actions]);
      return;
    } catch (error) {
      const refusal = asRefusal(error, what);
      if (isDeletedAlready(actions, refusal)) return await deleteOneByOne(table, actions);
      if (attempt === tries || !isPassing(refusal)) throw refusal;
      await wait(firstWaitMs * 2 ** (attempt - 1));
    }
  }
}

/** A status of 0 stands for a connection that broke. */
function isPassing(refusal: BatchRefused): boolean {
  return refusal.statusCode === 0 || passingStatus.includes(refusal.statusCode);
}

/** Builds a new error without `cause`: the one of the client library holds the request, and with it the records. */
function asRefusal(error: unknown, what: string): BatchRefused {
  const facts: Readonly<Record<string, unknown>> = error instanceof Error ? { ...error } : {};
  const status = typeof facts["statusCode"] === "number" ? facts["statusCode"] : 0;
  const code = /^\w{1,60}$/.exec(String(facts["code"] ?? ""))?.[0] ?? "";
  const entry = error instanceof Error ? /^(\d{1,3}):/.exec(error.message)?.[1] : undefined;
  return new BatchRefused(what, status, code, entry === undefined ? undefined : Number(entry));
}

function isDeletedAlready(actions: readonly TransactionAction[], refusal: BatchRefused): boolean {
  return refusal.statusCode === 404 && actions.every(([kind]) => kind === "delete");
}

async function deleteOneByOne(table: TableClient, actions: readonly TransactionAction[]): Promise<void> {
  for (const [, entity] of actions) {
    try {
      await table.deleteEntity(entity.partitionKey, entity.rowKey);
    } catch (error) {
      if (!hasStatus(error, 404)) throw asRefusal(error, "deletion");
    }
  }
}
