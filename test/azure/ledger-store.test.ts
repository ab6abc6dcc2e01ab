import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createClients, type StorageClients } from "../../shared/azure/clients.ts";
import { entryName } from "../../shared/azure/ledger-record.ts";
import { type Recorded, readHistory, recordShowing, verifyLedger } from "../../shared/azure/ledger-store.ts";
import { sha256 } from "../../shared/azure/sha256.ts";
import { emptyLedger, type LedgerHead, type Showing } from "../../shared/disclosure/ledger/ledger.ts";
import { readEntry } from "../../shared/disclosure/ledger/ledger-file.ts";
import { fridays, showingAt, shownTable, universeAt } from "../spec/disclosure/ledger-text.ts";
import { type Emulator, startEmulator, surroundingsOf } from "./emulator.ts";
import { type Fault, faultyStorage } from "./faults.ts";

let emulator: Emulator;
let connectionString: string;
let storage: StorageClients;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());
beforeEach(async () => {
  connectionString = emulator.freshAccount();
  storage = (await surroundingsOf(connectionString)).storage;
});

const [firstFriday, secondFriday, thirdFriday] = fridays;

function tableAt(universe: string, count = 50) {
  return shownTable(
    `
          |  T
      T   | ${count}
      101 | ${count}`,
    { universe },
  );
}

function reportAt(friday: (typeof fridays)[number], count?: number): Showing {
  return showingAt(friday, [tableAt(universeAt(friday), count)]);
}

/** What shares no count with any report, and none with another of these. */
function requestOf(name: string): Showing {
  return { ...showingAt(secondFriday, [tableAt(`${name}||2026-11-13`)], name), kind: "request" };
}

async function record(showing: Showing): Promise<LedgerHead> {
  const { audited } = await readHistory(storage, { release: showing.release, universes: [] });
  const recorded = await recordShowing(storage, showing, audited);
  if (recorded.kind !== "recorded") throw new TypeError("Expected the showing to be recorded");
  return recorded.entry;
}

async function recordThreeWeeks(): Promise<void> {
  for (const friday of [firstFriday, secondFriday, thirdFriday]) await record(reportAt(friday));
}

async function bytesOf(sequence: number): Promise<Buffer> {
  return await storage.container("ledger").getBlobClient(entryName(sequence)).downloadToBuffer();
}

async function releasesInOrder(): Promise<readonly string[]> {
  const releases: string[] = [];
  for await (const { name } of storage.container("ledger").listBlobsFlat()) {
    const bytes = await storage.container("ledger").getBlobClient(name).downloadToBuffer();
    releases.push(readEntry(bytes).release);
  }
  return releases;
}

/** Puts an entry where and as the service would not let the app put it. */
async function replace(
  sequence: number,
  change: (entry: { readonly bytes: Buffer; readonly metadata: Record<string, string> }) => {
    readonly bytes?: Uint8Array;
    readonly metadata?: Record<string, string>;
  },
): Promise<void> {
  const blob = storage.container("ledger").getBlockBlobClient(entryName(sequence));
  const { metadata = {} } = await blob.getProperties();
  const entry = { bytes: await blob.downloadToBuffer(), metadata };
  const next = { ...entry, ...change(entry) };
  await blob.upload(next.bytes, next.bytes.length, { metadata: next.metadata });
}

describe("recordShowing()", () => {
  test("chains the entries: each carries the hash of the bytes before it", async () => {
    expect(await verifyLedger(storage)).toEqual(emptyLedger);
    await recordThreeWeeks();
    const [first, second, third] = [await bytesOf(1), await bytesOf(2), await bytesOf(3)];
    expect(readEntry(first)).toEqual({ ...reportAt(firstFriday), sequence: 1, previous: "" });
    expect(readEntry(second).previous).toBe(sha256(first));
    expect(readEntry(third).previous).toBe(sha256(second));
    expect(await verifyLedger(storage)).toEqual({ sequence: 3, hash: sha256(third) });
  });

  test("repeated, it appends nothing, also after others came behind", async () => {
    const first = await record(reportAt(firstFriday));
    await record(reportAt(secondFriday));
    expect(await record(reportAt(firstFriday))).toEqual(first);
    expect(await recordShowing(storage, reportAt(firstFriday), emptyLedger)).toEqual({
      kind: "recorded",
      entry: first,
    });
    expect(await releasesInOrder()).toEqual(["report 2026-11-06", "report 2026-11-13"]);
  });

  test("refuses the same release with other content, and names the entry", async () => {
    await recordThreeWeeks();
    await expect(record(reportAt(secondFriday, 51))).rejects.toThrow(
      new RangeError("Cannot record a release again: entry 2 of the ledger must show the same"),
    );
  });

  test("is overtaken by a showing of the same counts that it was not audited with, and by no other", async () => {
    await record(reportAt(firstFriday));
    const { audited } = await readHistory(storage, { release: "report 2026-11-13", universes: [] });
    await record(requestOf("schueler"));
    const withheld = { name: "T07", universe: "", dimensions: [], cells: [] };
    const { tables, ...request } = requestOf("faelle");
    await record({ ...request, tables: [...tables, withheld] });
    const report = { ...reportAt(secondFriday), tables: [...reportAt(secondFriday).tables, withheld] };
    expect(await recordShowing(storage, report, audited)).toMatchObject({
      kind: "recorded",
      entry: { sequence: 4 },
    });
    expect(await recordShowing(storage, reportAt(thirdFriday), audited)).toEqual({ kind: "overtaken" });
    expect(await verifyLedger(storage)).toMatchObject({ sequence: 4 });
  });

  test("refuses a head that is not in the ledger: what was audited is another history", async () => {
    await recordThreeWeeks();
    await expect(
      recordShowing(storage, requestOf("schueler"), { sequence: 2, hash: "0".repeat(64) }),
    ).rejects.toThrow(new RangeError("Cannot trust the ledger: entry 2 must be the one that was noted"));
    await expect(
      recordShowing(storage, requestOf("schueler"), { sequence: 7, hash: "0".repeat(64) }),
    ).rejects.toThrow(new RangeError("Cannot trust the ledger: entry 7 must be the one that was noted"));
  });

  test("appenders side by side, each with its own clients, get a number each and lose none", async () => {
    const names = ["eins", "zwei", "drei", "vier", "fuenf", "sechs"];
    const clients = names.map(() => createClients({ kind: "connection-string", connectionString }));
    const recorded = await Promise.all(
      clients.map((client, at) => recordShowing(client, requestOf(names[at] ?? ""), emptyLedger)),
    );
    const sequences = recorded.flatMap((each) => (each.kind === "recorded" ? [each.entry.sequence] : []));
    expect(sequences.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await releasesInOrder()).toSorted()).toEqual(names.toSorted());
    expect(await verifyLedger(storage)).toMatchObject({ sequence: 6 });
  });

  test("two builders of one release meet in one entry; of two releases of the same counts one is overtaken", async () => {
    const [one, other] = [0, 1].map(() => createClients({ kind: "connection-string", connectionString }));
    if (one === undefined || other === undefined) throw new TypeError("Expected two clients");
    const twins = await Promise.all(
      [one, other].map((client) => recordShowing(client, reportAt(firstFriday), emptyLedger)),
    );
    expect(twins[0]).toEqual(twins[1]);
    const head = await verifyLedger(storage);
    expect(head.sequence).toBe(1);
    const rivals = await Promise.all([
      recordShowing(one, reportAt(secondFriday), head),
      recordShowing(other, reportAt(thirdFriday), head),
    ]);
    expect(rivals.map(({ kind }) => kind).toSorted()).toEqual(["overtaken", "recorded"]);
    expect(await verifyLedger(storage)).toMatchObject({ sequence: 2 });
  });

  test("killed at any call, before or after it took effect, and repeated, it leads to one entry", async () => {
    await record(reportAt(firstFriday));
    const showings = ["a", "b", "c", "d", "e", "f"].map(requestOf);
    let killed = 0;
    for (const showing of showings) {
      const after = killed % 2 === 1;
      const at = 1 + Math.floor(killed / 2);
      const fault: Fault = (n) => (n === at ? (after ? "crash-after" : "crash-before") : "none");
      const faulty = faultyStorage(storage, fault);
      const { audited } = await readHistory(storage, { release: showing.release, universes: [] });
      await recordShowing(faulty.storage, showing, audited).catch(() => undefined);
      killed += 1;
      await recordShowing(storage, showing, audited);
    }
    expect(await releasesInOrder()).toEqual(["report 2026-11-06", ...showings.map(({ release }) => release)]);
    expect(await verifyLedger(storage)).toMatchObject({ sequence: 7 });
  });

  test("killed after its entry was written, and repeated after somebody else's, it appends nothing", async () => {
    const faulty = faultyStorage(storage, (_, name) => (name === "upload" ? "crash-after" : "none"));
    await expect(recordShowing(faulty.storage, reportAt(firstFriday), emptyLedger)).rejects.toThrow(
      "crashed",
    );
    await record(requestOf("schueler"));
    expect(await recordShowing(storage, reportAt(firstFriday), emptyLedger)).toMatchObject({
      kind: "recorded",
      entry: { sequence: 1 },
    });
    expect(await releasesInOrder()).toEqual(["report 2026-11-06", "schueler"]);
  });

  test("finds its place when another one writes between its look and its write", async () => {
    let others: Promise<LedgerHead> | undefined;
    const faulty = faultyStorage(storage, (_, name) =>
      name !== "upload" || others !== undefined
        ? "none"
        : async () => {
            others = record(requestOf("schueler"));
            await others;
          },
    );
    const recorded: Recorded = await recordShowing(faulty.storage, requestOf("faelle"), emptyLedger);
    expect(recorded).toMatchObject({ kind: "recorded", entry: { sequence: 2 } });
    expect(await releasesInOrder()).toEqual(["schueler", "faelle"]);
  });

  test("ends with an error where storage neither lists an entry nor takes it", async () => {
    const container = storage.container("ledger");
    const blind = {
      ...storage,
      container: () =>
        new Proxy(container, {
          get: (target, property) =>
            property === "listBlobsFlat" ? async function* () {} : Reflect.get(target, property, target),
        }),
    };
    await record(reportAt(firstFriday));
    await expect(recordShowing(blind, requestOf("faelle"), emptyLedger)).rejects.toThrow(
      "Cannot append entry 1 to the ledger: storage must list it or take it",
    );
  });
});

describe("readHistory()", () => {
  test("reads only what showed the same universe, or counted the same since a date", async () => {
    await recordThreeWeeks();
    await record(requestOf("schueler"));
    const read = async (countedFrom?: string) => {
      const universes = [universeAt(thirdFriday)];
      const order = { release: "new", universes, ...(countedFrom !== undefined && { countedFrom }) };
      const { audited, entries } = await readHistory(storage, order);
      expect(audited.sequence).toBe(4);
      return entries.map(({ release }) => release);
    };
    expect(await read()).toEqual(["report 2026-11-20"]);
    expect(await read(secondFriday)).toEqual(["report 2026-11-13", "report 2026-11-20"]);
    expect(await read("2000-01-01")).toEqual(["report 2026-11-06", "report 2026-11-13", "report 2026-11-20"]);
  });

  test("gives a release that is recorded the history it had, and its head", async () => {
    await recordThreeWeeks();
    const all = { universes: [firstFriday, secondFriday, thirdFriday].map(universeAt) };
    const { audited, entries } = await readHistory(storage, { release: "report 2026-11-13", ...all });
    expect(audited).toEqual({ sequence: 1, hash: sha256(await bytesOf(1)) });
    expect(entries.map(({ release }) => release)).toEqual(["report 2026-11-06"]);
  });

  test("reads entries whose universes are too many to be listed", async () => {
    const months = Array.from({ length: 800 }, (_, month) => tableAt(`personen||${3000 + month}-01`));
    await record(showingAt(firstFriday, months, "many"));
    const { metadata } = await storage.container("ledger").getBlobClient(entryName(1)).getProperties();
    expect(metadata?.["universes"]).toBe("*");
    const found = async (universe: string) =>
      (await readHistory(storage, { release: "new", universes: [universe] })).entries.length;
    expect([await found("personen||3799-01"), await found("schueler||2026-11-13")]).toEqual([1, 1]);
  });

  test("a release may have any name", async () => {
    await record({ ...reportAt(firstFriday), release: "Anfrage „Köln“ 50 %" });
    expect(await verifyLedger(storage)).toMatchObject({ sequence: 1 });
    const order = { release: "Anfrage „Köln“ 50 %", universes: [universeAt(firstFriday)] };
    expect(await readHistory(storage, order)).toEqual({ audited: emptyLedger, entries: [] });
  });
});

describe("a ledger that was tampered with releases nothing", () => {
  beforeEach(recordThreeWeeks);

  const everything = { release: "new", universes: [firstFriday, secondFriday, thirdFriday].map(universeAt) };

  async function expectRefused(message: string): Promise<void> {
    const error = new RangeError(`Cannot trust the ledger: ${message}`);
    await expect(readHistory(storage, everything)).rejects.toThrow(error);
    await expect(verifyLedger(storage)).rejects.toThrow(error);
  }

  test("changed content", async () => {
    await replace(2, ({ bytes }) => ({ bytes: Buffer.from(bytes.toString().replace("50", "60")) }));
    await expectRefused("entry 2 must have the hash of the chain");
  });

  test("changed content with its hash", async () => {
    await replace(2, ({ bytes, metadata }) => {
      const changed = Buffer.from(bytes.toString().replace("50", "60"));
      return { bytes: changed, metadata: { ...metadata, hash: sha256(changed) } };
    });
    await expectRefused("entry 3 must carry the hash of the entry before it");
    await expect(record(requestOf("schueler"))).rejects.toThrow("entry 3 must carry");
  });

  test("a deleted entry, in the middle and at the beginning", async () => {
    await storage.container("ledger").deleteBlob(entryName(2));
    await expectRefused("entry 2 must stand before entry 3");
    await storage.container("ledger").deleteBlob(entryName(1));
    await expectRefused("entry 1 must stand before entry 3");
  });

  test("swapped content", async () => {
    const [second, third] = [await bytesOf(2), await bytesOf(3)];
    await replace(2, () => ({ bytes: third }));
    await replace(3, () => ({ bytes: second }));
    await expect(verifyLedger(storage)).rejects.toThrow(/entry [23] must have the hash of the chain/);
  });

  test("an entry copied to a new number", async () => {
    const { metadata } = await storage.container("ledger").getBlobClient(entryName(3)).getProperties();
    const bytes = await bytesOf(3);
    const copy = storage.container("ledger").getBlockBlobClient(entryName(4));
    await copy.upload(bytes, bytes.length, { ...(metadata !== undefined && { metadata }) });
    await expectRefused("entry 4 must carry the hash of the entry before it");
    await copy.setMetadata({ ...metadata, previous: sha256(bytes) });
    await expectRefused("entry 4 must be what its metadata tell");
  });

  test("metadata that hide what an entry shows, found when the whole ledger is read", async () => {
    await replace(2, ({ metadata }) => ({ metadata: { ...metadata, universes: "-" } }));
    await expect(verifyLedger(storage)).rejects.toThrow(
      new RangeError("Cannot trust the ledger: entry 2 must be what its metadata tell"),
    );
  });

  test("missing or malformed metadata", async () => {
    await replace(2, ({ metadata }) => ({ metadata: { ...metadata, hash: "geheim" } }));
    await expectRefused("entry 2 must have the declared metadata");
    await replace(2, () => ({ metadata: {} }));
    await expectRefused("entry 2 must have the declared metadata");
  });

  test("a file that is no entry", async () => {
    await storage.container("ledger").uploadBlockBlob("geheim.json", "{}", 2);
    await expectRefused("every file must have the name of an entry");
  });

  test("a cut tail is found by the head that was noted", async () => {
    const noted = await verifyLedger(storage);
    await storage.container("ledger").deleteBlob(entryName(3));
    expect(await verifyLedger(storage)).toMatchObject({ sequence: 2 });
    await expect(verifyLedger(storage, noted)).rejects.toThrow(
      new RangeError("Cannot trust the ledger: entry 3 must be the one that was noted"),
    );
  });
});
