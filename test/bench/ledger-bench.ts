import { sha256 } from "../../shared/azure/sha256.ts";
import { knownModel } from "../../shared/disclosure/attacker/known-model.ts";
import { knownTablesOf } from "../../shared/disclosure/attacker/known-tables.ts";
import { auditTables } from "../../shared/disclosure/audit/audit.ts";
import type { Before, Evidence } from "../../shared/disclosure/before.ts";
import type { KnownTable } from "../../shared/disclosure/known-table.ts";
import { checkChain, type LedgerEntry, type LedgerLink } from "../../shared/disclosure/ledger/ledger.ts";
import { entryBytes, readEntry } from "../../shared/disclosure/ledger/ledger-file.ts";
import { earlierTables } from "../../shared/disclosure/ledger/ledger-history.ts";
import { policy, readingRulesOf } from "../../shared/disclosure/policy.ts";
import { protect } from "../../shared/disclosure/protect.ts";
import type { ProtectedTable } from "../../shared/disclosure/released-table.ts";
import { addDays } from "../../shared/registers/calendar.ts";
import type { CountedTable } from "../../shared/tables/table.ts";
import { compare, type Measurement, wallSeconds } from "./measure.ts";
import { countsOf, dimensionsOf, nextWeek, type Refugees, refugees, tableOf } from "./refugees.ts";

const weeks = 52;
const lastFriday = "2026-11-20";
const runs = 5;
const goalSeconds = 1;
const quarters = ["stadtbezirk", "stadtteil"] as const;
const blocks = [...quarters, "statbezirk", "baublock"] as const;

const nothingBefore: Before = { earlier: [], lastShown: () => undefined, digest: sha256 };

/**
 * One requested table, Stadtteil by years of stay, audited against a year of weekly reports: reading and checking the
 * entries, building the model of everything shown of that date, and the attack.
 */
export async function benchLedger(): Promise<readonly Measurement[]> {
  const { ledger, newest } = await yearOfReports();
  const request = tableOf("A01", newest, lastFriday, dimensionsOf({ raum: quarters, aufenthaltsdauer: [] }));
  const tables: readonly ProtectedTable[] = [
    { kind: "published", method: "none", table: request, treatments: [] },
  ];
  const evidence = evidenceFor(newest, [
    ...knownTablesOf([request]),
    ...earlierOf(read(ledger), [request]).map(({ table }) => table),
  ]);
  const measured = await compare(
    "audit-request",
    `audit of a table of 18 x 6 against 52 reports, seconds / ${goalSeconds} s: <= 1`,
    runs,
    () => wallSeconds(() => audit(ledger, tables, evidence)),
    async () => goalSeconds,
  );
  return [measured];
}

async function audit(
  ledger: readonly Uint8Array[],
  tables: readonly ProtectedTable[],
  evidence: Evidence,
): Promise<void> {
  const earlier = earlierOf(read(ledger), publishedOf(tables));
  const verdict = await auditTables(tables, policy, { earlier, evidence });
  if (verdict.kind !== "passed") throw new Error("Cannot measure: the requested table must pass the audit");
}

/**
 * The true table, counted from the persons: from it the attack starts. Without one it has to find whole numbers for all
 * finest cells first, and nobody could say which hidden cells are 1.
 */
function evidenceFor(persons: Refugees, tables: readonly KnownTable[]): Evidence {
  const { model } = knownModel(tables, readingRulesOf(policy));
  return { numbers: countsOf(persons, new Set(model.cells.map(({ name }) => name))), changes: [] };
}

/** Every entry is read and checked, although a list tells which ones matter. */
function read(ledger: readonly Uint8Array[]): readonly LedgerEntry[] {
  const links: LedgerLink[] = [];
  const entries = ledger.map((bytes) => {
    const entry = readEntry(bytes);
    links.push({ sequence: entry.sequence, previous: entry.previous, hash: sha256(bytes) });
    return entry;
  });
  checkChain(links);
  return entries;
}

function earlierOf(entries: readonly LedgerEntry[], tables: readonly CountedTable[]): Before["earlier"] {
  return earlierTables(entries, new Set(knownTablesOf(tables).map(({ universe }) => universe)));
}

function publishedOf(tables: readonly ProtectedTable[]): readonly CountedTable[] {
  return tables.flatMap((table) => (table.kind === "published" ? [table.table] : []));
}

/** Only the newest report is really protected: no other shows anything of its date. */
async function yearOfReports(): Promise<{ ledger: readonly Uint8Array[]; newest: Refugees }> {
  const ledger: Uint8Array[] = [];
  let persons = refugees();
  for (let week = 1; ; week++) {
    const friday = addDays(lastFriday, 7 * (week - weeks));
    const counted = reportTables(persons, friday);
    const shown = week < weeks ? counted : publishedOf(await protectedOf(counted));
    ledger.push(entryOf(ledger, friday, [...knownTablesOf(shown), ...overTime(friday)]));
    if (week === weeks) return { ledger, newest: persons };
    persons = nextWeek(persons, week);
  }
}

async function protectedOf(counted: readonly CountedTable[]): Promise<readonly ProtectedTable[]> {
  const results = counted.map((table) => ({ kind: "counted", table }) as const);
  return (await protect(results, policy, nothingBefore)).tables;
}

function entryOf(ledger: readonly Uint8Array[], friday: string, tables: readonly KnownTable[]): Uint8Array {
  const before = ledger.at(-1);
  return entryBytes({
    sequence: ledger.length + 1,
    previous: before === undefined ? "" : sha256(before),
    release: `report ${friday}`,
    kind: "report",
    week: "2026-KW47",
    referenceDate: friday,
    methodVersion: "bench",
    rules: readingRulesOf(policy),
    tables,
  });
}

/** The tables of the report that count refugees at its date; T07 has about 2,800 rows. */
function reportTables(persons: Refugees, friday: string): readonly CountedTable[] {
  const definitions: Readonly<Record<string, Parameters<typeof dimensionsOf>[0]>> = {
    T01: { aufenthaltsstatus: [] },
    T02: { raum: quarters, aufenthaltsstatus: [] },
    T04: { raum: quarters, staatsangehoerigkeit: [] },
    T05: { altersgruppe: [], geschlecht: [] },
    T06: { raum: quarters, altersgruppe: [] },
    T07: { raum: blocks },
    T09: { aufenthaltsdauer: [], aufenthaltsstatus: [] },
    T18: { raum: quarters },
  };
  return Object.entries(definitions).map(([id, by]) => tableOf(id, persons, friday, dimensionsOf(by)));
}

/** What a report shows of other dates and months: 53 weeks, 200 months with two measures. */
function overTime(friday: string): readonly KnownTable[] {
  const categories = ["T", "a", "b", "c", "d", "e", "f", "g", "h"].map((code, at) =>
    at === 0 ? { code } : { code, parent: 0 },
  );
  const cells = categories.map((_, at) => ({ kind: "exact", value: at === 0 ? 800 : 100 }) as const);
  const line = (name: string, id: string, universe: string) =>
    ({ name, universe, dimensions: [{ id, categories }], cells }) as const;
  const fridays = Array.from({ length: 52 }, (_, at) => addDays(friday, -7 * (at + 1)));
  const months = Array.from(
    { length: 200 },
    (_, at) => `${2010 + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`,
  );
  return [
    ...fridays.map((day) => line("T17", "aufenthaltsstatus", `gefluechtete||${day}`)),
    ...months.flatMap((month) =>
      ["faelle", "personen"].map((measure) => line("T11", "pks", `${measure}||${month}`)),
    ),
    ...["T08", "T10", "T12", "T13"].map((id) => line(id, "raum", `schueler|${id}|${friday}`)),
  ];
}
