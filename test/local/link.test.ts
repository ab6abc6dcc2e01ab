import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { OptionError, readOptions } from "../../local/linkage/link-options.ts";
import { birthDateIn, sexIn } from "../../local/linkage/person-values.ts";

const folder = mkdtempSync(join(tmpdir(), "link-"));
afterAll(() => rmSync(folder, { recursive: true }));

const map = "vorname=given_name,familienname=surname,geburtsdatum=date_of_birth";
/** Stands in every cell that a message could repeat. */
const canary = "Zwiebelturm";

let runs = 0;
function linked(left: string | Buffer, right: string | Buffer, ...options: readonly string[]) {
  runs += 1;
  const [one, other, out] = ["links", "rechts", "aus"].map((name) => join(folder, `${name}-${runs}.csv`));
  writeFileSync(one ?? "", left);
  writeFileSync(other ?? "", right);
  const wanted = options.includes("--map") ? [] : ["--map", map];
  const args = ["--left", one ?? "", "--right", other ?? "", ...wanted, ...options, "--out", out ?? ""];
  const { status, stdout, stderr } = spawnSync(process.execPath, ["local/linkage/link.ts", ...args], {
    encoding: "utf8",
  });
  const hasOut = readdirSync(folder).includes(`aus-${runs}.csv`);
  return { status, stdout, stderr, text: hasOut ? readFileSync(out ?? "", "utf8") : undefined };
}

const left = `rec_id, given_name, surname, date_of_birth
a-1, omar, al hassan, 19900517
a-2, ${canary}, weber, 19711203
a-3, kiandra,"o'neil, smith", 19660428
`;
const right = `rec_id;given_name;surname;date_of_birth\r\nb-1;Kiandra;O'Neil Smith;28.04.1966\r\nb-2;Omar;El-Hasan;1990-05-17\r\nb-3;Greta;Vogt;03.12.1971\r\n`;

describe("npm run link", () => {
  test("writes ids and scores, its summary as the last line, and no name anywhere", () => {
    const { status, stdout, text = "" } = linked(left, right, "--id", "rec_id");
    expect(status).toBe(0);
    const lines = text.split("\n");
    expect(lines[0]).toBe("left;right;score");
    expect(lines.slice(1, 3).map((line) => line.replace(/;[\d.]+$/, ""))).toEqual(["a-1;b-2", "a-3;b-1"]);
    expect(lines[3]).toBe("");
    const summary = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    expect(summary).toEqual({ left: 3, right: 3, links: 2, seconds: expect.any(Number) });
    expect(stdout + text).not.toMatch(/omar|hassan|weber|kiandra|zwiebelturm/i);
  });

  test("numbers the data rows from 1 where no id is given, and reads Windows-1252", () => {
    const one = Buffer.from("given_name;surname;date_of_birth\nJördis;Weiß;01.02.1980\n", "latin1");
    const { text } = linked(
      one,
      "given_name,surname,date_of_birth\nMax,Kern,1980-02-01\nJoerdis,Weiss,1980/02/01\n",
    );
    expect(text).toMatch(/^left;right;score\n1;2;[\d.]+\n$/);
  });

  test("gives the same bytes again", () => {
    expect(linked(left, right, "--id", "rec_id").text).toBe(linked(left, right, "--id", "rec_id").text);
  });

  test.each([
    [
      "a row with a field too many",
      `${left}a-4,${canary},x,19900101,1\n`,
      /Zeile 5: die Zeile hat 5 Felder, erwartet sind 4/,
    ],
    ["a date in no known form", `${left}a-4,x,y,${canary}\n`, /Zeile 5: das Geburtsdatum/],
    ["a quote that never ends", `${left}a-4,"${canary},y,19900101\n`, /Zeile 5: ein Anführungszeichen/],
    ["an id that comes twice", `${left}a-1,x,y,19900101\n`, /Zeile 5: die Kennung steht schon/],
    [
      "a line break in a field before",
      `rec_id,given_name,surname,date_of_birth\na,"x\ny",z,19900101\nb,x,${canary},no\n`,
      /Zeile 4: das Geburtsdatum/,
    ],
    ["a column that is missing", `rec_id,given_name,${canary}\n`, /Zeile 1: die Spalte „surname“ fehlt/],
    ["an empty file", "", /die Datei muss eine Kopfzeile haben/],
  ])("refuses %s: file, line and rule, exit 2, nothing written, nothing repeated", (_, file, message) => {
    const { status, stdout, stderr, text } = linked(file, right, "--id", "rec_id");
    expect(status).toBe(2);
    expect(stderr).toMatch(/links-\d+\.csv/);
    expect(stderr).toMatch(message);
    expect(stdout + stderr).not.toContain(canary);
    expect(text).toBeUndefined();
  });
});

describe("readOptions()", () => {
  const files = ["--left", "a", "--right", "b", "--out", "c"];
  test.each([
    [["--left", "a"], "Es fehlt --out"],
    [[...files, "--map", "name=x"], "--map erwartet"],
    [[...files, "--map", "vorname=x,vorname=y"], "doppelt"],
    [[...files, "--map", "plz=x"], "ohne Namen"],
    [[...files], "Es fehlt --map"],
  ])("refuses %j", (args, message) => {
    expect(() => readOptions(args)).toThrow(OptionError);
    if (args.length > 2) expect(() => readOptions(args)).toThrow(message);
  });
});

describe("birthDateIn() and sexIn()", () => {
  test.each([
    ["17.05.1990", { year: 1990, month: 5, day: 17 }],
    ["1990-05-17", { year: 1990, month: 5, day: 17 }],
    ["19900517", { year: 1990, month: 5, day: 17 }],
    ["1990/05/17", { year: 1990, month: 5, day: 17 }],
    ["17/05/1990", { year: 1990, month: 5, day: 17 }],
    ["1990-05-17T00:00:00", { year: 1990, month: 5, day: 17 }],
    ["00.05.1990", { year: 1990, month: 5 }],
    ["1990-05", { year: 1990, month: 5 }],
    ["1990", { year: 1990 }],
    ["19900532", { year: 1990, month: 5, day: 32 }],
    ["19901301", { year: 1990, month: 13, day: 1 }],
    ["", undefined],
    ["00.00.0000", undefined],
    ["31.02.1990", "refused"],
    ["99999999", undefined],
    ["1990051", "refused"],
    ["17.05.90", "refused"],
  ])("birthDateIn() reads %j", (text, expected) => {
    expect(birthDateIn(text)).toEqual(expected);
  });

  test.each([
    ["Female", "w"],
    ["W", "w"],
    ["m", "m"],
    ["männlich", "m"],
    ["x", undefined],
    ["", undefined],
    ["vielleicht", "refused"],
  ])("sexIn() reads %j", (text, expected) => {
    expect(sexIn(text)).toBe(expected);
  });
});
