import type { CodeEntry, CodeTable } from "../registers/code-table.ts";
import type { RecordColumns } from "../registers/record-block.ts";
import { noDate } from "../registers/record-block.ts";
import { statusClasses, statusClassOf } from "./definition.ts";

/** Which rule decided the status of a person; the order of the names is the order of the comparison. */
export const statusRules = [
  "only-row",
  "status-class",
  "latest-event",
  "latest-valid-from",
  "latest-valid-to",
  "smallest-code",
  "row-order",
] as const;

export type StatusQuestion = {
  /** Person number of each row, and how many persons there are. */
  readonly personOfRow: Uint32Array;
  readonly personCount: number;
  /** Days since 1970-01-01. */
  readonly referenceDay: number;
  /** `residence-titles.csv`. */
  readonly titles: CodeTable;
  /** Days a title may have expired and still count (`<=`). */
  readonly expiredDays: number;
};

/** The rows that speak for each person; -1 where there is none. */
export type ResolvedStatus = {
  /** Row that gives the attributes of the person. */
  readonly attributeRow: Int32Array;
  /** Row whose title is the person's status. */
  readonly statusRow: Int32Array;
  /** 1 if that title has expired. */
  readonly expired: Uint8Array;
  /** Position in `statusRules`: what set the status apart from the person's other rows. */
  readonly decidedBy: Uint8Array;
  /** Code table row per title text of the column `titel`, by its position; undefined for an unknown one. */
  readonly titles: readonly (CodeEntry | undefined)[];
  /** Rows left out because their event or grant lies after the reference date. */
  readonly futureRows: number;
};

/**
 * One status per person out of several rows, the same for any order of the rows.
 *
 * 1. Rows whose Ereignisdatum or GueltigAb lies after the reference date are left out. Attributes come from the remaining
 *    row with the latest Ereignisdatum, then the latest GueltigAb, then the smallest `zeilenfolge`.
 * 2. Valid: GueltigAb <= reference date <= GueltigBis. 3. The highest status class decides. 4. Ties: latest Ereignisdatum,
 *    GueltigAb, GueltigBis (open is latest), smallest code. 5. Without a valid row: the same among rows that expired at
 *    most `expiredDays` before. A row with an unknown title never gives a status. 6. What decided is kept for counting.
 * Source: several rows per person, EWO-ALW.
 */
export function resolveStatus(columns: RecordColumns, question: StatusQuestion): ResolvedStatus {
  const rows = rowsOf(columns, question);
  const { personOfRow, personCount, referenceDay, expiredDays } = question;
  const attributes = new Champions(personCount, (a, b) => compareAttributes(rows, a, b));
  const valid = new Champions(personCount, (a, b) => compareStatus(rows, a, b));
  const lapsed = new Champions(personCount, (a, b) => compareStatus(rows, a, b));
  let futureRows = 0;
  for (let row = 0; row < columns.rowCount; row++) {
    if ((rows.event[row] ?? 0) > referenceDay || (rows.from[row] ?? 0) > referenceDay) {
      futureRows++;
      continue;
    }
    const person = personOfRow[row] ?? 0;
    attributes.enter(person, row);
    if ((rows.rank[row] ?? 0) === unknownRank) continue;
    const until = rows.until[row] ?? 0;
    if (until >= referenceDay) valid.enter(person, row);
    else if (referenceDay - until <= expiredDays) lapsed.enter(person, row);
  }
  return { attributeRow: attributes.rows, ...verdicts(valid, lapsed), titles: rows.titles, futureRows };
}

function verdicts(valid: Champions, lapsed: Champions) {
  const statusRow = valid.rows.slice();
  const decidedBy = valid.levels.slice();
  const expired = new Uint8Array(statusRow.length);
  for (let person = 0; person < statusRow.length; person++) {
    if (statusRow[person] !== -1 || lapsed.rows[person] === -1) continue;
    statusRow[person] = lapsed.rows[person] ?? -1;
    decidedBy[person] = lapsed.levels[person] ?? 0;
    expired[person] = 1;
  }
  return { statusRow, decidedBy, expired };
}

/** The winning row of each person, and the finest level of comparison that set it apart from the person's others. */
class Champions {
  readonly rows: Int32Array;
  readonly levels: Uint8Array;
  readonly #compare: (a: number, b: number) => number;

  /** `compare` gives the level that decides, from 1, positive if the first row wins; 0 for equal rows. */
  constructor(personCount: number, compare: (a: number, b: number) => number) {
    this.rows = new Int32Array(personCount).fill(-1);
    this.levels = new Uint8Array(personCount);
    this.#compare = compare;
  }

  enter(person: number, row: number): void {
    const holder = this.rows[person] ?? -1;
    if (holder === -1) {
      this.rows[person] = row;
      return;
    }
    const outcome = this.#compare(row, holder);
    if (outcome > 0) {
      // Whoever lost to the former holder at a finer level loses to the new one at this level already.
      this.rows[person] = row;
      this.levels[person] = outcome;
    } else {
      this.levels[person] = Math.max(this.levels[person] ?? 0, -outcome);
    }
  }
}

/** What the comparisons need of each row, as numbers: larger wins, but for `rank`, `codeOrder` and `order`. */
type ComparedRows = {
  readonly event: Int32Array;
  readonly from: Int32Array;
  readonly until: Int32Array;
  readonly rank: Uint8Array;
  readonly codeOrder: Uint32Array;
  readonly order: ArrayLike<number>;
  readonly titles: readonly (CodeEntry | undefined)[];
};

const unknownRank = 0xff;
const openEnd = 0x7fffffff;

function rowsOf(columns: RecordColumns, question: StatusQuestion): ComparedRows {
  const title = columns.text("titel");
  const titles = title.values.map((code) => titleOn(question.titles, code, question.referenceDay));
  const ranks = titles.map((entry) =>
    entry === undefined ? unknownRank : statusClasses.indexOf(statusClassOf(entry)),
  );
  const codes = [...title.values].sort();
  const codeOrders = title.values.map((code) => codes.indexOf(code));
  const from = new Int32Array(columns.numbers("gueltig_ab"));
  const event = new Int32Array(columns.numbers("ereignisdatum"));
  return {
    event: event.map((day, row) => (day === noDate ? (from[row] ?? noDate) : day)),
    from,
    until: new Int32Array(columns.numbers("gueltig_bis")).map((day) => (day === noDate ? openEnd : day)),
    rank: new Uint8Array(title.index.map((value) => ranks[value] ?? unknownRank)),
    codeOrder: title.index.map((value) => codeOrders[value] ?? 0),
    order: columns.numbers("zeilenfolge"),
    titles,
  };
}

/** The row of a code on the day, else its last one: a code outside its validity is still classified. */
function titleOn(titles: CodeTable, code: string, day: number): CodeEntry | undefined {
  return titles.at(code, day) ?? titles.find(code).at(-1);
}

function compareAttributes(rows: ComparedRows, a: number, b: number): number {
  return (
    signed(1, (rows.event[a] ?? 0) - (rows.event[b] ?? 0)) ||
    signed(2, (rows.from[a] ?? 0) - (rows.from[b] ?? 0)) ||
    signed(3, (rows.order[b] ?? 0) - (rows.order[a] ?? 0))
  );
}

function compareStatus(rows: ComparedRows, a: number, b: number): number {
  return (
    signed(1, (rows.rank[b] ?? 0) - (rows.rank[a] ?? 0)) ||
    signed(2, (rows.event[a] ?? 0) - (rows.event[b] ?? 0)) ||
    signed(3, (rows.from[a] ?? 0) - (rows.from[b] ?? 0)) ||
    signed(4, (rows.until[a] ?? 0) - (rows.until[b] ?? 0)) ||
    signed(5, (rows.codeOrder[b] ?? 0) - (rows.codeOrder[a] ?? 0)) ||
    signed(6, (rows.order[b] ?? 0) - (rows.order[a] ?? 0))
  );
}

function signed(level: number, difference: number): number {
  return difference === 0 ? 0 : difference > 0 ? level : -level;
}
