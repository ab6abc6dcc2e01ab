import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type Graph, startGraph } from "../../local/graph/start-graph.ts";
import { buildReport } from "../../shared/azure/build-report.ts";
import { openLibrary } from "../../shared/azure/graph.ts";
import { ingestDelivery } from "../../shared/azure/ingest-delivery.ts";
import { publishRelease } from "../../shared/azure/publish-release.ts";
import type { Release } from "../../shared/azure/release-store.ts";
import { findRelease } from "../../shared/azure/release-store.ts";
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
  directory = await mkdtemp(join(tmpdir(), "build-"));
  graph = await startGraph({ directory, token: "token" });
  around = await surroundingsOf(emulator.freshAccount());
});
afterAll(async () => {
  await graph.stop();
  await emulator.stop();
  await rm(directory, { recursive: true, force: true });
});

async function deliver(name: string, content: string): Promise<void> {
  await drop(around, name, content);
  await ingestDelivery(name, around);
}

/** Builds and publishes the report as ordered at an instant. */
async function report(now: string): Promise<Release> {
  const { id } = await buildReport(around, { now });
  const settings = { graphUrl: graph.url, driveId: graph.driveId, folder, organisation: "Musterstadt" };
  return await publishRelease(
    around,
    openLibrary(settings, async () => "token"),
    id,
  );
}

/** Release that the library shows. */
async function shown(): Promise<string> {
  const path = join(directory, "sharepoint", folder, "daten/2026-KW47/release.json");
  return z.object({ releaseId: z.string() }).parse(JSON.parse(await readFile(path, "utf8"))).releaseId;
}

test("buildReport() publishes former content once more when it is in force again, and notes the order", async () => {
  const content = personFile({ day: "2026-11-20", persons: 40 });
  await deliver(addressName(), addressFile());
  await deliver(personName(1), content);
  const first = await report("2026-11-24T05:00:00Z");
  expect(await shown()).toBe(first.id);
  await deliver(personName(2), personFile({ day: "2026-11-20", persons: 41 }));
  const corrected = await report("2026-11-25T05:00:00Z");
  expect(corrected.id).not.toBe(first.id);
  expect(await shown()).toBe(corrected.id);
  await deliver(personName(3), content);
  const again = await report("2026-11-26T05:00:00Z");
  expect(again).toMatchObject({ id: first.id, state: "published", now: first.now });
  expect(await shown()).toBe(first.id);
  const writesBefore = graph.history.length;
  await report("2026-11-26T06:00:00Z");
  expect(graph.history).toHaveLength(writesBefore);
  const row = await findRelease(around.storage.table("Releases"), first.id);
  expect(row?.confirmedAt).toBe("2026-11-26T06:00:00.000Z");
}, 60_000);

/** "level code: value status" of every row of T07 of a release. */
async function areasIn(release: Release): Promise<readonly string[]> {
  const blob = around.storage.container("releases").getBlobClient(`${release.id}/T07_Baublock.csv`);
  const [, ...rows] = (await blob.downloadToBuffer()).toString("utf8").trim().split("\r\n");
  return rows.map((row) => {
    const [code, , level, , value, status] = row.split(";");
    return `${level} ${code}: ${value} ${status}`.trim();
  });
}

test("buildReport() keeps what last week's report showed below Stadtteil until it changed by 3", async () => {
  around = await surroundingsOf(emulator.freshAccount());
  await deliver(addressName(), addressFile());
  const week = async (day: string, persons: number, now: string) => {
    await deliver(personName(1, day), personFile({ day, persons }));
    return await report(now);
  };
  const first = await week("2026-11-06", 40, "2026-11-09T05:00:00Z");
  expect(await areasIn(first)).toEqual([
    "stadt T: 40",
    "stadtbezirk 1: 40",
    "stadtteil 11: 40",
    "statbezirk 111: 40",
    "baublock 11101: 20",
    "baublock 11102: 20",
  ]);
  const second = await week("2026-11-13", 41, "2026-11-16T05:00:00Z"); // 21 and 20
  expect(await areasIn(second)).toEqual([
    "stadt T: 41",
    "stadtbezirk 1: 41",
    "stadtteil 11: 41",
    "statbezirk 111: 40 h",
    "baublock 11101: 20 h",
    "baublock 11102: 20 h",
  ]);
  const third = await week("2026-11-20", 46, "2026-11-23T05:00:00Z"); // 23 and 23
  expect((await areasIn(third)).slice(3)).toEqual([
    "statbezirk 111: 46",
    "baublock 11101: 23",
    "baublock 11102: 23",
  ]);
  expect((await buildReport(around, { now: "2026-11-23T06:00:00Z" })).id).toBe(third.id);
}, 60_000);

/** The counts of all refugees in T01 of a week, by reference date. */
async function totals(week: string): Promise<Record<string, string>> {
  const path = join(directory, "sharepoint", folder, "daten", week, "T01_Eckwerte.csv");
  const rows = (await readFile(path, "utf8")).split("\r\n").map((line) => line.split(";"));
  const chosen = rows.filter((row) => row[2] === "T" && row[4] === "gefluechtete");
  return Object.fromEntries(chosen.map((row) => [row[0] ?? "", row[5] ?? ""]));
}

test("buildReport() counts an earlier week that came without a report of its own, and counts it again when it is corrected", async () => {
  around = await surroundingsOf(emulator.freshAccount());
  await deliver(addressName(), addressFile());
  await deliver(personName(1, "2026-11-13"), personFile({ day: "2026-11-13", persons: 46 }));
  await deliver(personName(1, "2026-11-06"), personFile({ day: "2026-11-06", persons: 43 }));
  await report("2026-11-16T05:00:00Z");
  expect(await totals("2026-KW46")).toMatchObject({
    "2026-11-13": "46",
    "2026-11-06": "43",
    "2026-10-16": "",
  });
  await deliver(personName(2, "2026-11-06"), personFile({ day: "2026-11-06", persons: 50 }));
  await report("2026-11-17T05:00:00Z");
  expect(await totals("2026-KW46")).toMatchObject({ "2026-11-13": "46", "2026-11-06": "50" });
}, 60_000);
