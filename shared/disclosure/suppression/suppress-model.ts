import type { Sum } from "../attack-model.ts";
import { Leaders } from "./suppress-leaders.ts";
import type { Universe, UniverseCell } from "./universe-model.ts";

/** Terms with their signs that add up to 0 in every change. */
export type Equation = { readonly variables: readonly number[]; readonly signs: readonly number[] };

/**
 * What can change in one part of a universe that hangs together. A variable stands for cells that always change by the
 * same number (a total with one part that is not zero).
 */
export type ChangeModel = {
  /** By variable: positions in the universe, ascending. */
  readonly cells: readonly (readonly number[])[];
  /** By variable: true where nobody shows any of its cells, so that nothing is lost when it changes. */
  readonly isFree: readonly boolean[];
  /** By variable: true where all of its cells only tie tables together. */
  readonly isAuxiliary: readonly boolean[];
  /** By variable: how far it can fall; a hidden cell stays at least 1, one that nobody shows at least 0. */
  readonly falls: readonly number[];
  /** By variable: how far it must rise to be no small count any more; 0 where none of its cells is small. */
  readonly rises: readonly number[];
  /** By variable: true where a fall to 0 serves as well as a rise, because nobody shows its cells. */
  readonly mayVanish: readonly boolean[];
  /** By variable: the counts that are lost when it is hidden. */
  readonly weights: readonly number[];
  /** By variable: true where a cell stays hidden whatever happens, small or hidden by an earlier release. */
  readonly isForced: readonly boolean[];
  readonly equations: readonly Equation[];
};

export type ReducedUniverse = {
  readonly models: readonly ChangeModel[];
  /** Cells that would have to be hidden but cannot change: nothing hides them. */
  readonly pinned: readonly number[];
};

/** `table` completes the counts of the universe. Constants drop out, equal cells become one variable, what is left falls into parts that share no sum. */
export function changeModels(
  { cells: incomplete, sums }: Universe,
  table: Float64Array,
  publishFromCount: number,
): ReducedUniverse {
  const cells = incomplete.map((cell, at) => ({ ...cell, count: table[at] ?? Number.NaN }));
  const isSmall = ({ count }: UniverseCell): boolean => count > 0 && count < publishFromCount;
  const variables = new Variables(cells);
  variables.reduce(sums);
  const pinned = [...cells.keys()].filter((at) => {
    const cell = cells[at];
    if (cell === undefined || !variables.isConstant(at)) return false;
    return cell.role === "hidden" || (cell.role !== "auxiliary" && isSmall(cell));
  });
  const equations = sums
    .map((sum) => variables.equationOf(sum))
    .filter((equation) => equation.variables.length > 0);
  const parts = new Leaders(cells.length);
  for (const { variables: own } of equations) for (const leader of own) parts.join(own[0] ?? leader, leader);
  const leaders = Map.groupBy(
    [...cells.keys()].filter((at) => !variables.isConstant(at)),
    (at) => variables.leaderOf(at),
  );
  const grouped = Map.groupBy(leaders.keys(), (leader) => parts.of(leader));
  const own = Map.groupBy(equations, (equation) => parts.of(equation.variables[0] ?? 0));
  const models = [...grouped].map(([part, members]) =>
    modelOf(
      cells,
      members.map((leader) => leaders.get(leader) ?? []),
      own.get(part) ?? [],
      (cell) => variables.leaderOf(cell),
      publishFromCount,
    ),
  );
  return { models: models.filter(({ isForced }) => isForced.includes(true)), pinned };
}

class Variables {
  readonly #leaders: Leaders;
  readonly #isConstant: Uint8Array;
  readonly #counts: Float64Array;

  constructor(cells: Universe["cells"]) {
    this.#leaders = new Leaders(cells.length);
    this.#counts = Float64Array.from(cells, ({ count }) => count);
    this.#isConstant = Uint8Array.from(cells, ({ role, count }) =>
      role === "shown" || (count === 0 && (role === "open" || role === "hidden")) ? 1 : 0,
    );
  }

  isConstant(cell: number): boolean {
    return this.#isConstant[this.leaderOf(cell)] === 1;
  }

  leaderOf(cell: number): number {
    return this.#leaders.of(cell);
  }

  /** Until no sum tells that a cell cannot change, or that two always change alike. */
  reduce(sums: readonly Sum[]): void {
    for (let isNew = true; isNew; ) {
      isNew = false;
      for (const sum of sums) isNew = this.#learn(sum) || isNew;
    }
  }

  equationOf({ total, parts }: Sum): Equation {
    const signs = new Map<number, number>();
    for (const part of parts) this.#count(signs, part, 1);
    this.#count(signs, total, -1);
    const terms = [...signs].filter(([, sign]) => sign !== 0).sort(([one], [other]) => one - other);
    return { variables: terms.map(([leader]) => leader), signs: terms.map(([, sign]) => sign) };
  }

  #count(signs: Map<number, number>, cell: number, sign: number): void {
    if (this.isConstant(cell)) return;
    const leader = this.leaderOf(cell);
    signs.set(leader, (signs.get(leader) ?? 0) + sign);
  }

  #learn(sum: Sum): boolean {
    if (this.isConstant(sum.total) && this.#counts[sum.total] === 0) return this.#fix(sum.parts);
    const { variables, signs } = this.equationOf(sum);
    const [one, other] = variables;
    if (one === undefined || variables.length > 2) return false;
    if (other === undefined) return this.#fix([one]);
    if ((signs[0] ?? 0) + (signs[1] ?? 0) !== 0) return false;
    this.#leaders.join(one, other);
    return true;
  }

  #fix(cells: readonly number[]): boolean {
    const free = cells.filter((cell) => !this.isConstant(cell));
    for (const cell of free) this.#isConstant[this.leaderOf(cell)] = 1;
    return free.length > 0;
  }
}

function modelOf(
  universe: Universe["cells"],
  cells: readonly (readonly number[])[],
  equations: readonly Equation[],
  leaderOf: (cell: number) => number,
  publishFromCount: number,
): ChangeModel {
  const at = new Map(cells.map((own, variable) => [leaderOf(own[0] ?? 0), variable]));
  const traits = cells.map((own) =>
    traitsOf(
      own.flatMap((cell) => universe[cell] ?? []),
      publishFromCount,
    ),
  );
  return {
    cells,
    isFree: traits.map(({ isFree }) => isFree),
    isAuxiliary: traits.map(({ isAuxiliary }) => isAuxiliary),
    falls: traits.map(({ falls }) => falls),
    rises: traits.map(({ rises }) => rises),
    mayVanish: traits.map(({ mayVanish }) => mayVanish),
    weights: traits.map(({ weight }) => weight),
    isForced: traits.map(({ isForced }) => isForced),
    equations: equations.map(({ variables, signs }) => ({
      variables: variables.map((leader) => at.get(leader) ?? -1),
      signs,
    })),
  };
}

function traitsOf(cells: readonly UniverseCell[], publishFromCount: number) {
  const small = cells.filter(
    ({ role, count }) => role !== "auxiliary" && count > 0 && count < publishFromCount,
  );
  const hideable = cells.filter(({ role }) => role === "open" || role === "hidden");
  const rises = Math.max(0, ...small.map(({ count }) => publishFromCount - count));
  return {
    falls: Math.min(...cells.map((cell) => cell.count - (hideable.includes(cell) ? 1 : 0))),
    rises,
    isFree: hideable.length === 0,
    isAuxiliary: cells.every(({ role }) => role === "auxiliary"),
    mayVanish: rises > 0 && hideable.length === 0,
    weight: hideable.reduce((sum, { count }) => sum + count, 0),
    isForced: rises > 0 || cells.some(({ role }) => role === "hidden"),
  };
}
