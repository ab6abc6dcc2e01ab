import pc from "picocolors";
import type { Attacker, AttackModel, AttackOutcome } from "../../shared/disclosure/attack-model.ts";
import type { OpenCount } from "../../shared/disclosure/files/attack-files.ts";

export type Proven = Extract<AttackOutcome, { kind: "proven" }>;

/** A cell that is no secret any more. */
export type NamedCell = {
  readonly cell: string;
  readonly low: number;
  readonly high: number;
  /** Sums that give it away, or, where it stands in the open, the rows that show it. */
  readonly pinnedBy: readonly string[];
  readonly isOpen: boolean;
};

export type NamedInterval = { readonly cell: string; readonly low: number; readonly high: number | null };

export const attackers = ["A", "B"] as const;

/** What stands in the open first, then what follows; a cell that one table shows and another hides once. */
export function namedCells(
  { cells }: AttackModel,
  open: readonly OpenCount[],
  { disclosed }: Proven,
): readonly NamedCell[] {
  const shown = open.map(({ cell, value, places }) => ({
    cell,
    low: value,
    high: value,
    pinnedBy: places,
    isOpen: true,
  }));
  const names = new Set(open.map(({ cell }) => cell));
  const proven = disclosed.map(({ cell, low, high, pinnedBy }) => ({
    cell: cells[cell]?.name ?? "",
    low,
    high,
    pinnedBy,
    isOpen: false,
  }));
  return [...shown, ...proven.filter(({ cell }) => !names.has(cell))];
}

/** Without an upper end where there is none. */
export function namedIntervals({ cells }: AttackModel, { intervals = [] }: Proven): readonly NamedInterval[] {
  return intervals.map(({ cell, low, high }) => ({
    cell: cells[cell]?.name ?? "",
    low,
    high: Number.isFinite(high) ? high : null,
  }));
}

export function printAttackers(): void {
  console.log("Angreifer A weiß nur, dass keine Anzahl negativ ist.");
  console.log("Angreifer B weiß auch, dass Nullen offen stehen: ein gesperrtes Fach ist mindestens 1.");
}

/** The cells of both attackers once where they are the same. */
export function printFindings(found: Readonly<Record<Attacker, readonly NamedCell[]>>): void {
  const cellsOf = (attacker: Attacker) =>
    found[attacker].map(({ cell, low, high }) => [cell, low, high].join());
  const isSame = cellsOf("A").join("\n") === cellsOf("B").join("\n");
  for (const attacker of attackers) {
    const cells = found[attacker];
    const isRepeated = isSame && attacker === "B" && cells.length > 0;
    const text = `Angreifer ${attacker}: ${disclosedText(cells.length)}${isRepeated ? ", dieselben" : ""}`;
    printCount(text, cells.length);
    if (!isRepeated) for (const cell of cells) console.log(`  ${cellText(cell)}`);
  }
}

function disclosedText(count: number): string {
  return count === 1 ? "1 aufgedecktes Fach" : `${count} aufgedeckte Fächer`;
}

function cellText({ cell, low, high, pinnedBy, isOpen }: NamedCell): string {
  const places = pinnedBy.map(placeText).join("; ");
  if (isOpen) return `${cell}: ${low}, offen veröffentlicht in ${places}`;
  const values = low === high ? `nur ${low}` : `${low} bis ${high}`;
  return `${cell}: ${values}, durch ${places || "die Angabe selbst"}`;
}

/** Places of the model read "table:line" or "table:line dimension". */
function placeText(place: string): string {
  const [, hierarchy, over] = /^hierarchy "(.+)":\d+(?: (.+))?$/.exec(place) ?? [];
  if (hierarchy !== undefined) return `Hierarchie „${hierarchy}“${sumText(over)}`;
  const [, table, line, dimension] = /^(.+?):(\d+)(?: (.+))?$/.exec(place) ?? [];
  return table === undefined ? place : `Tabelle „${table}“, Zeile ${line}${sumText(dimension)}`;
}

function sumText(dimension: string | undefined): string {
  return dimension === undefined ? "" : ` (Summe über ${dimension})`;
}

export function printIntervals(attacker: Attacker, intervals: readonly NamedInterval[]): void {
  console.log(`Angreifer ${attacker}: ${intervals.length} Intervalle`);
  for (const { cell, low, high } of intervals) console.log(`  ${cell}: ${low} bis ${high ?? "unbegrenzt"}`);
}

export function printFileFindings(findings: readonly string[]): void {
  const text = findings.length === 1 ? "1 Abweichung" : `${findings.length} Abweichungen`;
  printCount(`Dateien: ${text}`, findings.length);
  for (const finding of findings) console.log(`  ${finding}`);
}

function printCount(text: string, count: number): void {
  console.log(count === 0 ? pc.green(text) : pc.red(text));
}
