import type { Highs } from "highs";
import type { Knowledge, Sum } from "../attack-model.ts";
import type { AttackCase, Attacked } from "./attacker-attack.ts";
import { type Ends, numberAt } from "./attacker-check.ts";
import type { Component } from "./attacker-components.ts";
import { ComponentProgram } from "./attacker-programs.ts";
import { type Reason, sumsBehind } from "./attacker-reduce.ts";
import { ComponentSearch } from "./attacker-search.ts";
import { endsAt, nothingSeen } from "./attacker-seen.ts";
import { endsOutside, systemOf } from "./attacker-system.ts";

/** So many cells get the fewest sums that pin them, further ones all that may take part. */
const cellsShortened = 200;
/** Of more sums than this none is tried to be left out. */
const sumsShortened = 60;
/** Duals of the solver below this are 0. */
const noDual = 1e-7;

/** Where a cell is pinned by nothing but the interval published for it. */
const ownInterval = "the interval published for the cell";

/** The places of the sums that pin cells to their intervals: as few as still do, in the order of the places. */
export class PinNames {
  readonly #case: AttackCase;
  readonly #attacked: Attacked;
  /** Without a solver all cells are settled by whole-number addition. */
  readonly #highs: Highs | undefined;
  readonly #programs = new Map<Component, ComponentProgram>();
  #named = 0;

  constructor(attackCase: AttackCase, attacked: Attacked, highs: Highs | undefined) {
    this.#case = attackCase;
    this.#attacked = attacked;
    this.#highs = highs;
  }

  placesOf(cell: number): readonly string[] {
    this.#named += 1;
    const alone = this.#case.model.sumsOf[cell]?.find((sum) => this.#holds(cell, [sum]));
    const sums = alone === undefined ? this.#shortened(cell, this.#candidates(cell)) : [alone];
    const places = new Set(sums.map((at) => this.#case.model.sums[at]?.place ?? ""));
    return places.size === 0 ? [ownInterval] : [...places].toSorted();
  }

  dispose(): void {
    for (const program of this.#programs.values()) {
      program.dispose();
    }
  }

  #candidates(cell: number): readonly number[] {
    const { reduction, componentOf } = this.#attacked.system;
    const { variable, reasons } = reduction.linkOf(cell);
    if (variable === undefined) {
      return sumsBehind(reasons);
    }
    const component = componentOf.get(variable);
    const behind = [...reasons, ...reduction.endReasonsOf(variable)];
    return component === undefined
      ? sumsBehind(behind)
      : this.#tightSums(cell, component, component.variables.indexOf(variable), behind);
  }

  /** The sums that hold both ends in the linear program, or all of a small component where fractions go further. */
  #tightSums(
    cell: number,
    component: Component,
    column: number,
    behind: readonly Reason[],
  ): readonly number[] {
    const tight = sumsBehind([...behind, ...this.#tightReasons(component, column)]);
    if (this.#holds(cell, tight)) {
      return tight;
    }
    const all = sumsBehind([...behind, ...allReasons(this.#attacked, component)]);
    return all.length <= sumsShortened ? all : tight;
  }

  #tightReasons(component: Component, column: number): readonly Reason[] {
    if (this.#highs === undefined) {
      return [];
    }
    const program = this.#programs.get(component) ?? new ComponentProgram(this.#highs, component, "linear");
    this.#programs.set(component, program);
    return (["least", "most"] as const).flatMap((sense) => {
      const answer = program.reach(column, sense);
      if (answer.kind !== "optimal") {
        return [];
      }
      const rows = component.rows.filter((_, at) => Math.abs(numberAt(answer.rowDuals, at)) > noDual);
      const tight = component.variables.filter(
        (_, at) => Math.abs(numberAt(answer.columnDuals, at)) > noDual,
      );
      return [
        ...rows.map(({ sum, reasons }) => ({ sum, from: reasons })),
        ...tight.flatMap((variable) => this.#attacked.system.reduction.endReasonsOf(variable)),
      ];
    });
  }

  #shortened(cell: number, sums: readonly number[]): readonly number[] {
    if (this.#named > cellsShortened || sums.length > sumsShortened || !this.#holds(cell, sums)) {
      return sums;
    }
    let left = sums;
    for (const sum of sums) {
      const fewer = left.filter((other) => other !== sum);
      if (this.#holds(cell, fewer)) {
        left = fewer;
      }
    }
    return left;
  }

  /** Whether these sums alone leave the cell the same interval. */
  #holds(cell: number, sums: readonly number[]): boolean {
    const ends = this.#endsWithin(cell, sums);
    const { low, high } = endsAt(this.#case.seen, cell);
    return ends !== undefined && ends.low === low && ends.high === high;
  }

  #endsWithin(cell: number, at: readonly number[]): Ends | undefined {
    const { model, ends } = this.#case;
    const { cells, sums } = restricted(
      cell,
      at.flatMap((one) => model.sums[one] ?? []),
    );
    const table = pickedAt(this.#attacked.table, cells);
    const low = pickedAt(ends.low, cells);
    const high = pickedAt(ends.high, cells);
    const system = systemOf(sums, { low, high });
    const link = system.reduction.linkOf(0);
    const outside = endsOutside(system, link);
    const component = system.componentOf.get(link.variable ?? -1);
    if (outside !== undefined || component === undefined || this.#highs === undefined) {
      return outside;
    }
    const kind: Knowledge["kind"] = model.knowledge[cell]?.kind ?? "auxiliary";
    const members = component.variables.map((variable) =>
      variable === link.variable ? [{ cell: 0, kind, times: link.times, plus: link.plus }] : [],
    );
    const seen = nothingSeen(1);
    const { publishFromCount } = this.#case;
    const start = pickedAt(table, component.variables);
    const search = new ComponentSearch(this.#highs, { component, members, publishFromCount }, seen, start);
    try {
      return search.widenCells() === undefined ? endsAt(seen, 0) : undefined;
    } finally {
      search.dispose();
    }
  }
}

function allReasons({ system }: Attacked, { rows, variables }: Component): readonly Reason[] {
  return [
    ...rows.map(({ sum, reasons }) => ({ sum, from: reasons })),
    ...variables.flatMap((variable) => system.reduction.endReasonsOf(variable)),
  ];
}

/** The sums with their cells alone; the cell asked for is the first one. */
function restricted(cell: number, sums: readonly Sum[]) {
  const cells = [...new Set([cell, ...sums.flatMap(({ total, parts }) => [total, ...parts])])];
  const positions = new Map(cells.map((one, at) => [one, at]));
  const moved = (one: number) => positions.get(one) ?? -1;
  return {
    cells,
    sums: sums.map(({ total, parts, place }) => ({ total: moved(total), parts: parts.map(moved), place })),
  };
}

function pickedAt(numbers: Float64Array, cells: readonly number[]): Float64Array {
  return Float64Array.from(cells, (cell) => numberAt(numbers, cell));
}
