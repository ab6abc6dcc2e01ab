import { compareText } from "../../registers/compare-text.ts";
import type { Attacker, AttackModel, Knowledge, Proofs, Sum } from "../attack-model.ts";
import { endsOf, isDisclosed, numberAt } from "./attacker-check.ts";
import { endsAt, type Seen, see } from "./attacker-seen.ts";

/** A model with its cells by name and its sums by place, so that the order they came in changes nothing. */
export type CanonicalModel = {
  readonly knowledge: readonly Knowledge[];
  readonly sums: readonly Sum[];
  /** By cell: its position in the model as it came. */
  readonly origins: readonly number[];
  /** By cell: the sums it is in. */
  readonly sumsOf: readonly (readonly number[])[];
};

export function canonicalModel({ cells, sums }: AttackModel): CanonicalModel {
  const names = cells.map(({ name }) => name);
  const origins = [...names.keys()].toSorted((one, other) =>
    compareText(names[one] ?? "", names[other] ?? ""),
  );
  const moved = new Int32Array(cells.length);
  for (const [at, origin] of origins.entries()) {
    moved[origin] = at;
  }
  const ordered = sums
    .map(({ total, parts, place }) => ({
      total: numberAt(moved, total),
      parts: parts.map((part) => numberAt(moved, part)).toSorted((one, other) => one - other),
      place,
    }))
    .toSorted((one, other) => compareText(one.place, other.place) || one.total - other.total);
  return {
    knowledge: origins.flatMap((origin) => cells[origin]?.knowledge ?? []),
    sums: ordered,
    origins,
    sumsOf: sumsByCell(cells.length, ordered),
  };
}

function sumsByCell(cells: number, sums: readonly Sum[]): readonly (readonly number[])[] {
  const found: number[][] = Array.from({ length: cells }, () => []);
  for (const [at, { total, parts }] of sums.entries()) {
    found[total]?.push(at);
    for (const part of parts) {
      found[part]?.push(at);
    }
  }
  return found;
}

/** By cell: what the attacker knows before he adds anything up. */
export type AllEnds = { readonly low: Float64Array; readonly high: Float64Array };

export function allEnds({ knowledge }: CanonicalModel, attacker: Attacker): AllEnds {
  const ends = knowledge.map((known) => endsOf(known, attacker));
  return {
    low: Float64Array.from(ends, ({ low }) => low),
    high: Float64Array.from(ends, ({ high }) => high),
  };
}

/** Cells that are disclosed as far as has been seen. */
export function openCells(
  { knowledge }: CanonicalModel,
  seen: Seen,
  publishFromCount: number,
): readonly number[] {
  const cells: number[] = [];
  for (const [cell, { kind }] of knowledge.entries()) {
    if (isDisclosed(kind, endsAt(seen, cell), publishFromCount)) {
      cells.push(cell);
    }
  }
  return cells;
}

/** Tables that have been checked: the first one, and steps from it. */
export type CheckedProofs = {
  readonly table: Float64Array;
  readonly steps: readonly ReadonlyMap<number, number>[];
};

/** What of the proofs agrees exactly with everything the attacker knows; nothing where the table itself does not. */
export function checkProofs(
  model: CanonicalModel,
  { low, high }: AllEnds,
  proofs: Proofs,
): CheckedProofs | undefined {
  const table = Float64Array.from(model.origins, (origin) => proofs.table[origin] ?? Number.NaN);
  const isWithin = table.every(
    (count, cell) =>
      Number.isSafeInteger(count) && count >= numberAt(low, cell) && count <= numberAt(high, cell),
  );
  if (!(isWithin && model.sums.every(({ total, parts }) => numberAt(table, total) === sumAt(table, parts)))) {
    return undefined;
  }
  const moved = new Int32Array(table.length);
  for (const [at, origin] of model.origins.entries()) {
    moved[origin] = at;
  }
  const steps = proofs.changes.flatMap((change) => {
    const step = new Map<number, number>();
    for (const [origin, by] of change) {
      step.set(moved[origin] ?? -1, by);
    }
    return isPossibleStep(model, { low, high }, table, step) ? [step] : [];
  });
  return { table, steps };
}

function isPossibleStep(
  { sums, sumsOf }: CanonicalModel,
  { low, high }: AllEnds,
  table: Float64Array,
  step: ReadonlyMap<number, number>,
): boolean {
  const rests = new Map<number, number>();
  for (const [cell, by] of step) {
    const count = (table[cell] ?? Number.NaN) + by;
    // a change that names no cell of the model has no count either
    if (!(Number.isSafeInteger(count) && count >= numberAt(low, cell) && count <= numberAt(high, cell))) {
      return false;
    }
    for (const at of sumsOf[cell] ?? []) {
      const sign = sums[at]?.total === cell ? -1 : 1;
      rests.set(at, (rests.get(at) ?? 0) + sign * by);
    }
  }
  return [...rests.values()].every((rest) => rest === 0);
}

/** Shows the cells in every table that the proofs hold. */
export function seeProofs(seen: Seen, { table, steps }: CheckedProofs): void {
  for (const [cell, count] of table.entries()) {
    see(seen, cell, count);
  }
  for (const step of steps) {
    for (const [cell, by] of step) {
      see(seen, cell, numberAt(table, cell) + by);
    }
  }
}

function sumAt(table: Float64Array, parts: readonly number[]): number {
  let sum = 0;
  for (const part of parts) {
    sum += numberAt(table, part);
  }
  return sum;
}
