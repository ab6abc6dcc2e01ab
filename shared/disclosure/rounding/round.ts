import { compareText } from "../../registers/compare-text.ts";
import type { Change } from "../attack-model.ts";
import { loadSolver } from "../solver.ts";
import { type SafeChoice, safeChoice } from "./round-repair.ts";
import { openGroups } from "./round-safety.ts";
import type { RoundingCell, RoundingTask } from "./round-task.ts";

export type { RoundingCell, RoundingMargin, RoundingTask } from "./round-task.ts";

/** How far what is shown is from the true counts, over all cells and margins. */
export type Deviations = { readonly changed: number; readonly max: number; readonly mean: number };

export type Rounding =
  | {
      readonly kind: "rounded";
      /** What every inner cell shows. */
      readonly values: readonly number[];
      /** What every margin shows. */
      readonly totals: readonly number[];
      /** Inner cells that are no small counts and that everybody can work out: to be shown as exact ones. */
      readonly known: readonly number[];
      readonly deviations: Deviations;
      /** What becomes of the inner counts in other tables that agree with everything shown: they prove all open cells safe. */
      readonly changes: readonly Change[];
    }
  /** No choice was found that leaves every one of these small inner cells open: nothing of the level may be published. */
  | { readonly kind: "impossible"; readonly cells: readonly number[] };

/**
 * Every small inner count becomes 0 or `publishFromCount`, larger ones stay, totals are recomputed.
 *
 * The sum of deviations of all margins is least, and no margin deviates by `publishFromCount` or more where the search
 * finds a choice that does so. An attacker who knows the rule, the totals that others show and all inner values cannot
 * tell of any small count what it is, nor that it is small. What once was shown is kept.
 *
 * @param tieBreak a keyed digest of a cell's name: decides between choices that are equally good.
 * @throws {RangeError} for counts that are no whole numbers, decisions that no rounding makes, positions out of range.
 */
export async function round(
  task: RoundingTask,
  publishFromCount: number,
  tieBreak: (cellName: string) => string,
): Promise<Rounding> {
  checkTask(task, publishFromCount);
  const free = freeCells(task, publishFromCount, tieBreak);
  const refused = refusedCells(task, publishFromCount);
  if (refused.length > 0) return { kind: "impossible", cells: refused };
  const highs = await loadSolver();
  const optionsOf = (cell: number) => allowedValues(task.cells[cell], publishFromCount);
  const problem = { base: publishFromCount, task, free, optionsOf };
  const safe = safeChoice(highs, problem, openGroups(task, publishFromCount));
  return safe.kind === "impossible" ? safe : roundingOf(task, safe);
}

/** 2 is small, 3 is not; so is no 0. */
export function isSmall(count: number, publishFromCount: number): boolean {
  return count > 0 && count < publishFromCount;
}

/** What a cell may show; nothing where no value is left. */
function allowedValues(cell: RoundingCell | undefined, publishFromCount: number): readonly number[] {
  const options = cell?.kept === undefined ? [0, publishFromCount] : [cell.kept];
  return options.filter((value) => !cell?.forbidden?.includes(value));
}

/** Small cells in the order of their digests, so that the key decides what a solver finds first. */
function freeCells(
  { cells }: RoundingTask,
  publishFromCount: number,
  tieBreak: (cellName: string) => string,
): readonly number[] {
  const keyed = cells.flatMap(({ name, count }, cell) =>
    isSmall(count, publishFromCount) ? [{ cell, name, digest: tieBreak(name) }] : [],
  );
  return keyed
    .toSorted((a, b) => compareText(a.digest, b.digest) || compareText(a.name, b.name))
    .map(({ cell }) => cell);
}

/** Small cells that somebody shows or that nothing may be shown for, larger ones whose value is forbidden. */
function refusedCells({ cells }: RoundingTask, publishFromCount: number): readonly number[] {
  return [...cells.keys()].filter((at) => {
    const cell = cells[at];
    if (cell === undefined) return false;
    if (isSmall(cell.count, publishFromCount))
      return cell.shown || allowedValues(cell, publishFromCount).length === 0;
    return cell.forbidden?.includes(cell.count) === true;
  });
}

function valuesOf({ cells }: RoundingTask, choice: ReadonlyMap<number, number>): readonly number[] {
  return cells.map(({ count }, cell) => choice.get(cell) ?? count);
}

function roundingOf(
  task: RoundingTask,
  { choice, known, changes }: Extract<SafeChoice, { kind: "safe" }>,
): Rounding {
  const values = valuesOf(task, choice);
  const counts = task.cells.map(({ count }) => count);
  const trueTotals = task.margins.map(({ parts }) => sumOf(counts, parts));
  const totals = task.margins.map(({ parts, shown }, at) =>
    shown ? (trueTotals[at] ?? 0) : sumOf(values, parts),
  );
  const differences = [
    ...values.map((value, at) => Math.abs(value - (counts[at] ?? 0))),
    ...totals.map((total, at) => Math.abs(total - (trueTotals[at] ?? 0))),
  ];
  return { kind: "rounded", values, totals, known, deviations: deviationsOf(differences), changes };
}

/** Of how far each value is from the truth. */
export function deviationsOf(differences: readonly number[]): Deviations {
  return {
    changed: differences.filter((difference) => difference > 0).length,
    max: differences.reduce((most, difference) => Math.max(most, difference), 0),
    mean: differences.reduce((sum, difference) => sum + difference, 0) / Math.max(1, differences.length),
  };
}

function sumOf(numbers: readonly number[], parts: readonly number[]): number {
  return parts.reduce((sum, part) => sum + (numbers[part] ?? 0), 0);
}

function checkTask({ cells, margins, ties }: RoundingTask, publishFromCount: number): void {
  if (!Number.isInteger(publishFromCount) || publishFromCount < 2)
    throw new RangeError("Cannot round counts: the base must be a whole number of 2 or more");
  for (const { count, kept } of cells) {
    if (!Number.isSafeInteger(count) || count < 0)
      throw new RangeError("Cannot round counts: each must be a whole number of 0 or more");
    const decisions = isSmall(count, publishFromCount) ? [0, publishFromCount] : [count];
    if (kept !== undefined && !decisions.includes(kept))
      throw new RangeError("Cannot keep a decision: it must be one that rounding makes");
  }
  const used = [...margins.map(({ parts }) => parts), ...ties.flatMap(({ one, other }) => [one, other])];
  if (used.some((parts) => parts.some((part) => cells[part] === undefined)))
    throw new RangeError("Cannot round counts: every part must be the position of a cell");
}
