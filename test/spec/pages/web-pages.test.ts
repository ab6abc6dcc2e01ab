import { HttpRequest } from "@azure/functions";
import type { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { answerWith } from "../../../shared/azure/http.ts";
import { type PageSources, webPages } from "../../../shared/azure/web-pages.ts";
import { createFormToken } from "../../../shared/pages/csrf.ts";
import { receiptPage } from "../../../shared/pages/receipt-page.ts";
import { receiptOf } from "../receipts/receipt-case.ts";

const key = new Uint8Array(32).fill(7);
const receipt = receiptOf();
const stored = new Map<string, Uint8Array>([
  [`ewo-alw/${receipt.delivery.id}.html`, new TextEncoder().encode(receiptPage(receipt))],
  [`ewo-alw/${receipt.delivery.id}.xlsx`, new Uint8Array([0x50, 0x4b, 3, 4])],
]);

type World = { readonly looked: string[]; readonly logged: unknown[]; readonly app: Hono };

function world(change: Partial<PageSources> = {}): World {
  const looked: string[] = [];
  const logged: unknown[] = [];
  const sources: PageSources = {
    now: () => new Date("2026-11-23T23:30:00Z"),
    timeZone: "Europe/Berlin",
    formKey: key,
    listDeliveries: async () => [receipt.delivery],
    listReleases: async () => [],
    readReceipt: async (register, fileName) => {
      looked.push(`${register}/${fileName}`);
      return stored.get(`${register}/${fileName}`);
    },
    ...change,
  };
  const app = webPages(
    async () => sources,
    (event, facts) => logged.push([event, facts]),
  );
  return { looked, logged, app };
}

function principal(role: string): Readonly<Record<string, string>> {
  const claims = [{ typ: "roles", val: role }];
  return {
    "x-ms-client-principal": Buffer.from(JSON.stringify({ auth_typ: "aad", claims })).toString("base64"),
    "x-ms-client-principal-id": "operator",
    "x-ms-client-principal-idp": "aad",
  };
}

const visitors = {
  nobody: {},
  malformed: { ...principal("Betrieb"), "x-ms-client-principal": "%%%" },
  requester: principal("Anfrage"),
  operator: principal("Betrieb"),
} as const;

const id = receipt.delivery.id;

/** Page → answer to nobody, a malformed sign-in, a requester, an operator. */
const routes: readonly (readonly [string, number, number, number, number])[] = [
  ["/health", 200, 200, 200, 200],
  ["/", 401, 401, 403, 200],
  ["/status", 401, 401, 403, 200],
  [`/belege/${id}`, 401, 401, 403, 200],
  [`/belege/${id}.xlsx`, 401, 401, 403, 200],
  ["/belege/ewo-alw-2026-11-13-3f9a1c0b7d2e", 401, 401, 403, 404],
  ["/belege/unsinn", 401, 401, 403, 404],
  ["/unbekannt", 404, 404, 404, 404],
  ["/berichte/jetzt", 404, 404, 404, 404],
  ["/lieferungen/x/entscheidung", 404, 404, 404, 404],
];

describe("webPages()", () => {
  test.each(routes)(
    "%s answers nobody, a malformed sign-in, a requester, an operator",
    async (path, ...expected) => {
      const { app } = world();
      const answers = await Promise.all(
        Object.values(visitors).map((headers) => app.request(`http://127.0.0.1${path}`, { headers })),
      );
      expect(answers.map(({ status }) => status)).toEqual(expected);
    },
  );

  test.each(routes)("%s keeps its answer out of caches and frames, whoever asks", async (path) => {
    for (const headers of Object.values(visitors)) {
      const answer = await world().app.request(path, { headers });
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    }
  });

  test.each(["POST", "PUT", "DELETE", "PATCH"])("%s is answered nowhere", async (method) => {
    const { app } = world();
    for (const [path] of routes) {
      const answer = await app.request(path, { method, headers: visitors.operator });
      expect(answer.status, path).toBe(404);
    }
  });

  test.each([
    "..%2f..%2fconfig%2foffice.json",
    "%2e%2e%2fewo-alw-2026-11-20-3f9a1c0b7d2e",
    "ewo-alw%2f..%2fewo-2026-11-20-3f9a1c0b7d2e",
    "ewo-alw-2026-11-20-3f9a1c0b7d2e%00",
    "ewo-alw-2026-11-20-3f9a1c0b7d2e%0a",
    "ewo-alw-2026-11-20-3F9A1C0B7D2E",
    "ewo-alw-2026-11-20-3f9a1c0b7d2e.html",
    "ewo-alw-2026-11-20-3f9a1c0b7d2e.xlsx.xlsx",
    "ewo-alw-2026-11-20-3f9a1c0b7d2e%3fx",
    "schild-..-2026-11-20-3f9a1c0b7d2e",
    "%E0%A4%A",
    "constructor-2026-11-20-3f9a1c0b7d2e",
    `ewo-${"a".repeat(1_024)}-2026-11-20-3f9a1c0b7d2e`,
  ])("looks up nothing for an id that is none: %s", async (file) => {
    const { looked, app } = world();
    const answer = await app.request(`/belege/${file}`, { headers: visitors.operator });
    expect([answer.status, looked]).toEqual([404, []]);
  });

  test.each([
    ["ewo-alw-2026-11-20-3f9a1c0b7d2e", "ewo-alw"],
    ["ewo-2026-10-31-3f9a1c0b7d2e", "ewo"],
    ["akdn-sozial-2026-10-3f9a1c0b7d2e", "akdn-sozial"],
    ["schild-123456-2026-10-15-3f9a1c0b7d2e", "schild"],
    ["gliederung-adressen-2026-01-01-3f9a1c0b7d2e", "gliederung"],
  ])("looks up the receipt %s in the folder of its register", async (delivery, register) => {
    const { looked, app } = world();
    await app.request(`/belege/${delivery}`, { headers: visitors.operator });
    expect(looked).toEqual([`${register}/${delivery}.html`]);
  });

  test("hands out the workbook under a name that says source and date", async () => {
    const answer = await world().app.request(`/belege/${id}.xlsx`, {
      headers: visitors.operator,
    });
    expect(answer.headers.get("content-disposition")).toBe(
      'attachment; filename="Quittung_EWO-ALW_2026-11-20_3f9a1c0b7d2e.xlsx"',
    );
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([0x50, 0x4b, 3, 4]);
  });

  test("/status carries a form token of this person and this day by the office's clocks", async () => {
    const held = { ...receipt.delivery, state: "held" } as const;
    const { app } = world({ listDeliveries: async () => [held] });
    const made = await (await app.request("/status", { headers: visitors.operator })).text();
    expect(made).toContain(`value="${createFormToken(key, "operator", "2026-11-24")}"`);
    expect(made).toContain(`action="/lieferungen/${id}/entscheidung"`);
  });

  test("a source that fails gives a page without its words, and a log without them", async () => {
    const sentinel = "Xyzzysentinel";
    const { logged, app } = world({ listDeliveries: () => Promise.reject(new RangeError(sentinel)) });
    const answer = await app.request("/status", { headers: visitors.operator });
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain(sentinel);
    expect(logged).toEqual([["page-failed", { error: "RangeError" }]]);
  });

  test("opens no source for /health, for nobody and for an id that is none", async () => {
    const app = webPages(
      () => Promise.reject(new Error("must not be opened")),
      () => undefined,
    );
    expect(await (await app.request("/health")).json()).toEqual({ status: "ok" });
    expect((await app.request("/status")).status).toBe(401);
    expect((await app.request("/belege/unsinn", { headers: visitors.operator })).status).toBe(404);
    expect((await app.request("/status", { headers: visitors.operator })).status).toBe(500);
  });
});

describe("answerWith()", () => {
  const fetch = world().app.fetch;

  test("hands method, address and headers of the functions host over and the answer back", async () => {
    const request = new HttpRequest({
      method: "GET",
      url: `http://127.0.0.1/belege/${id}`,
      headers: visitors.operator,
    });
    const answer = await answerWith((asked) => fetch(asked), request);
    expect(answer.status).toBe(200);
    expect(new Headers(Object.entries(answer.headers ?? {}) as [string, string][]).get("content-type")).toBe(
      "text/html; charset=utf-8",
    );
    expect(answer.body).toEqual(stored.get(`ewo-alw/${id}.html`));
  });

  test("answers HEAD without a body", async () => {
    const request = new HttpRequest({ method: "HEAD", url: "http://127.0.0.1/health" });
    const answer = await answerWith((asked) => fetch(asked), request);
    expect([answer.status, answer.body]).toEqual([200, undefined]);
  });
});
