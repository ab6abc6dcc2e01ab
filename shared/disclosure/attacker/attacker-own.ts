import type { DisclosedCell } from "../attack-model.ts";
import { type AttackCase, type Attacked, attackCells, placeAt } from "./attacker-attack.ts";
import type { CanonicalModel, CheckedProofs } from "./attacker-canonical.ts";
import { type Ends, isHidden, numberAt, type Unproven, unproven } from "./attacker-check.ts";
import type { Component } from "./attacker-components.ts";
import type { Demand } from "./attacker-programs.ts";
import { ComponentSearch, demandOf, type Member } from "./attacker-search.ts";
import { nothingSeen } from "./attacker-seen.ts";
import type { System } from "./attacker-system.ts";

/** What tells somebody more than the tables do. */
const ownContribution = "a person's own contribution";

/** A step from the table of the proofs, by cell. */
type CellStep = ReadonlyMap<number, number>;

/**
 * Small hidden cells that somebody finds who knows himself to be the only person of another hidden cell. Cells that hold
 * him and nobody else are no find: they tell of nobody else. That one is safe is proven by steps that leave his cell as it is.
 */
export async function ownContributions(
  attackCase: AttackCase,
  proofs: CheckedProofs | undefined,
  attacked: Attacked | undefined,
  disclosed: readonly DisclosedCell[],
): Promise<readonly DisclosedCell[] | Unproven> {
  if (proofs === undefined) {
    return unproven("the release", "the proofs must hold a table that agrees with everything published");
  }
  const known = new Set(disclosed.map(({ cell }) => cell));
  const search = new OwnSearch(attackCase, proofs, attacked);
  try {
    return await search.run(known);
  } finally {
    search.dispose();
  }
}

class OwnSearch {
  readonly #case: AttackCase;
  readonly #table: Float64Array;
  readonly #steps: readonly CellStep[];
  readonly #searches = new Map<Component, ComponentSearch>();
  #attacked: Attacked | undefined;
  #cellsOf: ReadonlyMap<number, readonly Member[]> | undefined;

  constructor(attackCase: AttackCase, { table, steps }: CheckedProofs, attacked: Attacked | undefined) {
    this.#case = attackCase;
    this.#table = table;
    this.#steps = steps;
    this.#attacked = attacked;
  }

  /** What everybody who finds one can tell of the small hidden cells that are not yet `known`. */
  async run(known: ReadonlySet<number>): Promise<readonly DisclosedCell[] | Unproven> {
    const found: DisclosedCell[] = [];
    const stepsOf = this.#stepsBySmallCell();
    for (const [cell, steps] of stepsOf) {
      const ends = known.has(cell) ? undefined : await this.#findEnds(cell, steps);
      if (ends !== undefined && "kind" in ends) {
        return ends;
      }
      if (ends !== undefined) {
        found.push({ cell, ...ends, pinnedBy: [ownContribution] });
      }
    }
    return found;
  }

  dispose(): void {
    for (const search of this.#searches.values()) {
      search.dispose();
    }
  }

  /** By small hidden cell: the steps that make it 0 or large enough to be published. */
  #stepsBySmallCell(): ReadonlyMap<number, readonly CellStep[]> {
    const { model, publishFromCount } = this.#case;
    const isSmall = (count: number) => count >= 1 && count < publishFromCount;
    const found = new Map<number, CellStep[]>();
    for (const [cell, { kind }] of model.knowledge.entries()) {
      if (isHidden(kind) && isSmall(numberAt(this.#table, cell))) {
        found.set(cell, []);
      }
    }
    for (const step of this.#steps) {
      for (const [cell, by] of step) {
        if (!isSmall(numberAt(this.#table, cell) + by)) {
          found.get(cell)?.push(step);
        }
      }
    }
    return found;
  }

  /** All that the cell can be for the first one who finds it; nothing where nobody does. */
  async #findEnds(cell: number, steps: readonly CellStep[]): Promise<Ends | Unproven | undefined> {
    let finders = this.#findersLeft(cell, undefined, steps);
    while (finders === undefined || finders.size > 0) {
      const [finder] = finders ?? [];
      const step = await this.#stepAway(cell, finder);
      if (step === "impossible") {
        return finder === undefined ? undefined : this.#endsFor(cell, finder);
      }
      if ("kind" in step) {
        return step;
      }
      finders = this.#findersLeft(cell, finders, [step]);
    }
    return undefined;
  }

  /** Who stays a finder of the cell after each of the steps: they all move his own cell. Without any step everybody may be. */
  #findersLeft(
    cell: number,
    finders: ReadonlySet<number> | undefined,
    steps: readonly CellStep[],
  ): ReadonlySet<number> | undefined {
    let left = finders;
    for (const step of steps) {
      left = new Set([...(left ?? step.keys())].filter((one) => step.has(one)));
    }
    return left && new Set([...left].filter((one) => this.#isFinder(one, cell)));
  }

  #isFinder(finder: number, cell: number): boolean {
    const isAlone = isHidden(this.#case.model.knowledge[finder]?.kind) && this.#table[finder] === 1;
    return isAlone && !this.#cellsOfOnePerson(finder).has(cell);
  }

  /** All cells that hold the one person of the cell and nobody else: a sum of 1 has one filled part. */
  #cellsOfOnePerson(cell: number): ReadonlySet<number> {
    const { sums, sumsOf } = this.#case.model;
    const found = new Set([cell]);
    for (const one of found) {
      const own = (sumsOf[one] ?? []).flatMap((at) => sums[at] ?? []);
      for (const { total, parts } of own.filter((sum) => this.#table[sum.total] === 1)) {
        for (const same of [total, ...parts].filter((at) => numberAt(this.#table, at) > 0)) {
          found.add(same);
        }
      }
    }
    return found;
  }

  /** A step that makes the cell 0 or large enough to be published, and leaves the finder's as it is. */
  async #stepAway(cell: number, finder: number | undefined): Promise<CellStep | "impossible" | Unproven> {
    const { publishFromCount } = this.#case;
    const large = await this.#stepTo(cell, { low: publishFromCount, high: Infinity }, finder);
    return large === "impossible" ? this.#stepTo(cell, { low: -Infinity, high: 0 }, finder) : large;
  }

  async #stepTo(
    cell: number,
    ends: Ends,
    finder: number | undefined,
  ): Promise<CellStep | "impossible" | Unproven> {
    const attacked = this.#attacked ?? (await attackCells({ ...this.#case, table: this.#table }, false));
    if (attacked.kind === "unproven") {
      return attacked;
    }
    this.#attacked = attacked;
    const { reduction, componentOf } = attacked.system;
    const link = reduction.linkOf(cell);
    const { variable } = link;
    const own = finder === undefined ? undefined : reduction.linkOf(finder).variable;
    if (variable === undefined || own === variable) {
      return "impossible"; // who knows the one knows the other
    }
    const component = componentOf.get(variable);
    const low = numberAt(reduction.low, variable);
    const high = numberAt(reduction.high, variable);
    const demand = demandOf(0, link, ends);
    if (demand.low > high || demand.high < low) {
      return "impossible";
    }
    if (component === undefined) {
      const count = demand.low > low ? demand.low : demand.high;
      return this.#cellStep(attacked, new Map([[variable, count - numberAt(this.#table, variable)]]));
    }
    const columnOf = (one: number) => component.variables.indexOf(one);
    const demands: Demand[] = [{ ...demand, column: columnOf(variable) }];
    if (own !== undefined && columnOf(own) >= 0) {
      const count = numberAt(this.#table, own);
      demands.push({ column: columnOf(own), low: count, high: count });
    }
    const search = await this.#searchOf(component);
    const found = search.find(demands);
    if (found === "without proof") {
      return unproven(
        placeAt(this.#case.model, component.rows[0]?.sum),
        "every program must end with a proof",
      );
    }
    return typeof found === "string"
      ? found
      : this.#cellStep(
          attacked,
          new Map([...found].map(([at, by]) => [numberAt(component.variables, at), by])),
        );
  }

  async #searchOf(component: Component): Promise<ComponentSearch> {
    const known = this.#searches.get(component);
    if (known !== undefined) {
      return known;
    }
    const start = Float64Array.from(component.variables, (variable) => numberAt(this.#table, variable));
    const { publishFromCount, loadSolver } = this.#case;
    const searchCase = { component, members: [], publishFromCount };
    const search = new ComponentSearch(await loadSolver(), searchCase, nothingSeen(0), start);
    this.#searches.set(component, search);
    return search;
  }

  #cellStep({ system }: Attacked, step: ReadonlyMap<number, number>): CellStep {
    this.#cellsOf ??= cellsByVariable(this.#case.model, system);
    const found = new Map<number, number>();
    for (const [variable, by] of step) {
      for (const { cell, times } of this.#cellsOf.get(variable) ?? []) {
        found.set(cell, times * by);
      }
    }
    return found;
  }

  async #endsFor(cell: number, finder: number): Promise<Ends | Unproven> {
    const count = numberAt(this.#table, cell);
    let [low, high] = [count, count];
    for (let other = 1; other < this.#case.publishFromCount; other += 1) {
      const step =
        other === count ? "impossible" : await this.#stepTo(cell, { low: other, high: other }, finder);
      if (step !== "impossible") {
        if ("kind" in step) {
          return step;
        }
        [low, high] = [Math.min(low, other), Math.max(high, other)];
      }
    }
    return { low, high };
  }
}

function cellsByVariable(
  { knowledge }: CanonicalModel,
  { reduction }: System,
): ReadonlyMap<number, readonly Member[]> {
  const found = new Map<number, Member[]>();
  for (const [cell, { kind }] of knowledge.entries()) {
    const { variable, times, plus } = reduction.linkOf(cell);
    if (isHidden(kind) && variable !== undefined) {
      const own = found.get(variable) ?? [];
      found.set(variable, own);
      own.push({ cell, kind, times, plus });
    }
  }
  return found;
}
