import { type Foreigners, standingOf } from "./foreigners.ts";
import { isGerman } from "./german.ts";
import type { Residents } from "./residents.ts";

/** Where a person was found, in the order of the table. */
export const registerCodes = ["beide", "nur_alw", "nur_ewo"] as const;

/** One entry a person: where found, and the row of either register that gives the area (-1: that register has none). */
export type RegisterComparison = {
  readonly found: Uint8Array;
  readonly foreignersRow: Int32Array;
  readonly residentsRow: Int32Array;
};

/**
 * Foreigners who are not EU citizens in the foreigners register (Meldestatus A) against those of the residents register.
 *
 * Germans and EU citizens are left out on both sides by what each register says itself. A foreigner with a secondary
 * dwelling only is no population but linkable, and so found in both. Both `isEu` are by key, of either reference date.
 */
export function compareRegisters(
  foreigners: Foreigners,
  residents: Residents,
  isEu: { readonly foreigners: Uint8Array; readonly residents: Uint8Array },
): RegisterComparison {
  const isLinkable = linkableResidents(residents, isEu.residents);
  const found = new FoundPersons();
  for (const person of comparedForeigners(foreigners, isEu.foreigners)) {
    const foreignersRow = foreigners.status.attributeRow[person] ?? -1;
    const resident = foreigners.residentOf[person] ?? -1;
    if (isLinkable[resident] === 1) {
      isLinkable[resident] = linked;
      found.add(0, foreignersRow, residents.mainRow[resident] ?? -1);
    } else {
      found.add(1, foreignersRow, -1);
    }
  }
  for (let resident = 0; resident < isLinkable.length; resident++) {
    const row = residents.mainRow[resident] ?? -1;
    if (isLinkable[resident] === 1 && row !== -1) found.add(2, -1, row);
  }
  return found.columns();
}

class FoundPersons {
  readonly #found: number[] = [];
  readonly #foreignersRow: number[] = [];
  readonly #residentsRow: number[] = [];

  add(found: number, foreignersRow: number, residentsRow: number): void {
    this.#found.push(found);
    this.#foreignersRow.push(foreignersRow);
    this.#residentsRow.push(residentsRow);
  }

  columns(): RegisterComparison {
    return {
      found: Uint8Array.from(this.#found),
      foreignersRow: Int32Array.from(this.#foreignersRow),
      residentsRow: Int32Array.from(this.#residentsRow),
    };
  }
}

const linked = 2;

function comparedForeigners(foreigners: Foreigners, isEu: Uint8Array): readonly number[] {
  const standing = standingOf(foreigners);
  const nationality = foreigners.columns.numbers("staatsang1");
  const second = foreigners.columns.numbers("staatsang2");
  const persons: number[] = [];
  for (let person = 0; person < foreigners.persons.count; person++) {
    if (standing(person) !== "foreigner") continue;
    const row = foreigners.status.attributeRow[person] ?? 0;
    if (isEu[nationality[row] ?? 0] !== 1 && isEu[second[row] ?? 0] !== 1) persons.push(person);
  }
  return persons;
}

/** 1 per person of the residents register who is neither German nor an EU citizen, secondary dwellings included. */
function linkableResidents(residents: Residents, isEu: Uint8Array): Uint8Array {
  const first = residents.columns.numbers("staatsang1");
  const second = residents.columns.numbers("staatsang2");
  const isLinkable = new Uint8Array(residents.index.count);
  for (let person = 0; person < isLinkable.length; person++) {
    const main = residents.mainRow[person] ?? -1;
    const row = main === -1 ? (residents.index.firstRow[person] ?? 0) : main;
    const isLeftOut =
      isGerman(first[row], second[row]) || isEu[first[row] ?? 0] === 1 || isEu[second[row] ?? 0] === 1;
    isLinkable[person] = isLeftOut ? 0 : 1;
  }
  return isLinkable;
}
