import { spawn } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { awaitDeliveries } from "../../local/await-deliveries.ts";
import { orderReport } from "../../local/await-report.ts";
import { dropFiles, listFiles } from "../../local/drop-files.ts";
import { type LocalCloud, startLocalCloud } from "../../local/local-cloud.ts";
import { OptionError, readStartOptions } from "../../local/options.ts";
import { listDeliveries } from "../../shared/azure/delivery-store.ts";
import { handMadeFiles, writeHandMadeExports } from "./hand-made-exports.ts";

const now = "2026-11-23T06:00:00+01:00";
const folder = "Bevoelkerung aktuell";
const data = `${folder}/daten/2026-KW47`;

let directory: string;
let exports: string;
let library: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "start-"));
  exports = join(directory, "exports");
  library = join(directory, "calm", "sharepoint");
  await writeHandMadeExports(exports);
  await writeFile(join(exports, "liesmich.txt"), "kein Export");
}, 20_000);
afterAll(() => rm(directory, { recursive: true, force: true }));

type Run = { readonly code: number | null; readonly output: string };

function start(args: readonly string[]): Promise<Run> {
  const child = spawn(process.execPath, ["local/start.ts", ...args], {
    env: { ...process.env, NO_COLOR: "1" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  return new Promise((resolve) => child.once("exit", (code) => resolve({ code, output })));
}

describe("npm start -- --once --exports", () => {
  let run: Run;
  beforeAll(async () => {
    run = await start(["--once", "--data", join(directory, "calm"), "--exports", exports, "--port", "0"]);
  }, 120_000);

  test("publishes and exits 0", () => {
    expect(run.output).toContain("Bericht 2026-KW47 veröffentlicht");
    expect(run.code).toBe(0);
  });

  test("says which files lie in no register's folder", () => {
    expect(run.output).toContain("Nicht abgelegt, weil in keinem Ordner eines Registers: liesmich.txt");
  });

  test("fills the library: stable workbook, archive copy, one CSV per table, provenance", async () => {
    const files = await listFiles(library);
    expect(files).toContain(`${folder}/Bevoelkerung_aktuell.xlsx`);
    expect(files).toContain(`${folder}/archiv/2026/Bevoelkerung_aktuell_2026-KW47.xlsx`);
    expect(files).toContain(`${data}/release.json`);
    const tables = files
      .filter((file) => file.endsWith(".csv"))
      .map((file) => file.slice(data.length + 1, data.length + 4));
    expect(tables).toEqual([
      "T01",
      "T02",
      "T03",
      "T04",
      "T05",
      "T06",
      "T07",
      "T08",
      "T09",
      "T10",
      "T11",
      "T12",
      "T13",
      "T17",
      "T18",
    ]);
  });

  test("writes a receipt for every delivery", async () => {
    const receipts = await listFiles(join(directory, "calm", "receipts"));
    expect(receipts.filter((file) => file.endsWith(".html"))).toHaveLength(8);
    expect(receipts.filter((file) => file.endsWith(".xlsx"))).toHaveLength(8);
  });

  test("counts what a recount of the raw files counts", async () => {
    expect(await published("T01_Eckwerte", ["2026-11-20", "", "gefluechtete"])).toEqual(refugeesBy("status"));
    expect(await published("T05_Alter_Geschlecht", ["T", "", "gefluechtete"])).toEqual(refugeesBy("sex"));
    expect(await published("T03_Staatsangehoerigkeit_Status", ["", "T", "gefluechtete"])).toEqual({
      ...refugeesBy("nationality"),
      sonstige: "0",
    });
    expect(await published("T07_Baublock", ["", "gefluechtete"])).toEqual(refugeesByArea());
    expect(await published("T08_Stadtteil_Quote", ["", "einwohner"])).toMatchObject(residentsByArea());
    expect(await published("T12_Registerabgleich", ["T", "", "personen"])).toEqual(registersDisagree());
    expect(await published("T10_AsylbLG_PKS", ["", "ausgaben"])).toMatchObject({
      T: "14784,00",
      10: "8854,00",
      40: "5930,00",
    });
    expect(await published("T11_AsylbLG_Monat", ["2026-09", "T", ""])).toEqual({
      faelle: "10",
      personen: "20",
      ausgaben: "7000,50",
    });
    expect(await published("T13_Schulform_Zuwanderung", ["T", "", "schueler"])).toEqual({
      T: "24",
      j: "8",
      n: "16",
      u: "0",
    });
  });

  test("keeps no name of the exports anywhere in the library or the receipts", async () => {
    const places = [library, join(directory, "calm", "receipts")];
    for (const place of places) {
      for (const file of await listFiles(place)) {
        const text = (await readFile(join(place, file))).toString("latin1");
        expect(text.includes("Muster0") || text.includes("Sam;ir"), file).toBe(false);
      }
    }
  });

  test("a second start on the same data changes nothing and exits 0", async () => {
    const before = await libraryBytes(library);
    const again = await start([
      "--once",
      "--data",
      join(directory, "calm"),
      "--exports",
      exports,
      "--port",
      "0",
    ]);
    expect(again.code).toBe(0);
    expect(await libraryBytes(library)).toEqual(before);
  }, 120_000);
});

describe("npm start with a broken configuration", () => {
  test("names file and rule before anything is dropped, and goes on once the file is mended or gone", async () => {
    const broken = join(directory, "broken");
    const place = join(directory, "mended");
    await cp(exports, broken, { recursive: true });
    await writeFile(join(broken, "config", "serie.csv"), "stichtag;wert\n");
    const options = (from: string) => ["--once", "--data", place, "--exports", from, "--port", "0"];
    const refused = await start(options(broken));
    expect(refused.output).toContain('Cannot read "serie.csv": line 1 must be');
    expect(refused.output).not.toContain("Dateien abgelegt");
    expect(refused.code).toBe(1);
    expect((await start(options(exports))).code).toBe(0);
    expect(await libraryBytes(join(place, "sharepoint"))).toEqual(await libraryBytes(library));
  }, 120_000);
});

describe("npm start -- --once where the office releases its reports", () => {
  test("publishes nothing, says what it waits for and does not exit 0", async () => {
    const cautious = join(directory, "cautious");
    await cp(exports, cautious, { recursive: true });
    const office = join(cautious, "config", "office.json");
    const settings = { ...JSON.parse(await readFile(office, "utf8")), bericht: { freigabe: true } };
    await writeFile(office, JSON.stringify(settings));
    const place = join(directory, "held");
    const run = await start(["--once", "--data", place, "--exports", cautious, "--port", "0"]);
    expect(run.output).toContain("Der Bericht wartet auf Freigabe");
    expect(run.output).not.toContain("Arbeitsmappe");
    expect(run.code).toBe(1);
    expect(await listFiles(join(place, "sharepoint"))).toEqual([]);
  }, 60_000);
});

describe("a functions host that is killed while it reads exports", () => {
  test("ends, started again, with the same bytes in the library", async () => {
    const place = join(directory, "killed");
    const options = readStartOptions(["--data", place, "--exports", exports, "--port", "0"]);
    const cloud = await startLocalCloud(options, () => undefined);
    try {
      await dropFiles(
        cloud.storage.container("config"),
        join(exports, "config"),
        await listFiles(join(exports, "config")),
      );
      const files = (await listFiles(exports)).filter((file) => !file.startsWith("config/"));
      await dropFiles(cloud.storage.container("exports"), exports, files);
      await untilOneIsLoaded(cloud);
      await cloud.replaceHost();
      await awaitDeliveries(cloud);
      const release = await orderReport(cloud, now, "Europe/Berlin");
      expect(release.state).toBe("published");
    } finally {
      await cloud.stop();
    }
    expect(await libraryBytes(join(place, "sharepoint"))).toEqual(await libraryBytes(library));
  }, 120_000);
});

describe("readStartOptions()", () => {
  test.each([
    [["--unbekannt"]],
    [["--city", "dorf"]],
    [["--now", "gestern"]],
    [["--weeks", "0"]],
    [["--port", "-1"]],
    [["--seed"]],
    [["überzählig"]],
  ])("refuses %j", (args) => {
    expect(() => readStartOptions(args)).toThrow(OptionError);
  });

  test("an unknown option ends with 2 and the list of options", async () => {
    const run = await start(["--unbekannt"]);
    expect(run.code).toBe(2);
    expect(run.output).toContain("--graph-url URL");
  }, 30_000);
});

/** Looks until a delivery is in force and another is not settled yet: in the middle of the work. */
async function untilOneIsLoaded(cloud: LocalCloud): Promise<void> {
  for (;;) {
    const deliveries = await listDeliveries(cloud.storage.table("Deliveries"));
    if (deliveries.some(({ state }) => state === "complete")) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function libraryBytes(place: string): Promise<Record<string, string>> {
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const texts = await Promise.all(
    files.map(async (file) => [file.slice(place.length), (await readFile(file)).toString("base64")] as const),
  );
  return Object.fromEntries(texts);
}

/**
 * Values of a published CSV as code → text. `wanted` has one entry a code column and one for the measure; the empty one is
 * the key of the result.
 */
async function published(name: string, wanted: readonly string[]): Promise<Record<string, string>> {
  const text = await readFile(join(library, data, `${name}.csv`), "utf8");
  const [header = [], ...rows] = text
    .replace("\uFEFF", "")
    .trim()
    .split("\r\n")
    .map((line) => line.split(";"));
  const columns = header.flatMap((title, at) => (title.endsWith("_code") || title === "merkmal" ? [at] : []));
  const key = wanted.indexOf("");
  const chosen = rows.filter((row) =>
    columns.every((column, at) => at === key || row[column] === wanted[at]),
  );
  return Object.fromEntries(
    chosen.map((row) => [row[columns[key] ?? 0] ?? "", row[header.indexOf("wert")] ?? ""]),
  );
}

type RawPerson = {
  readonly status: string;
  readonly sex: string;
  readonly nationality: string;
  readonly street: string;
  readonly id: string;
};

/** The raw foreigners register, split at the separator and nothing more. */
function rawForeigners(): readonly (RawPerson & { readonly standing: string; readonly title: string })[] {
  const lines = rawLines("ewo-alw/EWO-ALW_05999000_2026-11-20_1.csv", "latin1").slice(2);
  return lines.slice(1).map((line) => {
    const row = line.replace(/"[^"]*"/, "").split(";");
    const title = row[8] ?? "";
    return {
      id: Number(row[1]).toString(),
      sex: row[5] ?? "",
      nationality: row[6] ?? "",
      title,
      status: statusOf(title),
      standing: row[14] ?? "",
      street: row[15] ?? "",
    };
  });
}

function rawRefugees(): readonly RawPerson[] {
  return rawForeigners().filter((person) => person.standing === "A" && person.status !== "");
}

function statusOf(title: string): string {
  const prefixes = { AKN: "AKN", AG: "AG", DU: "DU", AE: "AE_HUM", NE: "NE_HUM" };
  return Object.entries(prefixes).find(([prefix]) => title.startsWith(prefix))?.[1] ?? "";
}

function refugeesBy(attribute: "status" | "sex" | "nationality"): Record<string, string> {
  return tally(rawRefugees().map((person) => person[attribute]));
}

const areas: Readonly<Record<string, readonly string[]>> = {
  "00001": ["1", "11", "1101"],
  "00002": ["1", "12", "1201"],
  "00003": ["2", "21", "2101"],
};

function refugeesByArea(): Record<string, string> {
  return tally(
    rawRefugees().flatMap(({ street }) => areas[street] ?? []),
    rawRefugees().length,
  );
}

function rawResidents(): readonly {
  readonly id: string;
  readonly nationality: string;
  readonly street: string;
}[] {
  const lines = rawLines("ewo/EWO_05999000_2026-10-31_1.csv", "utf8").slice(1);
  return lines
    .map((line) => line.split(";"))
    .map((row) => ({ id: row[1] ?? "", nationality: row[4] ?? "", street: row[8] ?? "" }));
}

function residentsByArea(): Record<string, string> {
  const {
    "1101": _a,
    "1201": _b,
    "2101": _c,
    ...quarters
  } = tally(
    rawResidents().flatMap(({ street }) => areas[street] ?? []),
    rawResidents().length,
  );
  return quarters;
}

function registersDisagree(): Record<string, string> {
  const foreigners = new Set(
    rawForeigners()
      .filter(({ standing }) => standing === "A")
      .map(({ id }) => id),
  );
  const residents = new Set(
    rawResidents()
      .filter(({ nationality }) => nationality !== "000")
      .map(({ id }) => id),
  );
  const both = [...foreigners].filter((id) => residents.has(id)).length;
  return {
    T: String(foreigners.size + residents.size - both),
    beide: String(both),
    nur_alw: String(foreigners.size - both),
    nur_ewo: String(residents.size - both),
  };
}

function rawLines(path: string, encoding: "latin1" | "utf8"): readonly string[] {
  return (handMadeFiles()[path]?.toString(encoding) ?? "").replace("\uFEFF", "").trim().split(/\r?\n/);
}

function tally(keys: readonly string[], total = keys.length): Record<string, string> {
  const counts: Record<string, number> = { T: total };
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).map(([key, count]) => [key, String(count)]));
}
