import { spawnSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { OptionError } from "../../local/disclosure/command-line.ts";
import { readOptions } from "../../local/disclosure/protect-options.ts";

const folder = mkdtempSync(join(tmpdir(), "protect-"));
afterAll(() => rmSync(folder, { recursive: true }));

let runs = 0;
function outFolder(): string {
  runs += 1;
  return join(folder, `aus-${runs}`);
}

function file(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  const text = `${lines.join("\n")}\n`;
  writeFileSync(path, name.endsWith(".gz") ? gzipSync(text) : text);
  return path;
}

function run(command: "protect" | "attack", args: readonly string[], more: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, [`local/disclosure/${command}.ts`, ...args], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", ...more },
  });
}

function summaryIn(out: string) {
  return JSON.parse(readFileSync(join(out, "summary.json"), "utf8"));
}

/** Counts of `rows` x `columns`, some of them small, with all totals; boroughs of three areas each. */
function longTable(
  rows: string,
  columns: string,
  rowCodes: readonly string[],
  columnCodes: readonly string[],
) {
  const inner = rowCodes.flatMap((_, row) =>
    columnCodes.map((_, column) => {
      const spread = (row * 7 + column * 5) % 11;
      return spread < 4 ? spread : spread * (column + 2);
    }),
  );
  const at = (row: number, column: number) => inner[row * columnCodes.length + column] ?? 0;
  const all = [...rowCodes.keys()];
  const groups: readonly (readonly [string, readonly number[]])[] = [
    ["Total", all],
    ...(rows === "geo" ? boroughs(rowCodes) : []),
    ...all.map((row) => [rowCodes[row] ?? "", [row]] as const),
  ];
  const lines = groups.flatMap(([code, members]) => {
    const counts = columnCodes.map((_, column) => members.reduce((sum, row) => sum + at(row, column), 0));
    const total = counts.reduce((sum, count) => sum + count, 0);
    return [
      `${code},Total,${total}`,
      ...columnCodes.map((own, column) => `${code},${own},${counts[column]}`),
    ];
  });
  return { lines: [`${rows},${columns},freq`, ...lines], totals: lines.slice(1, columnCodes.length + 1) };
}

function boroughs(codes: readonly string[]): readonly (readonly [string, readonly number[]])[] {
  const places = [...codes.keys()];
  return [...Array(codes.length / 3).keys()].map((borough) => [
    `B${borough}`,
    places.filter((place) => Math.floor(place / 3) === borough),
  ]);
}

const areas = ["Q0", "Q1", "Q2", "Q3", "Q4", "Q5"];
const nationalities = ["syr", "ukr", "afg", "irq", "irn"];
const areaTable = longTable("geo", "nat", areas, nationalities);
const hierarchy = [
  "--hierarchy",
  `geo=${file("H.csv", ["bezirk,stadtteil", ...areas.map((area, at) => `B${Math.floor(at / 3)},${area}`)])}`,
];
/** The same nationalities by two ages: the younger are a third of them, rounded down. */
const ageTable = (() => {
  const counts = areaTable.totals.map((line) => Number(line.split(",")[2]));
  const young = counts.map((count) => Math.floor(count / 3));
  const old = counts.map((count, at) => count - (young[at] ?? 0));
  const line = (age: string, own: readonly number[]) => [
    `${age},Total,${own.reduce((sum, count) => sum + count, 0)}`,
    ...nationalities.map((code, at) => `${age},${code},${own[at]}`),
  ];
  return ["age,nat,freq", ...line("Total", counts), ...line("0-17", young), ...line("18+", old)];
})();

const areaFile = file("T1.csv.gz", areaTable.lines);
const ageFile = file("T2.csv", ageTable);

describe("npm run protect", () => {
  test("protects a table so that the attack on its file finds nothing", () => {
    const out = outFolder();
    const { status, stdout } = run("protect", ["--table", areaFile, ...hierarchy, "--out", out]);
    expect(status).toBe(0);
    expect(stdout).toContain("Angreifer A: 0 aufgedeckte Fächer, Angreifer B: 0");
    const { tables, ...rest } = summaryIn(out);
    expect(rest).toEqual({ disclosedA: 0, disclosedB: 0 });
    expect(Object.keys(tables[0])).toEqual([
      "name",
      "cells",
      "primaries",
      "suppressed",
      "hiddenSum",
      "changed",
      "maxDeviation",
      "meanDeviation",
      "method",
      "milliseconds",
    ]);
    const attacked = run("attack", [...hierarchy, join(out, "T1.csv")]);
    expect(attacked.stdout).toContain("Angreifer B: 0 aufgedeckte Fächer");
    expect(attacked.status).toBe(0);
  });

  test("protects linked tables together; with only the small counts hidden the attack finds some", () => {
    const out = outFolder();
    const tables = ["--table", areaFile, "--table", ageFile];
    expect(run("protect", [...tables, ...hierarchy, "--out", out]).status).toBe(0);
    expect(readdirSync(out).toSorted()).toEqual(["T1.csv", "T2.csv", "summary.json"]);
    const written = [join(out, "T1.csv"), join(out, "T2.csv")];
    expect(run("attack", [...hierarchy, ...written]).status).toBe(0);
    const naked = file("T1-nackt.csv", [
      "geo;nat;wert;status;primary",
      ...areaTable.lines.slice(1).map((line) => {
        const [geo, nat, count = ""] = line.split(",");
        return ["1", "2"].includes(count) ? `${geo};${nat};;c;1` : `${geo};${nat};${count};;0`;
      }),
    ]);
    expect(run("attack", [...hierarchy, naked]).status).toBe(1);
  });

  test.each([
    ["round", "rnd"],
    ["coarsen", ""],
    ["withhold", undefined],
  ])("%s: writes rows with their status, nothing where the table is withheld", (method, status) => {
    const out = outFolder();
    expect(run("protect", ["--table", areaFile, ...hierarchy, "--method", method, "--out", out]).status).toBe(
      0,
    );
    const [header, ...lines] = readFileSync(join(out, "T1.csv"), "utf8").trim().split("\n");
    expect(header).toBe("geo;nat;wert;status;primary");
    const statuses = new Set(lines.map((line) => line.split(";")[3]));
    expect([...statuses]).toEqual(status === undefined ? [] : [status]);
    expect(summaryIn(out).tables[0].method).toBe(method);
  });

  test("takes a ladder, another code for totals, another column for counts, and the fourth attacker", () => {
    const out = outFolder();
    const lines = areaTable.lines.map((line, at) => {
      const [geo, nat, count] = line.replaceAll("Total", "T").split(",");
      return at === 0 ? "anzahl;geo;nat" : `${count};${geo};${nat}`;
    });
    const options = ["--total", "T", "--count", "anzahl", "--ladder", "round,withhold", "--own-contribution"];
    const table = ["--table", file("T3.csv", lines)];
    expect(run("protect", [...table, ...hierarchy, ...options, "--out", out]).status).toBe(0);
    expect(summaryIn(out).tables[0]).toMatchObject({ name: "T3", cells: 54, method: "round" });
  });

  test("replaces the result of an earlier run as a whole, and refuses a folder with anything else", () => {
    const out = outFolder();
    expect(run("protect", ["--table", ageFile, "--method", "withhold", "--out", out]).status).toBe(0);
    const again = ["--table", areaFile, ...hierarchy, "--method", "round", "--out", out];
    expect(run("protect", again).status).toBe(0);
    expect(readdirSync(out).toSorted()).toEqual(["T1.csv", "summary.json"]);
    writeFileSync(join(out, "notiz.txt"), "meins");
    const { status, stderr } = run("protect", again);
    expect(status).toBe(2);
    expect(stderr).toContain("enthält anderes");
    expect(readdirSync(out).toSorted()).toEqual(["T1.csv", "notiz.txt", "summary.json"]);
  });

  test("exits 1 with the reason where no treatment is left, and leaves an earlier result as it is", () => {
    const out = outFolder();
    const table = ["--table", file("klein.csv", ["ort,freq", "Total,2", "Nord,2"])];
    const first = run("protect", [...table, "--method", "coarsen", "--out", out]);
    expect(first.status).toBe(1);
    expect(first.stderr).toContain("keine der Behandlungen");
    expect(first.stdout).toContain("klein: Vergröbern nicht möglich");
    expect(() => readdirSync(out)).toThrow("ENOENT");
    expect(run("protect", ["--table", ageFile, "--out", out]).status).toBe(0);
    const before = readFileSync(join(out, "T2.csv"), "utf8");
    expect(run("protect", [...table, "--method", "coarsen", "--out", out]).status).toBe(1);
    expect(readdirSync(out).toSorted()).toEqual(["T2.csv", "summary.json"]);
    expect(readFileSync(join(out, "T2.csv"), "utf8")).toBe(before);
    expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
  });

  test("refuses an input that lies in the folder of the result, also through a link", () => {
    const out = outFolder();
    expect(run("protect", ["--table", ageFile, "--out", out]).status).toBe(0);
    const link = `${out}-link`;
    symlinkSync(out, link);
    for (const table of [join(out, "T2.csv"), join(link, "T2.csv")]) {
      const { status, stderr } = run("protect", ["--table", table, "--out", out]);
      expect(stderr).toContain("enthält die Eingabe „T2.csv“");
      expect(status).toBe(2);
    }
  });

  test("keeps a link to a folder, gives the folder usual permissions, refuses a link to nothing", () => {
    const out = outFolder();
    const plain = `${out}-sonst`;
    const link = `${out}-link`;
    mkdirSync(out);
    mkdirSync(plain);
    symlinkSync(out, link);
    expect(run("protect", ["--table", ageFile, "--out", link]).status).toBe(0);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readdirSync(out).toSorted()).toEqual(["T2.csv", "summary.json"]);
    expect(statSync(out).mode).toBe(statSync(plain).mode);
    const nowhere = `${out}-nirgends`;
    symlinkSync(join(folder, "fehlt"), nowhere);
    const { status, stderr } = run("protect", ["--table", ageFile, "--out", nowhere]);
    expect(stderr).toContain("führt zu keinem Ordner");
    expect(status).toBe(2);
  });

  test("takes relative paths from the folder that npm was called in", () => {
    const elsewhere = { INIT_CWD: folder };
    const out = outFolder();
    const args = ["--table", "T1.csv.gz", "--hierarchy", "geo=H.csv", "--out", basename(out)];
    expect(run("protect", args, elsewhere).status).toBe(0);
    const written = ["--hierarchy", "geo=H.csv", join(basename(out), "T1.csv")];
    expect(run("attack", written, elsewhere).status).toBe(0);
  });

  test("says that primary and summary.json are for the office alone", () => {
    const { stdout } = run("protect", ["--table", ageFile, "--out", outFolder()]);
    expect(stdout).toMatch(
      /Nur für das Amt: Die Spalte „primary“ und die Datei summary.json .*\n.*entfernen/,
    );
  });

  test.each([
    ["suppress", /T1: 54 Fächer, davon \d+ zu klein; gesperrt: \d+ Fächer \(Summe \d+\)$/m],
    ["round", /; gerundet: \d+ Fächer verändert, höchstens um \d+, im Mittel um 0,\d\d$/m],
    [
      "coarsen",
      /; vergröbert: geo: ohne die feinste Ebene|; vergröbert: nat: .* zusammengefasst zu „sonstige“/,
    ],
    ["withhold", /; zurückgehalten$/m],
  ])("says what %s did, and nothing of other methods", (method, text) => {
    const args = ["--table", areaFile, ...hierarchy, "--method", method, "--out", outFolder()];
    expect(run("protect", args).stdout).toMatch(text);
  });

  test("withheld tables are attacked like any other", () => {
    const out = outFolder();
    const args = ["--table", areaFile, ...hierarchy, "--method", "withhold", "--out", out];
    expect(run("protect", args).status).toBe(0);
    const { status, stdout } = run("attack", [...hierarchy, join(out, "T1.csv")]);
    expect(stdout).toContain("zurückgehalten");
    expect(status).toBe(0);
  });

  test.each(["protect", "attack"] as const)(
    "%s prints its usage and exits 0 where it is asked for help",
    (command) => {
      for (const option of ["--help", "-h"]) {
        const { status, stdout, stderr } = run(command, ["--unbekannt", option]);
        expect(stdout).toContain(`npm run ${command}`);
        expect(stdout).toMatch(/^ {2}0 .*\n {2}1 .*\n {2}2 /m);
        expect(stderr).toBe("");
        expect(status).toBe(0);
      }
    },
  );

  test("exits 2 and lists the options for a mistake among them", () => {
    const { status, stderr, stdout } = run("protect", ["--table", areaFile]);
    expect(stderr).toContain("Es fehlt --out");
    for (const option of ["--hierarchy", "--total", "--count", "--method", "--ladder", "--own-contribution"])
      expect(stderr).toContain(option);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });

  test("exits 2 and writes nothing for tables that do not add up, and for a file that is not there", () => {
    const broken = file("bruch.csv", ["ort,freq", "Total,4711", "Nord,4", "Sued,5"]);
    for (const [path, place] of [
      [broken, "line 2"],
      [join(folder, "fehlt.csv"), "nicht zu lesen"],
    ] as const) {
      const out = outFolder();
      const { status, stderr } = run("protect", ["--table", path, "--out", out]);
      expect(stderr).toContain(place);
      expect(stderr).not.toContain("4711");
      expect(status).toBe(2);
      expect(() => readdirSync(out)).toThrow("ENOENT");
    }
  });
});

describe("readOptions()", () => {
  test.each([
    ["no table", ["--out", "x"], "--table"],
    ["no folder", ["--table", areaFile], "--out"],
    ["an unknown option", ["--table", areaFile, "--out", "x", "--laut"], "Die Option --laut gibt es nicht"],
    ["an option without its value", ["--out", "--table", areaFile], "--out braucht einen Wert"],
    ["a flag with a value", ["--own-contribution=ja"], "--own-contribution nimmt keinen Wert"],
    ["a file without its option", ["T.csv"], "gehört zu keiner Option"],
    ["an option twice", ["--out", "x", "--out", "y"], "--out darf nur einmal stehen"],
    ["an unknown method", ["--table", areaFile, "--out", "x", "--method", "hide"], "--method kennt nur"],
    [
      "an unknown rung",
      ["--table", areaFile, "--out", "x", "--ladder", "hide,withhold"],
      "--ladder kennt nur",
    ],
    ["an open ladder", ["--table", areaFile, "--out", "x", "--ladder", "round"], "mit withhold enden"],
    [
      "method and ladder",
      ["--table", areaFile, "--out", "x", "--method", "round", "--ladder", "withhold"],
      "schließen einander aus",
    ],
    [
      "a hierarchy without a dimension",
      ["--table", areaFile, "--out", "x", "--hierarchy", "H.csv"],
      "MERKMAL",
    ],
  ])("refuses %s, naming option and rule", (_, args, rule) => {
    expect(() => readOptions(args)).toThrow(OptionError);
    expect(() => readOptions(args)).toThrow(rule);
  });

  test("suppresses where nothing else is said", () => {
    const options = readOptions(["--table", "T.csv", "--out", "x"]);
    expect(options).toMatchObject({ ladder: ["suppress"], totalCode: "Total", ownContribution: false });
  });
});
