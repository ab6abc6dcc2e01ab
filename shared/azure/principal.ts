import { z } from "zod";

const roles = ["Anfrage", "Betrieb"] as const;
export type Role = (typeof roles)[number];

/** Who signed in, as the platform says. */
export type Principal = { readonly id: string; readonly roles: readonly Role[] };

/** What is read of a request. */
export type HeaderReader = { get(name: string): string | null };

const roleClaims: readonly string[] = [
  "roles",
  "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
];
const longestHeader = 65_536;

const claim = z.object({ typ: z.string(), val: z.string() });
const principalSchema = z.object({ auth_typ: z.string(), claims: z.array(claim) });
const idSchema = z.string().regex(/^[\x21-\x7e]{1,200}$/);

/**
 * The principal that the platform's sign-in put into the headers; undefined when there is none or when anything about it
 * is missing or malformed. Never throws. Roles that the office does not know are left out.
 *
 * The headers can be trusted only where the platform removes those of the client. `request.user` of the functions library
 * throws for some principals and takes others for a different service's, so it is not used.
 */
export function readPrincipal(headers: HeaderReader): Principal | undefined {
  const encoded = headers.get("x-ms-client-principal");
  const id = idSchema.safeParse(headers.get("x-ms-client-principal-id"));
  if (encoded === null || !id.success) return undefined;
  if (headers.get("x-ms-client-principal-idp") !== "aad") return undefined;
  const principal = principalSchema.safeParse(decodedJson(encoded));
  if (!principal.success) return undefined;
  const claimed = principal.data.claims.filter(({ typ }) => roleClaims.includes(typ)).map(({ val }) => val);
  return { id: id.data, roles: roles.filter((role) => claimed.includes(role)) };
}

function decodedJson(encoded: string): unknown {
  if (encoded.length > longestHeader || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return undefined;
  try {
    return JSON.parse(Buffer.from(encoded, "base64").toString("utf8"));
  } catch {
    return undefined;
  }
}

export type Entry =
  | { readonly kind: "allowed"; readonly principal: Principal }
  | { readonly kind: "refused"; readonly status: 401 | 403 };

/** Lets in who has the role: 401 for nobody, 403 for somebody else. */
export function requireRole(headers: HeaderReader, role: Role): Entry {
  const principal = readPrincipal(headers);
  if (principal === undefined) return { kind: "refused", status: 401 };
  return principal.roles.includes(role) ? { kind: "allowed", principal } : { kind: "refused", status: 403 };
}
