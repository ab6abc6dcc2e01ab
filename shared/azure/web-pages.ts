import { type Context, Hono } from "hono";
import { createFormToken } from "../pages/csrf.ts";
import { homePage } from "../pages/home-page.ts";
import { messagePage } from "../pages/layout.ts";
import { securityHeaders } from "../pages/security-headers.ts";
import { type ReleaseRow, type StatusData, statusPage } from "../pages/status-page.ts";
import { texts } from "../pages/texts.ts";
import { isoDayIn } from "../registers/calendar.ts";
import type { Delivery } from "../registers/delivery.ts";
import { registers } from "../registers/index.ts";
import type { RegisterId } from "../registers/register.ts";
import { type DeliveryIdParts, readDeliveryId, receiptFileName } from "../report/receipt.ts";
import { type Principal, requireRole } from "./principal.ts";
import type { Log } from "./surroundings.ts";

/** Where the pages get their facts. */
export type PageSources = {
  now(): Date;
  readonly timeZone: string;
  /** Key of form tokens. */
  readonly formKey: Uint8Array;
  listDeliveries(): Promise<readonly Delivery[]>;
  listReleases(): Promise<readonly ReleaseRow[]>;
  countPoison?(): Promise<NonNullable<StatusData["poison"]>>;
  /** First mistake in the office's files, if there is one. */
  findMistake?(): Promise<string | undefined>;
  /** Undefined where there is none, or no longer. */
  readonly readReceipt: (register: RegisterId, fileName: string) => Promise<Uint8Array | undefined>;
};

/** Opens the sources; only a page that needs them waits for it. */
export type OpenSources = () => Promise<PageSources>;

const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/**
 * All pages that are read. Deciding is done by POST functions of their own.
 *
 * Every page but `/health` asks for the role on each request: 401 without a sign-in, 403 without the role, both before
 * any source is opened. An id that is none gives 404 before anything is looked up.
 */
export function webPages(open: OpenSources, log: Log): Hono {
  const app = new Hono();
  app.get("/health", (c) => c.json({ status: "ok" }, 200, securityHeaders()));
  app.get("/", (c) => forOperator(c, () => answerPage(homePage())));
  app.get("/status", (c) => forOperator(c, (principal) => answerStatus(open, principal)));
  app.get("/belege/:file", (c) => forOperator(c, () => answerReceipt(open, c.req.param("file"))));
  app.notFound(answerMissing);
  app.onError((error) => answerFailure(log, error));
  return app;
}

type Answer = Response | Promise<Response>;

function forOperator(c: Context, answer: (principal: Principal) => Answer): Answer {
  const entry = requireRole({ get: (name) => c.req.header(name) ?? null }, "Betrieb");
  if (entry.kind === "allowed") return answer(entry.principal);
  const { signIn, signInTitle, role, roleTitle } = texts.refused;
  return entry.status === 401
    ? answerPage(messagePage(signInTitle, signIn), 401)
    : answerPage(messagePage(roleTitle, role), 403);
}

function answerPage(page: string, status = 200): Response {
  const headers = { ...securityHeaders(page), "Content-Type": "text/html; charset=utf-8" };
  return new Response(page, { status, headers });
}

function answerMissing(): Response {
  return answerPage(messagePage(texts.refused.missingTitle, texts.refused.missing), 404);
}

/** The error's kind is logged, its words are not: they may hold content. */
function answerFailure(log: Log, error: Error): Response {
  log("page-failed", { error: error.name });
  return answerPage(messagePage(texts.refused.failedTitle, texts.refused.failed), 500);
}

async function answerStatus(open: OpenSources, principal: Principal): Promise<Response> {
  const sources = await open();
  const now = sources.now();
  const [deliveries, releases, poison, mistake] = await Promise.all([
    sources.listDeliveries(),
    sources.listReleases(),
    sources.countPoison?.(),
    sources.findMistake?.(),
  ]);
  const day = isoDayIn(now, sources.timeZone);
  const ofRegister = Map.groupBy(deliveries, ({ slot }) => slot.register);
  const data: StatusData = {
    registers: registers.map(({ id, title }) => ({ id, title, deliveries: ofRegister.get(id) ?? [] })),
    releases,
    now: now.toISOString(),
    timeZone: sources.timeZone,
    formToken: createFormToken(sources.formKey, principal.id, day),
    ...(poison === undefined ? {} : { poison }),
    ...(mistake === undefined ? {} : { mistake }),
  };
  return answerPage(statusPage(data));
}

async function answerReceipt(open: OpenSources, file: string): Promise<Response> {
  const isWorkbook = file.endsWith(".xlsx");
  const id = isWorkbook ? file.slice(0, -".xlsx".length) : file;
  const parts = readDeliveryId(id);
  if (parts === undefined) return answerMissing();
  const { readReceipt } = await open();
  const bytes = await readReceipt(parts.register, `${id}${isWorkbook ? ".xlsx" : ".html"}`);
  if (bytes === undefined) return answerMissing();
  return isWorkbook ? answerWorkbook(bytes, parts) : answerPage(new TextDecoder().decode(bytes));
}

function answerWorkbook(bytes: Uint8Array, parts: DeliveryIdParts): Response {
  const headers = {
    ...securityHeaders(),
    "Content-Type": workbookType,
    "Content-Disposition": `attachment; filename="${receiptFileName(parts)}"`,
  };
  // A copy, because the type of a body wants memory that is not shared.
  return new Response(new Uint8Array(bytes), { headers });
}
