import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Graph, startGraph } from "../../local/graph/start-graph.ts";

const token = "graph-token";

type Answer = { readonly status: number; readonly headers: Headers; readonly json: Json };
/** What the stand-in answers, looked at member by member. */
type Json = {
  readonly [name: string]: unknown;
  readonly id?: string;
  readonly eTag?: string;
  readonly cTag?: string;
  readonly uploadUrl?: string;
  readonly nextExpectedRanges?: readonly string[];
  readonly error?: { readonly code: string; readonly message: string; readonly innerError: object };
};

export type TestGraph = {
  readonly directory: string;
  graph(): Graph;
  /** Starts a second one on the same directory, as after a restart. */
  restart(): Promise<void>;
  call(
    method: string,
    path: string,
    body?: Buffer | string | object,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** A call of an upload URL: no token, no address of ours. */
  range(url: string | undefined, from: number, part: Buffer, total: number): Promise<Answer>;
  stop(): Promise<void>;
};

export async function openTestGraph(): Promise<TestGraph> {
  const directory = await mkdtemp(join(tmpdir(), "graph-test-"));
  const now = () => new Date("2026-11-23T05:00:00Z");
  let graph = await startGraph({ directory, token, now });
  return {
    directory,
    graph: () => graph,
    async restart() {
      await graph.stop();
      graph = await startGraph({ directory, token, now });
    },
    call: (method, path, body, headers = {}) =>
      ask(path.startsWith("http") ? path : `${graph.url}/v1.0${path}`, method, body, {
        authorization: `Bearer ${token}`,
        ...headers,
      }),
    range: (url = "", from, part, total) =>
      ask(url, "PUT", part, { "content-range": `bytes ${from}-${from + part.length - 1}/${total}` }),
    async stop() {
      await graph.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function ask(
  url: string,
  method: string,
  body: Buffer | string | object | undefined,
  headers: Record<string, string>,
): Promise<Answer> {
  const isRaw = typeof body === "string" || Buffer.isBuffer(body);
  const type = isRaw ? {} : { "content-type": "application/json" };
  const content = isRaw || body === undefined ? body : JSON.stringify(body);
  const response = await fetch(url, {
    method,
    headers: { ...type, ...headers },
    ...(content === undefined ? {} : { body: Buffer.isBuffer(content) ? new Uint8Array(content) : content }),
    redirect: "manual",
  });
  const text = await response.text();
  const json: Json = text.startsWith("{") ? JSON.parse(text) : { text };
  return { status: response.status, headers: response.headers, json };
}
