import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestGraph, type TestGraph } from "./graph-client.ts";

const immutable = { prefer: 'IdType="ImmutableId"' };
const to = [{ emailAddress: { address: "leserin@amt.example" } }];
const mail = {
  subject: "Bevölkerung aktuell",
  body: { contentType: "Text", content: "Grüße" },
  toRecipients: to,
};

describe("Graph stand-in, mail", () => {
  let test: TestGraph;
  let box: string;
  beforeAll(async () => {
    test = await openTestGraph();
    box = `/users/${test.graph().mailbox}`;
  });
  afterAll(() => test.stop());

  const outbox = async (folder = ""): Promise<readonly string[]> => {
    const directory = join(test.directory, "outbox", folder);
    const files = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith(".eml"));
    return Promise.all(files.map((name) => readFile(join(directory, name), "utf8")));
  };
  const attachment = (bytes: number) => ({
    "@odata.type": "#microsoft.graph.fileAttachment",
    name: "Übersicht.csv",
    contentType: "text/csv",
    contentBytes: Buffer.alloc(bytes, "a").toString("base64"),
  });

  it("keeps a draft, then sends it once", async () => {
    const { json, status } = await test.call("POST", `${box}/messages`, mail, immutable);
    expect([status, json["isDraft"]]).toEqual([201, true]);
    const message = `${box}/messages/${json.id}`;
    expect((await test.call("POST", `${message}/attachments`, attachment(4))).status).toBe(201);
    expect(await outbox("drafts")).toHaveLength(1);
    expect(await outbox()).toEqual([]);
    await test.restart();
    expect((await test.call("POST", `${message}/send`)).status).toBe(202);
    expect(await outbox("drafts")).toEqual([]);
    const again = await test.call("POST", `${message}/send`);
    expect([again.status, again.json.error?.code]).toEqual([404, "ErrorItemNotFound"]);
    const sent = await test.call("GET", `${message}?$select=isDraft,sentDateTime`, undefined, immutable);
    expect(sent.json).toEqual({ isDraft: false, sentDateTime: "2026-11-23T05:00:00.000Z" });
    expect((await test.call("GET", message)).status).toBe(404);
    const [text = ""] = await outbox();
    expect(text).toContain("To: <leserin@amt.example>\r\n");
    expect(text).toContain(`Subject: =?utf-8?B?${Buffer.from(mail.subject).toString("base64")}?=\r\n`);
    expect(text).toContain("filename*=UTF-8''%C3%9Cbersicht.csv\r\n");
    expect(text).toContain(Buffer.from("Grüße").toString("base64"));
  });

  it("finds what was sent by its subject", async () => {
    const filter = encodeURIComponent("subject eq 'Bevölkerung aktuell'");
    const path = `${box}/mailFolders/sentitems/messages`;
    const found = await test.call("GET", `${path}?$filter=${filter}&$select=subject`);
    expect(found.json).toEqual({ value: [{ subject: "Bevölkerung aktuell" }] });
    const none = encodeURIComponent("subject eq 'it''s another'");
    expect((await test.call("GET", `${path}?$filter=${none}`)).json).toEqual({ value: [] });
    expect((await test.call("GET", `${path}?$filter=startswith(subject,'x')`)).status).toBe(400);
  });

  it("sends at once, every time it is asked", async () => {
    const before = (await outbox()).length;
    const request = { message: { ...mail, attachments: [attachment(10)] }, saveToSentItems: true };
    expect((await test.call("POST", `${box}/sendMail`, request)).status).toBe(202);
    expect((await test.call("POST", `${box}/sendMail`, request)).status).toBe(202);
    expect(await outbox()).toHaveLength(before + 2);
  });

  it("answers 413 to a request above 4 MB and to an attachment above 3 MB", async () => {
    const request = { message: { ...mail, attachments: [attachment(3_100_000)] } };
    expect((await test.call("POST", `${box}/sendMail`, request)).status).toBe(413);
    const { id } = (await test.call("POST", `${box}/messages`, mail)).json;
    expect((await test.call("POST", `${box}/messages/${id}/attachments`, attachment(3_000_001))).status).toBe(
      413,
    );
    expect((await test.call("POST", `${box}/messages/${id}/attachments`, attachment(2_900_000))).status).toBe(
      201,
    );
  });

  it("takes a larger attachment in ranges, told without a dash", async () => {
    const { id } = (await test.call("POST", `${box}/messages`, mail)).json;
    const open = (size: number) => {
      const item = { attachmentType: "file", name: "gross.bin", size };
      return test.call("POST", `${box}/messages/${id}/attachments/createUploadSession`, {
        AttachmentItem: item,
      });
    };
    expect((await open(1_000)).status).toBe(400);
    const size = 3_000_001;
    const { uploadUrl } = (await open(size)).json;
    const first = await test.range(uploadUrl, 0, Buffer.alloc(2_097_152), size);
    expect([first.status, first.json.nextExpectedRanges]).toEqual([200, ["2097152"]]);
    const last = await test.range(uploadUrl, 2_097_152, Buffer.alloc(size - 2_097_152), size);
    expect(last.status).toBe(201);
    expect(last.headers.get("location")).toContain(`/messages/${id}/attachments/`);
  });

  it.each([
    ["a header from a text", { ...mail, subject: "A\r\nBcc: <x@y.example>" }, 202],
    ["an unknown member", { ...mail, flag: {} }, 400],
    ["no recipient", { ...mail, toRecipients: [] }, 400],
    ["an address that is none", { ...mail, toRecipients: [{ emailAddress: { address: "x" } }] }, 400],
  ])("judges %s", async (_, message, status) => {
    expect((await test.call("POST", `${box}/sendMail`, { message })).status).toBe(status);
    expect((await outbox()).join("")).not.toContain("\r\nBcc:");
  });

  it("refuses another mailbox and other methods", async () => {
    const other = await test.call("POST", "/users/chef@stadt.example/sendMail", { message: mail });
    expect([other.status, other.json.error?.code]).toEqual([403, "ErrorAccessDenied"]);
    expect((await test.call("GET", `${box}/messages`)).status).toBe(405);
    expect((await test.call("GET", `${box}/messages/..%2f..%2fsecret`)).status).toBe(404);
  });
});
