import type { CodeTable } from "./code-table.ts";
import { ownText } from "./own-text.ts";
import { noKey, unknownKey } from "./record-block.ts";
import type { ColumnSpec } from "./register.ts";
import { parseKey } from "./values.ts";

/** What a text means as a key. `note`: H-004, not valid on the day or not known. */
export type KnownKey = {
  readonly key: string;
  /** Number of a numeric key; `unknownKey` where the code table does not know it. */
  readonly number: number;
  readonly kind: "known" | "outdated" | "unknown" | "refused";
  readonly isPadded: boolean;
};

export const emptyKey: KnownKey = { key: "", number: noKey, kind: "known", isPadded: false };
const refusedKey: KnownKey = { key: "", number: noKey, kind: "refused", isPadded: false };
const remembered = 5_000;

/**
 * Reads the keys of one column as of a day. Keys repeat in nearly every row, so each text is read once.
 * A code table's keys must have its pattern: digits where all its keys are digits.
 */
export class KnownKeys {
  readonly #length: number;
  readonly #table: CodeTable | undefined;
  readonly #isNumeric: boolean;
  readonly #day: number;
  readonly #known = new Map<string, KnownKey>();

  constructor(
    value: Extract<ColumnSpec["value"], { kind: "key" }>,
    table: CodeTable | undefined,
    day: number,
  ) {
    this.#length = value.length;
    this.#table = table;
    this.#day = day;
    this.#isNumeric = table?.entries.every(({ code }) => /^\d+$/.test(code)) ?? false;
  }

  read(text: string): KnownKey {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const read = this.#read(text);
    if (this.#known.size < remembered) this.#known.set(ownText(text), read);
    return read;
  }

  #read(text: string): KnownKey {
    const key = ownText(parseKey(text, this.#length));
    if (key === "" || (this.#isNumeric && !/^\d+$/.test(key))) return refusedKey;
    const isPadded = key.length !== text.length;
    const number = this.#isNumeric ? Number(key) : noKey;
    const table = this.#table;
    if (table === undefined || table.at(key, this.#day) !== undefined) {
      return { key, number, kind: "known", isPadded };
    }
    if (table.find(key).length > 0) return { key, number, kind: "outdated", isPadded };
    return { key, number: unknownKey, kind: "unknown", isPadded };
  }
}
