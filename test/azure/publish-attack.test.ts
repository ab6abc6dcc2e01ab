import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Graph, startGraph } from "../../local/graph/start-graph.ts";
import { buildReport } from "../../shared/azure/build-report.ts";
import { openLibrary } from "../../shared/azure/graph.ts";
import { ingestDelivery } from "../../shared/azure/ingest-delivery.ts";
import { recordShowing, verifyLedger } from "../../shared/azure/ledger-store.ts";
import { publishRelease } from "../../shared/azure/publish-release.ts";
import { findRelease } from "../../shared/azure/release-store.ts";
import { sha256 } from "../../shared/azure/sha256.ts";
import { readShowing } from "../../shared/azure/shown-before.ts";
import type { Surroundings } from "../../shared/azure/surroundings.ts";
import { type Emulator, startEmulator, surroundingsOf } from "./emulator.ts";
import { addressFile, addressName, drop, personFile, personName } from "./exports.ts";

const folder = "Bevoelkerung aktuell";
let emulator: Emulator;
let graph: Graph;
let directory: string;
let around: Surroundings;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "attack-"));
  graph = await startGraph({ directory, token: "token" });
  around = await surroundingsOf(emulator.freshAccount());
  await deliver(addressName(), addressFile());
  await deliver(personName(1), personFile({ day: "2026-11-20", persons: 40 }));
});
afterEach(async () => {
  await graph.stop();
  await rm(directory, { recursive: true, force: true });
});

async function deliver(name: string, content: string): Promise<void> {
  await drop(around, name, content);
  await ingestDelivery(name, around);
}

async function publish(id: string) {
  const settings = { graphUrl: graph.url, driveId: graph.driveId, folder, organisation: "Musterstadt" };
  return await publishRelease(
    around,
    openLibrary(settings, async () => "token"),
    id,
  );
}

async function ordered(): Promise<string> {
  return (await buildReport(around, { now: "2026-11-24T05:00:00Z" })).id;
}

/** Changes a file of a release, and its hash in `release.json`, as somebody would who wants it to pass. */
async function changeFile(id: string, name: string, change: (text: string) => string): Promise<void> {
  const container = around.storage.container("releases");
  const read = async (path: string) =>
    (await container.getBlobClient(`${id}/${path}`).downloadToBuffer()).toString("utf8");
  const before = await read(name);
  const after = change(before);
  expect(after).not.toBe(before);
  const provenance = (await read("release.json")).replace(
    sha256(Buffer.from(before)),
    sha256(Buffer.from(after)),
  );
  await container.getBlockBlobClient(`${id}/${name}`).uploadData(Buffer.from(after));
  await container.getBlockBlobClient(`${id}/release.json`).uploadData(Buffer.from(provenance));
}

async function librarySize(): Promise<number> {
  return (await readdir(join(directory, "sharepoint"), { recursive: true }).catch(() => [])).filter((name) =>
    /\.(csv|xlsx|json)$/.test(name),
  ).length;
}

async function ledgerSize(): Promise<number> {
  return (await verifyLedger(around.storage)).sequence;
}

describe("publishRelease() opens the files of a release before anything leaves", () => {
  test("and records what they show, once, before the first of them is uploaded", async () => {
    const id = await ordered();
    expect(await ledgerSize()).toBe(0);
    expect((await publish(id)).state).toBe("published");
    expect(await ledgerSize()).toBe(1);
    await publish(id);
    expect(await ledgerSize()).toBe(1);
  }, 60_000);

  test("a count of 1 written into a file stops everything", async () => {
    const id = await ordered();
    await changeFile(id, "T07_Baublock.csv", (text) => text.replace(";20;", ";1;"));
    expect(await publish(id)).toMatchObject({ state: "failed", reason: "attack" });
    expect(await librarySize()).toBe(0);
    expect(await ledgerSize()).toBe(0);
  }, 60_000);

  test("a workbook that shows something else than the files stops everything", async () => {
    const id = await ordered();
    const container = around.storage.container("releases");
    await container.getBlockBlobClient(`${id}/Bevoelkerung_aktuell.xlsx`).uploadData(Buffer.from("workbook"));
    expect(await publish(id)).toMatchObject({ state: "failed", reason: "attack" });
    expect(await librarySize()).toBe(0);
  }, 60_000);

  test("files that show something else than the ledger is to hold stop everything", async () => {
    const id = await ordered();
    await changeFile(id, "T05_Alter_Geschlecht.csv", (text) =>
      text.replace(/;gefluechtete;20;\r\n/, ";gefluechtete;;x\r\n"),
    );
    expect(await publish(id)).toMatchObject({ state: "failed", reason: "attack" });
    expect(await ledgerSize()).toBe(0);
  }, 60_000);

  test("a plan of other files than the audited ones is not carried out", async () => {
    const id = await ordered();
    const plan = around.storage.container("releases").getBlockBlobClient(`${id}/plan.json`);
    const text = (await plan.downloadToBuffer()).toString("utf8");
    await plan.uploadData(Buffer.from(text.replace('"attack-files"', '"record-published"')));
    await expect(publish(id)).rejects.toThrow(/its plan must be the one of its audited files/);
    expect(await librarySize()).toBe(0);
  }, 60_000);

  test("what was shown meanwhile sends the report back to be audited with it", async () => {
    const id = await ordered();
    const { showing, audited } = await readShowing(around.storage, id);
    await recordShowing(around.storage, { ...showing, release: "another", kind: "request" }, audited);
    expect(await publish(id)).toMatchObject({ state: "failed", reason: "ledger" });
    expect(await librarySize()).toBe(0);
    const again = await ordered();
    expect((await publish(again)).state).toBe("published");
    expect(await ledgerSize()).toBe(2);
  }, 60_000);

  test("a ledger whose last entry is gone stops the next report", async () => {
    await publish(await ordered());
    await around.storage.container("ledger").getBlobClient("00000001.json").delete();
    await deliver(personName(2), personFile({ day: "2026-11-20", persons: 44 }));
    await expect(ordered()).rejects.toThrow(/Cannot trust the ledger: entry 1/);
  }, 60_000);

  test("a ledger that cannot be trusted stops the report, and nothing leaves", async () => {
    const id = await ordered();
    await publish(id);
    const before = await librarySize();
    const ledger = around.storage.container("ledger");
    const first = ledger.getBlockBlobClient("00000001.json");
    const { metadata = {} } = await first.getProperties();
    const bytes = await first.downloadToBuffer();
    bytes[bytes.length - 3] = 0x20;
    await first.uploadData(bytes, { metadata });
    await deliver(personName(2), personFile({ day: "2026-11-20", persons: 44 }));
    await expect(ordered()).rejects.toThrow(/Cannot trust the ledger: entry 1/);
    expect(await librarySize()).toBe(before);
    expect((await findRelease(around.storage.table("Releases"), id))?.state).toBe("published");
  }, 60_000);
});
