import { unzipSync, zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listDeliveries } from "../../shared/azure/delivery-store.ts";
import { ingestDelivery } from "../../shared/azure/ingest-delivery.ts";
import { type Log, type Surroundings, surroundings } from "../../shared/azure/surroundings.ts";
import { sweepDeliveries } from "../../shared/azure/sweep-deliveries.ts";
import { type Emulator, startEmulator, surroundingsOf, surroundingsOver } from "./emulator.ts";
import {
  addressFile,
  addressName,
  contentsOf,
  drop,
  personFile,
  personName,
  workOffQueue,
} from "./exports.ts";
import { faultyStorage } from "./faults.ts";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());

const week = { day: "2026-11-20", persons: 30 };

/** The run under test: a corrected file, then the address file's newer version that also starts what waits. */
async function prepare(): Promise<{ around: Surroundings; account: string }> {
  const account = emulator.freshAccount();
  const around = await surroundingsOf(account);
  await deliver(around, addressName(), addressFile());
  await deliver(around, personName(1), personFile(week));
  await drop(around, personName(2), personFile({ ...week, variant: "b" }));
  return { around, account };
}

async function deliver(around: Surroundings, name: string, content: string): Promise<void> {
  await drop(around, name, content);
  await ingestDelivery(name, around);
}

describe("ingestDelivery() killed at any call and run again", () => {
  // A crash before a call leaves what a crash after the one before it leaves, so one kind is enough.
  test("ends as if nothing had happened", async () => {
    const calm = await prepare();
    const counted = faultyStorage(calm.around.storage, () => "none");
    await ingestDelivery(personName(2), surroundingsOver(counted.storage, calm.account));
    const expected = await contentsOf(calm.around);
    expect(counted.calls()).toBeGreaterThan(15);
    for (let at = 1; at <= counted.calls(); at++) {
      const { around, account } = await prepare();
      const faulty = faultyStorage(around.storage, (n) => (n === at ? "crash-after" : "none"));
      await expect(
        ingestDelivery(personName(2), surroundingsOver(faulty.storage, account)),
        `call ${at}`,
      ).rejects.toThrow();
      await ingestDelivery(personName(2), around);
      expect(await contentsOf(around), `call ${at}`).toEqual(expected);
    }
  });

  test("never shows a report two deliveries of one slot, or one half loaded", async () => {
    const calls = faultyStorage((await prepare()).around.storage, () => "none");
    const seen = new Set<string>();
    const { around, account } = await prepare();
    const watching = faultyStorage(around.storage, () => async () => {
      const deliveries = await listDeliveries(around.storage.table("Deliveries"), "ewo-alw");
      const complete = deliveries.filter(({ state }) => state === "complete");
      seen.add(complete.map(({ sequence, blockCount }) => `${sequence} with ${blockCount} blocks`).join());
    });
    await ingestDelivery(personName(2), surroundingsOver(watching.storage, account));
    expect(calls.calls()).toBe(0);
    expect([...seen]).toEqual(["1 with 1 blocks", "2 with 1 blocks"]);
  });

  test.each([
    ["by the repeated event", (around: Surroundings) => ingestDelivery(addressName(), around)],
    ["by the sweep", (around: Surroundings) => sweepDeliveries(around, new Date())],
  ])("still starts what waited for the address file, %s", async (_, goOn) => {
    const account = emulator.freshAccount();
    const around = await surroundingsOf(account);
    await deliver(around, personName(1), personFile(week));
    await drop(around, addressName(), addressFile());
    const faulty = faultyStorage(around.storage, (_, name) =>
      name === "sendMessage" ? "crash-before" : "none",
    );
    await expect(ingestDelivery(addressName(), surroundingsOver(faulty.storage, account))).rejects.toThrow();
    expect(await workOffQueue(around)).toBe(0);
    await goOn(around);
    expect(await workOffQueue(around)).toBe(1);
    const [delivery] = await listDeliveries(around.storage.table("Deliveries"), "ewo-alw");
    expect(delivery?.state).toBe("complete");
  });
});

describe("content of a register", () => {
  const sentinel = "Zyxwvutsr";

  /** Every form in which the sentinel could hide in a text. */
  function leaks(text: string): boolean {
    const forms = [sentinel, sentinel.toUpperCase(), Buffer.from(sentinel).toString("base64").slice(0, 10)];
    return forms.some((form) => text.includes(form));
  }

  function hostileFile(): string {
    const empty = ["", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", ""];
    const lines = [
      // refused rows of several kinds, the sentinel in every field of the last
      [...empty.slice(1), sentinel].join(";"),
      ["20.11.2026", sentinel, sentinel, sentinel, sentinel, "m", "475", "", "AKN"].join(";"),
      Array.from({ length: 19 }, () => sentinel).join(";"),
    ];
    return personFile({ ...week, persons: 400, name: sentinel, lines });
  }

  test("never gets into rows, records, receipts, facts, queues, logs or errors", async () => {
    const logged: string[] = [];
    const log: Log = (event, facts) => logged.push(`${event} ${JSON.stringify(facts)}`);
    const account = emulator.freshAccount();
    const around = surroundingsOver((await surroundingsOf(account)).storage, account, { log });
    await deliver(around, personName(1), hostileFile());
    await deliver(around, addressName(), addressFile());
    await workOffQueue(around);
    await deliver(around, personName(2), hostileFile().replaceAll("AKN", sentinel));
    const faulty = faultyStorage(around.storage, (_, name) =>
      name === "submitTransaction" ? "crash-after" : "none",
    );
    await drop(around, personName(3), hostileFile().replaceAll(";475;", ";476;"));
    const failed = await ingestDelivery(
      personName(3),
      surroundingsOver(faulty.storage, account, { log }),
    ).catch((error: unknown) => error);
    const errors = failed instanceof Error ? `${failed.message} ${failed.stack} ${String(failed.cause)}` : "";
    const contents = JSON.stringify(await contentsOf(around));
    expect(errors).not.toBe("");
    expect(logged.length).toBeGreaterThan(5);
    expect([leaks(logged.join("\n")), leaks(errors), leaks(contents), leaks(decodedBlobs(contents))]).toEqual(
      [false, false, false, false],
    );
  });

  test("would be found if it leaked", () => {
    expect(leaks(`x ${sentinel} y`)).toBe(true);
    const page = Buffer.from(`<p>${sentinel}</p>`);
    const workbook = Buffer.from(zipSync({ "sheet.xml": page }));
    for (const file of [page, workbook]) {
      expect(leaks(decodedBlobs(JSON.stringify({ file: file.toString("base64") })))).toBe(true);
    }
  });

  /** Text of every stored file, workbooks unpacked. */
  function decodedBlobs(contents: string): string {
    return [...contents.matchAll(/"([A-Za-z0-9+/]{20,}={0,2})"/g)]
      .map(([, text = ""]) => Buffer.from(text, "base64"))
      .flatMap((bytes) =>
        bytes.subarray(0, 2).toString() === "PK" ? Object.values(unzipSync(bytes)) : [bytes],
      )
      .map((bytes) => Buffer.from(bytes).toString("utf8"))
      .join("\n");
  }
});

test("surroundings() names every missing setting", async () => {
  await expect(surroundings(() => undefined)).rejects.toThrow("settings must be corrected");
});
