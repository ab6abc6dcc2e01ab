import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Suppression, suppress } from "../../shared/disclosure/suppression/suppress.ts";
import {
  type Universe,
  type UniverseTable,
  universeOf,
} from "../../shared/disclosure/suppression/universe.ts";
import { isSafe, lossOf, optimum } from "./suppress-judge.ts";

const publishFromCount = 3; // 3 is published, 2 is not
const rules = { publishFromCount, ownContribution: false };
const codes = ["a", "b", "c"];
const size = fc.integer({ min: 1, max: 3 });
const count = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 3 }) },
  fc.integer({ min: 4, max: 9 }),
);

function runs(usual: number) {
  return { numRuns: Number(process.env["PROPERTY_RUNS"] ?? usual), seed: 20_261_124 };
}

/** Finest counts, the last dimension fastest, and how many categories every dimension has. */
type Block = { readonly sizes: readonly number[]; readonly counts: readonly number[] };

function blocks(sizes: fc.Arbitrary<readonly number[]>): fc.Arbitrary<Block> {
  return sizes.chain((own) => {
    const length = own.reduce((product, n) => product * n, 1);
    return fc
      .array(count, { minLength: length, maxLength: length })
      .map((counts) => ({ sizes: own, counts }));
  });
}

/** The table of `dimensions` of the block, all totals included. */
function tableOf({ sizes, counts }: Block, dimensions: readonly number[]): UniverseTable {
  const lengths = dimensions.map((dimension) => (sizes[dimension] ?? 0) + 1);
  const cells = Array.from({ length: lengths.reduce((product, n) => product * n, 1) }, (_, position) => {
    let rest = position;
    const at = lengths.toReversed().map((length) => {
      const own = rest % length;
      rest = Math.floor(rest / length);
      return own;
    });
    return at.toReversed();
  });
  return {
    name: dimensions.join("x"),
    universe: "",
    dimensions: dimensions.map((dimension, at) => ({
      id: `d${dimension}`,
      categories: Array.from({ length: lengths[at] ?? 0 }, (_, category) =>
        category === 0 ? { code: "T" } : { code: codes[category - 1] ?? "", parent: 0 },
      ),
    })),
    counts: cells.map((at) =>
      counts.reduce((sum, own, leaf) => {
        const place = placeOf(sizes, leaf);
        const isIn = dimensions.every(
          (dimension, axis) => at[axis] === 0 || at[axis] === (place[dimension] ?? 0) + 1,
        );
        return isIn ? sum + own : sum;
      }, 0),
    ),
    role: "open",
  };
}

function placeOf(sizes: readonly number[], leaf: number): readonly number[] {
  let rest = leaf;
  const place = sizes.toReversed().map((length) => {
    const own = rest % length;
    rest = Math.floor(rest / length);
    return own;
  });
  return place.toReversed();
}

async function suppressed(
  universe: Universe,
  own = rules,
): Promise<Extract<Suppression, { kind: "suppressed" }>> {
  const outcome = await suppress(universe, own);
  if (outcome.kind !== "suppressed")
    throw new TypeError("Cannot judge: every cell of these universes may be hidden");
  return outcome;
}

const layouts = [
  { name: "a table of up to 3 x 3", sizes: fc.tuple(size, size), shown: [[0, 1]], usual: 100 },
  { name: "a table of up to 3 x 2 x 2", sizes: fc.constant([3, 2, 2]), shown: [[0, 1, 2]], usual: 15 },
  {
    name: "two linked tables",
    sizes: fc.constant([2, 2, 3]),
    shown: [
      [0, 1],
      [1, 2],
    ],
    usual: 40,
  },
  {
    name: "three tables whose margins form a circle",
    sizes: fc.constant([2, 2, 2]),
    shown: [
      [0, 1],
      [1, 2],
      [0, 2],
    ],
    usual: 60,
  },
];

describe("suppress() and a judge that lists every possible table", () => {
  test.each(layouts)("agree that nothing is disclosed of $name", async ({ sizes, shown, usual }) => {
    await fc.assert(
      fc.asyncProperty(blocks(sizes), async (block) => {
        const universe = universeOf(shown.map((dimensions) => tableOf(block, dimensions)));
        const { hidden } = await suppressed(universe);
        expect(isSafe(universe, hidden, publishFromCount, false)).toBe(true);
      }),
      runs(usual),
    );
  });

  test.each(layouts)(
    "agree for who knows a count of 1 to be the own, of $name",
    async ({ sizes, shown, usual }) => {
      await fc.assert(
        fc.asyncProperty(blocks(sizes), async (block) => {
          const universe = universeOf(shown.map((dimensions) => tableOf(block, dimensions)));
          const outcome = await suppress(universe, { publishFromCount, ownContribution: true });
          if (outcome.kind === "impossible") return;
          expect(isSafe(universe, outcome.hidden, publishFromCount, true)).toBe(true);
        }),
        runs(usual),
      );
    },
  );

  test("agree on the least loss of a table of up to 2 x 3", async () => {
    await fc.assert(
      fc.asyncProperty(blocks(fc.tuple(fc.constant(2), fc.integer({ min: 1, max: 3 }))), async (block) => {
        const universe = universeOf([tableOf(block, [0, 1])]);
        const { hidden } = await suppressed(universe);
        expect(lossOf(universe, hidden)).toBe(optimum(universe, publishFromCount));
      }),
      runs(60),
    );
  });
});

describe("suppress()", () => {
  const block = blocks(fc.tuple(size, size));

  test("hides nothing where no count is small", async () => {
    const large = block.map(({ sizes, counts }) => ({
      sizes,
      counts: counts.map((own) => (own < 3 ? 0 : own)),
    }));
    await fc.assert(
      fc.asyncProperty(large, async (own) => {
        expect((await suppressed(universeOf([tableOf(own, [0, 1])]))).hidden).toEqual([]);
      }),
      runs(50),
    );
  });

  test("hides nothing more of what it has hidden before", async () => {
    await fc.assert(
      fc.asyncProperty(block, async (own) => {
        const universe = universeOf([tableOf(own, [0, 1])]);
        const { hidden } = await suppressed(universe);
        const cells = universe.cells.map((cell, at) =>
          hidden.includes(at) ? { ...cell, role: "hidden" as const } : cell,
        );
        expect((await suppressed({ ...universe, cells })).hidden).toEqual(hidden);
      }),
      runs(50),
    );
  });

  test("hides the same cells whatever the order of categories and tables", async () => {
    await fc.assert(
      fc.asyncProperty(blocks(fc.constant([2, 3, 2])), async (own) => {
        const tables = [tableOf(own, [0, 1]), tableOf(own, [1, 2])];
        const straight = await suppressed(universeOf(tables));
        const turned = await suppressed(universeOf(tables.toReversed().map(reversed)));
        expect(turned).toEqual(straight);
      }),
      runs(40),
    );
  });
});

/** The same table with its dimensions and categories the other way round. */
function reversed(table: UniverseTable): UniverseTable {
  const lengths = table.dimensions.map(({ categories }) => categories.length);
  const dimensions = table.dimensions.toReversed().map(({ id, categories }) => ({
    id,
    categories: categories.toReversed().map(({ code, parent }) => ({
      code,
      ...(parent !== undefined && { parent: categories.length - 1 - parent }),
    })),
  }));
  const [rows = 0, columns = 0] = lengths;
  const counts = Array.from({ length: rows * columns }, (_, position) => {
    const column = columns - 1 - Math.floor(position / rows);
    const row = rows - 1 - (position % rows);
    return table.counts[row * columns + column] ?? 0;
  });
  return { ...table, dimensions, counts };
}
