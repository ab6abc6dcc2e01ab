import { type CountedTable, stateOf } from "../../tables/table.ts";
import type { Before, Evidence } from "../before.ts";
import type { KnownTable, ShownCell } from "../known-table.ts";
import type { Attempted } from "../least-loss.ts";
import { namedCells } from "../ledger/ledger-cells.ts";
import { agreeingTables } from "../ledger/ledger-history.ts";
import { type Policy, readingRulesOf } from "../policy.ts";
import { benefitGroupsOf, type CountedSlice, slicesOf } from "./counted-universe.ts";
import { type Suppression, suppress } from "./suppress.ts";
import { withoutDerived } from "./suppress-derived.ts";
import { suppressRows } from "./suppress-rows.ts";
import { universeOf } from "./universe.ts";
import type { CellRole, Universe, UniverseCell, UniverseTable } from "./universe-model.ts";

/** `open`: single cells of the table may be hidden. `shown`: it is shown as it is. */
export type Participant = { readonly table: CountedTable; readonly role: CellRole };

type PlacedSlice = CountedSlice & { readonly at: number };

export type HiddenTogether = {
  /** By position of the participants; a hidden cell is in the state `confidential`. */
  readonly tables: readonly CountedTable[];
  readonly evidence: Evidence;
  /** Canonical names of the cells whose exact count somebody sees. */
  readonly shown: ReadonlySet<string>;
};

/**
 * The tables with as many cells of the open ones hidden as it takes, over all of them at once: a cell that two tables share
 * is hidden in both or in none, and what an earlier release showed or hid stays so. Amounts are hidden with their counts,
 * rates and differences with what they are computed from.
 *
 * `wanting` names the participants whose cells cannot be hidden, or would have to be because others show too much.
 */
export async function hideTogether(
  participants: readonly Participant[],
  policy: Policy,
  { earlier }: Pick<Before, "earlier">,
): Promise<Attempted<HiddenTogether>> {
  const groups = benefitGroupsOf(participants.map(({ table }) => table));
  const slices = participants.flatMap(({ table, role }, at) =>
    slicesOf(table, role, groups).map((slice): PlacedSlice => ({ ...slice, at })),
  );
  const tables = slices.map(({ universeTable }) => universeTable);
  const remembered = agreeingTables(earlier, tables.map(asShown), readingRulesOf(policy));
  const universe = withEarlier(universeOf(tables), remembered);
  const suppression = await suppress(universe, {
    publishFromCount: policy.publishFromCount.value,
    ownContribution: policy.ownContribution.value,
  });
  if (suppression.kind === "impossible") {
    return { kind: "wanting", positions: participantsOf(slices, universe, suppression.cells) };
  }
  const hidden = new Set(suppression.hidden);
  const treated = participants.map(({ table, role }, at) => {
    const own = slices.flatMap((slice, index) => (slice.at === at ? [{ slice, index }] : []));
    const states = table.states.slice();
    for (const { slice, index } of own) {
      for (const [position, cell] of universe.places[index]?.entries() ?? []) {
        if (hidden.has(cell)) states[slice.cells[position] ?? -1] = stateOf.confidential;
      }
    }
    const hasAmounts = table.measures.some(({ kind }) => kind === "money");
    const hiddenIn = { ...table, states };
    return role === "open" && hasAmounts ? suppressRows(hiddenIn, policy) : hiddenIn;
  });
  const wanting = treated.flatMap((table, at) => (table === undefined ? [at] : []));
  if (wanting.length > 0) {
    return { kind: "wanting", positions: wanting };
  }
  return {
    kind: "passed",
    result: {
      tables: treated.flatMap((table) => (table === undefined ? [] : [withoutDerived(table)])),
      evidence: evidenceOf(universe, suppression),
      shown: shownNames(universe, hidden),
    },
  };
}

/** The true counts, as they would be known if nothing were hidden. */
function asShown({ name, universe, dimensions, counts }: UniverseTable): KnownTable {
  const cells = Array.from(
    counts,
    (value): ShownCell => (Number.isNaN(value) ? { kind: "absent" } : { kind: "exact", value }),
  );
  return { name, universe, dimensions, cells };
}

/** The universe with what readers remember: what they saw cannot be hidden any more, what was hidden stays hidden. */
function withEarlier(universe: Universe, earlier: readonly KnownTable[]): Universe {
  const remembered = new Map<string, ShownCell["kind"]>();
  for (const table of earlier) {
    for (const { name, cell } of namedCells(table)) {
      const full = `${table.universe}|${name}`;
      if (remembered.get(full) !== "exact") remembered.set(full, cell.kind);
    }
  }
  return {
    ...universe,
    cells: universe.cells.map((cell) => ({ ...cell, role: rememberedRole(cell, remembered.get(cell.name)) })),
  };
}

function rememberedRole({ role }: UniverseCell, kind: ShownCell["kind"] | undefined): UniverseCell["role"] {
  if (kind === "exact" && (role === "open" || role === "unpublished")) {
    return "shown";
  }
  return kind === "suppressed" && role === "open" ? "hidden" : role;
}

/** Every table that has one of the cells or one of a sum with them: those that would hide them, and those that show too much. */
function participantsOf(
  slices: readonly PlacedSlice[],
  { places, sums }: Universe,
  cells: readonly number[],
): readonly number[] {
  const stuck = new Set(cells);
  const near = new Set(cells);
  for (const { total, parts } of sums) {
    const all = [total, ...parts];
    if (all.some((cell) => stuck.has(cell))) for (const cell of all) near.add(cell);
  }
  const found = slices.flatMap(({ at }, index) =>
    places[index]?.some((cell) => near.has(cell)) ? [at] : [],
  );
  return [...new Set(found)];
}

function shownNames({ cells }: Universe, hidden: ReadonlySet<number>): ReadonlySet<string> {
  const shown = cells.filter(({ role }, cell) => (role === "open" || role === "shown") && !hidden.has(cell));
  return new Set(shown.map(({ name }) => name));
}

function evidenceOf(
  { cells }: Universe,
  { table, changes }: Extract<Suppression, { kind: "suppressed" }>,
): Evidence {
  const nameAt = (cell: number) => cells[cell]?.name ?? "";
  return {
    numbers: new Map(cells.map(({ name }, cell) => [name, table[cell] ?? Number.NaN])),
    changes: changes.map((change) => new Map([...change].map(([cell, by]) => [nameAt(cell), by]))),
  };
}
