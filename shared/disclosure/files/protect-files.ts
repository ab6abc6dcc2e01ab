import { refuseUnknown } from "../../registers/refuse-unknown.ts";
import { deviationsOf, isSmall } from "../rounding/round.ts";
import { suppress } from "../suppression/suppress.ts";
import { universeOf } from "../suppression/universe.ts";
import { coarsenedFile } from "./coarsen-files.ts";
import { type Attacked, attackFiles, type Witnesses } from "./protect-files-attack.ts";
import {
  type Coarsening,
  type CountedFile,
  checkGrids,
  countedFile,
  type FileContext,
  type FileGrid,
  gridsOf,
} from "./protect-files-grid.ts";
import { isAdditive, roundedCells } from "./protect-files-round.ts";
import type { ProtectedFile, ProtectedRow } from "./protect-files-text.ts";
import type { HierarchyFile, TableFile } from "./table-file.ts";

export const fileMethods = ["suppress", "round", "coarsen", "withhold"] as const;
export type FileMethod = (typeof fileMethods)[number];

export type FileRules = {
  /** Treatments in the order in which they are tried. */
  readonly ladder: readonly FileMethod[];
  readonly totalCode: string;
  /** 3 is published, 2 is not. */
  readonly publishFromCount: number;
  readonly ownContribution: boolean;
  /** A digest of a cell's name: decides between roundings that are equally good. */
  readonly tieBreak: (cellName: string) => string;
  /** Milliseconds since any instant: what a table took is reported. */
  readonly elapsedMs: () => number;
};

type FileSummary = {
  readonly name: string;
  /** Of the table as it came, margins included. */
  readonly cells: number;
  readonly primaries: number;
  readonly suppressed: number;
  readonly hiddenSum: number;
  readonly changed: number;
  readonly maxDeviation: number;
  readonly meanDeviation: number;
  readonly method: FileMethod | "none";
  /** Of a coarsened table: what became of its dimensions. */
  readonly coarsenedTo?: readonly Coarsening[];
  /** Of a rounded table: false where a total is not the sum of what the table shows of its parts. */
  readonly additive?: boolean;
  /** Of the treatment, which is one for all tables that are hidden or rounded together. */
  readonly milliseconds: number;
};

export type FilesOutcome =
  | {
      readonly kind: "protected";
      readonly files: readonly ProtectedFile[];
      /** Why treatments failed before. */
      readonly notes: readonly Note[];
      readonly summary: {
        readonly tables: readonly FileSummary[];
        readonly disclosedA: number;
        readonly disclosedB: number;
      };
    }
  /** Nothing may be published. German, for the person at the command: names tables and rules, no value. */
  | { readonly kind: "refused"; readonly reason: string; readonly notes: readonly Note[] };

/** Why one treatment of one table failed. German: names the rule, no value. */
export type Note = { readonly table: string; readonly reason: string };

/** A table with the rung of the ladder it stands on; -1: it has no small count and stays as it is. */
type Standing = { readonly file: CountedFile; readonly rung: number };

/**
 * All tables protected together, then attacked as the files that would be written.
 *
 * A table without a small count stays, unless a cell of it must be hidden for the sake of another one. The others take the
 * first treatment of the ladder that succeeds; where the attack finds a cell, all treated ones take the next.
 *
 * @throws {RangeError} naming file, line and rule, for input that cannot be protected.
 */
export async function protectFiles(
  tables: readonly TableFile[],
  hierarchies: readonly HierarchyFile[],
  rules: FileRules,
): Promise<FilesOutcome> {
  const context = { hierarchies, totalCode: rules.totalCode };
  const files = tables.map(countedFile);
  checkGrids(gridsOf(files, context), context);
  let standings = files.map((file): Standing => ({ file, rung: hasSmall(file, rules) ? 0 : -1 }));
  const notes: Note[] = [];
  for (;;) {
    const treated = await treat(standings, context, rules);
    if (treated.kind === "failed") {
      notes.push(...treated.tables.map((at) => noteOf(files[at], treated.reason)));
      standings = nextRung(standings, treated.tables);
    } else {
      const attacked = await attackFiles(treated.results, context, rules, treated.witnesses);
      if (attacked.kind === "proven" && attacked.disclosedA + attacked.disclosedB === 0)
        return protectedOutcome(standings, treated, attacked, rules, notes);
      const open = standings.filter(({ rung }) => rung >= 0);
      notes.push(...open.map(({ file }) => noteOf(file, reasonOf(attacked))));
      const lowest = Math.max(...standings.map(({ rung }) => rung));
      if (lowest < 0 || lowest + 1 >= rules.ladder.length)
        return { kind: "refused", reason: reasonOf(attacked), notes };
      standings = standings.map(({ file, rung }) => ({ file, rung: rung < 0 ? rung : lowest + 1 }));
    }
    if (standings.some(({ rung }) => rung >= rules.ladder.length))
      return { kind: "refused", reason: "Für eine Tabelle gelingt keine der Behandlungen", notes };
  }
}

function noteOf(file: CountedFile | undefined, reason: string): Note {
  return { table: file?.name ?? "", reason };
}

function hasSmall({ rows }: CountedFile, { publishFromCount }: FileRules): boolean {
  return rows.some(({ count }) => isSmall(count, publishFromCount));
}

function nextRung(standings: readonly Standing[], tables: readonly number[]): Standing[] {
  return standings.map(({ file, rung }, at) => ({ file, rung: tables.includes(at) ? rung + 1 : rung }));
}

function reasonOf(attacked: Attacked): string {
  return attacked.kind === "unproven"
    ? `Der Angriff auf die geschützten Tabellen endet ohne Beweis: ${attacked.reason}`
    : `Der Angriff auf die geschützten Tabellen deckt Fächer auf (A: ${attacked.disclosedA}, B: ${attacked.disclosedB})`;
}

type Result = {
  readonly file: ProtectedFile;
  readonly milliseconds: number;
  readonly method: FileMethod | "none";
  readonly coarsenedTo: readonly Coarsening[] | undefined;
  readonly additive: boolean | undefined;
};
type Treated =
  | {
      readonly kind: "treated";
      readonly results: readonly Result[];
      readonly witnesses: Witnesses | undefined;
    }
  /** Positions of the tables that need the next treatment. */
  | { readonly kind: "failed"; readonly tables: readonly number[]; readonly reason: string };

async function treat(
  standings: readonly Standing[],
  context: FileContext,
  rules: FileRules,
): Promise<Treated> {
  const methods = standings.map(({ rung }) => methodAt(rules, rung));
  const coarse = coarsenAll(standings, methods, context, rules);
  const failed = [...coarse.keys()].filter((at) => coarse[at]?.file === undefined);
  if (failed.length > 0)
    return {
      kind: "failed",
      tables: failed,
      reason: "Vergröbern nicht möglich: auch die gröbste Fassung hat eine kleine Anzahl",
    };
  const kept = coarse.flatMap(({ file, milliseconds }, at) =>
    file === undefined || methods[at] === "withhold" ? [] : [{ at, file, milliseconds }],
  );
  const start = rules.elapsedMs();
  const grids = gridsOf(
    kept.map(({ file }) => file),
    context,
  );
  const together = await treatTogether(
    grids,
    kept.map(({ at }) => methods[at] ?? "withhold"),
    rules,
  );
  if (together.kind === "failed")
    return { ...together, tables: together.tables.map((table) => kept[table]?.at ?? -1) };
  const milliseconds = rules.elapsedMs() - start;
  const results = standings.map(({ file }, at): Result => {
    const { name, dimensions } = file;
    const method = methods[at] ?? "withhold";
    const place = kept.findIndex((one) => one.at === at);
    const own = kept[place]?.milliseconds ?? 0;
    const isJoint = method === "suppress" || method === "round";
    const rows = together.rows[place] ?? [];
    return {
      file: { name, dimensions, rows },
      method,
      coarsenedTo: kept[place]?.file.coarsening,
      additive: together.additive?.[place],
      milliseconds: Math.round(isJoint ? milliseconds : own),
    };
  });
  return { kind: "treated", results, witnesses: together.witnesses };
}

function methodAt({ ladder }: FileRules, rung: number): FileMethod | "none" {
  return rung < 0 ? "none" : (ladder[rung] ?? "withhold");
}

/** The files, those to be coarsened by their coarser ones; undefined where there is none. */
function coarsenAll(
  standings: readonly Standing[],
  methods: readonly (FileMethod | "none")[],
  context: FileContext,
  rules: FileRules,
): readonly { readonly file: CountedFile | undefined; readonly milliseconds: number }[] {
  const files = standings.map(({ file }) => file);
  const grids = gridsOf(files, context);
  const withLevels = new Set(context.hierarchies.map(({ dimension }) => dimension));
  return files.map((file, at) => {
    const grid = grids[at];
    if (methods[at] !== "coarsen" || grid === undefined) return { file, milliseconds: 0 };
    const start = rules.elapsedMs();
    const takenCodes = codesTaken(files, file);
    const coarser = coarsenedFile(grid, rules.publishFromCount, { takenCodes, withLevels });
    return { file: coarser, milliseconds: rules.elapsedMs() - start };
  });
}

/** Codes that a merged category must not get: those of its own table, and, where another one has the dimension, the short one. */
function codesTaken(
  files: readonly CountedFile[],
  file: CountedFile,
): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    file.dimensions.map((dimension, at) => {
      const own = file.rows.map(({ codes }) => codes[at] ?? "");
      const isShared = files.some((other) => other !== file && other.dimensions.includes(dimension));
      return [dimension, new Set(isShared ? [...own, "sonstige"] : own)];
    }),
  );
}

type Together =
  | {
      readonly kind: "done";
      readonly rows: readonly (readonly ProtectedRow[])[];
      readonly witnesses: Witnesses | undefined;
      /** Of rounded tables. */
      readonly additive?: readonly (boolean | undefined)[];
    }
  | { readonly kind: "failed"; readonly tables: readonly number[]; readonly reason: string };

async function treatTogether(
  grids: readonly FileGrid[],
  methods: readonly (FileMethod | "none")[],
  rules: FileRules,
): Promise<Together> {
  const tablesWith = (method: FileMethod) => [...grids.keys()].filter((at) => methods[at] === method);
  const [rounded, suppressed] = [tablesWith("round"), tablesWith("suppress")];
  if (rounded.length > 0 && suppressed.length > 0)
    return {
      kind: "failed",
      tables: rounded,
      reason: "Runden nicht möglich: eine andere Tabelle wird gesperrt",
    };
  if (rounded.length > 0) return await roundTogether(grids, rounded, rules);
  if (suppressed.length > 0) return await suppressTogether(grids, suppressed, rules);
  return { kind: "done", rows: grids.map((grid) => exactRows(grid)), witnesses: undefined };
}

async function roundTogether(
  grids: readonly FileGrid[],
  rounded: readonly number[],
  { publishFromCount, tieBreak }: FileRules,
): Promise<Together> {
  const exact = grids.filter((_, at) => !rounded.includes(at));
  const shown = new Set(exact.flatMap(({ names, positions }) => positions.map((at) => names[at] ?? "")));
  const open = grids.filter((_, at) => rounded.includes(at));
  const outcome = await roundedCells(open, shown, publishFromCount, tieBreak);
  if (outcome.kind === "impossible")
    return { kind: "failed", tables: rounded, reason: `Runden nicht möglich: ${outcome.reason}` };
  const { cells } = outcome;
  const witnesses = withExact(outcome.witnesses, exact);
  const rows = grids.map((grid, at) => {
    if (!rounded.includes(at)) return exactRows(grid);
    return rowsOf(grid, (position, count) => {
      const cell = cells.get(grid.names[position] ?? "");
      if (cell === undefined) throw new TypeError("Cannot publish a table: a cell of it was not rounded");
      return { status: cell.status, value: cell.value, isPrimary: isSmall(count, publishFromCount) };
    });
  });
  const additive = grids.map((grid, at) =>
    rounded.includes(at)
      ? isAdditive(
          grid,
          (rows[at] ?? []).map(({ value }) => value),
        )
      : undefined,
  );
  return { kind: "done", rows, witnesses, additive };
}

/** What other tables show stays as it is in every possible table. */
function withExact({ names, numbers, changes }: Witnesses, exact: readonly FileGrid[]): Witnesses {
  return {
    names: [...names, ...exact.flatMap((grid) => grid.names)],
    numbers: [...Array.from(numbers), ...exact.flatMap(({ table }) => Array.from(table.counts))],
    changes,
  };
}

async function suppressTogether(
  grids: readonly FileGrid[],
  suppressed: readonly number[],
  rules: FileRules,
): Promise<Together> {
  const universe = universeOf(grids.map(({ table }) => table));
  const suppression = await suppress(universe, rules);
  switch (suppression.kind) {
    case "impossible":
      return {
        kind: "failed",
        tables: suppressed,
        reason: "Sperren nicht möglich: auch mit allen gesperrten Fächern folgte eine kleine Anzahl",
      };
    case "suppressed": {
      const hidden = new Set(suppression.hidden);
      const rows = grids.map((grid, table) =>
        rowsOf(grid, (position, count) => {
          const isHidden = hidden.has(universe.places[table]?.[position] ?? -1);
          const isPrimary = isSmall(count, rules.publishFromCount);
          return isHidden
            ? { status: "c", value: undefined, isPrimary }
            : { status: "", value: count, isPrimary };
        }),
      );
      const names = universe.cells.map(({ name }) => name);
      const witnesses = { names, numbers: suppression.table, changes: suppression.changes };
      return { kind: "done", rows, witnesses };
    }
    default:
      return refuseUnknown(suppression, "suppression");
  }
}

function exactRows(grid: FileGrid): readonly ProtectedRow[] {
  return rowsOf(grid, (_, count) => ({ status: "", value: count, isPrimary: false }));
}

function rowsOf(
  { file, positions }: FileGrid,
  cellAt: (position: number, count: number) => Omit<ProtectedRow, "codes">,
): readonly ProtectedRow[] {
  return file.rows.map(({ codes, count }, row) => ({ codes, ...cellAt(positions[row] ?? -1, count) }));
}

function protectedOutcome(
  standings: readonly Standing[],
  { results }: Extract<Treated, { kind: "treated" }>,
  { disclosedA, disclosedB }: Extract<Attacked, { kind: "proven" }>,
  rules: FileRules,
  notes: readonly Note[],
): FilesOutcome {
  const tables = results.map((result, at) => {
    const { file } = standings[at] ?? {};
    if (file === undefined) throw new TypeError("Cannot sum up a table: its counts are missing");
    return summaryOf(file, result, rules);
  });
  for (const { file } of results) checkPublished(file, rules);
  const files = results.map(({ file }) => file);
  return { kind: "protected", files, notes, summary: { tables, disclosedA, disclosedB } };
}

function summaryOf(
  { name, rows }: CountedFile,
  { file, method, milliseconds, coarsenedTo, additive }: Result,
  { publishFromCount }: FileRules,
): FileSummary {
  const counts = new Map(rows.map(({ codes, count }) => [JSON.stringify(codes), count]));
  const trueCount = ({ codes }: ProtectedRow) => counts.get(JSON.stringify(codes)) ?? 0;
  const hidden = file.rows.filter(({ status }) => status === "c");
  const isComparable = method !== "coarsen";
  const differences = isComparable
    ? file.rows.flatMap((row) => (row.value === undefined ? [] : [Math.abs(row.value - trueCount(row))]))
    : [];
  const { changed, max, mean } = deviationsOf(differences);
  return {
    name,
    cells: rows.length,
    primaries: rows.filter(({ count }) => isSmall(count, publishFromCount)).length,
    suppressed: hidden.length,
    hiddenSum: hidden.reduce((sum, row) => sum + trueCount(row), 0),
    changed,
    maxDeviation: max,
    meanDeviation: mean,
    method: method === "none" && hidden.length > 0 ? "suppress" : method,
    milliseconds,
    ...(coarsenedTo !== undefined && { coarsenedTo }),
    ...(additive !== undefined && { additive }),
  };
}

/** The last look: no count below the threshold but 0, whatever was done before. */
function checkPublished({ name, rows }: ProtectedFile, { publishFromCount }: FileRules): void {
  if (rows.some(({ value }) => value !== undefined && isSmall(value, publishFromCount)))
    throw new TypeError(`Cannot publish table "${name}": a small count must not be left in it`);
}
