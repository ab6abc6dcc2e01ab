import { readFileSync } from "node:fs";
import { HttpRequest, InvocationContext } from "@azure/functions";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decideHeldDelivery } from "../../functions/decide-delivery.ts";
import { type Emulator, startEmulator } from "./emulator.ts";

const id = "ewo-alw-2026-11-20-0123456789ab";
let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
  const sample: { Values: Record<string, string> } = JSON.parse(
    readFileSync("local.settings.sample.json", "utf8"),
  );
  Object.assign(process.env, sample.Values, { RegisterStorage: emulator.freshAccount() });
});
afterAll(() => emulator.stop());

function principal(role: string): Record<string, string> {
  const claims = [{ typ: "roles", val: role }];
  const content = { auth_typ: "aad", name_typ: "name", role_typ: "roles", claims };
  return {
    "x-ms-client-principal": Buffer.from(JSON.stringify(content)).toString("base64"),
    "x-ms-client-principal-id": "7f1c2f6e-0000-4000-8000-000000000001",
    "x-ms-client-principal-name": "person@musterstadt.example",
    "x-ms-client-principal-idp": "aad",
  };
}

async function post(headers: Record<string, string>, body: string): Promise<number | undefined> {
  const url = `http://127.0.0.1/lieferungen/${id}/entscheidung`;
  const request = new HttpRequest({ method: "POST", url, headers, params: { id }, body: { string: body } });
  const context = new InvocationContext({
    invocationId: "1",
    functionName: "decide-delivery",
    logHandler: () => undefined,
  });
  return (await decideHeldDelivery(request, context)).status;
}

const json = { "content-type": "application/json" };
const release = JSON.stringify({ entscheidung: "freigeben", grund: "geprüft" });

describe("decideHeldDelivery()", () => {
  // who asks, what is sent, the answer
  const cases: readonly (readonly [string, Record<string, string>, string, number])[] = [
    ["nobody", json, release, 401],
    ["a forged principal", { ...json, "x-ms-client-principal": "e30=" }, release, 401],
    ["a requester", { ...json, ...principal("Anfrage") }, release, 403],
    [
      "an operator with an unknown decision",
      { ...json, ...principal("Betrieb") },
      '{"entscheidung":"ja"}',
      400,
    ],
    ["an operator without JSON", { ...json, ...principal("Betrieb") }, "kein json", 400],
    ["an operator with a text", { "content-type": "text/plain", ...principal("Betrieb") }, release, 400],
    [
      "an operator's form without its token",
      { "content-type": "application/x-www-form-urlencoded", ...principal("Betrieb") },
      "entscheidung=freigeben",
      403,
    ],
    ["an operator about a delivery that is none", { ...json, ...principal("Betrieb") }, release, 404],
  ];
  test.each(cases)("answers %s", async (_, headers, body, status) => {
    expect(await post(headers, body)).toBe(status);
  });
});
