import { ageOn } from "./calendar.ts";
import { noAge } from "./record-block.ts";
import type { RowContext } from "./row-reader.ts";
import type { SourceRow } from "./source-table.ts";

const remembered = 50_000;

/** Age on the reference day by birth date; birth dates repeat, so each is worked out once. */
export function ageReader(day: number): (birth: number) => number {
  const ages = new Map<number, number>();
  return (birth) => {
    if (birth === 0) return noAge;
    const known = ages.get(birth);
    if (known !== undefined) return known;
    const age = ageOn(birth, day);
    if (ages.size < remembered) ages.set(birth, age);
    return age;
  };
}

/** Year of a partially known birth date, 0 unknown. */
export function birthYear(birth: number): number {
  return Math.floor(birth / 10_000);
}

/** Leading zeros of a person number that is a number get lost in spreadsheets, so they do not count. */
export function personNumber(text: string): string {
  return text.charCodeAt(0) === 48 && /^0+\d+$/.test(text) ? text.replace(/^0+(?=\d)/, "") : text;
}

/** The first 4 bytes of a pseudonym as a number. */
export function firstWord(pseudonym: Uint8Array): number {
  return new DataView(pseudonym.buffer, pseudonym.byteOffset).getUint32(0);
}

/** A row as one line, for the keyed digest and the order of last resort. */
export function lineOf(row: SourceRow): string {
  return row.fields.join(";");
}

/** Pseudonyms of persons; rows of one person often stand together. */
export function personPseudonyms({ keys }: RowContext): (personNumber: string) => Uint8Array {
  let last: { readonly number: string; readonly pseudonym: Uint8Array } | undefined;
  return (number) => {
    if (last?.number !== number) last = { number, pseudonym: keys.pseudonym("person", number) };
    return last.pseudonym;
  };
}
