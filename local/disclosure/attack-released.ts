import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AttackModel } from "../../shared/disclosure/attack-model.ts";
import { type ReadRelease, readRelease } from "../../shared/disclosure/attacker/attack-release.ts";
import {
  modelOfRelease,
  releasedWorkbookFindings,
} from "../../shared/disclosure/attacker/attack-released-files.ts";
import { casesGiveAway } from "../../shared/disclosure/attacker/known-cases.ts";
import type { OpenCount } from "../../shared/disclosure/files/attack-files.ts";
import { policy, readingRulesOf } from "../../shared/disclosure/policy.ts";
import type { ReleaseOptions } from "./attack-options.ts";
import { fromCaller } from "./input-files.ts";

/** What is attacked, and what the files say beyond their counts. */
type Released = {
  readonly model: AttackModel;
  readonly open: readonly OpenCount[];
  /** None: `release.json` tells of every table. */
  readonly withheld: readonly string[];
  readonly findings: readonly string[];
};

/**
 * A finished release from its folder and its workbook. Files that differ from each other are findings, all of them.
 *
 * @throws if a file is missing or cannot be read at all.
 */
export async function readReleased({ folder, workbook }: ReleaseOptions): Promise<Released> {
  const release = await readFolder(fromCaller(folder));
  const file = workbook ?? workbookOf(folder, release.week);
  const bytes = await readFile(fromCaller(file)).catch(refuseFile(file));
  const findings = [
    ...release.findings,
    ...(await releasedWorkbookFindings(bytes, release)),
    ...release.tables
      .filter(({ table }) => casesGiveAway(table, policy.publishFromCount.value))
      .map(({ table }) => `Tabelle „${table.id}“: aus Fällen folgt eine kleine Anzahl von Personen`),
  ];
  const { model, reason } = modelOrReason(release);
  if (reason !== undefined && findings.length === 0) throw new RangeError(reason);
  return {
    model,
    open: openCounts(model),
    withheld: [],
    findings: reason === undefined ? findings : [...findings, reason],
  };
}

async function readFolder(folder: string): Promise<ReadRelease> {
  const names = (await readdir(folder).catch(refuseFile(folder))).filter((name) => name.endsWith(".csv"));
  const texts = await Promise.all(
    names.map(async (name) => [name, await readText(join(folder, name))] as const),
  );
  const releaseJson = await readText(join(folder, "release.json"));
  if (!isJson(releaseJson)) throw new SyntaxError("„release.json“ ist kein JSON");
  return readRelease({ releaseJson, csv: new Map(texts) });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Figures that contradict each other are no model: with files that differ, one more finding. */
function modelOrReason(release: ReadRelease): { readonly model: AttackModel; readonly reason?: string } {
  try {
    return { model: modelOfRelease(release, [], readingRulesOf(policy)).model };
  } catch (error) {
    if (error instanceof RangeError) return { model: { cells: [], sums: [] }, reason: error.message };
    throw error;
  }
}

function openCounts({ cells }: AttackModel): readonly OpenCount[] {
  return cells.flatMap(({ name, knowledge }) => {
    const isSmall =
      knowledge.kind === "exact" && knowledge.value > 0 && knowledge.value < policy.publishFromCount.value;
    return isSmall ? [{ cell: name, value: knowledge.value, places: [] }] : [];
  });
}

function workbookOf(folder: string, week: string): string {
  return join(folder, "..", "..", "archiv", week.slice(0, 4), `Bevoelkerung_aktuell_${week}.xlsx`);
}

async function readText(file: string): Promise<string> {
  return (await readFile(file).catch(refuseFile(file))).toString("utf8");
}

function refuseFile(file: string) {
  return (error: unknown): never => {
    throw new Error(`„${file}“ ist nicht zu lesen`, { cause: error });
  };
}
