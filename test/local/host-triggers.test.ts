import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encode, type LocalHosts, openLocalHosts, until } from "./local-host.ts";

const hostContainer = "azure-webjobs-hosts";
const event = (name: string) => ({
  id: "1",
  eventType: "Microsoft.Storage.BlobCreated",
  subject: `/blobServices/default/containers/inbox/blobs/${name}`,
  data: { api: "PutBlob" },
});

describe("host", () => {
  let hosts: LocalHosts;
  let host: Awaited<ReturnType<LocalHosts["start"]>>;

  beforeAll(async () => {
    hosts = await openLocalHosts();
    host = await hosts.start();
  });
  afterAll(() => hosts.stop());

  const runsOf = async (name: string, count: number) => {
    const all = await hosts.results((results) => results.filter((one) => one.name === name).length >= count);
    return all.filter((one) => one.name === name);
  };

  it("streams a blob to the function by a client and names its placeholders", async () => {
    const inbox = await hosts.container("inbox");
    await inbox.getBlockBlobClient("ewo/2026.csv").uploadData(Buffer.alloc(3_000_000, "x"));
    expect(await runsOf("inbox/ewo/2026.csv", 1)).toEqual([
      { kind: "blob", name: "inbox/ewo/2026.csv", folder: "ewo", bytes: 3_000_000 },
    ]);
  });

  it("hands over bytes where no client is asked for", async () => {
    const whole = await hosts.container("whole");
    await whole.getBlockBlobClient("file").uploadData(Buffer.from("four"));
    const all = await hosts.results((results) => results.some((one) => one.kind === "bytes"));
    expect(all.find((one) => one.kind === "bytes")).toEqual({ kind: "bytes", isBuffer: true, length: 4 });
  });

  it("leaves a blob alone whose name does not fit the path", async () => {
    const inbox = await hosts.container("inbox");
    await inbox.getBlockBlobClient("ewo/other.txt").uploadData(Buffer.from("no"));
    await inbox.getBlockBlobClient("ewo/fits.csv").uploadData(Buffer.from("yes"));
    await runsOf("inbox/ewo/fits.csv", 1);
    expect(await runsOf("inbox/ewo/other.txt", 0)).toEqual([]);
  });

  it("runs once more for a blob that was overwritten", async () => {
    const blob = (await hosts.container("inbox")).getBlockBlobClient("ewo/twice.csv");
    await blob.uploadData(Buffer.from("1"));
    await runsOf("inbox/ewo/twice.csv", 1);
    await blob.uploadData(Buffer.from("22"));
    expect((await runsOf("inbox/ewo/twice.csv", 2)).map((one) => one.bytes)).toEqual([1, 2]);
  });

  it("runs twice for an event that comes twice, because no receipt is looked at", async () => {
    const blob = (await hosts.container("inbox")).getBlockBlobClient("ewo/event.csv");
    await blob.uploadData(Buffer.from("1"));
    await runsOf("inbox/ewo/event.csv", 1);
    const body = JSON.stringify([event("ewo/event.csv"), event("ewo/gone.csv")]);
    const url = `${host.url}/runtime/webhooks/blobs?functionName=Host.Functions.readBlob&code=${host.keys.blobs}`;
    expect((await fetch(url, { method: "POST", body })).status).toBe(202);
    expect(await runsOf("inbox/ewo/event.csv", 2)).toHaveLength(2);
    expect((await fetch(url.replace(/code=.*/, "code=x"), { method: "POST", body })).status).toBe(401);
  });

  it("marks the receipt complete under the name the host in Azure uses", async () => {
    const blob = (await hosts.container("inbox")).getBlockBlobClient("ewo/receipt.csv");
    const { etag } = await blob.uploadData(Buffer.from("1"));
    await runsOf("inbox/ewo/receipt.csv", 1);
    const name = `blobreceipts/localhost-1/Host.Functions.readBlob/${etag}/inbox/ewo/receipt.csv`;
    const receipt = hosts.blobs.getContainerClient(hostContainer).getBlobClient(name);
    await until(async () => !("incomplete" in ((await receipt.getProperties()).metadata ?? {})));
  });

  it("gives a blob up after five tries", async () => {
    const inbox = await hosts.container("inbox");
    await inbox.getBlockBlobClient("ewo/broken.csv").uploadData(Buffer.from("1"));
    const [text = ""] = await hosts.textsIn("webjobs-blobtrigger-poison", 1);
    expect(JSON.parse(Buffer.from(text, "base64").toString())).toMatchObject({
      Type: "BlobTrigger",
      FunctionId: "Host.Functions.readBlob",
      ContainerName: "inbox",
      BlobName: "ewo/broken.csv",
    });
  });

  it("hands a message to the function and deletes it", async () => {
    const queue = await hosts.queue("work");
    await queue.sendMessage(encode("one"));
    const all = await hosts.results((results) => results.some((one) => one.message === "one"));
    expect(all.find((one) => one.message === "one")).toEqual({ kind: "queue", message: "one", count: 1 });
    await until(async () => (await queue.getProperties()).approximateMessagesCount === 0);
  });

  it("gives a message up after five tries", async () => {
    await (await hosts.queue("work")).sendMessage(encode("fail"));
    expect(await hosts.textsIn("work-poison", 1)).toEqual([encode("fail")]);
  });

  it("sends a text that is not base64 to the poison queue unread", async () => {
    await (await hosts.queue("work")).sendMessage("plain text!");
    expect(await hosts.textsIn("work-poison", 1)).toEqual(["plain text!"]);
  });

  it("runs a timer now when the master key asks for it", async () => {
    const before = await hosts.results(() => true);
    await host.runTimer("tick");
    const isNew = (one: { kind: string }) => one.kind === "timer";
    const count = before.filter(isNew).length;
    const all = await hosts.results((results) => results.filter(isNew).length > count);
    expect(all.filter(isNew).at(-1)).toEqual({ kind: "timer", isPastDue: false });
    const refused = await fetch(`${host.url}/admin/functions/tick`, { method: "POST" });
    expect(refused.status).toBe(401);
  });
});

describe("host after a kill", () => {
  let hosts: LocalHosts;
  beforeAll(async () => {
    hosts = await openLocalHosts();
  });
  afterAll(() => hosts.stop());

  it("delivers again what was running, and runs a blob again whose receipt is gone", async () => {
    const inbox = await hosts.container("inbox");
    const { etag } = await inbox.getBlockBlobClient("ewo/a.csv").uploadData(Buffer.from("1"));
    const first = await hosts.start({ messageLeaseMs: 1_000 });
    await hosts.results((results) => results.some((one) => one.name === "inbox/ewo/a.csv"));
    await (await hosts.queue("work")).sendMessage(encode("hang"));
    const gates = await hosts.container("gates");
    await until(() => gates.getBlobClient("reached").exists());
    await first.kill();
    expect(await first.exited).toBeUndefined();

    const receipts = hosts.blobs.getContainerClient(hostContainer);
    const receipt = receipts.getBlobClient(
      `blobreceipts/localhost-1/Host.Functions.readBlob/${etag}/inbox/ewo/a.csv`,
    );
    await receipt.delete();
    await gates.getBlockBlobClient("open").upload("", 0);
    await hosts.start({ messageLeaseMs: 1_000 });
    const all = await hosts.results((results) => results.length >= 3);
    expect(all.filter((one) => one.name === "inbox/ewo/a.csv")).toHaveLength(2);
    expect(all.filter((one) => one.message === "hang")).toEqual([
      { kind: "queue", message: "hang", count: 2 },
    ]);
  });

  it("waits for a timer's lease that another host holds, then runs the missed occurrence as past due", async () => {
    const state = hosts.blobs.getContainerClient(hostContainer);
    const status = JSON.stringify({
      Last: "2026-01-01T03:00:00Z",
      Next: "2026-01-02T03:00:00Z",
      LastUpdated: "2026-01-01T03:00:00Z",
    });
    const place = "other-host/Host.Functions.tick";
    await state.getBlockBlobClient(`timers/${place}/status`).upload(status, status.length);
    const lock = state.getBlockBlobClient(`locks/${place}.Listener`);
    await lock.upload("", 0);
    const lease = lock.getBlobLeaseClient();
    await lease.acquireLease(60);
    const host = await hosts.start({ hostId: "other-host" });
    expect((await fetch(`${host.url}/echo/1`)).status).toBe(200);
    expect((await hosts.results(() => true)).filter((one) => one.kind === "timer")).toEqual([]);
    await lease.releaseLease();
    const all = await hosts.results((results) => results.some((one) => one.kind === "timer"));
    expect(all.find((one) => one.kind === "timer")).toEqual({ kind: "timer", isPastDue: true });
  });

  it("renews a message's lease while it works, and gets over a timer's lease that was taken away", async () => {
    const gates = await hosts.container("gates");
    await gates.getBlobClient("open").deleteIfExists();
    await gates.getBlobClient("reached").deleteIfExists();
    await (await hosts.queue("work")).sendMessage(encode("hang"));
    await until(() => gates.getBlobClient("reached").exists());

    const lock = hosts.blobs
      .getContainerClient(hostContainer)
      .getBlobClient("locks/other-host/Host.Functions.tick.Listener");
    const lease = lock.getBlobLeaseClient();
    await lease.breakLease(0);
    await lease.acquireLease(15);
    await until(async () => hosts.shown().some((line) => line.includes("timer tick: its lease is lost")));
    await lease.releaseLease();
    await until(async () => (await lock.getProperties()).leaseState === "leased");

    await gates.getBlockBlobClient("open").upload("", 0);
    const hung = await hosts.results((results) => results.filter((one) => one.message === "hang").length > 1);
    expect(hung.filter((one) => one.message === "hang").at(-1)).toMatchObject({ count: 1 });
  });
});
