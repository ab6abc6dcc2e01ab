import type { Delivery } from "../registers/delivery.ts";
import type { Office } from "../registers/office.ts";
import type { ReadOutcome } from "../registers/outcome.ts";
import { type ColumnSpec, type RegisterId, registerIds } from "../registers/register.ts";

/**
 * Everything a department is told about one delivered file. A finding says rule, line and column; cells never enter,
 * except a code of a code column that fits its pattern, and that only into the workbook.
 */
export type Receipt = {
  readonly delivery: Delivery;
  readonly outcome: ReadOutcome;
  readonly office: Office;
  /** Columns of the delivery's format. */
  readonly columns: readonly ColumnSpec[];
  /** The delivery of the same slot part that was in force before. */
  readonly previous?: { readonly id: string; readonly rowsRead: number };
  /** ISO instant at which the very same file was taken before: nothing was changed by this one. */
  readonly repeatedAt?: string;
  /** Zone of the clocks that the department reads. Default: Europe/Berlin. */
  readonly timeZone?: string;
};

/** Part of a delivery whose file name could not be read; its slot's date is then the day of arrival. */
export const unnamedPart = "dateiname";

export function timeZoneOf(receipt: Receipt): string {
  return receipt.timeZone ?? "Europe/Berlin";
}

export type DeliveryIdParts = {
  readonly register: RegisterId;
  readonly part: string;
  readonly referenceDate: string;
  readonly digest: string;
};

const idForm = new RegExp(
  `^(${registerIds.join("|")})(?:-([a-z0-9]{1,20}))?-(\\d{4}-\\d{2}(?:-\\d{2})?)-([0-9a-f]{12})$`,
);

/** The parts of a delivery id, undefined for any other text: the door for ids that come from outside. */
export function readDeliveryId(id: string): DeliveryIdParts | undefined {
  const [, first, part = "-", referenceDate = "", digest = ""] = idForm.exec(id) ?? [];
  const register = registerIds.find((known) => known === first);
  return register === undefined ? undefined : { register, part, referenceDate, digest };
}

/** Name under which the workbook of a receipt is handed out: "Quittung_EWO-ALW_2026-11-20_3f9a1c0b7d2e.xlsx". */
export function receiptFileName({ register, part, referenceDate, digest }: DeliveryIdParts): string {
  const source = register.toUpperCase() + (part === "-" ? "" : `-${part.toUpperCase()}`);
  return `Quittung_${source}_${referenceDate}_${digest}.xlsx`;
}
