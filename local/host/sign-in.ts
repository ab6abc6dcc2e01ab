import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { headerOf, isSameSecret, jsonReply, type Reply } from "./http-tools.ts";

/** The people one can sign in as on this machine. In Azure the platform signs people in. */
const users = {
  anfrage: {
    id: "5b7d0d0e-0c1e-4d0a-9a53-1f7c7a1b0001",
    name: "Anna Anfrage",
    address: "anna.anfrage@fachamt.example",
    roles: ["Anfrage"],
  },
  neu: {
    id: "5b7d0d0e-0c1e-4d0a-9a53-1f7c7a1b0002",
    name: "Nils Neu",
    address: "nils.neu@fachamt.example",
    roles: [],
  },
  betrieb: {
    id: "5b7d0d0e-0c1e-4d0a-9a53-1f7c7a1b0003",
    name: "Berta Betrieb",
    address: "berta.betrieb@statistik.example",
    roles: ["Betrieb"],
  },
} as const satisfies Record<string, LocalUser>;

export type LocalUserId = keyof typeof users;
type LocalUser = {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly roles: readonly string[];
};

/** Headers by which the start program acts as a user; the secret is new at every start. */
export const localUserHeader = "x-local-user";
export const localSecretHeader = "x-local-secret";

const cookieName = "AppServiceAuthSession";
const tenant = "00000000-0000-4000-8000-000000000001";

export type SignIn = {
  /** The answer of a page of the sign-in, undefined for any other address. */
  serve(request: IncomingMessage, url: URL): Reply | undefined;
  /** The request's headers as the platform would pass them on: forged principals gone, the signed-in user's added. */
  headers(request: IncomingMessage): Record<string, string>;
};

/** Plays the platform's sign-in. Sessions end with the host. */
export function createSignIn(localSecret: string): SignIn {
  const sessions = new Map<string, LocalUserId>();
  return {
    serve(request, url) {
      return url.pathname.startsWith("/.auth/") ? serveAuth(sessions, request, url) : undefined;
    },
    headers(request) {
      const id = secretUser(request, localSecret) ?? sessions.get(sessionOf(request));
      return { ...withoutPrincipal(request), ...(id === undefined ? {} : principalHeaders(users[id])) };
    },
  };
}

function serveAuth(sessions: Map<string, LocalUserId>, request: IncomingMessage, url: URL): Reply {
  if (request.method !== "GET") return { status: 404 };
  switch (url.pathname) {
    case "/.auth/login/aad":
      return logIn(sessions, url);
    case "/.auth/logout":
      sessions.delete(sessionOf(request));
      return redirect(safePath(url, "post_logout_redirect_uri"), `${cookieName}=; Max-Age=0`);
    case "/.auth/me":
      return aboutMe(sessions.get(sessionOf(request)));
    default:
      return { status: 404 };
  }
}

function logIn(sessions: Map<string, LocalUserId>, url: URL): Reply {
  const id = url.searchParams.get("als");
  if (id === null) return { status: 200, headers: htmlType, body: choicePage(url) };
  if (!isUserId(id)) return { status: 400 };
  const session = randomBytes(24).toString("base64url");
  sessions.set(session, id);
  return redirect(safePath(url, "post_login_redirect_uri"), `${cookieName}=${session}`);
}

function redirect(location: string, cookie: string): Reply {
  return { status: 302, headers: { location, "set-cookie": `${cookie}; Path=/; HttpOnly; SameSite=Lax` } };
}

/** Only a path of this host: an address elsewhere would make the sign-in an open redirect. */
function safePath(url: URL, parameter: string): string {
  const wanted = url.searchParams.get(parameter) ?? "/";
  if (!wanted.startsWith("/")) return "/";
  const target = URL.parse(wanted, url.origin);
  return target?.origin === url.origin ? target.pathname + target.search + target.hash : "/";
}

/** The platform answers a list. */
function aboutMe(id: LocalUserId | undefined): Reply {
  if (id === undefined) return { status: 401 };
  const user = users[id];
  return jsonReply(200, [{ provider_name: "aad", user_id: user.address, user_claims: claimsOf(user) }]);
}

const htmlType = { "content-type": "text/html; charset=utf-8" };

function choicePage(url: URL): string {
  const links = Object.entries(users).map(([id, user]) => {
    const target = new URLSearchParams({
      als: id,
      post_login_redirect_uri: safePath(url, "post_login_redirect_uri"),
    });
    const roles = user.roles.length === 0 ? "noch ohne Freigabe" : `Rolle „${user.roles.join(", ")}“`;
    return `<li><a href="/.auth/login/aad?${target.toString().replaceAll("&", "&amp;")}">${user.name}</a> (${roles})</li>`;
  });
  return [
    '<!doctype html><html lang="de"><meta charset="utf-8"><title>Anmelden</title>',
    `<h1>Anmelden</h1><p>Auf diesem Rechner genügt die Wahl einer Person.</p><ul>${links.join("")}</ul></html>`,
  ].join("");
}

function secretUser(request: IncomingMessage, localSecret: string): LocalUserId | undefined {
  const id = headerOf(request, localUserHeader);
  const isTrusted = isSameSecret(headerOf(request, localSecretHeader), localSecret);
  return isTrusted && id !== undefined && isUserId(id) ? id : undefined;
}

function sessionOf(request: IncomingMessage): string {
  const cookies = (request.headers.cookie ?? "").split(/;\s*/);
  const own = cookies.find((cookie) => cookie.startsWith(`${cookieName}=`));
  return own?.slice(cookieName.length + 1) ?? "";
}

function isUserId(id: string): id is LocalUserId {
  return Object.hasOwn(users, id);
}

/** The platform removes what a client sends under these names; the local secret is nobody's business either. */
function withoutPrincipal(request: IncomingMessage): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    const isForged = name.startsWith("x-ms-client-principal") || name.startsWith("x-ms-token-");
    if (isForged || name === localSecretHeader || name === localUserHeader || value === undefined) continue;
    kept[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return kept;
}

function principalHeaders(user: LocalUser): Record<string, string> {
  const principal = {
    auth_typ: "aad",
    claims: claimsOf(user),
    name_typ: "preferred_username",
    role_typ: "roles",
  };
  return {
    "x-ms-client-principal": Buffer.from(JSON.stringify(principal)).toString("base64"),
    "x-ms-client-principal-id": user.id,
    "x-ms-client-principal-name": user.address,
    "x-ms-client-principal-idp": "aad",
  };
}

function claimsOf(user: LocalUser): readonly { typ: string; val: string }[] {
  const microsoft = "http://schemas.microsoft.com/identity/claims";
  return [
    { typ: "iss", val: `https://login.microsoftonline.com/${tenant}/v2.0` },
    { typ: `${microsoft}/tenantid`, val: tenant },
    { typ: `${microsoft}/objectidentifier`, val: user.id },
    { typ: "name", val: user.name },
    { typ: "preferred_username", val: user.address },
    { typ: "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", val: user.address },
    ...user.roles.map((role) => ({ typ: "roles", val: role })),
  ];
}
