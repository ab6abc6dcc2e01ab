import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
const margins = ["Total;Total;30;;0", "Total;m;15;;0", "Total;w;15;;0"];
/** Only the small cell is hidden: its row and its column give it away. */
const leaky = [header, ...margins, ...["B1;Total;15;;0", "B1;m;;c;1", "B1;w;13;;0"]].concat(
  "B2;Total;15;;0",
  "B2;m;13;;0",
  "B2;w;2;;0",
);
/** The rectangle is hidden: each cell can still be 1 to 14. */
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
    expect(stdout).toContain("Angreifer A: 1 aufgedeckte Fächer");
    expect(stdout).toContain("Angreifer B: 1 aufgedeckte Fächer");
    expect(stdout).toMatch(/geo=B1, sex=m: nur 2, durch .*Leck:[35] (geo|sex)/);
    expect(status).toBe(1);
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
    expect(stdout).toContain("  geo=B1, sex=m: 0 bis 15");
    expect(stdout).toContain("  geo=B1, sex=m: 1 bis 14");
    expect(status).toBe(0);
    const { intervals } = JSON.parse(attack("--intervals", "--json", file("T.csv", safe)).stdout);
    expect(intervals.B).toContainEqual({ cell: "geo=B1, sex=m", low: 1, high: 14 });
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
      /gefluechtete\|\|2026-11-20\|geschlecht=m, raum=stadtteil:01: nur 2, durch .*T02:\d+ geschlecht/,
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

  test("exits 2 without a verdict where files are missing or not those of release.json", async () => {
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
