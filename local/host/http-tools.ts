import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** Compares in constant time; digests make the lengths equal. */
export function isSameSecret(given: string | undefined, expected: string): boolean {
  const [left, right] = [given ?? "", expected].map((text) => createHash("sha256").update(text).digest());
  return left !== undefined && right !== undefined && expected !== "" && timingSafeEqual(left, right);
}

/** The whole body, undefined when it is larger than `limitBytes`. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > limitBytes) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > limitBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

export type Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
};

export function jsonReply(status: number, body: object): Reply {
  const headers = { "content-type": "application/json; charset=utf-8" };
  return { status, headers, body: JSON.stringify(body) };
}

/** Sends a reply. After 413 the connection ends, because the body was not read. */
export function send(response: ServerResponse, reply: Reply): void {
  const connection = reply.status === 413 ? { connection: "close" } : {};
  const headers = Object.entries(reply.headers ?? {}).map(([name, value]) => [
    name,
    typeof value === "string" ? value : [...value],
  ]);
  response.writeHead(reply.status, { ...Object.fromEntries(headers), ...connection });
  response.end(reply.body ?? "");
}
