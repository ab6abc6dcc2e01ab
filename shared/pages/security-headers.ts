import { createHash } from "node:crypto";

/**
 * Headers of every answer. Nothing is loaded, framed, stored or sent elsewhere; the page's own first style element is
 * allowed by its hash. Stored receipts keep the look of their day, hence the hash is taken from the page itself.
 */
export function securityHeaders(page = ""): Readonly<Record<string, string>> {
  return {
    "Content-Security-Policy": contentSecurityPolicy(page),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
  };
}

function contentSecurityPolicy(page: string): string {
  return [
    "default-src 'none'",
    `style-src ${styleSource(page)}`,
    "img-src 'self' data:",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join("; ");
}

function styleSource(page: string): string {
  const style = /<head>\s*<meta charset="utf-8">\s*<style>([^<]*)<\/style>/.exec(page)?.[1];
  return style === undefined ? "'none'" : `'sha256-${createHash("sha256").update(style).digest("base64")}'`;
}
