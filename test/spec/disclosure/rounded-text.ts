import {
  type RoundingCell,
  type RoundingMargin,
  type RoundingTask,
  round,
} from "../../../shared/disclosure/rounding/round.ts";

type Grid = { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };
export type Decisions = Readonly<Record<string, Partial<Pick<RoundingCell, "kept" | "forbidden">>>>;

/**
 * What a table written as a text shows when it is rounded to base 3: codes of the columns in the first line, then one line
 * per row, its code first. "T" is the total of all others. "12*" stands exactly in another table.
 */
export async function roundedText(text: string, decisions: Decisions = {}): Promise<unknown> {
  const grid = gridOf(text);
  const task = taskOf(grid, decisions);
  const rounding = await round(task, 3, (name) => name);
  if (rounding.kind === "impossible")
    return `impossible: ${rounding.cells.map((cell) => task.cells[cell]?.name).join(", ")}`;
  const shown = new Map([
    ...task.cells.map(({ name }, at) => [name, rounding.values[at]] as const),
    ...task.margins.map(({ name }, at) => [name, rounding.totals[at]] as const),
  ]);
  return grid.rows.map(([code = ""]) => [
    code,
    ...grid.columns.map((column) => shown.get(nameOf(code, column))),
  ]);
}

export function linesOf(text: string): readonly (readonly (string | number)[])[] {
  const { rows } = gridOf(text);
  return rows.map(([code = "", ...cells]) => [code, ...cells.map(Number)]);
}

export function taskFrom(text: string, decisions: Decisions = {}): RoundingTask {
  return taskOf(gridOf(text), decisions);
}

function gridOf(text: string): Grid {
  const [[, ...columns] = [], ...rows] = text
    .trim()
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));
  return { columns, rows };
}

function nameOf(row: string, column: string): string {
  return `${row} ${column}`;
}

function taskOf({ columns, rows }: Grid, decisions: Decisions): RoundingTask {
  const cells: RoundingCell[] = [];
  for (const [row = "", ...texts] of rows) {
    for (const [at, column] of columns.entries()) {
      if (row === "T" || column === "T") continue;
      const text = texts[at] ?? "";
      const name = nameOf(row, column);
      cells.push({ name, count: Number.parseInt(text, 10), shown: text.endsWith("*"), ...decisions[name] });
    }
  }
  const margins = rows.flatMap(([row = "", ...texts]) =>
    columns.flatMap((column, at): RoundingMargin[] => {
      if (row !== "T" && column !== "T") return [];
      const parts = [...cells.keys()].filter((cell) => {
        const [ownRow, ownColumn] = cells[cell]?.name.split(" ") ?? [];
        return (row === "T" || row === ownRow) && (column === "T" || column === ownColumn);
      });
      return [{ name: nameOf(row, column), parts, shown: texts[at]?.endsWith("*") === true }];
    }),
  );
  return { cells, margins, ties: [] };
}
