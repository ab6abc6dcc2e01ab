import { addDays, monthNumber, monthText } from "../registers/calendar.ts";
import type { OfficeRegister } from "../registers/office.ts";
import type { RegisterId } from "../registers/register.ts";

/**
 * True if the newest delivery of a register is older than what was due by the report's reference date.
 *
 * Weekly register (`ewo-alw`): due is that Friday. Monthly ones: due is the past month once the agreed day of the month
 * has passed, else the month before it. Registers without an agreed cadence are never late.
 */
export function isLate(
  register: RegisterId,
  newest: string | undefined,
  referenceDate: string,
  agreed: OfficeRegister,
): boolean {
  const due = register === "ewo-alw" ? referenceDate : monthDue(referenceDate, agreed);
  return due !== undefined && (newest === undefined || newest.slice(0, due.length) < due);
}

function monthDue(referenceDate: string, agreed: OfficeRegister): string | undefined {
  if (agreed.erwartet === undefined || !("tagImMonat" in agreed.erwartet)) return undefined;
  const dueSince = addDays(referenceDate, -Math.ceil(agreed.karenzStunden / 24));
  const passed = Number(dueSince.slice(8)) >= agreed.erwartet.tagImMonat;
  return monthText(monthNumber(dueSince.slice(0, 7)) - (passed ? 1 : 2));
}
