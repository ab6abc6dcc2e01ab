import {
  type Category,
  type DimensionId,
  type Measure,
  type MeasureId,
  measureIds,
  stateOf,
  type TableDimension,
} from "../../tables/table.ts";
import { columnsOf, type ReleaseCsv } from "./attack-release-csv.ts";
import type { AttackedTable } from "./known-tables.ts";
import { mergedCodes } from "./merged-code.ts";

/** By dimension: child → parent; areas as `<level>:<code>`. */
export type Hierarchies = Readonly<Partial<Record<string, Readonly<Record<string, string>>>>>;

/** A table, and by position in its values the line of its file. */
export type PlacedTable = { readonly table: AttackedTable; readonly lines: Int32Array };

const totalCode = "T";

const kindOf = {
  gefluechtete: "count",
  einwohner: "count",
  auslaender: "count",
  je_1000: "rate",
  faelle: "count",
  personen: "count",
  ausgaben: "money",
  schueler: "count",
  differenz: "difference",
} as const satisfies Record<MeasureId, Measure["kind"]>;

/**
 * The table of a released CSV file, with the trees of the release's hierarchies. Undefined for a file without rows.
 *
 * A code joined by "+" stands for its members; a group whose parts are not in the table stands for them.
 *
 * @throws {RangeError} naming file, line and rule: a combination missing or twice, an unknown measure or status, a number
 * where none belongs, a code without its place in the hierarchies, a group whose parts are not known.
 */
export function tableOfRelease(
  csv: ReleaseCsv,
  hierarchies: Hierarchies,
  referenceDates: AttackedTable["referenceDates"],
): PlacedTable | undefined {
  if (csv.rows.length === 0) return undefined;
  const columns = columnsIn(csv);
  const measures = measuresOf(csv, columns);
  const dimensions = columns.dimensions.map(({ id, code, level }) =>
    dimensionOf(csv, id, code, level, treeOf(hierarchies[id])),
  );
  const table = {
    id: csv.id,
    dimensions,
    measures,
    coarsening: { pks: benefitGroups(hierarchies) },
    referenceDates,
  };
  const { lines, ...cells } = cellsOf(csv, columns, table);
  return { table: { ...table, ...cells }, lines };
}

/** One dimension of the hierarchies, both ways. */
type Tree = {
  readonly parents: Readonly<Record<string, string>>;
  readonly children: ReadonlyMap<string, readonly string[]>;
};

function treeOf(parents: Readonly<Record<string, string>> = {}): Tree {
  return { parents, children: Map.groupBy(Object.keys(parents), (child) => parents[child] ?? "") };
}

type Columns = {
  readonly dimensions: readonly { readonly id: DimensionId; readonly code: number; readonly level: number }[];
  readonly measure: number;
  readonly value: number;
  readonly status: number;
};

function columnsIn({ dimensions, header }: ReleaseCsv): Columns {
  let next = 0;
  const placed = dimensions.map((id) => {
    const code = next;
    next += columnsOf(id).length;
    return { id, code, level: id === "raum" ? code + 2 : -1 };
  });
  return {
    dimensions: placed,
    measure: header.length - 3,
    value: header.length - 2,
    status: header.length - 1,
  };
}

function measuresOf({ file, rows }: ReleaseCsv, { measure }: Columns): readonly Measure[] {
  const names = [...new Set(rows.map((row) => row[measure]))];
  return names.map((name) => {
    const id = measureIds.find((known) => known === name);
    if (id === undefined) throw new RangeError(`Cannot read "${file}": a measure is not a declared one`);
    return { id, label: "", kind: kindOf[id], unit: "" };
  });
}

function dimensionOf(
  csv: ReleaseCsv,
  id: DimensionId,
  code: number,
  level: number,
  tree: Tree,
): TableDimension {
  const found = new Map<string, { readonly code: string; readonly level: string; readonly line: number }>();
  for (const [at, row] of csv.rows.entries()) {
    const own = { code: row[code] ?? "", level: row[level] ?? "", line: at + 2 };
    const key = keyOf(own);
    if (!found.has(key)) found.set(key, own);
  }
  const keys = [...found.keys()];
  const isTime = id === "zeitpunkt" || id === "monat";
  const categories = [...found.values()].map((own): Category => {
    const category = { code: own.code, label: "", ...(own.level !== "" && { level: own.level }) };
    if (isTime || own.code === totalCode) return category;
    const above = ancestors(tree, keyOf(own)).find((key) => found.has(key));
    if (above === undefined)
      throw new RangeError(
        `Cannot read "${csv.file}": the code of line ${own.line} has no place in the hierarchies`,
      );
    const merged = mergedIn(tree, id, own, found);
    return { ...category, parent: keys.indexOf(above), ...(merged !== undefined && { merged }) };
  });
  const dimension = { id, label: "", categories };
  if (!isTime && id !== "raum" && id !== "pks_gruppe") checkCovered(csv, dimension, tree);
  return dimension;
}

function keyOf({ code, level }: { readonly code: string; readonly level: string }): string {
  return level === "" ? code : `${level}:${code}`;
}

function ancestors({ parents }: Tree, key: string): readonly string[] {
  const found: string[] = [];
  let at = Object.hasOwn(parents, key) ? parents[key] : undefined;
  while (at !== undefined && !found.includes(at)) {
    found.push(at);
    at = Object.hasOwn(parents, at) ? parents[at] : undefined;
  }
  return found;
}

type Place = { readonly code: string; readonly level: string };

/** What a category of a table stands for, where it is more than its own code; `present` are the keys of the table. */
function mergedIn(
  tree: Tree,
  id: DimensionId,
  place: Place,
  present: ReadonlyMap<string, unknown>,
): readonly string[] | undefined {
  switch (id) {
    case "raum":
      return areasWithin(tree, place, present);
    case "pks_gruppe":
      // The keys of a group are told by the other dimension.
      return mergedCodes(place.code);
    default:
      return membersOf(tree, place.code, present);
  }
}

/** An area stands for itself and those of its own level that were joined with it; its parts are other tables' business. */
function areasWithin(
  tree: Tree,
  area: Place,
  present: ReadonlyMap<string, unknown>,
): readonly string[] | undefined {
  const prefix = `${area.level}:`;
  const joined = (tree.children.get(keyOf(area)) ?? []).filter(
    (child) => child.startsWith(prefix) && !present.has(child),
  );
  return joined.length === 0 ? undefined : [area.code, ...joined.map((child) => child.slice(prefix.length))];
}

function membersOf(
  tree: Tree,
  code: string,
  present: ReadonlyMap<string, unknown>,
): readonly string[] | undefined {
  const isTotalOfParts = tree.children.get(code)?.some((child) => present.has(child)) ?? false;
  if (isTotalOfParts) return undefined;
  const members = finestOf(tree, code);
  return members.length === 1 && members[0] === code ? undefined : members;
}

function finestOf(tree: Tree, code: string): readonly string[] {
  const parts = mergedCodes(code) ?? tree.children.get(code) ?? [];
  const others = parts.filter((part) => part !== code);
  return others.length === 0
    ? [code]
    : [...new Set(others.flatMap((part) => finestOf(tree, part)))].toSorted();
}

/** A group that lacks a part would pass for another group: the finest codes must all be there once. */
function checkCovered({ file }: ReleaseCsv, { id, categories }: TableDimension, tree: Tree): void {
  if (categories.every(({ merged }) => merged === undefined)) return;
  const inner = new Set(categories.map(({ parent }) => parent));
  const leaves = categories.filter((_, at) => !inner.has(at));
  const codes = leaves.flatMap(({ code, merged }) => merged ?? [code]);
  const all = new Set(Object.keys(tree.parents).flatMap((code) => finestOf(tree, code)));
  if (codes.length !== all.size || !codes.every((code) => all.has(code)))
    throw new RangeError(
      `Cannot read "${file}": the groups of "${id}" must hold every code of the hierarchies once`,
    );
}

/** Groups of PKS by their keys, as `pks` names them or `pks_gruppe` does. */
function benefitGroups(hierarchies: Hierarchies) {
  const keys = treeOf(hierarchies["pks"]);
  const groups = treeOf(hierarchies["pks_gruppe"]);
  const byKey = [...keys.children.keys()].filter((code) => code.startsWith("gruppe-"));
  const byGroup = [...groups.children.keys()].filter(
    (code) => code !== totalCode && mergedCodes(code) === undefined && !byKey.includes(`gruppe-${code}`),
  );
  return [
    {
      kind: "merge",
      groups: [
        ...byKey.map((code) => ({ code, label: "", members: finestOf(keys, code) })),
        ...byGroup.map((code) => ({ code: `gruppe-${code}`, label: "", members: finestOf(groups, code) })),
      ],
    },
  ] as const;
}

function cellsOf(
  csv: ReleaseCsv,
  columns: Columns,
  { dimensions, measures }: Pick<AttackedTable, "dimensions" | "measures">,
): Pick<AttackedTable, "values" | "states"> & Pick<PlacedTable, "lines"> {
  const size = dimensions.reduce((product, { categories }) => product * categories.length, measures.length);
  if (csv.rows.length !== size)
    throw new RangeError(`Cannot read "${csv.file}": it has ${csv.rows.length} rows, expected ${size}`);
  const positions = dimensions.map(
    ({ categories }) => new Map(categories.map((own, at) => [keyOf({ level: "", ...own }), at])),
  );
  const offsets = new Map<string, number>(measures.map(({ id }, at) => [id, at]));
  const values = new Float64Array(size);
  const states = new Uint8Array(size);
  const lines = new Int32Array(size);
  for (const [at, row] of csv.rows.entries()) {
    let cell = 0;
    for (const [dimension, { code, level }] of columns.dimensions.entries()) {
      const own = positions[dimension];
      const key = keyOf({ code: row[code] ?? "", level: row[level] ?? "" });
      cell = cell * (own?.size ?? 1) + (own?.get(key) ?? 0);
    }
    const offset = offsets.get(row[columns.measure] ?? "") ?? 0;
    cell = cell * measures.length + offset;
    const place = `"${csv.file}": line ${at + 2}`;
    if (lines[cell] !== 0) throw new RangeError(`Cannot read ${place} repeats a combination of codes`);
    const state = stateOfRow(place, row[columns.status] ?? "");
    lines[cell] = at + 2;
    states[cell] = stateOf[state];
    values[cell] = numberOf(place, row[columns.value] ?? "", state, measures[offset]?.kind ?? "count");
  }
  return { values, states, lines };
}

function stateOfRow(place: string, status: string): keyof typeof stateOf {
  switch (status) {
    case "":
      return "value";
    case "c":
      return "confidential";
    case "rnd":
      return "rounded";
    case "h":
      return "held";
    case "x":
      return "unavailable";
    case "z":
      return "impossible";
    default:
      throw new RangeError(`Cannot read ${place} has an unknown status, expected one of "", c, rnd, h, x, z`);
  }
}

const shapes = {
  count: /^\d{1,15}$/,
  money: /^-?\d{1,13},\d{2}$/,
  rate: /^\d{1,13}(,\d)?$/,
  difference: /^-?\d{1,15}$/,
} as const satisfies Record<Measure["kind"], RegExp>;

/** Money in cents. */
function numberOf(place: string, text: string, state: keyof typeof stateOf, kind: Measure["kind"]): number {
  const isShown = state === "value" || state === "rounded" || state === "held";
  if (!isShown) {
    if (text !== "") throw new RangeError(`Cannot read ${place} has a number beside a status without one`);
    return 0;
  }
  if (!shapes[kind].test(text))
    throw new RangeError(`Cannot read ${place} has no number of its measure, expected one`);
  const value = Number(text.replace(",", "."));
  return kind === "money" ? Math.round(value * 100) : value;
}
