import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Rounding, type RoundingTask, round } from "../../shared/disclosure/rounding/round.ts";

function runs(usual: number) {
  return { numRuns: Number(process.env["PROPERTY_RUNS"] ?? usual), seed: 20_261_125 };
}

const base = 3; // 3 is published, 2 is not
const count = fc.oneof(
  { arbitrary: fc.integer({ min: 0, max: 3 }), weight: 4 },
  { arbitrary: fc.integer({ min: 4, max: 6 }), weight: 1 },
);
type Rounded = Extract<Rounding, { kind: "rounded" }>;

describe("round() on tables of up to 3 x 3", () => {
  test("makes every small count to 0 or 3, leaves larger ones, recomputes totals", async () => {
    await fc.assert(
      fc.asyncProperty(tasks(3, 3, 0), async (task) => {
        const { values, totals } = rounded(await round(task, base, (name) => name));
        for (const [at, { count }] of task.cells.entries())
          expect(count === 1 || count === 2 ? [0, 3] : [count]).toContain(values[at]);
        expect(totals).toEqual(task.margins.map(({ parts }) => sumOf(values, parts)));
      }),
      runs(150),
    );
  });

  test("deviates least of all choices whose margins stay within 2, and there always is one", async () => {
    await fc.assert(
      fc.asyncProperty(tasks(3, 3, 0), async (task) => {
        const { values, deviations } = rounded(await round(task, base, (name) => name));
        const within = choicesOf(task)
          .map((choice) => deviationsOf(task, choice))
          .filter(([most]) => most <= 2)
          .map(([, sum]) => sum);
        const [most, sum] = deviationsOf(task, values);
        expect(most).toBeLessThanOrEqual(2);
        expect(sum).toBe(Math.min(...within));
        expect(deviations.max).toBe(most);
      }),
      runs(150),
    );
  });

  test("leaves no small count to be worked out beside totals that are shown exactly", async () => {
    await fc.assert(
      fc.asyncProperty(tasks(3, 3, 0.4), async (task) => {
        const rounding = await round(task, base, (name) => name);
        if (rounding.kind === "rounded")
          expect(exposedBy(task, rounding.values)).toEqual({ small: [], others: rounding.known });
      }),
      runs(120),
    );
  });

  test("is impossible only where every choice gives a small count away", async () => {
    await fc.assert(
      fc.asyncProperty(tasks(2, 3, 0.6), async (task) => {
        const { kind } = await round(task, base, (name) => name);
        const isPossible = choicesOf(task).some((choice) => exposedBy(task, choice).small.length === 0);
        expect(kind).toBe(isPossible ? "rounded" : "impossible");
      }),
      runs(200),
    );
  });

  test("proves by tables that agree with everything shown: each cell can be what the rule forbids to tell", async () => {
    await fc.assert(
      fc.asyncProperty(tasks(3, 3, 0.3), async (task) => {
        const rounding = await round(task, base, (name) => name);
        if (rounding.kind !== "rounded") return;
        const tables = rounding.changes.map((change) =>
          task.cells.map((cell, at) => cell.count + (change.get(at) ?? 0)),
        );
        for (const table of tables) expect(isPossible(task, rounding.values, table)).toBe(true);
        const counts = task.cells.map((cell) => cell.count);
        const ranges = counts.map((_, at) => rangeOf([counts, ...tables].map((table) => table[at] ?? 0)));
        for (const [at, range] of ranges.entries())
          if (isOpen(task, at) && !rounding.known.includes(at)) expect(isDisclosed(range)).toBe(false);
      }),
      runs(120),
    );
  });

  test("the same whatever the order of cells, margins and parts", async () => {
    await fc.assert(
      fc.asyncProperty(tasks(3, 3, 0.2), async (task) => {
        const turned = turnedAround(task);
        expect(byName(turned, await round(turned, base, (name) => name))).toEqual(
          byName(task, await round(task, base, (name) => name)),
        );
      }),
      runs(100),
    );
  });
});

/** Tables with totals of rows, columns and everything; a share of the totals stands exactly in another table. */
function tasks(rows: number, columns: number, share: number): fc.Arbitrary<RoundingTask> {
  const size = fc.tuple(fc.integer({ min: 1, max: rows }), fc.integer({ min: 1, max: columns }));
  return size.chain(([height, width]) => {
    const down = [...Array(height).keys()];
    const across = [...Array(width).keys()];
    const groups = [
      ...down.map((row) => across.map((column) => row * width + column)),
      ...across.map((column) => down.map((row) => row * width + column)),
      [...Array(height * width).keys()],
    ];
    const isShown = fc.double({ min: 0, max: 1, noNaN: true }).map((number) => number < share);
    return fc
      .tuple(
        fc.array(count, { minLength: height * width, maxLength: height * width }),
        fc.array(isShown, { minLength: groups.length, maxLength: groups.length }),
      )
      .map(([counts, shown]) => ({
        cells: counts.map((own, at) => ({ name: `cell ${at}`, count: own, shown: false })),
        margins: groups.map((parts, at) => ({ name: `total ${at}`, parts, shown: shown[at] === true })),
        ties: [],
      }));
  });
}

function turnedAround({ cells, margins }: RoundingTask): RoundingTask {
  const last = cells.length - 1;
  const turned = margins.map((margin) => ({ ...margin, parts: margin.parts.map((part) => last - part) }));
  return { cells: cells.toReversed(), margins: turned.toReversed(), ties: [] };
}

function byName({ cells, margins }: RoundingTask, rounding: Rounding): unknown {
  if (rounding.kind === "impossible") return "impossible";
  const shown = [
    ...cells.map(({ name }, at) => [name, rounding.values[at]]),
    ...margins.map(({ name }, at) => [name, rounding.totals[at]]),
  ];
  return Object.fromEntries(shown);
}

function rounded(rounding: Rounding): Rounded {
  if (rounding.kind === "rounded") return rounding;
  throw new Error("A rounding without shown totals must be possible");
}

// The judge: from the definition, by listing everything.

function choicesOf({ cells }: RoundingTask): readonly (readonly number[])[] {
  return cells.reduce<readonly (readonly number[])[]>(
    (choices, { count: own }) =>
      choices.flatMap((choice) =>
        (own === 1 || own === 2 ? [0, 3] : [own]).map((value) => [...choice, value]),
      ),
    [[]],
  );
}

function deviationsOf(
  { cells, margins }: RoundingTask,
  values: readonly number[],
): readonly [number, number] {
  const counts = cells.map((cell) => cell.count);
  const all = [
    ...values.map((value, at) => Math.abs(value - (counts[at] ?? 0))),
    ...margins.map(({ parts }) => Math.abs(sumOf(values, parts) - sumOf(counts, parts))),
  ];
  return [Math.max(...all), all.reduce((sum, one) => sum + one, 0)];
}

/** Every table of whole numbers that an attacker cannot rule out, cell by cell. */
function possibleTables(task: RoundingTask, values: readonly number[]): readonly (readonly number[])[] {
  const tables = values.reduce<readonly (readonly number[])[]>(
    (begun, value) => begun.flatMap((table) => meanings(value).map((number) => [...table, number])),
    [[]],
  );
  return tables.filter((table) => isPossible(task, values, table));
}

function isPossible({ cells, margins }: RoundingTask, values: readonly number[], table: readonly number[]) {
  const counts = cells.map((cell) => cell.count);
  return (
    table.every((number, at) => meanings(values[at] ?? 0).includes(number)) &&
    margins.every(({ parts, shown }) => !shown || sumOf(table, parts) === sumOf(counts, parts))
  );
}

function meanings(value: number): readonly number[] {
  if (value === 0) return [0, 1, 2];
  return value === 3 ? [1, 2, 3] : [value];
}

function exposedBy(task: RoundingTask, values: readonly number[]) {
  const tables = possibleTables(task, values);
  const exposed = values.flatMap((_, at) =>
    isOpen(task, at) && isDisclosed(rangeOf(tables.map((table) => table[at] ?? 0))) ? [at] : [],
  );
  const isSmall = (at: number) => [1, 2].includes(task.cells[at]?.count ?? 0);
  return { small: exposed.filter(isSmall), others: exposed.filter((at) => !isSmall(at)) };
}

function isOpen({ cells }: RoundingTask, at: number): boolean {
  return (cells[at]?.count ?? 0) <= 3;
}

function rangeOf(numbers: readonly number[]): readonly [number, number] {
  return numbers.reduce<readonly [number, number]>(
    ([low, high], number) => [Math.min(low, number), Math.max(high, number)],
    [Infinity, -Infinity],
  );
}

function isDisclosed([low, high]: readonly [number, number]): boolean {
  return low === high || (low >= 1 && high <= 2);
}

function sumOf(numbers: readonly number[], parts: readonly number[]): number {
  return parts.reduce((sum, part) => sum + (numbers[part] ?? 0), 0);
}
