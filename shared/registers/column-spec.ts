import type { ColumnSpec, Disposition, ValueKind } from "./register.ts";

/**
 * One line of a register's column list.
 * `required`: "filled" = exists and every row fills it, "present" = exists, "optional" = may be missing.
 */
export function column(
  name: string,
  value: ValueKind,
  required: ColumnSpec["required"],
  disposition: Disposition,
  ...aliases: readonly string[]
): ColumnSpec {
  return { name, aliases, value, required, disposition };
}

export const date = { kind: "date" } as const;
export const partialDate = { kind: "partial-date" } as const;
export const month = { kind: "month" } as const;
export const sex = { kind: "sex" } as const;
export const yesNo = { kind: "yes-no" } as const;
export const money = { kind: "money" } as const;
export const citizenship = { kind: "key", length: 3, codes: "citizenships" } as const;
export const maritalStatus = { kind: "key", length: 2, codes: "familienstand" } as const;
export const benefitGroup = { kind: "key", length: 2, codes: "personenkreis" } as const;
/** A key that is opaque text of any length. */
export const opaqueKey = { kind: "key", length: 0 } as const;
export const streetKey = { kind: "key", length: 5 } as const;
export const postalCode = { kind: "text", maxLength: 10 } as const;

export function text(maxLength: number): ValueKind {
  return { kind: "text", maxLength };
}

export function code(...allowed: readonly string[]): ValueKind {
  return { kind: "code", allowed };
}

export function integer(min: number, max: number): ValueKind {
  return { kind: "integer", min, max };
}
