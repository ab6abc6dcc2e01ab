import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import pc from "picocolors";
import { modelOf } from "../../shared/disclosure/attack-files.ts";
import type { Attacker, AttackModel, AttackOutcome } from "../../shared/disclosure/attack-model.ts";
import { attackModel } from "../../shared/disclosure/attacker.ts";
import { policy } from "../../shared/disclosure/policy.ts";
import { readHierarchy, readTable } from "../../shared/disclosure/table-file.ts";

const usage = `npm run attack -- [Optionen] DATEIEN…
  DATEIEN                   veröffentlichte Tabellen, .csv oder .csv.gz, alle zusammen angegriffen
  --hierarchy MERKMAL=DATEI Hierarchie eines Merkmals, je Merkmal einmal
  --total CODE              Code der Summen (Total)
  --json                    Ergebnis als JSON`;

/** How much a packed file may hold: more is no table. */
const unpackedBytesAtMost = 512 * 1024 * 1024;

type Options = {
  readonly files: readonly string[];
  readonly hierarchies: readonly { readonly dimension: string; readonly file: string }[];
  readonly totalCode: string;
  readonly asJson: boolean;
};
type Proven = Extract<AttackOutcome, { kind: "proven" }>;

class OptionError extends RangeError {}

function readOptions(args: string[]): Options {
  const text = { type: "string" } as const;
  const options = {
    hierarchy: { type: "string", multiple: true },
    total: { ...text, default: "Total" },
    json: { type: "boolean", default: false },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args, options, strict: true, allowPositionals: true });
    if (positionals.length === 0) throw new OptionError("Es fehlen die Dateien");
    const hierarchies = (values.hierarchy ?? []).map(readHierarchyOption);
    const dimensions = new Set(hierarchies.map(({ dimension }) => dimension));
    if (dimensions.size < hierarchies.length) throw new OptionError("--hierarchy nennt ein Merkmal doppelt");
    return { files: positionals, hierarchies, totalCode: values.total, asJson: values.json };
  } catch (error) {
    if (error instanceof OptionError) throw error;
    throw new OptionError(error instanceof Error ? error.message : "unbekannte Option", { cause: error });
  }
}

function readHierarchyOption(option: string): Options["hierarchies"][number] {
  const at = option.indexOf("=");
  if (at < 1 || at === option.length - 1) throw new OptionError("--hierarchy erwartet MERKMAL=DATEI");
  return { dimension: option.slice(0, at), file: option.slice(at + 1) };
}

async function readModel({ files, hierarchies, totalCode }: Options): Promise<AttackModel> {
  const names = files.map(nameOf);
  const tables = await Promise.all(
    files.map(async (file, at) => {
      const isAmbiguous = names.filter((name) => name === names[at]).length > 1;
      return readTable(isAmbiguous ? file : nameOf(file), await readBytes(file));
    }),
  );
  const levels = await Promise.all(
    hierarchies.map(async ({ dimension, file }) =>
      readHierarchy(dimension, nameOf(file), await readBytes(file)),
    ),
  );
  return modelOf(tables, levels, totalCode);
}

function nameOf(file: string): string {
  return basename(file).replace(/\.csv(\.gz)?$/, "");
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    const bytes = await readFile(file);
    return file.endsWith(".gz") ? gunzipSync(bytes, { maxOutputLength: unpackedBytesAtMost }) : bytes;
  } catch (error) {
    throw new Error(`Die Datei „${file}“ ist nicht zu lesen`, { cause: error });
  }
}

async function prove(model: AttackModel, attacker: Attacker): Promise<Proven> {
  const outcome = await attackModel(model, attacker, policy.publishFromCount.value);
  if (outcome.kind === "proven") return outcome;
  throw new Error(`Angreifer ${attacker} ohne Beweis: ${outcome.reason}`);
}

function namedCells(model: AttackModel, { disclosed }: Proven) {
  return disclosed.map(({ cell, low, high, pinnedBy }) => ({
    cell: model.cells[cell]?.name ?? "",
    low,
    high,
    pinnedBy,
  }));
}

function printFindings(attacker: Attacker, findings: ReturnType<typeof namedCells>): void {
  const count = `Angreifer ${attacker}: ${findings.length} aufgedeckte Fächer`;
  console.log(findings.length === 0 ? pc.green(count) : pc.red(count));
  for (const { cell, low, high, pinnedBy } of findings) {
    const values = low === high ? `nur ${low}` : `${low} bis ${high}`;
    console.log(`  ${cell}: ${values}, durch ${pinnedBy.join("; ") || "die Angabe selbst"}`);
  }
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const model = await readModel(options);
  const a = namedCells(model, await prove(model, "A"));
  const b = namedCells(model, await prove(model, "B"));
  const cells = model.cells.length;
  const suppressed = model.cells.filter(({ knowledge }) => knowledge.kind === "suppressed").length;
  if (options.asJson) {
    const counts = { cells, suppressed, sums: model.sums.length, disclosedA: a.length, disclosedB: b.length };
    console.log(JSON.stringify({ ...counts, findings: { A: a, B: b } }));
  } else {
    console.log(`${cells} Fächer, davon ${suppressed} gesperrt, ${model.sums.length} Summen`);
    printFindings("A", a);
    printFindings("B", b);
  }
  return a.length + b.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : "Fehler");
  if (error instanceof OptionError) console.error(`\n${usage}`);
  process.exitCode = 2;
}
