import type { Attacker, AttackModel, AttackOutcome, DisclosedCell, Proofs } from "../attack-model.ts";
import { loadSolver } from "../solver.ts";
import { type AttackCase, type Attacked, attackCells } from "./attacker-attack.ts";
import {
  allEnds,
  type CanonicalModel,
  canonicalModel,
  checkProofs,
  openCells,
  seeProofs,
} from "./attacker-canonical.ts";
import { checkModel, isHidden, numberAt } from "./attacker-check.ts";
import { PinNames } from "./attacker-names.ts";
import { ownContributions } from "./attacker-own.ts";
import { endsAt, nothingSeen, type Seen } from "./attacker-seen.ts";

export type AttackOptions = {
  /** Possible tables; what they show needs no program. Default: none. */
  readonly proofs?: Proofs;
  /** Also the interval of every hidden cell. Default: false. */
  readonly intervals?: boolean;
  /**
   * Also cells that somebody finds who knows himself to be the only person of another cell. It takes `proofs`: their table
   * tells where there is one person. Only attacker B is asked. Default: false.
   */
  readonly ownContribution?: boolean;
};

/**
 * What an attacker with linear and whole-number programs proves of the cells that are not published exactly: those that
 * can only be one number, or only numbers from 1 to below `publishFromCount`. That a cell is safe is proven by tables
 * of whole numbers which agree with everything published; anything without a proof is `unproven`.
 */
export async function attackModel(
  model: AttackModel,
  attacker: Attacker,
  publishFromCount: number,
  options: AttackOptions = {},
): Promise<AttackOutcome> {
  const mistake = checkModel(model);
  if (mistake !== undefined) {
    return mistake;
  }
  const canonical = canonicalModel(model);
  return (await attackFrom(canonical, attacker, publishFromCount, options)).outcome;
}

/** The same for both attackers, at less than twice the work: whatever is possible for B is possible for A. */
export async function attackBoth(
  model: AttackModel,
  publishFromCount: number,
  options: AttackOptions = {},
): Promise<Readonly<Record<Attacker, AttackOutcome>>> {
  const mistake = checkModel(model);
  if (mistake !== undefined) {
    return { A: mistake, B: mistake };
  }
  const canonical = canonicalModel(model);
  const stronger = await attackFrom(canonical, "B", publishFromCount, options);
  const weaker = await attackFrom(canonical, "A", publishFromCount, options, stronger.known);
  return { A: weaker.outcome, B: stronger.outcome };
}

/** Possible tables: one of them, and what cells have been in all. */
type Known = { readonly table: Float64Array; readonly seen: Seen };

type Attack = { readonly outcome: AttackOutcome; readonly known?: Known };

async function attackFrom(
  model: CanonicalModel,
  attacker: Attacker,
  publishFromCount: number,
  options: AttackOptions,
  earlier?: Known,
): Promise<Attack> {
  const ends = allEnds(model, attacker);
  const seen = earlier === undefined ? nothingSeen(model.knowledge.length) : copyOf(earlier.seen);
  const proofs = options.proofs && checkProofs(model, ends, options.proofs);
  if (proofs !== undefined) {
    seeProofs(seen, proofs);
  }
  const table = earlier?.table ?? proofs?.table;
  const attackCase: AttackCase = { model, ends, seen, publishFromCount, table, loadSolver };
  const fully = options.intervals === true;
  const isOpen = fully || table === undefined || openCells(model, seen, publishFromCount).length > 0;
  const attacked = isOpen ? await attackCells(attackCase, fully) : undefined;
  if (attacked?.kind === "unproven") {
    return { outcome: attacked };
  }
  const disclosed = attacked === undefined ? [] : await namedCells(attackCase, attacked);
  const known = attacked?.table ?? table;
  const asOwn = options.ownContribution === true && attacker === "B";
  const more = asOwn ? await ownContributions(attackCase, proofs, attacked, disclosed) : [];
  if ("kind" in more) {
    return { outcome: more };
  }
  const outcome = outcomeOf(attackCase, [...disclosed, ...more], fully);
  return { outcome, ...(known !== undefined && { known: { table: known, seen } }) };
}

function copyOf({ low, high }: Seen): Seen {
  return { low: low.slice(), high: high.slice() };
}

async function namedCells(attackCase: AttackCase, attacked: Attacked): Promise<readonly DisclosedCell[]> {
  const { model, seen, publishFromCount } = attackCase;
  const open = openCells(model, seen, publishFromCount);
  const { reduction, componentOf } = attacked.system;
  const isTied = open.some((cell) => componentOf.has(reduction.linkOf(cell).variable ?? -1));
  const names = new PinNames(attackCase, attacked, isTied ? await loadSolver() : undefined);
  try {
    return open.map((cell) => ({ cell, ...endsAt(seen, cell), pinnedBy: names.placesOf(cell) }));
  } finally {
    names.dispose();
  }
}

/** Positions become those of the model as it came. */
function outcomeOf(
  { model: { origins, knowledge }, seen }: AttackCase,
  disclosed: readonly DisclosedCell[],
  withIntervals: boolean,
): AttackOutcome {
  const inOrder = <Cell extends { readonly cell: number }>(cells: readonly Cell[]) =>
    cells
      .map((one) => ({ ...one, cell: numberAt(origins, one.cell) }))
      .toSorted((one, other) => one.cell - other.cell);
  const hidden = [...knowledge.keys()].filter((cell) => isHidden(knowledge[cell]?.kind));
  const intervals = hidden.map((cell) => ({ cell, ...endsAt(seen, cell) }));
  return {
    kind: "proven",
    disclosed: inOrder(disclosed),
    ...(withIntervals && { intervals: inOrder(intervals) }),
  };
}
