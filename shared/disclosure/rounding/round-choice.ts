import type { Highs } from "highs";
import { type ProgramAnswer, RoundingProgram, wholeNumbers } from "./round-program.ts";
import { costOf, improved, type SearchProblem } from "./round-search.ts";
import type { RoundingTask } from "./round-task.ts";

export type RoundingProblem = {
  readonly base: number;
  readonly task: RoundingTask;
  /** Small cells, in the order that breaks ties. */
  readonly free: readonly number[];
  readonly optionsOf: (cell: number) => readonly number[];
};

/** What small cells show, by position. */
export type Choice = ReadonlyMap<number, number>;

const limits = {
  linear: { maxBranches: 0, gap: 0 },
  /** 2 %: the next percent costs more than all before. */
  whole: { maxBranches: 1_000, gap: 0.02 },
  beyond: { maxBranches: 1_000, gap: 0.05 },
};
/** How many cells may have a choice: larger tasks go to the search at once. */
const cellsAtMost = { whole: 20_000, beyond: 3_000 };

/**
 * The best values found for the small cells, `fixed` ones among them.
 *
 * Between its two nearest multiples the deviation of a margin is linear in how many of its cells go up, so a program without
 * any variable for deviations finds the optimum among the choices whose margins all stay within these two. Its answer is
 * whole by itself where the margins are two nested families, as in every table of two dimensions.
 */
export function chooseRounding(highs: Highs, problem: RoundingProblem, fixed: Choice): Choice {
  const search = searchProblemOf(problem, fixed);
  const ups = bestUps(highs, search);
  return new Map(problem.free.map((cell, at) => [cell, ups[at] === 1 ? problem.base : 0]));
}

function bestUps(highs: Highs, search: SearchProblem): readonly number[] {
  const open = search.allowed.filter((allowed) => allowed.length > 1).length;
  const linear = withinProgram(search, false).solve(highs, limits.linear);
  const direct = wholeAnswer(search, linear);
  if (direct !== undefined && linear.kind === "optimal") return direct;
  const candidates: (readonly number[])[] = [];
  if (linear.kind !== "impossible" && open <= cellsAtMost.whole) {
    const within = wholeAnswer(search, withinProgram(search, true).solve(highs, limits.whole));
    if (within !== undefined && costOf(search, within).beyond === 0) return within;
  }
  if (open <= cellsAtMost.beyond) {
    const beyond = wholeAnswer(search, beyondProgram(search).solve(highs, limits.beyond));
    if (beyond !== undefined) candidates.push(beyond);
  }
  const start = linear.kind === "optimal" ? linear.values.map(Math.round) : undefined;
  candidates.push(...[start, undefined].map((ups) => improved(search, ups)));
  return candidates.reduce((best, ups) => (isBetter(search, ups, best) ? ups : best));
}

function isBetter(search: SearchProblem, ups: readonly number[], than: readonly number[]): boolean {
  const [a, b] = [costOf(search, ups), costOf(search, than)];
  return a.total < b.total;
}

/** The cells' part of an answer; nothing where it is no choice, as a solver leaves it that was stopped too early. */
function wholeAnswer({ allowed }: SearchProblem, answer: ProgramAnswer): readonly number[] | undefined {
  if (answer.kind === "impossible" || answer.values.length < allowed.length) return undefined;
  const whole = wholeNumbers(answer.values.slice(0, allowed.length));
  return whole?.every((up, cell) => allowed[cell]?.includes(up)) ? whole : undefined;
}

/** Margins with the same small cells are one of more weight; a cell is a margin of itself. */
function searchProblemOf({ base, task, free, optionsOf }: RoundingProblem, fixed: Choice): SearchProblem {
  const placeOf = new Map(free.map((cell, at) => [cell, at]));
  const margins = new Map<string, { readonly cells: readonly number[]; weight: number }>();
  for (const parts of [...free.map((cell) => [cell]), ...task.margins.map((margin) => margin.parts)]) {
    const cells = parts.flatMap((part) => placeOf.get(part) ?? []).toSorted((a, b) => a - b);
    if (cells.length === 0) continue;
    const key = cells.join(",");
    const same = margins.get(key);
    if (same === undefined) margins.set(key, { cells, weight: 1 });
    else same.weight += 1;
  }
  const sorted = [...margins].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, margin]) => margin);
  const allowed = free.map((cell) => {
    const value = fixed.get(cell);
    return (value === undefined ? optionsOf(cell) : [value]).map((option) => (option === 0 ? 0 : 1));
  });
  const counts = free.map((cell) => task.cells[cell]?.count ?? 0);
  return { base, counts, allowed, margins: sorted };
}

/** By margin: between which two numbers of cells going up its true total lies, and what one more of them costs. */
function stepsOf({ base, counts, margins }: SearchProblem) {
  return margins.map(({ cells, weight }) => {
    const sum = cells.reduce((all, cell) => all + (counts[cell] ?? 0), 0);
    const rest = sum % base;
    const low = (sum - rest) / base;
    return { cells, weight, low, high: rest === 0 ? low : low + 1, slope: rest === 0 ? 0 : base - 2 * rest };
  });
}

function cellColumns(program: RoundingProgram, search: SearchProblem, whole: boolean): void {
  const costs = search.counts.map(() => 0);
  for (const { cells, weight, slope } of stepsOf(search))
    for (const cell of cells) costs[cell] = (costs[cell] ?? 0) + weight * slope;
  for (const [cell, cost] of costs.entries()) {
    const allowed = search.allowed[cell] ?? [];
    program.column(Math.min(...allowed), Math.max(...allowed), cost, whole);
  }
}

function withinProgram(search: SearchProblem, whole: boolean): RoundingProgram {
  const program = new RoundingProgram();
  cellColumns(program, search, whole);
  for (const { cells, low, high } of stepsOf(search))
    program.row(
      low,
      high,
      cells.map((cell) => [cell, 1]),
    );
  return program;
}

/** The same with margins that may leave their two nearest multiples, at a price far above any deviation within. */
function beyondProgram(search: SearchProblem): RoundingProgram {
  const program = new RoundingProgram();
  cellColumns(program, search, true);
  const { base } = search;
  for (const { cells, weight, low, high, slope } of stepsOf(search)) {
    const above = program.column(0, cells.length, weight * (base - slope) + pricePerStep(base), false);
    const below = program.column(0, cells.length, weight * (base + slope) + pricePerStep(base), false);
    program.row(low, high, [
      ...cells.map((cell) => [cell, 1] as const),
      [above, -1] as const,
      [below, 1] as const,
    ]);
  }
  return program;
}

function pricePerStep(base: number): number {
  return 10 * base;
}
