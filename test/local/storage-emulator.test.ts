import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BlobServiceClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isRunning } from "../../local/processes.ts";
import { startStorage } from "../../local/storage-emulator.ts";

describe("startStorage()", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "storage-test-"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const blobIn = (connectionString: string) =>
    BlobServiceClient.fromConnectionString(connectionString)
      .getContainerClient("kept")
      .getBlockBlobClient("b");

  it("saves when it stops", async () => {
    const first = await startStorage({ directory });
    await BlobServiceClient.fromConnectionString(first.connectionString).createContainer("kept");
    await blobIn(first.connectionString).uploadData(Buffer.from("content"));
    await first.stop();
    expect(isRunning(first.pid)).toBe(false);
    const second = await startStorage({ directory });
    expect(String(await blobIn(second.connectionString).downloadToBuffer())).toBe("content");
    await second.stop();
  });

  it("ends an emulator whose owner was killed", async () => {
    const owner = fork(fileURLToPath(new URL("./killed-owner.ts", import.meta.url)), [directory], {
      execArgv: [],
    });
    const [pid] = await once(owner, "message");
    await once(owner, "exit");
    expect(isRunning(pid)).toBe(true);
    const storage = await startStorage({ directory });
    expect(isRunning(pid)).toBe(false);
    await storage.stop();
  });

  it("refuses a directory that a running process uses", async () => {
    const storage = await startStorage({ directory });
    await expect(startStorage({ directory })).rejects.toThrow(/uses it, stop that one first/);
    await storage.stop();
  });

  it("leaves a process alone that only has the number of an old emulator", async () => {
    const record = { pid: process.pid, owner: process.pid, directory };
    await writeFile(join(directory, "emulator.json"), JSON.stringify(record));
    const storage = await startStorage({ directory });
    await storage.stop();
  });
});
