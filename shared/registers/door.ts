import { AliasGroups, AliasSearch } from "./alias-search.ts";
import { ColumnWriter } from "./column-writer.ts";
import { ownText } from "./own-text.ts";
import { lineOf, personPseudonyms } from "./person-cells.ts";
import type { RecordBlock } from "./record-block.ts";
import { type Candidate, isPreferred, LineSet, RepeatSearch } from "./repeats.ts";
import type { Register, RowContext, RowFate, RowReader } from "./row-reader.ts";
import type { OpenTable, SourceRow } from "./source-table.ts";

/** What came through the door. `rowsRead = taken + rejected`, `taken` = stored records + `merged`. */
export type Passage = {
  readonly rowsRead: number;
  readonly taken: number;
  readonly rejected: number;
  readonly merged: number;
  readonly blockCount: number;
  readonly checkRows: number;
  readonly checkRowDifferences: number;
  /** Rows of the address file that contradict each other; part of `rejected`. */
  readonly contradictions: number;
};

export type Door = {
  readonly register: Register;
  readonly context: RowContext;
  readonly rows: OpenTable["rows"];
  write(block: RecordBlock): Promise<void>;
};

/** What the first reading showed and a second one has to settle. */
type FirstReading = Pick<Passage, "rowsRead" | "checkRows" | "checkRowDifferences"> & {
  readonly rowCount: number;
  /** Blocks that were written at once; undefined if the reading was a survey only. */
  readonly blockCount: number | undefined;
  readonly repeats: RepeatSearch;
  readonly aliases: AliasSearch;
  /** Rows that contradict each other, by line. */
  readonly refused: LineSet;
};

/** Fate of the rows that repeat a record key, by line. */
type Fates = {
  readonly losers: LineSet;
  readonly namesakes: LineSet;
  readonly refused: LineSet;
  readonly aliasGroups: ReadonlyMap<string, number>;
};

const plainFate: RowFate = { aliasGroup: 0, isNamesake: false };

/**
 * Reads all rows and writes their records as blocks, in the order of the file.
 *
 * One reading is enough for most files. If record keys repeat or person numbers share an AZR number, the repeated rows are
 * gathered in further readings, and the blocks are written again from number 0 on, with what is now known. A register
 * with AZR numbers nearly always holds such rows: its first reading is a survey that writes nothing.
 */
export async function passDoor(door: Door): Promise<Passage> {
  const { findings } = door.context;
  const first = await readFirst(door);
  const { rowsRead, checkRows, checkRowDifferences, rowCount } = first;
  const contradictions = first.refused.size;
  const facts = { rowsRead, checkRows, checkRowDifferences, contradictions };
  if (first.repeats.size === 0 && first.aliases.size === 0 && first.blockCount !== undefined) {
    const taken = rowCount - contradictions;
    return { ...facts, taken, rejected: rowsRead - taken, merged: 0, blockCount: first.blockCount };
  }
  findings.mute();
  const fates = await decideFates(door, first);
  const { blockCount } = await writeAgain(door, fates, first.blockCount === undefined);
  findings.unmute();
  findings.count("zusammengefasst", fates.losers.size);
  const taken = rowCount - fates.refused.size;
  return { ...facts, taken, rejected: rowsRead - taken, merged: fates.losers.size, blockCount };
}

async function readFirst(door: Door): Promise<FirstReading> {
  const { register, context, rows } = door;
  const reader = register.rowReader(context);
  const sink = reader.aliasNumbers === undefined ? new BlockSink(door) : undefined;
  const repeats = new RepeatSearch();
  const aliases = new AliasSearch();
  const counts = { rowsRead: 0, checkRows: 0 };
  let rowCount = 0;
  for await (const batch of rows()) {
    for (const row of batch) {
      if (!isTaken(row, reader, context, counts)) continue;
      rowCount++;
      search(reader, repeats, aliases);
      if (sink?.add(reader.values(plainFate)) === true) await sink.write();
    }
  }
  await sink?.close();
  reader.finish?.();
  const refused = refuseContradictions(reader, context);
  return {
    ...counts,
    rowCount,
    blockCount: sink?.blockCount,
    checkRowDifferences: reader.checkRowDifferences?.() ?? 0,
    repeats,
    aliases,
    refused,
  };
}

function search(reader: RowReader, repeats: RepeatSearch, aliases: AliasSearch): void {
  const key = reader.recordKey();
  if (key !== undefined) repeats.add(key);
  const numbers = reader.aliasNumbers?.();
  if (numbers !== undefined) aliases.add(numbers);
}

/** Counts a row and reads it; false for sums and for refused rows. */
function isTaken(
  row: SourceRow,
  reader: RowReader,
  context: RowContext,
  counts: { rowsRead: number; checkRows: number },
): boolean {
  if (reader.isCheckRow?.(row) === true) {
    counts.checkRows++;
    return false;
  }
  counts.rowsRead++;
  return readRow(row, reader, context);
}

/** Blocks on their way out: a full one is written before the next row is read. */
class BlockSink {
  readonly #writer: ColumnWriter;
  readonly #write: Door["write"];
  #full: RecordBlock | undefined;

  constructor({ register, context, write }: Door) {
    this.#writer = new ColumnWriter({ columns: register.storedOf(context.slot.part) });
    this.#write = write;
  }

  get blockCount(): number {
    return this.#writer.blockCount;
  }

  /** True if a block became full: then `write()` comes before the next record. */
  add(values: ReturnType<RowReader["values"]>): boolean {
    this.#full = this.#writer.add(values);
    return this.#full !== undefined;
  }

  async write(): Promise<void> {
    if (this.#full !== undefined) await this.#write(this.#full);
    this.#full = undefined;
  }

  async close(): Promise<void> {
    this.#full = this.#writer.flush();
    await this.write();
  }
}

function readRow(row: SourceRow, reader: RowReader, context: RowContext): boolean {
  const { defect } = row;
  if (defect === undefined) return reader.read(row);
  context.findings.refuse(defect.code, row.line, defect.column, defect.detail);
  return false;
}

/** Rows that are refused because others contradict them; each line counts once. */
function refuseContradictions(reader: RowReader, { findings }: RowContext): LineSet {
  const lines = new LineSet();
  for (const { code, line, column, detail } of reader.contradictions?.() ?? []) {
    findings.refuse(code, line, column, detail);
    lines.add(line);
  }
  return lines;
}

/** Reads the rows that can be taken once more, without findings. */
async function* readAgain({
  register,
  context,
  rows,
}: Door): AsyncGenerator<readonly [SourceRow, RowReader]> {
  const reader = register.rowReader(context);
  for await (const batch of rows()) {
    for (const row of batch) {
      if (row.defect !== undefined || reader.isCheckRow?.(row) === true) continue;
      if (reader.read(row)) yield [row, reader];
    }
  }
}

/** Gathers what must be seen together: repeated keys in as many readings as fit the memory, aliases in the first of them. */
async function decideFates(door: Door, { repeats, aliases, refused }: FirstReading): Promise<Fates> {
  const fates = { losers: new LineSet(), namesakes: new LineSet(), refused };
  const groups = new AliasGroups();
  const passes = Math.max(repeats.passes, Math.min(aliases.size, 1));
  for (let pass = 0; pass < passes; pass++) {
    const records = new Map<string, Map<string, Candidate>>();
    for await (const [row, reader] of readAgain(door)) {
      const key = reader.recordKey();
      if (key !== undefined && repeats.isInPass(key, pass)) settle(door, records, key, row, reader, fates);
      const numbers = pass === 0 ? reader.aliasNumbers?.() : undefined;
      if (numbers !== undefined && aliases.isShared(numbers.azr)) groups.add(numbers);
    }
    noteNamesakes(records, fates.namesakes);
  }
  door.context.findings.speak((findings) => findings.count("azr-nummer-als-fuellwert", groups.fillerCount));
  return { ...fates, aliasGroups: groups.numbers(personPseudonyms(door.context)) };
}

function noteNamesakes(
  records: ReadonlyMap<string, ReadonlyMap<string, Candidate>>,
  namesakes: LineSet,
): void {
  for (const variants of records.values()) {
    if (variants.size > 1) for (const { line } of variants.values()) namesakes.add(line);
  }
}

/** One more row of a repeated key: it loses, wins, or both rows are refused. */
function settle(
  { register, context }: Door,
  records: Map<string, Map<string, Candidate>>,
  key: string,
  row: SourceRow,
  reader: RowReader,
  { losers, refused }: Pick<Fates, "losers" | "refused">,
): void {
  const variants = records.get(key) ?? new Map<string, Candidate>();
  records.set(key, variants);
  const variant = reader.variant?.() ?? "";
  const candidate = { line: row.line, preference: reader.preference(), text: lineOf(row) };
  const before = variants.get(variant);
  if (before === undefined) {
    variants.set(ownText(variant), candidate);
    return;
  }
  if (register.repeats === "refused") {
    refuseRepeat(context, refused, before.line, row.line);
    return;
  }
  const isBetter = isPreferred(candidate, before);
  losers.add(isBetter ? before.line : row.line);
  if (isBetter) variants.set(variant, candidate);
  context.findings.speak((findings) => findings.note("H-011", row.line));
}

/** Nobody can say which of the rows is right, so none is taken. */
function refuseRepeat({ findings }: RowContext, refused: LineSet, first: number, line: number): void {
  findings.speak(() => {
    if (!refused.has(first)) findings.refuse("E-010", first, -1, line);
    if (!refused.has(line)) findings.refuse("E-010", line, -1, first);
  });
  refused.add(first);
  refused.add(line);
}

/** Writes the blocks with what is known of every row. After a survey, what forming a record has to say is said here. */
async function writeAgain(door: Door, fates: Fates, isFirstTime: boolean): Promise<BlockSink> {
  const { findings } = door.context;
  const sink = new BlockSink(door);
  for await (const [row, reader] of readAgain(door)) {
    const isLeftOut = fates.losers.has(row.line) || fates.refused.has(row.line);
    if (isLeftOut && !isFirstTime) continue;
    const aliasGroup = fates.aliasGroups.get(reader.aliasNumbers?.().person ?? "") ?? 0;
    if (isFirstTime) findings.unmute();
    const values = reader.values({ aliasGroup, isNamesake: fates.namesakes.has(row.line) });
    findings.mute();
    if (!isLeftOut && sink.add(values)) await sink.write();
  }
  await sink.close();
  return sink;
}
