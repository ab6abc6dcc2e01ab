import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import type { Link } from "../../shared/linkage/assign-links.ts";
import { linkRecords, linkRules } from "../../shared/linkage/link-records.ts";
import {
  type LinkagePerson,
  LinkageSecrets,
  linkageKey,
  linkageKeyBytes,
} from "../../shared/linkage/linkage-key.ts";
import type { LinkageKeys } from "../../shared/linkage/pair-scores.ts";
import { OptionError, readOptions, usage } from "./link-options.ts";
import { type PersonFile, readPersons } from "./person-file.ts";

const workersAtMost = 8;
/** Keys end with the run and are written nowhere, so this is no secret; always the same, the same files give the same links. */
const masterKey = new Uint8Array(32);

function keysOf(persons: readonly LinkagePerson[], secrets: LinkageSecrets): LinkageKeys {
  const bytes = new Uint8Array(persons.length * linkageKeyBytes);
  for (const [at, person] of persons.entries()) bytes.set(linkageKey(person, secrets), at * linkageKeyBytes);
  return { count: persons.length, bytes };
}

function linksText(links: readonly Link[], left: PersonFile, right: PersonFile): string {
  const lines = links.map(
    (link) => `${left.ids[link.left]};${right.ids[link.right]};${link.score.toFixed(4)}\n`,
  );
  return `left;right;score\n${lines.join("")}`;
}

/** Nobody finds half a file under the name. */
async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.teil`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(draft, text);
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

async function main(): Promise<void> {
  const start = performance.now();
  const options = readOptions(process.argv.slice(2));
  const left = await readPersons(options.left, options);
  const right = await readPersons(options.right, options);
  const secrets = new LinkageSecrets(masterKey, "link");
  const { links, unlinkedLeft, unlinkedRight, classes, quality } = await linkRecords(
    keysOf(left.persons, secrets),
    keysOf(right.persons, secrets),
    { ...linkRules, workers: Math.min(availableParallelism(), workersAtMost) },
  );
  await writeWhole(options.out, linksText(links, left, right));
  console.log(JSON.stringify({ unlinkedLeft, unlinkedRight, classes, estimated: quality }));
  const seconds = Number(((performance.now() - start) / 1_000).toFixed(2));
  const summary = { left: left.persons.length, right: right.persons.length, links: links.length, seconds };
  console.log(JSON.stringify(summary));
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : "Fehler");
  if (error instanceof OptionError) console.error(`\n${usage}`);
  process.exitCode = 2;
}
