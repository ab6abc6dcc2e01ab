import type { FindingCode } from "../registers/finding.ts";
import type { FindingLog } from "../registers/finding-log.ts";
import { officeRegister } from "../registers/office.ts";
import { refuseUnknown } from "../registers/refuse-unknown.ts";
import type { FileFinding } from "../registers/register.ts";
import { type FactName, type Facts, type FindingText, factNames, findingText } from "./finding-texts.ts";
import { germanDay, germanNumber, germanPercent, printable } from "./german-text.ts";
import type { Receipt } from "./receipt.ts";
import { columnAt, columnFacts, type ReceiptColumn, receiptColumns } from "./receipt-columns.ts";

/** All findings of one code in one column. */
export type FindingGroup = {
  readonly code: FindingCode;
  /** Position in the delivered file, −1 for the whole row. */
  readonly column: number;
  readonly label: string;
  readonly count: number;
  /** How many of them the finding log names by line; of notes on very many rows it names the first ones only. */
  readonly listed: number;
  /** The first three lines of the department's file. */
  readonly firstLines: readonly number[];
  readonly text: FindingText;
};

/** What a receipt says in short. Its size depends on codes and columns, not on the number of rows. */
export type ReceiptSummary = {
  readonly columns: readonly ReceiptColumn[];
  /** Findings and notes on the whole file. */
  readonly file: readonly { readonly code: FindingCode; readonly text: FindingText }[];
  readonly rejected: readonly FindingGroup[];
  readonly notes: readonly FindingGroup[];
};

const shownLines = 3;

export function summariseReceipt(receipt: Receipt): ReceiptSummary {
  const columns = receiptColumns(receipt);
  const groups = groupFindings(receipt.outcome.rows).map(({ detail, ...tally }) => {
    const shown = columnAt(columns, tally.column);
    // The detail of a row speaks for its group only where it is the one row.
    const text = rowText(receipt, shown, tally.code, tally.count === 1 ? detail : undefined);
    return { ...tally, label: shown.label, listed: tally.count, text };
  });
  const notes = groups.filter(({ code }) => !isRejection(code));
  return {
    columns,
    file: fileFindings(receipt).map((finding) => ({
      code: finding.code,
      text: findingText(finding.code, fileFacts(finding, receipt)),
    })),
    rejected: groups.filter(({ code }) => isRejection(code)),
    notes: withUnlisted(notes, receipt.outcome.quality),
  };
}

/** True for the codes that refuse a row. */
export function isRejection(code: FindingCode): boolean {
  return code.startsWith("E");
}

/** Notes with the full counts of the quality report: those that the log does not name stand in a group of their own. */
function withUnlisted(
  notes: readonly FindingGroup[],
  quality: Readonly<Record<string, number>>,
): readonly FindingGroup[] {
  const byCode = Map.groupBy(notes, ({ code }) => code);
  return [...byCode].flatMap(([code, groups]) => {
    const listed = groups.reduce((sum, { count }) => sum + count, 0);
    const rest = (quality[code] ?? 0) - listed;
    const [first] = groups;
    if (first === undefined || rest <= 0) return groups;
    return groups.length === 1
      ? [{ ...first, count: first.count + rest }]
      : [
          ...groups,
          { ...first, column: -1, label: "weitere Zeilen", count: rest, listed: 0, firstLines: [] },
        ];
  });
}

type Tally = {
  readonly code: FindingCode;
  readonly column: number;
  readonly detail: number;
  count: number;
  readonly firstLines: number[];
};

/** Groups by code and column, the most frequent first. */
function groupFindings(rows: FindingLog): readonly Tally[] {
  const tallies = new Map<string, Tally>();
  for (const { code, column, line, detail } of rows.entries()) {
    const key = `${code} ${column}`;
    const tally = tallies.get(key) ?? { code, column, detail, count: 0, firstLines: [] };
    tally.count += 1;
    if (tally.firstLines.length < shownLines) tally.firstLines.push(line);
    tallies.set(key, tally);
  }
  return [...tallies.values()].sort(
    (a, b) => b.count - a.count || a.code.localeCompare(b.code) || a.column - b.column,
  );
}

/** True for a delivery that waited, by a rule that only makes wait, and was refused by a person then. */
export function isDecidedByPerson({ outcome }: Receipt): boolean {
  return (
    outcome.verdict.kind === "rejected" && outcome.verdict.findings.every(({ code }) => !code.startsWith("D"))
  );
}

/** The findings that decided, then the notes; a finding that stands in both is told once. */
function fileFindings(receipt: Receipt): readonly FileFinding[] {
  const deciding = isDecidedByPerson(receipt) ? [] : decidingFindings(receipt);
  const told = new Set(decidingFindings(receipt).map((finding) => JSON.stringify(finding)));
  return [...deciding, ...receipt.outcome.notes.filter((note) => !told.has(JSON.stringify(note)))];
}

function decidingFindings({ outcome }: Receipt): readonly FileFinding[] {
  const { verdict } = outcome;
  switch (verdict.kind) {
    case "accepted":
      return [];
    case "held":
      return [verdict.finding];
    case "rejected":
      return verdict.findings;
    default:
      return refuseUnknown(verdict, "findings of a receipt");
  }
}

/** Wording of one finding of a row, or of several rows at once where `detail` is not given. */
export function rowText(
  receipt: Receipt,
  column: ReceiptColumn,
  code: FindingCode,
  detail: number | undefined,
): FindingText {
  return findingText(code, {
    ...tableFacts(code, receipt),
    ...columnFacts(column),
    ...detailFacts(code, detail),
  });
}

function detailFacts(code: FindingCode, detail: number | undefined): Facts {
  if (detail === undefined) return {};
  if (code === "E-001") return { ist: germanNumber(detail) };
  return code === "E-010" && detail > 0 ? { zeile2: germanNumber(detail) } : {};
}

/** What the header says about rows that do not fit it. */
function tableFacts(code: FindingCode, { outcome }: Receipt): Facts {
  if (code !== "E-001") return {};
  const { delimiter = "", headings } = outcome;
  return {
    ...(headings.length === 0 ? {} : { soll: germanNumber(headings.length) }),
    zeichen: delimiterName(delimiter),
  };
}

export function delimiterName(delimiter: string): string {
  return delimiter === "\t" ? "Tabulator" : printable(delimiter);
}

function fileFacts(finding: FileFinding, receipt: Receipt): Facts {
  const given: Partial<Record<FactName, string>> = {};
  for (const name of factNames) {
    const fact = Object.hasOwn(finding.facts, name) ? finding.facts[name] : undefined;
    const text = fact === undefined ? "" : factText(name, fact);
    if (text !== "") given[name] = text;
  }
  return { ...knownFacts(finding.code, receipt), ...given };
}

/** Shares are numbers from 0 to 1; a count of nothing is not told. A heading is repeated only if it looks like one. */
function factText(name: FactName, fact: string | number): string {
  if (fact === 0 && (name === "anzahl" || name === "anzahl2")) return "";
  if (typeof fact === "number") return name === "anteil" ? germanPercent(fact) : germanNumber(fact);
  if (name === "spalte" || name === "spalte2")
    return /^[\p{L}\p{N} ._/()„“-]{1,120}$/u.test(fact) ? fact : "";
  const percent = name === "grenze" ? /^(\d+(?:\.\d+)?) %$/.exec(fact)?.[1] : undefined;
  return percent === undefined ? germanDay(fact) : germanPercent(Number(percent) / 100);
}

/** Facts that the receipt itself knows, for findings that do not carry them. */
function knownFacts(code: FindingCode, { delivery, office, outcome, previous }: Receipt): Facts {
  const limits = officeRegister(office, delivery.slot.register);
  if (code === "D-009") return { stichtag: germanDay(delivery.slot.referenceDate) };
  if (code === "D-014") return { grenze: `${germanNumber(limits.grenzeMegabyte)}\u00a0MB` };
  if (code === "D-011" && outcome.rowsRead > 0) {
    return {
      anteil: germanPercent(outcome.rejected / outcome.rowsRead),
      grenze: germanPercent(limits.abgelehntHoechstensProzent / 100),
    };
  }
  if (code === "H-013" && previous !== undefined && previous.rowsRead > 0) {
    return { anteil: germanPercent(Math.abs(outcome.rowsRead / previous.rowsRead - 1)) };
  }
  return {};
}
