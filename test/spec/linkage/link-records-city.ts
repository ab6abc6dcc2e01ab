import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ExcelJS from "exceljs";
import type { CitySize } from "../../../local/city/sizes.ts";
import { writeCity } from "../../../local/city/write-city.ts";
import type { LinkagePerson } from "../../../shared/linkage/linkage-key.ts";

/** A person of a register; `isPerson` is the same text for the same person. */
export type Known = { readonly isPerson: string; readonly person: LinkagePerson };

type Register = "ewo-alw" | "akdn-sozial" | "schild";
export type LabelledCity = Readonly<Record<Register, readonly Known[]>>;

type Cells = (heading: string) => string;

/**
 * Three registers of an invented city with the truth, read without the project's readers: what a door would see of each
 * person once.
 */
export async function labelledCity(size: CitySize, seed: number): Promise<LabelledCity> {
  const directory = mkdtempSync(join(tmpdir(), "city-"));
  try {
    const truthFile = join(directory, "truth.jsonl");
    const now = "2026-11-23T06:00:00+01:00";
    await writeCity({ directory, size, seed, now, weeks: 1, faults: false, truthFile });
    const truth = truthIn(truthFile);
    return {
      "ewo-alw": foreigners(filesIn(directory, "ewo-alw").at(-1) ?? ""),
      "akdn-sozial": await recipients(filesIn(directory, "akdn-sozial").at(-1) ?? "", truth),
      schild: filesIn(directory, "schild").flatMap((file) => pupils(file, truth)),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function filesIn(directory: string, register: Register): readonly string[] {
  return readdirSync(join(directory, register), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:csv|xlsx|dat)$/.test(name))
    .sort()
    .map((name) => join(directory, register, name));
}

function truthIn(file: string): ReadonlyMap<string, string> {
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return new Map(
    lines
      .map((line) => JSON.parse(line))
      .filter(({ art }) => art === "akdn" || art === "schild")
      .map(({ personennummer, schule, zeile, persnr }) => [personennummer ?? `${schule}/${zeile}`, persnr]),
  );
}

function foreigners(file: string): readonly Known[] {
  const lines = textOf(file)
    .split(/\r?\n/)
    .map((line) => line.split(";").map((cell) => cell.replace(/^"|"$/g, "")));
  const start = lines.findIndex(([first]) => first === "Stichtag");
  const known = new Map<string, Known>();
  for (const fields of lines.slice(start + 1)) {
    const cell = cellsOf(lines[start] ?? [], fields);
    const isPerson = cell("PersNr").replace(/^0+/, "");
    const person = personOf(cell("Vornamen"), cell("Familienname"), cell("Geburtsdatum"), cell("Geschlecht"));
    const [street, houseNumber, postcode] = [cell("Straße"), cell("Hausnummer"), cell("PLZ")];
    if (isPerson !== "" && !known.has(isPerson))
      known.set(isPerson, { isPerson, person: { ...person, street, houseNumber, postcode } });
  }
  return [...known.values()];
}

async function recipients(file: string, truth: ReadonlyMap<string, string>): Promise<readonly Known[]> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(file);
  const known = new Map<string, Known>();
  let head: readonly string[] = [];
  workbook.getWorksheet("Abrechnung")?.eachRow((row) => {
    const fields = Array.from({ length: row.cellCount }, (_, at) => row.getCell(at + 1).text);
    if (fields[0] === "Berichtsmonat") head = fields;
    const cell = cellsOf(head, fields);
    const isPerson = truth.get(cell("Personennummer"));
    if (isPerson === undefined || known.has(isPerson)) return;
    const person = personOf(cell("Vorname"), cell("Nachname"), cell("GebDat"), cell("Geschlecht"));
    const [street, houseNumber, postcode] = [cell("Straße"), cell("Hausnummer"), cell("PLZ")];
    known.set(isPerson, { isPerson, person: { ...person, street, houseNumber, postcode } });
  });
  return [...known.values()];
}

function pupils(file: string, truth: ReadonlyMap<string, string>): readonly Known[] {
  const school = /\d{6}/.exec(file)?.[0] ?? "";
  const [head = "", ...lines] = textOf(file).split(/\r?\n/);
  return lines
    .filter((line) => line !== "")
    .map((line, at) => {
      const cell = cellsOf(head.split("|"), line.split("|"));
      const surname = cell("Nachname").replace(/#.*/, "");
      const person = personOf(cell("Vorname"), surname, cell("Geburtsdatum"), cell("Geschlecht"));
      const [, street = "", houseNumber = ""] = /^(.*?) ?(\d+\S*)?$/.exec(cell("Straße")) ?? [];
      const place = `${school}/${at + 2}`;
      return {
        isPerson: truth.get(place) ?? place,
        person: { ...person, street, houseNumber, postcode: cell("PLZ") },
      };
    });
}

function cellsOf(head: readonly string[], fields: readonly string[]): Cells {
  return (heading) => fields[head.indexOf(heading)] ?? "";
}

function personOf(given: string, surname: string, birth: string, sex: string): LinkagePerson {
  const [day = 0, month = 0, year = 0] = birth.split(".").map(Number);
  const whole = birth.includes(".") ? { day, month, year } : { day: 0, month: 0, year: Number(birth) };
  return {
    given,
    surname,
    ...(whole.year > 0 && {
      birthDate: {
        year: whole.year,
        ...(whole.month > 0 && { month: whole.month }),
        ...(whole.day > 0 && { day: whole.day }),
      },
    }),
    ...((sex === "m" || sex === "w") && { sex }),
  };
}

function textOf(file: string): string {
  const bytes = readFileSync(file);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
