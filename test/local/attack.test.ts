import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";

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

  for (const args of [["--release", "x"], ["--hierarchy", "geo", "x.csv"], []]) {
    test(`exits 2 and lists the options for "${args.join(" ")}"`, () => {
      const { status, stdout, stderr } = attack(...args);
      for (const option of ["--hierarchy", "--total", "--json"]) expect(stderr).toContain(option);
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
