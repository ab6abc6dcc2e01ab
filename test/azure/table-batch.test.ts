import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Surroundings } from "../../shared/azure/surroundings.ts";
import { submitBatch } from "../../shared/azure/table-batch.ts";
import { type Emulator, startEmulator, surroundingsOf } from "./emulator.ts";
import { faultyStorage } from "./faults.ts";

let emulator: Emulator;
let around: Surroundings;

beforeAll(async () => {
  emulator = await startEmulator();
  around = await surroundingsOf(emulator.freshAccount());
});
afterAll(() => emulator.stop());

const upsert = ["upsert", { partitionKey: "p", rowKey: "1", spalte: "geheim" }, "Replace"] as const;

/** A table that answers the first `times` transactions with a failure of the service. */
function failing(times: number, statusCode: number | undefined, message = "0:geheim failed") {
  let calls = 0;
  const faulty = faultyStorage(around.storage, () => async () => {
    if (++calls <= times) throw Object.assign(new Error(message), { statusCode, code: "OperationTimedOut" });
  });
  return { table: faulty.storage.table("Records"), calls: () => calls };
}

describe("submitBatch()", () => {
  // status of the failure; none stands for a torn answer
  test.each([500, 503, undefined])("repeats the whole batch after %s", async (status) => {
    const { table, calls } = failing(2, status);
    await submitBatch(table, [[...upsert]], "rows");
    expect(calls()).toBe(3);
    expect(await around.storage.table("Records").getEntity("p", "1")).toMatchObject({ spalte: "geheim" });
  });

  test("names entry and code of a refusal, never the content", async () => {
    const { table, calls } = failing(1, 400, "12:geheim is too large");
    const refusal = await submitBatch(table, [[...upsert]], "rows").catch((error: unknown) => error);
    expect(calls()).toBe(1);
    expect(refusal).toMatchObject({ statusCode: 400, entry: 12 });
    expect(refusal).not.toHaveProperty("cause");
    expect(String(refusal)).toContain("the table service answered 400 OperationTimedOut, entry 12");
    expect(JSON.stringify(refusal) + String(refusal)).not.toContain("geheim");
  });

  test("takes rows that are gone already as deleted", async () => {
    const table = around.storage.table("Records");
    await table.upsertEntity({ partitionKey: "q", rowKey: "2" });
    const deletions = ["1", "2"].map((rowKey) => ["delete", { partitionKey: "q", rowKey }] as const);
    await submitBatch(
      table,
      deletions.map(([kind, entity]) => [kind, entity]),
      "deletion",
    );
    await expect(table.getEntity("q", "2")).rejects.toMatchObject({ statusCode: 404 });
  });
});
