import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type {
  Attacker,
  AttackModel,
  AttackOutcome,
  Knowledge,
  Sum,
} from "../../shared/disclosure/attack-model.ts";
import { attackModel } from "../../shared/disclosure/attacker.ts";

function runs(usual: number) {
  return { numRuns: Number(process.env["PROPERTY_RUNS"] ?? usual), seed: 20_261_124 };
}

const size = fc.integer({ min: 1, max: 3 });
const publishFromCount = 3; // 3 is published, 2 is not

/** A cell as the judge sees it: what it counts, once for every table that shows it, in finest cells. */
type Place = { readonly name: string; readonly counts: readonly (readonly number[])[] };
/** The finest cells come first in `places`; the last place is the total of everything. */
type Layout = { readonly finest: number; readonly places: readonly Place[]; readonly sums: readonly Sum[] };
type Case = {
  readonly layout: Layout;
  readonly attacker: Attacker;
  readonly knowledge: readonly Knowledge[];
};

describe("attackModel() and a judge that lists every possible table agree", () => {
  test.each([
    {
      name: "one table of up to 3 x 3",
      usual: 450,
      layouts: fc.tuple(size, size).map(([rows, columns]) => gridOf(rows, columns)),
    },
    { name: "two linked tables of 2 x 3", usual: 150, layouts: fc.constant(linkedGrids()) },
    {
      name: "a table of 2 x 3 with categories that overlap",
      usual: 900,
      layouts: fc.constant(overlappingGrid()),
    },
  ])("on $name", async ({ usual, layouts }) => {
    await fc.assert(
      fc.asyncProperty(layouts.chain(casesOf), async (attacked) => {
        expect(
          shownOutcome(await attackModel(modelOf(attacked), attacked.attacker, publishFromCount)),
        ).toEqual(judge(attacked));
      }),
      runs(usual),
    );
  });

  test("whatever the order of cells and sums", async () => {
    await fc.assert(
      fc.asyncProperty(casesOf(linkedGrids()), async (attacked) => {
        const model = modelOf(attacked);
        const [straight, turned] = await Promise.all(
          [model, turnedAround(model)].map(async (one) =>
            namesIn(one, await attackModel(one, attacked.attacker, publishFromCount)),
          ),
        );
        expect(turned).toEqual(straight);
      }),
      runs(100),
    );
  });
});

function gridOf(rows: number, columns: number): Layout {
  const at = (row: number, column: number) => row * columns + column;
  const allRows = [...Array(rows).keys()];
  const allColumns = [...Array(columns).keys()];
  const rowCells = allRows.map((row) => allColumns.map((column) => at(row, column)));
  const columnCells = allColumns.map((column) => allRows.map((row) => at(row, column)));
  return layoutOf(rows * columns, [...rowCells, ...columnCells]);
}

/** Cells that are sums of finest cells, and the total of everything. */
function layoutOf(finest: number, groups: readonly (readonly number[])[]): Layout {
  const inner = [...Array(finest).keys()];
  const counted = [...groups, inner];
  const places = [
    ...inner.map((cell) => ({ name: `cell ${cell}`, counts: [[cell]] })),
    ...counted.map((cells, at) => ({ name: `sum ${at}`, counts: [cells] })),
  ];
  const sums = counted.map((parts, at) => ({ total: finest + at, parts, place: `sum ${at}` }));
  return { finest, places, sums };
}

/** Rows by three columns, and the same rows by three other columns: the totals of the rows are the same cells. */
function linkedGrids(): Layout {
  const rows = [0, 1];
  const tables = [0, 6].map((first) =>
    rows.map((row) => [0, 1, 2].map((column) => first + row * 3 + column)),
  );
  const totals = rows.map((row) => tables.map((table) => table[row] ?? []));
  const columns = [0, 1, 2, 6, 7, 8].map((cell) => [cell, cell + 3]);
  const inner = [...Array(12).keys()];
  const places = [
    ...inner.map((cell) => ({ name: `cell ${cell}`, counts: [[cell]] })),
    ...totals.map((counts, row) => ({ name: `row ${row}`, counts })),
    ...columns.map((cells, column) => ({ name: `column ${column}`, counts: [cells] })),
    { name: "total", counts: tables.map((table) => table.flat()) },
  ];
  const sums = [
    ...totals.flatMap((counts, row) =>
      counts.map((parts, table) => ({ total: 12 + row, parts, place: `${table} row ${row}` })),
    ),
    ...columns.map((parts, column) => ({ total: 14 + column, parts, place: `column ${column}` })),
    { total: 20, parts: [14, 15, 16], place: "first total of columns" },
    { total: 20, parts: [17, 18, 19], place: "second total of columns" },
    { total: 20, parts: [12, 13], place: "total of rows" },
  ];
  return { finest: 12, places, sums };
}

/** Any two of three columns are shown together: such sums have no whole-number corners. */
function overlappingGrid(): Layout {
  const pairs = [0, 3].flatMap((row) =>
    [
      [0, 1],
      [1, 2],
      [0, 2],
    ].map((pair) => pair.map((column) => row + column)),
  );
  return layoutOf(6, [...pairs, [0, 1, 2], [3, 4, 5], [0, 3], [1, 4], [2, 5]]);
}

function casesOf(layout: Layout): fc.Arbitrary<Case> {
  const count = layout.finest > 9 ? fc.nat(2) : fc.oneof(fc.nat(4), fc.constantFrom(0, 1, 2));
  const first = layout.finest > 9 ? 6 : layout.finest;
  return fc
    .record({
      attacker: fc.constantFrom<Attacker>("A", "B"),
      counts: fc.array(count, { minLength: first, maxLength: first }),
      moved: fc.nat(2),
      choices: fc.array(choice, { minLength: layout.places.length, maxLength: layout.places.length }),
      mistaken: fc.nat(400),
    })
    .map(({ attacker, counts, moved, choices, mistaken }) => {
      const finest = first === layout.finest ? counts : [...counts, ...rotatedRows(counts, moved)];
      const values = layout.places.map(({ counts: [cells = []] }) => sumAt(finest, cells));
      const knowledge = values.map((value, at): Knowledge => {
        const isTotal = at === values.length - 1;
        return isTotal
          ? { kind: "exact", value }
          : knowledgeOf(at === mistaken ? value + 1 : value, attacker, choices[at] ?? [0, 0, 0]);
      });
      return { layout, attacker, knowledge };
    });
}

/** How a cell is published: exact, suppressed or as an interval, and how far that one reaches. */
const choice = fc.tuple(fc.nat(9), fc.nat(2), fc.nat(2));

function knowledgeOf(value: number, attacker: Attacker, [how, below, above]: readonly number[]): Knowledge {
  const isSmall = value > 0 && value < publishFromCount;
  if ((how ?? 0) === 9) {
    return { kind: "between", low: value - (below ?? 0), high: value + (above ?? 0) };
  }
  const isHidden = isSmall || (how ?? 0) < 5;
  return isHidden && (value > 0 || attacker === "A") ? { kind: "suppressed" } : { kind: "exact", value };
}

/** Other counts with the same totals of the two rows. */
function rotatedRows(counts: readonly number[], by: number): readonly number[] {
  return [counts.slice(0, 3), counts.slice(3)].flatMap((row) => [...row.slice(by), ...row.slice(0, by)]);
}

function modelOf({ layout, knowledge }: Case): AttackModel {
  const cells = layout.places.map(({ name }, at) => ({
    name,
    knowledge: knowledge[at] ?? { kind: "suppressed" as const },
  }));
  return { cells, sums: layout.sums };
}

/** Lists every table of whole numbers that agrees with what is published, and looks what its hidden cells have been. */
function judge({ layout, attacker, knowledge }: Case): unknown {
  const hidden = [...knowledge.keys()].filter((at) => knowledge[at]?.kind !== "exact");
  let tables = 0;
  const low = layout.places.map(() => Number.POSITIVE_INFINITY);
  const high = layout.places.map(() => Number.NEGATIVE_INFINITY);
  const total = knowledge.at(-1);
  const most = total?.kind === "exact" ? total.value : 0;
  const placesOf = [...Array(layout.finest).keys()].map((cell) =>
    [...layout.places.entries()]
      .filter(([, { counts }]) => counts.some((cells) => cells.includes(cell)))
      .map(([at, { counts }]) => ({
        known: knowledge[at],
        groups: counts.map((cells) => ({ cells, isFilled: cells.every((other) => other <= cell) })),
      })),
  );
  const table: number[] = [];
  /** Counts that are still to come add nothing yet: a sum may be too low until its last cell is filled, never too high. */
  const fits = ({ known, groups }: (typeof placesOf)[number][number]) => {
    const sums = groups.map(({ cells }) => sumAt(table, cells));
    const filled = sums.filter((_, group) => groups[group]?.isFilled);
    const upTo = Math.min(mostOf(known, most), ...filled);
    return filled.every((sum) => isAllowed(known, sum, attacker)) && sums.every((sum) => sum <= upTo);
  };
  const fill = (cell: number) => {
    if (cell === layout.finest) {
      for (const at of hidden) {
        const value = sumAt(table, layout.places[at]?.counts[0] ?? []);
        low[at] = Math.min(low[at] ?? value, value);
        high[at] = Math.max(high[at] ?? value, value);
      }
      tables += 1;
      return;
    }
    for (let value = 0; value <= mostOf(knowledge[cell], most); value += 1) {
      table[cell] = value;
      if ((placesOf[cell] ?? []).every(fits)) {
        fill(cell + 1);
      }
    }
    table.length = cell;
  };
  fill(0);
  if (tables === 0) {
    return "unproven";
  }
  return hidden
    .map((at) => ({ cell: at, low: low[at] ?? 0, high: high[at] ?? 0 }))
    .filter(({ cell, low, high }) => {
      const isShownZero = knowledge[cell]?.kind === "between" && high === 0;
      return (low === high && !isShownZero) || (low >= 1 && high < publishFromCount);
    });
}

function isAllowed(known: Knowledge | undefined, value: number, attacker: Attacker): boolean {
  switch (known?.kind) {
    case "exact":
      return value === known.value;
    case "between":
      return value >= known.low && value <= known.high;
    case "suppressed":
      return attacker === "A" || value >= 1;
    default:
      return false;
  }
}

function mostOf(known: Knowledge | undefined, total: number): number {
  return known?.kind === "exact" ? known.value : known?.kind === "between" ? known.high : total;
}

function sumAt(counts: readonly number[], cells: readonly number[]): number {
  return cells.reduce((sum, cell) => sum + (counts[cell] ?? 0), 0);
}

function shownOutcome(outcome: AttackOutcome): unknown {
  return outcome.kind === "unproven"
    ? outcome.kind
    : outcome.disclosed.map(({ cell, low, high }) => ({ cell, low, high }));
}

function turnedAround({ cells, sums }: AttackModel): AttackModel {
  const moved = (cell: number) => cells.length - 1 - cell;
  const turned = sums.map(({ total, parts, place }) => ({
    total: moved(total),
    parts: parts.map(moved).toReversed(),
    place,
  }));
  return { cells: cells.toReversed(), sums: turned.toReversed() };
}

function namesIn({ cells }: AttackModel, outcome: AttackOutcome): unknown {
  return outcome.kind === "unproven"
    ? outcome
    : outcome.disclosed
        .map(({ cell, ...interval }) => ({ name: cells[cell]?.name ?? "", ...interval }))
        .toSorted((one, other) => one.name.localeCompare(other.name));
}
