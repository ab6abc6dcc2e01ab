import { calendarDay, dayNumber, monthText } from "./calendar.ts";
import type { FindingCode } from "./finding.ts";
import { emptyKey, KnownKeys } from "./known-keys.ts";
import { noDate, noKey, noMonth } from "./record-block.ts";
import { refuseUnknown } from "./refuse-unknown.ts";
import type { ColumnSpec } from "./register.ts";
import type { RowContext } from "./row-reader.ts";
import type { SourceRow } from "./source-table.ts";
import {
  cleanText,
  type DateOptions,
  parseDay,
  parseInteger,
  parseMoney,
  parseMonth,
  parsePartialDate,
  parseSex,
  parseYesNo,
} from "./values.ts";

const earliestDay = dayNumber("1850-01-01");
const latestDay = dayNumber("2199-12-31");
const earliestBirthYear = 1880;
const hundredBillionCents = 1e13;
const controls = /\p{Cc}/u;
const blankAtEnd = /^\s|\s$/;

/** Reads one cell's cleaned text, "" included, into the slot; a finding code refuses it. */
type CellParser = (text: string, slot: number, line: number, position: number) => FindingCode | undefined;

type Cell = {
  readonly slot: number;
  readonly position: number;
  readonly isRequired: boolean;
  readonly prepare: ((text: string) => string) | undefined;
  readonly parse: CellParser;
};

/** How an office's or a register's own spellings of a column become the agreed ones, before they are read. */
export type Preparations = Readonly<Record<string, (text: string) => string>>;

/**
 * The cells of the row read last, by column. Compiled once per file from the column list and the header, so that the
 * hot path knows neither names nor specifications. Columns that the file lacks read as empty.
 */
export class RowCells {
  /** Text, code or key of a cell; "" for an empty one. */
  readonly texts: string[];
  /** Day, month, partial date, key, sex, yes (1) or no (0), number or cents of a cell. */
  readonly numbers: Float64Array;
  readonly #context: RowContext;
  readonly #slots: ReadonlyMap<string, number>;
  readonly #cells: readonly Cell[];
  readonly #positions: Int32Array;

  constructor(context: RowContext, preparations: Preparations = {}) {
    const { columns, table } = context;
    this.#context = context;
    this.texts = columns.map(() => "");
    this.numbers = Float64Array.from(columns, ({ value }) => missingNumber(value));
    this.#slots = new Map(columns.map(({ name }, slot) => [name, slot]));
    this.#positions = Int32Array.from(columns, ({ name }) => table.positions.get(name) ?? -1);
    this.#cells = columns.flatMap((spec, slot) => {
      const position = this.#positions[slot] ?? -1;
      if (position === -1 || spec.disposition === "D") return [];
      const prepare = Object.hasOwn(preparations, spec.name) ? preparations[spec.name] : undefined;
      const parse = this.#parser(spec);
      return [{ slot, position, isRequired: spec.required === "filled", prepare, parse }];
    });
  }

  /** @throws {RangeError} if the register has no such column. */
  slot(name: string): number {
    const slot = this.#slots.get(name);
    if (slot === undefined) throw new RangeError(`Cannot find column "${name}" in the register's list`);
    return slot;
  }

  /** Place of a column in the delivered file, −1 where the file lacks it. */
  position(slot: number): number {
    return this.#positions[slot] ?? -1;
  }

  /** Reads all cells of a row and names all mistakes; false if there is one. */
  read(row: SourceRow): boolean {
    const { findings } = this.#context;
    let isSound = true;
    for (const cell of this.#cells) {
      const raw = row.fields[cell.position] ?? "";
      let text = cleanText(raw);
      if (text !== raw && blankAtEnd.test(raw)) findings.note("H-006", row.line, cell.position);
      if (cell.prepare !== undefined && text !== "") text = cell.prepare(text);
      const refusal =
        text === "" && cell.isRequired ? "E-002" : cell.parse(text, cell.slot, row.line, cell.position);
      if (refusal !== undefined) {
        isSound = false;
        findings.refuse(refusal, row.line, cell.position);
      }
    }
    return isSound;
  }

  #parser(spec: ColumnSpec): CellParser {
    const { value } = spec;
    switch (value.kind) {
      case "text":
        return this.#textParser(value.maxLength ?? Number.POSITIVE_INFINITY);
      case "date":
        return this.#dateParser(spec.required === "filled");
      case "partial-date":
        return this.#birthParser();
      case "month":
        return this.#number(noMonth, (text) => parseMonth(text, this.dateOptions()));
      case "key":
        return this.#keyParser(spec.name, value);
      case "code":
        return this.#codeParser(value.allowed);
      case "sex":
        return this.#number(0, (text) => refusedBelowZero(parseSex(text, this.#context.settings.geschlecht)));
      case "yes-no":
        return this.#number(0, (text) => refusedBelowZero(parseYesNo(text)));
      case "integer":
        return this.#number(Number.NaN, (text) => within(parseInteger(text), value.min, value.max));
      case "money":
        return this.#moneyParser();
      default:
        return refuseUnknown(value, "kind of value");
    }
  }

  /** How dates of this file may be written. */
  dateOptions(): DateOptions {
    const { table, settings } = this.#context;
    if (table.serials !== undefined) return { serials: table.serials };
    return settings.seriendatum ? { serials: 1900 } : {};
  }

  #number(missing: number, parse: (text: string) => number | FindingCode): CellParser {
    const { numbers } = this;
    return (text, slot) => {
      const value = text === "" ? missing : parse(text);
      if (typeof value !== "number") return value;
      numbers[slot] = value;
      return;
    };
  }

  #textParser(maxLength: number): CellParser {
    const { texts } = this;
    return (text, slot) => {
      texts[slot] = text;
      if (text.length > maxLength) return "E-009";
      return controls.test(text) ? "E-013" : undefined;
    };
  }

  #dateParser(isRequired: boolean): CellParser {
    const { numbers } = this;
    const { findings } = this.#context;
    const options = this.dateOptions();
    return (text, slot) => {
      const day = text === "" ? noDate : quickDay(text, options);
      numbers[slot] = typeof day === "number" ? day : noDate;
      if (day === "E-012" && !isRequired) {
        findings.count("zweistelliges-jahr");
        return;
      }
      if (typeof day !== "number") return day;
      return day === noDate || (day >= earliestDay && day <= latestDay) ? undefined : "E-006";
    };
  }

  #birthParser(): CellParser {
    const { numbers } = this;
    const { day, findings } = this.#context;
    const options = this.dateOptions();
    const latest = Number(monthText(monthOfDay(day)).replace("-", "")) * 100 + 31;
    return (text, slot, line, position) => {
      const birth = text === "" ? 0 : quickBirth(text, options);
      numbers[slot] = typeof birth === "number" ? birth : 0;
      if (typeof birth !== "number") return birth;
      if (birth === 0) return;
      if (birth < earliestBirthYear * 10_000 || birth > latest) return "E-006";
      if (birth % 10_000 === 0) findings.note("H-003", line, position);
      return;
    };
  }

  #keyParser(name: string, value: Extract<ColumnSpec["value"], { kind: "key" }>): CellParser {
    const { texts, numbers } = this;
    const { findings, codes, day } = this.#context;
    const keys = new KnownKeys(value, value.codes === undefined ? undefined : codes[value.codes], day);
    return (text, slot, line, position) => {
      const known = text === "" ? emptyKey : keys.read(text);
      texts[slot] = known.key;
      numbers[slot] = known.number;
      if (known.kind === "refused") return "E-003";
      if (known.isPadded) findings.note("H-008", line, position);
      if (known.kind === "known") return;
      findings.note("H-004", line, position, known.key);
      if (known.kind === "unknown") findings.unknownKey(name, known.key);
      if (known.kind === "unknown") findings.count("schluessel-unbekannt");
      return;
    };
  }

  #codeParser(allowed: readonly string[]): CellParser {
    const { texts } = this;
    const codes = new Map(allowed.flatMap((code) => [code, code.toLowerCase()].map((text) => [text, code])));
    return (text, slot) => {
      const code = text === "" ? "" : (codes.get(text) ?? codes.get(text.toLowerCase()));
      texts[slot] = code ?? "";
      return code === undefined ? "E-003" : undefined;
    };
  }

  #moneyParser(): CellParser {
    const decimalPoint = this.#context.settings.dezimalpunkt;
    return this.#number(Number.NaN, (text) =>
      within(parseMoney(text, { decimalPoint }), -hundredBillionCents, hundredBillionCents),
    );
  }
}

function missingNumber(value: ColumnSpec["value"]): number {
  switch (value.kind) {
    case "date":
      return noDate;
    case "key":
      return noKey;
    case "integer":
    case "money":
      return Number.NaN;
    case "month":
      return noMonth;
    case "text":
    case "partial-date":
    case "code":
    case "sex":
    case "yes-no":
      return 0;
    default:
      return refuseUnknown(value, "kind of value");
  }
}

function refusedBelowZero(value: number): number | FindingCode {
  return value < 0 ? "E-003" : value;
}

function within(value: number, min: number, max: number): number | FindingCode {
  if (Number.isNaN(value)) return "E-007";
  return value >= min && value <= max ? value : "E-008";
}

const daysOfEra = 146_097;
const daysBeforeEpoch = 719_468;

/** Month number of a day, `noMonth` for no day. Integer arithmetic as in `calendarDay`, for the same reason. */
export function monthOfDay(day: number): number {
  if (day === noDate) return noMonth;
  const days = day + daysBeforeEpoch;
  const era = Math.floor(days / daysOfEra);
  const dayOfEra = days - era * daysOfEra;
  const leapDays =
    Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  // Months counted from March, so that the leap day is the last day of its year.
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  return (yearOfEra + era * 400) * 12 + marchMonth + 2;
}

const zero = 48;
const dot = 46;

/** TT.MM.JJJJ without a regular expression, since nearly all dates of all registers look like that. */
function quickDay(text: string, options: DateOptions): number | FindingCode {
  if (text.length !== 10 || text.charCodeAt(2) !== dot || text.charCodeAt(5) !== dot)
    return parseDay(text, options);
  const year = digits(text, 6) * 100 + digits(text, 8);
  if (year >= 2999) return parseDay(text, options); // open ends
  const day = calendarDay(year, digits(text, 3), digits(text, 0));
  return Number.isNaN(day) ? parseDay(text, options) : day;
}

/** As `quickDay`, for birth dates that are known to the day. */
function quickBirth(text: string, options: DateOptions): number | FindingCode {
  if (text.length !== 10 || text.charCodeAt(2) !== dot || text.charCodeAt(5) !== dot) {
    return parsePartialDate(text, options);
  }
  const [day, month, year] = [digits(text, 0), digits(text, 3), digits(text, 6) * 100 + digits(text, 8)];
  if (Number.isNaN(calendarDay(year, month, day))) return parsePartialDate(text, options);
  return year * 10_000 + month * 100 + day;
}

/** Number of the two digits at a place, NaN where they are none. */
function digits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - zero;
  const ones = text.charCodeAt(at + 1) - zero;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
