import { describe, expect, test } from "vitest";
import { normalName } from "../../../shared/linkage/normal-name.ts";
import { consonantClasses, soundsOf } from "../../../shared/linkage/spelling.ts";
import { soundRules } from "../../../shared/linkage/spelling-sounds.ts";
import { differentNames, oneName } from "./spellings.ts";

type Line = { readonly spellings: readonly string[]; readonly nearly: readonly string[] };

const lines: readonly Line[] = linesOf(oneName).map((line) => {
  const written = (line.split("|")[1] ?? "").split(",").map((spelling) => spelling.trim());
  return {
    spellings: written.filter((spelling) => !spelling.startsWith("~")),
    nearly: written.filter((spelling) => spelling.startsWith("~")).map((spelling) => spelling.slice(1)),
  };
});

const pairsApart = linesOf(differentNames).map((line) => line.split(",").map((name) => name.trim()));

function linesOf(table: string): readonly string[] {
  return table.trim().split("\n");
}

function heard(name: string): string {
  return normalName(name).map(soundsOf).join(" ");
}

/** Dice's coefficient of the pairs of letters, written from the definition. */
function likeness(one: string, other: string): number {
  const [a, b] = [pairsIn(one), pairsIn(other)];
  return (2 * [...a].filter((pair) => b.has(pair)).length) / (a.size + b.size);
}

function pairsIn(text: string): ReadonlySet<string> {
  const padded = `_${text}_`;
  return new Set(Array.from({ length: padded.length - 1 }, (_, at) => padded.slice(at, at + 2)));
}

describe("soundsOf()", () => {
  test.each(lines)("brings spellings of one name together: $spellings", ({ spellings, nearly }) => {
    const [first = ""] = spellings;
    expect(spellings.map(heard)).toEqual(spellings.map(() => heard(first)));
    for (const spelling of nearly) expect(heard(spelling), spelling).not.toBe(heard(first));
  });

  test.each(pairsApart)("keeps %s and %s apart", (one, other) => {
    expect(heard(one ?? "")).not.toBe(heard(other ?? ""));
  });

  test("uses each rule in a spelling of the table", () => {
    const words = lines.flatMap(({ spellings, nearly }) => [...spellings, ...nearly].flatMap(normalName));
    const unused = soundRules.filter(
      ({ spelling, at }) =>
        !words.some(
          (word) =>
            word.includes(spelling) &&
            (at === "end"
              ? word.endsWith(spelling)
              : at?.startsWith("start") !== true || word.startsWith(spelling)),
        ),
    );
    expect(unused.map(({ spelling, at }) => `${spelling} ${at ?? ""}`)).toEqual([]);
  });
});

describe("consonantClasses()", () => {
  test("brings spellings nearer than any two different names of the table", () => {
    const near = lines.flatMap(({ spellings: [first = ""], nearly }) =>
      nearly.map((spelling) => [likenessOf(first, spelling), spelling] as const),
    );
    const apart = pairsApart.map(
      ([one = "", other = ""]) => [likenessOf(one, other), `${one}, ${other}`] as const,
    );
    const [furthest] = near.toSorted(([a], [b]) => a - b);
    const median = apart.toSorted(([a], [b]) => a - b)[Math.floor(apart.length / 2)];
    expect(furthest?.[0]).toBeGreaterThan(median?.[0] ?? 1);
  });
});

function likenessOf(one: string, other: string): number {
  const classes = (name: string) => normalName(name).map(soundsOf).map(consonantClasses).join(" ");
  return (likeness(heard(one), heard(other)) * 36 + likeness(classes(one), classes(other)) * 20) / 56;
}
