import type { CountedTable, TableResult } from "../../shared/tables/table.ts";
import { stateOf } from "../../shared/tables/table.ts";

/** The counted table with an id; fails where it is missing. */
export function countedTable(results: readonly TableResult[], id: string): CountedTable {
  const result = results.find(({ table }) => table.id === id);
  if (result?.kind !== "counted") throw new RangeError(`Table ${id} was not counted`);
  return result.table;
}

const signs = { [stateOf.unavailable]: "…", [stateOf.impossible]: "x" } as const;

/** Cell text by codes joined with " ", measure last where there are several: `{ "T AG": "3" }`. */
export function cellsOf(table: CountedTable): Readonly<Record<string, string>> {
  const cells: Record<string, string> = {};
  for (let cell = 0; cell < table.values.length; cell++) {
    const state = table.states[cell] ?? 0;
    cells[nameOf(table, cell)] =
      state === stateOf.unavailable || state === stateOf.impossible
        ? signs[state]
        : String(table.values[cell]);
  }
  return cells;
}

function nameOf(table: CountedTable, cell: number): string {
  const codes: string[] = [];
  let rest = Math.floor(cell / table.measures.length);
  for (const { categories } of table.dimensions.toReversed()) {
    codes.unshift(categories[rest % categories.length]?.code ?? "?");
    rest = Math.floor(rest / categories.length);
  }
  const measure = table.measures[cell % table.measures.length]?.id ?? "?";
  return [...codes, ...(table.measures.length > 1 ? [measure] : [])].join(" ");
}

/** A table of one or two dimensions as a text grid: rows by the first, columns by the second or by the measures. */
export function gridOf(table: CountedTable): string {
  const [rows, columns] = table.dimensions;
  const cells = cellsOf(table);
  const across = columns?.categories.map(({ code }) => code) ?? table.measures.map(({ id }) => id);
  const lines = (rows?.categories ?? []).map(({ code }) =>
    [
      code,
      ...across.map(
        (name) =>
          cells[table.dimensions.length === 1 && table.measures.length === 1 ? code : `${code} ${name}`],
      ),
    ].join(" | "),
  );
  return [["", ...across].join(" | ").trim(), ...lines].join("\n");
}

/** The same grid written by hand: white space does not matter. */
export function grid(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines
    .map((line) =>
      line
        .split("|")
        .map((cell) => cell.trim())
        .join(" | ")
        .trim(),
    )
    .join("\n");
}
