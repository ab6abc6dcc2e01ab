import type { KnownDimension } from "../../../shared/disclosure/known-table.ts";
import type { Universe, UniverseTable } from "../../../shared/disclosure/suppression/universe.ts";

/** What a case leaves out. */
export type UniverseTextOptions = Partial<Pick<UniverseTable, "universe" | "role">> & {
  readonly columns?: string;
};

/**
 * A table from a text: codes of the columns in the first line, after the name of the rows' dimension; one line per row, its
 * code first. "T" is the total; a code stands below the longest one that it begins with, "a+b" are a and b merged, "-" is
 * no cell. Without columns the first line has "T" alone.
 */
export function universeTable(name: string, text: string, options: UniverseTextOptions = {}): UniverseTable {
  const { columns = "sex", universe = "", role = "open" } = options;
  const [[rows = "", ...columnCodes] = [], ...lines] = text.trim().split("\n").map(cellsOf);
  const rowCodes = lines.map(([code = ""]) => code);
  const counts = lines.flatMap(([, ...cells]) =>
    cells.map((cell) => (cell === "-" ? Number.NaN : Number(cell))),
  );
  const dimensions = [dimensionOf(rows, rowCodes)];
  if (columnCodes.length > 1) dimensions.push(dimensionOf(columns, columnCodes));
  return { name, universe, dimensions, counts, role };
}

function cellsOf(line: string): readonly string[] {
  return line.split("|").map((cell) => cell.trim());
}

function dimensionOf(id: string, codes: readonly string[]): KnownDimension {
  const total = codes.indexOf("T");
  return {
    id,
    categories: codes.map((code) => ({
      code,
      ...(code !== "T" && total >= 0 && { parent: parentOf(codes, code, total) }),
      ...(code.includes("+") && { members: code.split("+") }),
    })),
  };
}

function parentOf(codes: readonly string[], code: string, total: number): number {
  const above = codes.filter(
    (other) => other !== code && other !== "T" && code.startsWith(other) && !code.includes("+"),
  );
  const [longest] = above.toSorted((one, other) => other.length - one.length);
  return longest === undefined ? total : codes.indexOf(longest);
}

/** `name = count`, with the role where it is not open. */
export function cellsAsText({ cells }: Universe): readonly string[] {
  return cells.map(({ name, count, role }) => `${name} = ${count}${role === "open" ? "" : ` (${role})`}`);
}

/** `total = part + part`, by name. */
export function sumsAsText({ cells, sums }: Universe): readonly string[] {
  const nameOf = (cell: number): string => cells[cell]?.name ?? "";
  return sums.map(({ total, parts }) => `${nameOf(total)} = ${parts.map(nameOf).join(" + ")}`);
}
