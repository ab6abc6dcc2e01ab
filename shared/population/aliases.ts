import type { RecordColumns } from "../registers/record-block.ts";
import { comparePseudonyms, PersonIndex } from "./person-index.ts";

/** Persons of the foreigners register after their alias records became one. */
export type MergedPersons = {
  readonly count: number;
  readonly ofRow: Uint32Array;
  /** A row of the PersNr that stands for each person. */
  readonly representativeRow: Uint32Array;
  /** PersNr that another one stands for. */
  readonly aliasCount: number;
};

/**
 * Makes PersNr of the same `aliasgruppe` one person, also across several groups that share a PersNr.
 * The one that occurs in the residents register stands for the person, else (and among several) the smaller hash.
 */
export function mergeAliases(columns: RecordColumns, isResident: (row: number) => boolean): MergedPersons {
  const pseudonyms = columns.pseudonyms("person");
  const index = new PersonIndex(pseudonyms);
  const roots = linkAliases(index, columns.numbers("aliasgruppe"));
  const { number, count } = numberRoots(roots);
  const representativeRow = new Uint32Array(count);
  const isTaken = new Uint8Array(count);
  for (let alias = 0; alias < index.count; alias++) {
    const person = number[alias] ?? 0;
    const row = index.firstRow[alias] ?? 0;
    const holder = representativeRow[person] ?? 0;
    if (isTaken[person] === 1 && !standsBefore(row, holder, pseudonyms, isResident)) continue;
    representativeRow[person] = row;
    isTaken[person] = 1;
  }
  return {
    count,
    ofRow: index.ofRow.map((alias) => number[alias] ?? 0),
    representativeRow,
    aliasCount: index.count - count,
  };
}

function standsBefore(
  row: number,
  holder: number,
  pseudonyms: Uint8Array,
  isResident: (row: number) => boolean,
): boolean {
  const here = isResident(row);
  if (here !== isResident(holder)) return here;
  return comparePseudonyms(pseudonyms, row, holder) < 0;
}

/** Union-find over PersNr: the root of each. */
function linkAliases(index: PersonIndex, aliasGroups: ArrayLike<number>): Uint32Array {
  const roots = Uint32Array.from({ length: index.count }, (_, alias) => alias);
  const firstOfGroup = new Map<number, number>();
  for (let row = 0; row < index.ofRow.length; row++) {
    const group = aliasGroups[row] ?? 0;
    if (group === 0) continue;
    const alias = index.ofRow[row] ?? 0;
    const first = firstOfGroup.get(group);
    if (first === undefined) firstOfGroup.set(group, alias);
    else roots[rootOf(roots, alias)] = rootOf(roots, first);
  }
  return roots;
}

function rootOf(roots: Uint32Array, alias: number): number {
  let at = alias;
  while (roots[at] !== at) {
    roots[at] = roots[roots[at] ?? 0] ?? 0;
    at = roots[at] ?? 0;
  }
  return at;
}

function numberRoots(roots: Uint32Array): { number: Uint32Array; count: number } {
  const number = new Uint32Array(roots.length);
  let count = 0;
  for (let alias = 0; alias < roots.length; alias++) if (roots[alias] === alias) number[alias] = count++;
  for (let alias = 0; alias < roots.length; alias++) number[alias] = number[rootOf(roots, alias)] ?? 0;
  return { number, count };
}
