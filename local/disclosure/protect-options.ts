import { parseArgs } from "node:util";
import { type FileMethod, fileMethods } from "../../shared/disclosure/files/protect-files.ts";
import {
  checkArguments,
  exitCodes,
  type HierarchyOption,
  help,
  hierarchyOptions,
  OptionError,
} from "./command-line.ts";

export const usage = `npm run protect -- --table DATEI [Optionen] --out ORDNER
  --table DATEI             Tabelle mit allen Summen, .csv oder .csv.gz, beliebig oft; alle werden gemeinsam geschützt
  --hierarchy MERKMAL=DATEI Hierarchie eines Merkmals, je Merkmal einmal
  --total CODE              Code der Summen (Total)
  --count SPALTE            Spalte der Anzahlen (die letzte)
  --method VERFAHREN        suppress sperrt (ohne Angabe), round rundet, coarsen vergröbert, withhold hält zurück
  --ladder A,B,C            Verfahren der Reihe nach, zuletzt withhold
  --own-contribution        schützt auch vor Personen, die ihren eigenen Beitrag kennen
  --out ORDNER              neuer oder leerer Ordner, oder das Ergebnis eines früheren Laufs: es wird ersetzt
  --help, -h                diese Hilfe
${exitCodes}`;

const text = { type: "string" } as const;
const list = { type: "string", multiple: true } as const;
const known = {
  table: list,
  hierarchy: list,
  total: text,
  count: text,
  method: text,
  ladder: text,
  "own-contribution": { type: "boolean", default: false },
  out: text,
  help,
} as const;

export type ProtectOptions = {
  readonly tables: readonly string[];
  readonly hierarchies: readonly HierarchyOption[];
  readonly totalCode: string;
  readonly count: string | undefined;
  readonly ladder: readonly FileMethod[];
  readonly ownContribution: boolean;
  readonly out: string;
};

/** @throws {OptionError} naming the option and the rule. */
export function readOptions(args: readonly string[]): ProtectOptions {
  checkArguments(args, known, false);
  const { values } = parseArgs({ args: [...args], options: known });
  const tables = values.table ?? [];
  if (tables.length === 0) throw new OptionError("Es fehlt --table");
  if (values.out === undefined || values.out === "") throw new OptionError("Es fehlt --out");
  return {
    tables,
    hierarchies: hierarchyOptions(values.hierarchy ?? []),
    totalCode: values.total ?? "Total",
    count: values.count,
    ladder: ladderOf(values.method, values.ladder),
    ownContribution: values["own-contribution"],
    out: values.out,
  };
}

function ladderOf(method: string | undefined, ladder: string | undefined): readonly FileMethod[] {
  if (method !== undefined && ladder !== undefined)
    throw new OptionError("--method und --ladder schließen einander aus");
  if (ladder === undefined) return [methodOf(method ?? "suppress", "--method")];
  const rungs = ladder.split(",").map((rung) => methodOf(rung, "--ladder"));
  if (rungs.at(-1) !== "withhold") throw new OptionError("--ladder muss mit withhold enden");
  if (new Set(rungs).size < rungs.length) throw new OptionError("--ladder nennt ein Verfahren doppelt");
  return rungs;
}

function methodOf(text: string, option: string): FileMethod {
  const method = fileMethods.find((one) => one === text);
  if (method === undefined) throw new OptionError(`${option} kennt nur ${fileMethods.join(", ")}`);
  return method;
}
