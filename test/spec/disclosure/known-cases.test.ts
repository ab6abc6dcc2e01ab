import { describe, expect, test } from "vitest";
import { casesGiveAway } from "../../../shared/disclosure/attacker/known-cases.ts";
import { policy } from "../../../shared/disclosure/policy.ts";
import { suppressRows } from "../../../shared/disclosure/suppression/suppress-rows.ts";
import { type CountedTable, type Measure, stateOf } from "../../../shared/tables/table.ts";
import { textTable } from "./text-table.ts";

const cases: Measure = { id: "faelle", label: "Fälle", kind: "count", unit: "Fälle" };
const persons: Measure = { id: "personen", label: "Personen", kind: "count", unit: "Personen" };

/** A month: code | cases | persons, the total first; "." behind a number hides it. */
function month(text: string): CountedTable {
  const rows = text
    .trim()
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const flat = textTable(["| T", ...rows.map(([code]) => `${code} | 0`)].join("\n"), { rows: "pks_gruppe" });
  const cells = rows.flatMap(([, ...numbers]) => numbers);
  return {
    ...flat,
    id: "T11",
    dimensions: flat.dimensions.slice(0, 1),
    measures: [cases, persons],
    values: Float64Array.from(cells, (cell) => Number.parseInt(cell, 10)),
    states: Uint8Array.from(cells, (cell) => (cell.endsWith(".") ? stateOf.confidential : stateOf.value)),
  };
}

describe("casesGiveAway()", () => {
  test("finds persons of a group without cases where the hidden cases leave too few over", () => {
    // 38 - 33 = 5 persons and 24 - 20 = 4 cases are hidden; b and c have at least 4 persons, so a has 1
    const known = month("T | 24 | 38\na | 0 | 1.\nb | 3. | 3.\nc | 1. | 1.\nd | 20 | 33");
    expect(casesGiveAway(known, 3)).toBe(true);
  });

  test("not where enough is left over, nor without such a group", () => {
    const wide = month("T | 24 | 42\na | 0 | 1.\nb | 3. | 6.\nc | 1. | 2.\nd | 20 | 33");
    expect(casesGiveAway(wide, 3)).toBe(false);
    const plain = month("T | 24 | 38\na | 1. | 1.\nb | 3. | 4.\nd | 20 | 33");
    expect(casesGiveAway(plain, 3)).toBe(false);
  });

  test("suppressRows() hides one more group where the cases would tell", () => {
    const table = month("T | 24 | 42\na | 0 | 1.\nb | 3. | 3.\nc | 1. | 1.\nd | 5 | 9\ne | 15 | 28");
    expect(casesGiveAway(table, 3)).toBe(true);
    const hidden = suppressRows(table, policy);
    // with d: 1 + 3 + 1 + 9 = 14 persons, 0 + 3 + 1 + 5 = 9 cases, 5 to spare
    expect(hidden?.states[4 * 2 + 1]).toBe(stateOf.confidential);
    expect(hidden !== undefined && casesGiveAway(hidden, 3)).toBe(false);
  });
});
