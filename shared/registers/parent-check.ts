type Level = "baublock" | "stadtteil" | "stadtbezirk";
type Validity = { readonly from: number; readonly to: number };
type Parent = Validity & { readonly key: string };

const conflictsAtMost = 1_000;

/** Finds areas that have two parents on one day, as the rows come in. */
export class ParentCheck {
  readonly #parents = new Map<string, Parent[]>();
  readonly #found: { readonly line: number; readonly parentLevel: Level }[] = [];

  /** `parentLevel` is the level of `parent`; days inclusive, an open end as infinity. */
  add(parentLevel: Level, child: string, parent: string, { from, to }: Validity, line: number): void {
    const name = `${parentLevel}:${child}`;
    const known = this.#parents.get(name);
    if (known === undefined) {
      this.#parents.set(name, [{ key: parent, from, to }]);
      return;
    }
    const isConflict = known.some((other) => other.key !== parent && other.from <= to && from <= other.to);
    if (isConflict && this.#found.length < conflictsAtMost) this.#found.push({ line, parentLevel });
    const isNew = !known.some((other) => other.key === parent && other.from <= from && to <= other.to);
    if (isNew && known.length < conflictsAtMost) known.push({ key: parent, from, to });
  }

  found(): readonly { readonly line: number; readonly parentLevel: Level }[] {
    return this.#found;
  }
}
