import { describe, expect, test } from "vitest";
import { readRelease } from "../../../shared/disclosure/attacker/attack-release.ts";
import {
  attackReleasedFiles,
  modelOfRelease,
} from "../../../shared/disclosure/attacker/attack-released-files.ts";
import { type KnownModel, knownModel } from "../../../shared/disclosure/attacker/known-model.ts";
import { knownTablesOf } from "../../../shared/disclosure/attacker/known-tables.ts";
import type { KnownTable } from "../../../shared/disclosure/known-table.ts";
import { entryBytes, readEntry } from "../../../shared/disclosure/ledger/ledger-file.ts";
import {
  agreeingTables,
  type EarlierTable,
  earlierTables,
} from "../../../shared/disclosure/ledger/ledger-history.ts";
import { policy, readingRulesOf, tightened } from "../../../shared/disclosure/policy.ts";
import { releaseOf } from "./attack-release-fixture.ts";
import { fridays, ledgerOf, showingAt, shownTable, universeAt } from "./ledger-text.ts";
import { brokenRules } from "./marked-table.ts";
import { nothingBefore } from "./nothing-before.ts";
import { textTable } from "./text-table.ts";

/** The first week was protected with counts from 3 on; since then the office publishes from 5 on. */
const raised = tightened(policy, { veroeffentlichenAb: 5 });
const then = readingRulesOf(policy);
const now = readingRulesOf(raised);

/** A table of the first week as the next one finds it in the ledger. */
function remembered(table: KnownTable, rules = then): readonly EarlierTable[] {
  const stored = ledgerOf(showingAt(fridays[0], [table], "first week", rules)).map(entryBytes);
  return earlierTables(stored.map(readEntry), new Set([table.universe]));
}

function tablesOf(earlier: readonly EarlierTable[]): readonly KnownTable[] {
  return earlier.map(({ table }) => table);
}

function knowledgeIn({ model }: KnownModel): Readonly<Record<string, unknown>> {
  const blocks = model.cells.filter(({ name }) => name.includes("raum=baublock:"));
  return Object.fromEntries(blocks.map(({ name, knowledge }) => [name.slice(-6), knowledge]));
}

const text = `
         |  T
  T      | 28
  101101 | r3
  101102 | r0
  101103 | r4
  101104 | 19`;

/** r3 is 1 to 3 and r0 is 0 to 2, as in the week in which they were shown; by the rules of now r4 would be no count at all. */
const readAsThen = {
  "101101": { kind: "between", low: 1, high: 3 },
  "101102": { kind: "between", low: 0, high: 2 },
  "101103": { kind: "exact", value: 4 },
  "101104": { kind: "exact", value: 19 },
};

describe("after publishFromCount was raised from 3 to 5", () => {
  test("earlierTables() hands on the rules that stand in the entry", () => {
    expect(remembered(shownTable(text)).map(({ table }) => table.readBy)).toEqual([then]);
    expect(remembered(shownTable(text), now).map(({ table }) => table.readBy)).toEqual([now]);
  });

  test("knownModel() reads old cells by the old rules and cells without own rules by those of now", () => {
    expect(knowledgeIn(knownModel(tablesOf(remembered(shownTable(text))), now))).toEqual(readAsThen);
    expect(() => knownModel([shownTable(text)], now)).toThrow(RangeError);
    const both = [
      ...tablesOf(remembered(shownTable("| T\n T | 90\n 101101 | r0"))),
      shownTable("| T\n T | 90\n 101102 | r0\n 101103 | r5"),
    ];
    expect(knowledgeIn(knownModel(both, now))).toEqual({
      "101101": { kind: "between", low: 0, high: 2 },
      "101102": { kind: "between", low: 0, high: 4 },
      "101103": { kind: "between", low: 1, high: 5 },
    });
  });

  test("knownModel() reads an old held value by the change of then", () => {
    const held = tablesOf(remembered(shownTable("| T\n T | 90\n 101101 | h10")));
    expect(knowledgeIn(knownModel(held, { ...now, publishFromChange: 5 }))).toEqual({
      "101101": { kind: "held", low: 8, high: 12 },
    });
  });

  test.each([
    ["r0", 2, 1],
    ["r0", 3, 0],
    ["r3", 3, 1],
    ["r3", 4, 0],
    ["r4", 4, 1],
    ["r4", 5, 0],
    ["h10", 12, 1],
    ["h10", 13, 0],
  ])("agreeingTables() compares an old %s beside %i by the rules of then", (old, count, agreeing) => {
    const earlier = remembered(shownTable(`| T\n T | 90\n 101101 | ${old}`));
    const present = shownTable(`| T\n T | 90\n 101101 | ${count}`);
    const rules = { ...now, publishFromChange: 5 };
    expect(agreeingTables(earlier, [present], rules)).toHaveLength(agreeing);
  });

  describe("the audit passes beside the old table", () => {
    const truth = textTable(`
             |  T
      T      | 28
      1      | 28
      101    | 28
      1011   | 28
      101101 |  2
      101102 |  0
      101103 |  4
      101104 | 22`);
    const [{ universe } = { universe: "" }] = knownTablesOf([truth]);
    async function rulesBrokenBy(present: string, old: string): Promise<readonly string[]> {
      const before = { ...nothingBefore, earlier: remembered(shownTable(old, { universe })) };
      return await brokenRules([textTable(present, { id: "T17" })], {
        truth: [truth],
        rules: raised,
        before,
      });
    }

    test("where a week is shown again as it was", async () => {
      const old = "| T\n T | 28\n 101101 | r3\n 101102 | r0\n 101103 | r4\n 101104 | 22";
      expect(await rulesBrokenBy("| T\n T | 28", old)).toEqual([]);
    });

    test("where more of that week is shown than then", async () => {
      const old = "| T\n T | 28\n 101101 | r0\n 101102 | r0\n 101103 | r4\n 101104 | 22";
      expect(await rulesBrokenBy("| T\n T | 28\n 1 | 28", old)).toEqual([]);
    });
  });

  test("the attack on the files withstands beside the old table and reads it by the old rules", async () => {
    const files = await releaseOf();
    const read = readRelease(files);
    const shown = knownTablesOf(read.tables.map(({ table }) => table));
    const lastYear = shownTable(text, { universe: universeAt("2025-11-21") });
    const agreeing = agreeingTables(remembered(lastYear), shown, now);
    expect(agreeing).toHaveLength(1);
    expect(await attackReleasedFiles(files, agreeing, now)).toMatchObject({ kind: "withstood" });
    const withNews = shownTable(text.replace("T      | 28", "102 | 9"), { universe: lastYear.universe });
    const model = modelOfRelease(read, tablesOf(remembered(withNews)), now);
    expect(knowledgeIn(model)).toEqual(readAsThen);
  });
});
