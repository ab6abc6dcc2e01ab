import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ExcelJS from "exceljs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Graph, startGraph } from "../../local/graph/start-graph.ts";
import { decideRelease } from "../../shared/azure/decide-release.ts";
import { type Library, openLibrary } from "../../shared/azure/graph.ts";
import { publishRelease } from "../../shared/azure/publish-release.ts";
import { findRelease, handOnRelease, moveRelease, openRelease } from "../../shared/azure/release-store.ts";
import { isSameWorkbook } from "../../shared/azure/same-workbook.ts";
import type { Surroundings } from "../../shared/azure/surroundings.ts";
import { officeSchema } from "../../shared/registers/office.ts";
import { publicationPlan } from "../../shared/release/plan.ts";
import { reportWeekOf } from "../../shared/release/report-week.ts";
import { type Emulator, startEmulator, surroundingsOf } from "./emulator.ts";

const folder = "Bevölkerung #1 aktuell";
const id = "2026-KW47-0123456789ab";
const office = officeSchema.parse({ name: "Stadt Musterstadt", kontakt: { stelle: "Statistikstelle" } });
const week = reportWeekOf("2026-11-20");

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.stop());

type Stage = {
  readonly around: Surroundings;
  readonly graph: Graph;
  readonly library: Library;
  readonly directory: string;
};

/** A release of three files that waits for its publication, and a library of its own. */
async function stage(
  files: Readonly<Record<string, Uint8Array>> = sampleFiles(),
  state: "held" | "publishing" = "publishing",
): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), "publish-"));
  const graph = await startGraph({ directory, token: "token" });
  const around = await surroundingsOf(emulator.freshAccount());
  const releases = around.storage.table("Releases");
  await openRelease(releases, {
    id,
    week: week.week,
    referenceDate: week.referenceDate,
    now: "2026-11-23T05:00:00Z",
  });
  const container = around.storage.container("releases");
  const hashed = Object.entries(files).map(([path, bytes]) => ({ path, sha256: hash(bytes) }));
  for (const [path, bytes] of Object.entries(files))
    await container.getBlockBlobClient(`${id}/${path}`).uploadData(bytes);
  // These files are no report; what opens and attacks them has cases of its own.
  const { actions } = publicationPlan(id, hashed, week, office);
  const carried = actions.filter(({ kind }) => kind === "upload" || kind === "record-published");
  const plan = JSON.stringify({ releaseId: id, actions: carried });
  await container.getBlockBlobClient(`${id}/plan.json`).upload(plan, Buffer.byteLength(plan));
  await moveRelease(releases, id, "audited", { planHash: hash(Buffer.from(plan)) });
  await moveRelease(releases, id, state);
  const settings = { graphUrl: graph.url, driveId: graph.driveId, folder, organisation: "Musterstadt" };
  return { around, graph, directory, library: openLibrary(settings, async () => "token") };
}

function sampleFiles(): Readonly<Record<string, Uint8Array>> {
  return {
    "Bevoelkerung_aktuell.xlsx": Buffer.from("workbook"),
    "T01_Eckwerte.csv": Buffer.from("a;b\r\n"),
    "release.json": Buffer.from("{}"),
  };
}

async function onStage(given: Stage, act: (given: Stage) => Promise<void>): Promise<void> {
  try {
    await act(given);
  } finally {
    await given.graph.stop();
    await rm(given.directory, { recursive: true, force: true });
  }
}

async function libraryFiles({ directory }: Stage): Promise<readonly string[]> {
  const entries = await readdir(join(directory, "sharepoint", folder), {
    recursive: true,
    withFileTypes: true,
  });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).split(`${folder}/`)[1] ?? "")
    .sort();
}

function writes({ graph }: Stage): readonly string[] {
  return graph.history
    .filter(({ method }) => method === "PUT")
    .map(({ path, status }) => `${decodeURIComponent(path).split(`${folder}/`)[1]} ${status}`);
}

const published = [
  "Bevoelkerung_aktuell.xlsx",
  "archiv/2026/Bevoelkerung_aktuell_2026-KW47.xlsx",
  "daten/2026-KW47/T01_Eckwerte.csv",
  "daten/2026-KW47/release.json",
];

describe("publishRelease()", () => {
  test("puts every file where the plan says and records the state last", async () => {
    await onStage(await stage(), async (given) => {
      const release = await publishRelease(given.around, given.library, id);
      expect(release.state).toBe("published");
      expect(await libraryFiles(given)).toEqual(published);
    });
  });

  test("writes nothing when it is repeated", async () => {
    await onStage(await stage(), async (given) => {
      await publishRelease(given.around, given.library, id);
      const before = writes(given);
      await publishRelease(given.around, given.library, id);
      expect(writes(given)).toEqual(before);
    });
  });

  test("writes beside the workbook when somebody has it open, and says so", async () => {
    await onStage(await stage(), async (given) => {
      given.graph.faults.lock(`${folder}/Bevoelkerung_aktuell.xlsx`);
      const release = await publishRelease(given.around, given.library, id);
      expect(release).toMatchObject({
        state: "published",
        publishedBeside: "Bevoelkerung_aktuell_2026-11-20.xlsx",
      });
      expect(await libraryFiles(given)).toContain("Bevoelkerung_aktuell_2026-11-20.xlsx");
    });
  });

  test("ends with the same library wherever it is interrupted", async () => {
    for (let failAt = 1; failAt <= 16; failAt++) {
      await onStage(await stage(), async (given) => {
        await expectInterrupted(publishRelease(given.around, interruptedAt(given.library, failAt), id));
        const release = await publishRelease(given.around, given.library, id);
        expect(release.state, `interrupted at call ${failAt}`).toBe("published");
        expect(await libraryFiles(given)).toEqual(published);
      });
    }
  });

  test("takes a lost answer to a write that happened for what it is", async () => {
    await onStage(await stage(), async (given) => {
      given.graph.faults.add({ kind: "reset-after", method: "PUT" });
      await expectInterrupted(publishRelease(given.around, given.library, id));
      expect((await publishRelease(given.around, given.library, id)).state).toBe("published");
      expect(
        writes(given).filter((line) => line.startsWith("daten/2026-KW47/T01_Eckwerte.csv")),
      ).toHaveLength(1);
    });
  });

  test("waits and repeats when the service asks for it", async () => {
    await onStage(await stage(), async (given) => {
      given.graph.faults.add({ kind: "status", status: 429, retryAfterSeconds: 0, method: "PUT" });
      expect((await publishRelease(given.around, given.library, id)).state).toBe("published");
    });
  });

  test("refuses a file that is not the audited one", async () => {
    await onStage(await stage(), async (given) => {
      await given.around.storage
        .container("releases")
        .getBlockBlobClient(`${id}/T01_Eckwerte.csv`)
        .uploadData(Buffer.from("1;2"));
      await expect(publishRelease(given.around, given.library, id)).rejects.toThrow(
        /must be the one that was audited/,
      );
      expect(writes(given)).toEqual([]);
    });
  });

  test("sends a file from 4 MiB on in ranges", async () => {
    const large = new Uint8Array(6 * 1024 * 1024).fill(7);
    await onStage(await stage({ ...sampleFiles(), "T07_Baublock.csv": large }), async (given) => {
      await publishRelease(given.around, given.library, id);
      const stored = await readFile(
        join(given.directory, "sharepoint", folder, "daten/2026-KW47/T07_Baublock.csv"),
      );
      expect(hash(stored)).toBe(hash(large));
    });
  });

  test("goes on with an upload session that was left open", async () => {
    const large = new Uint8Array(12 * 1024 * 1024).map((_, at) => at % 251);
    await onStage(await stage({ ...sampleFiles(), "T07_Baublock.csv": large }), async (given) => {
      given.graph.faults.add({ kind: "reset", method: "PUT", path: "upload", times: 1 });
      await expectInterrupted(publishRelease(given.around, given.library, id));
      expect((await publishRelease(given.around, given.library, id)).state).toBe("published");
      expect(given.graph.history.filter(({ path }) => path.includes("createUploadSession"))).toHaveLength(1);
    });
  });

  test("gives up what a corrected release of the same week has overtaken", async () => {
    await onStage(await stage(sampleFiles(), "held"), async (given) => {
      const releases = given.around.storage.table("Releases");
      await decideRelease(given.around, id, "freigeben", "person-1");
      const facts = { week: week.week, referenceDate: week.referenceDate, now: "2026-11-23T06:00:00Z" };
      const corrected = await openRelease(releases, { id: "2026-KW47-ffffffffffff", ...facts });
      await moveRelease(releases, corrected.id, "audited");
      await handOnRelease(releases, corrected);
      const release = await publishRelease(given.around, given.library, id);
      expect(release).toMatchObject({ state: "failed", reason: "überholt" });
      expect(writes(given)).toEqual([]);
    });
  });

  test("leaves the stable file to a later week that was published meanwhile", async () => {
    await onStage(await stage(sampleFiles(), "held"), async (given) => {
      const releases = given.around.storage.table("Releases");
      const facts = { week: "2026-KW48", referenceDate: "2026-11-27", now: "2026-11-30T06:00:00Z" };
      const later = await openRelease(releases, { id: "2026-KW48-ffffffffffff", ...facts });
      await moveRelease(releases, later.id, "audited");
      await handOnRelease(releases, later);
      await decideRelease(given.around, id, "freigeben", "person-1");
      expect((await publishRelease(given.around, given.library, id)).state).toBe("published");
      expect(await libraryFiles(given)).toEqual(published.slice(1));
    });
  });

  test("leaves a held release alone until an operator decides", async () => {
    await onStage(await stage(sampleFiles(), "held"), async (given) => {
      expect((await publishRelease(given.around, given.library, id)).state).toBe("held");
      expect(writes(given)).toEqual([]);
      const decided = await decideRelease(given.around, id, "freigeben", "person-1");
      expect(decided).toMatchObject({ state: "publishing", decidedBy: "person-1" });
      expect(await decideRelease(given.around, id, "zurueckweisen", "person-2")).toBeUndefined();
      expect((await publishRelease(given.around, given.library, id)).state).toBe("published");
    });
  });

  test("never publishes what an operator refused", async () => {
    await onStage(await stage(sampleFiles(), "held"), async (given) => {
      await decideRelease(given.around, id, "zurueckweisen", "person-1");
      expect((await publishRelease(given.around, given.library, id)).state).toBe("withdrawn");
      expect(writes(given)).toEqual([]);
      await expect(moveRelease(given.around.storage.table("Releases"), id, "publishing")).rejects.toThrow(
        RangeError,
      );
    });
  });
});

describe("openRelease()", () => {
  test("gives the second builder the row of the first, with its instant", async () => {
    const around = await surroundingsOf(emulator.freshAccount());
    const releases = around.storage.table("Releases");
    const facts = { id, week: week.week, referenceDate: week.referenceDate };
    await openRelease(releases, { ...facts, now: "2026-11-23T05:00:00.000Z" });
    const second = await openRelease(releases, { ...facts, now: "2026-11-23T05:10:00.000Z" });
    expect(second.now).toBe("2026-11-23T05:00:00.000Z");
  });

  test.each(["../x", "a/b", "2026-KW47", "2026-KW47-0123456789ab' or RowKey ne '", ""])(
    "finds nothing under %j",
    async (text) => {
      const around = await surroundingsOf(emulator.freshAccount());
      expect(await decideRelease(around, text, "freigeben", "person-1")).toBeUndefined();
    },
  );

  test("an unknown state stops instead of being guessed", async () => {
    const around = await surroundingsOf(emulator.freshAccount());
    const releases = around.storage.table("Releases");
    await releases.createEntity({
      partitionKey: "release",
      rowKey: id,
      state: "ready",
      week: "",
      referenceDate: "",
      now: "",
    });
    await expect(findRelease(releases, id)).rejects.toThrow(TypeError);
  });
});

describe("isSameWorkbook()", () => {
  test("knows the same sheets under other properties, and other sheets", async () => {
    const [plain, renamed, other] = [
      await workbook("Amt", 7),
      await workbook("Bibliothek", 7),
      await workbook("Amt", 8),
    ];
    expect(await isSameWorkbook(plain, renamed)).toBe(true);
    expect(await isSameWorkbook(plain, other)).toBe(false);
    expect(await isSameWorkbook(plain, Buffer.from("no archive"))).toBe(false);
  });
});

async function workbook(company: string, value: number): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  book.company = company;
  book.addWorksheet("T01").addRow([value]);
  return Buffer.from(await book.xlsx.writeBuffer());
}

function interruptedAt(library: Library, failAt: number): Library {
  let calls = 0;
  const counted = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    calls += 1;
    if (calls === failAt) throw new Error("interrupted");
    return await call();
  };
  return {
    find: (path) => counted(() => library.find(path)),
    read: (path) => counted(() => library.read(path)),
    write: (...given) => counted(() => library.write(...given)),
  };
}

/** A run that fails, or that needed fewer calls than it was to fail at. */
async function expectInterrupted(run: Promise<unknown>): Promise<void> {
  await run.catch((error: unknown) => expect(error).toBeInstanceOf(Error));
}

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
