import { attackModel } from "../../shared/disclosure/attacker/attacker.ts";
import { knownModel } from "../../shared/disclosure/attacker/known-model.ts";
import { proofsFor } from "../../shared/disclosure/audit/audit-evidence.ts";
import type { Evidence } from "../../shared/disclosure/before.ts";
import { protectFiles } from "../../shared/disclosure/files/protect-files.ts";
import { countedFile, gridsOf } from "../../shared/disclosure/files/protect-files-grid.ts";
import type { KnownTable } from "../../shared/disclosure/known-table.ts";
import { policy, readingRulesOf } from "../../shared/disclosure/policy.ts";
import { isSmall } from "../../shared/disclosure/rounding/round.ts";
import { type Suppression, suppress } from "../../shared/disclosure/suppression/suppress.ts";
import {
  type Universe,
  type UniverseTable,
  universeOf,
} from "../../shared/disclosure/suppression/universe.ts";
import { refuseUnknown } from "../../shared/registers/refuse-unknown.ts";
import { type Measurement, medianOf, round } from "./measure.ts";
import { drawnTables } from "./protect-city.ts";
import { large, ordinary, type ProtectInstance } from "./protect-instances.ts";
import { type Protectable, tablesIn, totalCode } from "./protect-tables.ts";

const { publishFromCount } = readingRulesOf(policy);

/** What became of the tables of an instance. */
type Protection = {
  readonly cells: number;
  readonly small: number;
  readonly suppressed: number;
  readonly hiddenSum: number;
  readonly disclosed: number;
};

/**
 * Tables hidden and attacked together, and each rounded: seconds, hidden sums, disclosed cells, deviations.
 *
 * The tables are drawn, or, where the environment variable `DISCLOSURE_EXAMPLES` names a folder, read from there: only of
 * those is it known how much GaussSuppression hides, so only there a hidden sum has a floor and a ratio. The process
 * exits with 1 where a cell is disclosed, and throws where an attack ends without a proof.
 */
export async function* benchProtect(): AsyncGenerator<Measurement> {
  yield* measurementsOf(ordinary);
}

/** The same for the tables that take minutes. */
export async function* benchProtectLarge(): AsyncGenerator<Measurement> {
  yield* measurementsOf(large);
}

async function* measurementsOf(instances: readonly ProtectInstance[]): AsyncGenerator<Measurement> {
  const folder = process.env["DISCLOSURE_EXAMPLES"];
  const source = folder === undefined ? drawnTables() : await tablesIn(folder);
  for (const instance of instances) {
    yield* suppressed(instance, source, folder !== undefined);
    if (instance.rounding !== undefined) yield await rounded(instance, instance.rounding, source);
  }
}

async function* suppressed(
  instance: ProtectInstance,
  source: Protectable,
  isExample: boolean,
): AsyncGenerator<Measurement> {
  const files = instance.tables.map((name) => countedFile(source.tables[name]));
  const grids = gridsOf(files, { hierarchies: hierarchiesOf(instance, source), totalCode });
  const tables = grids.map(({ table }) => table);
  const seconds: number[] = [];
  let protection: Protection | undefined;
  for (let run = 0; run < instance.runs; run++) {
    const start = performance.now();
    protection = await protectAndAttack(tables);
    seconds.push((performance.now() - start) / 1_000);
  }
  if (protection === undefined) throw new TypeError("Cannot measure: every instance must run at least once");
  if (protection.disclosed > 0) process.exitCode = 1;
  yield secondsOf(instance, protection, medianOf(seconds));
  yield hiddenOf(instance, protection, isExample);
  yield disclosedOf(instance, protection);
}

function secondsOf(
  { id, drawn, goals }: ProtectInstance,
  { cells, small }: Protection,
  value: number,
): Measurement {
  const floor = drawn?.seconds ?? goals.seconds;
  const beside = drawn === undefined ? "the goal" : "GaussSuppression, without audit, on another machine";
  return {
    id: `protect-${id}`,
    value: round(value),
    floor,
    ratio: round(value / floor),
    goal: `protection and audit, seconds / ${beside}: value <= ${goals.seconds}`,
    cells,
    small,
  };
}

function hiddenOf(
  { id, drawn, example, goals }: ProtectInstance,
  { hiddenSum, suppressed: hidden }: Protection,
  isExample: boolean,
): Measurement {
  const floor = (isExample ? example : undefined) ?? null;
  return {
    id: `protect-${id}-hidden`,
    value: hiddenSum,
    floor,
    ratio: floor === null ? null : round(hiddenSum / floor),
    goal: hiddenGoalText(goals.hidden, isExample),
    suppressed: hidden,
    ...(drawn !== undefined && { spec: drawn }),
  };
}

function disclosedOf({ id }: ProtectInstance, { disclosed }: Protection): Measurement {
  return {
    id: `protect-${id}-disclosed`,
    value: disclosed,
    floor: 0,
    ratio: null,
    goal: "cells that attacker B can tell: 0",
  };
}

function hiddenGoalText(goal: ProtectInstance["goals"]["hidden"], isExample: boolean): string {
  switch (goal?.kind) {
    case undefined:
      return "hidden sum: no other tool protects these tables together";
    case "optimum":
      return `hidden sum: the exact optimum, ${isExample ? goal.ofExample : "unknown of this draw"}`;
    case "ratio":
      return `hidden sum / GaussSuppression, which leaves cells disclosed: <= ${goal.atMost}`;
    default:
      return refuseUnknown(goal, "goal");
  }
}

function hierarchiesOf({ tables }: ProtectInstance, source: Protectable): readonly Protectable["geo"][] {
  return tables.some((name) => source.tables[name].dimensions.includes("geo")) ? [source.geo] : [];
}

async function protectAndAttack(tables: readonly UniverseTable[]): Promise<Protection> {
  const universe = universeOf(tables);
  const suppression = await suppress(universe, { publishFromCount, ownContribution: false });
  if (suppression.kind === "impossible")
    throw new Error("Cannot measure: every small count of the tables must be one that can be hidden");
  const hidden = new Set(suppression.hidden);
  const { model } = knownModel(shownTables(tables, universe, hidden), readingRulesOf(policy));
  const proofs = proofsFor(model, evidenceOf(universe, suppression));
  const outcome = await attackModel(model, "B", publishFromCount, { proofs });
  if (outcome.kind === "unproven")
    throw new Error(`Cannot measure: the attack has no proof: ${outcome.reason}`);
  const published = universe.cells.filter(({ role }) => role === "open");
  return {
    cells: published.length,
    small: published.filter(({ count }) => isSmall(count, publishFromCount)).length,
    suppressed: hidden.size,
    hiddenSum: [...hidden].reduce((sum, cell) => sum + (universe.cells[cell]?.count ?? Number.NaN), 0),
    disclosed: outcome.disclosed.length,
  };
}

function evidenceOf(
  { cells }: Universe,
  { table, changes }: Extract<Suppression, { kind: "suppressed" }>,
): Evidence {
  const nameOf = (cell: number) => cells[cell]?.name ?? "";
  return {
    numbers: new Map(Array.from(table, (count, cell) => [nameOf(cell), count])),
    changes: changes.map((change) => new Map([...change].map(([cell, by]) => [nameOf(cell), by]))),
  };
}

/** What is published: all cells but the hidden ones. */
function shownTables(
  tables: readonly UniverseTable[],
  { places }: Universe,
  hidden: ReadonlySet<number>,
): readonly KnownTable[] {
  return tables.map(({ name, universe, dimensions, counts }, at) => ({
    name,
    universe,
    dimensions,
    cells: Array.from(counts, (value, position) => {
      const cell = places[at]?.[position] ?? -1;
      if (cell < 0) return { kind: "absent" };
      return hidden.has(cell) ? { kind: "suppressed" } : { kind: "exact", value };
    }),
  }));
}

/** One table rounded and attacked as the command does it, the files included. */
async function rounded(
  instance: ProtectInstance,
  other: NonNullable<ProtectInstance["rounding"]>,
  source: Protectable,
): Promise<Measurement> {
  const files = instance.tables.map((name) => source.tables[name]);
  const start = performance.now();
  const outcome = await protectFiles(files, hierarchiesOf(instance, source), {
    ladder: ["round"],
    totalCode,
    publishFromCount,
    ownContribution: false,
    tieBreak: (name) => name,
    elapsedMs: () => performance.now(),
  });
  const seconds = round((performance.now() - start) / 1_000);
  if (outcome.kind === "refused")
    throw new Error(`Cannot measure: the table must be rounded: ${outcome.reason}`);
  const [summary] = outcome.summary.tables;
  const { changed = 0, maxDeviation: max = 0, meanDeviation: mean = Number.NaN } = summary ?? {};
  return {
    id: `protect-${instance.id}-rounded`,
    value: round(mean),
    floor: other.mean,
    ratio: round(mean / other.mean),
    goal: "mean deviation / SmallCountRounding, which nobody audits; disclosed: 0",
    changed,
    max,
    seconds,
    spec: other,
  };
}
