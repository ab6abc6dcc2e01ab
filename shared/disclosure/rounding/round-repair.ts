import type { Highs } from "highs";
import type { Change } from "../attack-model.ts";
import { type Choice, chooseRounding, type RoundingProblem } from "./round-choice.ts";
import { RoundingProgram, wholeNumbers } from "./round-program.ts";
import { type Exposed, exposedCells, intervalOf, type OpenGroup, sumRows } from "./round-safety.ts";

export type SafeChoice =
  | {
      readonly kind: "safe";
      readonly choice: Choice;
      readonly known: readonly number[];
      /** What becomes of the counts of cells in other possible tables. */
      readonly changes: readonly Change[];
    }
  | { readonly kind: "impossible"; readonly cells: readonly number[] };

const limits = { maxBranches: 5_000, gap: 0 };
/** A program of more columns is not tried: the level stays back instead. */
const columnsAtMost = 30_000;

/**
 * The best choice that leaves every small cell open beside shown totals and ties.
 *
 * Groups in which a cell is exposed get the nearest choice that exposes none; then the others are chosen anew around them,
 * twice at most.
 */
export function safeChoice(highs: Highs, problem: RoundingProblem, groups: readonly OpenGroup[]): SafeChoice {
  const settled = new Map<number, number>();
  for (let turn = 0; ; turn += 1) {
    const choice = chooseRounding(highs, problem, settled);
    const found = groups.map((group) => ({ group, exposed: exposedIn(highs, problem, group, choice) }));
    const unsafe = found.filter(({ exposed }) => exposed.small.length > 0);
    if (unsafe.length === 0) {
      const known = found.flatMap(({ exposed }) => exposed.others);
      const changes = changesOf(
        problem,
        choice,
        groups,
        found.map(({ exposed }) => exposed.tables),
      );
      return { kind: "safe", choice, known: known.toSorted((a, b) => a - b), changes };
    }
    if (turn > 0) for (const { group } of found) settle(settled, group, choice);
    for (const { group, exposed } of unsafe) {
      const repaired = repairedGroup(highs, problem, group, choice, exposed.small);
      if (repaired === undefined) return { kind: "impossible", cells: exposed.small };
      settle(settled, group, repaired);
    }
  }
}

/** The tables of all groups side by side, with every cell outside of them at another value that it can be. */
function changesOf(
  { base, task }: RoundingProblem,
  choice: Choice,
  groups: readonly OpenGroup[],
  tables: readonly Exposed["tables"][],
): readonly Change[] {
  const tied = new Set(groups.flatMap(({ cells }) => cells));
  const outside = task.cells.flatMap(({ count, shown }, cell): [number, number][] => {
    if (shown || count > base || tied.has(cell)) return [];
    const alone = count === 0 ? 1 : base - 1;
    return [[cell, (choice.get(cell) ?? alone) - count]];
  });
  const length = tables.reduce((most, own) => Math.max(most, own.length), 1);
  return [...Array(length).keys()].map((at) => {
    const inGroups = tables.flatMap((own) => [...(own[at] ?? [])]);
    const changed = inGroups.map(([cell, count]) => [cell, count - (task.cells[cell]?.count ?? 0)] as const);
    return new Map([...(at === 0 ? outside : []), ...changed].filter(([, amount]) => amount !== 0));
  });
}

function settle(settled: Map<number, number>, { cells }: OpenGroup, choice: Choice): void {
  for (const cell of cells) {
    const value = choice.get(cell);
    if (value !== undefined) settled.set(cell, value);
  }
}

function exposedIn(highs: Highs, { task, base }: RoundingProblem, group: OpenGroup, choice: Choice): Exposed {
  const values = task.cells.map(({ count }, cell) => choice.get(cell) ?? count);
  return exposedCells(highs, task, group, values, base);
}

/** Asks for the choice nearest to `choice` until no cell is exposed; each turn has one table more that must be possible. */
function repairedGroup(
  highs: Highs,
  problem: RoundingProblem,
  group: OpenGroup,
  choice: Choice,
  exposed: readonly number[],
): Choice | undefined {
  const asked = new Set(exposed);
  while (asked.size * group.cells.length <= columnsAtMost) {
    const values = choiceWithTables(highs, problem, group, choice, asked);
    if (values === undefined) return undefined;
    const still = exposedIn(highs, problem, group, new Map([...choice, ...values])).small;
    if (still.length === 0) return values;
    if (still.every((cell) => asked.has(cell))) return undefined;
    for (const cell of still) asked.add(cell);
  }
  return undefined;
}

/** A choice for which there is, for every cell of `asked`, a table in which the cell is what it shows. */
function choiceWithTables(
  highs: Highs,
  problem: RoundingProblem,
  group: OpenGroup,
  choice: Choice,
  asked: ReadonlySet<number>,
): Choice | undefined {
  const program = new RoundingProgram();
  const ups = upColumns(program, problem, group, choice);
  for (const question of asked) addTable(program, problem, group, ups, question);
  const answer = program.solve(highs, limits);
  const whole = answer.kind === "optimal" ? wholeNumbers(answer.values) : undefined;
  if (whole === undefined) return undefined;
  return new Map([...ups].map(([cell, column]) => [cell, whole[column] === 1 ? problem.base : 0]));
}

/** By small cell of the group: the column that is 1 where it goes up. Any other choice than now costs 1 a cell. */
function upColumns(
  program: RoundingProgram,
  { optionsOf }: RoundingProblem,
  { cells }: OpenGroup,
  choice: Choice,
): ReadonlyMap<number, number> {
  const small = cells.filter((cell) => choice.has(cell));
  return new Map(
    small.map((cell) => {
      const options = optionsOf(cell).map((value) => (value === 0 ? 0 : 1));
      const cost = choice.get(cell) === 0 ? 1 : -1;
      return [cell, program.column(Math.min(...options), Math.max(...options), cost, true)];
    }),
  );
}

/** One more table that must be possible whatever is chosen, in which the cell `question` is what it shows. */
function addTable(
  program: RoundingProgram,
  { base, task }: RoundingProblem,
  group: OpenGroup,
  ups: ReadonlyMap<number, number>,
  question: number,
): void {
  const columns = new Map<number, number>();
  for (const cell of group.cells) {
    const up = ups.get(cell);
    const [low, high] = up === undefined ? intervalOf(task.cells[cell]?.count ?? 0, base) : [0, base];
    const column = program.column(low, high, 0, true);
    columns.set(cell, column);
    if (up === undefined) continue;
    const [most, times] = cell === question ? [0, base] : [base - 1, 1];
    program.row(0, most, [
      [column, 1],
      [up, -times],
    ]);
  }
  sumRows(program, group, columns);
}
