import { knownTablesOf } from "../../../shared/disclosure/attacker/known-tables.ts";
import { auditTables } from "../../../shared/disclosure/audit/audit.ts";
import type { Before, Evidence } from "../../../shared/disclosure/before.ts";
import type { LedgerEntry } from "../../../shared/disclosure/ledger/ledger.ts";
import { earlierTables, lastShown } from "../../../shared/disclosure/ledger/ledger-history.ts";
import { type Policy, policy, readingRulesOf } from "../../../shared/disclosure/policy.ts";
import { protect } from "../../../shared/disclosure/protect.ts";
import type { ProtectedTable } from "../../../shared/disclosure/released-table.ts";
import { slicesOf } from "../../../shared/disclosure/suppression/counted-universe.ts";
import { cellNames, treeTable } from "../../../shared/disclosure/suppression/universe-cells.ts";
import { type CountedTable, cellStates, stateOf } from "../../../shared/tables/table.ts";
import { nothingBefore } from "./nothing-before.ts";
import { shownTable, type TextTableOptions, textTable } from "./text-table.ts";

/** Behind the number of a cell: rounded, held. In its place: hidden, not available, without sense. */
const signs = { value: "", confidential: ".", rounded: "r", held: "h", unavailable: "x", impossible: "z" };

/** What readers see of a table of two dimensions and one measure: "7", hidden ".", rounded "3r", held "9h", "x", "z". */
function markedText(table: CountedTable): string {
  const numbers = shownTable(table).split("\n");
  const width = table.dimensions[1]?.categories.length ?? 1;
  return numbers
    .map((line, row) => {
      const [code = "", ...cells] = line.split(" | ");
      return [
        code,
        ...(row === 0 ? cells : cells.map((cell, at) => sign(table, (row - 1) * width + at, cell))),
      ];
    })
    .map((cells) => cells.join(" | ").trim())
    .join("\n");
}

function sign({ states }: CountedTable, cell: number, number: string): string {
  const state = cellStates[states[cell] ?? 0] ?? "value";
  return ["value", "rounded", "held"].includes(state) ? `${number}${signs[state]}` : signs[state];
}

/** The reverse: a table as somebody might have published it. */
export function markedTable(text: string, options: TextTableOptions = {}): CountedTable {
  const rows = text.trim().split("\n").slice(1);
  const cells = rows.flatMap((row) =>
    row
      .split("|")
      .slice(1)
      .map((cell) => cell.trim()),
  );
  const states = Uint8Array.from(cells, (cell) => {
    const state = cellStates.find((name) => signs[name] !== "" && cell.endsWith(signs[name]));
    return stateOf[state ?? "value"];
  });
  const table = textTable(text, options);
  return { ...table, values: Float64Array.from(cells, (cell) => Number.parseInt(cell, 10) || 0), states };
}

/** What protection makes of the tables, and what it hands to the audit. */
export async function protection(
  tables: readonly CountedTable[],
  { rules = policy, before = nothingBefore }: { readonly rules?: Policy; readonly before?: Before } = {},
) {
  return await protect(
    tables.map((table) => ({ kind: "counted", table }) as const),
    rules,
    before,
  );
}

/** The same, as texts. */
export async function formsOf(
  tables: readonly CountedTable[],
  past: Parameters<typeof protection>[1] = {},
): Promise<readonly string[]> {
  return (await protection(tables, past)).tables.map(formText);
}

/** What readers get of the tables; withheld ones are left out. */
export async function shownOf(
  tables: readonly CountedTable[],
  past: Parameters<typeof protection>[1] = {},
): Promise<readonly CountedTable[]> {
  const forms = (await protection(tables, past)).tables;
  return forms.flatMap((form) => (form.kind === "published" ? [form.table] : []));
}

/** By code of its row what a form shows. */
export function cellsIn(form: string | undefined): ReadonlyMap<string, string> {
  const rows = (form ?? "").split("\n").slice(2);
  return new Map(rows.map((row) => [row.split(" | ")[0] ?? "", row.split(" | ").slice(1).join(" | ")]));
}

/** By table "T02 suppress" and what readers see of it, or "T02 withheld". */
function formText(table: ProtectedTable | undefined): string {
  switch (table?.kind) {
    case "published":
      return `${table.table.id} ${table.method}\n${markedText(table.table)}`;
    case "withheld":
    case "missing":
      return `${table.id} ${table.kind}`;
    default:
      return "no table";
  }
}

/**
 * Rules of the audit that tables break when somebody publishes them as they are. The audit is told the true counts of
 * `truth`, so that what it finds follows from the tables and not from a want of evidence.
 */
export async function brokenRules(
  published: readonly CountedTable[],
  { truth, changes = [], rules = policy, before = nothingBefore }: Planted,
): Promise<readonly string[]> {
  const forms = published.map(
    (table) => ({ kind: "published", method: "suppress", table, treatments: [] }) as const,
  );
  const evidence = { numbers: numbersOf(truth), changes };
  const result = await auditTables(forms, rules, { ...before, evidence });
  return result.kind === "passed"
    ? []
    : result.findings.map(({ rule, tables }) => `${rule} ${tables.join(" ")}`);
}

type Planted = {
  readonly truth: readonly CountedTable[];
  readonly changes?: Evidence["changes"];
  readonly rules?: Policy;
  readonly before?: Before;
};

function numbersOf(truth: readonly CountedTable[]): ReadonlyMap<string, number> {
  const slices = truth.flatMap((table) => slicesOf(table, "open", new Map()));
  return new Map(
    slices.flatMap(({ table, universeTable, cells }) =>
      cellNames(treeTable(universeTable)).map(
        (name, position) => [name, table.values[cells[position] ?? -1] ?? Number.NaN] as const,
      ),
    ),
  );
}

/** What readers remember when the tables were released in this order, every one by itself on the given day. */
export function afterReleases(releases: readonly (readonly CountedTable[])[], upTo: string): Before {
  const entries = releases.map(
    (tables, at): LedgerEntry => ({
      release: `release-${at + 1}`,
      kind: "report",
      week: "2026-KW47",
      referenceDate: upTo,
      methodVersion: "1",
      rules: readingRulesOf(policy),
      sequence: at + 1,
      previous: "",
      tables: knownTablesOf(tables),
    }),
  );
  const universes = new Set(entries.flatMap(({ tables }) => tables.map(({ universe }) => universe)));
  return {
    ...nothingBefore,
    earlier: earlierTables(entries, universes),
    lastShown: lastShown(entries, upTo),
  };
}
