import type { RecordColumns, TextColumn } from "../registers/record-block.ts";
import { isGerman } from "./german.ts";
import { PersonIndex } from "./person-index.ts";

/** Persons of the residents register at its reference date. */
export type Residents = {
  readonly columns: RecordColumns;
  readonly index: PersonIndex;
  /** Row of the main residence per person; -1 for a secondary dwelling only: no population, but linkable. */
  readonly mainRow: Int32Array;
};

/**
 * One dwelling per person: A (alleinige) or H (Hauptwohnung) before N (Nebenwohnung), which is no population; among
 * several the latest Einzugsdatum, then the smallest Blockseite, one without Blockseite last.
 */
export function formResidents(columns: RecordColumns): Residents {
  const index = new PersonIndex(columns.pseudonyms("person"));
  const dwelling = columns.text("wohnungsstatus");
  const isMain = Uint8Array.from(dwelling.values, (status) => (status === "A" || status === "H" ? 1 : 0));
  const movedIn = columns.numbers("einzug");
  const side = columns.text("blockseite");
  const mainRow = new Int32Array(index.count).fill(-1);
  for (let row = 0; row < columns.rowCount; row++) {
    if (isMain[dwelling.index[row] ?? 0] !== 1) continue;
    const person = index.ofRow[row] ?? 0;
    const holder = mainRow[person] ?? -1;
    if (holder === -1 || standsBefore(row, holder, movedIn, side)) mainRow[person] = row;
  }
  return { columns, index, mainRow };
}

function standsBefore(row: number, holder: number, movedIn: ArrayLike<number>, side: TextColumn): boolean {
  const difference = (movedIn[row] ?? 0) - (movedIn[holder] ?? 0);
  if (difference !== 0) return difference > 0;
  const here = side.values[side.index[row] ?? 0] ?? "";
  const there = side.values[side.index[holder] ?? 0] ?? "";
  return here !== "" && (there === "" || here < there);
}

/** Rows of the population: everybody with a main residence. */
export function populationRows(residents: Residents): Uint32Array {
  return new Uint32Array(residents.mainRow.filter((row) => row !== -1));
}

/** Those rows of the population that are no Germans. */
export function foreignRows(residents: Residents, population: Uint32Array): Uint32Array {
  const first = residents.columns.numbers("staatsang1");
  const second = residents.columns.numbers("staatsang2");
  return population.filter((row) => !isGerman(first[row], second[row]));
}
