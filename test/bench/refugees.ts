import { areaLevels } from "../../shared/population/areas.ts";
import { axisOf, codesFor, countCube } from "../../shared/tables/count.ts";
import type { Category, CountedTable, TableDimension } from "../../shared/tables/table.ts";

const personCount = 14_000;
const movesPerWeek = 60;
/** Areas of each level; each one lies in the area of the level above whose number is nearest in proportion. */
const areaCounts = { stadtbezirk: 5, stadtteil: 18, statbezirk: 42, baublock: 2_700 } as const;
type Level = keyof typeof areaCounts;
/** Shares of the categories below the total, in percent or parts of any sum. */
const shares = {
  aufenthaltsstatus: [6, 24, 15, 45, 10],
  staatsangehoerigkeit: [30, 14, 10, 8, 7, 6, 5, 4, 3, 3, 2, 2, 2, 2, 1, 1],
  altersgruppe: [9, 14, 8, 12, 50, 7],
  geschlecht: [55, 45],
  aufenthaltsdauer: [12, 26, 30, 20, 11, 1],
} as const;
type Attribute = keyof typeof shares;

/** One code per person and column; blocks count from 0. */
export type Refugees = Readonly<Record<Attribute | "block", Uint16Array>>;

/** Invented persons, the same at every call: many in few blocks, few in most. */
export function refugees(): Refugees {
  const random = randomFrom(7);
  const persons = Array.from({ length: personCount }, () => personAt(random));
  const column = (name: Attribute | "block") => Uint16Array.from(persons, (person) => person[name]);
  return {
    block: column("block"),
    aufenthaltsstatus: column("aufenthaltsstatus"),
    staatsangehoerigkeit: column("staatsangehoerigkeit"),
    altersgruppe: column("altersgruppe"),
    geschlecht: column("geschlecht"),
    aufenthaltsdauer: column("aufenthaltsdauer"),
  };
}

/** The same persons a week later: some have moved. */
export function nextWeek(persons: Refugees, week: number): Refugees {
  const random = randomFrom(1_000 + week);
  const block = persons.block.slice();
  for (let move = 0; move < movesPerWeek; move++)
    block[Math.floor(random() * personCount)] = personAt(random).block;
  return { ...persons, block };
}

function personAt(random: () => number): Readonly<Record<Attribute | "block", number>> {
  return {
    block: Math.floor(areaCounts.baublock * random() ** 2),
    aufenthaltsstatus: drawn(shares.aufenthaltsstatus, random),
    staatsangehoerigkeit: drawn(shares.staatsangehoerigkeit, random),
    altersgruppe: drawn(shares.altersgruppe, random),
    geschlecht: drawn(shares.geschlecht, random),
    aufenthaltsdauer: drawn(shares.aufenthaltsdauer, random),
  };
}

function drawn(parts: readonly number[], random: () => number): number {
  let rest = random() * parts.reduce((sum, part) => sum + part, 0);
  const at = parts.findIndex((part) => {
    rest -= part;
    return rest < 0;
  });
  return Math.max(at, 0);
}

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What a table is broken down by; for `raum` the levels that it shows, coarse to fine. */
export type Breakdown = Partial<Readonly<Record<Attribute | "raum", readonly Level[]>>>;

type Column = { readonly dimension: TableDimension; readonly codesOf: (persons: Refugees) => Uint16Array };

export function dimensionsOf(by: Breakdown): readonly Column[] {
  return Object.entries(by).map(
    ([id, levels]) => (id === "raum" ? areaColumn(levels) : attributeColumn(id as Attribute)), // the other keys are attributes
  );
}

function attributeColumn(id: Attribute): Column {
  const categories = shares[id].map((_, at) => ({ code: `${at}`, label: `${at}`, parent: 0 }));
  return {
    dimension: { id, label: id, categories: [{ code: "T", label: "T" }, ...categories] },
    codesOf: (persons) => persons[id].map((code) => code + 1),
  };
}

function areaColumn(levels: readonly Level[]): Column {
  const [city] = areaLevels;
  const categories: Category[] = [{ code: "T", label: "T", level: city }];
  const starts = new Map<Level, number>();
  for (const [depth, level] of levels.entries()) {
    starts.set(level, categories.length);
    const above = levels[depth - 1];
    for (let at = 0; at < areaCounts[level]; at++) {
      const parent = above === undefined ? 0 : (starts.get(above) ?? 0) + areaIn(above, at, level);
      categories.push({ code: `${level}${at}`, label: `${at}`, level, parent });
    }
  }
  const finest = levels.at(-1) ?? "stadtbezirk";
  return {
    dimension: { id: "raum", label: "Gebiet", categories },
    codesOf: ({ block }) => block.map((at) => (starts.get(finest) ?? 0) + areaOfBlock(at, finest)),
  };
}

/** The area of `level` that a block lies in, by the chain of levels. */
function areaOfBlock(block: number, level: Level): number {
  let at = block;
  for (const [finer, coarser] of [
    ["baublock", "statbezirk"],
    ["statbezirk", "stadtteil"],
    ["stadtteil", "stadtbezirk"],
  ] as const) {
    if (finer === level) return at;
    at = areaIn(coarser, at, finer);
  }
  return at;
}

function areaIn(level: Level, at: number, finer: Level): number {
  return Math.floor((at * areaCounts[level]) / areaCounts[finer]);
}

/** The counts of the persons as a table of the report. */
export function tableOf(
  id: string,
  persons: Refugees,
  referenceDate: string,
  columns: readonly Column[],
): CountedTable {
  const axes = columns.map(({ dimension, codesOf }) => {
    const codes = codesFor(dimension.categories.length, personCount);
    codes.set(codesOf(persons));
    return { axis: axisOf(dimension.categories), codes };
  });
  const values = countCube(axes, personCount);
  return {
    id,
    name: id,
    title: id,
    dimensions: columns.map(({ dimension }) => dimension),
    measures: [{ id: "gefluechtete", label: "Geflüchtete", kind: "count", unit: "Personen" }],
    coarsening: {},
    columnDimensions: [],
    values,
    states: new Uint8Array(values.length),
    referenceDates: { "ewo-alw": referenceDate },
    deliveries: [],
    notes: [],
  };
}

/** The counts of cells by their canonical names, a universe before the last `|`; a name in brackets is the same cell. */
export function countsOf(persons: Refugees, names: ReadonlySet<string>): ReadonlyMap<string, number> {
  const labels = labelsOf(persons);
  const counted = new Map<string, number>();
  const done = new Set<string>();
  for (const name of names) {
    const [prefix = "", cell = ""] = plainName(name).split(/(?<=\|)(?=[^|]*$)/);
    const columns = cell === "Total" ? [] : cell.split(", ").map((label) => label.replace(/[=:][^:]*$/, ""));
    const signature = prefix + columns.join(", ");
    if (done.has(signature)) continue;
    done.add(signature);
    const own = columns.map((column) => labels.get(column) ?? []);
    for (let person = 0; person < personCount; person++) {
      const key = prefix + (own.map((column) => column[person]).join(", ") || "Total");
      counted.set(key, (counted.get(key) ?? 0) + 1);
    }
  }
  return new Map([...names].map((name) => [name.replace(inBrackets, ""), counted.get(plainName(name)) ?? 0]));
}

const inBrackets = / \([^()]*\)$/;

/** Nobody here is without assignment: an area that is named as taking such people in is that area. */
function plainName(name: string): string {
  return name.replace(inBrackets, "").replaceAll(/\+[^+,=]*:ohne-[^+,]*|[^+,=]*:ohne-[^+,]*\+/g, "");
}

/** By dimension, for areas `raum=<level>`: what each person's category is called. */
function labelsOf(persons: Refugees): ReadonlyMap<string, readonly string[]> {
  const labels = new Map<string, readonly string[]>();
  for (const level of Object.keys(areaCounts) as Level[]) // Object.keys knows no narrower type
    labels.set(
      `raum=${level}`,
      Array.from(persons.block, (block) => `raum=${level}:${level}${areaOfBlock(block, level)}`),
    );
  for (const id of Object.keys(shares) as Attribute[])
    labels.set(
      id,
      Array.from(persons[id], (code) => `${id}=${code}`),
    );
  return labels;
}
