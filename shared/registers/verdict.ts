import type { Passage } from "./door.ts";
import type { OfficeRegister } from "./office.ts";
import type { ReadOutcome } from "./outcome.ts";
import type { RowFindings } from "./row-findings.ts";

type Verdict = ReadOutcome["verdict"];

/**
 * What becomes of a delivery whose rows were read. Limits are upper ones: a share equal to the limit is accepted.
 *
 * Refused: no rows (D-001), too many rejected rows (D-011; rows for the work list do not count), rows that contradict each
 * other (D-011, limit 0). Held: row count far from the last one (H-013), too many unknown titles or PKS (E-016).
 */
export function decideVerdict(
  passage: Passage,
  findings: RowFindings,
  limits: OfficeRegister,
  previousRows: number | undefined,
): Verdict {
  const { rowsRead, rejected, contradictions } = passage;
  if (rowsRead === 0) return { kind: "rejected", findings: [{ code: "D-001", facts: {} }] };
  const unmapped = findings.countOf("E-016");
  const limit = contradictions > 0 ? 0 : limits.abgelehntHoechstensProzent / 100;
  const share = (rejected - unmapped) / rowsRead;
  if (share > limit) {
    return {
      kind: "rejected",
      findings: [{ code: "D-011", facts: { anteil: share, grenze: `${limit * 100} %` } }],
    };
  }
  return (
    heldForSize(rowsRead, previousRows, limits) ??
    heldForKeys((unmapped + findings.countOf("pks-unbekannt")) / rowsRead, limits) ?? { kind: "accepted" }
  );
}

function heldForSize(
  rowsRead: number,
  previousRows: number | undefined,
  { zeilenAbweichungProzent }: OfficeRegister,
): Verdict | undefined {
  if (previousRows === undefined || previousRows === 0) return undefined;
  const deviation = Math.abs(rowsRead - previousRows) / previousRows;
  if (deviation <= zeilenAbweichungProzent / 100) return undefined;
  return { kind: "held", finding: { code: "H-013", facts: { anteil: deviation } } };
}

function heldForKeys(share: number, { unbekannteSchluesselProzent }: OfficeRegister): Verdict | undefined {
  if (share <= unbekannteSchluesselProzent / 100) return undefined;
  return { kind: "held", finding: { code: "E-016", facts: { anteil: share } } };
}
