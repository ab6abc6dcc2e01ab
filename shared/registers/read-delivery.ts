import type { AddressIndex } from "./address-index.ts";
import { emptyAddressIndex } from "./address-index.ts";
import { dayNumber, monthNumber, monthText } from "./calendar.ts";
import { type CodeTables, codeTablesVersion } from "./code-table.ts";
import { type Passage, passDoor } from "./door.ts";
import { openGeometry } from "./geometry-file.ts";
import { register } from "./index.ts";
import type { KeyDerivation } from "./keys.ts";
import { type Office, type OfficeRegister, officeRegister } from "./office.ts";
import type { ReadOutcome } from "./outcome.ts";
import { openTable } from "./read-table.ts";
import type { RecordBlock } from "./record-block.ts";
import type { FileFinding, Slot } from "./register.ts";
import { RowFindings } from "./row-findings.ts";
import type { Register, RowContext } from "./row-reader.ts";
import type { FileSource } from "./source.ts";
import { FileRefused, type OpenTable, type Refused } from "./source-table.ts";
import { decideVerdict } from "./verdict.ts";

export type ReadInput = {
  readonly slot: Slot;
  readonly source: FileSource;
  readonly office: Office;
  readonly codes: CodeTables;
  readonly keys: KeyDerivation;
  /** Address file valid on the reference date; without it no address is assigned to a block. */
  readonly addresses?: AddressIndex;
  /** Rows of the last delivery in force; absent for the first. */
  readonly previousRows?: number;
  /** "JJJJ-MM-TT" */
  readonly today: string;
  /** Blocks come from number 0 on. If record keys repeat, they come a second time from 0 on and replace the first. */
  write(block: RecordBlock): Promise<void>;
};

const bytesPerMegabyte = 1_000_000;

/**
 * Reads one delivered file: rows become records or rejections, records become column blocks without names, numbers of
 * persons and addresses. `blockCount` blocks count; blocks beyond it are leftovers, and of a refused file all are.
 *
 * Always `rowsRead = taken + rejected`; `taken` = stored records + `merged`. The same input writes the same blocks.
 * Expected faults of the file are findings; what `source` or `write` throw goes through.
 */
export async function readDelivery(input: ReadInput): Promise<ReadOutcome> {
  const { slot, codes } = input;
  const entry = register(slot.register);
  const findings = new RowFindings();
  const refusal = refusalBefore(input, entry);
  if (refusal !== undefined) return refusedOutcome([refusal], findings, codes);
  const table = await openFile(input, entry);
  if (table.kind === "refused") return refusedOutcome(table.findings, findings, codes);
  const context = rowContext(input, entry, table, findings);
  try {
    const passage = await passDoor({
      register: entry,
      context,
      rows: () => table.rows(),
      write: (block) => input.write(block),
    });
    return outcomeOf(input, table, context, passage);
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    return { ...refusedOutcome([error.finding], findings, codes), ...shapeOf(table) };
  }
}

function refusalBefore(
  { slot, source, office, codes, today }: ReadInput,
  entry: Register,
): FileFinding | undefined {
  if (source.byteLength === 0) return { code: "D-001", facts: {} };
  const limit = officeRegister(office, slot.register).grenzeMegabyte;
  if (source.byteLength > limit * bytesPerMegabyte)
    return { code: "D-014", facts: { grenze: `${limit} MB` } };
  if (slot.referenceDate > today.slice(0, slot.referenceDate.length)) {
    return { code: "D-009", facts: { stichtag: slot.referenceDate } };
  }
  return entry.checkSlot?.(slot, codes);
}

function openFile({ slot, source, office }: ReadInput, entry: Register): Promise<OpenTable | Refused> {
  const columns = entry.columnsOf(slot.part);
  const { spalten: aliases, blatt } = officeRegister(office, slot.register);
  if (slot.part === "geometrie") return openGeometry(source, columns, aliases);
  return openTable(source, {
    columns,
    aliases,
    ...(blatt === undefined ? {} : { sheetName: blatt }),
    ...(entry.fieldCounts === undefined
      ? {}
      : { positional: { delimiter: "|" as const, fieldCounts: entry.fieldCounts } }),
  });
}

function rowContext(input: ReadInput, entry: Register, table: OpenTable, findings: RowFindings): RowContext {
  const { slot, office, codes, keys, addresses } = input;
  return {
    slot,
    columns: entry.columnsOf(slot.part),
    office,
    settings: officeRegister(office, slot.register),
    codes,
    keys,
    addresses: addresses ?? emptyAddressIndex,
    day: referenceDay(slot.referenceDate, entry.period),
    table,
    findings,
  };
}

/** The Stichtag, of a month its last day. */
function referenceDay(referenceDate: string, period: Register["period"]): number {
  if (period === "day") return dayNumber(referenceDate);
  return dayNumber(`${monthText(monthNumber(referenceDate) + 1)}-01`) - 1;
}

function outcomeOf(
  input: ReadInput,
  table: OpenTable,
  { findings, settings }: RowContext,
  passage: Passage,
): ReadOutcome {
  findings.count("summenzeile-weicht-ab", passage.checkRowDifferences);
  const verdict = decideVerdict(strictPassage(input.slot, passage), findings, settings, input.previousRows);
  const { rowsRead, taken, rejected, merged, blockCount } = passage;
  return {
    verdict,
    rowsRead,
    taken,
    rejected,
    merged,
    blockCount: verdict.kind === "rejected" ? 0 : blockCount,
    codeTableVersion: codeTablesVersion(input.codes),
    ...shapeOf(table),
    rows: findings.log,
    notes: [...encodingNotes(table, settings), ...withCheckRows(table.notes, passage)],
    quality: findings.quality(),
    workList: findings.workList(),
  };
}

/** A map with a hole is no map: one feature refused refuses the geometry. */
function strictPassage({ part }: Slot, passage: Passage): Passage {
  return part === "geometrie" ? { ...passage, contradictions: passage.rejected } : passage;
}

function shapeOf({ encoding, delimiter, headings }: OpenTable) {
  return {
    ...(encoding === undefined ? {} : { encoding }),
    ...(delimiter === undefined ? {} : { delimiter }),
    headings,
  };
}

/** H-002 where a text file is not encoded as agreed. */
function encodingNotes({ encoding }: OpenTable, { kodierung }: OfficeRegister): readonly FileFinding[] {
  if (encoding === undefined || kodierung === undefined || encoding === kodierung) return [];
  return [{ code: "H-002", facts: { ist: encoding, soll: kodierung } }];
}

/** H-010 counts title rows above the header and rows of sums together. */
function withCheckRows(
  notes: readonly FileFinding[],
  { checkRows, checkRowDifferences }: Passage,
): readonly FileFinding[] {
  if (checkRows === 0) return notes;
  const titleRows = notes.find(({ code }) => code === "H-010")?.facts["anzahl"] ?? 0;
  const facts = { anzahl: titleRows, anzahl2: checkRows, abweichend: checkRowDifferences };
  return [...notes.filter(({ code }) => code !== "H-010"), { code: "H-010", facts }];
}

function refusedOutcome(
  refusals: readonly FileFinding[],
  findings: RowFindings,
  codes: CodeTables,
): ReadOutcome {
  return {
    verdict: { kind: "rejected", findings: refusals },
    rowsRead: 0,
    taken: 0,
    rejected: 0,
    merged: 0,
    blockCount: 0,
    codeTableVersion: codeTablesVersion(codes),
    rows: findings.log,
    notes: [],
    headings: [],
    quality: findings.quality(),
    workList: findings.workList(),
  };
}
