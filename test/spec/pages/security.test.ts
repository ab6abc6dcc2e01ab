import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createFormToken, formKey, isFormToken } from "../../../shared/pages/csrf.ts";
import { messagePage } from "../../../shared/pages/layout.ts";
import { securityHeaders } from "../../../shared/pages/security-headers.ts";
import { stylesheet } from "../../../shared/pages/stylesheet.ts";

function policyOf(page?: string): string {
  return securityHeaders(page)["Content-Security-Policy"] ?? "";
}

describe("securityHeaders()", () => {
  test("allows nothing but the page's own style and form", () => {
    const hash = createHash("sha256").update(stylesheet).digest("base64");
    expect(policyOf(messagePage("Titel", "Satz"))).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    );
  });

  test("allows no style where the page has none of ours", () => {
    expect(policyOf()).toContain("style-src 'none'");
    expect(policyOf("<body><style>p{}</style></body>")).toContain("style-src 'none'");
  });

  test("never allows inline or foreign scripts", () => {
    expect(policyOf(messagePage("a", "b"))).not.toMatch(/unsafe|script|https?:|\*/);
  });
});

describe("isFormToken()", () => {
  const key = formKey(new Uint8Array(32).fill(1));
  const days = ["2026-11-24", "2026-11-23"] as const;
  const token = createFormToken(key, "a", "2026-11-24");

  test.each([
    ["token of today", key, "a", days, token, true],
    [
      "token of yesterday, form open over midnight",
      key,
      "a",
      days,
      createFormToken(key, "a", "2026-11-23"),
      true,
    ],
    ["token of the day before", key, "a", days, createFormToken(key, "a", "2026-11-22"), false],
    ["token of another person", key, "b", days, token, false],
    ["token under another key", formKey(new Uint8Array(32).fill(2)), "a", days, token, false],
    ["no token", key, "a", days, "", false],
    ["cut token", key, "a", days, token.slice(0, -1), false],
    ["longer token", key, "a", days, `${token}=`, false],
    ["no day", key, "a", [], token, false],
  ] as const)("%s", (_, usedKey, person, validDays, given, expected) => {
    expect(isFormToken(usedKey, person, validDays, given)).toBe(expected);
  });

  test("day and person cannot be moved against each other", () => {
    expect(createFormToken(key, "b", "a\n")).not.toBe(createFormToken(key, "\nb", "a"));
  });
});
