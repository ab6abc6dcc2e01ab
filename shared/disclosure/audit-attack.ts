import {
  type CountedTable,
  type DimensionId,
  type Measure,
  type MeasureId,
  stateOf,
  type TableDimension,
} from "../tables/table.ts";
import { withKnownGroups } from "./audit-groups.ts";
import { collectRelations, nameIn, type Relation, type Relations, totalName } from "./audit-relations.ts";

export type AttackedTable = Pick<
  CountedTable,
  "id" | "dimensions" | "measures" | "coarsening" | "values" | "states" | "referenceDates"
>;

/** A cell that no table publishes and that follows from those that are; `tables` are the ones it follows from. */
export type DerivedCell = {
  readonly value: number;
  readonly kind: Measure["kind"];
  /** A part found as the sum less the other parts; otherwise it is a sum of parts. */
  readonly subtracted: boolean;
  readonly tables: readonly string[];
};

export type AttackResult = {
  readonly derived: readonly DerivedCell[];
  /** Ids of tables that publish different values for the same cell, or parts that are not their sum. */
  readonly contradictions: readonly (readonly string[])[];
  /** Ids of tables whose merged categories overlap so that adding and subtracting does not settle what they share. */
  readonly unsettled: readonly (readonly string[])[];
  /** False when a limit ended the attack before everything that follows was found. */
  readonly finished: boolean;
};

type Known = {
  readonly value: number;
  readonly tables: bigint;
  readonly subtracted: boolean;
  readonly published: boolean;
};

/** All published cells that count the same things on the same day, by the names of their categories. */
type Universe = {
  readonly kind: Measure["kind"];
  readonly dimensions: readonly DimensionId[];
  readonly cells: Map<string, Known>;
  readonly relations: readonly Relations[];
};

/** Registers whose reference date is the day of a measure. */
const registerOf: Readonly<Partial<Record<MeasureId, string>>> = {
  gefluechtete: "ewo-alw",
  einwohner: "ewo",
  auslaender: "ewo",
  faelle: "akdn-sozial",
  personen: "akdn-sozial",
  ausgaben: "akdn-sozial",
  schueler: "schild",
};

// No code of a register has control characters.
const separator = "\u0001";

/**
 * Every cell that follows from the tables by adding and subtracting along their hierarchies, one unknown at a time, until
 * nothing new follows. Rates and differences are left out: they are computed from counts of the same table. So are held
 * cells: nobody knows exactly what they are now.
 */
export function attack(published: readonly AttackedTable[]): AttackResult {
  const tables = withKnownGroups(published);
  const contradictions: (readonly string[])[] = [];
  const unsettled: (readonly string[])[] = [];
  const derived: DerivedCell[] = [];
  let finished = true;
  for (const sources of universesOf(tables).values()) {
    const collected = collectRelations(sources.map(({ table }) => table.dimensions.filter(isAdditive)));
    const universe = openUniverse(sources, collected.relations);
    contradictions.push(...publish(universe, sources, tables));
    contradictions.push(...propagate(universe).map((mask) => idsIn(mask, tables)));
    unsettled.push(...unsettledIn(universe).map((mask) => idsIn(mask, tables)));
    finished &&= collected.finished;
    derived.push(...derivedCells(universe, tables));
  }
  return { derived, contradictions, unsettled, finished };
}

type Source = {
  readonly table: AttackedTable;
  readonly index: number;
  readonly measure: number;
  readonly slice?: number;
};

/** A register of points in time has no sums over them: each point is a universe of its own. */
function isAdditive(dimension: TableDimension): boolean {
  return dimension.id !== "zeitpunkt" && dimension.id !== "monat";
}

function universesOf(tables: readonly AttackedTable[]): ReadonlyMap<string, readonly Source[]> {
  const universes = new Map<string, Source[]>();
  for (const [index, table] of tables.entries()) {
    for (const [measure, { id, kind }] of table.measures.entries()) {
      if (kind !== "count" && kind !== "money") {
        continue;
      }
      for (const { date, slice } of datesOf(table, id)) {
        const key = [id, populationOf(table), date].join(separator);
        const source = slice === undefined ? { table, index, measure } : { table, index, measure, slice };
        universes.set(key, [...(universes.get(key) ?? []), source]);
      }
    }
  }
  return universes;
}

/** Persons of two registers together are another population than those of one. */
function populationOf(table: AttackedTable): string {
  return table.dimensions.some((dimension) => dimension.id === "registerlage") ? "registerlage" : "";
}

function datesOf(table: AttackedTable, measure: MeasureId): readonly { date: string; slice?: number }[] {
  const points = table.dimensions.find((dimension) => !isAdditive(dimension));
  if (points !== undefined) {
    return points.categories.map((category, slice) => ({ date: category.code, slice }));
  }
  const register = registerOf[measure] ?? "";
  const date = table.referenceDates[register];
  const all = Object.entries(table.referenceDates)
    .map(([name, day]) => `${name}=${day}`)
    .toSorted();
  return [{ date: date === undefined ? all.join(",") : shortened(date, register) }];
}

function shortened(date: string, register: string): string {
  return register === "akdn-sozial" ? date.slice(0, 7) : date;
}

function openUniverse(sources: readonly Source[], relations: ReadonlyMap<DimensionId, Relations>): Universe {
  const ids = sources.flatMap(({ table }) => table.dimensions.filter(isAdditive).map(({ id }) => id));
  const dimensions = [...new Set(ids)].toSorted();
  const [first] = sources;
  return {
    kind: first?.table.measures[first.measure]?.kind ?? "count",
    dimensions,
    cells: new Map(),
    relations: dimensions.map((id) => relations.get(id) ?? { sums: [], crossings: [] }),
  };
}

function publish(
  universe: Universe,
  sources: readonly Source[],
  tables: readonly AttackedTable[],
): readonly (readonly string[])[] {
  const contradictions: (readonly string[])[] = [];
  for (const source of sources) {
    for (const { key, value } of cellsOf(source, universe.dimensions)) {
      const known = universe.cells.get(key);
      const mask = 1n << BigInt(source.index);
      if (known === undefined) {
        universe.cells.set(key, { value, tables: mask, subtracted: false, published: true });
      } else if (known.value !== value) {
        contradictions.push(idsIn(known.tables | mask, tables));
      }
    }
  }
  return contradictions;
}

function* cellsOf(
  { table, measure, slice }: Source,
  dimensions: readonly DimensionId[],
): Generator<{ readonly key: string; readonly value: number }> {
  const names = table.dimensions.map((dimension) => dimension.categories.map((c) => nameIn(dimension, c)));
  const places = dimensions.map((id) => table.dimensions.findIndex((dimension) => dimension.id === id));
  const points = table.dimensions.findIndex((dimension) => !isAdditive(dimension));
  for (const [cell, at] of walk(table)) {
    const position = cell * table.measures.length + measure;
    const inSlice = slice === undefined || at[points] === slice;
    if (inSlice && table.states[position] === stateOf.value) {
      const key = places.map((place) => names[place]?.[at[place] ?? 0] ?? totalName).join(separator);
      yield { key, value: table.values[position] ?? 0 };
    }
  }
}

function* walk(table: AttackedTable): Generator<readonly [number, readonly number[]]> {
  const sizes = table.dimensions.map(({ categories }) => categories.length);
  const at = sizes.map(() => 0);
  const count = sizes.reduce((product, size) => product * size, 1);
  for (let cell = 0; cell < count; cell += 1) {
    yield [cell, at];
    for (let place = sizes.length - 1; place >= 0; place -= 1) {
      at[place] = ((at[place] ?? 0) + 1) % (sizes[place] ?? 1);
      if (at[place] !== 0) {
        break;
      }
    }
  }
}

/** Adds what follows to the cells; the tables of every sum that does not hold. */
function propagate(universe: Universe): readonly bigint[] {
  const byName = universe.relations.map(({ sums }) => relationsByName(sums));
  const complete = new Set<string>();
  const wrong: bigint[] = [];
  const open = [...universe.cells.keys()].toSorted();
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const names = key.split(separator);
    for (const [place, name] of names.entries()) {
      for (const relation of byName[place]?.get(name) ?? []) {
        const solved = solve(universe, relation, names, place, complete);
        if (solved.kind === "found") {
          open.push(solved.key);
        } else if (solved.kind === "wrong") {
          wrong.push(solved.tables);
        }
      }
    }
  }
  return wrong;
}

/** The tables of two known cells that overlap in one that did not become known: what they share may be small. */
function unsettledIn({ cells, relations }: Universe): readonly bigint[] {
  return relations.flatMap(({ crossings }, place) =>
    crossings.flatMap(({ first, second, both }) =>
      [...cells].flatMap(([key, one]) => {
        const names = key.split(separator);
        const other = cells.get(names.with(place, second).join(separator));
        return names[place] === first &&
          other !== undefined &&
          !cells.has(names.with(place, both).join(separator))
          ? [one.tables | other.tables]
          : [];
      }),
    ),
  );
}

function relationsByName(relations: readonly Relation[]): ReadonlyMap<string, readonly Relation[]> {
  const byName = new Map<string, Relation[]>();
  for (const relation of relations) {
    for (const name of [relation.whole, ...relation.parts]) {
      const list = byName.get(name);
      if (list === undefined) {
        byName.set(name, [relation]);
      } else {
        list.push(relation);
      }
    }
  }
  return byName;
}

type Solved =
  | { readonly kind: "open" }
  | { readonly kind: "found"; readonly key: string }
  | { readonly kind: "wrong"; readonly tables: bigint };

/** What a sum tells: the only unknown cell of it, or, when all are known, whether it holds. */
function solve(
  universe: Universe,
  relation: Relation,
  names: readonly string[],
  place: number,
  complete: Set<string>,
): Solved {
  const keyWith = (name: string) => names.with(place, name).join(separator);
  const context = `${relation.id} ${place} ${keyWith("*")}`;
  if (complete.has(context)) {
    return { kind: "open" };
  }
  const whole = universe.cells.get(keyWith(relation.whole));
  let unknown = whole === undefined ? relation.whole : undefined;
  let rest = 0;
  let tables = whole?.tables ?? 0n;
  for (const part of relation.parts) {
    const known = universe.cells.get(keyWith(part));
    if (known === undefined && unknown !== undefined) {
      return { kind: "open" };
    }
    unknown = known === undefined ? part : unknown;
    rest += known?.value ?? 0;
    tables |= known?.tables ?? 0n;
  }
  complete.add(context);
  const value = whole === undefined ? rest : whole.value - rest;
  if (unknown === undefined) {
    return value === 0 ? { kind: "open" } : { kind: "wrong", tables };
  }
  const key = keyWith(unknown);
  universe.cells.set(key, { value, tables, subtracted: whole !== undefined, published: false });
  return { kind: "found", key };
}

function derivedCells(universe: Universe, tables: readonly AttackedTable[]): readonly DerivedCell[] {
  return [...universe.cells.values()].flatMap((cell) =>
    cell.published
      ? []
      : [
          {
            value: cell.value,
            kind: universe.kind,
            subtracted: cell.subtracted,
            tables: idsIn(cell.tables, tables),
          },
        ],
  );
}

function idsIn(mask: bigint, tables: readonly AttackedTable[]): readonly string[] {
  return tables.flatMap((table, index) => (((mask >> BigInt(index)) & 1n) === 1n ? [table.id] : []));
}
