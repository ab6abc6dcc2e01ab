import { once } from "node:events";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HostProcess } from "../../local/host/host-process.ts";
import { type LocalHosts, openLocalHosts } from "./local-host.ts";

const forged = Buffer.from(JSON.stringify({ auth_typ: "aad", claims: [{ typ: "roles", val: "Betrieb" }] }));

describe("host over HTTP", () => {
  let hosts: LocalHosts;
  let host: HostProcess;
  beforeAll(async () => {
    hosts = await openLocalHosts();
    host = await hosts.start({ token: "graph-token", maxBodyBytes: 1_000 });
  });
  afterAll(() => hosts.stop());

  const get = (path: string, init?: RequestInit) =>
    fetch(`${host.url}${path}`, { redirect: "manual", ...init });

  it("passes route, query, body and cookies", async () => {
    const response = await get("/echo/007?q=a%20b", { method: "POST", body: "text" });
    expect(await response.json()).toMatchObject({ id: "007", query: "a b", body: "text" });
    expect(response.headers.get("set-cookie")).toBe("seen=yes; Path=/; HttpOnly; SameSite=Strict");
  });

  it.each([
    ["PUT", "/echo/1"],
    ["HEAD", "/keyed"],
    ["GET", "/unknown"],
    ["GET", "/echo/1/2"],
  ])("answers 404 to %s %s", async (method, path) => {
    expect((await get(path, { method })).status).toBe(404);
  });

  it("wants the function's or the master key, and for admin the master key only", async () => {
    const { keys } = host;
    const status = async (path: string, key: string) =>
      (await get(path, { headers: { "x-functions-key": key } })).status;
    expect((await get("/keyed")).status).toBe(401);
    expect(await status("/keyed", "wrong")).toBe(401);
    expect(await status("/keyed", "")).toBe(401);
    expect(await status("/keyed", keys.function)).toBe(200);
    expect(await status("/keyed", keys.master)).toBe(200);
    expect((await get(`/keyed?code=${keys.function}`)).status).toBe(200);
    expect(await status("/admin-only", keys.function)).toBe(401);
    expect(await status("/admin-only", keys.master)).toBe(200);
  });

  it("takes away the principal a client invented", async () => {
    const headers = {
      "x-ms-client-principal": forged.toString("base64"),
      "x-ms-client-principal-id": "1",
      "X-MS-Client-Principal-Name": "boss",
      "x-ms-client-principal-idp": "aad",
      "x-local-user": "betrieb",
      "x-local-secret": "guessed",
    };
    const seen = await (await get("/echo/1", { headers })).json();
    expect(seen).toEqual({ id: "1", query: null, body: "", secret: null });
  });

  it.each([
    ["anfrage", ["Anfrage"]],
    ["neu", []],
    ["betrieb", ["Betrieb"]],
  ])("signs in as %s", async (who, roles) => {
    const login = await get(`/.auth/login/aad?als=${who}&post_login_redirect_uri=/status?a=1`);
    const cookie = login.headers.get("set-cookie") ?? "";
    expect([login.status, login.headers.get("location")]).toEqual([302, "/status?a=1"]);
    expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/);
    const headers = { cookie: cookie.split(";")[0] ?? "" };
    expect(await (await get("/echo/1", { headers })).json()).toMatchObject({ userType: "AppService", roles });
    expect((await get("/.auth/me", { headers })).status).toBe(200);
    await get("/.auth/logout", { headers });
    expect(await (await get("/echo/1", { headers })).json()).not.toHaveProperty("roles");
    expect((await get("/.auth/me", { headers })).status).toBe(401);
  });

  it.each(["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])(
    "never redirects from the sign-in to %s",
    async (target) => {
      const query = new URLSearchParams({ als: "neu", post_login_redirect_uri: target });
      expect((await get(`/.auth/login/aad?${query}`)).headers.get("location")).toBe("/");
    },
  );

  it("refuses to sign in as somebody it does not know, and offers those it knows", async () => {
    expect((await get("/.auth/login/aad?als=toString")).status).toBe(400);
    expect(await (await get("/.auth/login/aad")).text()).toContain("als=betrieb");
  });

  it("lets the start program act as a user and sets the application's now", async () => {
    await host.setNow("2026-11-23T06:00:00+01:00");
    const seen = await (await host.fetchAs("betrieb", "/echo/1")).json();
    expect(seen).toMatchObject({ roles: ["Betrieb"], now: "2026-11-23T06:00:00+01:00", secret: null });
  });

  it("refuses a body above the limit, announced or not", async () => {
    const post = (body: NonNullable<RequestInit["body"]>) =>
      get("/echo/1", { method: "POST", body, ...(body instanceof ReadableStream ? { duplex: "half" } : {}) });
    expect((await post("x".repeat(1_000))).status).toBe(200);
    expect((await post("x".repeat(1_001))).status).toBe(413);
    expect((await post(new Blob(["x".repeat(1_001)]).stream())).status).toBe(413);
  });

  it("refuses a request under another host name", async () => {
    const asked = request(`${host.url}/echo/1`, { headers: { host: "evil.example" } }).end();
    const [answer] = await once(asked, "response");
    answer.resume();
    expect(answer.statusCode).toBe(400);
  });

  it("answers 500 without the reason when a function throws", async () => {
    const response = await get("/throws");
    expect([response.status, await response.text()]).toEqual([500, ""]);
  });

  it("gives the identity library a token for Graph only, and only with the identity header", async () => {
    const token = await get("/token?resource=https://graph.microsoft.com");
    expect([token.status, await token.text()]).toEqual([200, "graph-token"]);
    expect((await get("/token?resource=https://vault.azure.net")).status).toBe(500);
    const query = "api-version=2019-08-01&resource=https://graph.microsoft.com";
    expect((await get(`/msi/token?${query}`)).status).toBe(401);
    expect((await get(`/msi/token?${query}`, { headers: { "x-identity-header": "x" } })).status).toBe(401);
  });
});
