import {
  attackReleasedFiles,
  type FilesOutcome,
  showsTheSame,
} from "../disclosure/attacker/attack-released-files.ts";
import { entriesBefore } from "../disclosure/ledger/ledger.ts";
import { agreeingTables, earlierTables } from "../disclosure/ledger/ledger-history.ts";
import { policy, readingRulesOf, tightened } from "../disclosure/policy.ts";
import { provenanceFile, workbookFile } from "../release/plan.ts";
import type { StorageClients } from "./clients.ts";
import { readHistory } from "./ledger-store.ts";
import { readOfficeFiles } from "./office-files.ts";
import { readShowing } from "./shown-before.ts";

/**
 * Opens the files of a release as a reader would, and attacks them beside everything that was shown before.
 *
 * @throws {RangeError} if the ledger cannot be trusted: then nothing may be released.
 */
export async function attackRelease(storage: StorageClients, release: string): Promise<FilesOutcome> {
  const { showing } = await readShowing(storage, release);
  const rules = readingRulesOf(tightened(policy, (await readOfficeFiles(storage)).office.schutz));
  const universes = new Set(showing.tables.map(({ universe }) => universe));
  const history = await readHistory(storage, { release, universes });
  const earlier = earlierTables(entriesBefore(history.entries, release), universes);
  const csv = new Map<string, string>();
  const folder = storage.container("releases");
  for await (const { name } of folder.listBlobsFlat({ prefix: `${release}/` })) {
    const path = name.slice(release.length + 1);
    if (path.endsWith(".csv"))
      csv.set(path, (await folder.getBlobClient(name).downloadToBuffer()).toString("utf8"));
  }
  const read = async (path: string) => await folder.getBlobClient(`${release}/${path}`).downloadToBuffer();
  const files = {
    releaseJson: (await read(provenanceFile)).toString("utf8"),
    csv,
    workbook: await read(workbookFile),
  };
  if (!showsTheSame(files, showing.tables)) {
    return { kind: "failed", reasons: ["The files must show what the ledger is going to hold"] };
  }
  return await attackReleasedFiles(files, agreeingTables(earlier, showing.tables, rules), rules);
}
