import { dayNumber, monthText } from "./calendar.ts";
import type { StoredValue } from "./column-buffer.ts";
import { benefitGroup, code, column, integer, money, month } from "./column-spec.ts";
import { normalisedHeading } from "./headings.ts";
import { noMonth } from "./record-block.ts";
import type { ColumnSpec, StoredColumns } from "./register.ts";
import { monthOfDay, RowCells } from "./row-cells.ts";
import type { Register, RowContext, RowReader } from "./row-reader.ts";
import type { SourceRow } from "./source-table.ts";
import { cleanText, parseInteger, parseMoney, parseMonth } from "./values.ts";

const counts = integer(0, 1_000_000_000);
const columns: readonly ColumnSpec[] = [
  column("Monat", month, "filled", "K", "Berichtsmonat"),
  column("PKS", benefitGroup, "filled", "K", "Personenkreis"),
  column("Faelle", counts, "filled", "K", "Anzahl Fälle"),
  column("Personen", counts, "filled", "K", "Anzahl Personen"),
  column("Ausgaben", money, "filled", "K", "Aufwand", "Betrag"),
  column("Kennzeichen", code("p", "r"), "optional", "K", "Status"),
];

const stored = {
  monat: "month",
  pks: "text",
  faelle: "u32",
  personen: "u32",
  ausgaben: "f64",
  kennzeichen: "text",
} as const satisfies StoredColumns;

/** Monthly history of AsylbLG cases, persons and expenditure since 2010. */
export const fortschreibung: Register = {
  id: "fortschreibung",
  title: "Fortschreibung seit 2010",
  parts: ["-"],
  period: "month",
  files: [
    {
      part: "-",
      prefix: "FORTSCHREIBUNG",
      extensions: ["xlsx", "csv"],
      example: "FORTSCHREIBUNG_05999000_2026-10_1.xlsx",
    },
  ],
  columnsOf: () => columns,
  storedOf: () => stored,
  needsAddresses: () => false,
  repeats: "refused",
  rowReader: (context) => new HistoryReader(context),
};

/** The context with a code table that knows its keys on all days. */
function validAnyDay(context: RowContext): RowContext {
  const { personenkreis } = context.codes;
  const at = (key: string) => personenkreis.find(key).at(-1);
  return { ...context, codes: { ...context.codes, personenkreis: { ...personenkreis, at } } };
}

type Sums = { readonly cases: number; readonly persons: number; readonly cents: number };
const noSums: Sums = { cases: 0, persons: 0, cents: 0 };

class HistoryReader implements RowReader {
  readonly #context: RowContext;
  readonly #cells: RowCells;
  readonly #slots: Slots;
  readonly #sums = new Map<number, Sums>();
  readonly #checks: { readonly month: number; readonly sums: Sums }[] = [];

  constructor(context: RowContext) {
    const cells = new RowCells(validAnyDay(context));
    this.#context = context;
    this.#cells = cells;
    this.#slots = slotsOf(cells);
  }

  /** `Insgesamt` as PKS: compared with the sums of its month, not stored. */
  isCheckRow({ fields }: SourceRow): boolean {
    const cell = (slot: number) => cleanText(fields[this.#cells.position(slot)] ?? "");
    const { month: monthSlot, group, cases, persons, amount } = this.#slots;
    if (normalisedHeading(cell(group)) !== "insgesamt") return false;
    const found = parseMonth(cell(monthSlot), this.#cells.dateOptions());
    const cents = parseMoney(cell(amount), { decimalPoint: this.#context.settings.dezimalpunkt });
    const sums = { cases: parseInteger(cell(cases)), persons: parseInteger(cell(persons)), cents };
    this.#checks.push({ month: typeof found === "number" ? found : noMonth, sums });
    return true;
  }

  checkRowDifferences(): number {
    return this.#checks.filter(({ month: at, sums }) => {
      const ours = this.#sums.get(at) ?? noSums;
      return sums.cases !== ours.cases || sums.persons !== ours.persons || sums.cents !== ours.cents;
    }).length;
  }

  read(row: SourceRow): boolean {
    if (!this.#cells.read(row)) return false;
    const { findings, day } = this.#context;
    const { numbers } = this.#cells;
    const slots = this.#slots;
    const at = numbers[slots.month] ?? noMonth;
    if (at > monthOfDay(day)) {
      findings.refuse("E-006", row.line, this.#cells.position(slots.month));
      return false;
    }
    const [cases = 0, persons = 0, cents = 0] = [
      numbers[slots.cases],
      numbers[slots.persons],
      numbers[slots.amount],
    ];
    const sums = this.#sums.get(at) ?? noSums;
    this.#sums.set(at, {
      cases: sums.cases + cases,
      persons: sums.persons + persons,
      cents: sums.cents + cents,
    });
    if (persons < cases) findings.count("personen-unter-faellen");
    this.#noteValidity(row.line, at);
    return true;
  }

  /** A key is valid in the month of its row, whenever the file was written. */
  #noteValidity(line: number, month: number): void {
    const { codes, findings } = this.#context;
    const group = this.#cells.texts[this.#slots.group] ?? "";
    const isKnown = codes.personenkreis.find(group).length > 0;
    const lastDay = dayNumber(`${monthText(month + 1)}-01`) - 1;
    if (!isKnown || codes.personenkreis.at(group, lastDay) !== undefined) return;
    findings.note("H-004", line, this.#cells.position(this.#slots.group), group);
  }

  recordKey(): string {
    return `${this.#cells.numbers[this.#slots.month]}|${this.#cells.texts[this.#slots.group]}`;
  }

  preference(): readonly number[] {
    return [];
  }

  values(): readonly StoredValue[] {
    const { numbers, texts } = this.#cells;
    const slots = this.#slots;
    return [
      numbers[slots.month] ?? noMonth,
      texts[slots.group] ?? "",
      numbers[slots.cases] ?? 0,
      numbers[slots.persons] ?? 0,
      numbers[slots.amount] ?? 0,
      texts[slots.mark] ?? "",
    ];
  }
}

type Slots = ReturnType<typeof slotsOf>;

function slotsOf(cells: RowCells) {
  return {
    month: cells.slot("Monat"),
    group: cells.slot("PKS"),
    cases: cells.slot("Faelle"),
    persons: cells.slot("Personen"),
    amount: cells.slot("Ausgaben"),
    mark: cells.slot("Kennzeichen"),
  };
}
