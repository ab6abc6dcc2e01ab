import Papa from "papaparse";
import { decodedText, type TextFacts } from "./encoding.ts";
import type { FileSource } from "./source.ts";

/** One record of a text file: a line, or several where a quoted field holds line breaks. Blank lines are none. */
export type TextRecord = {
  /** Physical line on which it starts, from 1. */
  readonly line: number;
  readonly fields: string[];
  /** A quote is opened and not closed properly: the record is this one line, reading goes on with the next. */
  readonly isUnclosed: boolean;
  /** The file ends with it, without a line end. */
  readonly isCutOff: boolean;
};

/** Text is parsed in buffers of at least this many characters. */
const bufferLength = 64 * 1024;
/** Longest quoted record; a quote that is open for longer counts as not closed. */
const longestQuoted = 64 * 1024;

const quote = '"';

/**
 * All records of a delimited text file, quoted by RFC 4180, in buffers of some thousand.
 *
 * papaparse splits whole buffers; only around a broken quote records are read one by one, so that a broken quote
 * costs one line and not the rest of the file. How the source cuts its chunks does not matter.
 */
export async function* textRecords(
  source: FileSource,
  facts: TextFacts,
  delimiter: string,
  quoting: "quoted" | "plain",
  bufferChars = bufferLength,
): AsyncGenerator<readonly TextRecord[]> {
  const splitter = new RecordSplitter(delimiter, quoting === "quoted");
  const pieces: string[] = [];
  let length = 0;
  for await (const piece of decodedText(source, facts.encoding)) {
    pieces.push(piece);
    length += piece.length;
    if (length < bufferChars) continue;
    yield splitter.add(pieces.splice(0).join(""));
    length = 0;
  }
  yield splitter.add(pieces.join(""));
  yield splitter.end(facts.endsInLineBreak);
}

class RecordSplitter {
  readonly #delimiter: string;
  readonly #isQuoted: boolean;
  readonly #parser: Papa.Parser;
  readonly #oneRecord: Papa.Parser;
  #rest = "";
  #line = 1;

  constructor(delimiter: string, isQuoted: boolean) {
    this.#delimiter = delimiter;
    this.#isQuoted = isQuoted;
    const rules = { delimiter, newline: "\n", quoteChar: quote } as const;
    this.#parser = new Papa.Parser({ ...rules, ...(isQuoted ? {} : { fastMode: true }) });
    this.#oneRecord = new Papa.Parser({ ...rules, fastMode: false, preview: 1 });
  }

  add(text: string): TextRecord[] {
    const buffer = this.#rest + text;
    const records: TextRecord[] = [];
    const { done, isBroken } = this.#addWhole(buffer, records);
    this.#rest = buffer.slice(done);
    const isLong = this.#isQuoted && this.#rest.length > longestQuoted;
    if (isBroken || isLong) this.#addOneByOne(records, false);
    return records;
  }

  end(endsInLineBreak: boolean): TextRecord[] {
    const records: TextRecord[] = [];
    if (this.#isQuoted) this.#addOneByOne(records, true);
    else if (this.#rest !== "") this.#push(records, this.#rest.split(this.#delimiter), false);
    const last = records.at(-1);
    if (last !== undefined && !endsInLineBreak) records[records.length - 1] = { ...last, isCutOff: true };
    return records;
  }

  /** Takes all complete records up to the first broken quote; `done` are the characters done with. */
  #addWhole(buffer: string, records: TextRecord[]): { done: number; isBroken: boolean } {
    const { data, errors, meta } = parsed(this.#parser, buffer, true);
    const sound = Math.min(data.length, errors[0]?.row ?? data.length);
    const lines = countLineFeeds(buffer, meta.cursor);
    if (sound === data.length && lines === data.length) {
      for (const fields of data) this.#push(records, fields, false);
      return { done: meta.cursor, isBroken: false };
    }
    const done = this.#addCounted(buffer, data.slice(0, sound), records);
    return { done, isBroken: sound < data.length || done < meta.cursor };
  }

  /** Takes records that may span several lines, stopping before one that is too long. */
  #addCounted(buffer: string, data: readonly string[][], records: TextRecord[]): number {
    let done = 0;
    for (const fields of data) {
      const breaks = fields.reduce((sum, field) => sum + countLineFeeds(field, field.length), 0);
      const end = endOfLine(buffer, done, breaks);
      if (breaks > 0 && end - done > longestQuoted) return done;
      this.#push(records, fields, false);
      this.#line += breaks;
      done = end;
    }
    return done;
  }

  #addOneByOne(records: TextRecord[], isEnd: boolean): void {
    let done = 0;
    for (;;) {
      const taken = this.#addOne(done, records, isEnd);
      if (taken === done) break;
      done = taken;
    }
    this.#rest = this.#rest.slice(done);
  }

  /** Takes the record at `start` if it is complete or certainly broken; returns where the next one starts. */
  #addOne(start: number, records: TextRecord[], isEnd: boolean): number {
    const buffer = this.#rest;
    const lineFeed = buffer.indexOf("\n", start);
    if (start === buffer.length || (lineFeed === -1 && !isEnd)) return start;
    const nextLine = lineFeed === -1 ? buffer.length : lineFeed + 1;
    const line = buffer.slice(start, lineFeed === -1 ? buffer.length : lineFeed);
    if (!line.includes(quote)) {
      this.#push(records, line.split(this.#delimiter), false);
      return nextLine;
    }
    const quoted = this.#quotedRecord(start, nextLine, isEnd);
    if (quoted === "incomplete") return start;
    if (quoted === "broken") {
      this.#push(records, line.split(this.#delimiter), true);
      return nextLine;
    }
    this.#push(records, quoted.fields, false);
    this.#line += Math.max(countLineFeeds(buffer.slice(start, quoted.next), quoted.next) - 1, 0);
    return quoted.next;
  }

  #quotedRecord(
    start: number,
    nextLine: number,
    isEnd: boolean,
  ): "incomplete" | "broken" | { fields: string[]; next: number } {
    const buffer = this.#rest;
    // Whole lines only: a quote at the end of a chunk may be followed by a line feed in the next one.
    const known = isEnd ? buffer.length : buffer.lastIndexOf("\n") + 1;
    const limit = Math.min(known, Math.max(start + longestQuoted, nextLine));
    // Twice as many characters each time: most broken quotes show by the next line, and papaparse does not stop at one.
    for (let end = nextLine; ; end = Math.min(limit, endOfLine(buffer, 2 * end - start, 0) || limit)) {
      const isLast = isEnd && end === known;
      const { data, errors, meta } = parsed(this.#oneRecord, buffer.slice(start, end), !isLast);
      const fields = data[0];
      if (errors.length > 0) return "broken";
      if (fields !== undefined) return { fields, next: start + meta.cursor };
      if (end < limit) continue;
      return limit === known && limit - start < longestQuoted ? "incomplete" : "broken";
    }
  }

  /** Counts the record's first line; blank lines are counted and not kept. */
  #push(records: TextRecord[], fields: string[], isUnclosed: boolean): void {
    const at = fields.length - 1;
    const last = fields[at] ?? "";
    if (last.endsWith("\r")) fields[at] = last.slice(0, -1);
    const line = this.#line++;
    if (at === 0 && (fields[0] ?? "").trim() === "") return;
    records.push({ line, fields, isUnclosed, isCutOff: false });
  }
}

/** Only complete records if `isPartial`; the typings of papaparse's own parser leave the result open. */
function parsed(parser: Papa.Parser, text: string, isPartial: boolean): Papa.ParseResult<string[]> {
  return parser.parse(text, 0, isPartial);
}

function countLineFeeds(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

/** Where the line ends that follows `breaks` line breaks after `start`. */
function endOfLine(text: string, start: number, breaks: number): number {
  let end = start;
  for (let count = 0; count <= breaks; count++) end = text.indexOf("\n", end) + 1;
  return end;
}
