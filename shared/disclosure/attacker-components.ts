import type { AttackModel, Sum } from "./attack-model.ts";
import { compareText, numberAt, type ReducedModel } from "./attacker-reduce.ts";

/** The columns of a component with the given signs add up to the value. */
type Equation = {
  readonly columns: readonly number[];
  readonly signs: readonly number[];
  readonly value: number;
  readonly place: string;
};

/** Open cells that hang together by sums; what one of them can be says nothing of any other component. */
export type Component = {
  /** Positions in the model's cells, by name; a column is a position in this list. */
  readonly cells: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly equations: readonly Equation[];
};

/** All components, each with its cells by name and its equations by place, so that the order of the model does not matter. */
export function componentsOf(model: AttackModel, reduced: ReducedModel): readonly Component[] {
  const isOpen = (cell: number) => numberAt(reduced.low, cell) !== numberAt(reduced.high, cell);
  const open = [...model.cells.keys()].filter(isOpen);
  const sums = reduced.sums.map((sum) => ({ sum, cells: [sum.total, ...sum.parts].filter(isOpen) }));
  const leaders = model.cells.map((_, cell) => cell);
  for (const { cells } of sums) {
    for (const cell of cells) {
      leaders[leaderOf(leaders, cell)] = leaderOf(leaders, cells[0] ?? cell);
    }
  }
  const byLeader = (cell: number) => leaderOf(leaders, cell);
  const sumsOf = Map.groupBy(
    sums.filter(({ cells }) => cells.length > 0),
    ({ cells }) => byLeader(cells[0] ?? 0),
  );
  const names = model.cells.map(({ name }) => name);
  const byName = (one: number, other: number) => compareText(names[one] ?? "", names[other] ?? "");
  return [...Map.groupBy(open.toSorted(byName), byLeader)].map(([leader, cells]) => {
    const own = (sumsOf.get(leader) ?? []).map(({ sum }) => sum);
    return componentOf(reduced, cells, own);
  });
}

function componentOf(reduced: ReducedModel, cells: readonly number[], sums: readonly Sum[]): Component {
  const columnOf = new Map(cells.map((cell, column) => [cell, column]));
  return {
    cells,
    low: cells.map((cell) => numberAt(reduced.low, cell)),
    high: cells.map((cell) => numberAt(reduced.high, cell)),
    equations: sums.map((sum) => equationOf(reduced, columnOf, sum)),
  };
}

function equationOf(reduced: ReducedModel, columnOf: ReadonlyMap<number, number>, sum: Sum): Equation {
  const terms = [...sum.parts.map((cell) => ({ cell, sign: 1 })), { cell: sum.total, sign: -1 }];
  const columns: number[] = [];
  const signs: number[] = [];
  let value = 0;
  for (const { cell, sign } of terms) {
    const column = columnOf.get(cell);
    if (column === undefined) {
      value -= sign * numberAt(reduced.low, cell);
    } else {
      columns.push(column);
      signs.push(sign);
    }
  }
  return { columns, signs, value, place: sum.place };
}

function leaderOf(leaders: number[], cell: number): number {
  let leader = cell;
  while (numberAt(leaders, leader) !== leader) {
    leaders[leader] = numberAt(leaders, numberAt(leaders, leader));
    leader = numberAt(leaders, leader);
  }
  return leader;
}
