import { describe, expect, test } from "vitest";
import { mergeUnassigned } from "../../../shared/disclosure/coarsening/merge-unassigned.ts";
import { policy } from "../../../shared/disclosure/policy.ts";
import { type CountedTable, stateOf } from "../../../shared/tables/table.ts";
import { textTable } from "./text-table.ts";

/** The digest turns the order of keys around, so that it is not the order of anything else. */
const digest = (name: string) => [...name].map((letter) => 200 - (letter.codePointAt(0) ?? 0)).join(" ");

function areasOf(text: string): readonly string[] {
  const table: CountedTable = textTable(text, { id: "T07" });
  const [treated] = mergeUnassigned([{ ...table, dimensions: table.dimensions.slice(0, 1) }], policy, digest);
  return (treated?.table.dimensions[0]?.categories ?? []).map(({ code, label }, at) => {
    const mark = label.includes("einschließlich") ? " *" : "";
    expect(treated?.table.states[at]).toBe(stateOf.value);
    return `${code}: ${treated?.table.values[at]}${mark}`;
  });
}

const blocks = (first: number, second: number, unassigned: string) => `
           |  T
    T      | ${first + second + 9}
    1      | ${first + second + 9}
    101    | ${first + second + 9}
    1011   | ${first + second + 9}
    101101 | ${first}
    101102 | ${second}
    101103 | 9${unassigned}`;

describe("mergeUnassigned() below Stadtteil", () => {
  test("names the same area in every week, whether it takes anybody or not, and whatever the counts are", () => {
    const quiet = areasOf(blocks(20, 10, ""));
    expect(quiet.filter((area) => area.endsWith("*"))).toEqual(["1011: 39 *", "101103: 9 *"]);
    const turned = areasOf(blocks(10, 40, ""));
    expect(turned.filter((area) => area.endsWith("*"))).toEqual(["1011: 59 *", "101103: 9 *"]);
  });

  test("moves people into the area that the digest chooses, not into the largest: sizes tell nothing", () => {
    const table = textTable(
      "| T\n T | 40\n 1 | 40\n 101 | 40\n 1011 | 40\n 101101 | 20\n 101102 | 18\n 101199 | 2",
      { id: "T07" },
    );
    const [areas] = table.dimensions;
    const categories = (areas?.categories ?? []).map((area) =>
      area.code === "101199" ? { ...area, code: "ohne-1011" } : area,
    );
    const [treated] = mergeUnassigned(
      [{ ...table, dimensions: areas === undefined ? [] : [{ ...areas, categories }] }],
      policy,
      digest,
    );
    const shown = treated?.table.dimensions[0]?.categories.map(
      ({ code }, at) => `${code}: ${treated.table.values[at]}`,
    );
    expect(shown?.slice(4)).toEqual(["101101: 20", "101102: 20"]);
  });
});
