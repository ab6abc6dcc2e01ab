import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { policy } from "../../shared/disclosure/policy.ts";
import { protect } from "../../shared/disclosure/protect.ts";
import type { ProtectedTable } from "../../shared/disclosure/released-table.ts";
import { type Category, type CountedTable, stateOf, type TableDimension } from "../../shared/tables/table.ts";
import { nothingBefore } from "../spec/disclosure/nothing-before.ts";
import { persons } from "../spec/disclosure/text-table.ts";

const runs = { numRuns: Number(process.env["PROPERTY_RUNS"] ?? 120), seed: 20_261_120 };

/** Quarter (0 and 1 in Stadtbezirk 1, 2 alone in Stadtbezirk 2), status, nationality, age: each of the last three 0 or 1. */
type Person = readonly [quarter: number, status: number, nationality: number, age: number];

const person: fc.Arbitrary<Person> = fc.tuple(fc.nat(2), fc.nat(1), fc.nat(1), fc.nat(1));
const sameAgain = fc.integer({ min: 1, max: 5 });
/** Some persons several times over: small populations whose cells are not all small. */
const population = fc
  .array(fc.tuple(person, sameAgain), { minLength: 1, maxLength: 5 })
  .map((groups) => groups.flatMap(([one, times]) => Array.from({ length: times }, () => one)))
  .filter(({ length }) => length <= 14);

const quarters = ["101", "102", "201"] as const;
const areas: readonly Category[] = [
  { code: "T", label: "Stadt", level: "stadt" },
  { code: "1", label: "1", level: "stadtbezirk", parent: 0 },
  { code: "101", label: "101", level: "stadtteil", parent: 1 },
  { code: "102", label: "102", level: "stadtteil", parent: 1 },
  { code: "2", label: "2", level: "stadtbezirk", parent: 0 },
  { code: "201", label: "201", level: "stadtteil", parent: 4 },
];
const area: TableDimension = { id: "raum", label: "Gebiet", categories: areas };
const status = inTwo("aufenthaltsstatus", "s");
const nationality = inTwo("staatsangehoerigkeit", "n");
const age = inTwo("altersgruppe", "a");
const places = { aufenthaltsstatus: 1, staatsangehoerigkeit: 2, altersgruppe: 3 } as const;

function inTwo(id: TableDimension["id"], letter: string): TableDimension {
  const parts = [0, 1].map((at): Category => ({ code: `${letter}${at}`, label: letter, parent: 0 }));
  return { id, label: id, categories: [{ code: "T", label: "Insgesamt" }, ...parts] };
}

/** Whether a person is counted in a category, by its code alone. */
function isIn(one: Person, { id }: TableDimension, { code }: Category): boolean {
  if (code === "T") return true;
  if (id === "raum") return quarters[one[0]]?.startsWith(code) === true;
  const place = Object.entries(places).find(([dimension]) => dimension === id)?.[1] ?? 0;
  return one[place] === Number(code.slice(1));
}

function countIn(
  counted: readonly Person[],
  dimensions: readonly TableDimension[],
  cell: readonly Category[],
) {
  return counted.filter((one) =>
    dimensions.every((dimension, at) => cell[at] !== undefined && isIn(one, dimension, cell[at])),
  ).length;
}

/** All cells of two dimensions, row by row. */
function cellsOf(dimensions: readonly TableDimension[]): readonly (readonly Category[])[] {
  const [rows, columns] = dimensions;
  return (rows?.categories ?? []).flatMap((row) =>
    (columns?.categories ?? []).map((column) => [row, column]),
  );
}

function tableOf(
  id: string,
  dimensions: readonly TableDimension[],
  counted: readonly Person[],
): CountedTable {
  const values = Float64Array.from(cellsOf(dimensions), (cell) => countIn(counted, dimensions, cell));
  return {
    id,
    name: id,
    title: id,
    dimensions,
    measures: [persons],
    coarsening: { raum: [{ kind: "drop-level", level: "stadtteil" }] },
    columnDimensions: [],
    values,
    states: new Uint8Array(values.length),
    referenceDates: { "ewo-alw": "2026-11-20" },
    deliveries: [],
    notes: [],
  };
}

function tablesOf(counted: readonly Person[]): readonly CountedTable[] {
  return [
    tableOf("T02", [area, status], counted),
    tableOf("T04", [area, nationality], counted),
    tableOf("T06", [area, age], counted),
    tableOf("T03", [nationality, status], counted),
  ];
}

async function releasedOf(tables: readonly CountedTable[]): Promise<readonly ProtectedTable[]> {
  const results = tables.map((table) => ({ kind: "counted", table }) as const);
  return (await protect(results, policy, nothingBefore)).tables;
}

/** What is released of a cell: its number, or that it is hidden. */
type Told = ReadonlyMap<string, number | "hidden">;

function toldBy(released: readonly ProtectedTable[]): Told {
  return new Map(
    released.flatMap((form) =>
      form.kind !== "published"
        ? []
        : cellsOf(form.table.dimensions).map((cell, at) => {
            const codes = cell.map(({ code }) => code).filter((code) => code !== "T");
            const isHidden = form.table.states[at] === stateOf.confidential;
            return [codes.toSorted().join(" "), isHidden ? "hidden" : (form.table.values[at] ?? -1)] as const;
          }),
    ),
  );
}

/** Persons of a quarter: all, and those with status 0, nationality 0, age 0. */
type Quarter = readonly [all: number, status: number, nationality: number, age: number];

/** The cells of an area, by name; "" is the city. */
function areaCells(name: string, [all, ...firsts]: Quarter): readonly (readonly [string, number])[] {
  const named = (code: string) =>
    [name, code]
      .filter((part) => part !== "")
      .toSorted()
      .join(" ");
  const split = firsts.flatMap((first, at): [string, number][] => {
    const letter = ["s", "n", "a"][at] ?? "";
    return [
      [named(`${letter}0`), first],
      [named(`${letter}1`), all - first],
    ];
  });
  return [[named(""), all], ...split];
}

function agrees(told: Told, cells: readonly (readonly [string, number])[]): boolean {
  return cells.every(([name, count]) => {
    const known = told.get(name);
    return known === undefined || (known === "hidden" ? count >= 1 : known === count);
  });
}

function added(some: readonly Quarter[]): Quarter {
  const sum = (at: 0 | 1 | 2 | 3) => some.reduce((total, quarter) => total + quarter[at], 0);
  return [sum(0), sum(1), sum(2), sum(3)];
}

/** Every quarter of at most so many persons that agrees with what is told of it. */
function quartersOf(name: string, most: number, told: Told): readonly Quarter[] {
  const found: Quarter[] = [];
  for (let all = 0; all <= most; all += 1)
    for (let first = 0; first <= all; first += 1)
      for (let second = 0; second <= all; second += 1)
        for (let third = 0; third <= all; third += 1) found.push([all, first, second, third]);
  return found.filter((quarter) => agrees(told, areaCells(name, quarter)));
}

/**
 * How many persons of nationality 0 have status 0, in all ways: in every quarter from as many as must overlap to as many as
 * can, and so every number between the sums of these.
 */
function overlaps(some: readonly Quarter[]): readonly number[] {
  const low = some.reduce((sum, [all, first, second]) => sum + Math.max(0, first + second - all), 0);
  const high = some.reduce((sum, [, first, second]) => sum + Math.min(first, second), 0);
  return Array.from({ length: high - low + 1 }, (_, at) => low + at);
}

/** Cells of the whole release in all tables that are possible, from the rule alone. */
function* possibleReleases(told: Told, most: number): Generator<readonly (readonly [string, number])[]> {
  const [first = [], second = [], third = []] = quarters.map((name) => quartersOf(name, most, told));
  const boroughs = first.flatMap((one) =>
    second.flatMap((other): (readonly Quarter[])[] =>
      agrees(told, areaCells("1", added([one, other]))) ? [[one, other]] : [],
    ),
  );
  const others = third.filter((quarter) => agrees(told, areaCells("2", quarter)));
  for (const borough of boroughs) {
    for (const last of others) {
      const all = [...borough, last];
      const city = added(all);
      if (city[0] > most || !agrees(told, areaCells("", city))) continue;
      for (const both of overlaps(all)) {
        const [total, withStatus, withNationality] = city;
        const crossed = [
          ["n0 s0", both],
          ["n0 s1", withNationality - both],
          ["n1 s0", withStatus - both],
          ["n1 s1", total - withStatus - withNationality + both],
        ] as const;
        if (!agrees(told, crossed)) continue;
        yield [
          ...crossed,
          ...areaCells("", city),
          ...areaCells("1", added(borough)),
          ...areaCells("2", last),
          ...all.flatMap((quarter, at) => areaCells(quarters[at] ?? "", quarter)),
        ];
      }
    }
  }
}

/** Where nobody tells how many persons there are, a few more than there are is enough to differ. */
function mostIn(told: Told, counted: readonly Person[]): number {
  const total = told.get("");
  return typeof total === "number" ? total : counted.length + 3;
}

/** Hidden cells that are the same in every possible release, or small in every one. */
function disclosedCells(told: Told, most: number): readonly string[] {
  const seen = new Map<string, Set<number>>();
  const open = new Set([...told].flatMap(([name, known]) => (known === "hidden" ? [name] : [])));
  for (const cells of open.size === 0 ? [] : possibleReleases(told, most)) {
    for (const [name, count] of cells) {
      if (!open.has(name)) continue;
      const counts = (seen.get(name) ?? new Set()).add(count);
      seen.set(name, counts);
      if (counts.size > 1 && [...counts].some((one) => one > 2)) open.delete(name);
    }
    if (open.size === 0) return [];
  }
  return [...open];
}

/** Published cells that are not the true count, or are a small one, by table. */
function wrongCells(released: readonly ProtectedTable[], counted: readonly Person[]): readonly string[] {
  return released.flatMap((form) =>
    form.kind !== "published"
      ? []
      : cellsOf(form.table.dimensions).flatMap((cell, at) => {
          const truth = countIn(counted, form.table.dimensions, cell);
          const isHidden = form.table.states[at] === stateOf.confidential;
          const isRight = isHidden
            ? truth > 0
            : form.table.states[at] === stateOf.value && ![1, 2].includes(truth);
          return isRight && form.table.values[at] === (isHidden ? 0 : truth) ? [] : [form.table.id];
        }),
  );
}

describe("protect() against a judge who lists every possible release", async () => {
  test("hides what may be several numbers, not all of them 1 or 2, and shows what is true", async () => {
    let withHidden = 0;
    await fc.assert(
      fc.asyncProperty(population, async (counted) => {
        const released = await releasedOf(tablesOf(counted));
        expect(wrongCells(released, counted)).toEqual([]);
        const told = toldBy(released);
        withHidden += [...told.values()].includes("hidden") ? 1 : 0;
        expect(disclosedCells(told, mostIn(told, counted))).toEqual([]);
      }),
      runs,
    );
    expect(withHidden).toBeGreaterThan(runs.numRuns / 20);
  });

  test("gives the same whatever the order of persons, tables and rows", async () => {
    await fc.assert(
      fc.asyncProperty(population, async (counted) => {
        const told = toldBy(await releasedOf(tablesOf(counted)));
        const turned = tablesOf(counted.toReversed()).map(turnedAround);
        expect(new Map([...toldBy(await releasedOf(turned))].toSorted())).toEqual(
          new Map([...told].toSorted()),
        );
      }),
      { ...runs, numRuns: Math.ceil(runs.numRuns / 4) },
    );
  });

  test("the judge knows what follows from what may be", () => {
    const hidden = "hidden" as const;
    const zeros = ["102", "201", "2"].map((name) => [name, 0] as const);
    // 6 persons in 101: 5 with status 0
    const city = [["", 6], ["1", 6], ["101", 6], ...zeros] as const;
    expect(
      disclosedCells(new Map<string, number | "hidden">([...city, ["s0", 5], ["s1", hidden]]), 6),
    ).toEqual(["s1"]);
    expect(
      disclosedCells(new Map<string, number | "hidden">([...city, ["s0", hidden], ["s1", hidden]]), 6),
    ).toEqual([]);
    // a circle: all with nationality 0 have status 0, 2 with nationality 1 as well
    const circle: Told = new Map<string, number | "hidden">([
      ...city,
      ["n0", 3],
      ["s0", 5],
      ["n0 s0", 3],
      ["n1 s0", hidden],
    ]);
    expect(disclosedCells(circle, 6)).toEqual(["n1 s0"]);
  });
});

/** The same table with its second dimension in reverse order below the total. */
function turnedAround(table: CountedTable): CountedTable {
  const dimensions = table.dimensions.map((dimension, at) =>
    at === 0
      ? dimension
      : {
          ...dimension,
          categories: [...dimension.categories.slice(0, 1), ...dimension.categories.slice(1).toReversed()],
        },
  );
  const width = dimensions[1]?.categories.length ?? 1;
  const values = table.values.map((_, cell) => {
    const column = cell % width;
    return table.values[column === 0 ? cell : cell - column + width - column] ?? 0;
  });
  return { ...table, dimensions, values };
}
