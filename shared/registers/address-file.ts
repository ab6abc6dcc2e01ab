import { type AddressRange, addressRange } from "./address-index.ts";
import type { StoredValue } from "./column-buffer.ts";
import { suffixOrder } from "./house-number.ts";
import { OverlapCheck } from "./overlap-check.ts";
import { ParentCheck } from "./parent-check.ts";
import { noDate } from "./record-block.ts";
import { RowCells } from "./row-cells.ts";
import type { Contradiction, RowContext, RowReader } from "./row-reader.ts";
import type { SourceRow } from "./source-table.ts";

/**
 * Rows of the address-to-block file. Rows that contradict each other refuse the delivery: ranges of a street that overlap
 * on some day (an A range with G and U too), and an area with two parents on some day. Gaps are allowed.
 * Source: address-to-block file, checks at import.
 */
export class AddressFileReader implements RowReader {
  readonly #context: RowContext;
  readonly #cells: RowCells;
  readonly #slots: Slots;
  readonly #overlaps = new OverlapCheck();
  readonly #parents = new ParentCheck();
  #range: AddressRange = { low: 0, high: 0, parity: "A" };

  constructor(context: RowContext) {
    this.#context = context;
    this.#cells = new RowCells(context);
    this.#slots = slotsOf(this.#cells);
  }

  read(row: SourceRow): boolean {
    if (!this.#cells.read(row)) return false;
    const { numbers, texts } = this.#cells;
    const slots = this.#slots;
    const [from = 0, to = 0] = [numbers[slots.from], numbers[slots.to]];
    const [fromSuffix = "", toSuffix = "", parity = ""] = [
      texts[slots.fromSuffix],
      texts[slots.toSuffix],
      texts[slots.parity],
    ];
    if (Number.isNaN(suffixOrder(fromSuffix))) return this.#refuse("E-003", row, slots.fromSuffix);
    if (Number.isNaN(suffixOrder(toSuffix))) return this.#refuse("E-003", row, slots.toSuffix);
    this.#range = addressRange(from, fromSuffix, to, toSuffix, parity);
    if (this.#range.high < this.#range.low) return this.#refuse("E-011", row, slots.to);
    const last = this.#lastDay();
    if (last < (numbers[slots.validFrom] ?? noDate)) return this.#refuse("E-011", row, slots.validTo);
    this.#remember(row.line);
    return true;
  }

  recordKey(): string {
    const { numbers, texts } = this.#cells;
    const { street, parity, from, fromSuffix, validFrom } = this.#slots;
    const suffix = suffixOrder(texts[fromSuffix] ?? "");
    return `${texts[street]}|${texts[parity]}|${numbers[from]}|${suffix}|${numbers[validFrom]}`;
  }

  preference(): readonly number[] {
    return [];
  }

  values(): readonly StoredValue[] {
    const { numbers, texts } = this.#cells;
    const slots = this.#slots;
    return [
      texts[slots.street] ?? "",
      texts[slots.streetName] ?? "",
      numbers[slots.from] ?? 0,
      texts[slots.fromSuffix] ?? "",
      numbers[slots.to] ?? 0,
      texts[slots.toSuffix] ?? "",
      texts[slots.parity] ?? "",
      texts[slots.borough] ?? "",
      texts[slots.quarter] ?? "",
      texts[slots.district] ?? "",
      texts[slots.block] ?? "",
      texts[slots.side] ?? "",
      numbers[slots.validFrom] ?? noDate,
      numbers[slots.validTo] ?? noDate,
    ];
  }

  contradictions(): readonly Contradiction[] {
    const { block, quarter, borough, street } = this.#slots;
    const columns = { baublock: block, stadtteil: quarter, stadtbezirk: borough } as const;
    return [
      ...this.#overlaps.find().map(({ line, otherLine }) => ({
        code: "E-010" as const,
        line,
        column: this.#cells.position(street),
        detail: otherLine,
      })),
      ...this.#parents.found().map(({ line, parentLevel }) => ({
        code: "E-011" as const,
        line,
        column: this.#cells.position(columns[parentLevel]),
        detail: 0,
      })),
    ];
  }

  #remember(line: number): void {
    const { texts, numbers } = this.#cells;
    const slots = this.#slots;
    const validity = { from: numbers[slots.validFrom] ?? noDate, to: this.#lastDay() };
    this.#overlaps.add(texts[slots.street] ?? "", { ...this.#range, ...validity, line });
    const [side = "", block = "", quarter = "", borough = ""] = [
      texts[slots.side],
      texts[slots.block],
      texts[slots.quarter],
      texts[slots.borough],
    ];
    this.#parents.add("baublock", side, block, validity, line);
    this.#parents.add("stadtteil", block, quarter, validity, line);
    this.#parents.add("stadtbezirk", quarter, borough, validity, line);
  }

  /** Last day of validity, an open end as the latest number. */
  #lastDay(): number {
    const last = this.#cells.numbers[this.#slots.validTo] ?? noDate;
    return last === noDate ? Number.POSITIVE_INFINITY : last;
  }

  #refuse(code: "E-003" | "E-011", row: SourceRow, slot: number): false {
    this.#context.findings.refuse(code, row.line, this.#cells.position(slot));
    return false;
  }
}

type Slots = ReturnType<typeof slotsOf>;

function slotsOf(cells: RowCells) {
  return {
    street: cells.slot("Straßenschlüssel"),
    streetName: cells.slot("Straße"),
    from: cells.slot("HausNrVon"),
    fromSuffix: cells.slot("ZusatzVon"),
    to: cells.slot("HausNrBis"),
    toSuffix: cells.slot("ZusatzBis"),
    parity: cells.slot("Paritaet"),
    borough: cells.slot("Stadtbezirk"),
    quarter: cells.slot("Stadtteil"),
    district: cells.slot("StatBezirk"),
    block: cells.slot("Baublock"),
    side: cells.slot("Blockseite"),
    validFrom: cells.slot("GueltigVon"),
    validTo: cells.slot("GueltigBis"),
  };
}
