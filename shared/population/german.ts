import type { CodeTable } from "../registers/code-table.ts";

const germanKey = 0;

/** German dominates: one German citizenship of two makes no foreigner. */
export function isGerman(first: number | undefined, second: number | undefined): boolean {
  return first === germanKey || second === germanKey;
}

/**
 * 1 per citizenship key whose state is in the European Union on the day.
 * @throws {RangeError} if the code table does not tell: then EU citizens would be counted as others.
 */
export function euCitizenships(citizenships: CodeTable, day: number): Uint8Array {
  const isEu = new Uint8Array(0x1_0000);
  for (const entry of citizenships.entries) {
    if (entry.fields["eu"] === "1" && citizenships.at(entry.code, day) === entry)
      isEu[Number(entry.code)] = 1;
  }
  if (!isEu.includes(1)) {
    throw new RangeError(
      'Cannot tell EU citizens: "citizenships.csv" must have the column "eu" with 1 for member states',
    );
  }
  return isEu;
}
