import { addDays, monthNumber, monthText } from "../registers/calendar.ts";
import type { OfficeRegister } from "../registers/office.ts";
import { refuseUnknown } from "../registers/refuse-unknown.ts";
import type { RegisterId } from "../registers/register.ts";

/**
 * True if the newest delivery of a register is older than what was due by the report's reference date.
 *
 * `ewo-alw`, weekly: due is that Friday. `akdn-sozial` and `ewo`, monthly: due is the past month once the agreed day of the
 * month has passed, else the month before it. What comes on change or once, and what nobody agreed on, is never late.
 */
export function isLate(
  register: RegisterId,
  newest: string | undefined,
  referenceDate: string,
  agreed: OfficeRegister,
): boolean {
  const due = dueBy(register, referenceDate, agreed);
  return due !== undefined && (newest === undefined || newest.slice(0, due.length) < due);
}

function dueBy(register: RegisterId, referenceDate: string, agreed: OfficeRegister): string | undefined {
  switch (register) {
    case "ewo-alw":
      return referenceDate;
    case "akdn-sozial":
    case "ewo":
      return monthDue(referenceDate, agreed);
    case "schild":
    case "gliederung":
    case "fortschreibung":
      return undefined;
    default:
      return refuseUnknown(register, "register");
  }
}

function monthDue(referenceDate: string, agreed: OfficeRegister): string | undefined {
  if (agreed.erwartet === undefined || !("tagImMonat" in agreed.erwartet)) return undefined;
  const dueSince = addDays(referenceDate, -Math.ceil(agreed.karenzStunden / 24));
  const passed = Number(dueSince.slice(8)) >= agreed.erwartet.tagImMonat;
  return monthText(monthNumber(dueSince.slice(0, 7)) - (passed ? 1 : 2));
}
