import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { isSettled } from "../../local/await-deliveries.ts";
import { createClients } from "../../shared/azure/clients.ts";
import { decideDelivery } from "../../shared/azure/decide-delivery.ts";
import { listDeliveries } from "../../shared/azure/delivery-store.ts";
import { ingestDelivery } from "../../shared/azure/ingest-delivery.ts";
import { readReceipt } from "../../shared/azure/receipt-store.ts";
import { readColumns } from "../../shared/azure/record-store.ts";
import type { Surroundings } from "../../shared/azure/surroundings.ts";
import { sweepDeliveries, sweepReasons } from "../../shared/azure/sweep-deliveries.ts";
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
let around: Surroundings;
let account: string;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());
beforeEach(async () => {
  account = emulator.freshAccount();
  around = await surroundingsOf(account);
});

const week = { day: "2026-11-20", persons: 40 };

async function deliver(name: string, content: string, at = around): Promise<void> {
  await drop(at, name, content);
  await ingestDelivery(name, at);
}

async function deliverAddresses(): Promise<void> {
  await deliver(addressName(), addressFile());
}

/** State by number and content: "2 complete". */
async function persons(): Promise<readonly string[]> {
  const deliveries = await listDeliveries(around.storage.table("Deliveries"), "ewo-alw");
  return deliveries
    .map(({ slot, sequence, state, reason = "" }) =>
      `${slot.referenceDate} ${sequence} ${state} ${reason}`.trim(),
    )
    .sort();
}

async function onlyPersons() {
  const [delivery] = await listDeliveries(around.storage.table("Deliveries"), "ewo-alw");
  if (delivery === undefined) throw new Error("Expected a delivery");
  return delivery;
}

async function receiptText(id: string): Promise<string> {
  const bytes = await readReceipt(around.storage, "ewo-alw", `${id}.html`);
  return Buffer.from(bytes ?? []).toString("utf8");
}

describe("ingestDelivery() takes an export in", () => {
  test("from the blob to records in force, with receipt and facts", async () => {
    await deliverAddresses();
    await deliver(personName(), personFile(week));
    const delivery = await onlyPersons();
    expect(delivery).toMatchObject({
      state: "complete",
      rowsRead: 40,
      taken: 40,
      rejected: 0,
      blockCount: 1,
    });
    const columns = await readColumns(around.storage.table("Records"), delivery, {
      in_stadt: "u8",
      baublock: "text",
    });
    expect(columns.rowCount).toBe(40);
    expect(columns.text("baublock").values.toSorted()).toEqual(["11101", "11102"]);
    expect(await receiptText(delivery.id)).toContain(delivery.id);
    expect(await readReceipt(around.storage, "ewo-alw", `${delivery.id}.xlsx`)).toBeDefined();
    const facts = around.storage.container("internal").getBlobClient(`ewo-alw/${delivery.id}.json`);
    expect(JSON.parse(String(await facts.downloadToBuffer()))).toMatchObject({ deliveryId: delivery.id });
  });

  test("once, however often its event comes", async () => {
    await deliverAddresses();
    await deliver(personName(), personFile(week));
    const before = await contentsOf(around);
    await ingestDelivery(personName(), around);
    await ingestDelivery(personName(), around);
    expect(await contentsOf(around)).toEqual(before);
  });

  test("from two hosts at once with the result of one", async () => {
    await deliverAddresses();
    await deliver(personName(), personFile(week));
    const calm = await contentsOf(around);
    const otherAccount = emulator.freshAccount();
    const one = await surroundingsOf(otherAccount);
    const two = surroundingsOver(
      createClients({ kind: "connection-string", connectionString: otherAccount }),
      otherAccount,
    );
    await deliver(addressName(), addressFile(), one);
    await drop(one, personName(), personFile(week));
    await Promise.all([one, two, one].map((host) => ingestDelivery(personName(), host)));
    expect(await contentsOf(one)).toEqual(calm);
  });

  test("whose record keys repeat, with the merged rows stored once", async () => {
    await deliverAddresses();
    const file = personFile({ ...week, persons: 2_500 });
    const rows = file.split("\r\n");
    await deliver(personName(), [...rows.slice(0, -1), ...rows.slice(1, 1_200), ""].join("\r\n"));
    const delivery = await onlyPersons();
    expect(delivery).toMatchObject({ state: "complete", rowsRead: 3_699, taken: 3_699, merged: 1_199 });
    const columns = await readColumns(around.storage.table("Records"), delivery, { alter: "u8" });
    expect(columns.rowCount).toBe(2_500);
  });

  test("of the geometry, and keeps the file as it was delivered", async () => {
    const ring = [
      [7, 51],
      [7.1, 51],
      [7.1, 51.1],
      [7, 51],
    ];
    const properties = { ebene: "stadtbezirk", schluessel: "1", name: "Mitte" };
    await deliverAddresses();
    const feature = { type: "Feature", properties, geometry: { type: "Polygon", coordinates: [ring] } };
    const content = JSON.stringify({ type: "FeatureCollection", features: [feature] });
    await deliver("gliederung/GLIEDERUNG-GEOMETRIE_05999000_2026-01-01_1.geojson", content);
    const deliveries = await listDeliveries(around.storage.table("Deliveries"), "gliederung");
    const delivery = deliveries.find(({ slot }) => slot.part === "geometrie");
    expect(delivery).toMatchObject({ state: "complete", taken: 1 });
    const kept = around.storage.container("internal").getBlobClient(`geometrie/${delivery?.id}.geojson`);
    expect(String(await kept.downloadToBuffer())).toBe(content);
  });

  test("in any order of weeks", async () => {
    await deliverAddresses();
    await deliver(personName(1, "2026-11-20"), personFile(week));
    await deliver(personName(1, "2026-11-13"), personFile({ ...week, day: "2026-11-13" }));
    expect(await persons()).toEqual(["2026-11-13 1 complete", "2026-11-20 1 complete"]);
  });
});

describe("ingestDelivery() with a second file of the same day", () => {
  test("puts a corrected file in force", async () => {
    await deliverAddresses();
    await deliver(personName(1), personFile(week));
    await deliver(personName(2), personFile({ ...week, variant: "b" }));
    expect(await persons()).toEqual(["2026-11-20 1 superseded", "2026-11-20 2 complete"]);
  });

  test("refuses an older number (D-010) and leaves the newer in force", async () => {
    await deliverAddresses();
    await deliver(personName(2), personFile(week));
    await deliver(personName(1), personFile({ ...week, variant: "b" }));
    expect(await persons()).toEqual(["2026-11-20 1 rejected D-010", "2026-11-20 2 complete"]);
  });

  test("changes nothing for the same content, and says so in the receipt", async () => {
    await deliverAddresses();
    await deliver(personName(1), personFile(week));
    const [before, receipt] = [await onlyPersons(), await receiptText((await onlyPersons()).id)];
    await deliver(personName(2), personFile(week));
    expect(await onlyPersons()).toEqual(before);
    const repeated = await receiptText(before.id);
    expect(repeated).not.toBe(receipt);
    expect(repeated).toMatch(/bereits/i);
  });

  test("puts superseded content in force again under a new number", async () => {
    await deliverAddresses();
    await deliver(personName(1), personFile(week));
    await deliver(personName(2), personFile({ ...week, variant: "b" }));
    await deliver(personName(3), personFile(week));
    expect(await persons()).toEqual(["2026-11-20 2 superseded", "2026-11-20 3 complete"]);
  });

  test("refuses superseded content under its old number", async () => {
    await deliverAddresses();
    await deliver(personName(1), personFile(week));
    await deliver(personName(2), personFile({ ...week, variant: "b" }));
    await deliver(personName(1), personFile(week)); // a new version of the same blob
    expect(await persons()).toEqual(["2026-11-20 1 superseded", "2026-11-20 2 complete"]);
  });

  test("leaves the former in force when the new one is refused or held", async () => {
    await deliverAddresses();
    await deliver(personName(1), personFile(week));
    await deliver(personName(2), "kein;export\r\n1;2\r\n");
    await deliver(personName(3), personFile({ ...week, persons: 20 }));
    expect(await persons()).toEqual([
      "2026-11-20 1 complete",
      "2026-11-20 2 rejected D-006",
      "2026-11-20 3 held H-013",
    ]);
  });
});

describe("ingestDelivery() refuses before reading", () => {
  test("a file name that was not agreed", async () => {
    await deliver("ewo-alw/Kopie von EWO.csv", personFile(week));
    const delivery = await onlyPersons();
    expect(delivery).toMatchObject({ state: "rejected", reason: "D-002", sha256: "" });
    expect(await receiptText(delivery.id)).toContain("D-002");
  });

  test("a file larger than agreed (D-014)", async () => {
    const kontakt = { stelle: "Statistik" };
    const lieferungen = [{ register: "ewo-alw", grenzeMegabyte: 0.001 }];
    const office = JSON.stringify({ name: "Stadt", kontakt, lieferungen });
    await around.storage
      .container("config")
      .getBlockBlobClient("office.json")
      .uploadData(Buffer.from(office));
    await deliver(personName(), personFile(week));
    expect(await persons()).toEqual(["2026-11-20 1 rejected D-014"]);
  });

  test("a file of another municipality than all others", async () => {
    await deliverAddresses();
    await deliver(personName().replace("05999000", "05999001"), personFile(week));
    expect(await persons()).toEqual(["2026-11-20 1 rejected D-002"]);
  });

  test("a file that must not be here (D-017), and deletes it", async () => {
    const name = "schild/123456/2026-10-15/SchuelerErzieher.dat";
    await deliver(name, "Muster|Erika\r\n");
    const [delivery] = await listDeliveries(around.storage.table("Deliveries"), "schild");
    expect(delivery).toMatchObject({ state: "rejected", reason: "D-017" });
    expect(await around.storage.container("exports").getBlobClient(name).exists()).toBe(false);
  });

  test("a folder of no register, without a row", async () => {
    await deliver("sonstiges/x.csv", "x");
    expect(await listDeliveries(around.storage.table("Deliveries"))).toEqual([]);
  });
});

describe("a delivery that needs addresses", () => {
  test("waits for the address file and is started by it", async () => {
    await deliver(personName(), personFile(week));
    expect(await persons()).toEqual(["2026-11-20 1 received"]);
    await deliverAddresses();
    expect(await workOffQueue(around)).toBe(1);
    expect(await persons()).toEqual(["2026-11-20 1 complete"]);
  });

  test("is started by the repeated event of an address file whose host ended before it did so", async () => {
    await deliver(personName(), personFile(week));
    await deliverAddresses();
    await around.storage.queue("lieferungen").clearMessages();
    await ingestDelivery(addressName(), around);
    expect(await workOffQueue(around)).toBe(1);
    expect(await persons()).toEqual(["2026-11-20 1 complete"]);
  });

  test("is nothing to wait for only while its address file is missing", async () => {
    const all = () => listDeliveries(around.storage.table("Deliveries"));
    await deliver(personName(), personFile(week));
    expect(isSettled(await all())).toBe(true);
    await deliverAddresses();
    expect(isSettled(await all())).toBe(false);
    await workOffQueue(around);
    expect(isSettled(await all())).toBe(true);
  });

  test("waits on when the address file is valid only later", async () => {
    await deliver(personName(), personFile(week));
    await deliver(addressName(1, "2026-11-21"), addressFile());
    expect(await workOffQueue(around)).toBe(0);
    expect(await persons()).toEqual(["2026-11-20 1 received"]);
  });

  test("is held after 24 hours, and waits on when an operator says so", async () => {
    await deliver(personName(), personFile(week));
    const at = (now: string) => surroundingsOver(around.storage, account, { now });
    await sweepDeliveries(at("2026-11-24T04:59:00Z"), new Date());
    expect(await persons()).toEqual(["2026-11-20 1 received"]);
    await sweepDeliveries(at("2026-11-24T05:00:00Z"), new Date());
    expect(await persons()).toEqual([`2026-11-20 1 held ${sweepReasons.waited}`]);
    const { id } = await onlyPersons();
    const decision = { who: "b1", what: "freigeben", why: "" } as const;
    expect(await decideDelivery(id, decision, at("2026-11-25T08:00:00Z"))).toBe("done");
    await workOffQueue(around);
    expect(await persons()).toEqual(["2026-11-20 1 received"]);
    await deliverAddresses();
    await workOffQueue(around);
    expect(await persons()).toEqual(["2026-11-20 1 complete"]);
  });
});

describe("sweepDeliveries()", () => {
  const inAnHour = () => new Date(Date.now() + 3_600_000);

  test("finds a blob whose event was missed", async () => {
    await deliverAddresses();
    await drop(around, personName(), personFile(week));
    await sweepDeliveries(around, new Date());
    expect(await workOffQueue(around)).toBe(0); // its event may still come
    await sweepDeliveries(around, inAnHour());
    expect(await workOffQueue(around)).toBe(1);
    expect(await persons()).toEqual(["2026-11-20 1 complete"]);
    await sweepDeliveries(around, inAnHour());
    expect(await workOffQueue(around)).toBe(0);
  });

  test("starts an interrupted delivery again, and holds one that ends every run", async () => {
    await deliverAddresses();
    await drop(around, personName(), personFile(week));
    for (let attempt = 1; attempt <= 5; attempt++) {
      const faulty = faultyStorage(around.storage, (_, name) =>
        name === "uploadData" ? "crash-before" : "none",
      );
      const host = surroundingsOver(faulty.storage, account);
      await expect(ingestDelivery(personName(), host)).rejects.toThrow();
      expect(await persons()).toEqual(["2026-11-20 1 loading"]);
    }
    await sweepDeliveries(around, inAnHour());
    expect(await persons()).toEqual([`2026-11-20 1 held ${sweepReasons.abandoned}`]);
  });

  test("restarts what a crash left behind", async () => {
    await deliverAddresses();
    await drop(around, personName(), personFile(week));
    const faulty = faultyStorage(around.storage, (_, name) =>
      name === "uploadData" ? "crash-after" : "none",
    );
    await expect(ingestDelivery(personName(), surroundingsOver(faulty.storage, account))).rejects.toThrow();
    await sweepDeliveries(around, inAnHour());
    expect(await workOffQueue(around)).toBe(1);
    expect(await persons()).toEqual(["2026-11-20 1 complete"]);
  });
});

describe("a blob that changes while it is read", () => {
  // the call before which it changes
  test.each(["downloadToBuffer", "submitTransaction"])(
    "is taken in its newer version (before %s)",
    async (call) => {
      await deliverAddresses();
      await drop(around, personName(), personFile(week));
      let replaced = false;
      const faulty = faultyStorage(around.storage, (_, name) => {
        if (name !== call || replaced) return "none";
        replaced = true;
        return () => drop(around, personName(), personFile({ ...week, variant: "b" }));
      });
      await ingestDelivery(personName(), surroundingsOver(faulty.storage, account));
      await ingestDelivery(personName(), around);
      const complete = (await persons()).filter((line) => line.includes("complete"));
      expect(replaced).toBe(true);
      expect(complete).toEqual(["2026-11-20 1 complete"]);
      const deliveries = await listDeliveries(around.storage.table("Deliveries"), "ewo-alw");
      expect(deliveries.every(({ state }) => state === "complete" || state === "superseded")).toBe(true);
    },
  );

  test("leaves nothing under way when it was deleted", async () => {
    await drop(around, personName(), personFile(week));
    await ingestDelivery(personName(), around); // waits for addresses
    await around.storage.container("exports").deleteBlob(personName());
    await deliverAddresses();
    await workOffQueue(around);
    expect(await persons()).toEqual(["2026-11-20 1 superseded"]);
  });
});

describe("decideDelivery()", () => {
  async function heldDelivery() {
    await deliverAddresses();
    await deliver(personName(1, "2026-11-13"), personFile({ ...week, day: "2026-11-13", persons: 80 }));
    await deliver(personName(), personFile(week));
    const deliveries = await listDeliveries(around.storage.table("Deliveries"), "ewo-alw");
    const held = deliveries.find(({ state }) => state === "held");
    if (held === undefined) throw new Error("Expected a held delivery");
    return held;
  }

  test("releases a held delivery, with who, what, when and why in its row", async () => {
    const { id } = await heldDelivery();
    const decision = { who: "b1", what: "freigeben", why: "Umzug der Unterkunft" } as const;
    expect(await decideDelivery(id, decision, around)).toBe("done");
    await workOffQueue(around);
    expect(await persons()).toEqual(["2026-11-13 1 complete", "2026-11-20 1 complete"]);
    const deliveries = await listDeliveries(around.storage.table("Deliveries"), "ewo-alw");
    const released = deliveries.find((delivery) => delivery.id === id);
    expect(released?.decisions).toEqual([{ ...decision, when: "2026-11-23T05:00:00.000Z" }]);
    expect(await decideDelivery(id, decision, around)).toBe("conflict");
  });

  test("refuses a held delivery and deletes its records", async () => {
    const { id, blockCount } = await heldDelivery();
    expect(await decideDelivery(id, { who: "b1", what: "zurueckweisen", why: "" }, around)).toBe("done");
    await workOffQueue(around);
    expect(await persons()).toEqual(["2026-11-13 1 complete", "2026-11-20 1 rejected H-013"]);
    const reading = readColumns(around.storage.table("Records"), { id, blockCount }, { alter: "u8" });
    await expect(reading).rejects.toThrow("found 0 blocks");
  });

  test("does not release over a higher number", async () => {
    const { id } = await heldDelivery();
    await deliver(personName(2), personFile({ ...week, persons: 81 }));
    expect(await decideDelivery(id, { who: "b1", what: "freigeben", why: "" }, around)).toBe("conflict");
  });

  test("knows no other id", async () => {
    const decision = { who: "b1", what: "freigeben", why: "" } as const;
    expect(await decideDelivery("ewo-alw-2026-11-20-000000000000", decision, around)).toBe("unknown");
    expect(await decideDelivery("../x", decision, around)).toBe("unknown");
  });
});
