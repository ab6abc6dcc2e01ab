import type { HttpRequest, HttpResponseInit } from "@azure/functions";

/** Answers web-standard requests: what a hono app offers as `fetch`. */
export type Fetch = (request: Request) => Response | Promise<Response>;

/** Hands a GET or HEAD request of the functions host to `fetch`. A body is never read. */
export async function answerWith(
  fetch: Fetch,
  request: Pick<HttpRequest, "url" | "method" | "headers">,
): Promise<HttpResponseInit> {
  const headers = new Headers([...request.headers.entries()]);
  const response = await fetch(new Request(request.url, { method: request.method, headers }));
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    ...(response.body === null ? {} : { body: new Uint8Array(await response.arrayBuffer()) }),
  };
}
