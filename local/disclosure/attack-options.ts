import { parseArgs } from "node:util";
import {
  checkArguments,
  exitCodes,
  type HierarchyOption,
  help,
  hierarchyOptions,
  OptionError,
} from "./command-line.ts";

export const usage = `npm run attack -- [Optionen] DATEIEN…
  DATEIEN                   veröffentlichte Tabellen, .csv oder .csv.gz, alle zusammen angegriffen
  --hierarchy MERKMAL=DATEI Hierarchie eines Merkmals, je Merkmal einmal
  --total CODE              Code der Summen (Total)
npm run attack -- [Optionen] --release ORDNER
  --release ORDNER          fertige Veröffentlichung: ORDNER ist daten/<Woche>
  --workbook DATEI          deren Arbeitsmappe (../../archiv/<Jahr>/Bevoelkerung_aktuell_<Woche>.xlsx)
in beiden Fällen
  --intervals               auch das Intervall jedes gesperrten, gerundeten, gehaltenen Fachs
  --json                    Ergebnis als JSON
  --help, -h                diese Hilfe
${exitCodes}`;

type Common = { readonly asJson: boolean; readonly withIntervals: boolean };
export type FileOptions = Common & {
  readonly kind: "files";
  readonly files: readonly string[];
  readonly hierarchies: readonly HierarchyOption[];
  readonly totalCode: string;
};
export type ReleaseOptions = Common & {
  readonly kind: "release";
  readonly folder: string;
  readonly workbook: string | undefined;
};

const text = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;
const known = {
  hierarchy: { ...text, multiple: true },
  total: text,
  release: text,
  workbook: text,
  json: flag,
  intervals: flag,
  help,
} as const;

/** @throws {OptionError} for options that are unknown, incomplete or do not go together. */
export function readOptions(args: readonly string[]): FileOptions | ReleaseOptions {
  checkArguments(args, known, true);
  const { values, positionals } = parseArgs({ args: [...args], options: known, allowPositionals: true });
  const common = { asJson: values.json, withIntervals: values.intervals };
  const hierarchies = hierarchyOptions(values.hierarchy ?? []);
  if (values.release !== undefined) {
    if (positionals.length > 0 || hierarchies.length > 0 || values.total !== undefined)
      throw new OptionError("--release bringt Dateien, Hierarchien und Summen selbst mit");
    return { kind: "release", ...common, folder: values.release, workbook: values.workbook };
  }
  if (values.workbook !== undefined) throw new OptionError("--workbook gehört zu --release");
  if (positionals.length === 0) throw new OptionError("Es fehlen die Dateien");
  return { kind: "files", ...common, files: positionals, hierarchies, totalCode: values.total ?? "Total" };
}
