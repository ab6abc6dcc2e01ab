import type { Highs } from "highs";
import type { Knowledge } from "../attack-model.ts";
import { type Ends, isDisclosed, numberAt } from "./attacker-check.ts";
import { type Component, subComponent } from "./attacker-components.ts";
import {
  boundOf,
  ComponentProgram,
  type Demand,
  type Step,
  StepProgram,
  wholeTable,
} from "./attacker-programs.ts";
import { endsAt, type Seen, see } from "./attacker-seen.ts";

/** A cell that is `times` its column `plus` a number. */
export type Member = {
  readonly cell: number;
  readonly kind: Knowledge["kind"];
  readonly times: number;
  readonly plus: number;
};

/** All that a search needs to know of a component. */
export type SearchCase = {
  readonly component: Component;
  /** By column: the cells that are asked for. */
  readonly members: readonly (readonly Member[])[];
  readonly publishFromCount: number;
};

export type Failure = "no table" | "no proof";

type Found = Step | "impossible" | "without proof";

/** How many columns around a step of fractions are searched for one of whole numbers, before all of them are. */
const surroundings = [40, 160, 640];
/** How many demands one program is asked at most. */
const demandsAtMost = 64;

/** Looks for tables that show the cells of one component to be safe, until all are or no table is left that could. */
export class ComponentSearch {
  readonly #highs: Highs;
  readonly #case: SearchCase;
  readonly #seen: Seen;
  /** What the columns are proven not to go beyond. */
  readonly #low: number[];
  readonly #high: number[];
  #table: Float64Array | undefined;
  #steps: StepProgram | undefined;
  #linear: ComponentProgram | undefined;
  #whole: ComponentProgram | undefined;
  #equationsOf: readonly (readonly number[])[] | undefined;

  /** With `table`, a possible table by column, the search starts there. */
  constructor(highs: Highs, searchCase: SearchCase, seen: Seen, table?: Float64Array) {
    this.#highs = highs;
    this.#case = searchCase;
    this.#seen = seen;
    this.#low = [...searchCase.component.low];
    this.#high = [...searchCase.component.high];
    this.#table = table;
  }

  /** The possible table that all steps start from. */
  get table(): Float64Array | undefined {
    return this.#table;
  }

  /** Afterwards every cell has been seen safe, or has been seen with both ends of its interval. */
  widenCells(): Failure | undefined {
    return this.#startTable() ?? this.#widenAll();
  }

  /** Afterwards every cell has been seen with both ends of its interval. */
  widenFully(): Failure | undefined {
    const failure = this.#startTable();
    if (failure !== undefined) {
      return failure;
    }
    for (const [column, members] of this.#case.members.entries()) {
      const isDone =
        members.length === 0 || (this.#reachEnd(column, "most") && this.#reachEnd(column, "least"));
      if (!isDone) {
        return "no proof";
      }
    }
    return undefined;
  }

  /** A step to a table of whole numbers that meets the demands. */
  find(demands: readonly Demand[]): Found {
    const table = this.#table;
    if (table === undefined) {
      return "without proof";
    }
    this.#steps ??= new StepProgram(this.#highs, this.#case.component, table);
    const answer = this.#steps.find(demands);
    if ("kind" in answer) {
      return answer.kind === "impossible" ? "impossible" : "without proof";
    }
    return this.#isPossible(answer) ? answer : this.#findAround(answer, demands);
  }

  learn(step: Step): void {
    for (const [column, by] of step) {
      this.#show(column, numberAt(this.#table ?? [], column) + by);
    }
  }

  dispose(): void {
    this.#steps?.dispose();
    this.#linear?.dispose();
    this.#whole?.dispose();
  }

  #startTable(): Failure | undefined {
    const answer = this.#table === undefined ? this.#anyTable() : this.#table;
    if (typeof answer === "string") {
      return answer;
    }
    this.#table = answer;
    for (const [column, count] of answer.entries()) {
      this.#show(column, count);
    }
    return undefined;
  }

  #anyTable(): Float64Array | Failure {
    for (const program of [this.#linearProgram(), this.#wholeProgram()]) {
      const answer = program.find([]);
      if (answer.kind === "impossible") {
        return "no table";
      }
      const table = answer.kind === "optimal" ? wholeTable(this.#case.component, answer.numbers) : undefined;
      if (table !== undefined) {
        return table;
      }
    }
    return "no proof";
  }

  #widenAll(): Failure | undefined {
    let together = 4;
    for (let demands = this.#openDemands(together); demands.length > 0; ) {
      const found = this.find(demands);
      if (typeof found !== "string") {
        this.learn(found);
        together = Math.min(demandsAtMost, together * 2);
      } else if (demands.length > 1) {
        together = Math.max(1, Math.floor(demands.length / 4));
      } else if (found === "impossible") {
        this.#exclude(demands);
      } else {
        return "no proof";
      }
      demands = this.#openDemands(together);
    }
    return undefined;
  }

  /** The first demands that are still to be met, in columns that no equation ties to each other. */
  #openDemands(atMost: number): readonly Demand[] {
    const found: Demand[] = [];
    const taken = new Set<number>();
    for (const column of this.#case.members.keys()) {
      const equations = this.#equations()[column] ?? [];
      const demand = equations.some((at) => taken.has(at)) ? undefined : this.#demandAt(column);
      if (demand !== undefined) {
        found.push(demand);
        for (const at of equations) {
          taken.add(at);
        }
      }
      if (found.length === atMost) {
        break;
      }
    }
    return found;
  }

  #demandAt(column: number): Demand | undefined {
    for (const member of this.#case.members[column] ?? []) {
      const demand = this.#nextDemand(column, member);
      if (demand !== undefined) {
        return demand;
      }
    }
    return undefined;
  }

  /** A number of the cell that would show it to be safe, or that would widen what it has been; nothing where it is settled. */
  #nextDemand(column: number, member: Member): Demand | undefined {
    const { publishFromCount } = this.#case;
    const { low, high } = endsAt(this.#seen, member.cell);
    if (!isDisclosed(member.kind, { low, high }, publishFromCount)) {
      return undefined;
    }
    const possible = cellEnds(member, {
      low: numberAt(this.#low, column),
      high: numberAt(this.#high, column),
    });
    const isSmall = low >= 1 && high < publishFromCount;
    if (high < possible.high) {
      const least = isSmall && possible.high >= publishFromCount ? publishFromCount : high + 1;
      return demandOf(column, member, { low: least, high: Infinity });
    }
    if (low > possible.low) {
      return demandOf(column, member, {
        low: -Infinity,
        high: isSmall && possible.low <= 0 ? 0 : low - 1,
      });
    }
    return undefined;
  }

  #exclude(demands: readonly Demand[]): void {
    for (const { column, low, high } of demands) {
      if (low > -Infinity) {
        this.#high[column] = low - 1;
      } else {
        this.#low[column] = high + 1;
      }
    }
  }

  /** Whether both the ends known and the ends possible of the column meet; false where a program ends without a proof. */
  #reachEnd(column: number, sense: "least" | "most"): boolean {
    const answer = this.#linearProgram().reach(column, sense);
    if (answer.kind === "unbounded") {
      this.#show(column, sense === "least" ? -Infinity : Infinity);
      return true;
    }
    if (answer.kind !== "optimal") {
      return false;
    }
    const away = sense === "least" ? 1 : -1;
    let end = boundOf(numberAt(answer.numbers, column), sense);
    for (; end !== numberAt(this.#table ?? [], column); end += away) {
      const low = sense === "least" ? -Infinity : end;
      const found = this.find([{ column, low, high: sense === "least" ? end : Infinity }]);
      if (typeof found !== "string") {
        this.learn(found);
        return true;
      }
      if (found !== "impossible") {
        return false;
      }
    }
    return true;
  }

  #isPossible(step: Step): boolean {
    const { component } = this.#case;
    const touched = new Set<number>();
    for (const [column, by] of step) {
      const count = numberAt(this.#table ?? [], column) + by;
      const isWithin = count >= numberAt(component.low, column) && count <= numberAt(component.high, column);
      if (!(Number.isSafeInteger(by) && isWithin)) {
        return false;
      }
      for (const at of this.#equations()[column] ?? []) {
        touched.add(at);
      }
    }
    return [...touched].every((at) => {
      const { columns = [], times = [] } = component.equations[at] ?? {};
      return (
        columns.reduce((sum, column, term) => sum + numberAt(times, term) * (step.get(column) ?? 0), 0) === 0
      );
    });
  }

  /** Whole numbers for the columns of a step of fractions and those around it, and at last for all columns. */
  #findAround(fractions: Step, demands: readonly Demand[]): Found {
    const columns = this.#case.component.variables.length;
    const asked = new Set([...demands.map(({ column }) => column), ...fractions.keys()]);
    for (const size of surroundings) {
      const around = this.#surroundingsOf(asked, asked.size + size);
      if (around.length >= columns) {
        break;
      }
      const found = this.#findWithin(around, demands);
      if (found !== undefined) {
        return found;
      }
    }
    const answer = this.#wholeProgram().find(demands);
    const table = answer.kind === "optimal" ? wholeTable(this.#case.component, answer.numbers) : undefined;
    return table === undefined
      ? answer.kind === "impossible"
        ? "impossible"
        : "without proof"
      : this.#stepTo(table);
  }

  #findWithin(columns: readonly number[], demands: readonly Demand[]): Step | undefined {
    const component = subComponent(this.#case.component, columns, this.#table ?? []);
    const program = new ComponentProgram(this.#highs, component, "whole");
    try {
      const answer = program.find(
        demands.map((demand) => ({ ...demand, column: columns.indexOf(demand.column) })),
      );
      const table = answer.kind === "optimal" ? wholeTable(component, answer.numbers) : undefined;
      return table && this.#stepTo(table, columns);
    } finally {
      program.dispose();
    }
  }

  #stepTo(table: Float64Array, columns?: readonly number[]): Step {
    const step = new Map<number, number>();
    for (const [at, count] of table.entries()) {
      const column = columns === undefined ? at : numberAt(columns, at);
      const by = count - numberAt(this.#table ?? [], column);
      if (by !== 0) {
        step.set(column, by);
      }
    }
    return step;
  }

  #surroundingsOf(columns: ReadonlySet<number>, size: number): readonly number[] {
    const found = new Set(columns);
    for (const column of found) {
      for (const at of this.#equations()[column] ?? []) {
        for (const other of this.#case.component.equations[at]?.columns ?? []) {
          found.add(other);
        }
        if (found.size >= size) {
          return [...found];
        }
      }
    }
    return [...found];
  }

  #show(column: number, count: number): void {
    for (const { cell, times, plus } of this.#case.members[column] ?? []) {
      see(this.#seen, cell, times * count + plus);
    }
  }

  #equations(): readonly (readonly number[])[] {
    this.#equationsOf ??= equationsByColumn(this.#case.component);
    return this.#equationsOf;
  }

  #linearProgram(): ComponentProgram {
    this.#linear ??= new ComponentProgram(this.#highs, this.#case.component, "linear");
    return this.#linear;
  }

  #wholeProgram(): ComponentProgram {
    this.#whole ??= new ComponentProgram(this.#highs, this.#case.component, "whole");
    return this.#whole;
  }
}

function equationsByColumn({ variables, equations }: Component): readonly (readonly number[])[] {
  const found: number[][] = variables.map(() => []);
  for (const [at, { columns }] of equations.entries()) {
    for (const column of columns) {
      found[column]?.push(at);
    }
  }
  return found;
}

/** What a cell can be where its variable can be all of the ends. */
export function cellEnds({ times, plus }: Pick<Member, "times" | "plus">, { low, high }: Ends): Ends {
  const ends = [times * low + plus, times * high + plus];
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

/** The column's numbers at which the cell has those of the ends. */
export function demandOf(
  column: number,
  { times, plus }: Pick<Member, "times" | "plus">,
  { low, high }: Ends,
): Demand {
  const ends = [(low - plus) * times, (high - plus) * times];
  return { column, low: Math.min(...ends), high: Math.max(...ends) };
}
