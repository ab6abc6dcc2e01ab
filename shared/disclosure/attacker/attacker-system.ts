import type { Highs } from "highs";
import type { Sum } from "../attack-model.ts";
import type { AllEnds } from "./attacker-canonical.ts";
import { type Ends, numberAt } from "./attacker-check.ts";
import { type Component, componentsOf } from "./attacker-components.ts";
import { determinedVariables } from "./attacker-eliminate.ts";
import { type Link, Reduction } from "./attacker-reduce.ts";
import { cellEnds } from "./attacker-search.ts";

/** What is left of sums after everything that whole-number addition and elimination settle. */
export type System = {
  readonly reduction: Reduction;
  readonly components: readonly Component[];
  /** By variable; those that no equation ties have none. */
  readonly componentOf: ReadonlyMap<number, Component>;
};

/** How the solver comes: loaded when the first program needs it. */
export type LoadSolver = () => Promise<Highs>;

/** @throws {Contradiction} where no counts within the ends fit a sum. */
export function systemOf(sums: readonly Sum[], { low, high }: AllEnds): System {
  const reduction = new Reduction(sums, low, high);
  let components = componentsOf(reduction);
  for (let found = determinedIn(components); found.length > 0; found = determinedIn(components)) {
    for (const { variable, value, reason } of found) {
      reduction.settleVariable(variable, value, reason);
    }
    reduction.work();
    components = componentsOf(reduction);
  }
  const componentOf = new Map<number, Component>();
  for (const component of components) {
    for (const variable of component.variables) {
      componentOf.set(variable, component);
    }
  }
  return { reduction, components, componentOf };
}

function determinedIn(components: readonly Component[]) {
  return components.flatMap(({ rows }) => determinedVariables(rows));
}

/** The interval of a cell that no component holds; nothing for any other. */
export function endsOutside({ reduction, componentOf }: System, link: Link): Ends | undefined {
  const { variable, times, plus } = link;
  if (variable === undefined) {
    return { low: plus, high: plus };
  }
  if (componentOf.has(variable)) {
    return undefined;
  }
  const ends = { low: numberAt(reduction.low, variable), high: numberAt(reduction.high, variable) };
  return cellEnds({ times, plus }, ends);
}
