import { noDate, type RecordColumns } from "../registers/record-block.ts";

/** Levels of the spatial structure, from the city to the block. `statbezirk` exists only where the address file has it. */
export const areaLevels = ["stadt", "stadtbezirk", "stadtteil", "statbezirk", "baublock"] as const;
export type AreaLevel = (typeof areaLevels)[number];

const cityCode = "T";
export const unassignedCode = "ohne";

/** One area; parents stand before their children, and the city first. */
export type Area = {
  readonly code: string;
  readonly label: string;
  readonly level: AreaLevel;
  /** Position of the parent. */
  readonly parent?: number;
};

export type Areas = {
  readonly list: readonly Area[];
  /** Position in `list` of each place that `AreaTree` gave out. */
  readonly positions: Uint32Array;
};

type Node = {
  readonly level: AreaLevel;
  readonly key: string;
  readonly parent: number;
  readonly children: Map<string, number>;
};

/**
 * The spatial structure valid on a day, and the place of every person in it.
 *
 * Keys are opaque: parents come from the address file, never from a prefix. Persons who cannot be assigned at some level
 * stand there in a child "ohne" of the area they are known to live in, made only where it is needed. `place` gives a
 * provisional number; `finish` gives the positions in the final order: by key, "ohne" last, every parent before its children.
 */
export class AreaTree {
  /** Levels below the city that exist here. */
  readonly levels: readonly AreaLevel[];
  readonly #nodes: Node[] = [{ level: "stadt", key: "", parent: -1, children: new Map() }];

  /** `addresses` are the columns of the address file, read as of `day` (days since 1970-01-01). */
  constructor(addresses: RecordColumns, day: number) {
    const rows = validRows(addresses, day);
    const statistical = addresses.text("statbezirk");
    const hasStatistical = rows.some((row) => statistical.values[statistical.index[row] ?? 0] !== "");
    this.levels = areaLevels.filter(
      (level) => level !== "stadt" && (hasStatistical || level !== "statbezirk"),
    );
    new KeyReader(addresses, this.levels).map(rows, (keys) => this.#insert(keys));
  }

  /** The areas of rows of a register with area columns, down to `finest`; -1 for the city as a whole. */
  place(columns: RecordColumns, rows: ArrayLike<number>, finest: AreaLevel): Uint32Array {
    const levels = this.levels.slice(0, this.levels.indexOf(finest) + 1);
    return new KeyReader(columns, levels).map(rows, (keys) => this.placeKeys(keys));
  }

  /** The place of one path of keys, from the borough downward; "" where a level is not known. */
  placeKeys(keys: readonly string[]): number {
    let node = 0;
    for (const [at, key] of keys.entries()) {
      const child = this.#childOf(node, key);
      if (child === undefined) return this.#unassignedIn(node, this.levels.length - at);
      node = child;
    }
    return node;
  }

  /** Makes sure that persons without assignment have a place below an area: needed where an earlier week had some. */
  placeUnassigned(code: string): void {
    const owner = this.#nodes.findIndex((_, node) => this.#unassignedCodeIn(node) === code);
    if (owner !== -1) this.#unassignedIn(owner, this.#depthBelow(owner));
  }

  /** `nameOf` gives the official name of a key, undefined where there is none. */
  finish(nameOf: (level: AreaLevel, key: string) => string | undefined): Areas {
    const positions = new Uint32Array(this.#nodes.length);
    const list: Area[] = [];
    const visit = (node: number, parent: number | undefined): void => {
      const position = list.length;
      positions[node] = position;
      list.push(this.#areaOf(node, parent, nameOf));
      for (const child of this.#sortedChildren(node)) visit(child, position);
    };
    visit(0, undefined);
    return { list, positions };
  }

  #insert(keys: readonly string[]): number {
    let node = 0;
    for (const [at, key] of keys.entries()) node = this.#childOf(node, key) ?? this.#add(node, key, at);
    return node;
  }

  #add(parent: number, key: string, levelAt: number): number {
    const node = this.#nodes.length;
    this.#nodes.push({ level: this.levels[levelAt] ?? "baublock", key, parent, children: new Map() });
    this.#nodes[parent]?.children.set(key, node);
    return node;
  }

  /** The child "ohne", and where blocks stand below it, once more one of its own, so that persons stand on leaves. */
  #unassignedIn(node: number, levelsBelow: number): number {
    if (node !== 0 && this.#nodes[node]?.key === "" && !this.#hasNamedChildren(node)) return node;
    const levelAt = this.levels.length - levelsBelow;
    const child = this.#childOf(node, "") ?? this.#add(node, "", levelAt);
    return this.#hasNamedChildren(child) ? this.#unassignedIn(child, levelsBelow - 1) : child;
  }

  #childOf(node: number, key: string): number | undefined {
    return this.#nodes[node]?.children.get(key);
  }

  #hasNamedChildren(node: number): boolean {
    return [...(this.#nodes[node]?.children.keys() ?? [])].some((key) => key !== "");
  }

  #sortedChildren(node: number): readonly number[] {
    const children = [...(this.#nodes[node]?.children ?? [])];
    return children.sort(([a], [b]) => compareKeys(a, b)).map(([, child]) => child);
  }

  #areaOf(
    node: number,
    parent: number | undefined,
    nameOf: (level: AreaLevel, key: string) => string | undefined,
  ): Area {
    const { level, key, parent: owner } = this.#nodes[node] ?? { level: "stadt", key: "", parent: -1 };
    if (parent === undefined) return { code: cityCode, label: "Stadt insgesamt", level };
    if (key !== "") return { code: key, label: nameOf(level, key) ?? key, level, parent };
    const inside = this.#nodes[owner];
    const place =
      owner === 0 || inside === undefined || inside.key === ""
        ? ""
        : (nameOf(inside.level, inside.key) ?? inside.key);
    return {
      code: this.#unassignedCodeIn(owner),
      label: place === "" ? "Ohne Zuordnung" : `Ohne Zuordnung (${place})`,
      level,
      parent,
    };
  }

  /** Unique in its level: "ohne" below the city, else "ohne-" and the code of the area. */
  #unassignedCodeIn(node: number): string {
    const { key, parent } = this.#nodes[node] ?? { key: "", parent: -1 };
    if (node === 0) return unassignedCode;
    return `${unassignedCode}-${key === "" ? this.#unassignedCodeIn(parent) : key}`;
  }

  #depthBelow(node: number): number {
    const level = this.#nodes[node]?.level ?? "stadt";
    return level === "stadt" ? this.levels.length : this.levels.length - this.levels.indexOf(level) - 1;
  }
}

/** Areas of some levels only: the kept ones and, per area of the whole, the kept one it lies in. */
export function restrictAreas(
  list: readonly Area[],
  levels: readonly AreaLevel[],
): { readonly list: readonly Area[]; readonly positions: Uint32Array } {
  const kept: Area[] = [];
  const positions = new Uint32Array(list.length);
  for (const [at, area] of list.entries()) {
    const above = area.parent === undefined ? undefined : positions[area.parent];
    if (above === undefined) {
      kept.push(area);
    } else if (levels.includes(area.level)) {
      positions[at] = kept.length;
      kept.push({ ...area, parent: above });
    } else {
      positions[at] = above;
    }
  }
  return { list: kept, positions };
}

/** Names of areas as of a day: `ebene`, `schluessel`, `name` with validity. */
export function areaNames(
  names: RecordColumns | undefined,
  day: number,
): (level: AreaLevel, key: string) => string | undefined {
  const found = new Map<string, string>();
  if (names !== undefined) {
    const level = names.text("ebene");
    const key = names.text("schluessel");
    const name = names.text("name");
    for (const row of validRows(names, day)) {
      const text = name.values[name.index[row] ?? 0] ?? "";
      const place = `${level.values[level.index[row] ?? 0]}|${key.values[key.index[row] ?? 0]}`;
      if (text !== "") found.set(place, text);
    }
  }
  return (level, key) => found.get(`${level}|${key}`);
}

function validRows(columns: RecordColumns, day: number): readonly number[] {
  const from = columns.numbers("gueltig_von");
  const until = columns.numbers("gueltig_bis");
  const rows: number[] = [];
  for (let row = 0; row < columns.rowCount; row++) {
    const end = until[row] ?? noDate;
    if ((from[row] ?? noDate) <= day && (end === noDate || end >= day)) rows.push(row);
  }
  return rows;
}

function compareKeys(a: string, b: string): number {
  if (a === "" || b === "") return a === b ? 0 : a === "" ? 1 : -1;
  return a < b ? -1 : Number(a > b);
}

/** Reads the path of area keys of a row; each distinct path is handed out once, whatever the number of rows. */
class KeyReader {
  readonly #columns: readonly { readonly index: Uint32Array; readonly values: readonly string[] }[];

  constructor(columns: RecordColumns, levels: readonly AreaLevel[]) {
    this.#columns = levels.map((level) => columns.text(level));
  }

  map(rows: ArrayLike<number>, visit: (keys: readonly string[]) => number): Uint32Array {
    const known = new Map<number, number>();
    const result = new Uint32Array(rows.length);
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at] ?? 0;
      const path = this.#pathOf(row);
      let place = known.get(path);
      if (place === undefined) {
        place = visit(this.#columns.map(({ index, values }) => values[index[row] ?? 0] ?? ""));
        known.set(path, place);
      }
      result[at] = place;
    }
    return result;
  }

  /** The indexes of a row's keys as one number. */
  #pathOf(row: number): number {
    let path = 0;
    for (const { index, values } of this.#columns) path = path * values.length + (index[row] ?? 0);
    return path;
  }
}
