import { compareText } from "../../registers/compare-text.ts";
import type { AttackModel, Knowledge, KnownCell, Sum } from "../attack-model.ts";
import type { KnownTable } from "../known-table.ts";
import { CategoryList, type Relation, totalCategory } from "./known-model-categories.ts";
import {
  type CellMap,
  type KeySum,
  type KnownRules,
  type KnownUniverse,
  type PlacedTable,
  type Publication,
  placedTable,
  publicationsOf,
} from "./known-model-cells.ts";
import { circleSums, circlesOf } from "./known-model-circles.ts";
import { relationsAmong } from "./known-model-overlaps.ts";
import { partitionsOf } from "./known-model-partitions.ts";
import { addUnions } from "./known-model-unions.ts";

export type KnownModel = {
  readonly model: AttackModel;
  /** By table, by position in its cells: the cell of the model that holds what this table tells. */
  readonly places: readonly Int32Array[];
};

/**
 * What an attacker knows who has `tables` and nothing else.
 *
 * A cell is its categories over all dimensions of its universe; a dimension that a table lacks stands at its total. Cells
 * are in the order of their names, universe by universe. A cell that two tables tell differently stays as the one that tells
 * less, beside a second cell for the other, both tied by a sum. Cells that no table has are there where categories overlap
 * and where margins form a circle. Sums name `table:position dimension`, the position of the total, or what `placeOf` gives.
 *
 * @throws {RangeError} naming place and rule: totals that do not add up, tables that contradict each other, rounded counts
 * that are none, trees that are none, circles of more cells than can be examined.
 */
export function knownModel(
  tables: readonly KnownTable[],
  rules: KnownRules,
  placeOf: (table: number, position: number) => string = (table, position) =>
    `${tables[table]?.name ?? ""}:${position}`,
): KnownModel {
  const places = tables.map(({ cells }) => new Int32Array(cells.length).fill(-1));
  const cells: KnownCell[] = [];
  const sums: Sum[] = [];
  const universes = Map.groupBy(tables.keys(), (table) => tables[table]?.universe ?? "");
  for (const [name, members] of [...universes].toSorted(([one], [other]) => compareText(one, other))) {
    const universe = openUniverse(
      name,
      members.map((table) => ({
        table: tables[table] ?? { name: "", universe: "", dimensions: [], cells: [] },
        placeOf: (position: number) => placeOf(table, position),
      })),
      rules,
    );
    const ownPlaces = members.map((table) => places[table] ?? new Int32Array());
    addUniverse(universe, { cells, sums, places: ownPlaces });
  }
  return { model: { cells, sums }, places };
}

function openUniverse(
  name: string,
  sources: readonly Pick<PlacedTable, "table" | "placeOf">[],
  rules: KnownRules,
): KnownUniverse {
  const dimensions = sources.flatMap(({ table }) => table.dimensions);
  const lists = [...Map.groupBy(dimensions, ({ id }) => id)]
    .toSorted(([one], [other]) => compareText(one, other))
    .map(([id, same]) => new CategoryList(id, same));
  const tables = sources.map(({ table, placeOf }) => placedTable(table, lists, placeOf));
  const ties = { kind: rules.asksTies === true ? "unpublished" : "auxiliary" } as const;
  return { name, lists, tables, ties, cells: publicationsOf(tables, rules) };
}

type Built = {
  readonly cells: KnownCell[];
  readonly sums: Sum[];
  readonly places: readonly Int32Array[];
};

function addUniverse(universe: KnownUniverse, built: Built): void {
  const circles = circlesOf(partitionsOf(universe.lists, universe.tables));
  addUnions(universe, circles);
  closeOverlaps(universe);
  const sums = [...treeSums(universe), ...circleSums(universe, circles)];
  const ids = addCells(universe, built);
  const known = new Set<string>();
  for (const { total, parts, place } of sums) {
    const sum = {
      total: ids.get(total) ?? -1,
      parts: parts.map((part) => ids.get(part) ?? -1).toSorted((one, other) => one - other),
      place,
    };
    const key = `${sum.total}=${sum.parts.join("+")}`;
    const isItself = sum.parts.length === 1 && sum.parts[0] === sum.total;
    if (isItself || known.has(key)) continue;
    known.add(key);
    checkAddsUp(built.cells, sum);
    built.sums.push(sum);
  }
}

/** Adds the cells that only follow from others, until no new one follows. */
function closeOverlaps(universe: KnownUniverse): void {
  const { cells } = universe;
  for (let before = -1; before !== cells.size; ) {
    before = cells.size;
    for (const { relation, keyOf } of steps(universe)) {
      const whole = cells.get(keyOf(relation.whole));
      const missing = relation.parts.filter((part) => !cells.has(keyOf(part)));
      for (const part of missing)
        cells.set(keyOf(part), [{ knowledge: { kind: "unpublished" }, place: whole?.[0]?.place ?? "" }]);
    }
  }
}

function treeSums(universe: KnownUniverse): readonly KeySum[] {
  return steps(universe).map(({ dimension, relation, keyOf }) => {
    const total = keyOf(relation.whole);
    const place = universe.cells.get(total)?.[0]?.place ?? "";
    return { total, parts: relation.parts.map(keyOf), place: `${place} ${dimension}` };
  });
}

type Step = {
  readonly dimension: string;
  readonly relation: Relation;
  readonly keyOf: (category: number) => string;
};

/** Every relation of every dimension, the other dimensions fixed. */
function steps({ lists, cells }: KnownUniverse): readonly Step[] {
  return lists.flatMap((list, at) => {
    const relations = new Map<string, readonly Relation[]>();
    return [...categoriesBeside(cells, at)].flatMap(([key, present]): Step[] => {
      const signature = String.fromCharCode(...present);
      const found = relations.get(signature) ?? relationsAmong(list, present);
      relations.set(signature, found);
      const [before, after] = [key.slice(0, at), key.slice(at + 1)];
      const keyOf = (category: number) => before + String.fromCharCode(category) + after;
      return found.map((relation) => ({ dimension: list.id, relation, keyOf }));
    });
  });
}

/** By key without the dimension at `at`: the categories of that dimension that have a cell, ascending. */
function categoriesBeside(cells: CellMap, at: number): ReadonlyMap<string, readonly number[]> {
  const beside = new Map<string, number[]>();
  for (const key of cells.keys()) {
    const rest = `${key.slice(0, at)}\uffff${key.slice(at + 1)}`;
    const present = beside.get(rest);
    if (present === undefined) beside.set(rest, [key.charCodeAt(at)]);
    else present.push(key.charCodeAt(at));
  }
  for (const present of beside.values()) present.sort((one, other) => one - other);
  return beside;
}

/** Adds the cells by name, each as the publication that tells least, and ties the others to it. */
function addCells(universe: KnownUniverse, built: Built): ReadonlyMap<string, number> {
  const named = [...universe.cells].map(([key, publications]) => ({
    key,
    name: nameOf(universe, key),
    publications,
  }));
  named.sort((one, other) => compareText(one.name, other.name));
  const ids = new Map<string, number>();
  for (const { key, name, publications } of named) {
    const told = distinctOf(publications);
    const [least, ...more] = told;
    if (least === undefined) continue;
    if (told.length > 1) checkAgree(publications);
    const id = built.cells.push({ name, knowledge: least.knowledge }) - 1;
    ids.set(key, id);
    for (const { from } of publications) placeAt(built, from, id);
    for (const one of more) {
      const total = built.cells.push({ name: `${name} (${one.place})`, knowledge: one.knowledge }) - 1;
      built.sums.push({ total, parts: [id], place: one.place });
      const same = publications.filter(({ knowledge }) => isSame(knowledge, one.knowledge));
      for (const { from } of same) placeAt(built, from, total);
    }
  }
  return ids;
}

function placeAt({ places }: Built, from: Publication["from"], id: number): void {
  const cells = places[from?.table ?? -1];
  if (cells !== undefined && from !== undefined) cells[from.position] = id;
}

function nameOf({ name, lists }: KnownUniverse, key: string): string {
  const named = lists.flatMap((list, at) => {
    const category = key.charCodeAt(at);
    return category === totalCategory ? [] : [`${list.id}=${list.name(category)}`];
  });
  const cell = named.join(", ") || "Total";
  return name === "" ? cell : `${name}|${cell}`;
}

/** What is told of a cell, the least first; that nobody shows it counts where nobody does. */
function distinctOf(publications: readonly Publication[]): readonly Publication[] {
  const [first] = publications;
  if (publications.length === 1 && first !== undefined) return [first];
  const strongest = Math.max(...publications.map(({ knowledge }) => strengthOf(knowledge)));
  return publications
    .filter(({ knowledge }) => strengthOf(knowledge) === strongest)
    .filter(({ knowledge }, at, all) => all.findIndex((other) => isSame(other.knowledge, knowledge)) === at)
    .toSorted(
      (one, other) =>
        widthOf(other.knowledge) - widthOf(one.knowledge) || compareText(one.place, other.place),
    );
}

function strengthOf({ kind }: Knowledge): number {
  return kind === "auxiliary" ? 0 : kind === "unpublished" ? 1 : 2;
}

function checkAgree(publications: readonly Publication[]): void {
  const low = Math.max(...publications.map(({ knowledge }) => rangeOf(knowledge).low));
  const high = Math.min(...publications.map(({ knowledge }) => rangeOf(knowledge).high));
  if (low <= high) return;
  const places = publications.map(({ place }) => `"${place}"`).join(" and ");
  throw new RangeError(
    `Cannot attack tables that contradict each other: ${places} publish one cell differently`,
  );
}

/** A hidden cell is no zero, because zeros are shown. */
function rangeOf(knowledge: Knowledge): { low: number; high: number } {
  switch (knowledge.kind) {
    case "exact":
      return { low: knowledge.value, high: knowledge.value };
    case "between":
    case "held":
      return knowledge;
    case "suppressed":
      return { low: 1, high: Number.POSITIVE_INFINITY };
    case "unpublished":
    case "auxiliary":
      return { low: 0, high: Number.POSITIVE_INFINITY };
    default:
      return refuseKnowledge(knowledge);
  }
}

function refuseKnowledge(knowledge: never): never {
  void knowledge;
  throw new TypeError("Cannot decide the range of a cell: its knowledge must be one of the declared kinds");
}

function widthOf(knowledge: Knowledge): number {
  const { low, high } = rangeOf(knowledge);
  return high === Number.POSITIVE_INFINITY ? Number.MAX_VALUE : high - low;
}

function isSame(one: Knowledge, other: Knowledge): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return one.kind === other.kind && a.low === b.low && a.high === b.high;
}

function checkAddsUp(cells: readonly KnownCell[], { total, parts, place }: Sum): void {
  let rest = 0;
  for (const id of [total, ...parts]) {
    const knowledge = cells[id]?.knowledge;
    if (knowledge?.kind !== "exact") return;
    rest = id === total ? knowledge.value : rest - knowledge.value;
  }
  if (rest !== 0)
    throw new RangeError(
      `Cannot attack tables whose totals do not add up: "${place}" is not the sum of its parts`,
    );
}
