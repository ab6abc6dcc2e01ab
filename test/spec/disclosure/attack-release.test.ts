import { describe, expect, test } from "vitest";
import { readRelease } from "../../../shared/disclosure/attacker/attack-release.ts";
import { readReleaseCsv } from "../../../shared/disclosure/attacker/attack-release-csv.ts";
import { tableOfRelease } from "../../../shared/disclosure/attacker/attack-release-table.ts";
import { attackReleasedFiles } from "../../../shared/disclosure/attacker/attack-released-files.ts";
import type { KnownTable } from "../../../shared/disclosure/known-table.ts";
import {
  type Faults,
  type Released,
  releaseOf,
  type Tables,
  wellProtected,
} from "./attack-release-fixture.ts";

const rules = { publishFromCount: 3, publishFromChange: 3 };

async function verdict(
  tables: Tables = wellProtected,
  faults: Faults = {},
  earlier: readonly KnownTable[] = [],
) {
  return await attackReleasedFiles(await releaseOf(tables, faults), earlier, rules);
}

async function reasons(tables: Tables = wellProtected, faults: Faults = {}): Promise<string> {
  const outcome = await verdict(tables, faults);
  return outcome.kind === "failed" ? outcome.reasons.join("\n") : "withstood";
}

type Name = keyof typeof wellProtected;

function changed(name: Name, from: string, to: string): Tables {
  const text: string = wellProtected[name];
  expect(text).toContain(from);
  return { ...wellProtected, [name]: text.replace(from, to) };
}

const north = "01;Nord;stadtteil;m;männlich;gefluechtete;";

describe("attackReleasedFiles()", () => {
  test("lets a release pass whose hidden counts nobody can tell", async () => {
    expect(await verdict()).toEqual({ kind: "withstood", disclosedA: 0, disclosedB: 0 });
  });

  test("finds a hidden count that the rest of its row gives away, and names the line", async () => {
    const leaky = changed(
      "T02_Stadtteil_Geschlecht",
      `01;Nord;stadtteil;w;weiblich;gefluechtete;;c`,
      "01;Nord;stadtteil;w;weiblich;gefluechtete;18;",
    );
    const text = await reasons(leaky);
    expect(text).toContain("disclosed to attacker B");
    expect(text).toMatch(/"T02_?:?\d+ (raum|geschlecht)"/);
    expect(text).not.toMatch(/\b18\b|männlich/);
  });

  test("finds a hidden count that an earlier table of the same universe shows", async () => {
    const earlier: KnownTable = {
      name: "2026-KW47 T05",
      universe: "gefluechtete||2026-11-20",
      dimensions: [
        {
          id: "raum",
          categories: [
            { code: "stadt:T" },
            { code: "stadtteil:01", parent: 0 },
            { code: "stadtteil:02", parent: 0 },
          ],
        },
        { id: "geschlecht", categories: [{ code: "T" }, { code: "m", parent: 0 }, { code: "w", parent: 0 }] },
      ],
      cells: [40, 20, 20, 20, 2, 18, 20, 18, 2].map((value) => ({ kind: "exact", value }) as const),
    };
    const outcome = await verdict(wellProtected, {}, [earlier]);
    expect(outcome.kind).toBe("failed");
  });

  test("ignores an earlier table of another day", async () => {
    const earlier: KnownTable = {
      name: "2026-KW46 T02",
      universe: "gefluechtete||2026-11-13",
      dimensions: [],
      cells: [{ kind: "exact", value: 39 }],
    };
    expect((await verdict(wellProtected, {}, [earlier])).kind).toBe("withstood");
  });

  const figures: readonly [fault: string, tables: Tables, rule: string][] = [
    [
      "a rate beside a hidden count",
      {
        ...wellProtected,
        T08_Quote: wellProtected.T08_Quote.replace(
          "01;Nord;stadtteil;gefluechtete;20;",
          "01;Nord;stadtteil;gefluechtete;;c",
        ).replace("02;Süd;stadtteil;gefluechtete;20;", "02;Süd;stadtteil;gefluechtete;;c"),
      },
      '"T08": "je_1000"',
    ],
    ["a rate of other counts", changed("T08_Quote", "10,5;", "11,0;"), '"T08": "je_1000"'],
    [
      "a difference of other counts",
      changed("T01_Eckwerte", "differenz;12;", "differenz;13;"),
      '"T01": "differenz"',
    ],
    [
      "a difference beside a count that is not there",
      changed("T01_Eckwerte", "gefluechtete;28;", "gefluechtete;;x"),
      '"T01": "differenz"',
    ],
  ];
  for (const [fault, tables, rule] of figures) {
    test(`finds ${fault}`, async () => {
      expect(await reasons(tables)).toContain(rule);
    });
  }

  const hiddenBack = changed("T02_Stadtteil_Geschlecht", `${north};c`, `${north}2;`);
  const inWorkbook: readonly [fault: string, faults: Faults, rule: string][] = [
    [
      "a hidden number put back into the sheet of its table",
      { sheets: (book) => put(book, "T02", 6, 6, 2) },
      'sheet "T02"',
    ],
    ["a hidden number put back as text", { sheets: (book) => put(book, "T02", 6, 6, "2") }, 'sheet "T02"'],
    ["a number instead of a published one", { sheets: (book) => put(book, "T02", 2, 6, 41) }, 'sheet "T02"'],
    ["a dot too few", { sheets: (book) => put(book, "T02", 6, 6, "-") }, "dot"],
    [
      "a hidden number put back into the twin",
      { sheets: (book) => put(book, "csv-T02", 6, 7, 2) },
      'sheet "csv-T02", line 6',
    ],
    [
      "a status changed in the twin",
      { sheets: (book) => put(book, "csv-T02", 6, 8, "x") },
      'sheet "csv-T02", line 6',
    ],
    ["both sheets written from unprotected numbers", { inWorkbook: hiddenBack }, 'sheet "csv-T02", line 6'],
    ["a line too many in the twin", { sheets: (book) => put(book, "csv-T02", 12, 7, 2) }, 'sheet "csv-T02"'],
    [
      "a number beside the lines of the twin",
      { sheets: (book) => put(book, "csv-T02", 6, 12, 2) },
      'sheet "csv-T02"',
    ],
    ["a number on the title sheet", { sheets: (book) => put(book, "Titel", 2, 1, 2) }, 'sheet "Titel"'],
    [
      "a hidden sheet with numbers",
      { sheets: (book) => book.addWorksheet("alt", { state: "hidden" }).addRow([2]) },
      'sheet "alt": it must be visible',
    ],
    [
      "a sheet with numbers that is not hidden",
      { sheets: (book) => book.addWorksheet("alt").addRow([2]) },
      'sheet "alt"',
    ],
    [
      "a sheet that is missing",
      { sheets: (book) => book.removeWorksheet("T02") },
      'sheet "T02": it must be there',
    ],
    [
      "a hidden column",
      {
        sheets: (book) => {
          put(book, "T02", 2, 9, 20);
          const column = book.getWorksheet("T02")?.getColumn(9);
          if (column !== undefined) column.hidden = true;
        },
      },
      "rows and columns must be visible",
    ],
    [
      "a hidden row",
      {
        sheets: (book) => {
          const row = book.getWorksheet("T02")?.getRow(3);
          if (row !== undefined) row.hidden = true;
        },
      },
      "rows and columns must be visible",
    ],
    [
      "a formula",
      { sheets: (book) => put(book, "T02", 2, 6, { formula: "38+2", result: 40 }) },
      'element "f" must not stand on a sheet',
    ],
    [
      "a comment",
      {
        sheets: (book) => {
          const cell = book.getWorksheet("T02")?.getCell("F6");
          if (cell !== undefined) cell.note = "2";
        },
      },
      'part "xl/comments',
    ],
    ["a defined name", { sheets: (book) => book.definedNames.add("T02!$F$6", "klein") }, "names"],
    [
      "a number format without digits",
      {
        sheets: (book) => {
          const cell = book.getWorksheet("T02")?.getCell("F2");
          if (cell !== undefined) cell.numFmt = ";;;";
        },
      },
      "styles",
    ],
    [
      "a shared string that no cell shows",
      {
        parts: (part, text) =>
          part === "xl/sharedStrings.xml" ? text.replace("</sst>", "<si><t>2</t></si></sst>") : text,
      },
      "shared strings",
    ],
    [
      "a part that is not listed as a sheet",
      { added: { "xl/worksheets/sheet99.xml": "<worksheet/>" } },
      "sheet99",
    ],
    ["a part of another kind", { added: { "xl/charts/chart1.xml": "<chart><v>2</v></chart>" } }, "chart1"],
    [
      "a part that is no XML",
      { parts: (part, text) => (part === "xl/styles.xml" ? "<a" : text) },
      "must be XML",
    ],
  ];
  for (const [fault, faults, rule] of inWorkbook) {
    test(`finds in the workbook ${fault}`, async () => {
      const text = await reasons(wellProtected, faults);
      expect(text).toContain(rule);
      expect(text).not.toContain("männlich");
    });
  }

  test("finds a workbook that is not the one of release.json, or none at all", async () => {
    const release = await releaseOf();
    const other = (await releaseOf(wellProtected, { sheets: (book) => book.addWorksheet("Leer") })).workbook;
    expect(await failure({ ...release, workbook: other })).toContain("hash of release.json");
    expect(await failure({ ...release, workbook: new Uint8Array(20) })).toContain("workbook file");
  });
});

async function failure(release: Released): Promise<string> {
  const outcome = await attackReleasedFiles(release, [], rules);
  return outcome.kind === "failed" ? outcome.reasons.join("\n") : "withstood";
}

type Put = Parameters<NonNullable<Faults["sheets"]>>[0];

function put(book: Put, sheet: string, row: number, column: number, value: string | number | object): void {
  const cell = book.getWorksheet(sheet)?.getCell(row, column);
  // The library's own type of a formula's value is wider than its cells take.
  if (cell !== undefined) cell.value = value as string;
}

describe("readRelease()", () => {
  const different: readonly [fault: string, spoil: (release: Released) => Released, place: string][] = [
    ["a file that release.json does not name", (one) => withFile(one, "T99_Neu.csv", "x"), '"T99_Neu.csv"'],
    [
      "a file changed after release.json was written",
      (one) => withFile(one, "T08_Quote.csv", "x"),
      '"T08_Quote.csv" must have the hash',
    ],
    [
      "fewer hidden cells than release.json counts",
      (one) => withJson(one, (json) => json.replace('"suppressed":4', '"suppressed":3')),
      '"T02_Stadtteil_Geschlecht.csv"',
    ],
    [
      "rows of a table that is withheld",
      (one) => withJson(one, (json) => json.replace('"method":"none"', '"method":"withhold"')),
      '"T01_Eckwerte.csv"',
    ],
  ];
  for (const [fault, spoil, place] of different) {
    test(`finds ${fault}`, async () => {
      const findings = readRelease(spoil(await releaseOf())).findings.join("\n");
      expect(findings).toContain(place);
      expect(findings).not.toMatch(/4711/);
    });
  }

  const broken: readonly [fault: string, spoil: (release: Released) => Released, place: string][] = [
    [
      "a file that is missing",
      (one) => withFile(one, "T02_Stadtteil_Geschlecht.csv", undefined),
      '"T02_Stadtteil_Geschlecht.csv" is missing',
    ],
    [
      "a table without file",
      (one) => withJson(one, (json) => json.replaceAll("T08_Quote.csv", "T98_Quote.csv")),
      "T98_Quote.csv",
    ],
    ["text that is no JSON", (one) => ({ ...one, releaseJson: "4711" }), "release.json"],
    [
      "a file of a kind that nobody compares",
      (one) => withJson(one, (json) => json.replace('"files":{', '"files":{"daten/2026-KW47/T02.json":"0",')),
      "nothing else is compared",
    ],
    [
      "a table that stands there twice",
      (one) => withJson(one, (json) => json.replace('"id":"T02"', '"id":"T01"')),
      "once",
    ],
  ];
  for (const [fault, spoil, place] of broken) {
    test(`refuses ${fault}`, async () => {
      const release = spoil(await releaseOf());
      expect(() => readRelease(release)).toThrow(place);
      expect(() => readRelease(release)).not.toThrow(/4711/);
    });
  }

  test("takes one reference date for all tables where release.json has no others", async () => {
    const release = withJson(await releaseOf(), (json) => json.replace(/,"referenceDates":\{[^}]*\}/g, ""));
    expect(readRelease(release).tables.map(({ table }) => table.referenceDates["ewo"])).toEqual([
      ...["2026-11-20", "2026-11-20", "2026-11-20"],
    ]);
  });
});

function withFile(release: Released, name: string, text: string | undefined): Released {
  const csv = new Map(release.csv);
  if (text === undefined) csv.delete(`daten/2026-KW47/${name}`);
  else csv.set(`daten/2026-KW47/${name}`, text);
  return { ...release, csv };
}

function withJson(release: Released, change: (json: string) => string): Released {
  const releaseJson = change(release.releaseJson);
  expect(releaseJson).not.toBe(release.releaseJson);
  return { ...release, releaseJson };
}

describe("tableOfRelease()", () => {
  const header = "staatsangehoerigkeit_code;staatsangehoerigkeit;merkmal;wert;status";
  const parents = {
    staatsangehoerigkeit: {
      "423": "sonstige+423",
      "475": "T",
      sonstige: "sonstige+423",
      "sonstige+423": "T",
    },
  };

  function read(lines: readonly string[], hierarchies = {}) {
    const text = `\ufeff${[header, ...lines].join("\r\n")}\r\n`;
    return tableOfRelease(readReleaseCsv("T03_Nat.csv", text), hierarchies, {})?.table;
  }

  test("a code joined by + stands for its members; one that ends with + does not", () => {
    const table = read(
      ["T;Alle;gefluechtete;9;", "475;Syrien;gefluechtete;4;", "sonstige+423;Rest;gefluechtete;5;"],
      parents,
    );
    expect(table?.dimensions[0]?.categories).toEqual([
      { code: "T", label: "" },
      { code: "475", label: "", parent: 0 },
      { code: "sonstige+423", label: "", parent: 0, merged: ["423", "sonstige"] },
    ]);
    const old = read(["T;Alle;gefluechtete;9;", "65+;65 und älter;gefluechtete;9;"], {
      staatsangehoerigkeit: { "65+": "T" },
    });
    expect(old?.dimensions[0]?.categories[1]).toEqual({ code: "65+", label: "", parent: 0 });
  });

  test("a group stands for its parts in the hierarchies, unless the table has them", () => {
    const groups = { staatsangehoerigkeit: { "0-5": "0-17", "6-17": "0-17", "0-17": "T", "18+": "T" } };
    const grouped = read(
      ["T;Alle;gefluechtete;9;", "0-17;jung;gefluechtete;4;", "18+;alt;gefluechtete;5;"],
      groups,
    );
    expect(grouped?.dimensions[0]?.categories[1]?.merged).toEqual(["0-5", "6-17"]);
    const fine = read(
      [
        "T;Alle;gefluechtete;9;",
        "0-5;klein;gefluechtete;4;",
        "6-17;jung;gefluechtete;0;",
        "18+;alt;gefluechtete;5;",
      ],
      groups,
    );
    expect(fine?.dimensions[0]?.categories.map(({ parent, merged }) => [parent, merged])).toEqual([
      [undefined, undefined],
      [0, undefined],
      [0, undefined],
      [0, undefined],
    ]);
  });

  test("keeps the guard against formulas out of codes, and counts money in cents", () => {
    const text = `\ufeffpks_code;pks;merkmal;wert;status\r\nT;Alle;ausgaben;-12,50;\r\n'-1;'=2;ausgaben;-12,50;\r\n`;
    const csv = readReleaseCsv("T10_X.csv", text);
    expect(csv.rows[1]).toEqual(["-1", "=2", "ausgaben", "-12,50", ""]);
    const table = tableOfRelease(csv, { pks: { "-1": "T" } }, {})?.table;
    expect([...(table?.values ?? [])]).toEqual([-1250, -1250]);
  });

  test("keys of PKS are known by their groups, whichever dimension names them", () => {
    const text =
      "\ufeffpks_gruppe_code;pks_gruppe;merkmal;wert;status\r\nT;Alle;personen;9;\r\nA;A;personen;9;\r\n";
    const csv = readReleaseCsv("T11_X.csv", text);
    const groups = [{ code: "gruppe-A", label: "", members: ["10", "20"] }];
    for (const hierarchies of [
      { pks_gruppe: { A: "T" }, pks: { "10": "gruppe-A", "20": "gruppe-A", "gruppe-A": "T" } },
      { pks_gruppe: { A: "T", "10": "A", "20": "A" } },
    ])
      expect(tableOfRelease(csv, hierarchies, {})?.table.coarsening).toEqual({
        pks: [{ kind: "merge", groups }],
      });
  });

  const all = "T;Alle;gefluechtete;9;";
  const refused: readonly [rule: string, lines: readonly string[], hierarchies: object][] = [
    ["a status that does not exist", [all, "475;Syrien;gefluechtete;9;u"], parents],
    ["a number beside a hidden cell", [all, "475;Syrien;gefluechtete;4711;c"], parents],
    ["a count that is none", [all, "475;Syrien;gefluechtete;4,5;"], parents],
    ["a cell without number and reason", [all, "475;Syrien;gefluechtete;;"], parents],
    ["a measure that does not exist", [all, "475;Syrien;koepfe;9;"], parents],
    ["a combination twice", [all, "475;Syrien;gefluechtete;9;", "475;Syrien;gefluechtete;9;"], parents],
    ["a combination that is missing", [all, "475;Syrien;gefluechtete;9;", "T;Alle;einwohner;9;"], parents],
    ["a code without its place in the hierarchies", [all, "499;Neu;gefluechtete;9;"], parents],
    [
      "a group that lacks a part",
      [all, "0-17;jung;gefluechtete;9;"],
      { staatsangehoerigkeit: { "0-5": "0-17", "0-17": "T", "6-17": "6-64", "6-64": "T" } },
    ],
    ["a field too many", [all, "475;Syrien;gefluechtete;9;;"], parents],
    ["a broken quote", [all, '475;"Syrien;gefluechtete;9;'], parents],
  ];
  for (const [rule, lines, hierarchies] of refused) {
    test(`refuses ${rule}`, () => {
      expect(() => read(lines, hierarchies)).toThrow(/"T03_Nat.csv"/);
      expect(() => read(lines, hierarchies)).not.toThrow(/4711/);
    });
  }

  test("refuses columns that are not those of a release", () => {
    for (const text of [
      "geo;wert;status",
      "raum_code;raum;merkmal;wert;status",
      "raum_code;raum;raum_ebene;wert;merkmal;status",
    ])
      expect(() => readReleaseCsv("T02_X.csv", `\ufeff${text}\r\n`)).toThrow("line 1");
    expect(() => readReleaseCsv("T02_X.csv", "merkmal;wert;status\r\n")).toThrow("byte order mark");
  });
});
