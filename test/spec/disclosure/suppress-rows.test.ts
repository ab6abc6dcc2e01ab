import { describe, expect, test } from "vitest";
import { type Policy, policy } from "../../../shared/disclosure/policy.ts";
import { suppressRows } from "../../../shared/disclosure/suppression/suppress-rows.ts";
import { type CountedTable, type Measure, stateOf } from "../../../shared/tables/table.ts";
import { persons, textTable } from "./text-table.ts";

const euro: Measure = { id: "ausgaben", label: "Ausgaben", kind: "money", unit: "Euro" };

/**
 * A month of benefits from a text: code | persons | amount | recipients | largest, the total first. "-" as the largest is
 * history that does not tell it.
 */
function month(text: string): CountedTable {
  const rows = text
    .trim()
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const numbers = (column: number) => rows.map((row) => Number(row[column]?.replace("-", "NaN") ?? 0));
  const [counts, amounts, recipients, largest] = [1, 2, 3, 4].map(numbers);
  const flat = textTable(["| T", ...rows.map(([code]) => `${code} | 0`)].join("\n"), { rows: "pks_gruppe" });
  const beside = (values: readonly number[] = []) => Float64Array.from(values.flatMap((value) => [0, value]));
  return {
    ...flat,
    id: "T11",
    dimensions: flat.dimensions.slice(0, 1),
    measures: [persons, euro],
    values: Float64Array.from(rows.flatMap((_, at) => [counts?.[at] ?? 0, amounts?.[at] ?? 0])),
    states: new Uint8Array(rows.length * 2),
    concentration: { recipients: beside(recipients), largest: beside(largest), absolute: beside(amounts) },
  };
}

/** Codes of rows and what is hidden of them: "a: persons ausgaben". */
function hiddenIn(table: CountedTable, rules: Policy = policy): readonly string[] {
  const result = suppressRows(table, rules);
  return (result?.dimensions[0]?.categories ?? []).flatMap(({ code }, row) => {
    const hidden = table.measures.flatMap(({ id }, measure) =>
      result?.states[row * 2 + measure] === stateOf.confidential ? [id] : [],
    );
    return hidden.length === 0 ? [] : [`${code}: ${hidden.join(" ")}`];
  });
}

describe("suppressRows()", () => {
  test("hides nothing where every amount has three recipients, none with more than 85 %", () => {
    expect(hiddenIn(month("T | 9 | 900 | 9 | 300\n a | 6 | 600 | 6 | 300\n b | 3 | 300 | 3 | 255"))).toEqual(
      [],
    );
  });

  test("hides an amount of two recipients with its persons, and the smallest group that makes both safe", () => {
    const table = month(`
      T | 30 | 3000 | 30 | 200
      a |  4 |  400 |  2 | 200
      b | 10 | 1000 | 10 | 100
      c | 16 | 1600 | 16 | 100`);
    // a alone: its amount is the total less the others. a and b: 1400 of 10 recipients, at most 200 + 100 of one
    expect(hiddenIn(table)).toEqual(["a: gefluechtete ausgaben", "b: gefluechtete ausgaben"]);
  });

  test("hides as many groups as it takes that nobody has more than 85 % of what is left over", () => {
    const table = month(`
      T | 20 | 2000 | 20 | 900
      a |  3 |  900 |  3 | 890
      b |  4 |  100 |  4 |  90
      c | 13 | 1000 | 13 | 100`);
    // a and b: one may have 890 + 90 = 980 of 1000; with c 1080 of 2000
    expect(hiddenIn(table)).toEqual([
      "a: gefluechtete ausgaben",
      "b: gefluechtete ausgaben",
      "c: gefluechtete ausgaben",
    ]);
  });

  test("hides the total, too, where no group is left", () => {
    expect(hiddenIn(month("T | 3 | 300 | 2 | 200\n a | 3 | 300 | 2 | 200\n b | 0 | 0 | 0 | 0"))).toEqual([
      "T: gefluechtete ausgaben",
      "a: gefluechtete ausgaben",
    ]);
  });

  test("shows nothing as nothing", () => {
    const table = month(
      "T | 9 | 900 | 9 | 90\n a | 2 | 200 | 2 | 90\n b | 0 | 0 | 0 | 0\n c | 7 | 700 | 7 | 90",
    );
    expect(hiddenIn(table)).not.toContainEqual(expect.stringContaining("b:"));
  });

  test("takes more groups where a count stays known: two that add up to 3 are 1 and 2", () => {
    const table = month(`
      T | 20 | 2000 | 20 | 100
      a |  1 |  500 |  1 | 100
      b |  2 |  500 |  9 | 100
      c | 17 | 1000 | 17 | 100`);
    // a + b = 3 persons
    expect(hiddenIn(table)).toHaveLength(3);
  });

  test("applies dominance to history without recipients only where the policy says so", () => {
    const history = month("T | 9 | 900 | 9 | -\n a | 9 | 900 | 9 | -\n b | 0 | 0 | 0 | 0");
    expect(hiddenIn(history)).toEqual([]);
    const strict = {
      ...policy,
      historyWithoutDominance: { ...policy.historyWithoutDominance, value: false },
    };
    expect(hiddenIn(history, strict)).toHaveLength(2);
  });

  test("gives nothing for a table with more than one level: its amounts hang together in more ways", () => {
    const deep = textTable("| T\n T | 900\n 1 | 900\n 101 | 900", { measure: euro });
    expect(suppressRows(deep, policy)).toBeUndefined();
  });
});
