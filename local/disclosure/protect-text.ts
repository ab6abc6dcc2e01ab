import pc from "picocolors";
import type { FileMethod, FilesOutcome, Note } from "../../shared/disclosure/files/protect-files.ts";

type Protected = Extract<FilesOutcome, { kind: "protected" }>;
type Summary = Protected["summary"]["tables"][number];

const methodWords: Readonly<Record<FileMethod | "none", string>> = {
  suppress: "gesperrt",
  round: "gerundet",
  coarsen: "vergröbert",
  withhold: "zurückgehalten",
  none: "unverändert",
};

export function printProtected({ notes, summary }: Protected, folder: string): void {
  printNotes(notes);
  for (const table of summary.tables) console.log(tableText(table));
  const { disclosedA, disclosedB } = summary;
  console.log(pc.green(`Angreifer A: ${disclosedA} aufgedeckte Fächer, Angreifer B: ${disclosedB}`));
  console.log(`Geschrieben nach ${folder}`);
  console.log(
    pc.yellow("Nur für das Amt: Die Spalte „primary“ und die Datei summary.json verraten kleine Anzahlen."),
  );
  console.log(pc.yellow("Vor dem Veröffentlichen beide entfernen."));
}

export function printNotes(notes: readonly Note[]): void {
  for (const { table, reason } of notes) console.log(`${table}: ${reason}`);
}

/** Only what the method does. */
function tableText(table: Summary): string {
  const { name, cells, primaries, method } = table;
  const details = [hiddenText(table), roundedText(table), ...coarsenedTexts(table)].filter(
    (text) => text !== "",
  );
  const done = [methodWords[method], details.join("; ")].filter((text) => text !== "").join(": ");
  return `${name}: ${cells} Fächer, davon ${primaries} zu klein; ${done}`;
}

function hiddenText({ suppressed, hiddenSum }: Summary): string {
  return suppressed === 0 ? "" : `${suppressed} Fächer (Summe ${hiddenSum})`;
}

function roundedText({ method, changed, maxDeviation, meanDeviation, additive }: Summary): string {
  if (method !== "round") return "";
  const mean = meanDeviation.toFixed(2).replace(".", ",");
  const text = `${changed} Fächer verändert, höchstens um ${maxDeviation}, im Mittel um ${mean}`;
  return additive === false
    ? `${text}; Achtung: Summen, die eine andere Tabelle auch zeigt, sind nicht die Summen dieser Tabelle`
    : text;
}

function coarsenedTexts({ coarsenedTo = [] }: Summary): readonly string[] {
  return coarsenedTo.map(({ dimension, levelsLeftOut, totalOnly, merged }) => {
    if (totalOnly) return `${dimension}: nur die Summe bleibt`;
    if (merged !== undefined)
      return `${dimension}: ${merged.members.join(", ")} zusammengefasst zu „${merged.code}“`;
    return levelsLeftOut === 1
      ? `${dimension}: ohne die feinste Ebene`
      : `${dimension}: ohne die ${levelsLeftOut} feinsten Ebenen`;
  });
}
