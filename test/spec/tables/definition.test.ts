import { describe, expect, test } from "vitest";
import { statusClassOf } from "../../../shared/population/definition.ts";
import { PersonIndex } from "../../../shared/population/person-index.ts";
import { bevoelkerungAktuell } from "../../../shared/report/bevoelkerung-aktuell.ts";
import { buildTables } from "../../../shared/tables/build-tables.ts";
import { axisOf, codesFor, countCube } from "../../../shared/tables/count.ts";
import { noteIds } from "../../../shared/tables/definition.ts";
import { addresses, codes, delivery, friday, sourcesOf } from "../registers-of-a-city.ts";

const { tables } = bevoelkerungAktuell;

describe("bevoelkerungAktuell", () => {
  test("has the tables of the report in their order", () => {
    const ids = "T01 T02 T03 T04 T05 T06 T07 T08 T09 T10 T11 T12 T13 T17 T18";
    expect(tables.map(({ id }) => id).join(" ")).toBe(ids);
  });

  test("gives every table a name that files and table objects accept, once", () => {
    for (const { name } of tables) expect(name).toMatch(/^[A-Z][A-Za-z0-9_]{0,39}$/);
    expect(new Set(tables.map(({ name }) => name)).size).toBe(tables.length);
  });

  test("points from every withheld table to another one, never in a circle", () => {
    const next = new Map(tables.map(({ id, coarserTable }) => [id, coarserTable]));
    for (const { id } of tables) {
      const way = [id];
      for (let at = next.get(id); at !== undefined; at = next.get(at)) {
        expect(way).not.toContain(at);
        expect(next.has(at)).toBe(true);
        way.push(at);
      }
    }
  });

  test("uses every kind of content", () => {
    const kinds = [
      "refugees",
      "refugees-by-week",
      "residents",
      "benefits",
      "benefits-by-month",
      "registers",
      "pupils",
    ];
    expect([...new Set(tables.map(({ content }) => content.kind))].toSorted()).toEqual(kinds.toSorted());
  });

  test("shows as columns only dimensions that the table has", () => {
    const sources = sourcesOf({
      addresses,
      foreigners: delivery("ewo-alw", friday, "person\nanna"),
      residents: delivery("ewo", friday, "person\nanna"),
      benefits: [delivery("akdn-sozial", "2026-10", "person | fall\nanna | f1")],
      pupils: [delivery("schild", "2026-10-15", "schueler\nanna", "111111")],
    });
    const { results } = buildTables(bevoelkerungAktuell, sources);
    for (const { kind, table } of results) {
      expect(kind, table.id).toBe("counted");
      if (kind !== "counted") continue;
      expect(table.dimensions.map(({ id }) => id)).toEqual(
        expect.arrayContaining([...table.columnDimensions]),
      );
      const size = table.dimensions.reduce(
        (cells, { categories }) => cells * categories.length,
        table.measures.length,
      );
      expect([table.values.length, table.states.length]).toEqual([size, size]);
    }
  });

  test("a new kind of content stops the report", () => {
    const unknown = JSON.parse('{ "kind": "households" }');
    const [first] = tables;
    if (first === undefined) throw new RangeError("The report has no table");
    const report = { ...bevoelkerungAktuell, tables: [{ ...first, content: unknown }] };
    expect(() => buildTables(report, sourcesOf({}))).toThrow(TypeError);
  });
});

describe("notes", () => {
  test("every one is used by a table, or added while counting", () => {
    const added = [
      "ohne-zuordnung",
      "alter-unbekannt",
      "historie-ohne-dominanz",
      "naeherung-ohne-eingliederungsphase",
    ];
    const used = new Set<string>([...tables.flatMap(({ notes }) => notes), ...added]);
    expect([...used].toSorted()).toEqual([...noteIds].toSorted());
  });
});

describe("countCube()", () => {
  const tree = [{}, { parent: 0 }, { parent: 1 }, { parent: 1 }, { parent: 0 }];
  const flat = [{}, { parent: 0 }, { parent: 0 }];

  test("sums a hierarchy upward in one, two, three and four dimensions", () => {
    // Rows stand on leaves 2, 3, 4 of the tree and 1, 2 of the flat ones.
    const leaves = Uint8Array.of(2, 3, 3, 4);
    const sex = Uint8Array.of(1, 1, 2, 2);
    const treeAxis = { axis: axisOf(tree), codes: leaves };
    const flatAxis = { axis: axisOf(flat), codes: sex };
    expect([...countCube([treeAxis], 4)]).toEqual([4, 3, 1, 2, 1]);
    expect([...countCube([treeAxis, flatAxis], 4)]).toEqual([4, 2, 2, 3, 2, 1, 1, 1, 0, 2, 1, 1, 1, 0, 1]);
    expect(countCube([flatAxis, treeAxis, flatAxis], 4)[0]).toBe(4);
    const four = countCube([flatAxis, treeAxis, flatAxis, flatAxis], 4);
    // Each row is counted once per ancestor: 3, 3, 3 and 2 of the tree, 2 of each flat one.
    expect([four[0], four.reduce((sum, cell) => sum + cell, 0)]).toEqual([4, (3 + 3 + 3 + 2) * 2 * 2 * 2]);
  });

  test("counts nothing as zero and no dimension as the number of rows", () => {
    expect([...countCube([{ axis: axisOf(flat), codes: new Uint8Array(0) }], 0)]).toEqual([0, 0, 0]);
    expect([...countCube([], 7)]).toEqual([7]);
  });

  test("takes the narrowest type that holds every position", () => {
    expect([256, 257, 65536, 65537].map((size) => codesFor(size, 0).BYTES_PER_ELEMENT)).toEqual([1, 2, 2, 4]);
  });

  test("refuses a parent that does not stand before its children", () => {
    expect(() => axisOf([{}, { parent: 2 }, { parent: 0 }])).toThrow(RangeError);
    expect(() => axisOf([{ parent: 0 }])).toThrow(RangeError);
  });
});

describe("refusals", () => {
  test("statusClassOf() refuses a class that is not declared", () => {
    const [title] = codes["residence-titles"].find("AG");
    if (title === undefined) throw new RangeError("The list must have AG");
    const changed = { ...title, fields: { ...title.fields, status_class: "AGX" } };
    expect(() => statusClassOf(changed)).toThrow(RangeError);
  });

  test("buildTables() refuses a title that counts under a class which the definition does not show", () => {
    const sources = sourcesOf({ foreigners: delivery("ewo-alw", friday, "person | titel\nanna | FB_SONST") });
    const list = sources.codes["residence-titles"];
    const countedTitle = list
      .find("FB_SONST")
      .map((entry) => ({ ...entry, fields: { ...entry.fields, kommunal: "1" } }));
    const titles = { ...list, find: () => countedTitle, at: () => countedTitle[0] };
    expect(() =>
      buildTables(bevoelkerungAktuell, {
        ...sources,
        codes: { ...sources.codes, "residence-titles": titles },
      }),
    ).toThrow('definition "kommunal" must name it');
  });

  test("PersonIndex refuses a column that is not 16 bytes a row", () => {
    expect(() => new PersonIndex(new Uint8Array(17))).toThrow(RangeError);
  });

  test("PersonIndex reads a column that does not start at a word of its buffer", () => {
    const bytes = new Uint8Array(33).subarray(1);
    bytes[16] = 1;
    const index = new PersonIndex(bytes);
    expect([index.count, ...index.ofRow, ...index.findAll(bytes.slice(16))]).toEqual([2, 0, 1, 1]);
  });
});
