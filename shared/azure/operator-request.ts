import type { HttpRequest } from "@azure/functions";
import { formKey, formTokenField, isFormToken } from "../pages/csrf.ts";
import { addDays, isoDayIn } from "../registers/calendar.ts";
import { type Principal, requireRole } from "./principal.ts";
import type { Surroundings } from "./surroundings.ts";

export type OperatorRequest =
  | {
      readonly kind: "allowed";
      readonly principal: Principal;
      readonly fields: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: "refused"; readonly status: 400 | 401 | 403 };

const longestBody = 16_384;

/**
 * An operator's order: the role first, then the body. A form of our pages carries a token bound to the person and the
 * day; a program sends JSON, which no foreign page can without being asked. Anything else is refused.
 */
export async function readOperatorRequest(
  request: HttpRequest,
  around: Surroundings,
): Promise<OperatorRequest> {
  const entry = requireRole(request.headers, "Betrieb");
  if (entry.kind === "refused") return entry;
  const text = await request.text();
  const fields =
    text.length > longestBody ? undefined : readFields(request.headers.get("content-type") ?? "", text);
  if (fields === undefined) return { kind: "refused", status: 400 };
  if (!fields.needsToken) return { kind: "allowed", principal: entry.principal, fields: fields.values };
  const { [formTokenField]: token, ...values } = fields.values;
  const today = isoDayIn(around.now(), around.settings.officeTimeZone);
  const key = formKey(around.settings.pseudonymKey);
  const known = isFormToken(key, entry.principal.id, [today, addDays(today, -1)], String(token));
  return known
    ? { kind: "allowed", principal: entry.principal, fields: values }
    : { kind: "refused", status: 403 };
}

type Fields = { readonly needsToken: boolean; readonly values: Readonly<Record<string, unknown>> };

function readFields(contentType: string, text: string): Fields | undefined {
  if (/^application\/json\b/i.test(contentType)) {
    const values = parsedObject(text);
    return values === undefined ? undefined : { needsToken: false, values };
  }
  if (!/^application\/x-www-form-urlencoded\b/i.test(contentType)) return undefined;
  const entries = [...new URLSearchParams(text)];
  const values = Object.fromEntries(entries);
  return entries.length === Object.keys(values).length ? { needsToken: true, values } : undefined;
}

function parsedObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
