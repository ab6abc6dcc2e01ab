import type { Category, CountedTable, DimensionId, Measure } from "../../../shared/tables/table.ts";

/** What a case leaves out: one measure of persons, areas in the rows, sex in the columns. */
export type TextTableOptions = Partial<
  Pick<CountedTable, "id" | "coarsening" | "coarserTable" | "notes" | "referenceDates" | "deliveries">
> & {
  readonly rows?: DimensionId;
  readonly columns?: DimensionId;
  readonly measure?: Measure;
};

export const persons: Measure = {
  id: "gefluechtete",
  label: "Geflüchtete (kommunale Definition)",
  kind: "count",
  unit: "Personen",
};

/**
 * A counted table from a text: codes of the columns in the first line, one line per row, its code first. "T" is the total.
 * Areas: one digit a Stadtbezirk, three digits a Stadtteil of the Stadtbezirk with the first digit, "ohne" a Stadtbezirk,
 * "ohne-1" a Stadtteil of 1, "ohne-ohne" one of "ohne"; four digits a statistical district, six a block, below what they
 * begin with.
 */
export function textTable(text: string, options: TextTableOptions = {}): CountedTable {
  const { rows = "raum", columns = "geschlecht", measure = persons, ...rest } = options;
  const [head = [], ...lines] = text.trim().split("\n").map(cellsOf);
  const rowCodes = lines.map(([code = ""]) => code);
  const values = Float64Array.from(lines.flatMap(([, ...cells]) => cells.map(Number)));
  return {
    id: "T02",
    name: "Tabelle",
    title: "Geflüchtete nach Gebiet und Geschlecht",
    dimensions: [
      { id: rows, label: labels[rows] ?? rows, categories: categoriesOf(rows, rowCodes) },
      { id: columns, label: labels[columns] ?? columns, categories: categoriesOf(columns, head.slice(1)) },
    ],
    measures: [measure],
    coarsening: {},
    columnDimensions: [columns],
    values,
    states: new Uint8Array(values.length),
    referenceDates: { "ewo-alw": "2026-11-20" },
    deliveries: ["ewo-alw-2026-11-20-0123456789ab"],
    notes: [],
    ...rest,
  };
}

const labels: Readonly<Partial<Record<DimensionId, string>>> = {
  raum: "Gebiet",
  geschlecht: "Geschlecht",
  altersgruppe: "Altersgruppe",
  staatsangehoerigkeit: "Staatsangehörigkeit",
};

function cellsOf(line: string): readonly string[] {
  return line.split("|").map((cell) => cell.trim());
}

function categoriesOf(dimension: DimensionId, codes: readonly string[]): readonly Category[] {
  if (dimension === "raum") {
    return codes.map((code) => areaOf(code, codes));
  }
  const total = codes.indexOf("T");
  return codes.map((code, index) =>
    index === total
      ? { code, label: "Insgesamt" }
      : { code, label: `Label ${code}`, ...(total < 0 ? {} : { parent: total }) },
  );
}

function areaOf(code: string, codes: readonly string[]): Category {
  if (code === "T") {
    return { code, label: "Stadt insgesamt", level: "stadt" };
  }
  if (/^(\d{4}|\d{6})$/.test(code)) {
    const parent = codes.findLastIndex((other) => other !== code && code.startsWith(other));
    return { code, label: `Gebiet ${code}`, level: code.length === 4 ? "statbezirk" : "baublock", parent };
  }
  const borough = /^(?:ohne-)?(\d)/.exec(code)?.[1] ?? "";
  const isQuarter = code.length === 3 || code.startsWith("ohne-");
  const label = code.startsWith("ohne") ? "Ohne Zuordnung" : `Gebiet ${code}`;
  const above = code === "ohne-ohne" ? "ohne" : borough;
  const parent = isQuarter && codes.includes(above) ? codes.indexOf(above) : codes.indexOf("T");
  return { code, label, level: isQuarter ? "stadtteil" : "stadtbezirk", parent };
}

/** The same form again: what a case expects. Cells of two dimensions and one measure. */
export function shownTable(table: CountedTable): string {
  const [rows, columns] = table.dimensions;
  const head = ["", ...(columns?.categories ?? []).map(({ code }) => code)];
  const width = head.length - 1;
  const lines = (rows?.categories ?? []).map(({ code }, index) => [
    code,
    ...table.values.slice(index * width, (index + 1) * width),
  ]);
  return [head, ...lines].map((cells) => cells.join(" | ").trim()).join("\n");
}

/** The expected text without its indentation. */
export function trimmed(text: string): string {
  return text
    .trim()
    .split("\n")
    .map((line) => cellsOf(line).join(" | ").trim())
    .join("\n");
}
