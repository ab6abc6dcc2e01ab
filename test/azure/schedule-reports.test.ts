import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { arrivalOf, createDelivery } from "../../shared/azure/delivery-store.ts";
import { handOnRelease, moveRelease, openRelease } from "../../shared/azure/release-store.ts";
import { scheduleReports } from "../../shared/azure/schedule-reports.ts";
import type { Surroundings } from "../../shared/azure/surroundings.ts";
import { deliveryId } from "../../shared/registers/delivery.ts";
import type { ReleaseState } from "../../shared/release/release-states.ts";
import { type Emulator, startEmulator, surroundingsOf } from "./emulator.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());

const tuesday = "2026-11-24T05:00:00Z"; // 06:00 in Berlin, the default day and hour
const id = "2026-KW47-0123456789ab";

/** A report of the week of `referenceDate` in a state, ordered at `now`. */
async function report(
  around: Surroundings,
  state: ReleaseState,
  now = tuesday,
  referenceDate = "2026-11-20",
) {
  const releases = around.storage.table("Releases");
  const release = await openRelease(releases, { id, week: "2026-KW47", referenceDate, now });
  if (state === "building") return;
  if (state === "failed") {
    await moveRelease(releases, id, "failed");
    return;
  }
  await moveRelease(releases, id, "audited");
  if (state === "audited") return;
  if (state === "held" || state === "withdrawn") await moveRelease(releases, id, "held");
  if (state === "withdrawn") await moveRelease(releases, id, "withdrawn");
  if (state === "publishing" || state === "published") await handOnRelease(releases, release);
  if (state === "published") await moveRelease(releases, id, "published");
}

async function foreigners(around: Surroundings, referenceDate: string, settledAt: string): Promise<void> {
  const slot = { register: "ewo-alw", part: "-", referenceDate } as const;
  const blobName = `ewo-alw/EWO-ALW_05999000_${referenceDate}_1.csv`;
  const sha256 = "a".repeat(64);
  await createDelivery(
    around.storage.table("Deliveries"),
    {
      id: deliveryId(slot, sha256),
      slot,
      sha256,
      blobName,
      etag: "0x1",
      byteLength: 1,
      state: "complete",
      receivedAt: settledAt,
      settledAt,
      uploadedAt: settledAt,
      waitingSince: settledAt,
      sequence: 1,
      ags: "",
      rowsRead: 1,
      taken: 1,
      rejected: 0,
      merged: 0,
      blockCount: 1,
      codeTableVersion: "",
      attempts: 1,
      stand: "",
      decisions: [],
    },
    arrivalOf("ewo-alw", blobName, "0x1"),
  );
}

describe("scheduleReports()", () => {
  test.each([
    ["2026-11-24T04:59:00Z", []],
    [tuesday, ["2026-11-20"]],
    ["2026-11-26T23:30:00+01:00", ["2026-11-20"]],
    ["2026-11-27T07:00:00+01:00", []],
  ])("without a report orders, at %s, %j", async (now, ordered) => {
    const around = await surroundingsOf(emulator.freshAccount(), { now });
    expect(await scheduleReports(around)).toEqual(ordered);
  });

  // Whatever may have been given up on its way is ordered again; what a person or the library has, is not.
  test.each([
    ["building", ["2026-11-20"]],
    ["audited", ["2026-11-20"]],
    ["failed", ["2026-11-20"]],
    ["held", []],
    ["publishing", []],
    ["published", []],
    ["withdrawn", []],
  ] as const)("with a report that is %s orders %j", async (state, ordered) => {
    const around = await surroundingsOf(emulator.freshAccount(), { now: "2026-11-24T09:00:00Z" });
    await report(around, state);
    expect(await scheduleReports(around)).toEqual(ordered);
    const lost = await around.storage.queue("veroeffentlichungen").receiveMessages();
    expect(lost.receivedMessageItems).toHaveLength(state === "publishing" ? 1 : 0);
  });

  test.each([
    ["of the present week, after its report", "2026-11-20", "2026-11-25T09:00:00Z", ["2026-11-20"]],
    ["of the present week, before its report", "2026-11-20", "2026-11-23T09:00:00Z", []],
    ["of the week before, whose figures the report shows", "2026-11-13", "2026-11-25T09:00:00Z", []],
  ])("a foreigners register %s", async (_, referenceDate, settledAt, ordered) => {
    const around = await surroundingsOf(emulator.freshAccount(), { now: "2026-11-25T10:00:00Z" });
    await report(around, "published");
    await foreigners(around, referenceDate, settledAt);
    expect(await scheduleReports(around)).toEqual(ordered);
  });

  test("orders a corrected former week beside the present one", async () => {
    const around = await surroundingsOf(emulator.freshAccount(), { now: "2026-12-01T06:00:00Z" });
    await report(around, "published");
    await foreigners(around, "2026-11-20", "2026-11-30T09:00:00Z");
    expect(await scheduleReports(around)).toEqual(["2026-11-27", "2026-11-20"]);
  });
});
