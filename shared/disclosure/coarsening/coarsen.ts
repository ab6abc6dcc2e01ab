import type { CountedTable } from "../../tables/table.ts";
import { leavesOf, stridesOf } from "../grid.ts";
import type { Policy } from "../policy.ts";
import { isUnsafe } from "../table-safety.ts";
import { type Stage, stagesOf } from "./coarsen-dimension.ts";
import type { TreatedTable } from "./merge-unassigned.ts";
import { regroup } from "./regroup.ts";

export type CoarserTable = TreatedTable & {
  /** Bits of knowledge about persons that the untreated table would have told beyond this one; 0 or more. */
  readonly loss: number;
};

/**
 * The table and its coarser forms without an unsafe cell, from the least loss on; among equal losses the fewest steps, then
 * the dimensions that stand last coarsened first. Empty where the definition's steps lead to none. What would keep nothing
 * but a single cell is not among them: that is not the table any more.
 */
export function saferTables(table: CountedTable, policy: Policy): readonly CoarserTable[] {
  const stages = table.dimensions.map((_, position) => stagesOf(table, position));
  const known = uncertaintyIn(table);
  return choicesOf(stages)
    .flatMap((choice) => {
      const coarser = applied(table, stages, choice);
      const loss = uncertaintyIn(coarser.table) - known;
      return isUnsafe(coarser.table, policy) ? [] : [{ choice, coarser: { ...coarser, loss } }];
    })
    .toSorted(
      (a, b) =>
        a.coarser.loss - b.coarser.loss ||
        stepsOf(a.choice) - stepsOf(b.choice) ||
        byStages(a.choice, b.choice),
    )
    .map(({ coarser }) => coarser);
}

/** What is lost when nothing of the table is published: as much as with everybody in one cell, and that cell. */
export function lossOfAll(table: CountedTable): number {
  const persons = innerCounts(table).reduce((sum, count) => sum + count, 0);
  return bitsOf(persons) - uncertaintyIn(table) + persons;
}

/**
 * Bits that the table leaves open of who is who: in an inner cell of n persons each may be any of n. The difference of two
 * forms of a table is the conditional entropy of the finer one, times the persons (Shannon 1948, section 6).
 */
function uncertaintyIn(table: CountedTable): number {
  return innerCounts(table).reduce((bits, count) => bits + bitsOf(count), 0);
}

function bitsOf(count: number): number {
  return count > 1 ? count * Math.log2(count) : 0;
}

/** The first count measure in the finest cells. */
function innerCounts(table: CountedTable): readonly number[] {
  const measure = table.measures.findIndex(({ kind }) => kind === "count");
  const strides = stridesOf(table);
  let cells = [Math.max(0, measure)];
  for (const [position, { categories }] of table.dimensions.entries()) {
    const leaves = leavesOf(categories);
    const stride = strides[position] ?? 1;
    cells = cells.flatMap((cell) => leaves.map((leaf) => cell + leaf * stride));
  }
  return cells.map((cell) => table.values[cell] ?? 0);
}

/** By dimension the number of its stage. */
type Choice = readonly number[];

function choicesOf(stages: readonly (readonly Stage[])[]): readonly Choice[] {
  let choices: { readonly choice: Choice; readonly inner: number }[] = [{ choice: [], inner: 1 }];
  for (const options of stages) {
    const sizes = options.map(({ grouping }) => leavesOf(grouping.map((entry) => entry.category)).length);
    choices = choices.flatMap(({ choice, inner }) =>
      sizes.map((size, index) => ({ choice: [...choice, index], inner: inner * size })),
    );
  }
  const untreated = choices[0];
  return choices.filter((entry) => entry === untreated || entry.inner > 1).map(({ choice }) => choice);
}

function stepsOf(choice: Choice): number {
  return choice.reduce((sum, stage) => sum + stage, 0);
}

function byStages(a: Choice, b: Choice): number {
  const position = a.findIndex((stage, index) => stage !== b[index]);
  return position < 0 ? 0 : (a[position] ?? 0) - (b[position] ?? 0);
}

function applied(table: CountedTable, stages: readonly (readonly Stage[])[], choice: Choice): TreatedTable {
  let coarser: TreatedTable = { table, treatments: [] };
  for (const [position, index] of choice.entries()) {
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
