import { parseArgs } from "node:util";

/** What `--map` can name of a person; the names of registers, because that is what offices call them. */
const mappedFields = [
  "vorname",
  "familienname",
  "geburtsdatum",
  "geschlecht",
  "strasse",
  "hausnummer",
  "plz",
  "ort",
] as const;
export type MappedField = (typeof mappedFields)[number];

export const usage = `npm run link -- --left A.csv --right B.csv --map FELD=SPALTE,… [--id SPALTE] --out links.csv
  --left DATEI          CSV mit Kopfzeile, Trennzeichen Komma oder Semikolon, UTF-8 oder Windows-1252
  --right DATEI         dieselben Spalten
  --map FELD=SPALTE,…   ${mappedFields.join(", ")}
  --id SPALTE           Kennung einer Zeile; ohne sie die Nummer der Datenzeile ab 1
  --out DATEI           left;right;score, wird ersetzt`;

export type LinkOptions = {
  readonly left: string;
  readonly right: string;
  readonly columns: ReadonlyMap<MappedField, string>;
  readonly id: string | undefined;
  readonly out: string;
};

/** A mistake of the person at the command line; its message is German. */
export class OptionError extends RangeError {}

/** @throws {OptionError} naming the option and the rule. */
export function readOptions(args: readonly string[]): LinkOptions {
  const values = parsed(args);
  return {
    left: given(values.left, "--left"),
    right: given(values.right, "--right"),
    columns: columnsOf(given(values.map, "--map")),
    id: values.id,
    out: given(values.out, "--out"),
  };
}

function parsed(args: readonly string[]) {
  const text = { type: "string" } as const;
  const options = { left: text, right: text, map: text, id: text, out: text } as const;
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : "unbekannte Option", { cause: error });
  }
}

function given(value: string | undefined, option: string): string {
  if (value === undefined || value === "") throw new OptionError(`Es fehlt ${option}`);
  return value;
}

function columnsOf(map: string): ReadonlyMap<MappedField, string> {
  const columns = new Map<MappedField, string>();
  for (const part of map.split(",")) {
    const [name = "", ...rest] = part.split("=");
    const column = rest.join("=").trim();
    const field = mappedFields.find((one) => one === name.trim());
    if (field === undefined || column === "")
      throw new OptionError(`--map erwartet FELD=SPALTE mit ${mappedFields.join(", ")}`);
    if (columns.has(field)) throw new OptionError(`--map nennt ${field} doppelt`);
    columns.set(field, column);
  }
  if (!columns.has("vorname") && !columns.has("familienname"))
    throw new OptionError("--map braucht vorname oder familienname: ohne Namen gibt es keine Verknüpfung");
  return columns;
}
