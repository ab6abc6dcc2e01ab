import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AuditedRelease } from "../../../shared/disclosure/audited-release.ts";
import { policy } from "../../../shared/disclosure/policy.ts";
import { protect } from "../../../shared/disclosure/protect.ts";
import type { ProtectedTable } from "../../../shared/disclosure/released-table.ts";
import type { Category, CountedTable, TableDimension } from "../../../shared/tables/table.ts";
import { nothingBefore } from "./nothing-before.ts";
import { persons } from "./text-table.ts";

const runs = { numRuns: Number(process.env["PROPERTY_RUNS"] ?? 60), seed: 20_261_120 };

/** Persons as (nationality, sex, age), 0-based; tables are counted from them, so all of them agree. */
type Person = readonly [number, number, number];
const people = fc.array(fc.tuple(fc.nat(4), fc.nat(1), fc.nat(2)), { maxLength: 60 });

const nationality = flat("staatsangehoerigkeit", ["n0", "n1", "n2", "n3", "sonstige"]);
const sex = flat("geschlecht", ["w", "m"]);
const age = flat("altersgruppe", ["a0", "a1", "a2"]);

function flat(id: TableDimension["id"], codes: readonly string[]): TableDimension {
  const parts = codes.map((code): Category => ({ code, label: code, parent: 0 }));
  return { id, label: id, categories: [{ code: "T", label: "Insgesamt" }, ...parts] };
}

function tableOf(
  id: string,
  dimensions: readonly TableDimension[],
  places: readonly number[],
  counted: readonly Person[],
) {
  const size = dimensions.reduce((product, { categories }) => product * categories.length, 1);
  const values = new Float64Array(size);
  for (const person of counted) {
    let cells = [0];
    for (const [index, dimension] of dimensions.entries()) {
      const own = (person[places[index] ?? 0] ?? 0) + 1;
      cells = cells.flatMap((cell) => [
        cell * dimension.categories.length,
        cell * dimension.categories.length + own,
      ]);
    }
    for (const cell of cells) {
      values[cell] = (values[cell] ?? 0) + 1;
    }
  }
  const table: CountedTable = {
    id,
    name: id,
    title: id,
    dimensions,
    measures: [persons],
    coarsening: {
      staatsangehoerigkeit: [
        { kind: "merge-smallest", into: { code: "sonstige", label: "Sonstige" } },
        { kind: "drop" },
      ],
      altersgruppe: [
        { kind: "merge", groups: [{ code: "a01", label: "a01", members: ["a0", "a1"] }] },
        { kind: "drop" },
      ],
      geschlecht: [{ kind: "drop" }],
    },
    columnDimensions: [],
    values,
    states: new Uint8Array(size),
    referenceDates: { "ewo-alw": "2026-11-20" },
    deliveries: [],
    notes: [],
  };
  return table;
}

function tablesOf(counted: readonly Person[]): readonly CountedTable[] {
  return [
    tableOf("T03", [nationality, sex], [0, 1], counted),
    tableOf("T04", [nationality, age], [0, 2], counted),
    tableOf("T05", [age, sex], [2, 1], counted),
  ];
}

/** The rule to the letter for every table: coarser, or not at all. */
const wholeTables = { ...policy, ladders: {} };

async function protectedOf(tables: readonly CountedTable[]): Promise<readonly ProtectedTable[]> {
  const results = tables.map((table) => ({ kind: "counted", table }) as const);
  return (await protect(results, wholeTables, nothingBefore)).tables;
}

function publishedOf(tables: readonly ProtectedTable[]): readonly CountedTable[] {
  return tables.flatMap((table) => (table.kind === "published" ? [table.table] : []));
}

/** Judge: which persons stand in a published cell, by the codes and their merged members alone. */
function persCells(
  table: CountedTable,
): readonly { readonly members: readonly (readonly string[])[]; readonly value: number }[] {
  const width = table.dimensions[1]?.categories.length ?? 1;
  return [...table.values].map((value, cell) => {
    const at = [Math.floor(cell / width), cell % width];
    const members = table.dimensions.map((dimension, index) => {
      const category = dimension.categories[at[index] ?? 0];
      return category?.code === "T" ? [] : (category?.merged ?? [category?.code ?? ""]);
    });
    return { members, value };
  });
}

describe("protect() for any persons", async () => {
  test("publishes no count of 1 or 2, and only true counts", async () => {
    await fc.assert(
      fc.asyncProperty(people, async (counted) => {
        const codes = (person: Person, id: string) =>
          ({ staatsangehoerigkeit: nationality, geschlecht: sex, altersgruppe: age })[id]?.categories[
            (person[{ staatsangehoerigkeit: 0, geschlecht: 1, altersgruppe: 2 }[id] ?? 0] ?? 0) + 1
          ]?.code ?? "";
        for (const table of publishedOf(await protectedOf(tablesOf(counted)))) {
          for (const { members, value } of persCells(table)) {
            const truth = counted.filter((person) =>
              table.dimensions.every(({ id }, index) => {
                const set = members[index] ?? [];
                return set.length === 0 || set.includes(codes(person, id));
              }),
            ).length;
            expect(value).toBe(truth);
            expect([1, 2]).not.toContain(value);
          }
        }
      }),
      runs,
    );
  });

  test("gives tables that pass the audit, and stays as it is when protected again", async () => {
    await fc.assert(
      fc.asyncProperty(people, async (counted) => {
        const once = await protectedOf(tablesOf(counted));
        expect((await AuditedRelease.audit(once, policy, nothingBefore)).kind).toBe("audited");
        const tables = publishedOf(once);
        expect(publishedOf(await protectedOf(tables))).toEqual(tables);
      }),
      runs,
    );
  });

  test("does not depend on the order of persons or on labels, and gives the same twice", async () => {
    await fc.assert(
      fc.asyncProperty(people, async (counted) => {
        const once = await protectedOf(tablesOf(counted));
        expect(await protectedOf(tablesOf(counted.toReversed()))).toEqual(once);
        const relabelled = tablesOf(counted).map((table) => ({ ...table, title: "Anderer Titel" }));
        const again = await protectedOf(relabelled);
        expect(publishedOf(again).map(({ values }) => values)).toEqual(
          publishedOf(once).map(({ values }) => values),
        );
      }),
      runs,
    );
  });

  test("keeps the same cells when the categories come in another order", async () => {
    await fc.assert(
      fc.asyncProperty(people, async (counted) => {
        const cellsOf = (tables: readonly ProtectedTable[]) =>
          publishedOf(tables).map((table) =>
            persCells(table)
              .map((cell) => JSON.stringify(cell))
              .toSorted(),
          );
        const turned = tablesOf(counted).map(turnedAround);
        expect(cellsOf(await protectedOf(turned))).toEqual(cellsOf(await protectedOf(tablesOf(counted))));
      }),
      runs,
    );
  });
});

/** The same table with the categories below the total of its first dimension in reverse order. */
function turnedAround(table: CountedTable): CountedTable {
  const [first, second] = table.dimensions;
  if (first === undefined || second === undefined) {
    return table;
  }
  const order = [0, ...[...first.categories.keys()].slice(1).toReversed()];
  const width = second.categories.length;
  const categories = order.flatMap((position) => first.categories[position] ?? []);
  const values = order.flatMap((position) => [
    ...table.values.slice(position * width, (position + 1) * width),
  ]);
  return { ...table, dimensions: [{ ...first, categories }, second], values: Float64Array.from(values) };
}
