import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { quickXorHash } from "../../local/graph/quick-xor-hash.ts";
import { openTestGraph, type TestGraph } from "./graph-client.ts";

const unit = 327_680;

describe("Graph stand-in, document library", () => {
  let test: TestGraph;
  let drive: string;
  beforeAll(async () => {
    test = await openTestGraph();
    drive = `/drives/${test.graph().driveId}`;
  });
  afterAll(() => test.stop());

  const put = (path: string, text: string, headers: Record<string, string> = {}, query = "") =>
    test.call("PUT", `${drive}/root:/${path}:/content${query}`, Buffer.from(text), headers);
  const session = (path: string, item: object = {}, headers: Record<string, string> = {}) =>
    test.call("POST", `${drive}/root:/${path}:/createUploadSession`, { item }, headers);

  it("keeps files as plain files, creating folders on the way", async () => {
    const created = await put("Berichte/2026/M%C3%A4rz%20%231%25.csv", "a;b");
    expect([created.status, created.json["name"], created.json["size"]]).toEqual([201, "März #1%.csv", 3]);
    const place = join(test.directory, "sharepoint/Berichte/2026/März #1%.csv");
    expect(await readFile(place, "utf8")).toBe("a;b");
    expect((await put("Berichte/2026/M%C3%A4rz%20%231%25.csv", "a;b;c")).status).toBe(200);
  });

  it("gives an item by path and by id, with hash and only the members asked for", async () => {
    const { json } = await put("item.txt", "J");
    const byId = await test.call("GET", `${drive}/items/${json.id}`);
    expect(byId.json).toMatchObject({
      name: "item.txt",
      file: { hashes: { quickXorHash: expect.any(String) } },
    });
    const byPath = await test.call("GET", `${drive}/root:/item.txt?$select=id,eTag`);
    expect(byPath.json).toEqual({ id: json.id, eTag: json.eTag });
    const below = await test.call("GET", `${drive}/items/${json.id}/content`);
    expect(below.status).toBe(302);
    const content = await fetch(below.headers.get("location") ?? "");
    expect(await content.text()).toBe("J");
  });

  it("replaces content by id and changes both tags, metadata the eTag alone", async () => {
    const first = (await put("tags.txt", "1")).json;
    const second = (await test.call("PUT", `${drive}/items/${first.id}/content`, Buffer.from("2"))).json;
    expect(second.id).toBe(first.id);
    expect(second.eTag).not.toBe(first.eTag);
    expect(second.cTag).not.toBe(first.cTag);
    expect((await test.call("POST", `${drive}/items/${first.id}/checkout`)).status).toBe(204);
    const third = (await test.call("GET", `${drive}/items/${first.id}`)).json;
    expect(third).toMatchObject({ cTag: second.cTag, publication: { level: "checkout" } });
    expect(third.eTag).not.toBe(second.eTag);
    const checkIn = { comment: "KW 47", checkInAs: "published" };
    expect((await test.call("POST", `${drive}/items/${first.id}/checkin`, checkIn)).status).toBe(204);
    expect((await test.call("POST", `${drive}/items/${first.id}/checkin`, checkIn)).status).toBe(400);
  });

  it("answers 412 to an eTag of an older version and to one of a file that is not there", async () => {
    const old = (await put("etag.txt", "1")).json.eTag ?? "";
    const present = (await put("etag.txt", "2", { "if-match": old })).json.eTag ?? "";
    expect((await put("etag.txt", "3", { "if-match": old })).status).toBe(412);
    expect((await put("etag.txt", "3", { "if-match": present })).status).toBe(200);
    expect((await put("not-there.txt", "1", { "if-match": present })).status).toBe(412);
  });

  it.each([
    ["replace", 200, "two"],
    ["fail", 409, "one"],
    ["rename", 201, "one"],
  ])("follows conflictBehavior %s", async (behavior, status, content) => {
    const name = `conflict-${behavior}.txt`;
    await put(name, "one");
    expect((await put(name, "two", {}, `?@microsoft.graph.conflictBehavior=${behavior}`)).status).toBe(
      status,
    );
    expect(await readFile(join(test.directory, "sharepoint", name), "utf8")).toBe(content);
  });

  it("answers 423 while somebody has the file open", async () => {
    await put("open.txt", "1");
    test.graph().faults.lock("open.txt");
    const refused = await put("open.txt", "2");
    expect([refused.status, refused.json.error?.code]).toEqual([423, "resourceLocked"]);
    expect((await session("open.txt", { "@microsoft.graph.conflictBehavior": "replace" })).status).toBe(423);
    test.graph().faults.unlock("open.txt");
    expect((await put("open.txt", "2")).status).toBe(200);
  });

  it("lists children in pages", async () => {
    for (const name of ["a", "b", "c"]) await put(`list/${name}.txt`, name);
    const first = await test.call("GET", `${drive}/root:/list:/children?$top=2&$select=name`);
    expect(first.json["value"]).toEqual([{ name: "a.txt" }, { name: "b.txt" }]);
    const next = await test.call("GET", String(first.json["@odata.nextLink"]));
    expect(next.json).toEqual({ value: [{ name: "c.txt" }] });
  });

  it("shares with outside readers and takes it back", async () => {
    const { id } = (await put("shared.txt", "1")).json;
    const invitation = {
      recipients: [{ email: "leser@aussen.example" }],
      roles: ["read"],
      requireSignIn: true,
      sendInvitation: true,
    };
    expect((await test.call("POST", `${drive}/items/${id}/invite`, invitation)).status).toBe(200);
    const list = await test.call("GET", `${drive}/items/${id}/permissions`);
    const [permission] = Array.isArray(list.json["value"]) ? list.json["value"] : [];
    expect(permission).toMatchObject({
      roles: ["read"],
      grantedToV2: { user: { email: "leser@aussen.example" } },
    });
    const address = `${drive}/items/${id}/permissions/${permission.id}`;
    expect((await test.call("DELETE", address)).status).toBe(204);
    expect((await test.call("DELETE", address)).status).toBe(404);
  });

  it("takes ranges in order, tells what is missing, and survives a restart", async () => {
    const content = Buffer.alloc(2 * unit + 5, "x");
    const { json } = await session("ranges.bin");
    expect(json.nextExpectedRanges).toEqual(["0-"]);
    const first = await test.range(json.uploadUrl, 0, content.subarray(0, unit), content.length);
    expect([first.status, first.json.nextExpectedRanges]).toEqual([202, [`${unit}-`]]);
    expect((await test.range(json.uploadUrl, 0, content.subarray(0, unit), content.length)).status).toBe(416);
    const beyond = content.subarray(2 * unit);
    expect((await test.range(json.uploadUrl, 2 * unit, beyond, content.length)).status).toBe(416);
    await test.restart();
    const moved = String(json.uploadUrl).replace(/^http:..[^/]+/, test.graph().url);
    const asked = await fetch(moved);
    expect(await asked.json()).toMatchObject({ nextExpectedRanges: [`${unit}-`] });
    await test.range(moved, unit, content.subarray(unit, 2 * unit), content.length);
    const last = await test.range(moved, 2 * unit, beyond, content.length);
    expect([last.status, last.json["size"]]).toEqual([201, content.length]);
    expect((await fetch(moved)).status).toBe(404);
  });

  it("refuses ranges Graph refuses", async () => {
    const { json } = await session("refused.bin");
    const url = json.uploadUrl ?? "";
    expect((await test.range(url, 0, Buffer.alloc(1_000), 2_000)).status).toBe(400);
    expect((await fetch(url, { method: "PUT", body: "x" })).status).toBe(400);
    const wrongLength = { method: "PUT", body: "xx", headers: { "content-range": "bytes 0-0/1" } };
    expect((await fetch(url, wrongLength)).status).toBe(400);
    expect((await test.call("GET", url)).status).toBe(401);
    const large = 60 * 1_048_576;
    expect((await test.range(url, 0, Buffer.alloc(large), 2 * large)).status).toBe(413);
    expect((await fetch(url, { method: "DELETE" })).status).toBe(204);
    expect((await fetch(url, { method: "DELETE" })).status).toBe(404);
  });

  it("checks a session's conditions at its beginning and at its end", async () => {
    const replace = { "@microsoft.graph.conflictBehavior": "replace" };
    const { eTag = "" } = (await put("session.txt", "1")).json;
    expect((await session("session.txt", replace, { "if-match": '"old"' })).status).toBe(412);
    expect((await session("session.txt", replace, { "if-none-match": "*" })).status).toBe(412);
    const open = await session("session.txt", replace, { "if-match": eTag });
    await put("session.txt", "2");
    expect((await test.range(open.json.uploadUrl, 0, Buffer.from("3"), 1)).status).toBe(412);
    const failing = await session("session.txt");
    const last = await test.range(failing.json.uploadUrl, 0, Buffer.from("3"), 1);
    expect([last.status, last.json.error?.code]).toEqual([409, "nameAlreadyExists"]);
  });

  it.each(["..%2f..%2fsecret", "%2e%2e/secret", "a//b", "a%00", "CON*", "a%5Cb", "%ff", "end."])(
    "refuses the path %s",
    async (path) => {
      expect([400, 404]).toContain((await put(path, "x")).status);
      await expect(readFile(join(test.directory, "secret"))).rejects.toThrow();
    },
  );

  it("refuses to follow a link out of the library", async () => {
    await mkdir(join(test.directory, "elsewhere"));
    await symlink(join(test.directory, "elsewhere"), join(test.directory, "sharepoint/link"));
    expect((await put("link/file.txt", "x")).status).toBe(400);
  });

  it("counts a file that was changed by hand as a new version, and remembers over a restart", async () => {
    const { json } = await put("hand.txt", "1");
    await test.restart();
    expect((await test.call("GET", `${drive}/items/${json.id}`)).json.eTag).toBe(json.eTag);
    await writeFile(join(test.directory, "sharepoint/hand.txt"), "changed");
    expect((await put("hand.txt", "2", { "if-match": json.eTag ?? "" })).status).toBe(412);
  });

  it("refuses what it does not know: address, method, member, option, content type, token", async () => {
    const { id } = (await put("known.txt", "1")).json;
    expect((await test.call("GET", "/me")).status).toBe(400);
    expect((await test.call("GET", "/drives/other/root:/known.txt")).status).toBe(404);
    expect((await test.call("PATCH", `${drive}/items/${id}`, { name: "x" })).status).toBe(405);
    expect((await test.call("GET", `${drive}/items/${id}?$expand=children`)).status).toBe(400);
    const unknown = await session("known.txt", { deferCommit: true });
    expect([unknown.status, unknown.json.error?.message]).toEqual([
      400,
      "These members must be as documented: item.deferCommit",
    ]);
    const plain = await test.call("POST", `${drive}/items/${id}/checkin`, Buffer.from("{}"));
    expect(plain.status).toBe(415);
    const refused = await fetch(`${test.graph().url}/v1.0${drive}/root:/known.txt`);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toEqual({
      error: {
        code: "InvalidAuthenticationToken",
        message: expect.any(String),
        innerError: { date: expect.any(String), "request-id": expect.any(String) },
      },
    });
  });

  it("fails on demand: before, after the deed, and with a cut connection", async () => {
    const { faults, history, url } = test.graph();
    faults.add({ kind: "status", status: 429, retryAfterSeconds: 7, method: "PUT", times: 2 });
    const throttled = await put("fault.txt", "1");
    expect([throttled.status, throttled.headers.get("retry-after")]).toEqual([429, "7"]);
    expect((await test.call("GET", `${drive}/root:/fault.txt`)).status).toBe(404);
    expect((await put("fault.txt", "1")).status).toBe(429);
    const add = { kind: "status-after", path: "fault.txt" };
    expect((await test.call("POST", `${url}/_faults`, { add })).status).toBe(204);
    expect((await put("fault.txt", "1")).status).toBe(504);
    expect((await test.call("GET", `${drive}/root:/fault.txt`)).status).toBe(200);
    faults.add({ kind: "reset-after", path: "fault.txt" });
    await expect(put("fault.txt", "22")).rejects.toThrow();
    expect((await test.call("GET", `${drive}/root:/fault.txt?$select=size`)).json).toEqual({ size: 2 });
    const path = `/v1.0${drive}/root:/fault.txt:/content`;
    expect(history.filter((one) => one.path === path).map((one) => one.status)).toEqual([429, 429, 504, 0]);
  });
});

describe("quickXorHash()", () => {
  it.each([
    ["", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="],
    ["Sg==", "SgAAAAAAAAAAAAAAAQAAAAAAAAA="],
    ["tbQ=", "taAFAAAAAAAAAAAAAgAAAAAAAAA="],
    ["0pZP", "0rDEEwAAAAAAAAAAAwAAAAAAAAA="],
  ])("of the bytes %s is the published value", (bytes, hash) => {
    expect(quickXorHash(Buffer.from(bytes, "base64"))).toBe(hash);
  });
});
