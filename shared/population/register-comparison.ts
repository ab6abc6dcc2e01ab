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
 * dwelling only is no population but linkable, and so found in both, as is one whose alias occurs there: no PersNr that is
 * in both registers is missing in one. Both `isEu` are by key, of either reference date.
 */
export function compareRegisters(
  foreigners: Foreigners,
  residents: Residents,
  isEu: { readonly foreigners: Uint8Array; readonly residents: Uint8Array },
): RegisterComparison {
  const isLinkable = linkableResidents(residents, isEu.residents);
  const found = new FoundPersons();
  const compared = comparedForeigners(foreigners, isEu.foreigners);
  const isFound = linkPersons(foreigners, compared, isLinkable);
  for (const person of compared) {
    const foreignersRow = foreigners.status.attributeRow[person] ?? -1;
    const resident = foreigners.residentOf[person] ?? -1;
    const residentsRow = isLinkable[resident] === linked ? (residents.mainRow[resident] ?? -1) : -1;
    found.add(isFound[person] === 1 ? 0 : 1, foreignersRow, residentsRow);
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

/** 1 per compared person of whom any PersNr is linkable; what it links is marked as `linked`. */
function linkPersons(
  { persons, residentOfRow }: Foreigners,
  compared: readonly number[],
  isLinkable: Uint8Array,
): Uint8Array {
  const isCompared = new Uint8Array(persons.count);
  for (const person of compared) isCompared[person] = 1;
  const isFound = new Uint8Array(persons.count);
  for (let row = 0; row < residentOfRow.length; row++) {
    const person = persons.ofRow[row] ?? 0;
    const resident = residentOfRow[row] ?? -1;
    if (isCompared[person] !== 1 || (isLinkable[resident] ?? 0) === 0) continue;
    isFound[person] = 1;
    isLinkable[resident] = linked;
  }
  return isFound;
}

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
