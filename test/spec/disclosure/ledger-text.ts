import { sha256 } from "../../../shared/azure/sha256.ts";
import type { KnownDimension, KnownTable, ShownCell } from "../../../shared/disclosure/known-table.ts";
import type { LedgerEntry, LedgerLink, Showing } from "../../../shared/disclosure/ledger/ledger.ts";
import { entryBytes } from "../../../shared/disclosure/ledger/ledger-file.ts";
import type { ReadingRules } from "../../../shared/disclosure/policy.ts";

export const fridays = ["2026-11-06", "2026-11-13", "2026-11-20", "2026-11-27"] as const;
type Friday = (typeof fridays)[number];

export function universeAt(friday: string): string {
  return `gefluechtete||${friday}`;
}

type Naming = { readonly name?: string; readonly universe?: string };

/**
 * A released table from a text: sex in the columns, areas in the rows, "T" the total. Areas: one digit a Stadtbezirk, three a
 * Stadtteil, six a block, each below what it begins with; codes with "+" are merged ones. Cells: 12 is exact, r12 rounded,
 * h12 held, c suppressed, x absent, u unpublished.
 */
export function shownTable(
  text: string,
  { name = "T02", universe = universeAt("2026-11-20") }: Naming = {},
): KnownTable {
  const [head = [], ...lines] = text.trim().split("\n").map(fieldsOf);
  const columns = head.slice(1).map((code, at) => (at === 0 ? { code } : { code, parent: 0 }));
  const sexes: readonly KnownDimension[] =
    columns.length === 1 ? [] : [{ id: "geschlecht", categories: columns }];
  const areas = areasOf(lines.map(([code = ""]) => code));
  const cells = lines.flatMap(([, ...fields]) => fields.map(cellOf));
  return { name, universe, dimensions: [{ id: "raum", categories: areas }, ...sexes], cells };
}

function fieldsOf(line: string): readonly string[] {
  return line.split("|").map((field) => field.trim());
}

function areasOf(codes: readonly string[]): KnownDimension["categories"] {
  const levels = ["stadt", "stadtbezirk", "", "stadtteil", "", "", "baublock"];
  const levelOf = (code: string) => levels[code === "T" ? 0 : (code.split("+")[0]?.length ?? 0)] ?? "";
  return codes.map((code) => {
    const above = codes.filter((other) => other !== code && code.startsWith(other)).at(-1) ?? "T";
    const members = code.split("+").map((member) => `${levelOf(code)}:${member}`);
    return {
      code: `${levelOf(code)}:${code}`,
      ...(code !== "T" && { parent: codes.indexOf(above) }),
      ...(members.length > 1 && { members }),
    };
  });
}

export function cellOf(field: string): ShownCell {
  const value = Number(field.replace(/^[rh]/, ""));
  switch (field[0]) {
    case "c":
      return { kind: "suppressed" };
    case "x":
      return { kind: "absent" };
    case "u":
      return { kind: "unpublished" };
    case "r":
      return { kind: "rounded", value };
    case "h":
      return { kind: "held", value };
    default:
      return { kind: "exact", value };
  }
}

/** What the report of a week showed. */
export function showingAt(
  friday: Friday,
  tables: readonly KnownTable[],
  release = `report ${friday}`,
  rules: ReadingRules = { publishFromCount: 3, publishFromChange: 3 },
): Showing {
  const week = { "2026-11-06": 45, "2026-11-13": 46, "2026-11-20": 47, "2026-11-27": 48 }[friday];
  return {
    release,
    kind: "report",
    week: `2026-KW${week}`,
    referenceDate: friday,
    methodVersion: "schutzregeln-1",
    rules,
    tables,
  };
}

/** The entries of a ledger that holds these showings. */
export function ledgerOf(...showings: readonly Showing[]): readonly LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  for (const showing of showings) {
    const before = entries.at(-1);
    const previous = before === undefined ? "" : sha256(entryBytes(before));
    entries.push({ ...showing, sequence: entries.length + 1, previous });
  }
  return entries;
}

export function linkOf(entry: LedgerEntry): LedgerLink {
  return { sequence: entry.sequence, previous: entry.previous, hash: sha256(entryBytes(entry)) };
}
