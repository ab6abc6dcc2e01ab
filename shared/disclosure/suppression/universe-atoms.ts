import { compareText } from "../../registers/compare-text.ts";
import type { TreeTable } from "./universe-cells.ts";

/** By identity of a category, the finest codes that it stands for, over all tables. */
export type Atoms = ReadonlyMap<string, readonly string[]>;

/** The finest codes of every category of a dimension; a category that no table divides and none merged is its own. */
export function atomsOf(tables: readonly TreeTable[], dimension: string): Atoms {
  const codesOf = new Map<string, readonly string[]>();
  const divisions = new Map<string, string[][]>();
  for (const { trees } of tables) {
    const tree = trees.find(({ id }) => id === dimension);
    for (const { identity, codes, parts } of tree?.categories ?? []) {
      if (identity === "") continue;
      codesOf.set(identity, codes);
      if (parts.length === 0) continue;
      const known = divisions.get(identity) ?? [];
      known.push(parts.map((part) => tree?.categories[part]?.identity ?? ""));
      divisions.set(identity, known);
    }
  }
  const atoms = new Map<string, readonly string[]>();
  const atomsIn = (identity: string): readonly string[] => {
    const known = atoms.get(identity);
    if (known !== undefined) return known;
    const codes = codesOf.get(identity) ?? [];
    atoms.set(identity, codes); // two tables may divide each other's categories in a circle
    if (codes.length > 1) return codes;
    const divided = (divisions.get(identity) ?? []).map((parts) => parts.flatMap(atomsIn));
    const finest = divided.reduce((best, other) => (other.length > best.length ? other : best), codes);
    const sorted = [...new Set(finest)].sort(compareText);
    atoms.set(identity, sorted);
    return sorted;
  };
  for (const identity of codesOf.keys()) atomsIn(identity);
  return atoms;
}
