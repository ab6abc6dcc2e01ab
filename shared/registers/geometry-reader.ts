import type { StoredValue } from "./column-buffer.ts";
import { noDate } from "./record-block.ts";
import { RowCells } from "./row-cells.ts";
import type { RowContext, RowReader } from "./row-reader.ts";
import type { SourceRow } from "./source-table.ts";

/**
 * Features of a geometry file. Keys that lost leading zeros are padded to the length of the address file's keys. Keys
 * without geometry and geometries without a key are allowed and counted.
 */
export class GeometryReader implements RowReader {
  readonly #context: RowContext;
  readonly #cells: RowCells;
  readonly #slots: Slots;
  readonly #found = new Map<string, Set<string>>();
  readonly #keyLengths = new Map<string, number>();
  #key = "";

  constructor(context: RowContext) {
    const cells = new RowCells(context);
    this.#context = context;
    this.#cells = cells;
    this.#slots = slotsOf(cells);
  }

  read(row: SourceRow): boolean {
    if (!this.#cells.read(row)) return false;
    const text = this.#cells.texts[this.#slots.key] ?? "";
    this.#key = /^\d+$/.test(text) ? text.padStart(this.#keyLength(this.#level()), "0") : text;
    if (this.#key !== text) {
      this.#context.findings.note("H-008", row.line, this.#cells.position(this.#slots.key));
    }
    if (!this.#beginsBeforeItEnds()) {
      this.#context.findings.refuse("E-011", row.line, this.#cells.position(this.#slots.validTo));
      return false;
    }
    const keys = this.#found.get(this.#level()) ?? new Set<string>();
    this.#found.set(this.#level(), keys.add(this.#key));
    return true;
  }

  recordKey(): string {
    return `${this.#level()}|${this.#key}|${this.#cells.numbers[this.#slots.validFrom]}`;
  }

  preference(): readonly number[] {
    return [];
  }

  values(): readonly StoredValue[] {
    const { numbers, texts } = this.#cells;
    const { name, validFrom, validTo, parent } = this.#slots;
    return [
      this.#level(),
      this.#key,
      texts[name] ?? "",
      numbers[validFrom] ?? noDate,
      numbers[validTo] ?? noDate,
      texts[parent] ?? "",
    ];
  }

  finish(): void {
    const { addresses, findings } = this.#context;
    for (const [level, found] of this.#found) {
      const known = addresses.keysOf(level);
      findings.count("geometrie-ohne-schluessel", [...found].filter((key) => !known.has(key)).length);
      findings.count("schluessel-ohne-geometrie", [...known].filter((key) => !found.has(key)).length);
    }
  }

  #beginsBeforeItEnds(): boolean {
    const last = this.#cells.numbers[this.#slots.validTo] ?? noDate;
    return last === noDate || last >= (this.#cells.numbers[this.#slots.validFrom] ?? noDate);
  }

  #level(): string {
    return this.#cells.texts[this.#slots.level] ?? "";
  }

  /** Length that all keys of a level have, 0 where they differ or there are none. */
  #keyLength(level: string): number {
    const known = this.#keyLengths.get(level);
    if (known !== undefined) return known;
    const lengths = new Set([...this.#context.addresses.keysOf(level)].map((key) => key.length));
    const [length = 0] = lengths.size === 1 ? lengths : [];
    this.#keyLengths.set(level, length);
    return length;
  }
}

type Slots = ReturnType<typeof slotsOf>;

function slotsOf(cells: RowCells) {
  return {
    level: cells.slot("ebene"),
    key: cells.slot("schluessel"),
    name: cells.slot("name"),
    validFrom: cells.slot("gueltig_von"),
    validTo: cells.slot("gueltig_bis"),
    parent: cells.slot("eltern"),
  };
}
