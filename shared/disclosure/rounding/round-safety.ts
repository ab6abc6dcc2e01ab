import type { Highs } from "highs";
import { RoundingProgram, wholeNumbers } from "./round-program.ts";
import type { RoundingTask } from "./round-task.ts";

/** Inner cells that an attacker does not know, tied by sums whose value everybody sees. */
export type OpenGroup = {
  /** Ascending. */
  readonly cells: readonly number[];
  readonly sums: readonly OpenSum[];
};
/** Cells with 1 or -1, and what they add up to. */
type OpenSum = { readonly terms: ReadonlyMap<number, number>; readonly value: number };

/** Counts by cell. */
type Table = ReadonlyMap<number, number>;

export type Exposed = {
  /** Small cells whose count follows from everything shown, or that they are small. */
  readonly small: readonly number[];
  /** Others whose count follows. */
  readonly others: readonly number[];
  /** Other possible counts of the whole group, which prove the remaining cells safe. */
  readonly tables: readonly Table[];
};

const limits = { maxBranches: 2_000, gap: 0 };

/** Groups of cells that shown totals and ties restrict; a cell outside all of them can be anything its own value allows. */
export function openGroups(task: RoundingTask, base: number): readonly OpenGroup[] {
  const sums = [
    ...task.margins.filter(({ shown }) => shown).map(({ parts }) => openSum(task, base, parts, [])),
    ...task.ties.map(({ one, other }) => openSum(task, base, one, other)),
  ].filter(({ terms }) => terms.size > 0);
  const groupOf = new Map<number, number>();
  const root = (cell: number): number => {
    let at = cell;
    while (groupOf.get(at) !== at) at = groupOf.get(at) ?? at;
    return at;
  };
  for (const { terms } of sums) {
    for (const cell of terms.keys()) if (!groupOf.has(cell)) groupOf.set(cell, cell);
    const roots = [...new Set([...terms.keys()].map(root))];
    for (const other of roots) groupOf.set(other, Math.min(...roots));
  }
  const groups = new Map<number, { cells: number[]; sums: OpenSum[] }>();
  for (const cell of [...groupOf.keys()].toSorted((a, b) => a - b)) {
    const group = groups.get(root(cell)) ?? { cells: [], sums: [] };
    group.cells.push(cell);
    groups.set(root(cell), group);
  }
  for (const sum of sums) {
    const [first = -1] = sum.terms.keys();
    groups.get(root(first))?.sums.push(sum);
  }
  return [...groups.values()];
}

function openSum(
  { cells }: RoundingTask,
  base: number,
  one: readonly number[],
  other: readonly number[],
): OpenSum {
  const factors = new Map<number, number>();
  for (const cell of one) factors.set(cell, (factors.get(cell) ?? 0) + 1);
  for (const cell of other) factors.set(cell, (factors.get(cell) ?? 0) - 1);
  const terms = [...factors].filter(([at, factor]) => {
    const cell = cells[at];
    return factor !== 0 && cell !== undefined && !cell.shown && cell.count <= base;
  });
  const value = terms.reduce((sum, [at, factor]) => sum + factor * (cells[at]?.count ?? 0), 0);
  return { terms: new Map(terms), value };
}

/** What a rounded value tells: a 0 that it was below the base, the base that it was no 0. */
export function intervalOf(value: number, base: number): readonly [low: number, high: number] {
  return value === 0 ? [0, base - 1] : [1, base];
}

/**
 * The cells of `group` that an attacker can work out who sees `values`.
 *
 * A small count shown as 0 is safe when it can be 0, one shown as the base when it can be the base: its true value is
 * possible in any case. Every table found answers for all cells at once; without a proof a cell counts as exposed.
 */
export function exposedCells(
  highs: Highs,
  { cells }: RoundingTask,
  group: OpenGroup,
  values: readonly number[],
  base: number,
): Exposed {
  const isSmall = (cell: number) => values[cell] !== cells[cell]?.count;
  const isSafeAt = (cell: number, count: number) =>
    isSmall(cell) ? count === values[cell] : count !== values[cell];
  const open = new Map(group.cells.map((cell) => [cell, isSmall(cell) === (values[cell] === 0) ? 1 : -1]));
  const exposed: number[] = [];
  const tables: Table[] = [];
  for (const cell of group.cells) {
    if (!open.has(cell)) continue;
    open.delete(cell);
    const wanted = wantedInterval(values[cell] ?? 0, base, isSmall(cell));
    const table = tableWith(highs, group, values, base, { cell, wanted, open });
    if (table === undefined) {
      exposed.push(cell);
      continue;
    }
    tables.push(table);
    for (const other of open.keys()) if (isSafeAt(other, table.get(other) ?? -1)) open.delete(other);
  }
  return {
    small: exposed.filter(isSmall),
    others: exposed.filter((cell) => !isSmall(cell)),
    tables,
  };
}

/** A small count must be able to be what it shows, another one to be a small count. */
function wantedInterval(value: number, base: number, small: boolean): readonly [number, number] {
  return small ? [value, value] : [1, base - 1];
}

type Wish = {
  readonly cell: number;
  readonly wanted: readonly [low: number, high: number];
  /** Others that the same table had better answer for, with 1 where a lower count does so and -1 where a higher one does. */
  readonly open: ReadonlyMap<number, number>;
};

/** A table of whole numbers in which `wish.cell` is as wanted; nothing where there is none or none was found. */
function tableWith(
  highs: Highs,
  group: OpenGroup,
  values: readonly number[],
  base: number,
  wish: Wish,
): Table | undefined {
  const linear = answerTo(highs, group, values, base, { ...wish, whole: false });
  return linear === "open"
    ? settledTable(answerTo(highs, group, values, base, { ...wish, whole: true }))
    : settledTable(linear);
}

function settledTable(answer: Table | "none" | "open"): Table | undefined {
  return typeof answer === "string" ? undefined : answer;
}

/** `none`: there is no such table; `open`: the program did not find one of whole numbers. */
function answerTo(
  highs: Highs,
  group: OpenGroup,
  values: readonly number[],
  base: number,
  { cell: asked, wanted, open, whole }: Wish & { readonly whole: boolean },
): Table | "none" | "open" {
  const program = new RoundingProgram();
  const columns = new Map<number, number>();
  for (const cell of group.cells) {
    const value = values[cell] ?? 0;
    const [low, high] = cell === asked ? wanted : intervalOf(value, base);
    columns.set(cell, program.column(low, high, open.get(cell) ?? 0, whole));
  }
  sumRows(program, group, columns);
  const answer = program.solve(highs, limits);
  if (answer.kind === "impossible") return "none";
  const table = answer.kind === "optimal" ? wholeNumbers(answer.values) : undefined;
  if (table === undefined || !isTable(group, columns, table)) return "open";
  return new Map([...columns].map(([cell, column]) => [cell, table[column] ?? 0]));
}

/** One row a sum, over the columns that stand for its cells. */
export function sumRows(
  program: RoundingProgram,
  { sums }: OpenGroup,
  columns: ReadonlyMap<number, number>,
): void {
  for (const { terms, value } of sums)
    program.row(
      value,
      value,
      [...terms].map(([cell, factor]) => [columns.get(cell) ?? -1, factor]),
    );
}

/** Exact: whole numbers, without any tolerance. */
function isTable(
  { sums }: OpenGroup,
  columns: ReadonlyMap<number, number>,
  table: readonly number[],
): boolean {
  return (
    table.length >= columns.size &&
    sums.every(({ terms, value }) => {
      const sum = [...terms].reduce(
        (all, [cell, factor]) => all + factor * (table[columns.get(cell) ?? -1] ?? Number.NaN),
        0,
      );
      return sum === value;
    })
  );
}
