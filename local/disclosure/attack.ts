import type { Attacker, AttackModel } from "../../shared/disclosure/attack-model.ts";
import { attackModel } from "../../shared/disclosure/attacker/attacker.ts";
import { knowledgeOf, type OpenCount } from "../../shared/disclosure/files/attack-files.ts";
import { readTable } from "../../shared/disclosure/files/table-file.ts";
import { policy } from "../../shared/disclosure/policy.ts";
import { type FileOptions, readOptions, usage } from "./attack-options.ts";
import { readReleased } from "./attack-released.ts";
import {
  attackers,
  namedCells,
  namedIntervals,
  type Proven,
  printAttackers,
  printFileFindings,
  printFindings,
  printIntervals,
} from "./attack-text.ts";
import { runCommand } from "./command-line.ts";
import { nameOf, readBytes, readHierarchies } from "./input-files.ts";

/** What is attacked, and what the files say beyond their hidden counts. */
type Attackable = {
  readonly model: AttackModel;
  readonly open: readonly OpenCount[];
  readonly withheld: readonly string[];
  readonly findings: readonly string[];
};

async function readFiles({ files, hierarchies, totalCode }: FileOptions): Promise<Attackable> {
  const names = files.map(nameOf);
  const tables = await Promise.all(
    files.map(async (file, at) => {
      const isAmbiguous = names.filter((name) => name === names[at]).length > 1;
      return readTable(isAmbiguous ? file : nameOf(file), await readBytes(file));
    }),
  );
  return { ...knowledgeOf(tables, await readHierarchies(hierarchies), totalCode), findings: [] };
}

type ProvenBoth = Readonly<Record<Attacker, Proven>> & { readonly findings: readonly string[] };

/** Files that differ may contradict each other: then that is one more finding, and nothing is proven. */
async function proveBoth({ model, findings }: Attackable, intervals: boolean): Promise<ProvenBoth> {
  const reasons: string[] = [];
  const prove = async (attacker: Attacker): Promise<Proven> => {
    const outcome = await attackModel(model, attacker, policy.publishFromCount.value, { intervals });
    if (outcome.kind === "proven") return outcome;
    reasons.push(`Angreifer ${attacker} ohne Beweis: ${outcome.reason}`);
    return { kind: "proven", disclosed: [] };
  };
  const [A, B] = [await prove("A"), await prove("B")];
  const [reason] = reasons;
  if (reason !== undefined && findings.length === 0) throw new Error(reason);
  return { A, B, findings: [...findings, ...reasons] };
}

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const isRelease = options.kind === "release";
  const attackable: Attackable = await (isRelease ? readReleased(options) : readFiles(options));
  const { model, open, withheld } = attackable;
  const proven = await proveBoth(attackable, options.withIntervals);
  const { findings } = proven;
  const found = { A: namedCells(model, open, proven.A), B: namedCells(model, open, proven.B) };
  const intervals = { A: namedIntervals(model, proven.A), B: namedIntervals(model, proven.B) };
  const counts = {
    cells: model.cells.length,
    suppressed: model.cells.filter(({ knowledge }) => knowledge.kind === "suppressed").length,
    sums: model.sums.length,
  };
  if (options.asJson) {
    const disclosed = { disclosedA: found.A.length, disclosedB: found.B.length };
    const more = options.withIntervals ? { intervals } : {};
    const all = { ...counts, ...disclosed, withheld, findings: { ...found, files: findings }, ...more };
    console.log(JSON.stringify(all));
  } else {
    for (const name of withheld) console.log(`Tabelle „${name}“ ist zurückgehalten: sie zeigt keine Anzahl`);
    console.log(`${counts.cells} Fächer, davon ${counts.suppressed} gesperrt, ${counts.sums} Summen`);
    printAttackers();
    printFindings(found);
    if (isRelease) printFileFindings(findings);
    if (options.withIntervals)
      for (const attacker of attackers) printIntervals(attacker, intervals[attacker]);
  }
  return found.A.length + found.B.length + findings.length === 0 ? 0 : 1;
}

await runCommand(usage, main);
