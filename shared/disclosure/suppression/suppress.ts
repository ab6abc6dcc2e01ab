import type { Change } from "../attack-model.ts";
import { loadSolver } from "../solver.ts";
import { checkChanges } from "./suppress-check.ts";
import { completeTable } from "./suppress-complete.ts";
import { type ChangeModel, changeModels } from "./suppress-model.ts";
import type { Delta } from "./suppress-programs.ts";
import { searchChanges } from "./suppress-search.ts";
import type { Universe } from "./universe-model.ts";

export type SuppressionRules = {
  /** A count of at least this is published, a smaller one above 0 is small: 3 is published, 2 is not. */
  readonly publishFromCount: number;
  /** True: also somebody who knows to be the only person of a cell must not learn of another small one. */
  readonly ownContribution: boolean;
};

/**
 * `suppressed`: positions of the cells to hide, ascending; `table`, a number for every cell of the universe: its count, and
 * for cells whose count nobody told one that fits all sums (NaN where none was needed); and `table` with each of the
 * `changes` is another possible one: they prove the hidden cells safe.
 * `impossible`: cells that are shown whatever happens leave no way to hide these ones.
 */
export type Suppression =
  | {
      readonly kind: "suppressed";
      readonly hidden: readonly number[];
      readonly table: Float64Array;
      readonly changes: readonly Change[];
    }
  | { readonly kind: "impossible"; readonly cells: readonly number[] };

/**
 * The cells of `universe` to hide so that an attacker who knows that hidden cells are at least 1 can tell none of them, nor
 * that one of 1 or 2 is small, at little loss of counts.
 *
 * The same whatever the order in which the tables of the universe came.
 */
export async function suppress(universe: Universe, rules: SuppressionRules): Promise<Suppression> {
  const { publishFromCount } = rules;
  const small = smallCells(universe, publishFromCount);
  const shown = small.filter((cell) => universe.cells[cell]?.role === "shown");
  if (shown.length > 0) return { kind: "impossible", cells: shown };
  const table = await completeCounts(universe);
  if (table === undefined) return { kind: "impossible", cells: small };
  const { models, pinned } = changeModels(universe, table, publishFromCount);
  const impossible = [...pinned];
  const hidden: number[] = [];
  const changes: Change[] = [];
  for (const model of models) {
    const isAlone = model.cells.map((own) =>
      own.some((cell) => isHideable(universe, cell) && table[cell] === 1),
    );
    const outcome = searchChanges(await loadSolver(), model, rules.ownContribution ? isAlone : undefined);
    if (outcome.kind === "impossible") {
      impossible.push(...outcome.variables.flatMap((variable) => model.cells[variable] ?? []));
      continue;
    }
    hidden.push(...outcome.hidden.flatMap((variable) => model.cells[variable] ?? []));
    changes.push(...outcome.changes.map((delta) => cellChange(model, delta)));
  }
  if (impossible.length > 0) return { kind: "impossible", cells: impossible.sort((a, b) => a - b) };
  const hideable = hidden.filter((cell) => isHideable(universe, cell)).sort((a, b) => a - b);
  checkChanges({ universe, table, hidden: hideable, publishFromCount }, changes);
  return { kind: "suppressed", hidden: hideable, table, changes };
}

/** Without the solver where every count is known. */
async function completeCounts(universe: Universe): Promise<Float64Array | undefined> {
  const isComplete = universe.cells.every(({ count }) => !Number.isNaN(count));
  return isComplete
    ? Float64Array.from(universe.cells, ({ count }) => count)
    : completeTable(await loadSolver(), universe);
}

function isHideable({ cells }: Universe, cell: number): boolean {
  const role = cells[cell]?.role;
  return role === "open" || role === "hidden";
}

function smallCells({ cells }: Universe, publishFromCount: number): readonly number[] {
  return [...cells.keys()].filter((at) => {
    const { role, count } = cells[at] ?? { role: "auxiliary", count: 0 };
    return role !== "auxiliary" && count > 0 && count < publishFromCount;
  });
}

function cellChange({ cells }: ChangeModel, { variables, amounts }: Delta): Change {
  const change = new Map<number, number>();
  for (const [at, variable] of variables.entries())
    for (const cell of cells[variable] ?? []) change.set(cell, amounts[at] ?? 0);
  return change;
}
