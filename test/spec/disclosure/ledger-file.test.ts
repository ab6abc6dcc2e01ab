import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LedgerEntry } from "../../../shared/disclosure/ledger/ledger.ts";
import { entryBytes, largestEntry, readEntry } from "../../../shared/disclosure/ledger/ledger-file.ts";
import { cellOf, ledgerOf, showingAt, shownTable, universeAt } from "./ledger-text.ts";

const friday = "2026-11-20";
const table = shownTable(`
          |  T  |  m | w
  T       | 50  | 30 | 20
  1       | r51 | c  | c
  101+102 | h20 | u  | x`);
const other = { ...table, name: "T06", universe: universeAt("2026-11-13") };
const withheld = { name: "T07", universe: universeAt(friday), dimensions: [], cells: [] };
const entry = entryWith([table, other, withheld]);

function entryWith(tables: LedgerEntry["tables"]): LedgerEntry {
  const [only] = ledgerOf(showingAt(friday, tables));
  if (only === undefined) throw new TypeError("Expected one entry");
  return only;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The stored entry with one fact changed. */
function changed(change: (stored: ReturnType<typeof JSON.parse>) => unknown): Uint8Array {
  const stored = JSON.parse(textOf(entryBytes(entry)));
  return Buffer.from(JSON.stringify(change(stored) ?? stored));
}

describe("entryBytes()", () => {
  test("writes short JSON: every dimension once, cells as numbers and signs", () => {
    expect(JSON.parse(textOf(entryBytes(entry)))).toEqual({
      version: 1,
      sequence: 1,
      previous: "",
      release: "report 2026-11-20",
      kind: "report",
      week: "2026-KW47",
      referenceDate: "2026-11-20",
      methodVersion: "schutzregeln-1",
      rules: { publishFromCount: 3, publishFromChange: 3 },
      dimensions: [
        {
          id: "raum",
          codes: ["stadt:T", "stadtbezirk:1", "stadtteil:101+102"],
          parents: [-1, 0, 1],
          members: [[2, ["stadtteil:101", "stadtteil:102"]]],
        },
        { id: "geschlecht", codes: ["T", "m", "w"], parents: [-1, 0, 0] },
      ],
      tables: [
        {
          name: "T06",
          universe: "gefluechtete||2026-11-13",
          dimensions: [0, 1],
          cells: [50, 30, 20, "r51", "c", "c", "h20", "u", "x"],
        },
        {
          name: "T02",
          universe: "gefluechtete||2026-11-20",
          dimensions: [0, 1],
          cells: [50, 30, 20, "r51", "c", "c", "h20", "u", "x"],
        },
        { name: "T07", universe: "gefluechtete||2026-11-20", dimensions: [], cells: [] },
      ],
    });
  });

  test("gives the same bytes whatever the order of the tables, also of two with the same name", () => {
    const twin = { ...table, cells: table.cells.with(0, cellOf("60")) };
    const tables = [table, other, withheld, twin];
    const bytes = entryBytes(entryWith(tables));
    fc.assert(
      fc.property(fc.shuffledSubarray(tables, { minLength: 4 }), (shuffled) => {
        expect(entryBytes(entryWith(shuffled))).toEqual(bytes);
      }),
      { numRuns: 24 },
    );
  });

  test("refuses what could not be read again, and names the place", () => {
    const short = { ...table, cells: table.cells.slice(1) };
    expect(() => entryBytes({ ...entry, tables: [short] })).toThrow(
      new RangeError("Cannot write ledger entry 1: tables.0 must have the declared form"),
    );
    const nothing = { ...table, cells: table.cells.with(0, { kind: "exact", value: Number.NaN }) };
    expect(() => entryBytes({ ...entry, tables: [nothing] })).toThrow(
      new RangeError("Cannot write ledger entry 1: tables.0.cells must have the declared form"),
    );
  });

  test("refuses a kind of cell that it does not know", () => {
    const cells = table.cells.with(0, JSON.parse('{ "kind": "blurred", "value": 7 }'));
    expect(() => entryBytes({ ...entry, tables: [{ ...table, cells }] })).toThrow(TypeError);
  });
});

describe("readEntry()", () => {
  test("gives back what was written, the tables in their stored order", () => {
    expect(readEntry(entryBytes(entry))).toEqual({ ...entry, tables: [other, table, withheld] });
  });

  test("gives back any table", () => {
    const field = fc.oneof(
      fc.integer({ min: 0, max: 1_000_000 }).map(String),
      fc.constantFrom("r0", "r3", "r17", "h9", "h1234", "c", "x", "u"),
    );
    const line = fc.tuple(field, field, field).map((fields) => fields.map(cellOf));
    fc.assert(
      fc.property(fc.tuple(line, line, line), (lines) => {
        const any = entryWith([{ ...table, cells: lines.flat() }]);
        expect(readEntry(entryBytes(any))).toEqual(any);
      }),
      { numRuns: 100 },
    );
  });

  const wrong: Readonly<
    Record<string, readonly [string, (stored: ReturnType<typeof JSON.parse>) => unknown]>
  > = {
    "another version": ["version", (stored) => ({ ...stored, version: 2 })],
    "an unknown fact": ["the entry", (stored) => ({ ...stored, geheim: 7 })],
    "no number": ["sequence", (stored) => ({ ...stored, sequence: 0 })],
    "a number of nine digits": ["sequence", (stored) => ({ ...stored, sequence: 100_000_000 })],
    "a first entry with a hash": ["previous", (stored) => ({ ...stored, previous: "0".repeat(64) })],
    "a later entry without one": ["previous", (stored) => ({ ...stored, sequence: 2 })],
    "a hash that is none": ["previous", (stored) => ({ ...stored, sequence: 2, previous: "geheim" })],
    "an unknown kind": ["kind", (stored) => ({ ...stored, kind: "geheim" })],
    "a week that is none": ["week", (stored) => ({ ...stored, week: "geheim" })],
    "a day that is none": ["referenceDate", (stored) => ({ ...stored, referenceDate: "2026-02-30" })],
    "no rules": ["rules", (stored) => ({ ...stored, rules: undefined })],
    "a rule of no policy": [
      "rules.publishFromCount",
      (stored) => ({ ...stored, rules: { ...stored.rules, publishFromCount: 2 } }),
    ],
    "an unknown rule": ["rules", (stored) => ({ ...stored, rules: { ...stored.rules, geheim: 7 } })],
    "no tables": ["tables", (stored) => ({ ...stored, tables: undefined })],
    "a cell that is none": ["tables.0.cells", (stored) => void stored.tables[0].cells.splice(4, 1, "geheim")],
    "a cell that is nothing": ["tables.0.cells", (stored) => void stored.tables[0].cells.splice(4, 1, null)],
    "a cell too few": ["tables.1", (stored) => void stored.tables[1].cells.pop()],
    "cells without dimensions": ["tables.1", (stored) => void stored.tables[1].dimensions.splice(0)],
    "a dimension that is not there": [
      "tables.1",
      (stored) => void stored.tables[1].dimensions.splice(0, 1, 9),
    ],
    "a dimension twice": [
      "tables.0",
      (stored) => {
        stored.tables[0].dimensions = [0, 0];
      },
    ],
    "a circle of parents": [
      "dimensions.0",
      (stored) => {
        stored.dimensions[0].parents = [-1, 2, 1];
      },
    ],
    "a category above itself": [
      "dimensions.1",
      (stored) => {
        stored.dimensions[1].parents = [-1, 0, 2];
      },
    ],
    "a parent that is not there": [
      "dimensions.0",
      (stored) => {
        stored.dimensions[0].parents = [-1, 0, 3];
      },
    ],
    "a parent too few": ["dimensions.0", (stored) => void stored.dimensions[0].parents.pop()],
    "members of nothing": [
      "dimensions.0",
      (stored) => {
        stored.dimensions[0].members = [[3, ["geheim"]]];
      },
    ],
    "members twice": [
      "dimensions.0",
      (stored) => void stored.dimensions[0].members.push(stored.dimensions[0].members[0]),
    ],
  };
  for (const [what, [place, change]] of Object.entries(wrong)) {
    test(`refuses ${what}, names the place and repeats nothing`, () => {
      expect(() => readEntry(changed(change))).toThrow(
        new SyntaxError(`Cannot read ledger entry: ${place} must have the declared form`),
      );
    });
  }

  test("refuses what is no JSON, no UTF-8 or too large, and repeats nothing", () => {
    const message = "Cannot read ledger entry: the entry must have the declared form";
    expect(() => readEntry(Buffer.from('{"geheim": 7'))).toThrow(new SyntaxError(message));
    expect(() => readEntry(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(new SyntaxError(message));
    expect(() => readEntry(new Uint8Array(largestEntry + 1))).toThrow(
      new SyntaxError(`Cannot read ledger entry: it must have at most ${largestEntry} bytes`),
    );
  });

  test("ends with an entry or a SyntaxError, whichever byte is changed", () => {
    const bytes = entryBytes(entry);
    const refused = [...bytes.keys()].filter((at) => {
      try {
        readEntry(bytes.with(at, (bytes[at] ?? 0) ^ 1));
        return false;
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
        return true;
      }
    });
    expect(refused.length).toBeGreaterThan(0);
  });
});
