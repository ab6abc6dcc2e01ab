import highsModule, { type Highs } from "highs";
import type { Attacker, AttackModel, AttackOutcome, DisclosedCell } from "./attack-model.ts";
import { type Component, componentsOf } from "./attacker-components.ts";
import { type Answer, boundOf, ComponentProgram, type Question } from "./attacker-programs.ts";
import { numberAt, type ReducedModel, reduceModel, type Unproven, unproven } from "./attacker-reduce.ts";

/** The least and the most that every column has had in a table found so far. */
type Seen = { readonly low: number[]; readonly high: number[] };

type Interval = { readonly low: number; readonly high: number };

/** Where a cell is pinned by nothing but the interval published for it. */
const ownInterval = "the interval published for the cell";

/** The declarations of the package describe its CommonJS file; the module that Node loads exports the function itself. */
const loadHighs = highsModule as unknown as typeof highsModule.default;
/** The solver is loaded once, when the first program needs it. */
let loading: Promise<Highs> | undefined;

/**
 * What an attacker with linear and whole-number programs proves of the cells that are not published exactly: those that
 * can only be one number, or only numbers from 1 to below `publishFromCount`. That a cell is safe is proven by tables
 * of whole numbers which agree with everything published; anything without a proof is `unproven`.
 */
export async function attackModel(
  model: AttackModel,
  attacker: Attacker,
  publishFromCount: number,
): Promise<AttackOutcome> {
  const reduced = reduceModel(model, attacker);
  if (reduced.kind === "unproven") {
    return reduced;
  }
  const disclosed = [...settledCells(model, reduced)];
  for (const component of componentsOf(model, reduced)) {
    const found = await attackComponent(component, publishFromCount);
    if (!Array.isArray(found)) {
      return found;
    }
    disclosed.push(...found);
  }
  const hidden = disclosed.filter(({ cell }) => model.cells[cell]?.knowledge.kind !== "exact");
  return { kind: "proven", disclosed: hidden.toSorted((one, other) => one.cell - other.cell) };
}

function settledCells(model: AttackModel, { low, high, settledBy }: ReducedModel): readonly DisclosedCell[] {
  return [...model.cells.keys()]
    .map((cell) => ({ cell, low: numberAt(low, cell), high: numberAt(high, cell) }))
    .filter((interval) => interval.low === interval.high)
    .map((interval) => ({ ...interval, pinnedBy: sorted(settledBy.get(interval.cell) ?? [ownInterval]) }));
}

async function attackComponent(
  component: Component,
  publishFromCount: number,
): Promise<DisclosedCell[] | Unproven> {
  if (component.equations.length === 0) {
    return disclosedOf(component, component, publishFromCount);
  }
  loading ??= loadHighs();
  const search = new TableSearch(await loading, component, publishFromCount);
  try {
    return search.run();
  } finally {
    search.dispose();
  }
}

/** Looks for tables that show the cells of one component to be safe, until all are or no table is left that could. */
class TableSearch {
  readonly #highs: Highs;
  readonly #component: Component;
  readonly #publishFromCount: number;
  readonly #linear: ComponentProgram;
  readonly #seen: Seen;
  #whole: ComponentProgram | undefined;

  constructor(highs: Highs, component: Component, publishFromCount: number) {
    this.#highs = highs;
    this.#component = component;
    this.#publishFromCount = publishFromCount;
    this.#linear = new ComponentProgram(highs, component, "linear");
    this.#seen = { low: component.cells.map(() => Infinity), high: component.cells.map(() => -Infinity) };
  }

  run(): DisclosedCell[] | Unproven {
    const failure = this.#findAnyTable() ?? this.#widenAll();
    return failure ?? disclosedOf(this.#component, this.#seen, this.#publishFromCount);
  }

  dispose(): void {
    this.#linear.dispose();
    this.#whole?.dispose();
  }

  #findAnyTable(): Unproven | undefined {
    const answer = this.#linear.anyTable();
    if (answer.kind !== "optimal" || answer.table !== undefined) {
      return this.#learn(answer);
    }
    return this.#learn(this.#inWholeNumbers().anyTable());
  }

  #widenAll(): Unproven | undefined {
    for (const column of this.#component.cells.keys()) {
      const failure = this.#widen(column, "most") ?? this.#widen(column, "least");
      if (failure !== undefined) {
        return failure;
      }
    }
    return undefined;
  }

  /** Asks for the end of a column's interval, as far as it takes to know that it is safe. */
  #widen(column: number, sense: Question["sense"]): Unproven | undefined {
    if (!isDisclosed(intervalAt(this.#seen, column), this.#publishFromCount)) {
      return undefined;
    }
    const upTo = Math.max(this.#publishFromCount, numberAt(this.#seen.low, column) + 1);
    const answer = this.#linear.ask({ column, sense, upTo });
    if (answer.kind !== "optimal") {
      return this.#learn(answer);
    }
    if (answer.table !== undefined || this.#hasSeen(column, sense, boundOf(answer.value, sense))) {
      return answer.table && this.#learn(answer);
    }
    return this.#learn(this.#inWholeNumbers().ask({ column, sense, upTo }));
  }

  #hasSeen(column: number, sense: Question["sense"], bound: number): boolean {
    const { low, high } = intervalAt(this.#seen, column);
    return sense === "least" ? low <= bound : high >= bound;
  }

  #learn(answer: Answer): Unproven | undefined {
    const place = this.#component.equations[0]?.place ?? "the release";
    if (answer.kind === "impossible") {
      return unproven(place, "a table must exist that agrees with everything published");
    }
    if (answer.kind === "without proof" || answer.table === undefined) {
      return unproven(place, "every program must end with a proof");
    }
    const { low, high } = this.#seen;
    for (const [column, count] of answer.table.entries()) {
      low[column] = Math.min(numberAt(low, column), count);
      high[column] = Math.max(numberAt(high, column), count);
    }
    return undefined;
  }

  #inWholeNumbers(): ComponentProgram {
    this.#whole ??= new ComponentProgram(this.#highs, this.#component, "whole");
    return this.#whole;
  }
}

function disclosedOf(
  component: Component,
  ends: Readonly<Record<keyof Interval, readonly number[]>>,
  publishFromCount: number,
): DisclosedCell[] {
  return component.cells.flatMap((cell, column) => {
    const interval = intervalAt(ends, column);
    return isDisclosed(interval, publishFromCount)
      ? [{ cell, ...interval, pinnedBy: placesAt(component, column) }]
      : [];
  });
}

function intervalAt(ends: Readonly<Record<keyof Interval, readonly number[]>>, column: number): Interval {
  return { low: numberAt(ends.low, column), high: numberAt(ends.high, column) };
}

function isDisclosed({ low, high }: Interval, publishFromCount: number): boolean {
  return low === high || (low >= 1 && high < publishFromCount);
}

function placesAt({ equations }: Component, column: number): readonly string[] {
  const places = equations.filter(({ columns }) => columns.includes(column)).map(({ place }) => place);
  return places.length === 0 ? [ownInterval] : sorted(new Set(places));
}

function sorted(places: Iterable<string>): readonly string[] {
  return [...places].toSorted();
}
