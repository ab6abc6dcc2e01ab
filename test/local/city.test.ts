import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faultCases } from "../../local/city/fault-cases.ts";
import { type WrittenCity, writeCity } from "../../local/city/write-city.ts";
import { dayNumber } from "../../shared/registers/calendar.ts";
import { delimitedRows, germanDay, type Row } from "./city-reader.ts";

const now = "2026-11-23T06:00:00+01:00";
const nextWeek = "2026-11-30T06:00:00+01:00";
const folder = mkdtempSync(join(tmpdir(), "city-"));
const truthFile = join(folder, "truth.jsonl");
const klein = { size: "klein", seed: 1, weeks: 2, faults: false } as const;
const friday = "2026-11-20";
const latest = `ewo-alw/EWO-ALW_05999000_${friday}_1.csv`;

let city: WrittenCity;
let later: WrittenCity;
let faulty: WrittenCity;

beforeAll(async () => {
  city = await writeCity({ ...klein, directory: join(folder, "city"), now, truthFile });
  later = await writeCity({ ...klein, directory: join(folder, "later"), now: nextWeek, weeks: 3 });
  faulty = await writeCity({ ...klein, directory: join(folder, "faulty"), now, faults: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

function filesOf(written: WrittenCity): readonly string[] {
  return written.weeks.flatMap(({ files }) => files);
}

function hashOf(run: string, file: string): string {
  return createHash("sha256")
    .update(readFileSync(join(folder, run, file)))
    .digest("hex");
}

type TruthLine = {
  readonly art: string;
  readonly stichtag?: string;
  readonly insgesamt: number;
  readonly status: Readonly<Record<string, number>>;
  readonly stadtteil: Readonly<Record<string, number>>;
  readonly persnr?: string;
  readonly personen?: number;
  readonly beide?: Readonly<Record<string, number>>;
  readonly nur_alw?: Readonly<Record<string, number>>;
  readonly nur_ewo?: Readonly<Record<string, number>>;
};

function truthLines(art: string): readonly TruthLine[] {
  const lines = readFileSync(truthFile, "utf8").trimEnd().split("\n");
  // The file is the city's own.
  return lines.map((line) => JSON.parse(line) as TruthLine).filter((line) => line.art === art);
}

describe("writeCity() depends on size, seed and Stichtag alone", () => {
  test("writeCity() writes the same bytes for the same options, sound files under faults included", () => {
    for (const file of filesOf(city)) expect(hashOf("faulty", file), file).toBe(hashOf("city", file));
    for (const file of city.config)
      expect(hashOf("faulty", `config/${file}`)).toBe(hashOf("city", `config/${file}`));
  });

  test("writeCity() of the next week leaves every older file as it was and adds the new week", () => {
    for (const file of filesOf(city)) expect(hashOf("later", file), file).toBe(hashOf("city", file));
    expect(later.weeks.map((week) => week.now.slice(0, 10))).toEqual([
      "2026-11-16",
      "2026-11-23",
      "2026-11-30",
    ]);
    expect(later.weeks.at(-1)?.files).toEqual(["ewo-alw/EWO-ALW_05999000_2026-11-27_1.csv"]);
  });

  test("writeCity() with another seed is another city", async () => {
    await writeCity({ ...klein, directory: join(folder, "other"), now, seed: 2, weeks: 1 });
    expect(hashOf("other", latest)).not.toBe(hashOf("city", latest));
  });

  test("writeCity() refuses a now without meaning and a number of weeks below 1", async () => {
    await expect(writeCity({ ...klein, directory: folder, now: "bald" })).rejects.toThrow(RangeError);
    await expect(writeCity({ ...klein, directory: folder, now, weeks: 0 })).rejects.toThrow(RangeError);
  });
});

describe("file names and drop order", () => {
  const patterns = [
    /^gliederung\/GLIEDERUNG-(NAMEN|UNTERKUENFTE|ADRESSEN)_05999000_\d{4}-\d\d-\d\d_1\.csv$/,
    /^gliederung\/GLIEDERUNG-GEOMETRIE_05999000_\d{4}-\d\d-\d\d_1\.geojson$/,
    /^fortschreibung\/FORTSCHREIBUNG_05999000_\d{4}-\d\d_1\.xlsx$/,
    /^akdn-sozial\/AKDN-SOZIAL_05999000_\d{4}-\d\d_1\.xlsx$/,
    /^(ewo\/EWO|ewo-alw\/EWO-ALW)_05999000_\d{4}-\d\d-\d\d_1\.csv$/,
    /^schild\/\d{6}\/\d{4}-\d\d-\d\d\/SchuelerBasisdaten\.dat$/,
  ];

  test("writeCity() names every file by the agreed pattern and lists no file twice", () => {
    const files = filesOf(city);
    expect(files.filter((file) => !patterns.some((pattern) => pattern.test(file)))).toEqual([]);
    expect(new Set(files).size).toBe(files.length);
  });

  test("writeCity() delivers all six registers in the first week, the spatial structure first", () => {
    const registers = (city.weeks[0]?.files ?? []).map((file) => file.split("/")[0] ?? "");
    expect(registers.slice(0, 4)).toEqual(new Array(4).fill("gliederung"));
    const all = ["akdn-sozial", "ewo", "ewo-alw", "fortschreibung", "gliederung", "schild"];
    expect([...new Set(registers)].sort()).toEqual(all);
  });

  test("text exports hold no replacement character and no byte that Windows-1252 does not define", () => {
    for (const file of filesOf(city).filter((name) => !name.endsWith(".xlsx"))) {
      const bytes = readFileSync(join(folder, "city", file));
      expect(bytes.includes("\uFFFD"), file).toBe(false);
      const isText = !file.startsWith("ewo/") && !file.endsWith(".geojson");
      const undefinedBytes = isText
        ? bytes.filter((byte) => [0x81, 0x8d, 0x8f, 0x90, 0x9d].includes(byte))
        : [];
      expect(undefinedBytes.length, file).toBe(0);
    }
  });
});

describe("sizes and shares of the small city", () => {
  test("residents, foreigners, refugees and pupils are as many as planned", () => {
    const [refugees] = truthLines("gefluechtete");
    const [residents] = truthLines("einwohner");
    const [benefits] = truthLines("asylblg");
    expect(residents?.insgesamt).toBeGreaterThan(28_500);
    expect(residents?.insgesamt).toBeLessThan(31_500);
    expect(refugees?.insgesamt).toBeGreaterThan(1_400);
    expect(refugees?.insgesamt).toBeLessThan(1_700);
    expect(benefits?.personen).toBeGreaterThan(150);
    expect(benefits?.personen).toBeLessThan(450);
    expect(truthLines("schild").length).toBeGreaterThan(3_500);
  });

  test("each of the five classes has at least 15 persons in the city", () => {
    const [refugees] = truthLines("gefluechtete");
    expect(Object.keys(refugees?.status ?? {}).sort()).toEqual(["AE_HUM", "AG", "AKN", "DU", "NE_HUM"]);
    for (const count of Object.values(refugees?.status ?? {})) expect(count).toBeGreaterThanOrEqual(15);
  });

  test("at least 25 citizenships occur among refugees, and every Stadtbezirk has 3 persons in each register class", () => {
    const rows = delimitedRows(join(folder, "city", latest), "Stichtag;");
    const keys = new Set(rows.filter((row) => row["Asylstand"] !== "").map((row) => row["1. Staatsang."]));
    expect(keys.size).toBeGreaterThanOrEqual(25);
    const [classes] = truthLines("registerlage");
    for (const tally of [classes?.beide, classes?.nur_alw, classes?.nur_ewo]) {
      for (const borough of ["1", "2", "3"]) expect(tally?.[borough]).toBeGreaterThanOrEqual(3);
    }
  });

  test("a person has 1.2 to 1.4 rows in EWO-ALW", () => {
    const rows = delimitedRows(join(folder, "city", latest), "Stichtag;");
    const persons = new Set(rows.map((row) => Number(row["PersNr"]))).size;
    expect(rows.length / persons).toBeGreaterThan(1.2);
    expect(rows.length / persons).toBeLessThan(1.4);
  });
});

describe("the truth agrees with a naive recount of the written register", () => {
  test("refugees by status of both weeks", () => {
    for (const line of truthLines("gefluechtete")) {
      const file = `ewo-alw/EWO-ALW_05999000_${line.stichtag}_1.csv`;
      const counted = recount(delimitedRows(join(folder, "city", file), "Stichtag;"), line.stichtag ?? "");
      expect(counted).toEqual({ ...line.status, T: line.insgesamt });
    }
  });

  test("the weekly series joins the first delivered week", () => {
    const rows = delimitedRows(join(folder, "city/config/serie.csv"), "stichtag;");
    const totals = rows.filter((row) => row["raum_code"] === "T" && row["aufenthaltsstatus_code"] === "T");
    expect(totals.length).toBe(157);
    expect(totals.at(-1)?.["stichtag"]).toBe("2026-11-06");
    const before = Number(totals.at(-1)?.["wert"]);
    const first = truthLines("gefluechtete")[0]?.insgesamt ?? 0;
    expect(Math.abs(first - before)).toBeLessThan(20);
    const parts = rows.filter((row) => row["stichtag"] === "2026-11-06" && row["raum_ebene"] === "stadtteil");
    const sum = parts
      .filter((row) => row["aufenthaltsstatus_code"] === "T")
      .reduce((total, row) => total + Number(row["wert"]), 0);
    expect(sum).toBe(before);
  });
});

/** Class of the office's keys: the mapping file, then the list of titles. */
function classOfKey(): ReadonlyMap<string, string> {
  const titles = new Map(
    delimitedRows(join("shared/registers/codes/residence-titles.csv"), "code;").map((row) => [
      row["code"],
      row["status_class"] ?? "",
    ]),
  );
  const mapping = delimitedRows(join(folder, "city/config/titel-mapping.csv"), "schluessel;");
  return new Map(mapping.map((row) => [row["schluessel"] ?? "", titles.get(row["code"]) ?? ""]));
}

const order = ["NE_HUM", "AE_HUM", "FB", "AG", "AKN", "DU", "AUSREISEPFL", "FAM", "NONE"];

function recount(rows: readonly Row[], date: string): Readonly<Record<string, number>> {
  const classes = classOfKey();
  const day = dayNumber(date);
  // Alias records carry the AZR number of the person; children without one stand alone.
  const people = Map.groupBy(rows, (row) => row["AZR-Nummer"] || `ohne ${Number(row["PersNr"])}`);
  const result: Record<string, number> = { T: 0 };
  for (const own of people.values()) {
    const person = own[0] ?? {};
    const german = [person["1. Staatsang."], person["2. Staatsang."]].some(
      (key) => key === "000" || key === "0",
    );
    if (person["Meldestatus"] !== "A" || german || person["Ort"] !== "Musterstadt") continue;
    const issued = own.filter((row) => germanDay(row["G\u00fcltig von"] ?? "") <= day);
    const valid = issued.filter((row) => germanDay(row["G\u00fcltig bis"] ?? "") >= day);
    const late = issued.filter((row) => germanDay(row["G\u00fcltig bis"] ?? "") >= day - 90);
    const found = (valid.length > 0 ? valid : late).map(
      (row) => classes.get(row["Titelschl\u00fcssel"] ?? "") ?? "",
    );
    const strongest = order.find((name) => found.includes(name)) ?? "";
    if (!["AKN", "AG", "DU", "AE_HUM", "NE_HUM"].includes(strongest)) continue;
    result[strongest] = (result[strongest] ?? 0) + 1;
    result["T"] = (result["T"] ?? 0) + 1;
  }
  return result;
}

describe("--faults", () => {
  test("every case is a file of the last week, behind the sound ones, and has a name of its own", () => {
    const sound = city.weeks.at(-1)?.files.length ?? 0;
    const added = faulty.weeks.at(-1)?.files.slice(sound) ?? [];
    expect(added.length).toBe(faultCases.length);
    expect(new Set([...added, ...filesOf(city)]).size).toBe(added.length + filesOf(city).length);
    for (const file of added) expect(statSync(join(folder, "faulty", file)).isFile()).toBe(true);
  });

  test("all outcomes occur and ids are unique", () => {
    const outcomes = new Set(faultCases.map(({ outcome }) => outcome));
    expect([...outcomes].sort()).toEqual(["held", "refused", "repeated", "taken"]);
    expect(new Set(faultCases.map(({ id }) => id)).size).toBe(faultCases.length);
  });

  test("the duplicate has the same bytes, the correction has others", () => {
    expect(hashOf("faulty", latest.replace("_1.csv", "_2.csv"))).toBe(hashOf("faulty", latest));
    expect(hashOf("faulty", latest.replace("_1.csv", "_3.csv"))).not.toBe(hashOf("faulty", latest));
  });
});
