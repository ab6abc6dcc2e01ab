import type { IncomingMessage } from "node:http";
import { headerOf, isSameSecret, jsonReply, type Reply } from "./http-tools.ts";

/** Where the identity library asks for tokens, as on App Service: `IDENTITY_ENDPOINT` points here. */
export const identityPath = "/msi/token";

const apiVersion = "2019-08-01";
const lifetimeSeconds = 3_600;

export type IdentityOptions = {
  /** Value of `IDENTITY_HEADER`: it keeps other programs of this machine from asking. */
  readonly header: string;
  readonly token: string;
  /** Origins tokens are issued for, as `https://graph.microsoft.com`. */
  readonly resources: ReadonlySet<string>;
};

export function serveIdentity(options: IdentityOptions, request: IncomingMessage, url: URL): Reply {
  const resource = URL.parse(url.searchParams.get("resource") ?? "")?.origin ?? "";
  const refusal = refusalOf(options, request, url, resource);
  if (refusal !== undefined) {
    const [status, code, message] = refusal;
    return jsonReply(status, { statusCode: status, error: code, message });
  }
  return jsonReply(200, {
    access_token: options.token,
    expires_on: String(Math.floor(Date.now() / 1_000) + lifetimeSeconds),
    resource,
    token_type: "Bearer",
    client_id: url.searchParams.get("client_id") ?? "00000000-0000-4000-8000-000000000002",
  });
}

function refusalOf(
  options: IdentityOptions,
  request: IncomingMessage,
  url: URL,
  resource: string,
): readonly [number, string, string] | undefined {
  if (!isSameSecret(headerOf(request, "x-identity-header"), options.header)) {
    return [401, "unauthorized", "The identity header must be the one of IDENTITY_HEADER"];
  }
  if (request.method !== "GET" || url.searchParams.get("api-version") !== apiVersion) {
    return [400, "invalid_request", `The request must be a GET with api-version ${apiVersion}`];
  }
  if (!options.resources.has(resource)) {
    return [400, "invalid_resource", "Tokens are issued for Graph only"];
  }
  return undefined;
}
