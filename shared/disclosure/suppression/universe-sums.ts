import type { Sum } from "../attack-model.ts";
import type { CellRegister, TreeTable } from "./universe-cells.ts";

/** All sums found so far, each once. */
export class SumRegister {
  readonly sums: Sum[] = [];
  readonly #at = new Map<string, number>();

  add(sum: Sum): void {
    const parts = [...sum.parts].sort((a, b) => a - b);
    if (parts.length === 1 && parts[0] === sum.total) return;
    const key = `${sum.total}=${parts.join("+")}`;
    const at = this.#at.get(key);
    if (at === undefined) {
      this.#at.set(key, this.sums.push({ ...sum, parts }) - 1);
      return;
    }
    const known = this.sums[at];
    if (known !== undefined && sum.place < known.place) this.sums[at] = { ...known, place: sum.place };
  }
}

/**
 * The sums along every tree of a table, the other dimensions fixed. Where a table has a total and some of its parts, the
 * other parts become unpublished cells: what is left of the total is known of them.
 */
export function addTreeSums(
  register: CellRegister,
  sums: SumRegister,
  { table, trees, strides, size }: TreeTable,
  names: readonly string[],
  places: Int32Array,
): void {
  for (const [dimension, { id, categories }] of trees.entries()) {
    const stride = strides[dimension] ?? 1;
    for (let position = 0; position < size; position++) {
      const at = Math.floor(position / stride) % categories.length;
      const parts = categories[at]?.parts ?? [];
      const total = places[position] ?? -1;
      if (total < 0 || parts.length === 0) continue;
      const positions = parts.map((part) => position + (part - at) * stride);
      if (positions.every((part) => (places[part] ?? -1) < 0)) continue;
      const cells = positions.map((part) => {
        const cell = places[part] ?? -1;
        return cell >= 0 ? cell : register.add(names[part] ?? "", Number.NaN, "unpublished");
      });
      sums.add({ total, parts: cells, place: `${table.name}:${position} ${id}` });
    }
  }
}

/**
 * Checks that all totals add up, and gives every cell without a count the one that follows from the others.
 *
 * @throws {RangeError} naming the place of a sum that does not add up.
 */
export function settleCounts(counts: number[], sums: readonly Sum[]): void {
  const sumsOf = new Map<number, Sum[]>();
  for (const sum of sums) {
    for (const cell of [sum.total, ...sum.parts]) {
      if (!Number.isNaN(counts[cell])) continue;
      const own = sumsOf.get(cell);
      if (own === undefined) sumsOf.set(cell, [sum]);
      else own.push(sum);
    }
  }
  const queue: Sum[] = [...sums];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const cell of settle(counts, next)) queue.push(...(sumsOf.get(cell) ?? []));
  }
}

/** Cells whose count now follows. */
function settle(counts: number[], sum: Sum): readonly number[] {
  const total = counts[sum.total] ?? Number.NaN;
  const unknown = sum.parts.filter((part) => Number.isNaN(counts[part]));
  const known = sum.parts.reduce((all, part) => all + (counts[part] || 0), 0); // NaN counts as nothing
  if (Number.isNaN(total)) {
    if (unknown.length > 0) return [];
    counts[sum.total] = known;
    return [sum.total];
  }
  const rest = total - known;
  if (rest < 0 || (unknown.length === 0 && rest > 0))
    throw new RangeError(`Cannot protect tables: the total at "${sum.place}" must be the sum of its parts`);
  if (unknown.length > 1 && rest > 0) return [];
  for (const part of unknown) counts[part] = rest;
  return unknown;
}
