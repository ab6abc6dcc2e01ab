import type { CodeTable } from "../registers/code-table.ts";
import type { RecordColumns } from "../registers/record-block.ts";
import { type MergedPersons, mergeAliases } from "./aliases.ts";
import { isGerman } from "./german.ts";
import type { PersonIndex } from "./person-index.ts";
import { type ResolvedStatus, resolveStatus } from "./resolve-status.ts";

/** Persons of the foreigners register at its reference date, one number each. */
export type Foreigners = {
  readonly columns: RecordColumns;
  readonly persons: MergedPersons;
  readonly status: ResolvedStatus;
  /** Person number in the residents register, -1 where none of the person's PersNr occurs there. */
  readonly residentOf: Int32Array;
  /** The same for the PersNr of each row: aliases may occur there beside the PersNr that stands for the person. */
  readonly residentOfRow: Int32Array;
};

export type ForeignersInput = {
  readonly columns: RecordColumns;
  /** Days since 1970-01-01. */
  readonly referenceDay: number;
  readonly titles: CodeTable;
  readonly expiredDays: number;
  /** Persons of the residents register, main and secondary dwellings; absent without that register. */
  readonly residents?: PersonIndex;
};

/** One person out of several rows and several PersNr. Who of them is a refugee: `refugees.ts`. */
export function formForeigners(input: ForeignersInput): Foreigners {
  const { columns, referenceDay, titles, expiredDays, residents } = input;
  const residentOfRow =
    residents?.findAll(columns.pseudonyms("person")) ?? new Int32Array(columns.rowCount).fill(-1);
  const persons = mergeAliases(columns, (row) => residentOfRow[row] !== -1);
  const question = {
    personOfRow: persons.ofRow,
    personCount: persons.count,
    referenceDay,
    titles,
    expiredDays,
  };
  return {
    columns,
    persons,
    status: resolveStatus(columns, question),
    residentOf: Int32Array.from(persons.representativeRow, (row) => residentOfRow[row] ?? -1),
    residentOfRow,
  };
}

/** Why a person of the register is not in its stock, or "foreigner" for one who is. */
export type Standing = "no-row" | "not-active" | "german" | "foreigner";

/** Meldestatus and citizenship come from the row of attributes; only "A" is in the stock. */
export function standingOf(foreigners: Foreigners): (person: number) => Standing {
  const { columns, status } = foreigners;
  const first = columns.numbers("staatsang1");
  const second = columns.numbers("staatsang2");
  const state = columns.text("meldestatus");
  const active = state.values.indexOf("A");
  return (person) => {
    const row = status.attributeRow[person] ?? -1;
    if (row === -1) return "no-row";
    if (active === -1 || state.index[row] !== active) return "not-active";
    return isGerman(first[row], second[row]) ? "german" : "foreigner";
  };
}
