import { describe, expect, test } from "vitest";
import {
  type FileMethod,
  fileMethods,
  protectFiles,
} from "../../../shared/disclosure/files/protect-files.ts";
import { protectedText } from "../../../shared/disclosure/files/protect-files-text.ts";
import { readHierarchy, readPlainTable, readTable } from "../../../shared/disclosure/files/table-file.ts";

type Given = {
  /** By name: the lines of the file. */
  readonly tables: Readonly<Record<string, string>>;
  readonly hierarchies?: Readonly<Record<string, string>>;
  readonly ladder?: readonly FileMethod[];
};

const bytesOf = (lines: string) =>
  new TextEncoder().encode(
    lines
      .trim()
      .split(/\s*\n\s*/)
      .join("\n"),
  );

async function protect({ tables, hierarchies = {}, ladder = ["suppress"] }: Given) {
  return await protectFiles(
    Object.entries(tables).map(([name, lines]) => readPlainTable(name, bytesOf(lines))),
    Object.entries(hierarchies).map(([dimension, lines]) =>
      readHierarchy(dimension, `H-${dimension}`, bytesOf(lines)),
    ),
    {
      ladder,
      totalCode: "Total",
      publishFromCount: 3,
      ownContribution: false,
      tieBreak: (name) => name,
      elapsedMs: () => 0,
    },
  );
}

/** The protected files as texts, by name; or why there are none. */
async function protectedTexts(given: Given): Promise<unknown> {
  const outcome = await protect(given);
  if (outcome.kind === "refused") return outcome.reason;
  return Object.fromEntries(outcome.files.map((file) => [file.name, protectedText(file)]));
}

/** The lines of a file, without the spaces of the source text. */
function linesOf(text: string): string {
  return `${text
    .trim()
    .split(/\s*\n\s*/)
    .join("\n")}\n`;
}

/** 2 hidden alone would follow from its row and its column: 9 - 7 = 2. */
const crossed = `ort,sex,freq
  Total,Total,30
  Total,m,14
  Total,w,16
  Nord,Total,9
  Nord,m,7
  Nord,w,2
  Sued,Total,21
  Sued,m,7
  Sued,w,14`;

describe("protectFiles()", () => {
  test("leaves a table without small counts as it is, whatever the method", async () => {
    const plain = crossed.replace("Nord,m,7", "Nord,m,5").replace("Nord,w,2", "Nord,w,4");
    const safe = plain.replace("Total,m,14", "Total,m,12").replace("Total,w,16", "Total,w,18");
    for (const method of fileMethods) {
      const outcome = await protect({ tables: { T: safe }, ladder: [method] });
      expect(outcome).toMatchObject({ kind: "protected", summary: { tables: [{ method: "none" }] } });
    }
  });

  test("suppresses the small count and what would give it away", async () => {
    expect(await protectedTexts({ tables: { T: crossed } })).toEqual({
      T: linesOf(`ort;sex;wert;status;primary
        Total;Total;30;;0
        Total;m;14;;0
        Total;w;16;;0
        Nord;Total;9;;0
        Nord;m;;c;0
        Nord;w;;c;1
        Sued;Total;21;;0
        Sued;m;;c;0
        Sued;w;;c;0`),
    });
  });

  test("knows the level that another table has: A1 + A2 = A, so A2 is not hidden with B1 alone", async () => {
    const outcome = await protectedTexts({
      tables: {
        T: `ort,freq
          Total,26
          A,12
          B,14`,
        U: `ort,freq
          Total,26
          A1,10
          A2,2
          B1,8
          B2,6`,
      },
      hierarchies: { ort: "bezirk,block\nA,A1\nA,A2\nB,B1\nB,B2" },
    });
    expect(outcome).toEqual({
      T: linesOf("ort;wert;status;primary\nTotal;26;;0\nA;12;;0\nB;14;;0"),
      U: linesOf("ort;wert;status;primary\nTotal;26;;0\nA1;;c;0\nA2;;c;1\nB1;8;;0\nB2;6;;0"),
    });
  });

  test("hides a shared cell in both tables or in none", async () => {
    const other = `ort,freq
      Total,4
      Nord,3
      Sued,1`;
    const finer = `ort,sex,freq
      Total,Total,4
      Total,m,2
      Total,w,2
      Nord,Total,3
      Nord,m,2
      Nord,w,1
      Sued,Total,1
      Sued,m,0
      Sued,w,1`;
    const outcome = await protect({ tables: { T: other, U: finer } });
    if (outcome.kind === "refused") throw new Error(outcome.reason);
    const [t, u] = outcome.files.map(({ rows }) => rows);
    for (const ort of ["Total", "Nord", "Sued"]) {
      const own = t?.find(({ codes }) => codes[0] === ort);
      const same = u?.find(({ codes }) => codes[0] === ort && codes[1] === "Total");
      expect([own?.status, own?.value]).toEqual([same?.status, same?.value]);
    }
    expect(outcome.summary).toMatchObject({ disclosedA: 0, disclosedB: 0 });
  });

  test("rounds every cell of the table: 2 becomes 3, totals are recomputed", async () => {
    expect(await protectedTexts({ tables: { T: crossed }, ladder: ["round"] })).toEqual({
      T: linesOf(`ort;sex;wert;status;primary
        Total;Total;31;rnd;0
        Total;m;14;rnd;0
        Total;w;17;rnd;0
        Nord;Total;10;rnd;0
        Nord;m;7;rnd;0
        Nord;w;3;rnd;1
        Sued;Total;21;rnd;0
        Sued;m;7;rnd;0
        Sued;w;14;rnd;0`),
    });
  });

  test("shows exactly what another table shows exactly, and rounds below it", async () => {
    const sex = `sex,freq
      Total,12
      m,5
      w,7`;
    const finer = `ort,sex,freq
      Total,Total,12
      Total,m,5
      Total,w,7
      Nord,Total,6
      Nord,m,1
      Nord,w,5
      Sued,Total,1
      Sued,m,0
      Sued,w,1
      West,Total,5
      West,m,4
      West,w,1`;
    const texts = await protectedTexts({ tables: { T: sex, U: finer }, ladder: ["round", "withhold"] });
    expect(texts).toEqual({
      T: linesOf(`sex;wert;status;primary
        Total;12;;0
        m;5;;0
        w;7;;0`),
      // w: 7 - 5 = 2 for Sued and West, each 0 to 2; m: 5 - 4 = 1 for Nord and Sued, each 0 or 1
      U: linesOf(`ort;sex;wert;status;primary
        Total;Total;12;;0
        Total;m;5;;0
        Total;w;7;;0
        Nord;Total;5;rnd;0
        Nord;m;0;rnd;1
        Nord;w;5;rnd;0
        Sued;Total;0;rnd;1
        Sued;m;0;rnd;0
        Sued;w;0;rnd;1
        West;Total;4;rnd;0
        West;m;4;rnd;0
        West;w;0;rnd;1`),
    });
  });

  test("coarsens by merging the smallest categories of a dimension without levels", async () => {
    const lines = `ort,freq
      Total,30
      Nord,20
      Sued,2
      West,3
      Ost,5`;
    expect(await protectedTexts({ tables: { T: lines }, ladder: ["coarsen"] })).toEqual({
      T: linesOf(`ort;wert;status;primary
        Total;30;;0
        Nord;20;;0
        sonstige;5;;0
        Ost;5;;0`),
    });
    const withRest = lines.replaceAll("Ost", "sonstige");
    expect(await protectedTexts({ tables: { T: withRest }, ladder: ["coarsen"] })).toEqual({
      T: linesOf(`ort;wert;status;primary
        Total;30;;0
        Nord;20;;0
        Sued+sonstige;7;;0
        West;3;;0`),
    });
  });

  test("coarsens by leaving out the finest level of a hierarchy", async () => {
    const outcome = await protectedTexts({
      tables: {
        T: `ort,freq
          Total,12
          A,7
          B,5
          A1,5
          A2,2
          B1,5`,
      },
      hierarchies: { ort: "bezirk,block\nA,A1\nA,A2\nB,B1" },
      ladder: ["coarsen"],
    });
    expect(outcome).toEqual({ T: linesOf("ort;wert;status;primary\nTotal;12;;0\nA;7;;0\nB;5;;0") });
  });

  test("withholds at the end of the ladder: the header stays", async () => {
    const tiny = "ort,freq\nTotal,2\nNord,1\nSued,1";
    expect(await protectedTexts({ tables: { T: tiny }, ladder: ["coarsen", "withhold"] })).toEqual({
      T: "ort;wert;status;primary\n",
    });
    expect(await protect({ tables: { T: tiny }, ladder: ["coarsen"] })).toMatchObject({ kind: "refused" });
  });

  test("takes the next treatment where rounding cannot keep a count unknown: 8 - 7 = 1", async () => {
    const sums = "sex,freq\nTotal,15\nm,8\nw,7";
    const finer = `ort,sex,freq
      Total,Total,15
      Total,m,8
      Total,w,7
      Nord,Total,10
      Nord,m,7
      Nord,w,3
      Sued,Total,5
      Sued,m,1
      Sued,w,4`;
    const tables = { S: sums, T: finer };
    const notes = [
      {
        table: "T",
        reason:
          "Runden nicht möglich: eine andere Tabelle zeigt Summen genau, aus denen eine kleine Anzahl folgte",
      },
    ];
    expect(await protect({ tables, ladder: ["round"] })).toMatchObject({ kind: "refused", notes });
    expect(await protect({ tables, ladder: ["round", "withhold"] })).toMatchObject({
      kind: "protected",
      notes,
      summary: { tables: [{ method: "none" }, { method: "withhold" }] },
    });
  });

  test("says which levels a coarser table leaves out and which categories it merges", async () => {
    const levels = "bezirk,block\nA,A1\nA,A2\nB,B1";
    const blocks = "ort,freq\nTotal,12\nA,7\nB,5\nA1,5\nA2,2\nB1,5";
    const tables = { T: "ort,freq\nTotal,30\nNord,20\nSued,2\nWest,3\nOst,5" };
    const merged = { code: "sonstige", members: ["Sued", "West"] };
    expect(await protect({ tables, ladder: ["coarsen"] })).toMatchObject({
      summary: {
        tables: [{ coarsenedTo: [{ dimension: "ort", levelsLeftOut: 0, totalOnly: false, merged }] }],
      },
    });
    const given = { tables: { T: blocks }, hierarchies: { ort: levels }, ladder: ["coarsen"] as const };
    expect(await protect(given)).toMatchObject({
      summary: { tables: [{ coarsenedTo: [{ dimension: "ort", levelsLeftOut: 1, totalOnly: false }] }] },
    });
  });

  test("says whether a rounded table adds up: not where another one shows its totals exactly", async () => {
    const summaryOf = async (tables: Given["tables"]) => {
      const outcome = await protect({ tables, ladder: ["round", "withhold"] });
      return outcome.kind === "refused" ? [] : outcome.summary.tables.map(({ additive }) => additive);
    };
    expect(await summaryOf({ T: crossed })).toEqual([true]);
    const sex = "sex,freq\nTotal,12\nm,5\nw,7";
    const inner = ["Nord,Total,6", "Nord,m,1", "Nord,w,5", "Sued,Total,1", "Sued,m,0", "Sued,w,1"];
    const more = ["West,Total,5", "West,m,4", "West,w,1"];
    const finer = ["ort,sex,freq", "Total,Total,12", "Total,m,5", "Total,w,7", ...inner, ...more].join("\n");
    expect(await summaryOf({ T: sex, U: finer })).toEqual([undefined, false]);
  });

  test("sums up what was done to every table", async () => {
    const outcome = await protect({ tables: { T: crossed } });
    expect(outcome).toMatchObject({
      summary: {
        tables: [
          {
            name: "T",
            cells: 9,
            primaries: 1,
            suppressed: 4,
            hiddenSum: 7 + 2 + 7 + 14,
            changed: 0,
            maxDeviation: 0,
            meanDeviation: 0,
            method: "suppress",
            milliseconds: 0,
          },
        ],
        disclosedA: 0,
        disclosedB: 0,
      },
    });
    // Nord w, Nord, w and everything by 1 each
    expect(await protect({ tables: { T: crossed }, ladder: ["round"] })).toMatchObject({
      summary: {
        tables: [{ suppressed: 0, changed: 4, maxDeviation: 1, meanDeviation: 4 / 9, method: "round" }],
      },
    });
  });

  test("the same whatever the order of the rows", async () => {
    const [header = "", ...lines] = crossed.split("\n");
    const turned = [header, ...lines.toReversed()].join("\n");
    for (const method of fileMethods) {
      const sorted = async (text: string) => {
        const outcome = await protect({ tables: { T: text }, ladder: [method] });
        if (outcome.kind === "refused") return outcome.reason;
        return outcome.files.map((file) => protectedText(file).split("\n").toSorted());
      };
      expect(await sorted(turned)).toEqual(await sorted(crossed));
    }
  });

  const levels = "bezirk,block\nA,A1\nA,A2\nB,B1";
  const refused: readonly [rule: string, given: Given, place: RegExp][] = [
    [
      "a total that is not the sum of its parts",
      { tables: { T: "ort,freq\nTotal,4711\nNord,4\nSued,5" } },
      /table "T": line 2 .* dimension "ort"/,
    ],
    [
      "a level that does not add up",
      {
        tables: { T: "ort,freq\nTotal,4711\nA,4700\nB,11\nA1,4000\nA2,701\nB1,11" },
        hierarchies: { ort: levels },
      },
      /table "T": line 3 /,
    ],
    [
      "a code that the hierarchy lacks",
      { tables: { T: "ort,freq\nTotal,4711\nA,4700\nC,11" }, hierarchies: { ort: levels } },
      /table "T".* line 4 .*"H-ort"/,
    ],
    [
      "a level that is there in part",
      {
        tables: { T: "ort,freq\nTotal,4711\nA,4700\nB,11\nA1,4700\nB1,11" },
        hierarchies: { ort: levels },
      },
      /table "T".* line 3 /,
    ],
    ["a missing total", { tables: { T: "ort,freq\nNord,4711\nSued,4711" } }, /table "T".* code of the total/],
    [
      "a hierarchy of no table",
      { tables: { T: "ort,freq\nTotal,9\nNord,9" }, hierarchies: { sex: "s\nm\nw" } },
      /"H-sex"/,
    ],
    [
      "tables that contradict each other",
      {
        tables: {
          T: "ort,freq\nTotal,4711\nNord,4700\nSued,11",
          U: "ort,freq\nTotal,4711\nNord,4701\nSued,10",
        },
      },
      /line 3 of table "U" and line 3 of table "T"/,
    ],
  ];
  test.each(refused)("refuses %s, naming file and line, never a count", async (_, given, place) => {
    const failure: unknown = await protect(given).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RangeError);
    const { message } = failure instanceof RangeError ? failure : { message: "" };
    expect(message).toMatch(place);
    expect(message).not.toMatch(/47\d\d/);
  });

  test("refuses two tables of one name", async () => {
    const table = readPlainTable("T", bytesOf(crossed));
    const rules = {
      ladder: ["withhold"],
      totalCode: "Total",
      publishFromCount: 3,
      ownContribution: false,
      tieBreak: (name: string) => name,
      elapsedMs: () => 0,
    } as const;
    await expect(protectFiles([table, table], [], rules)).rejects.toThrow('two tables with the name "T"');
  });
});

describe("readPlainTable()", () => {
  test("takes the counts from the column that is named", () => {
    const table = readPlainTable("T", bytesOf("freq,ort\n9,Total\n9,Nord"), "freq");
    expect(table.dimensions).toEqual(["ort"]);
    expect(table.rows[0]).toEqual({ line: 2, codes: ["Total"], cell: { status: "", value: 9 } });
  });

  test("refuses a column that is not there, and a table that is protected already", () => {
    expect(() => readPlainTable("T", bytesOf("ort,freq\nTotal,9"), "anzahl")).toThrow(/"T".* line 1/);
    expect(() => readPlainTable("T", bytesOf("ort,wert,status,primary\nTotal,9,,0"))).toThrow(/"T".* line 1/);
  });
});

describe("readTable()", () => {
  test("reads a withheld table: dimensions and no rows; a plain table without rows stays refused", () => {
    const withheld = readTable("T", bytesOf("ort;wert;status;primary"));
    expect(withheld).toEqual({ name: "T", dimensions: ["ort"], rows: [] });
    expect(() => readTable("T", bytesOf("ort,freq"))).toThrow("empty");
  });
});
