import { describe, expect, test } from "vitest";
import { readPrincipal, requireRole } from "../../../shared/azure/principal.ts";

type Variant = Readonly<Record<string, string>>;

const microsoftRole = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";

function encoded(content: unknown): string {
  return Buffer.from(JSON.stringify(content)).toString("base64");
}

function signedIn(claims: readonly unknown[], more: object = {}): Variant {
  return {
    "x-ms-client-principal": encoded({
      auth_typ: "aad",
      name_typ: "name",
      role_typ: "roles",
      claims,
      ...more,
    }),
    "x-ms-client-principal-id": "11111111-2222-3333-4444-555555555555",
    "x-ms-client-principal-idp": "aad",
  };
}

function role(val: unknown, typ = "roles") {
  return { typ, val };
}

function without(variant: Variant, name: string): Variant {
  return Object.fromEntries(Object.entries(variant).filter(([key]) => key !== name));
}

const operator = signedIn([role("Betrieb")]);

/** Headers → what the door says to the role "Betrieb": let in, 401 (nobody) or 403 (somebody else). */
const table: readonly (readonly [string, Variant, "allowed" | 401 | 403])[] = [
  ["no header", {}, 401],
  ["role Betrieb", operator, "allowed"],
  ["role Betrieb by the long claim type", signedIn([role("Betrieb", microsoftRole)]), "allowed"],
  ["both roles", signedIn([role("Anfrage"), role("Betrieb")]), "allowed"],
  ["role Betrieb without a name header (application token)", operator, "allowed"],
  ["role Anfrage", signedIn([role("Anfrage")]), 403],
  ["no role", signedIn([]), 403],
  ["unknown role", signedIn([role("Admin")]), 403],
  ["role in other letters", signedIn([role("betrieb")]), 403],
  ["roles joined in one claim", signedIn([role("Anfrage,Betrieb")]), 403],
  ["role in a claim of another type", signedIn([role("Betrieb", "groups")]), 403],
  [
    "role in a claim type that the header itself calls roles",
    signedIn([role("Betrieb", "name")], { role_typ: "name" }),
    403,
  ],
  ["id missing", without(operator, "x-ms-client-principal-id"), 401],
  ["id empty", { ...operator, "x-ms-client-principal-id": "" }, 401],
  ["id with a blank (two headers joined)", { ...operator, "x-ms-client-principal-id": "a, b" }, 401],
  ["provider missing", without(operator, "x-ms-client-principal-idp"), 401],
  ["another provider", { ...operator, "x-ms-client-principal-idp": "github" }, 401],
  ["principal missing", without(operator, "x-ms-client-principal"), 401],
  ["principal empty", { ...operator, "x-ms-client-principal": "" }, 401],
  ["principal no base64", { ...operator, "x-ms-client-principal": "{}" }, 401],
  [
    "two principals joined",
    { ...operator, "x-ms-client-principal": `${operator["x-ms-client-principal"]}, e30=` },
    401,
  ],
  ["principal no JSON", { ...operator, "x-ms-client-principal": Buffer.from("{").toString("base64") }, 401],
  ["principal null", { ...operator, "x-ms-client-principal": encoded(null) }, 401],
  ["principal a list", { ...operator, "x-ms-client-principal": encoded([role("Betrieb")]) }, 401],
  ["claims missing", { ...operator, "x-ms-client-principal": encoded({ auth_typ: "aad" }) }, 401],
  ["claims no list", signedIn([], { claims: { typ: "roles", val: "Betrieb" } }), 401],
  ["a claim whose value is a list", signedIn([role(["Betrieb"])]), 401],
  [
    "principal of another service",
    {
      ...operator,
      "x-ms-client-principal": encoded({ identityProvider: "aad", userId: "1", userRoles: ["Betrieb"] }),
    },
    401,
  ],
  ["principal far too long", signedIn([role("Betrieb"), { typ: "x", val: "x".repeat(70_000) }]), 401],
];

describe("requireRole()", () => {
  test.each(table)("%s", (_, headers, expected) => {
    const entry = requireRole(new Headers(headers), "Betrieb");
    expect(entry.kind === "allowed" ? entry.kind : entry.status).toBe(expected);
  });
});

describe("readPrincipal()", () => {
  test("gives the id and the known roles only", () => {
    const headers = signedIn([
      role("Betrieb"),
      role("Anfrage"),
      role("Betrieb"),
      role("Admin"),
      { typ: "name", val: "x" },
    ]);
    expect(readPrincipal(new Headers(headers))).toEqual({
      id: "11111111-2222-3333-4444-555555555555",
      roles: ["Anfrage", "Betrieb"],
    });
  });
});
