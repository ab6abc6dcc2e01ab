import { describe, expect, test } from "vitest";
import { auditTables } from "../../../shared/disclosure/audit/audit.ts";
import { auditRules } from "../../../shared/disclosure/audit/audit-finding.ts";
import { AuditedRelease } from "../../../shared/disclosure/audited-release.ts";
import { policy } from "../../../shared/disclosure/policy.ts";
import type { ProtectedTable } from "../../../shared/disclosure/released-table.ts";
import {
  type Category,
  type CountedTable,
  type DimensionId,
  type Measure,
  stateOf,
} from "../../../shared/tables/table.ts";
import { nothingBefore } from "./nothing-before.ts";
import { persons, textTable } from "./text-table.ts";

function published(table: CountedTable): ProtectedTable {
  return { kind: "published", method: "none", table, treatments: [] };
}

async function findingsOf(...tables: readonly CountedTable[]): Promise<readonly unknown[]> {
  const result = await auditTables(tables.map(published), policy, nothingBefore);
  return result.kind === "passed" ? [] : result.findings;
}

const safe = textTable("| T | w | m\n T | 9 | 5 | 4\n 1 | 9 | 5 | 4");
const euro: Measure = { id: "ausgaben", label: "Ausgaben", kind: "money", unit: "Euro" };

/** Nationalities a, b, c with some of them merged; one column, the total. */
function merged(
  id: string,
  text: string,
  groups: Readonly<Record<string, readonly string[]>> = {},
): CountedTable {
  const table = textTable(text, { id, rows: "staatsangehoerigkeit" });
  const [rows, columns] = table.dimensions;
  const categories = (rows?.categories ?? []).map((category): Category => {
    const members = groups[category.code];
    return members === undefined ? category : { ...category, merged: members };
  });
  return rows === undefined || columns === undefined
    ? table
    : { ...table, dimensions: [{ ...rows, categories }, columns] };
}

function inDimension(id: DimensionId, table: CountedTable): CountedTable {
  const [rows, ...others] = table.dimensions;
  return rows === undefined ? table : { ...table, dimensions: [{ ...rows, id }, ...others] };
}

describe("auditTables() knows of a held count only that it is near", async () => {
  /** A table of areas, one column, with the cells of `held` areas held. */
  function holding(text: string, held: readonly string[]): CountedTable {
    const table = textTable(text, { id: "T07" });
    const areas = table.dimensions[0]?.categories ?? [];
    return {
      ...table,
      states: Uint8Array.from(areas, ({ code }) => (held.includes(code) ? stateOf.held : stateOf.value)),
    };
  }
  const text = (block: number) => `| T\n T | 20\n 1 | 20\n 101 | 20\n 101101 | ${block}\n 101102 | 9`;

  test("it does not contradict exact parents", async () => {
    expect(await findingsOf(holding(text(12), ["101101", "101102"]))).toEqual([]);
    expect(await findingsOf(textTable(text(12), { id: "T07" }))).not.toEqual([]);
  });

  test("it may follow from what is shown, unless it is small", async () => {
    // 20 less 9 is 11, whatever was held in its place
    expect(await findingsOf(holding(text(12), ["101101"]))).toEqual([]);
    const small = "| T\n T | 20\n 1 | 20\n 101 | 20\n 101101 | 3\n 101102 | 18";
    // 20 less 18 is 2
    expect(await findingsOf(holding(small, ["101101"]))).toEqual([
      { rule: "disclosed-count", tables: ["T07"] },
    ]);
  });

  test("it is refused where it is small", async () => {
    expect(await findingsOf(holding(text(2), ["101101", "101102"]))).toEqual([
      { rule: "small-count", tables: ["T07"] },
    ]);
  });

  test("what its exact siblings leave is judged as ever", async () => {
    // 20 less 18 leaves 2, whatever was held in its place
    expect(await findingsOf(holding("| T\n T | 20\n 1 | 18\n 2 | 3", ["2"]))).toEqual([
      { rule: "disclosed-count", tables: ["T07"] },
    ]);
  });

  test.each([
    ["money", stateOf.held, euro],
    ["a rate", stateOf.held, { id: "je_1000", label: "je 1.000", kind: "rate", unit: "" } as const],
    ["a count with a state that nobody declared", 9, persons],
  ])("%s cannot be in a state that is not for it", async (_what, state, measure) => {
    const table = textTable("| T\n T | 9\n 1 | 9", { measure });
    expect(await findingsOf({ ...table, states: Uint8Array.from([0, state]) })).toEqual([
      { rule: "malformed-table", tables: ["T02"] },
    ]);
  });
});

describe("auditTables() looks into a rounded level", () => {
  const text =
    "| T\n T | 12\n 1 | 12\n 101 | 12\n 1011 | 2\n 101101 | 1\n 101102 | 1\n 1012 | 10\n 101201 | 4\n 101202 | 6";
  /** Blocks below 101 rounded, their districts recomputed, all above exact. */
  function rounded(shown: readonly number[]): CountedTable {
    const table = textTable(text, { id: "T07" });
    const states = [0, 0, 0, 2, 2, 2, 2, 2, 2];
    return { ...table, values: Float64Array.from(shown), states: Uint8Array.from(states) };
  }
  /** True counts by name, as protection hands them on. */
  const evidence = {
    numbers: new Map(
      [12, 2, 1, 1, 10, 4, 6].map((count, at) => {
        const area = ["stadtteil:101", "statbezirk:1011", "baublock:101101", "baublock:101102"].concat(
          "statbezirk:1012",
          "baublock:101201",
          "baublock:101202",
        )[at];
        return [`gefluechtete||2026-11-20|raum=${area}`, count] as const;
      }),
    ),
    changes: [],
  };

  test("a recomputed total must not be known to be 1 or 2", async () => {
    // 12 - 4 - 6 = 2 persons in district 1011, whatever stands there
    const shown = rounded([12, 12, 12, 0, 0, 0, 10, 4, 6]);
    const verdict = await auditTables([published(shown)], policy, { earlier: [], evidence });
    expect(verdict).toEqual({ kind: "disclosive", findings: [{ rule: "disclosed-count", tables: ["T07"] }] });
  });
});

describe("auditTables() judges groups", () => {
  const table = textTable("| T | w | m\n T | 12 | 8 | 4\n 1 | 5 | 5 | 0\n 2 | 7 | 3 | 4");

  test("of which all persons are in one category only where the policy says so", async () => {
    expect(await findingsOf(table)).toEqual([]);
    const strict = { ...policy, groupDisclosure: { ...policy.groupDisclosure, value: "unsafe" } } as const;
    expect(await auditTables([published(table)], strict, nothingBefore)).toEqual({
      kind: "disclosive",
      findings: [{ rule: "group-disclosure", tables: ["T02"] }],
    });
  });
});

describe("auditTables() finds a small count that follows by subtraction", async () => {
  test("a merged category less the members that another table publishes", async () => {
    const fine = merged("T03", "| T\n T | 30\n a | 9\n bc | 21", { bc: ["b", "c"] });
    const other = merged("T04", "| T\n T | 30\n ab | 10\n c | 20", { ab: ["a", "b"] });
    // ab = 10, a = 9: b = 1
    expect(await findingsOf(fine, other)).toEqual([{ rule: "disclosed-count", tables: ["T03", "T04"] }]);
  });

  test("a larger remainder less a smaller one", async () => {
    const first = merged("T03", "| T\n T | 40\n a | 20\n s | 20", { s: ["b", "c", "d"] });
    const second = merged("T04", "| T\n T | 40\n x | 22\n s | 18", { x: ["a", "b"], s: ["c", "d"] });
    // b + c + d = 20, c + d = 18: b = 2
    expect(await findingsOf(first, second)).toEqual([{ rule: "disclosed-count", tables: ["T03", "T04"] }]);
  });

  test("an area with the persons without assignment less the area itself", async () => {
    const moved = textTable("| T\n T | 30\n 1 | 10\n 2 | 20", { id: "T06" });
    const [areas, sexes] = moved.dimensions;
    const withMerged = (areas?.categories ?? []).map((area) =>
      area.code === "2" ? { ...area, merged: ["2", "ohne"] } : area,
    );
    const alike = { ...moved, dimensions: [{ ...areas, categories: withMerged }, sexes] } as CountedTable; // both exist
    const plain = textTable("| T\n T | 30\n 1 | 10\n 2 | 18\n ohne | 2", { id: "T02" });
    expect(await findingsOf(alike)).toEqual([]);
    expect(await findingsOf(plain)).toEqual([{ rule: "small-count", tables: ["T02"] }]);
    const unassignedOf = {
      ...plain,
      values: Float64Array.from([30, 10, 18, 0]),
      states: Uint8Array.from([0, 0, 0, stateOf.unavailable]),
    };
    // 18 and 20 = 18 + 2
    expect((await findingsOf(unassignedOf, alike)).at(0)).toMatchObject({ rule: "disclosed-count" });
  });

  test("a group of benefit keys less the keys that another table publishes", async () => {
    const benefits = { "akdn-sozial": "2026-10" };
    const group = (code: string, ...members: readonly string[]) => ({
      code: `gruppe-${code}`,
      label: code,
      members,
    });
    const pks = [{ kind: "merge", groups: [group("1", "A", "B"), group("2", "C", "D")] }] as const;
    const remainder = merged("T10", "| T\n T | 40\n A | 9\n C | 19\n s | 12", { s: ["B", "D"] });
    const keys = inDimension("pks", { ...remainder, coarsening: { pks }, referenceDates: benefits });
    const groups = textTable("| T\n T | 40\n 1 | 11\n 2 | 29", {
      id: "T11",
      rows: "pks_gruppe",
      referenceDates: benefits,
    });
    // 1 = A + B = 11, A = 9: B = 2
    expect(await findingsOf(keys, groups)).toEqual([{ rule: "disclosed-count", tables: ["T10", "T11"] }]);
    expect(await findingsOf(keys)).toEqual([]);
  });

  test("what remains of a merged category beside several members", async () => {
    const first = merged("T03", "| T\n T | 40\n a | 20\n s | 20", { s: ["b", "c", "d", "e"] });
    const second = merged("T04", "| T\n T | 40\n b | 9\n c | 9\n s | 22", { s: ["a", "d", "e"] });
    // b + c + d + e = 20, b = 9, c = 9: d + e = 2, although neither d nor e follows
    expect(await findingsOf(first, second)).toContainEqual({
      rule: "disclosed-count",
      tables: ["T03", "T04"],
    });
  });

  test("three tables of large counts that together give a small one away", async () => {
    const areas = textTable("| T | DU | AG\n T | 27 | 13 | 14\n 1 | 8 | 4 | 4\n 2 | 19 | 9 | 10", {
      id: "T02",
      columns: "aufenthaltsstatus",
    });
    const origins = textTable("| T | a | b\n T | 27 | 8 | 19\n 1 | 8 | 3 | 5\n 2 | 19 | 5 | 14", {
      id: "T04",
      columns: "staatsangehoerigkeit",
    });
    const both = textTable("| T | DU | AG\n T | 27 | 13 | 14\n a | 8 | 8 | 0\n b | 19 | 5 | 14", {
      id: "T03",
      rows: "staatsangehoerigkeit",
      columns: "aufenthaltsstatus",
    });
    // Nobody of a has AG, so in area 1 all 3 of a have DU, and 4 - 3 = 1 of b
    expect(await findingsOf(areas, origins, both)).toEqual([
      { rule: "disclosed-count", tables: ["T02", "T04"] },
    ]);
    expect(await findingsOf(areas, origins)).toEqual([]);
  });

  test("residents less the foreigners among them", async () => {
    const residents = (text: string): CountedTable => ({
      ...textTable(text, { id: "T08" }),
      dimensions: textTable(text).dimensions.slice(0, 1),
      measures: [
        { id: "einwohner", label: "Einwohner", kind: "count", unit: "Personen" },
        { id: "auslaender", label: "Ausländer", kind: "count", unit: "Personen" },
      ],
    });
    // Without assignment: 6 residents, 5 of them foreigners, so 1 German.
    expect(await findingsOf(residents("| e | a\n T | 96 | 45\n 1 | 90 | 40\n ohne | 6 | 5"))).toEqual([
      { rule: "small-remainder", tables: ["T08"] },
    ]);
    expect(await findingsOf(residents("| e | a\n T | 96 | 46\n 1 | 90 | 40\n ohne | 6 | 6"))).toEqual([]);
  });

  test("not where two merged categories overlap and what they share may be 0 to 3", async () => {
    const first = merged("T03", "| T\n T | 26\n s | 3\n t | 23", { s: ["a", "b"], t: ["c", "d"] });
    const second = merged("T04", "| T\n T | 26\n s | 3\n t | 23", { s: ["a", "c"], t: ["b", "d"] });
    // a and b add up to 3, a and c too: a may be 0, 1, 2 or 3
    expect(await findingsOf(first, second)).toEqual([]);
  });

  test("not when everything that follows is large enough", async () => {
    const fine = merged("T03", "| T\n T | 30\n a | 9\n bc | 21", { bc: ["b", "c"] });
    const other = merged("T04", "| T\n T | 30\n ab | 13\n c | 17", { ab: ["a", "b"] });
    expect(await findingsOf(fine, other)).toEqual([]);
  });

  test("not between different days, and not between different measures", async () => {
    const fine = merged("T03", "| T\n T | 30\n a | 9\n bc | 21", { bc: ["b", "c"] });
    const other = merged("T04", "| T\n T | 30\n ab | 10\n c | 20", { ab: ["a", "b"] });
    expect(await findingsOf(fine, { ...other, referenceDates: { "ewo-alw": "2026-11-13" } })).toEqual([]);
    const pupils: Measure = { id: "schueler", label: "Schüler", kind: "count", unit: "Personen" };
    expect(await findingsOf(fine, { ...other, measures: [pupils] })).toEqual([]);
  });

  test("across the week of a table over time", async () => {
    const other = merged("T04", "| T\n T | 30\n ab | 10\n c | 20", { ab: ["a", "b"] });
    const weeks = merged("T17", "| T\n T | 30\n a | 9\n bc | 21", { bc: ["b", "c"] });
    const [rows] = weeks.dimensions;
    const time = {
      id: "zeitpunkt",
      label: "Stichtag",
      categories: [{ code: "2026-11-20", label: "20.11.2026" }],
    } as const;
    const overTime = { ...weeks, dimensions: [...(rows === undefined ? [] : [rows]), time] };
    expect(await findingsOf(overTime, other)).toEqual([{ rule: "disclosed-count", tables: ["T17", "T04"] }]);
  });
});

describe("auditTables() refuses", () => {
  const broken: Readonly<Record<string, CountedTable>> = {
    "a value too many": { ...safe, values: new Float64Array(7) },
    "half a person": { ...safe, values: Float64Array.from([9, 5, 4, 9, 5.5, 3.5]) },
    "a negative count": { ...safe, values: Float64Array.from([9, 5, 4, 9, -5, 14]) },
    "a hidden cell that still has its value": { ...safe, states: Uint8Array.from([0, 0, 0, 0, 1, 0]) },
    "a state nobody knows": { ...safe, states: Uint8Array.from([0, 0, 0, 0, 9, 0]) },
    "a category that is its own ancestor": {
      ...safe,
      dimensions: safe.dimensions.map((dimension) => ({
        ...dimension,
        categories: dimension.categories.map((category, index) =>
          index === 1 ? { ...category, parent: 1 } : category,
        ),
      })),
    },
    "the same code twice": {
      ...safe,
      dimensions: safe.dimensions.map((dimension) => ({
        ...dimension,
        categories: dimension.categories.map((category) => ({ ...category, code: "w" })),
      })),
    },
  };

  test.each(Object.entries(broken))("%s", async (_case, table) => {
    expect(await findingsOf(table)).toEqual([{ rule: "malformed-table", tables: ["T02"] }]);
  });

  test("the same table twice", async () => {
    expect(await findingsOf(safe, safe)).toEqual([{ rule: "malformed-table", tables: ["T02"] }]);
  });

  test("a small count, although protection let it through", async () => {
    expect(await findingsOf(textTable("| T | w | m\n T | 9 | 7 | 2\n 1 | 9 | 7 | 2"))).toEqual([
      { rule: "small-count", tables: ["T02"] },
    ]);
  });

  test("money without recipients, and money that follows by subtraction", async () => {
    const table = textTable("| T\n T | 500\n a | 500", { rows: "pks", measure: euro });
    expect(await findingsOf(table)).toEqual([{ rule: "unsafe-amount", tables: ["T02"] }]);
    const known = (money: CountedTable): CountedTable => ({
      ...money,
      measures: [euro],
      concentration: {
        recipients: money.values.map(() => 9),
        largest: money.values.map(() => 1),
        absolute: money.values.map(() => 900),
      },
    });
    const fine = known(merged("T03", "| T\n T | 30\n a | 9\n bc | 21", { bc: ["b", "c"] }));
    const other = known(merged("T04", "| T\n T | 30\n ab | 13\n c | 17", { ab: ["a", "b"] }));
    expect(await findingsOf(fine, other)).toEqual([{ rule: "derived-amount", tables: ["T03", "T04"] }]);
  });

  test("two values for the same cell", async () => {
    const other = textTable("| T | w | m\n T | 10 | 5 | 5\n 1 | 10 | 5 | 5", { id: "T05" });
    expect(await findingsOf(safe, other)).toContainEqual({ rule: "contradiction", tables: ["T02", "T05"] });
  });

  test("parts that are not their sum: the difference tells of persons who are counted twice", async () => {
    expect(await findingsOf(textTable("| T | w | m\n T | 10 | 6 | 6\n 1 | 10 | 6 | 6"))).toEqual([
      { rule: "contradiction", tables: ["T02"] },
    ]);
  });

  test("a rate or difference that does not follow from the counts beside it", async () => {
    const rate: Measure = { id: "je_1000", label: "je 1.000", kind: "rate", unit: "je 1.000" };
    const alone = textTable("| T\n T | 12.5\n 1 | 20", { measure: rate });
    expect(await findingsOf(alone)).toEqual([{ rule: "unjudged-figure", tables: ["T02"] }]);
    const difference: Measure = {
      id: "differenz",
      label: "Veränderung",
      kind: "difference",
      unit: "Personen",
    };
    const weeks = (change: number): CountedTable => ({
      ...textTable("", { rows: "zeitpunkt" }),
      dimensions: [
        {
          id: "zeitpunkt",
          label: "Stichtag",
          categories: ["2026-11-20", "2026-11-13"].map((code) => ({ code, label: code })),
        },
      ],
      measures: [{ id: "gefluechtete", label: "Geflüchtete", kind: "count", unit: "Personen" }, difference],
      values: Float64Array.from([20, 0, 16, change]),
      states: Uint8Array.from([0, 5, 0, 0]),
    });
    expect(await findingsOf(weeks(4))).toEqual([]);
    expect(await findingsOf(weeks(1))).toEqual([{ rule: "unjudged-figure", tables: ["T02"] }]);
  });

  test("an endless amount", async () => {
    const endless = new Float64Array(2).fill(Number.POSITIVE_INFINITY);
    const money = textTable("| T\n T | 500\n a | 500", { rows: "pks", measure: euro });
    const concentration = { recipients: endless, largest: money.values, absolute: endless };
    expect(await findingsOf({ ...money, concentration })).toEqual([
      { rule: "malformed-table", tables: ["T02"] },
    ]);
  });

  test("a kind of table it does not know, by stopping", async () => {
    const unknown = { kind: "rounded", id: "T02" } as unknown as ProtectedTable; // what another version might store
    await expect(auditTables([unknown], policy, nothingBefore)).rejects.toThrow(TypeError);
  });

  test("with place and rule only", async () => {
    const findings = JSON.stringify(
      await findingsOf(textTable("| T | w | m\n T | 4711 | 4709 | 2\n 1 | 4711 | 4709 | 2")),
    );
    expect(findings).not.toMatch(/4711|4709/);
    expect(auditRules).toContain("small-count");
  });
});

describe("AuditedRelease", () => {
  const tables = [published(safe)];

  async function released(): Promise<AuditedRelease> {
    const release = await AuditedRelease.audit(tables, policy, nothingBefore);
    if (release.kind !== "audited") {
      throw new TypeError("Expected the tables to pass");
    }
    return release;
  }

  test("audit() gives the tables that passed with a verdict each", async () => {
    expect((await released()).tables).toMatchObject([
      { kind: "published", audit: { disclosedA: 0, disclosedB: 0 } },
    ]);
    expect((await AuditedRelease.audit([], policy, nothingBefore)).kind).toBe("audited");
  });

  test("audit() gives the findings of tables that did not", async () => {
    const small = textTable("| T | w | m\n T | 9 | 7 | 2\n 1 | 9 | 7 | 2");
    expect(await AuditedRelease.audit([published(small)], policy, nothingBefore)).toEqual({
      kind: "disclosive",
      findings: [{ rule: "small-count", tables: ["T02"] }],
    });
  });

  test("nobody who holds the tables or the release can change what was audited", async () => {
    const own = structuredClone(tables);
    const release = await AuditedRelease.audit(own, policy, nothingBefore);
    const numbers = () =>
      release.kind === "audited" && release.tables[0]?.kind === "published"
        ? [...release.tables[0].table.values]
        : [];
    for (const table of own) {
      if (table.kind === "published") {
        table.table.values.fill(1);
      }
    }
    if (release.kind === "audited" && release.tables[0]?.kind === "published") {
      release.tables[0].table.values.fill(1);
      const held = release.tables[0].table;
      expect(() => Object.assign(held, { values: new Float64Array(6) })).toThrow(TypeError);
      expect(() => Object.assign(held.dimensions[0]?.categories[0] ?? {}, { code: "X" })).toThrow(TypeError);
    }
    expect(numbers()).toEqual([9, 5, 4, 9, 5, 4]);
  });

  test("isAudited() is false for a spread, a clone, a prototype and a literal", async () => {
    const release = await released();
    expect(AuditedRelease.isAudited(release)).toBe(true);
    expect(AuditedRelease.isAudited({ ...release })).toBe(false);
    expect(AuditedRelease.isAudited(Object.create(AuditedRelease.prototype))).toBe(false);
    expect(AuditedRelease.isAudited(Object.create(release))).toBe(false);
    expect(AuditedRelease.isAudited({ kind: "audited", tables: release.tables, policy })).toBe(false);
  });

  test("nobody but audit() makes one, also past the type, and the class cannot be changed", () => {
    const small = [{ ...published(textTable("| T\n T | 2")), audit: { disclosedA: 0, disclosedB: 0 } }];
    expect(() => Reflect.construct(AuditedRelease, [small, policy])).toThrow(TypeError);
    expect(() => Reflect.construct(AuditedRelease, [Symbol("auditPassed"), small, policy])).toThrow(
      TypeError,
    );
    expect(() => Object.assign(AuditedRelease, { isAudited: () => true })).toThrow(TypeError);
  });

  test("does not hold what stands behind amounts of money", async () => {
    const money = textTable("| T\n T | 500\n a | 500", { rows: "pks", measure: euro });
    const filled = (value: number) => new Float64Array(2).fill(value);
    const concentration = { recipients: filled(5), largest: filled(100), absolute: filled(500) };
    const release = await AuditedRelease.audit(
      [published({ ...money, concentration })],
      policy,
      nothingBefore,
    );
    expect(release.kind).toBe("audited");
    expect(JSON.stringify(release)).not.toContain("concentration");
  });
});
