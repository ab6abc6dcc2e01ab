import { describe, expect, test } from "vitest";
import { type Policy, policy } from "../../../shared/disclosure/policy.ts";
import type { CoarseningStep } from "../../../shared/tables/table.ts";
import { formsOf } from "./marked-table.ts";
import { textTable, trimmed } from "./text-table.ts";

const dropQuarters: CoarseningStep = { kind: "drop-level", level: "stadtteil" };
const coarser = { coarsening: { raum: [dropQuarters] } } as const;

describe("switches of the policy", () => {
  const sexes = textTable(
    `
        |  T |  w |  m
    T   | 80 | 57 | 23
    1   | 40 | 20 | 20
    101 | 22 | 12 | 10
    102 | 18 |  8 | 10
    2   | 40 | 37 |  3
    201 | 21 | 19 |  2
    202 | 19 | 18 |  1`,
    coarser,
  );
  const boroughs = trimmed(
    "T02 coarsen\n | T | w | m\n T | 80 | 57 | 23\n 1 | 40 | 20 | 20\n 2 | 40 | 37 | 3",
  );

  function switched<Field extends "wholeTableOnly" | "publishZeros" | "groupDisclosure">(
    field: Field,
    value: Policy[Field]["value"],
  ): Policy {
    return { ...policy, [field]: { ...policy[field], value } };
  }

  test("as decided, single cells are hidden", async () => {
    expect((await formsOf([sexes]))[0]).toContain("T02 suppress");
  });

  test("wholeTableOnly hides no cell", async () => {
    expect(await formsOf([sexes], { rules: switched("wholeTableOnly", true) })).toEqual([boroughs]);
  });

  test("zeros that count as small leave neither hiding nor rounding", async () => {
    const rules = switched("publishZeros", false);
    const blocks = textTable("| T\n T | 40\n 1 | 40\n 101 | 40\n 1011 | 40\n 101101 | 2\n 101102 | 38", {
      id: "T07",
    });
    expect((await formsOf([blocks])).at(0)).toContain("T07 round");
    expect(await formsOf([sexes], { rules })).toEqual([boroughs]);
    expect((await formsOf([blocks], { rules })).at(0)).toBe("T07 withheld");
  });

  test("groups with one category only coarsen the table where they are unsafe", async () => {
    const group = textTable(
      "| T | w | m\n T | 80 | 46 | 34\n 1 | 40 | 26 | 14\n 101 | 22 | 22 | 0\n 102 | 18 | 4 | 14\n 2 | 40 | 20 | 20",
      coarser,
    );
    // All 22 persons of 101 are women.
    expect((await formsOf([group]))[0]).toContain("T02 none");
    expect(await formsOf([group], { rules: switched("groupDisclosure", "unsafe") })).toEqual([
      trimmed("T02 coarsen\n | T | w | m\n T | 80 | 46 | 34\n 1 | 40 | 26 | 14\n 2 | 40 | 20 | 20"),
    ]);
  });

  const swapped = { ...policy.ladder, value: ["swap", "withhold"] };
  test.each([
    ["a decision that nobody declared", { ...policy, weitere: policy.publishZeros }, "exactly the declared"],
    ["an unknown treatment", { ...policy, ladder: swapped }, "known treatments"],
    ["an unknown treatment of one table", { ...policy, ladders: { T02: swapped } }, "known treatments"],
  ])("%s is refused with the rule", async (_case, rules, rule) => {
    // what a file might hold
    await expect(formsOf([sexes], { rules: rules as Policy })).rejects.toThrow(rule);
  });
});
