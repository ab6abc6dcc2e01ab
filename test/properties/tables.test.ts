import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SourceDelivery } from "../../shared/population/sources.ts";
import { addDays } from "../../shared/registers/calendar.ts";
import { bevoelkerungAktuell } from "../../shared/report/bevoelkerung-aktuell.ts";
import { buildTables } from "../../shared/tables/build-tables.ts";
import type { CountedTable } from "../../shared/tables/table.ts";
import type { Row } from "../spec/columns.ts";
import { addresses, codes, delivery, friday, sourcesOf } from "../spec/registers-of-a-city.ts";
import { cellsOf } from "../spec/tables-as-text.ts";

const runs = { numRuns: Number(process.env["PROPERTY_RUNS"] ?? 60), seed: 20261120 };

/** The judge: people as objects, one string key per cell, written from the rules of the office; it shares no counting code. */
const classOrder = ["NE_HUM", "AE_HUM", "FB", "AG", "AKN", "DU", "AUSREISEPFL", "FAM", "NONE"];
const shownClasses = ["AKN", "AG", "DU", "AE_HUM", "NE_HUM"];
const blocks: Readonly<Record<string, readonly string[]>> = {
  "1101": ["1", "11"],
  "1102": ["1", "11"],
  "1201": ["1", "12"],
  "2101": ["2", "21"],
  "2102": ["2", "21"],
};

type JudgedPerson = {
  readonly areas: readonly string[];
  readonly status: string;
  readonly age: string;
  readonly sex: string;
};

function judgePersons(rows: readonly Row[]): readonly JudgedPerson[] {
  const persons: Row[][] = [];
  for (const row of rows) {
    const matching = persons.filter((known) =>
      known.some(
        (other) =>
          other["person"] === row["person"] ||
          (row["aliasgruppe"] !== "0" && other["aliasgruppe"] === row["aliasgruppe"]),
      ),
    );
    for (const group of matching) persons.splice(persons.indexOf(group), 1);
    persons.push([...matching.flat(), row]);
  }
  return persons.flatMap(judgePerson);
}

function judgePerson(all: readonly Row[]): readonly JudgedPerson[] {
  const known = all.filter((row) => (row["gueltig_ab"] ?? "") <= friday && judgeEvent(row) <= friday);
  const [newest] = known.toSorted(
    (a, b) =>
      judgeLater(judgeEvent(a), judgeEvent(b)) ||
      judgeLater(a["gueltig_ab"], b["gueltig_ab"]) ||
      judgeOrder(a, b),
  );
  if (newest === undefined || newest["meldestatus"] !== "A" || newest["in_stadt"] !== "1") return [];
  if ([newest["staatsang1"], newest["staatsang2"]].includes("000")) return [];
  const end = (row: Row): string => row["gueltig_bis"] || "9999-12-31";
  const valid = known.filter((row) => end(row) >= friday);
  const expired = known.filter((row) => end(row) < friday && end(row) >= addDays(friday, -90));
  const [deciding] = (valid.length > 0 ? valid : expired).toSorted(
    (a, b) =>
      classOrder.indexOf(judgeClass(a)) - classOrder.indexOf(judgeClass(b)) ||
      judgeLater(judgeEvent(a), judgeEvent(b)) ||
      judgeLater(a["gueltig_ab"], b["gueltig_ab"]) ||
      judgeLater(end(a), end(b)),
  );
  if (deciding === undefined || !shownClasses.includes(judgeClass(deciding))) return [];
  return [
    {
      areas: judgeAreas(newest),
      status: judgeClass(deciding),
      age: judgeAge(newest["alter"] ?? ""),
      sex: newest["geschlecht"] ?? "",
    },
  ];
}

function judgeEvent(row: Row): string {
  return row["ereignisdatum"] || (row["gueltig_ab"] ?? "");
}

function judgeLater(a = "", b = ""): number {
  return a === b ? 0 : a > b ? -1 : 1;
}

function judgeOrder(a: Row, b: Row): number {
  return Number(a["zeilenfolge"]) - Number(b["zeilenfolge"]);
}

function judgeClass(row: Row): string {
  return codes["residence-titles"].find(row["titel"] ?? "")[0]?.fields["status_class"] ?? "";
}

function judgeAreas(row: Row): readonly string[] {
  const [borough = "", quarter = "", block = ""] = [row["stadtbezirk"], row["stadtteil"], row["baublock"]];
  if (borough === "") return ["T", "ohne"];
  if (quarter === "") return ["T", borough, `ohne-${borough}`];
  return ["T", borough, quarter, block === "" ? `ohne-${quarter}` : block];
}

function judgeAge(age: string): string {
  if (age === "") return "u";
  const groups: readonly (readonly [number, string])[] = [
    [65, "65+"],
    [45, "45-64"],
    [30, "30-44"],
    [18, "18-29"],
    [6, "6-17"],
    [0, "0-5"],
  ];
  return groups.find(([from]) => Number(age) >= from)?.[1] ?? "";
}

/** Cells that are not zero, by their codes. */
function judgeCells(
  persons: readonly JudgedPerson[],
  keysOf: (person: JudgedPerson) => readonly string[],
): Readonly<Record<string, string>> {
  const cells = new Map<string, number>();
  for (const person of persons) for (const key of keysOf(person)) cells.set(key, (cells.get(key) ?? 0) + 1);
  return Object.fromEntries([...cells].map(([key, count]) => [key, String(count)]));
}

function pairs(left: readonly string[], right: readonly string[]): readonly string[] {
  return left.flatMap((a) => right.map((b) => `${a} ${b}`));
}

const day = fc.constantFrom(
  "2024-01-01",
  "2025-06-30",
  "2026-08-21",
  "2026-08-22",
  "2026-11-19",
  friday,
  "2026-11-21",
);
const place = fc.oneof(
  fc.constantFrom(...Object.keys(blocks)).map((baublock) => ({
    stadtbezirk: blocks[baublock]?.[0] ?? "",
    stadtteil: blocks[baublock]?.[1] ?? "",
    baublock,
  })),
  fc.constantFrom("1 11", "1 12", "2 21", "1 ", "2 ", " ").map((path) => {
    const [stadtbezirk = "", stadtteil = ""] = path.split(" ");
    return { stadtbezirk, stadtteil, baublock: "" };
  }),
);
const row: fc.Arbitrary<Row> = fc
  .tuple(
    fc.record({
      person: fc.constantFrom(..."abcdefghijkl"),
      aliasgruppe: fc.constantFrom("0", "0", "0", "0", "1", "2"),
      titel: fc.constantFrom(
        "AG",
        "AKN",
        "AE24",
        "AE25_1",
        "NE26_3",
        "DU60B",
        "AUSREISE",
        "FB_HUM",
        "FB_24",
        "SONST",
      ),
      gueltig_ab: day,
      gueltig_bis: fc.oneof(day, fc.constant("")),
      ereignisdatum: fc.oneof(day, fc.constant("")),
      meldestatus: fc.constantFrom("A", "A", "A", "V"),
      in_stadt: fc.constantFrom("1", "1", "1", "0"),
      staatsang1: fc.constantFrom("475", "166", "000", "?"),
      staatsang2: fc.constantFrom("", "", "", "000"),
      alter: fc.constantFrom("", "0", "5", "6", "17", "18", "29", "30", "44", "45", "64", "65", "99"),
      geschlecht: fc.constantFrom("m", "w"),
    }),
    place,
  )
  .map(([fields, where]) => ({ ...fields, ...where }));
/** Rows of one register have distinct tie breakers. */
const rowList = fc
  .array(row, { maxLength: 40 })
  .map((rows) => rows.map((fields, at) => ({ ...fields, zeilenfolge: String((at * 7919) % 4001) })));

function tablesOf(rows: readonly Row[], residents?: SourceDelivery): ReadonlyMap<string, CountedTable> {
  const foreigners = delivery("ewo-alw", friday, rows);
  const { results } = buildTables(
    bevoelkerungAktuell,
    sourcesOf({ foreigners, addresses, ...(residents && { residents }) }),
  );
  return new Map(
    results.flatMap((result) => (result.kind === "counted" ? [[result.table.id, result.table]] : [])),
  );
}

function notZero(table: CountedTable | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(table ? cellsOf(table) : {}).filter(([, value]) => value !== "0"));
}

describe("buildTables()", () => {
  test("agrees with a judge that counts people one by one", () => {
    fc.assert(
      fc.property(rowList, (rows) => {
        const persons = judgePersons(rows);
        const tables = tablesOf(rows);
        const aboveBlock = ({ areas }: JudgedPerson) => areas.slice(0, 3);
        expect(notZero(tables.get("T02"))).toEqual(
          judgeCells(persons, (person) => pairs(aboveBlock(person), ["T", person.status])),
        );
        expect(notZero(tables.get("T05"))).toEqual(
          judgeCells(persons, ({ age, sex }) => pairs(["T", age], ["T", sex])),
        );
        expect(notZero(tables.get("T06"))).toEqual(
          judgeCells(persons, (person) => pairs(aboveBlock(person), ["T", person.age])),
        );
        expect(notZero(tables.get("T07"))).toEqual(judgeCells(persons, ({ areas }) => areas));
      }),
      runs,
    );
  });

  test("gives the same tables for any order of the rows", () => {
    const shuffled = rowList.chain((rows) =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
    );
    fc.assert(
      fc.property(shuffled, ([rows, others]) => {
        expect([...tablesOf(others).values()].map(cellsOf)).toEqual(
          [...tablesOf(rows).values()].map(cellsOf),
        );
      }),
      runs,
    );
  });

  test("makes every category the sum of its children, whatever the other dimensions", () => {
    fc.assert(
      fc.property(rowList, (rows) => {
        for (const table of tablesOf(rows, delivery("ewo", friday, rows)).values()) checkSums(table);
      }),
      runs,
    );
  });
});

/** Every count of a parent is the sum over its children, where all of them are known. */
function checkSums(table: CountedTable): void {
  const cells = cellsOf(table);
  const counts = Object.keys(cells).filter((key) => isCount(table, key) && cells[key] !== "…");
  for (const [position, { categories }] of table.dimensions.entries()) {
    for (const [parent, members] of Map.groupBy(categories, (category) => category.parent)) {
      if (parent === undefined) continue;
      for (const key of counts.filter((name) => name.split(" ")[position] === categories[parent]?.code)) {
        const parts = members.map(({ code }) => cells[key.split(" ").with(position, code).join(" ")]);
        if (!parts.includes("…"))
          expect(parts.reduce((sum, part) => sum + Number(part), 0)).toBe(Number(cells[key]));
      }
    }
  }
}

function isCount({ measures }: CountedTable, key: string): boolean {
  const name = measures.length > 1 ? key.split(" ").at(-1) : measures[0]?.id;
  return measures.find(({ id }) => id === name)?.kind === "count";
}
