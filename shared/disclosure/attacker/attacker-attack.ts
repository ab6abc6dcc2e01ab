import type { AllEnds, CanonicalModel } from "./attacker-canonical.ts";
import { isDisclosed, numberAt, type Unproven, unproven } from "./attacker-check.ts";
import type { Component } from "./attacker-components.ts";
import { Contradiction } from "./attacker-reduce.ts";
import { ComponentSearch, type Member } from "./attacker-search.ts";
import { endsAt, type Seen, see } from "./attacker-seen.ts";
import { endsOutside, type LoadSolver, type System, systemOf } from "./attacker-system.ts";

/** What is known of a model before an attack on it. */
export type AttackCase = {
  readonly model: CanonicalModel;
  readonly ends: AllEnds;
  /** Widened by the attack. */
  readonly seen: Seen;
  readonly publishFromCount: number;
  /** A possible table, by cell, where one is known. */
  readonly table: Float64Array | undefined;
  readonly loadSolver: LoadSolver;
};

export type Attacked = {
  readonly kind: "attacked";
  readonly system: System;
  readonly members: MembersOf;
  /** A possible table, by cell. */
  readonly table: Float64Array;
};

/** By variable: the cells that are asked for. */
type MembersOf = ReadonlyMap<number, readonly Member[]>;

/** Widens what has been seen of the cells until it decides them, or, `fully`, until it is all they can be. */
export async function attackCells(attackCase: AttackCase, fully: boolean): Promise<Attacked | Unproven> {
  const { model, ends } = attackCase;
  try {
    const system = systemOf(model.sums, ends);
    const members = seeOutside(attackCase, system);
    const variables = new Float64Array(model.knowledge.length);
    for (const component of system.components) {
      const found = await attackComponent(attackCase, component, members, fully);
      if ("kind" in found) {
        return found;
      }
      for (const [column, variable] of component.variables.entries()) {
        variables[variable] = numberAt(found, column);
      }
    }
    return { kind: "attacked", system, members, table: attackCase.table ?? tableOf(system, variables) };
  } catch (error) {
    if (!(error instanceof Contradiction)) {
      throw error;
    }
    return unproven(placeAt(model, error.sum), "parts must add up to their total");
  }
}

/** Shows all that cells outside of components can be; answers with the cells inside. */
function seeOutside({ model, seen }: AttackCase, system: System): MembersOf {
  const members = new Map<number, Member[]>();
  for (const [cell, { kind }] of model.knowledge.entries()) {
    if (kind === "exact") {
      continue;
    }
    const link = system.reduction.linkOf(cell);
    const ends = endsOutside(system, link);
    if (ends !== undefined) {
      see(seen, cell, ends.low);
      see(seen, cell, ends.high);
    } else if (kind !== "auxiliary" && link.variable !== undefined) {
      const own = members.get(link.variable) ?? [];
      members.set(link.variable, own);
      own.push({ cell, kind, times: link.times, plus: link.plus });
    }
  }
  return members;
}

async function attackComponent(
  { model, seen, publishFromCount, table, loadSolver }: AttackCase,
  component: Component,
  membersOf: MembersOf,
  fully: boolean,
): Promise<Float64Array | Unproven> {
  const members = component.variables.map((variable) => membersOf.get(variable) ?? []);
  const known = table && Float64Array.from(component.variables, (variable) => numberAt(table, variable));
  const isOpen = members.some((own) =>
    own.some(({ cell, kind }) => fully || isDisclosed(kind, endsAt(seen, cell), publishFromCount)),
  );
  if (known !== undefined && !isOpen) {
    return known;
  }
  const searchCase = { component, members, publishFromCount };
  const search = new ComponentSearch(await loadSolver(), searchCase, seen, known);
  try {
    const failure = fully ? search.widenFully() : search.widenCells();
    const place = placeAt(model, component.rows[0]?.sum);
    if (failure === "no table") {
      return unproven(place, "a table must exist that agrees with everything published");
    }
    return failure === undefined && search.table !== undefined
      ? search.table
      : unproven(place, "every program must end with a proof");
  } finally {
    search.dispose();
  }
}

/** The table that the variables make. */
function tableOf({ reduction, componentOf }: System, variables: Float64Array): Float64Array {
  return variables.map((_, cell) => {
    const { variable, times, plus } = reduction.linkOf(cell);
    if (variable === undefined) {
      return plus;
    }
    const count = componentOf.has(variable)
      ? numberAt(variables, variable)
      : numberAt(reduction.low, variable);
    return times * count + plus;
  });
}

export function placeAt({ sums }: CanonicalModel, sum: number | undefined): string {
  return sums[sum ?? -1]?.place ?? "the release";
}
