import type { AttackModel, Change, Proofs, Sum } from "../attack-model.ts";
import type { Evidence } from "../before.ts";

/**
 * The possible tables that protection hands on, as numbers for the attacker's cells.
 *
 * Both identify cells by the same names; where protection looks at finer categories than the attacker, its numbers are added
 * up, and what follows from a sum is filled in. What still has no number is NaN. Nothing here is believed: the attacker adds
 * everything up again.
 */
export function proofsFor({ cells, sums }: AttackModel, { numbers, changes }: Evidence): Proofs {
  const positions = Map.groupBy(cells.keys(), (cell) => nameOfCell(cells[cell]?.name ?? ""));
  const coarser = coarserNames(
    [...positions.keys()].filter((name) => !numbers.has(name)),
    [...numbers.keys()].filter((name) => !positions.has(name)),
  );
  const added = new Map<string, number>();
  for (const [fine, name] of coarser) {
    added.set(name, (added.get(name) ?? 0) + (numbers.get(fine) ?? Number.NaN));
  }
  const table = cells.map(({ name, knowledge }) => {
    const own = nameOfCell(name);
    return knowledge.kind === "exact" ? knowledge.value : (numbers.get(own) ?? added.get(own) ?? Number.NaN);
  });
  fillIn(table, sums);
  return { table, changes: changes.map((change) => changeOf(change, positions, coarser)) };
}

function changeOf(
  change: ReadonlyMap<string, number>,
  positions: ReadonlyMap<string, readonly number[]>,
  coarser: ReadonlyMap<string, string>,
): Change {
  const found = new Map<number, number>();
  for (const [name, by] of change) {
    for (const cell of positions.get(name) ?? positions.get(coarser.get(name) ?? "") ?? []) {
      found.set(cell, (found.get(cell) ?? 0) + by);
    }
  }
  return found;
}

/** A cell that two tables tell differently stands in the model twice, the second time with its place in brackets. */
function nameOfCell(name: string): string {
  return name.replace(/ \([^()]*\)$/, "");
}

/** By finer name the coarser one that holds it: of the same dimensions, each with a category that holds the finer one's. */
function coarserNames(coarse: readonly string[], fine: readonly string[]): ReadonlyMap<string, string> {
  const known = new Set(coarse);
  const holders = new Map<string, Map<string, string>>();
  for (const { kind, parts } of coarse.map(partsOf)) {
    for (const { dimension, identity, codes } of parts) {
      const key = `${kind} ${dimension}`;
      const own = holders.get(key) ?? new Map<string, string>();
      holders.set(key, own);
      for (const code of codes) own.set(code, identity);
    }
  }
  return new Map(
    fine.flatMap((name) => {
      const { kind, prefix, parts } = partsOf(name);
      const labels = parts.map(({ dimension, codes }) => {
        const identity = holders.get(`${kind} ${dimension}`)?.get(codes[0] ?? "");
        return `${dimension}=${identity ?? ""}`;
      });
      const holder = prefix + labels.join(", ");
      return known.has(holder) ? [[name, holder] as const] : [];
    }),
  );
}

/** Universe and dimensions of a name, and the category of each. */
function partsOf(name: string) {
  const start = name.lastIndexOf("|") + 1;
  const prefix = name.slice(0, start);
  const parts = name
    .slice(start)
    .split(", ")
    .map((label) => {
      const [dimension = "", identity = ""] = label.split("=");
      return { dimension, identity, codes: identity.split("+") };
    });
  return { prefix, parts, kind: prefix + parts.map(({ dimension }) => dimension).join(" ") };
}

/** Numbers that follow from a sum of which all others are there. */
function fillIn(table: number[], sums: readonly Sum[]): void {
  let open = sums.filter(({ total, parts }) => [total, ...parts].some((cell) => Number.isNaN(table[cell])));
  for (let before = -1; before !== open.length; ) {
    before = open.length;
    open = open.filter(({ total, parts }) => {
      const [unknown = total, ...others] = [total, ...parts].filter((cell) => Number.isNaN(table[cell]));
      if (others.length > 0) return true;
      const added = parts.reduce((sum, part) => sum + (part === unknown ? 0 : (table[part] ?? 0)), 0);
      table[unknown] = unknown === total ? added : (table[total] ?? 0) - added;
      return false;
    });
  }
}
