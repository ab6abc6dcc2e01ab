import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type {
  Attacker,
  AttackModel,
  AttackOutcome,
  Knowledge,
  Proofs,
  Sum,
} from "../../shared/disclosure/attack-model.ts";
import { attackBoth, attackModel } from "../../shared/disclosure/attacker/attacker.ts";

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
      usual: 600,
      layouts: fc.constant(overlappingGrid()),
    },
    { name: "a table of 3 x 3 x 2", usual: 100, layouts: fc.constant(cubeOf(2)) },
    { name: "a table of 3 x 3 x 3", usual: 20, layouts: fc.constant(cubeOf(3)) },
  ])("on $name: what is disclosed, and all intervals", async ({ usual, layouts }) => {
    await fc.assert(
      fc.asyncProperty(layouts.chain(casesOf), fc.boolean(), async (attacked, intervals) => {
        const { attacker } = attacked;
        const outcome = await attackModel(modelOf(attacked), attacker, publishFromCount, { intervals });
        expect(shownOutcome(outcome)).toEqual(answerOf(attacked, judge(attacked), intervals));
      }),
      runs(usual),
    );
  });

  test("on both attackers at once", async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, fc.boolean(), async (attacked, intervals) => {
        const outcomes = await attackBoth(modelOf(attacked), publishFromCount, { intervals });
        for (const attacker of ["A", "B"] as const) {
          const own = { ...attacked, attacker };
          expect(shownOutcome(outcomes[attacker])).toEqual(answerOf(own, judge(own), intervals));
        }
      }),
      runs(300),
    );
  });

  test("whatever the proofs say: right ones, planted faults, tables that do not fit", async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, fault, async (attacked, planted) => {
        const judged = judge(attacked);
        const proofs = proofsOf(judged, planted);
        const outcome = await attackModel(modelOf(attacked), attacked.attacker, publishFromCount, { proofs });
        expect(shownOutcome(outcome)).toEqual(answerOf(attacked, judged, false));
      }),
      runs(400),
    );
  });

  test("on what the only person of a cell finds of other cells", async () => {
    const layouts = fc.tuple(size, size).map(([rows, columns]) => gridOf(rows, columns));
    await fc.assert(
      fc.asyncProperty(layouts.chain(casesOf), fault, async (anyone, planted) => {
        const attacked = { ...anyone, attacker: "B" as const };
        const judged = judge(attacked, true);
        const [table] = judged.tables;
        fc.pre(table !== undefined && (table.at(-1) ?? 0) >= publishFromCount);
        const proofs = proofsOf(judged, { ...planted, inTable: false });
        const options = { proofs, ownContribution: true };
        const outcome = await attackModel(modelOf(attacked), "B", publishFromCount, options);
        const cells = outcome.kind === "proven" ? outcome.disclosed.map(({ cell }) => cell) : [];
        expect(cells).toEqual(foundByPersons(attacked, judged));
      }),
      runs(300),
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

/** Three rows by three columns by layers: all its lines, all its planes. */
function cubeOf(layers: number): Layout {
  const lengths = [3, 3, layers];
  const cells = [...Array(9 * layers).keys()];
  const codesOf = (cell: number) => [
    Math.floor(cell / (3 * layers)),
    Math.floor(cell / layers) % 3,
    cell % layers,
  ];
  const selections = lengths.reduce<(number | undefined)[][]>(
    (all, length) =>
      all.flatMap((codes) => [...Array(length).keys(), undefined].map((code) => [...codes, code])),
    [[]],
  );
  const names = selections.map((codes) => codes.map((code) => code ?? "T").join(" "));
  const sizes = selections.map((codes) => codes.filter((code) => code === undefined).length);
  const order = [...selections.keys()].toSorted((one, other) => (sizes[one] ?? 0) - (sizes[other] ?? 0));
  const at = (name: string) => order.findIndex((selection) => names[selection] === name);
  const places = order.map((selection) => {
    const codes = selections[selection] ?? [];
    const counts = cells.filter((cell) => codesOf(cell).every((code, dim) => (codes[dim] ?? code) === code));
    return { name: names[selection] ?? "", counts: [counts] };
  });
  const sums = selections.flatMap((codes, selection) =>
    lengths.flatMap((length, dim) => {
      const parts = [...Array(length).keys()].map((code) =>
        at(
          codes
            .with(dim, code)
            .map((one) => one ?? "T")
            .join(" "),
        ),
      );
      const total = at(names[selection] ?? "");
      return codes[dim] === undefined ? [{ total, parts, place: `${names[selection]} along ${dim}` }] : [];
    }),
  );
  return { finest: cells.length, places, sums };
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
  const isCube = layout.finest >= 18;
  const few = isCube ? fc.constantFrom(0, 0, 0, 1, 2, 4) : fc.nat(2);
  const count = layout.finest > 9 ? few : fc.oneof(fc.nat(4), fc.constantFrom(0, 1, 2));
  const first = layout.finest === 12 ? 6 : layout.finest;
  const choice = choiceUpTo(isCube ? 24 : 9);
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

const anyCase = fc
  .oneof(
    fc.tuple(size, size).map(([rows, columns]) => gridOf(rows, columns)),
    fc.constant(overlappingGrid()),
    fc.constant(linkedGrids()),
  )
  .chain(casesOf);

/** How a cell is published: exact, suppressed or as an interval, and how far that one reaches. */
function choiceUpTo(most: number) {
  return fc.tuple(fc.nat(most), fc.nat(2), fc.nat(2));
}

function knowledgeOf(value: number, attacker: Attacker, [how, below, above]: readonly number[]): Knowledge {
  const isSmall = value > 0 && value < publishFromCount;
  if (how === 9) {
    return { kind: "between", low: value - (below ?? 0), high: value + (above ?? 0) };
  }
  if (how === 8) {
    return { kind: (below ?? 0) > 0 ? "unpublished" : "auxiliary" };
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

type Judged = {
  /** By place: what it has been in all possible tables. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Some of the possible tables, by place. */
  readonly tables: readonly (readonly number[])[];
  /** By place and count of 1 there: what every place has been in such tables. */
  readonly besideOne: ReadonlyMap<
    number,
    { readonly low: readonly number[]; readonly high: readonly number[] }
  >;
};

/** Looks what the cells have been in every possible table, and, `withPersons`, also in those with a 1 somewhere. */
function judge(attacked: Case, withPersons = false): Judged {
  const { layout, knowledge } = attacked;
  const tables: number[][] = [];
  const all = noEnds(layout);
  const hidden = withPersons ? [...knowledge.keys()].filter((at) => knowledge[at]?.kind !== "exact") : [];
  const besideOne = new Map(hidden.map((at) => [at, noEnds(layout)]));
  listTables(attacked, (values) => {
    addEnds(all, values);
    for (const [at, beside] of besideOne) {
      if (values[at] === 1) {
        addEnds(beside, values);
      }
    }
    if (tables.length < 12) {
      tables.push([...values]);
    }
  });
  return { ...all, tables, besideOne };
}

/** Lists every table of whole numbers that agrees with what is published, by place. */
function listTables({ layout, attacker, knowledge }: Case, found: (values: readonly number[]) => void): void {
  const total = knowledge.at(-1);
  const most = total?.kind === "exact" ? total.value : 0;
  /** By finest cell: the sums it is in, those that it is the last cell of marked. */
  const sumsOf = [...Array(layout.finest).keys()].map((cell) =>
    [...layout.places.entries()].flatMap(([at, { counts }]) =>
      counts
        .filter((cells) => cells.includes(cell))
        .map((cells) => ({
          cells,
          known: knowledge[at],
          isFilled: cells.every((other) => other <= cell),
          /** What the same place counts in another table, already filled. */
          twin: counts.find((others) => others.every((other) => other < Math.min(...cells))),
        })),
    ),
  );
  const table: number[] = [];
  const fill = (cell: number): void => {
    if (cell === layout.finest) {
      found(layout.places.map(({ counts }) => sumAt(table, counts[0] ?? [])));
      return;
    }
    const sums = (sumsOf[cell] ?? []).map(({ cells, known, isFilled, twin }) => {
      const same = twin === undefined ? known : { kind: "exact" as const, value: sumAt(table, twin) };
      return { known: same, isFilled, value: sumAt(table, cells) };
    });
    // counts that are still to come add nothing yet: a sum may be too low until its last cell is filled, never too high
    const upTo = Math.min(...sums.map(({ known, value }) => mostOf(known, most) - value));
    for (let value = 0; value <= upTo; value += 1) {
      if (sums.every((sum) => !sum.isFilled || isAllowed(sum.known, sum.value + value, attacker))) {
        table[cell] = value;
        fill(cell + 1);
      }
    }
    table.length = cell;
  };
  fill(0);
}

function noEnds({ places }: Layout): { low: number[]; high: number[] } {
  return {
    low: places.map(() => Number.POSITIVE_INFINITY),
    high: places.map(() => Number.NEGATIVE_INFINITY),
  };
}

function addEnds({ low, high }: { low: number[]; high: number[] }, values: readonly number[]): void {
  for (const [at, value] of values.entries()) {
    low[at] = Math.min(low[at] ?? value, value);
    high[at] = Math.max(high[at] ?? value, value);
  }
}

/** What the attacker is expected to answer. */
function answerOf({ knowledge }: Case, { low, high, tables }: Judged, withIntervals: boolean): unknown {
  if (tables.length === 0) {
    return "unproven";
  }
  const cells = [...knowledge.keys()]
    .filter((at) => knowledge[at]?.kind !== "exact" && knowledge[at]?.kind !== "auxiliary")
    .map((at) => ({ cell: at, low: low[at] ?? 0, high: high[at] ?? 0 }));
  const disclosed = cells.filter((cell) => isDisclosed(knowledge[cell.cell], cell));
  return withIntervals ? { disclosed, intervals: cells } : { disclosed };
}

function isDisclosed(known: Knowledge | undefined, ends: { low: number; high: number }): boolean {
  const isSmall = ends.low >= 1 && ends.high < publishFromCount;
  const isOne = ends.low === ends.high;
  switch (known?.kind) {
    case "suppressed":
      return isSmall || isOne;
    case "between":
      return isSmall || (isOne && ends.low > 0);
    case "unpublished":
      return isSmall;
    default:
      return false;
  }
}

type Fault = {
  readonly at: number;
  readonly by: number;
  readonly inTable: boolean;
  readonly changes: number;
};

/** A number that is changed in one of the proofs, or in none. */
const fault: fc.Arbitrary<Fault> = fc.record({
  at: fc.nat(40),
  by: fc.constantFrom(0, 1, -1, 2, Number.NaN, 0.5),
  inTable: fc.boolean(),
  changes: fc.nat(11),
});

/** Possible tables as proofs, the fault planted in the first one, or in all the changes. */
function proofsOf({ tables }: Judged, { at, by, inTable, changes }: Fault): Proofs {
  const [first = [], ...others] = tables;
  const wrong = (values: readonly number[]) =>
    values.map((value, place) => (place === at ? value + by : value));
  return {
    table: inTable ? wrong(first) : first,
    changes: others.slice(0, changes).map((other) => {
      const moved = inTable ? other : wrong(other);
      return new Map(
        moved.flatMap((value, place) =>
          value === first[place] ? [] : [[place, value - (first[place] ?? 0)]],
        ),
      );
    }),
  };
}

/** Disclosed cells, and small hidden ones that hold others than a person who is alone in a cell and finds them. */
function foundByPersons({ layout, knowledge }: Case, judged: Judged): readonly number[] {
  const [table = []] = judged.tables;
  const isHidden = (at: number) => knowledge[at]?.kind !== "exact" && knowledge[at]?.kind !== "auxiliary";
  const filled = layout.places.map(({ counts }) => (counts[0] ?? []).filter((cell) => table[cell] !== 0));
  const isSamePerson = (one: number, other: number) =>
    table[other] === 1 && `${filled[one]}` === `${filled[other]}`;
  const isFoundBy = (cell: number, finder: number) => {
    const beside = judged.besideOne.get(finder);
    return (
      finder !== cell &&
      isHidden(finder) &&
      table[finder] === 1 &&
      !isSamePerson(cell, finder) &&
      (beside?.low[cell] ?? 0) >= 1 &&
      (beside?.high[cell] ?? publishFromCount) < publishFromCount
    );
  };
  return [...knowledge.keys()].filter((at) => {
    const count = table[at] ?? 0;
    const isSmall = isHidden(at) && count >= 1 && count < publishFromCount;
    const ends = { low: judged.low[at] ?? 0, high: judged.high[at] ?? 0 };
    return (
      isDisclosed(knowledge[at], ends) || (isSmall && [...knowledge.keys()].some((one) => isFoundBy(at, one)))
    );
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
    case "unpublished":
    case "auxiliary":
      return true;
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
    : {
        disclosed: outcome.disclosed.map(({ cell, low, high }) => ({ cell, low, high })),
        ...(outcome.intervals !== undefined && { intervals: outcome.intervals }),
      };
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
