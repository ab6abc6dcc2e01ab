import { describe, expect, test } from "vitest";
import { knownModel } from "../../../shared/disclosure/attacker/known-model.ts";
import type { KnownTable } from "../../../shared/disclosure/known-table.ts";
import { namedCells } from "../../../shared/disclosure/ledger/ledger-cells.ts";
import { flowFindings } from "../../../shared/disclosure/ledger/ledger-flow.ts";
import {
  agreeingTables,
  earlierTables,
  lastShown,
  type ShownNumber,
} from "../../../shared/disclosure/ledger/ledger-history.ts";
import { cellNames, treeTable } from "../../../shared/disclosure/suppression/universe-cells.ts";
import { fridays, ledgerOf, showingAt, shownTable, universeAt } from "./ledger-text.ts";

const rules = { publishFromCount: 3, publishFromChange: 3 };
const [firstFriday, secondFriday, thirdFriday] = fridays;

function weekOf(friday: (typeof fridays)[number], text: string, release?: string) {
  return showingAt(friday, [shownTable(text, { name: "T07", universe: universeAt(friday) })], release);
}

describe("namedCells()", () => {
  test("name a cell the same in every table: dimensions by id, totals left out, members in order", () => {
    const table = shownTable(`
              |  T | w  | m
      T       | 50 | 20 | 30
      102+101 | 50 | 20 | 30`);
    expect([...namedCells(table)].map(({ name, isInner }) => (isInner ? `${name} !` : name))).toEqual([
      "Total",
      "geschlecht=w",
      "geschlecht=m",
      "raum=stadtteil:101+stadtteil:102",
      "geschlecht=w, raum=stadtteil:101+stadtteil:102 !",
      "geschlecht=m, raum=stadtteil:101+stadtteil:102 !",
    ]);
  });

  test("are the names that the attacker's model and the protected universe give the cells", () => {
    const table = shownTable(`
              |  T | w  | m
      T       | 50 | 20 | 30
      102+101 | 20 | 8  | 12
      103     | 30 | 12 | 18`);
    const names = [...namedCells(table)].map(({ name }) => `${table.universe}|${name}`);
    const { model, places } = knownModel([table], rules);
    expect([...(places[0] ?? [])].map((at) => model.cells[at]?.name)).toEqual(names);
    const counts = table.cells.map((cell) => ("value" in cell ? cell.value : Number.NaN));
    expect(cellNames(treeTable({ ...table, counts, role: "open" }))).toEqual(names);
  });

  test("a dimension without any parents has no total", () => {
    const months = { id: "monat", categories: [{ code: "2026-09" }, { code: "2026-10" }] };
    const table: KnownTable = {
      name: "T11",
      universe: "",
      dimensions: [months],
      cells: [{ kind: "suppressed" }, { kind: "suppressed" }],
    };
    expect([...namedCells(table)].map(({ name }) => name)).toEqual(["monat=2026-09", "monat=2026-10"]);
  });
});

describe("earlierTables()", () => {
  test("are those of the same universe, in the order of the ledger; a withheld one shows nothing", () => {
    const text = `
          |  T
      T   | 50
      101 | 50`;
    const withheld = { name: "T04", universe: universeAt(firstFriday), dimensions: [], cells: [] };
    const [first, second, third] = ledgerOf(
      weekOf(firstFriday, text),
      weekOf(secondFriday, text),
      showingAt(
        firstFriday,
        [withheld, shownTable(text, { name: "A", universe: universeAt(firstFriday) })],
        "request 7",
      ),
    );
    const entries = [third, second, first].flatMap((entry) => entry ?? []);
    const found = earlierTables(entries, new Set([universeAt(firstFriday)]));
    expect(found.map(({ release, table }) => `${release}: ${table.name}`)).toEqual([
      "report 2026-11-06: T07",
      "request 7: A",
    ]);
  });
});

describe("agreeingTables()", () => {
  const now = shownTable(`
        |  T |  m | w
    T   | 50 | 30 | 20
    101 | 20 | c  | c
    102 | 30 | 30 | 0`);

  /** Whether a table with the same name but that cell stays beside the one of now. */
  function stays(text: string): boolean {
    return agreeingTables([{ release: "earlier", table: shownTable(text) }], [now], rules).length === 1;
  }

  test("keep a table that shows the same, other cells, or less", () => {
    expect(
      stays(`
            |  T |  m | w
        T   | 50 | c  | c
        101 | 20 | 15 | 5`),
    ).toBe(true);
  });

  test("leave out a table with an exact count that is another one now", () => {
    expect(
      stays(`
            |  T |  m | w
        T   | 51 | c  | c
        102 | 30 | 30 | 0`),
    ).toBe(false);
  });

  test("leave out a table that hides what is 0 now, or shows 0 where now something is hidden", () => {
    expect(
      stays(`
            |  T |  m | w
        T   | 50 | 30 | 20
        102 | 30 | c  | c`),
    ).toBe(false);
    expect(
      stays(`
            |  T |  m | w
        T   | 50 | 30 | 20
        101 | 20 | 20 | 0`),
    ).toBe(false);
  });

  test("a held value agrees with a count that differs by 2 and not by 3", () => {
    const held = (value: number) => `
            |  T |  m       | w
        T   | 50 | h${value} | 20`;
    expect(stays(held(32))).toBe(true);
    expect(stays(held(28))).toBe(true);
    expect(stays(held(33))).toBe(false);
  });

  test("an inner rounded count tells its interval, a recomputed total nothing", () => {
    const rounded = (inner: number, total: number) => `
            |  T |  m        | w
        T   | 50 | r${total} | 20
        102 | 30 | 30        | r${inner}`;
    expect(stays(rounded(0, 99))).toBe(true);
    expect(stays(rounded(3, 30))).toBe(false);
    expect(stays(rounded(4, 30))).toBe(false);
  });

  test("leave out all tables of a release in the universe where one contradicts, and no others", () => {
    const agreeing = shownTable(`
          |  T
      T   | 50`);
    const contradicting = shownTable(
      `
          |  T
      T   | 60`,
      { name: "T04" },
    );
    const elsewhere = { ...contradicting, universe: universeAt("2026-11-13") };
    const earlier = [
      { release: "corrected later", table: agreeing },
      { release: "corrected later", table: contradicting },
      { release: "corrected later", table: elsewhere },
      { release: "other", table: agreeing },
    ];
    expect(agreeingTables(earlier, [now], rules)).toEqual([elsewhere, agreeing]);
  });
});

describe("lastShown() over three weeks", () => {
  const entries = ledgerOf(
    weekOf(
      firstFriday,
      `
             |   T
      T      | 100
      101    | 100
      101101 |  10
      101102 |  20
      101103 |  30
      101104 |  r3`,
    ),
    weekOf(
      secondFriday,
      `
             |   T
      T      | 102
      101    | 102
      101101 | h10
      101102 |  c
      101103 |  34
      101105 |   x`,
    ),
    weekOf(
      thirdFriday,
      `
             |   T
      T      | 101
      101    | 101
      101101 |  13
      101102 |   c
      101103 | h34`,
    ),
  );

  function shownAt(upTo: string): Readonly<Record<string, ShownNumber | undefined>> {
    const last = lastShown(entries, upTo);
    const blocks = ["101101", "101102", "101103", "101104", "101105"];
    return Object.fromEntries(
      blocks.map((block) => [block, last(universeAt("2026-11-27"), `raum=baublock:${block}`)]),
    );
  }

  test("is the newest number, through weeks in which the cell was hidden or missing", () => {
    expect(shownAt("2026-11-27")).toEqual({
      "101101": { kind: "exact", value: 13, date: thirdFriday },
      "101102": { kind: "exact", value: 20, date: firstFriday },
      "101103": { kind: "held", value: 34, date: thirdFriday },
      "101104": { kind: "rounded", value: 3, date: firstFriday },
      "101105": undefined,
    });
  });

  test("looks at nothing after the reference date, so that an old week is built again as it was", () => {
    expect(shownAt("2026-11-13")).toMatchObject({
      "101101": { kind: "held", value: 10 },
      "101103": { kind: "exact", value: 34 },
    });
    expect(shownAt("2026-11-12")).toMatchObject({ "101101": { kind: "exact", value: 10 } });
  });

  test("of the same date the newer entry counts; a late correction of an old week is not the last one", () => {
    const corrected = (value: number) => `
             |  T
      T      | 100
      101101 | ${value}`;
    const more = ledgerOf(
      ...entries,
      weekOf(secondFriday, corrected(70), "correction of the second week"),
      weekOf(thirdFriday, corrected(80), "correction of the third week"),
    );
    const cell = "raum=baublock:101101";
    expect(lastShown(more.slice(0, 4), thirdFriday)(universeAt(""), cell)?.value).toBe(13);
    expect(lastShown(more, thirdFriday)(universeAt(""), cell)?.value).toBe(80);
    expect(lastShown(more, secondFriday)(universeAt(""), cell)?.value).toBe(70);
  });

  test("another measure or population is another cell", () => {
    const last = lastShown(entries, thirdFriday);
    expect(last("gefluechtete||2026-11-20", "Total")?.value).toBe(101);
    expect(last("einwohner||2026-11-20", "Total")).toBeUndefined();
    expect(last("gefluechtete|registerlage|2026-11-20", "Total")).toBeUndefined();
  });

  test("a universe of several dates is as old as the latest of them", () => {
    const both = (friday: string) => `auslaender|registerlage|ewo=2026-10-31,ewo-alw=${friday}`;
    const text = (value: number) => `
        | T
      T | ${value}`;
    const found = ledgerOf(
      showingAt(secondFriday, [shownTable(text(40), { universe: both(secondFriday) })]),
      showingAt(firstFriday, [shownTable(text(30), { universe: both(firstFriday) })]),
    );
    const valueAt = (upTo: string) => lastShown(found, upTo)(both(thirdFriday), "Total")?.value;
    expect([valueAt(firstFriday), valueAt(secondFriday), valueAt("2026-11-05")]).toEqual([30, 40, undefined]);
  });
});

describe("flowFindings()", () => {
  const before = shownTable(
    `
           |   T
    T      | 100
    1      | 100
    101    |  60
    102    |  40
    101101 |  10
    101102 |  20
    101103 |   c
    101104 |  r3`,
    { name: "T07", universe: universeAt(secondFriday) },
  );
  const now = shownTable(
    `
           |   T
    T      | 101
    1      | 101
    101    |  62
    102    |  39
    101101 | h10
    101102 |  23
    101103 |   4
    101105 |   5`,
    { name: "T07" },
  );

  test("count the cells that changed by 1 or 2, by table and level; 0, 3 and cells without two numbers are none", () => {
    // 100 → 101 (city and borough), 60 → 62, 40 → 39; 20 → 23 is large enough, 10 → 10 is no change
    expect(flowFindings([before], [now], 3)).toEqual([
      { table: "T07", level: "stadt", cells: 1 },
      { table: "T07", level: "stadtbezirk", cells: 1 },
      { table: "T07", level: "stadtteil", cells: 2 },
    ]);
    expect(flowFindings([before], [now], 4)).toContainEqual({ table: "T07", level: "baublock", cells: 1 });
    expect(flowFindings([now], [now], 3)).toEqual([]);
  });

  test("compare the latest date of each week only, where a table runs over time", () => {
    const line = (value: number, friday: string) =>
      shownTable(
        `
          | T
        T | ${value}`,
        { name: "T17", universe: universeAt(friday) },
      );
    const earlier = [line(48, firstFriday), line(60, secondFriday)];
    const later = [line(48, firstFriday), line(60, secondFriday), line(50, thirdFriday)];
    expect(flowFindings(earlier, later, 3)).toEqual([]);
    expect(flowFindings(earlier, later.with(2, line(59, thirdFriday)), 3)).toEqual([
      { table: "T17", level: "stadt", cells: 1 },
    ]);
  });
});
