import type { RecordColumns, TextColumn } from "../registers/record-block.ts";
import { comparePseudonyms, PersonIndex } from "./person-index.ts";

/** Cases, persons and expenditure of one month of AsylbLG billing, by benefit group (PKS) or any grouping of it. */
export type BenefitCount = {
  readonly cases: number;
  readonly persons: number;
  /** Cents. */
  readonly expenditure: number;
  /** Persons whose payments in the cell do not add up to zero: they stand behind the amount. */
  readonly recipients: number;
  /** Cents: the largest single recipient and the sum over all, both by absolute amounts. */
  readonly largest: number;
  readonly absolute: number;
};

/** One month as integer codes: what every grouping is counted from. */
export type BenefitMonth = {
  /** Distinct PKS of the rows, sorted. */
  readonly groups: readonly string[];
  /** Position in `groups` of each row, person and case. */
  readonly rowGroup: Uint16Array;
  readonly personGroup: Uint16Array;
  readonly caseGroup: Uint16Array;
  readonly personOfRow: Uint32Array;
  /** Cents per row. */
  readonly amounts: ArrayLike<number>;
};

/**
 * A person with several PKS counts under one: latest Leistungsbeginn, then smallest StellungImFall, then smallest PKS.
 * A case counts under the PKS of its person with the smallest StellungImFall; ties: the oldest person, then the smaller
 * hash. Amounts stay with the PKS of their row. So all rows of a table by PKS add up to its total.
 * Source: counting rules, AKDN sozial.
 */
export function formBenefitMonth(columns: RecordColumns): BenefitMonth {
  const pks = columns.text("pks");
  const groups = [...new Set(columns.rowCount === 0 ? [] : usedValues(pks))].sort();
  const position = pks.values.map((value) => groups.indexOf(value));
  const rowGroup = Uint16Array.from(pks.index, (value) => position[value] ?? 0);
  const persons = new PersonIndex(columns.pseudonyms("person"));
  const cases = new PersonIndex(columns.pseudonyms("fall"));
  const personRow = decidingRows(persons, personOrder(columns, rowGroup));
  const personGroup = Uint16Array.from(personRow, (row) => rowGroup[row] ?? 0);
  const caseRow = decidingRows(cases, caseOrder(columns));
  return {
    groups,
    rowGroup,
    personGroup,
    caseGroup: Uint16Array.from(caseRow, (row) => personGroup[persons.ofRow[row] ?? 0] ?? 0),
    personOfRow: persons.ofRow,
    amounts: columns.numbers("betrag"),
  };
}

/** Counts by a grouping of the PKS: `groupOf[g]` is the cell of `month.groups[g]`; the cells together are the total. */
export function countBenefits(
  month: BenefitMonth,
  groupOf: ArrayLike<number>,
  cellCount: number,
): readonly BenefitCount[] {
  const cases = tally(month.caseGroup, groupOf, cellCount);
  const persons = tally(month.personGroup, groupOf, cellCount);
  const money = countMoney(month, groupOf, cellCount);
  return money.map((amounts, cell) => ({ cases: cases[cell] ?? 0, persons: persons[cell] ?? 0, ...amounts }));
}

function tally(groups: Uint16Array, groupOf: ArrayLike<number>, cellCount: number): Uint32Array {
  const counts = new Uint32Array(cellCount);
  for (const group of groups) {
    const cell = groupOf[group] ?? 0;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return counts;
}

function countMoney(month: BenefitMonth, groupOf: ArrayLike<number>, cellCount: number) {
  const perRecipient = new Map<number, number>();
  const expenditure = new Float64Array(cellCount);
  for (let row = 0; row < month.personOfRow.length; row++) {
    const cell = groupOf[month.rowGroup[row] ?? 0] ?? 0;
    const amount = month.amounts[row] ?? 0;
    const recipient = (month.personOfRow[row] ?? 0) * cellCount + cell;
    expenditure[cell] = (expenditure[cell] ?? 0) + amount;
    perRecipient.set(recipient, (perRecipient.get(recipient) ?? 0) + amount);
  }
  const cells = Array.from(expenditure, (sum) => ({
    expenditure: sum,
    recipients: 0,
    largest: 0,
    absolute: 0,
  }));
  for (const [recipient, sum] of perRecipient) {
    const cell = cells[recipient % cellCount];
    if (cell === undefined || sum === 0) continue;
    cell.recipients++;
    cell.absolute += Math.abs(sum);
    cell.largest = Math.max(cell.largest, Math.abs(sum));
  }
  return cells;
}

function usedValues(column: TextColumn): readonly string[] {
  const isUsed = new Uint8Array(column.values.length);
  for (const value of column.index) isUsed[value] = 1;
  return column.values.filter((_, at) => isUsed[at] === 1);
}

/** The row that stands first, per group of rows. */
function decidingRows(index: PersonIndex, order: (a: number, b: number) => number): Uint32Array {
  const rows = index.firstRow.slice();
  for (let row = 0; row < index.ofRow.length; row++) {
    const group = index.ofRow[row] ?? 0;
    if (order(row, rows[group] ?? 0) < 0) rows[group] = row;
  }
  return rows;
}

function personOrder(columns: RecordColumns, rowGroup: Uint16Array): (a: number, b: number) => number {
  const begin = columns.numbers("beginn");
  const position = columns.numbers("stellung");
  return (a, b) =>
    (begin[b] ?? 0) - (begin[a] ?? 0) ||
    (position[a] ?? 0) - (position[b] ?? 0) ||
    (rowGroup[a] ?? 0) - (rowGroup[b] ?? 0);
}

/** "Oldest": smallest year of birth, then highest age; who has no year of birth stands last. */
function caseOrder(columns: RecordColumns): (a: number, b: number) => number {
  const position = columns.numbers("stellung");
  const birthYear = Uint16Array.from(columns.numbers("geburtsjahr"), (year) => (year === 0 ? 0xffff : year));
  const age = columns.numbers("alter");
  const persons = columns.pseudonyms("person");
  return (a, b) =>
    (position[a] ?? 0) - (position[b] ?? 0) ||
    (birthYear[a] ?? 0) - (birthYear[b] ?? 0) ||
    (age[b] ?? 0) - (age[a] ?? 0) ||
    comparePseudonyms(persons, a, b);
}
