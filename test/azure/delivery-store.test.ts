import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { NewDelivery, StoredDelivery } from "../../shared/azure/delivery-row.ts";
import {
  arrivalOf,
  changeDelivery,
  createDelivery,
  findArrival,
  findDelivery,
  listDeliveries,
  putInForce,
  readSlot,
} from "../../shared/azure/delivery-store.ts";
import type { Surroundings } from "../../shared/azure/surroundings.ts";
import { deliveryId, deliveryStates } from "../../shared/registers/delivery.ts";
import { deliveryCanBecome } from "../../shared/registers/delivery-states.ts";
import type { RegisterId, Slot } from "../../shared/registers/register.ts";
import { type Emulator, startEmulator, surroundingsOf } from "./emulator.ts";

let emulator: Emulator;
let around: Surroundings;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());
beforeEach(async () => {
  around = await surroundingsOf(emulator.freshAccount());
});

const table = () => around.storage.table("Deliveries");

function newDelivery(content: string, facts: Partial<NewDelivery> = {}): NewDelivery {
  const slot: Slot = facts.slot ?? { register: "ewo-alw", part: "-", referenceDate: "2026-11-20" };
  const sha256 = content.repeat(64).slice(0, 64);
  return {
    id: deliveryId(slot, sha256),
    slot,
    state: "received",
    blobName: `${slot.register}/${content}.csv`,
    etag: content,
    sha256,
    byteLength: 1,
    sequence: 1,
    rowsRead: 0,
    taken: 0,
    rejected: 0,
    merged: 0,
    blockCount: 0,
    codeTableVersion: "",
    receivedAt: "2026-11-23T05:00:00.000Z",
    uploadedAt: "2026-11-23T04:00:00.000Z",
    waitingSince: "2026-11-23T05:00:00.000Z",
    ags: "",
    attempts: 0,
    stand: "",
    decisions: [],
    ...facts,
  };
}

async function create(delivery: NewDelivery): Promise<StoredDelivery> {
  const arrival = arrivalOf(delivery.slot.register, delivery.blobName, delivery.etag);
  return settled(await createDelivery(table(), delivery, arrival));
}

async function loading(delivery: NewDelivery): Promise<StoredDelivery> {
  return settled(await changeDelivery(table(), await create(delivery), { state: "loading" }));
}

function settled(result: StoredDelivery | "overtaken"): StoredDelivery {
  if (result === "overtaken") throw new Error("Expected the change to be stored");
  return result;
}

async function states(register?: RegisterId): Promise<Readonly<Record<string, string>>> {
  const deliveries = await listDeliveries(table(), register);
  return Object.fromEntries(deliveries.map(({ blobName, state }) => [blobName, state]));
}

describe("createDelivery()", () => {
  test("stores every fact and the arrival with it", async () => {
    const delivery = newDelivery("a", {
      ags: "05999000",
      reason: "H-013",
      settledAt: "2026-11-23T05:00:00.000Z",
    });
    const stored = await create(delivery);
    const { version, changedAt, ...facts } = stored;
    expect(facts).toEqual(delivery);
    expect(await findDelivery(table(), "ewo-alw", delivery.id)).toEqual(stored);
    expect(await findArrival(table(), arrivalOf("ewo-alw", "ewo-alw/a.csv", "a"))).toBe(delivery.id);
    expect(await findArrival(table(), arrivalOf("ewo-alw", "ewo-alw/a.csv", "b"))).toBeUndefined();
  });

  test("takes its own repetition as done and another's row as overtaken", async () => {
    const delivery = newDelivery("a");
    const first = await create(delivery);
    expect(await create(delivery)).toEqual(first);
    const other = { ...delivery, blobName: "ewo-alw/b.csv" };
    expect(await createDelivery(table(), other, arrivalOf("ewo-alw", "ewo-alw/b.csv", "a"))).toBe(
      "overtaken",
    );
  });
});

describe("listDeliveries()", () => {
  test("keeps registers apart whose names begin alike, and arrivals and slots out", async () => {
    await create(newDelivery("a"));
    await create(newDelivery("b", { slot: { register: "ewo", part: "-", referenceDate: "2026-10-31" } }));
    const namen = { register: "gliederung", part: "namen", referenceDate: "2026-01-01" } as const;
    await putInForce(table(), await loading(newDelivery("c", { slot: namen })), {});
    expect(await states("ewo")).toEqual({ "ewo/b.csv": "received" });
    expect(await states("ewo-alw")).toEqual({ "ewo-alw/a.csv": "received" });
    expect(Object.keys(await states())).toEqual(["ewo-alw/a.csv", "ewo/b.csv", "gliederung/c.csv"]);
  });

  test("refuses a row of an unknown state and names the field only", async () => {
    const { id } = await create(newDelivery("a"));
    await table().updateEntity({ partitionKey: "ewo-alw", rowKey: id, state: "geheim" }, "Merge");
    await expect(listDeliveries(table())).rejects.toThrow(/in state$/);
  });
});

describe("changeDelivery()", () => {
  test("refuses what has changed since it was read", async () => {
    const present = await create(newDelivery("a"));
    await changeDelivery(table(), present, { state: "loading", attempts: 1 });
    expect(await changeDelivery(table(), present, { state: "held" })).toBe("overtaken");
    expect(await states()).toEqual({ "ewo-alw/a.csv": "loading" });
  });

  test("takes the echo of its own success as done", async () => {
    const present = await create(newDelivery("a"));
    const change = { state: "loading", attempts: 1 } as const;
    const first = await changeDelivery(table(), present, change);
    expect(await changeDelivery(table(), present, change)).toEqual(first);
  });

  test("refuses a state that may not follow", async () => {
    const present = await create(newDelivery("a"));
    await expect(changeDelivery(table(), present, { state: "complete" })).rejects.toThrow(RangeError);
  });
});

describe("putInForce()", () => {
  test("puts the former delivery of the slot out of force in the same step", async () => {
    await putInForce(table(), await loading(newDelivery("a")), {});
    const second = await loading(newDelivery("b", { sequence: 2 }));
    expect(await putInForce(table(), second, { taken: 5 })).toBe("in-force");
    expect(await states()).toEqual({ "ewo-alw/a.csv": "superseded", "ewo-alw/b.csv": "complete" });
    expect(await readSlot(table(), second.slot)).toMatchObject({ id: second.id, sequence: 2 });
  });

  test("leaves other slots in force", async () => {
    await putInForce(table(), await loading(newDelivery("a")), {});
    const earlier = { register: "ewo-alw", part: "-", referenceDate: "2026-11-13" } as const;
    await putInForce(table(), await loading(newDelivery("b", { slot: earlier })), {});
    expect(await states()).toEqual({ "ewo-alw/b.csv": "complete", "ewo-alw/a.csv": "complete" });
  });

  // what is in force (number, uploaded), what comes (number, uploaded), what happens
  const cases: readonly (readonly [number, string, number, string, string])[] = [
    [2, "04:00", 1, "05:00", "older"],
    [1, "04:00", 2, "03:00", "in-force"],
    [1, "04:00", 1, "05:00", "in-force"],
    [1, "04:00", 1, "04:00", "in-force"],
    [1, "04:00", 1, "03:00", "older"],
  ];
  test.each(cases)("with number %i of %s in force takes number %i of %s as %s", async (...row) => {
    const [sequence, uploaded, newSequence, newUploaded, expected] = row;
    const at = (time: string) => `2026-11-23T${time}:00.000Z`;
    await putInForce(table(), await loading(newDelivery("a", { sequence, uploadedAt: at(uploaded) })), {});
    const facts = { sequence: newSequence, uploadedAt: at(newUploaded) };
    expect(await putInForce(table(), await loading(newDelivery("b", facts)), {})).toBe(expected);
  });

  test("lets one of many win when several finish at once, and never two be in force", async () => {
    const contents = ["a", "b", "c", "d", "e", "f"];
    const deliveries: StoredDelivery[] = [];
    for (const content of contents) deliveries.push(await loading(newDelivery(content)));
    const results = await Promise.all(deliveries.map((delivery) => putInForce(table(), delivery, {})));
    expect(results.filter((result) => result === "in-force").length).toBeGreaterThan(0);
    const complete = Object.values(await states()).filter((state) => state === "complete");
    expect(complete).toEqual(["complete"]);
  });
});

describe("deliveryCanBecome()", () => {
  test("allows exactly the agreed steps", () => {
    const steps = deliveryStates.flatMap((from) =>
      deliveryStates.filter((to) => deliveryCanBecome(from, to)).map((to) => `${from} > ${to}`),
    );
    expect(steps).toEqual([
      "received > loading",
      "received > rejected",
      "received > held",
      "received > superseded",
      "loading > loading",
      "loading > complete",
      "loading > rejected",
      "loading > held",
      "loading > superseded",
      "complete > superseded",
      "rejected > received",
      "rejected > purged",
      "held > received",
      "held > complete",
      "held > rejected",
      "superseded > received",
      "superseded > purged",
      "purged > received",
    ]);
  });
});
