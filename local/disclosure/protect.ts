import pc from "picocolors";
import { type FilesOutcome, protectFiles } from "../../shared/disclosure/files/protect-files.ts";
import { protectedText } from "../../shared/disclosure/files/protect-files-text.ts";
import { readPlainTable } from "../../shared/disclosure/files/table-file.ts";
import { policy } from "../../shared/disclosure/policy.ts";
import { runCommand } from "./command-line.ts";
import { fromCaller, nameOf, readBytes, readHierarchies } from "./input-files.ts";
import { checkFolder, replaceFolder, summaryName } from "./protect-folder.ts";
import { type ProtectOptions, readOptions, usage } from "./protect-options.ts";
import { printNotes, printProtected } from "./protect-text.ts";

type Protected = Extract<FilesOutcome, { kind: "protected" }>;

async function protectedFiles(options: ProtectOptions): Promise<FilesOutcome> {
  const { totalCode, ladder, ownContribution, count } = options;
  const tables = await Promise.all(
    options.tables.map(async (file) => readPlainTable(nameOf(file), await readBytes(file), count)),
  );
  return await protectFiles(tables, await readHierarchies(options.hierarchies), {
    ladder,
    totalCode,
    publishFromCount: policy.publishFromCount.value,
    ownContribution,
    tieBreak: (name) => name,
    elapsedMs: () => performance.now(),
  });
}

function filesOf({ files, summary }: Protected): ReadonlyMap<string, string> {
  const tables = files.map((file) => [`${file.name}.csv`, protectedText(file)] as const);
  return new Map([...tables, [summaryName, `${JSON.stringify(summary, null, 2)}\n`]]);
}

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const out = fromCaller(options.out);
  await checkFolder(out, [...options.tables, ...options.hierarchies.map(({ file }) => file)].map(fromCaller));
  const outcome = await protectedFiles(options);
  if (outcome.kind === "protected") {
    await replaceFolder(out, filesOf(outcome));
    printProtected(outcome, options.out);
    return 0;
  }
  printNotes(outcome.notes);
  console.error(pc.red(outcome.reason));
  console.error(`Es ist nichts geschrieben. Was in ${options.out} liegt, ist von einem früheren Lauf`);
  return 1;
}

await runCommand(usage, main);
