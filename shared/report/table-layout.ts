import type { Category, CountedTable, Measure, TableDimension } from "../tables/table.ts";
import { printable } from "./german-text.ts";
import { cellAt, isTotal, numbersOf, type ReleasedCell } from "./released-cells.ts";
import { dimensionColumn, levelName } from "./texts.ts";

/** How a table lies on its sheet: some columns that name the row, then one column per combination and measure. */
export type TableLayout = {
  readonly labelHeaders: readonly string[];
  readonly numberColumns: readonly { readonly header: string; readonly measure: Measure }[];
  readonly rowCount: number;
  readonly rows: () => Generator<LayoutRow>;
};

export type LayoutRow = {
  readonly labels: readonly string[];
  readonly cells: readonly ReleasedCell[];
  /** The row of all totals. */
  readonly total: boolean;
};

type Place = readonly number[];

/** Rows and columns of a released table; the totals come first, columns that make no sense at all are left out. */
export function layoutOf(table: CountedTable): TableLayout {
  const isColumn = (dimension: TableDimension) => table.columnDimensions.includes(dimension.id);
  const rowPlaces = placesOf(table.dimensions.filter((dimension) => !isColumn(dimension)));
  const columnPlaces = placesOf(table.dimensions.filter(isColumn));
  const numbers = numbersOf(table);
  const at = (row: Place, column: Place, measure: number): ReleasedCell =>
    cellAt(table, numbers, cellPosition(table, row, column, measure));
  const columns = columnPlaces
    .flatMap((place) => table.measures.map((measure, offset) => ({ place, measure, offset })))
    .filter(({ place, offset }) => rowPlaces.some((row) => at(row, place, offset).state !== "impossible"));
  const headers = distinct(columns.map(({ place, measure }) => headerOf(table, place, measure)));
  return {
    labelHeaders: labelHeaders(table),
    numberColumns: columns.map(({ measure }, index) => ({ header: headers[index] ?? "", measure })),
    rowCount: rowPlaces.length,
    *rows() {
      for (const row of rowPlaces) {
        yield {
          labels: labelsOf(table, row),
          cells: columns.map(({ place, offset }) => at(row, place, offset)),
          total: isTotalRow(table, row),
        };
      }
    },
  };
}

/** All combinations of categories, the first dimension slowest. */
function placesOf(dimensions: readonly TableDimension[]): readonly Place[] {
  let places: Place[] = [[]];
  for (const dimension of dimensions) {
    const order = totalFirst(dimension);
    places = places.flatMap((place) => order.map((position) => [...place, position]));
  }
  return places;
}

function totalFirst(dimension: TableDimension): readonly number[] {
  const positions = dimension.categories.map((category, position) => ({
    position,
    total: isTotal(dimension, category),
  }));
  return positions.toSorted((a, b) => Number(b.total) - Number(a.total)).map(({ position }) => position);
}

function cellPosition(table: CountedTable, row: Place, column: Place, measure: number): number {
  const [rows, columns] = [row.values(), column.values()];
  let position = 0;
  for (const dimension of table.dimensions) {
    const next = table.columnDimensions.includes(dimension.id) ? columns.next() : rows.next();
    position = position * dimension.categories.length + (next.value ?? 0);
  }
  return position * table.measures.length + measure;
}

function rowDimensions(table: CountedTable): readonly TableDimension[] {
  return table.dimensions.filter((dimension) => !table.columnDimensions.includes(dimension.id));
}

/** A dimension of which only the total is left would name every row alike. */
function isBrokenDown(dimension: TableDimension): boolean {
  return dimension.categories.length > 1;
}

/** Areas of several levels may share a name or a key; level, key and name together are never ambiguous. */
function hasLevels(dimension: TableDimension): boolean {
  return new Set(dimension.categories.map(({ level }) => level)).size > 2;
}

function labelHeaders(table: CountedTable): readonly string[] {
  const headers = rowDimensions(table).flatMap((dimension) => {
    if (!isBrokenDown(dimension)) {
      return [];
    }
    const name = dimensionColumn(dimension.id, dimension.label);
    if (dimension.id !== "raum") {
      return [name];
    }
    return hasLevels(dimension) ? ["Ebene", "Schlüssel", name] : ["Schlüssel", name];
  });
  return headers.length === 0 ? ["Merkmal"] : headers;
}

function labelsOf(table: CountedTable, row: Place): readonly string[] {
  const labels = rowDimensions(table).flatMap((dimension, index) => {
    if (!isBrokenDown(dimension)) {
      return [];
    }
    const category = categoryAt(dimension, row[index]);
    const label = printable(category.label);
    if (dimension.id !== "raum") {
      return [label];
    }
    const key = isTotal(dimension, category) ? "insgesamt" : printable(category.code);
    return hasLevels(dimension) ? [levelName(category.level), key, label] : [key, label];
  });
  return labels.length === 0 ? ["Insgesamt"] : labels;
}

function categoryAt(dimension: TableDimension, position: number | undefined): Category {
  return dimension.categories[position ?? 0] ?? { code: "", label: "" };
}

function isTotalRow(table: CountedTable, row: Place): boolean {
  const dimensions = rowDimensions(table);
  const withTotal = dimensions.filter((dimension) =>
    dimension.categories.some((category) => isTotal(dimension, category)),
  );
  return (
    withTotal.length > 0 &&
    dimensions.every(
      (dimension, index) =>
        !withTotal.includes(dimension) || isTotal(dimension, categoryAt(dimension, row[index])),
    )
  );
}

function headerOf(table: CountedTable, place: Place, measure: Measure): string {
  const dimensions = table.dimensions.filter((dimension) => table.columnDimensions.includes(dimension.id));
  const labels = dimensions.flatMap((dimension, index) =>
    isBrokenDown(dimension) ? [printable(categoryAt(dimension, place[index]).label)] : [],
  );
  const named =
    table.measures.length > 1 || labels.length === 0 ? [...labels, printable(measure.label)] : labels;
  return named.join(", ");
}

/** Two categories may share a label; the columns of a table object may not. */
function distinct(headers: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return headers.map((header) => {
    const count = (seen.get(header.toLowerCase()) ?? 0) + 1;
    seen.set(header.toLowerCase(), count);
    return count === 1 ? header : `${header} (${count})`;
  });
}
