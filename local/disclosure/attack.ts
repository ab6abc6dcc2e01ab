import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import pc from "picocolors";
import type { Attacker, AttackModel, AttackOutcome } from "../../shared/disclosure/attack-model.ts";
import { attackModel } from "../../shared/disclosure/attacker/attacker.ts";
import { modelOf } from "../../shared/disclosure/files/attack-files.ts";
import { readHierarchy, readTable } from "../../shared/disclosure/files/table-file.ts";
import { policy } from "../../shared/disclosure/policy.ts";
import { type FileOptions, OptionError, readOptions, usage } from "./attack-options.ts";
import { type Released, readReleased } from "./attack-released.ts";

/** How much a packed file may hold: more is no table. */
const unpackedBytesAtMost = 512 * 1024 * 1024;

type Proven = Extract<AttackOutcome, { kind: "proven" }>;

async function readFiles({ files, hierarchies, totalCode }: FileOptions): Promise<Released> {
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
  return { model: modelOf(tables, levels, totalCode), findings: [] };
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

async function prove(model: AttackModel, attacker: Attacker, intervals: boolean): Promise<Proven> {
  const outcome = await attackModel(model, attacker, policy.publishFromCount.value, { intervals });
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
  printCount(`Angreifer ${attacker}: ${findings.length} aufgedeckte Fächer`, findings.length);
  for (const { cell, low, high, pinnedBy } of findings) {
    const values = low === high ? `nur ${low}` : `${low} bis ${high}`;
    console.log(`  ${cell}: ${values}, durch ${pinnedBy.join("; ") || "die Angabe selbst"}`);
  }
}

function printCount(text: string, count: number): void {
  console.log(count === 0 ? pc.green(text) : pc.red(text));
}

type NamedInterval = { readonly cell: string; readonly low: number; readonly high: number | null };

/** Without an upper end where there is none. */
function namedIntervals(model: AttackModel, { intervals = [] }: Proven): readonly NamedInterval[] {
  return intervals.map(({ cell, low, high }) => ({
    cell: model.cells[cell]?.name ?? "",
    low,
    high: Number.isFinite(high) ? high : null,
  }));
}

function printIntervals(attacker: Attacker, intervals: readonly NamedInterval[]): void {
  console.log(`Angreifer ${attacker}: ${intervals.length} Intervalle`);
  for (const { cell, low, high } of intervals) console.log(`  ${cell}: ${low} bis ${high ?? "unbegrenzt"}`);
}

function printFileFindings(findings: readonly string[]): void {
  printCount(`Dateien: ${findings.length} Abweichungen`, findings.length);
  for (const finding of findings) console.log(`  ${finding}`);
}

const attackers = ["A", "B"] as const;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const { model, findings } = await (options.kind === "release" ? readReleased(options) : readFiles(options));
  const proven: Record<Attacker, Proven> = {
    A: await prove(model, "A", options.withIntervals),
    B: await prove(model, "B", options.withIntervals),
  };
  const found = { A: namedCells(model, proven.A), B: namedCells(model, proven.B) };
  const intervals = { A: namedIntervals(model, proven.A), B: namedIntervals(model, proven.B) };
  const counts = {
    cells: model.cells.length,
    suppressed: model.cells.filter(({ knowledge }) => knowledge.kind === "suppressed").length,
    sums: model.sums.length,
  };
  if (options.asJson) {
    const disclosed = { disclosedA: found.A.length, disclosedB: found.B.length };
    const more = options.withIntervals ? { intervals } : {};
    console.log(
      JSON.stringify({ ...counts, ...disclosed, findings: { ...found, files: findings }, ...more }),
    );
  } else {
    console.log(`${counts.cells} Fächer, davon ${counts.suppressed} gesperrt, ${counts.sums} Summen`);
    for (const attacker of attackers) printFindings(attacker, found[attacker]);
    if (options.kind === "release") printFileFindings(findings);
    if (options.withIntervals)
      for (const attacker of attackers) printIntervals(attacker, intervals[attacker]);
  }
  return found.A.length + found.B.length + findings.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : "Fehler");
  if (error instanceof OptionError) console.error(`\n${usage}`);
  process.exitCode = 2;
}
