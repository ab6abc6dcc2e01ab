import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AttackModel } from "../../shared/disclosure/attack-model.ts";
import { readRelease } from "../../shared/disclosure/attacker/attack-release.ts";
import {
  modelOfRelease,
  releasedWorkbookFindings,
} from "../../shared/disclosure/attacker/attack-released-files.ts";
import { policy, readingRulesOf } from "../../shared/disclosure/policy.ts";
import type { ReleaseOptions } from "./attack-options.ts";

/** What is attacked, and what the files say beyond their counts. */
export type Released = { readonly model: AttackModel; readonly findings: readonly string[] };

/** A finished release from its folder and its workbook. @throws if a file is missing or not what it must be. */
export async function readReleased({ folder, workbook }: ReleaseOptions): Promise<Released> {
  const names = (await readdir(folder).catch(refuseFile(folder))).filter((name) => name.endsWith(".csv"));
  const texts = await Promise.all(
    names.map(async (name) => [name, await readText(join(folder, name))] as const),
  );
  const release = readRelease({
    releaseJson: await readText(join(folder, "release.json")),
    csv: new Map(texts),
  });
  const file = workbook ?? workbookOf(folder, release.week);
  const bytes = await readFile(file).catch(refuseFile(file));
  const findings = [...release.findings, ...(await releasedWorkbookFindings(bytes, release))];
  return { model: modelOfRelease(release, [], readingRulesOf(policy)).model, findings };
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
