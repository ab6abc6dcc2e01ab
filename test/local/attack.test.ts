import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import {
  type Faults,
  releaseOf,
  type Tables,
  wellProtected,
} from "../spec/disclosure/attack-release-fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "attack-"));
afterAll(() => rmSync(folder, { recursive: true }));

const header = "geo;sex;wert;status;primary";
const margins = ["Total;Total;30;;0", "Total;m;14;;0", "Total;w;16;;0"];
/** Only the small cell is hidden: its row and its column give it away. */
const leaky = [header, ...margins, ...["B1;Total;15;;0", "B1;m;;c;1", "B1;w;13;;0"]].concat(
  "B2;Total;15;;0",
  "B2;m;12;;0",
  "B2;w;3;;0",
);
/** The rectangle is hidden: a man's cell can still be 1 to 13. */
const safe = [header, ...margins, ...["B1;Total;15;;0", "B1;m;;c;1", "B1;w;;c;0"]].concat(
  "B2;Total;15;;0",
  "B2;m;;c;0",
  "B2;w;;c;0",
);

function file(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  const text = `${lines.join("\n")}\n`;
  writeFileSync(path, name.endsWith(".gz") ? gzipSync(text) : text);
  return path;
}

function attack(...args: readonly string[]) {
  const command = ["local/disclosure/attack.ts", ...args];
  return spawnSync(process.execPath, command, { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
}

const hierarchy = `geo=${file("H.csv", ["bezirk", "B1", "B2"])}`;

describe("npm run attack", () => {
  test("exits 1 where only the small cell is hidden, and names cell and place", () => {
    const { status, stdout } = attack("--hierarchy", hierarchy, file("Leck.csv", leaky));
    expect(stdout).toContain("Angreifer A: 1 aufgedecktes Fach");
    expect(stdout).toContain("Angreifer B: 1 aufgedecktes Fach, dieselben");
    expect(
      stdout.match(/geo=B1, sex=m: nur 2, durch .*Tabelle „Leck“, Zeile [35] \(Summe über (geo|sex)\)/g),
    ).toHaveLength(1);
    expect(stdout).toContain("Angreifer A weiß nur");
    expect(stdout).toContain("Angreifer B weiß auch");
    expect(status).toBe(1);
  });

  test.each([
    ["a raw table", ["geo,freq", "Total,9", "B1,1", "B2,8"], "geo=B1: 1"],
    ["a protected table", ["geo;wert;status;primary", "Total;9;;0", "B1;7;;0", "B2;2;;0"], "geo=B2: 2"],
  ])("exits 1 for %s that shows a small count, and names its row", (_, lines, cell) => {
    const path = file("Offen.csv", lines);
    const { status, stdout } = attack("--hierarchy", hierarchy, path);
    expect(stdout).toMatch(new RegExp(`${cell}, offen veröffentlicht in Tabelle „Offen“, Zeile [34]`));
    expect(stdout).toContain("Angreifer A: 1 aufgedecktes Fach");
    expect(stdout).toContain("Angreifer B: 1 aufgedecktes Fach");
    expect(status).toBe(1);
    expect(JSON.parse(attack("--json", path).stdout)).toMatchObject({ disclosedA: 1, disclosedB: 1 });
  });

  test("a small count that one table hides and another shows is one finding", () => {
    const hidden = file("T.csv", ["geo;wert;status;primary", "Total;9;;0", "B1;;c;1", "B2;;c;0"]);
    const shown = file("U.csv", ["geo;wert;status;primary", "Total;9;;0", "B1;2;;0", "B2;7;;0"]);
    const { disclosedA, findings } = JSON.parse(attack("--json", hidden, shown).stdout);
    expect(disclosedA).toBe(2);
    expect(findings.A).toEqual([
      { cell: "geo=B1", low: 2, high: 2, pinnedBy: ["U:3"], isOpen: true },
      expect.objectContaining({ cell: "geo=B2", low: 7, high: 7, isOpen: false }),
    ]);
  });

  test("exits 0 for a withheld table, alone and beside another one, and says so", () => {
    const withheld = file("Leer.csv", [header]);
    for (const files of [[withheld], [withheld, file("Gut.csv", safe)]]) {
      const { status, stdout } = attack("--hierarchy", hierarchy, ...files);
      expect(stdout).toContain("Tabelle „Leer“ ist zurückgehalten");
      expect(stdout).toContain("Angreifer B: 0 aufgedeckte Fächer");
      expect(status).toBe(0);
    }
  });

  test("exits 0 for a well protected table, packed or not", () => {
    for (const name of ["Gut.csv", "Gut.csv.gz"]) {
      const { status, stdout } = attack("--hierarchy", hierarchy, file(name, safe));
      expect(stdout).toContain("Angreifer B: 0 aufgedeckte Fächer");
      expect(status).toBe(0);
    }
  });

  test("attacks all files together: what one hides the other gives away", () => {
    const other = ["geo;wert;status;primary", "Total;30;;0", "B1;15;;0", "B2;15;;0"];
    const hidden = safe.map((line) => line.replace("B1;Total;15;;0", "B1;Total;;c;0"));
    const { status, stdout } = attack("--json", file("T.csv", hidden), file("U.csv", other));
    const { disclosedA, disclosedB, findings } = JSON.parse(stdout);
    expect([disclosedA, disclosedB]).toEqual([1, 1]);
    expect(findings.B[0]).toMatchObject({ cell: "geo=B1", low: 15, high: 15 });
    expect(status).toBe(1);
  });

  test("takes another code for totals", () => {
    const { status } = attack(
      "--total",
      "T",
      file(
        "T.csv",
        safe.map((line) => line.replaceAll("Total", "T")),
      ),
    );
    expect(status).toBe(0);
  });

  test("prints the interval of every hidden cell where asked to", () => {
    const { status, stdout } = attack("--intervals", file("T.csv", safe));
    expect(stdout).toContain("Angreifer A: 4 Intervalle");
    expect(stdout).toContain("  geo=B1, sex=m: 0 bis 14");
    expect(stdout).toContain("  geo=B1, sex=m: 1 bis 13");
    expect(status).toBe(0);
    const { intervals } = JSON.parse(attack("--intervals", "--json", file("T.csv", safe)).stdout);
    expect(intervals.B).toContainEqual({ cell: "geo=B1, sex=m", low: 1, high: 13 });
  });

  const mistakes = [
    ["--release", "x", "y.csv"],
    ["--release", "x", "--total", "T"],
    ["--workbook", "x.xlsx", "y.csv"],
    ["--hierarchy", "geo", "x.csv"],
    [],
  ];
  for (const args of mistakes) {
    test(`exits 2 and lists the options for "${args.join(" ")}"`, () => {
      const { status, stdout, stderr } = attack(...args);
      for (const option of ["--hierarchy", "--total", "--release", "--workbook", "--intervals", "--json"])
        expect(stderr).toContain(option);
      expect(stdout).toBe("");
      expect(status).toBe(2);
    });
  }

  test("exits 2 without a verdict for refused files and for figures that contradict themselves", () => {
    const broken = leaky.map((line) => line.replace("B1;w;13;;0", "B1;w;-13;;0"));
    const impossible = leaky.map((line) => line.replace("B1;w;13;;0", "B1;w;16;;0"));
    for (const path of [join(folder, "fehlt.csv"), file("Bruch.csv", broken), file("Nie.csv", impossible)]) {
      const { status, stdout, stderr } = attack(path);
      expect(stderr).not.toBe("");
      expect(stdout).toBe("");
      expect(status).toBe(2);
    }
  });
});

/** Writes a release as it lies in the document library; its folder `daten/<week>`. */
async function releaseFolder(
  name: string,
  tables: Tables = wellProtected,
  faults: Faults = {},
): Promise<string> {
  const { releaseJson, csv, workbook } = await releaseOf(tables, faults);
  const write = (path: string, content: string | Uint8Array) => {
    const target = join(folder, name, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  };
  for (const [path, text] of csv) write(path, text);
  write("daten/2026-KW47/release.json", releaseJson);
  write("archiv/2026/Bevoelkerung_aktuell_2026-KW47.xlsx", workbook);
  return join(folder, name, "daten/2026-KW47");
}

describe("npm run attack -- --release", () => {
  test("exits 0 for a release that keeps its hidden counts", async () => {
    const { status, stdout } = attack("--release", await releaseFolder("gut"));
    expect(stdout).toContain("Angreifer B: 0 aufgedeckte Fächer");
    expect(stdout).toContain("Dateien: 0 Abweichungen");
    expect(status).toBe(0);
  });

  test("exits 1 for a hidden count that follows, and names cell and line", async () => {
    const leaky = {
      ...wellProtected,
      T02_Stadtteil_Geschlecht: wellProtected.T02_Stadtteil_Geschlecht.replace(
        "w;weiblich;gefluechtete;;c",
        "w;weiblich;gefluechtete;18;",
      ),
    };
    const { status, stdout } = attack("--release", await releaseFolder("leck", leaky));
    expect(stdout).toMatch(
      /gefluechtete\|\|2026-11-20\|geschlecht=m, raum=stadtteil:01: nur 2, durch .*„T02“, Zeile \d+ \(Summe über geschlecht\)/,
    );
    expect(status).toBe(1);
  });

  test("exits 1 for a workbook that shows more than the files", async () => {
    const faults: Faults = { sheets: (book) => book.addWorksheet("alt", { state: "hidden" }).addRow([2]) };
    const { status, stdout } = attack("--release", await releaseFolder("mappe", wellProtected, faults));
    expect(stdout).toContain('sheet "alt"');
    expect(status).toBe(1);
  });

  test("takes another workbook, which must be the one of the release", async () => {
    const other = join(folder, "andere.xlsx");
    writeFileSync(
      other,
      (await releaseOf(wellProtected, { sheets: (book) => book.addWorksheet("Leer") })).workbook,
    );
    const { status, stdout } = attack("--release", await releaseFolder("zwei"), "--workbook", other);
    expect(stdout).toContain("hash of release.json");
    expect(status).toBe(1);
  });

  test("exits 1 and lists every file that is not the one of release.json", async () => {
    const changed = await releaseFolder("anders");
    const other = join(folder, "andere2.xlsx");
    writeFileSync(
      other,
      (await releaseOf(wellProtected, { sheets: (book) => book.addWorksheet("Leer") })).workbook,
    );
    for (const name of ["T08_Quote.csv", "T02_Stadtteil_Geschlecht.csv"])
      writeFileSync(join(changed, name), "etwas anderes");
    writeFileSync(join(changed, "T99_Neu.csv"), "x");
    const { status, stdout } = attack("--release", changed, "--workbook", other);
    expect(stdout).toContain('"T08_Quote.csv" must have the hash');
    expect(stdout).toContain('"T02_Stadtteil_Geschlecht.csv" must have the hash');
    expect(stdout).toContain('"T99_Neu.csv" must belong to a table');
    expect(stdout).toContain("the workbook: it must have the hash");
    expect(status).toBe(1);
  });

  test("exits 1 where a file is another release's and its figures contradict the others", async () => {
    const changed = await releaseFolder("widerspruch");
    const path = join(changed, "T02_Stadtteil_Geschlecht.csv");
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace(/;(\d+);\r\n/, ";4711;\r\n"));
    const { status, stdout } = attack("--release", changed);
    expect(stdout).toContain("must have the hash");
    expect(status).toBe(1);
  });

  test("exits 2 for a release.json that is no JSON", async () => {
    const broken = await releaseFolder("kein-json");
    writeFileSync(join(broken, "release.json"), "{4711");
    const { status, stderr } = attack("--release", broken);
    expect(stderr).toBe("„release.json“ ist kein JSON\n");
    expect(status).toBe(2);
  });

  test("exits 2 without a verdict where files are missing", async () => {
    const good = await releaseFolder("fehlt");
    rmSync(join(good, "T08_Quote.csv"));
    for (const path of [good, join(folder, "nirgends")]) {
      const { status, stdout, stderr } = attack("--release", path);
      expect(stderr).not.toBe("");
      expect(stdout).toBe("");
      expect(status).toBe(2);
    }
  });
});
