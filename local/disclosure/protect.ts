import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import pc from "picocolors";
import { type FilesOutcome, protectFiles } from "../../shared/disclosure/files/protect-files.ts";
import { protectedText } from "../../shared/disclosure/files/protect-files-text.ts";
import { readHierarchy, readPlainTable } from "../../shared/disclosure/files/table-file.ts";
import { policy } from "../../shared/disclosure/policy.ts";
import { checkFolder, errorName, replaceFolder, summaryName } from "./protect-folder.ts";
import { OptionError, type ProtectOptions, readOptions, usage } from "./protect-options.ts";

/** How much a packed file may hold: more is no table. */
const unpackedBytesAtMost = 512 * 1024 * 1024;

type Protected = Extract<FilesOutcome, { kind: "protected" }>;

async function protectedFiles(options: ProtectOptions): Promise<FilesOutcome> {
  const { totalCode, ladder, ownContribution, count } = options;
  const tables = await Promise.all(
    options.tables.map(async (file) => readPlainTable(nameOf(file), await readBytes(file), count)),
  );
  const hierarchies = await Promise.all(
    options.hierarchies.map(async ({ dimension, file }) =>
      readHierarchy(dimension, nameOf(file), await readBytes(file)),
    ),
  );
  return await protectFiles(tables, hierarchies, {
    ladder,
    totalCode,
    publishFromCount: policy.publishFromCount.value,
    ownContribution,
    tieBreak: (name) => name,
    elapsedMs: () => performance.now(),
  });
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

function filesOf({ files, summary }: Protected): ReadonlyMap<string, string> {
  const tables = files.map((file) => [`${file.name}.csv`, protectedText(file)] as const);
  return new Map([...tables, [summaryName, `${JSON.stringify(summary, null, 2)}\n`]]);
}

function printSummary({ summary: { tables, disclosedA, disclosedB } }: Protected): void {
  for (const table of tables) {
    const { name, cells, primaries, method, suppressed, hiddenSum, changed, meanDeviation } = table;
    const hidden = `${suppressed} gesperrt (Summe ${hiddenSum})`;
    const rounded = `${changed} verändert (im Mittel ${meanDeviation.toFixed(2).replace(".", ",")})`;
    console.log(`${name}: ${cells} Fächer, ${primaries} zu klein, ${method}, ${hidden}, ${rounded}`);
  }
  console.log(pc.green(`Angreifer A: ${disclosedA} aufgedeckte Fächer, Angreifer B: ${disclosedB}`));
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  await checkFolder(options.out);
  const outcome = await protectedFiles(options);
  if (outcome.kind === "protected") {
    await replaceFolder(options.out, filesOf(outcome));
    printSummary(outcome);
    return 0;
  }
  await replaceFolder(options.out, new Map([[errorName, `${outcome.reason}\n`]]));
  console.error(pc.red(outcome.reason));
  return 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : "Fehler");
  if (error instanceof OptionError) console.error(`\n${usage}`);
  process.exitCode = 2;
}
