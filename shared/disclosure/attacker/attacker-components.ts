import { numberAt } from "./attacker-check.ts";
import { Contradiction, type Reduction, type Row } from "./attacker-reduce.ts";

/** Multiples of columns that add up to the value. */
type Equation = {
  readonly columns: readonly number[];
  readonly times: readonly number[];
  readonly value: number;
};

/** Variables that hang together by sums; what one of them can be says nothing of any other component. */
export type Component = {
  /** The variables, ascending; a column is a position in this list. */
  readonly variables: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly equations: readonly Equation[];
  /** By equation. */
  readonly rows: readonly Row[];
};

/**
 * All components, in the order of their first variables. Variables that no row ties are not among them.
 *
 * @throws {Contradiction} where two rows of the same terms have different values.
 */
export function componentsOf(reduction: Reduction): readonly Component[] {
  const rows = distinctRows(reduction.rows);
  const leaders = new Map<number, number>();
  for (const { terms } of rows) {
    const [first = 0] = terms.keys();
    for (const variable of terms.keys()) {
      leaders.set(leaderOf(leaders, variable), leaderOf(leaders, first));
    }
  }
  const variables = [...leaders.keys()].toSorted((one, other) => one - other);
  const rowsOf = Map.groupBy(rows, ({ terms }) => {
    const [first = 0] = terms.keys();
    return leaderOf(leaders, first);
  });
  return [...Map.groupBy(variables, (variable) => leaderOf(leaders, variable))].map(([leader, own]) =>
    componentOf(reduction, own, rowsOf.get(leader) ?? []),
  );
}

function distinctRows(rows: Iterable<Row>): readonly Row[] {
  const found = new Map<string, Row>();
  for (const row of rows) {
    const terms = [...row.terms].toSorted(([one], [other]) => one - other);
    const sign = Math.sign(terms[0]?.[1] ?? 1);
    const key = terms.map(([variable, times]) => `${variable}*${sign * times}`).join("+");
    const other = found.get(key);
    if (other === undefined) {
      found.set(key, row);
    } else if (!isSameRow(row, other)) {
      throw new Contradiction(row.sum);
    }
  }
  return [...found.values()];
}

/** Whether the values agree, whatever the signs. */
function isSameRow(row: Row, other: Row): boolean {
  const [[variable, times] = [0, 1]] = row.terms;
  return row.value * (other.terms.get(variable) ?? 0) === other.value * times;
}

function componentOf(reduction: Reduction, variables: readonly number[], rows: readonly Row[]): Component {
  const columnOf = new Map(variables.map((variable, column) => [variable, column]));
  return {
    variables,
    low: variables.map((variable) => numberAt(reduction.low, variable)),
    high: variables.map((variable) => numberAt(reduction.high, variable)),
    equations: rows.map(({ terms, value }) => ({
      columns: [...terms.keys()].map((variable) => columnOf.get(variable) ?? -1),
      times: [...terms.values()],
      value,
    })),
    rows,
  };
}

function leaderOf(leaders: Map<number, number>, variable: number): number {
  let leader = variable;
  for (let next = leaders.get(leader) ?? leader; next !== leader; next = leaders.get(leader) ?? leader) {
    leaders.set(leader, leaders.get(next) ?? next);
    leader = next;
  }
  return leader;
}

/** The columns alone, all others staying as they are in `table`. */
export function subComponent(
  component: Component,
  columns: readonly number[],
  table: ArrayLike<number>,
): Component {
  const columnOf = new Map(columns.map((column, at) => [column, at]));
  const touched = component.equations.filter((equation) =>
    equation.columns.some((column) => columnOf.has(column)),
  );
  return {
    variables: columns.map((column) => numberAt(component.variables, column)),
    low: columns.map((column) => numberAt(component.low, column)),
    high: columns.map((column) => numberAt(component.high, column)),
    equations: touched.map((equation) => restricted(equation, columnOf, table)),
    rows: [],
  };
}

function restricted(
  equation: Equation,
  columnOf: ReadonlyMap<number, number>,
  table: ArrayLike<number>,
): Equation {
  const columns: number[] = [];
  const times: number[] = [];
  let { value } = equation;
  for (const [at, column] of equation.columns.entries()) {
    const own = columnOf.get(column);
    if (own === undefined) {
      value -= numberAt(equation.times, at) * numberAt(table, column);
    } else {
      columns.push(own);
      times.push(numberAt(equation.times, at));
    }
  }
  return { columns, times, value };
}
