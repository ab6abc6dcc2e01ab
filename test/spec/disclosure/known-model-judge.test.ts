import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attackModel } from "../../../shared/disclosure/attacker/attacker.ts";
import { knownModel } from "../../../shared/disclosure/attacker/known-model.ts";
import type { KnownDimension, KnownTable, ShownCell } from "../../../shared/disclosure/known-table.ts";

const rules = { publishFromCount: 3, publishFromChange: 3 };
const codes = { a: ["a1", "a2"], b: ["b1", "b2", "b3", "b4"], c: ["c1", "c2"] } as const;
type Id = keyof typeof codes;
const ids: readonly Id[] = ["a", "b", "c"];

/** A person's cell in the finest table: one code per dimension. */
type Finest = readonly [a: string, b: string, c: string];
const finest: readonly Finest[] = codes.a.flatMap((a) =>
  codes.b.flatMap((b) => codes.c.map((c): Finest => [a, b, c])),
);

/** A table as it was drawn: which codes lie together, and which of its cells are hidden if they are not zero. */
type Drawn = {
  readonly by: readonly { readonly id: Id; readonly groups: readonly (readonly string[])[] }[];
  readonly hides: (position: number) => boolean;
};

function groupsOf(id: Id, marks: readonly number[]): readonly (readonly string[])[] {
  const marked = codes[id].map((code, at) => ({ code, mark: marks[at] ?? 0 }));
  return [...Map.groupBy(marked, ({ mark }) => mark).values()].map((list) => list.map(({ code }) => code));
}

/** The sets of codes of every cell, row-major: by dimension everything first, then each group. */
function setsOf({ by }: Drawn): readonly ReadonlyMap<Id, readonly string[]>[] {
  let cells: readonly ReadonlyMap<Id, readonly string[]>[] = [new Map()];
  for (const { id, groups } of by)
    cells = cells.flatMap((cell) => [codes[id], ...groups].map((set) => new Map([...cell, [id, set]])));
  return cells;
}

function holds(sets: ReadonlyMap<Id, readonly string[]>, place: Finest): boolean {
  return ids.every((id, at) => sets.get(id)?.includes(place[at] ?? "") ?? true);
}

function countsOf(drawn: Drawn, micro: readonly number[]): readonly number[] {
  return setsOf(drawn).map((sets) =>
    finest.reduce((sum, place, at) => sum + (holds(sets, place) ? (micro[at] ?? 0) : 0), 0),
  );
}

function tableOf(drawn: Drawn, micro: readonly number[], name: string): KnownTable {
  const dimensions = drawn.by.map(
    ({ id, groups }): KnownDimension => ({
      id,
      categories: [
        { code: "T" },
        ...groups.map((members) => ({
          code: members.join("-"),
          parent: 0,
          ...(members.length > 1 && { members }),
        })),
      ],
    }),
  );
  const cells = countsOf(drawn, micro).map((value, at): ShownCell => {
    if (value > 0 && drawn.hides(at)) return { kind: "suppressed" };
    return { kind: "exact", value };
  });
  return { name, universe: "u", dimensions, cells };
}

/** Every way to put `persons` into the cells that may have any. */
function* placements(persons: number, mayHave: readonly boolean[]): Generator<readonly number[]> {
  const [first, ...others] = mayHave;
  if (first === undefined) {
    if (persons === 0) yield [];
    return;
  }
  const most = first ? persons : 0;
  for (let count = others.includes(true) ? 0 : most; count <= most; count += 1)
    for (const rest of placements(persons - count, others)) yield [count, ...rest];
}

/** By table, by position: what a hidden cell can still be, from the definition alone. */
function possible(drawn: readonly Drawn[], tables: readonly KnownTable[], persons: number) {
  const sets = drawn.map((one) => setsOf(one).map((own) => finest.map((place) => holds(own, place))));
  const found = tables.map(({ cells }) => cells.map(() => new Set<number>()));
  const mayHave = finest.map((_, place) =>
    tables.every(({ cells }, table) =>
      cells.every((cell, at) => !(sets[table]?.[at]?.[place] && cell.kind === "exact" && cell.value === 0)),
    ),
  );
  for (const micro of placements(persons, mayHave)) {
    const counts = sets.map((cells) =>
      cells.map((own) => micro.reduce((sum, count, at) => sum + (own[at] ? count : 0), 0)),
    );
    const agrees = tables.every(({ cells }, table) =>
      cells.every((cell, at) => {
        const count = counts[table]?.[at] ?? -1;
        return cell.kind === "exact" ? count === cell.value : count >= 1;
      }),
    );
    if (!agrees) continue;
    for (const [table, own] of counts.entries())
      for (const [at, count] of own.entries()) found[table]?.[at]?.add(count);
  }
  return found;
}

function isDisclosed(values: ReadonlySet<number>): boolean {
  return values.size === 1 || [...values].every((value) => value >= 1 && value <= 2);
}

const drawnTable = fc
  .record({
    by: fc.subarray([...ids], { minLength: 1 }),
    marks: fc.array(fc.array(fc.nat({ max: 2 }), { minLength: 4, maxLength: 4 }), {
      minLength: 3,
      maxLength: 3,
    }),
    hidden: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 8, maxLength: 8 }),
  })
  .map(
    ({ by, marks, hidden }): Drawn => ({
      by: by.map((id, at) => ({ id, groups: groupsOf(id, marks[at] ?? []) })),
      hides: (position) => position > 0 && (hidden[position % hidden.length] ?? 0) > 1,
    }),
  );

function personsIn(places: readonly number[], persons: number) {
  return fc.array(fc.constantFrom(...places), { minLength: persons, maxLength: persons });
}

/** Three tables, each by two of the dimensions, every code on its own: their margins form a circle. Totals are shown. */
const drawnCircle = fc
  .array(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 15, maxLength: 15 }), {
    minLength: 3,
    maxLength: 3,
  })
  .chain((marks) => fc.nat({ max: 3 }).map((most) => ({ marks, most })))
  .map(({ marks, most }): readonly Drawn[] =>
    [["a", "b"] as const, ["b", "c"] as const, ["a", "c"] as const].map((by, table) => {
      const width = codes[by[1]].length + 1;
      return {
        by: by.map((id) => ({ id, groups: codes[id].map((code) => [code]) })),
        hides: (position) => {
          const isInner = position % width > 0 && position > width;
          return isInner && (table === 2 || (marks[table]?.[position % 15] ?? 0) > most);
        },
      };
    }),
  );

describe("knownModel()", () => {
  test.each([
    {
      name: "overlapping categories, circles and linked tables",
      usual: 60,
      drawn: fc.array(drawnTable, { minLength: 2, maxLength: 4 }),
      persons: personsIn([...finest.keys()], 5),
    },
    {
      name: "three tables whose margins form a circle",
      usual: 60,
      drawn: drawnCircle,
      persons: personsIn([0, 1, 2, 3, 8, 9, 10, 11], 9),
    },
  ])("tells the attacker all that follows from $name", async ({ usual, drawn: arbitrary, persons }) => {
    await fc.assert(
      fc.asyncProperty(arbitrary, persons, async (drawn, at) => {
        const micro = finest.map((_, place) => at.filter((one) => one === place).length);
        const tables = drawn.map((one, table) => tableOf(one, micro, `T${table}`));
        const { model, places: cellsOf } = knownModel(tables, rules);
        const outcome = await attackModel(model, "B", rules.publishFromCount);
        if (outcome.kind !== "proven") throw new Error(outcome.reason);
        const disclosed = new Set(outcome.disclosed.map(({ cell }) => cell));
        const expected = possible(drawn, tables, at.length).map((table) => table.map(isDisclosed));
        const found = tables.map(({ cells }, table) =>
          cells.map(
            (cell, position) => cell.kind === "exact" || disclosed.has(cellsOf[table]?.[position] ?? -1),
          ),
        );
        expect(found).toEqual(expected);
      }),
      { numRuns: Number(process.env["PROPERTY_RUNS"] ?? usual), seed: 7 },
    );
  });
});
