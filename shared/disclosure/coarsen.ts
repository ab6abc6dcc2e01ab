import type { CountedTable } from "../tables/table.ts";
import { type Stage, stagesOf } from "./coarsen-dimension.ts";
import { leavesOf } from "./grid.ts";
import type { TreatedTable } from "./merge-unassigned.ts";
import type { Policy } from "./policy.ts";
import { regroup } from "./regroup.ts";
import { isUnsafe } from "./table-safety.ts";

type Choice = { readonly stages: readonly number[]; readonly inner: number };

/**
 * The table and its coarser forms without an unsafe cell, from the least loss on: most inner cells first, then the fewest
 * steps, then the dimensions that stand last coarsened first. Empty where the definition's steps lead to none.
 * What would keep nothing but a single cell is not among them: that is not the table any more.
 */
export function* saferTables(table: CountedTable, policy: Policy): Generator<TreatedTable> {
  const stages = table.dimensions.map((_, position) => stagesOf(table, position));
  for (const choice of choicesOf(stages)) {
    const coarser = applied(table, stages, choice);
    if (!isUnsafe(coarser.table, policy)) {
      yield coarser;
    }
  }
}

function choicesOf(stages: readonly (readonly Stage[])[]): readonly Choice[] {
  let choices: Choice[] = [{ stages: [], inner: 1 }];
  for (const options of stages) {
    const sizes = options.map(({ grouping }) => leavesOf(grouping.map((entry) => entry.category)).length);
    choices = choices.flatMap((choice) =>
      sizes.map((size, index) => ({ stages: [...choice.stages, index], inner: choice.inner * size })),
    );
  }
  const untreated = choices[0];
  return choices
    .filter((choice) => choice === untreated || choice.inner > 1)
    .toSorted((a, b) => b.inner - a.inner || stepsOf(a) - stepsOf(b) || byStages(a, b));
}

function stepsOf(choice: Choice): number {
  return choice.stages.reduce((sum, stage) => sum + stage, 0);
}

function byStages(a: Choice, b: Choice): number {
  const position = a.stages.findIndex((stage, index) => stage !== b.stages[index]);
  return position < 0 ? 0 : (a.stages[position] ?? 0) - (b.stages[position] ?? 0);
}

function applied(table: CountedTable, stages: readonly (readonly Stage[])[], choice: Choice): TreatedTable {
  let coarser: TreatedTable = { table, treatments: [] };
  for (const [position, index] of choice.stages.entries()) {
    const stage = stages[position]?.[index];
    if (index > 0 && stage !== undefined) {
      coarser = {
        table: regroup(coarser.table, position, stage.grouping),
        treatments: [...coarser.treatments, ...stage.treatments],
      };
    }
  }
  return coarser;
}
