import type { FindingCode } from "./finding.ts";
import { FindingLog } from "./finding-log.ts";

/** Rows that are named per note; further ones are only counted, so that notes on every row do not fill the memory. */
const notedRowsAtMost = 10_000;
const workListKeysAtMost = 1_000;

/** Findings of one file as they come up, with the counts for quality report and work list. */
export class RowFindings {
  readonly log = new FindingLog();
  readonly #counts = new Map<string, number>();
  readonly #workList = new Map<string, Map<string, number>>();
  #isMuted = false;

  /** A second reading of the same rows says nothing new. */
  mute(): void {
    this.#isMuted = true;
  }

  unmute(): void {
    this.#isMuted = false;
  }

  /** Says something while a second reading is silent. */
  speak(say: (findings: RowFindings) => void): void {
    this.unmute();
    say(this);
    this.mute();
  }

  /** Why a row is refused. */
  refuse(code: FindingCode, line: number, column = -1, detail = 0, value?: string): void {
    if (this.#isMuted) return;
    this.#increase(code);
    this.log.add(code, line, column, detail, value);
  }

  /** A note on a row that is taken. `value` only for a code that fits the pattern of its column. */
  note(code: FindingCode, line: number, column = -1, value?: string): void {
    if (this.#isMuted) return;
    if (this.#increase(code) <= notedRowsAtMost) this.log.add(code, line, column, 0, value);
  }

  /** Counts a rule of the quality report. */
  count(rule: string, by = 1): void {
    if (!this.#isMuted && by > 0) this.#increase(rule, by);
  }

  countOf(rule: string): number {
    return this.#counts.get(rule) ?? 0;
  }

  /** An unknown key for the office's work list; "" where it does not fit the pattern and is only counted. */
  unknownKey(column: string, key: string): void {
    if (this.#isMuted) return;
    const keys = this.#workList.get(column) ?? new Map<string, number>();
    const known = keys.has(key) || keys.size < workListKeysAtMost;
    const name = known && key !== "" ? key : "…";
    keys.set(name, (keys.get(name) ?? 0) + 1);
    this.#workList.set(column, keys);
  }

  /** Counts by rule, in the order of the rules' names. */
  quality(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort(byName));
  }

  workList(): Readonly<Record<string, Readonly<Record<string, number>>>> {
    return Object.fromEntries(
      [...this.#workList]
        .sort(byName)
        .map(([name, keys]) => [name, Object.fromEntries([...keys].sort(byName))]),
    );
  }

  #increase(rule: string, by = 1): number {
    const count = (this.#counts.get(rule) ?? 0) + by;
    this.#counts.set(rule, count);
    return count;
  }
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : Number(left > right);
}
