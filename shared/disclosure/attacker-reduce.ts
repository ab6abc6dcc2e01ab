import type { Attacker, AttackModel, AttackOutcome, KnownCell, Sum } from "./attack-model.ts";

export type Unproven = Extract<AttackOutcome, { kind: "unproven" }>;

/** What is left to ask: a cell is settled where its bounds meet, and open otherwise. */
export type ReducedModel = {
  readonly kind: "reduced";
  /** The model's sums by place, so that the order of the model does not matter. */
  readonly sums: readonly Sum[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Places of the sums that settled a cell which is not published exactly. */
  readonly settledBy: ReadonlyMap<number, ReadonlySet<string>>;
};

type Bounds = {
  readonly low: number[];
  readonly high: number[];
  readonly settledBy: Map<number, Set<string>>;
};

export function unproven(place: string, rule: string): Unproven {
  return { kind: "unproven", reason: `Cannot prove ${place}: ${rule}` };
}

/** The number at a position that the model has been checked to have. */
export function numberAt(numbers: readonly number[], position: number): number {
  const number = numbers[position];
  if (number === undefined) {
    throw new RangeError("Cannot read a cell of the attacked model: its position must exist");
  }
  return number;
}

/**
 * Settles by whole-number addition what follows from one sum at a time, and repeats until nothing follows: one open
 * cell of a sum, and parts that can only all be at their least or at their most.
 */
export function reduceModel(model: AttackModel, attacker: Attacker): ReducedModel | Unproven {
  const mistake = checkModel(model);
  if (mistake !== undefined) {
    return mistake;
  }
  const known = model.cells.map((cell) => boundsOf(cell, attacker));
  const bounds: Bounds = {
    low: known.map(([low]) => low),
    high: known.map(([, high]) => high),
    settledBy: new Map(),
  };
  const sums = orderedSums(model);
  const sumsOf = Map.groupBy(
    sums.flatMap((sum) => [sum.total, ...sum.parts].map((cell) => ({ cell, sum }))),
    ({ cell }) => cell,
  );
  const waiting = new Set(sums);
  for (const sum of waiting) {
    waiting.delete(sum);
    const settled = settleSum(bounds, sum);
    if (settled === undefined) {
      return unproven(sum.place, "parts must add up to their total");
    }
    for (const { sum: next } of settled.flatMap((cell) => sumsOf.get(cell) ?? [])) {
      waiting.add(next);
    }
  }
  return { kind: "reduced", sums, ...bounds };
}

function orderedSums({ cells, sums }: AttackModel): readonly Sum[] {
  const names = cells.map(({ name }) => name);
  const byName = (one: number, other: number) => compareText(names[one] ?? "", names[other] ?? "");
  return sums
    .map((sum) => ({ ...sum, parts: sum.parts.toSorted(byName) }))
    .toSorted((one, other) => compareText(one.place, other.place) || byName(one.total, other.total));
}

/** By code units: the same on every machine, unlike an order of a language. */
export function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function checkModel({ cells, sums }: AttackModel): Unproven | undefined {
  if (new Set(cells.map(({ name }) => name)).size !== cells.length) {
    return unproven("the release", "every cell must be identified once");
  }
  if (!cells.every(isPossible)) {
    return unproven(
      "the release",
      "counts must be whole numbers and intervals must hold at least one of them",
    );
  }
  const wrong = sums.find(({ total, parts }) => !eachCellOnce([total, ...parts], cells.length));
  return wrong && unproven(wrong.place, "a sum must name each of its cells once");
}

function isPossible({ knowledge }: KnownCell): boolean {
  switch (knowledge.kind) {
    case "exact":
      return Number.isSafeInteger(knowledge.value) && knowledge.value >= 0;
    case "suppressed":
    case "unpublished":
    case "auxiliary":
      return true;
    case "between": {
      const { low, high } = knowledge;
      const ends = Number.isSafeInteger(low) && (Number.isSafeInteger(high) || high === Infinity);
      return ends && low <= high && high >= 0;
    }
    default:
      return refuseKnowledge(knowledge);
  }
}

function refuseKnowledge(knowledge: never): never {
  void knowledge;
  throw new TypeError("Cannot attack a cell: its knowledge must be one of the declared kinds");
}

function eachCellOnce(positions: readonly number[], cells: number): boolean {
  const exist = positions.every((at) => Number.isInteger(at) && at >= 0 && at < cells);
  return exist && new Set(positions).size === positions.length;
}

function boundsOf({ knowledge }: KnownCell, attacker: Attacker): readonly [number, number] {
  switch (knowledge.kind) {
    case "exact":
      return [knowledge.value, knowledge.value];
    case "suppressed":
      return [attacker === "B" ? 1 : 0, Infinity];
    case "between":
      return [Math.max(0, knowledge.low), knowledge.high];
    case "unpublished":
    case "auxiliary":
      return [0, Infinity];
    default:
      return refuseKnowledge(knowledge);
  }
}

/** The cells that the sum settles; undefined where no numbers within the bounds fit it. */
function settleSum(bounds: Bounds, sum: Sum): readonly number[] | undefined {
  const { low, high } = bounds;
  const open = sum.parts.filter((part) => isOpen(bounds, part));
  const known = added(
    low,
    sum.parts.filter((part) => !isOpen(bounds, part)),
  );
  if (isOpen(bounds, sum.total)) {
    return open.length > 0 ? [] : settle(bounds, sum, [sum.total], () => known);
  }
  const rest = numberAt(low, sum.total) - known;
  const least = added(low, open);
  const most = added(high, open);
  if (rest < least || rest > most) {
    return undefined;
  }
  if (open.length === 1) {
    return settle(bounds, sum, open, () => rest);
  }
  if (rest === least) {
    return settle(bounds, sum, open, (cell) => numberAt(low, cell));
  }
  return rest === most ? settle(bounds, sum, open, (cell) => numberAt(high, cell)) : [];
}

function settle(
  { low, high, settledBy }: Bounds,
  sum: Sum,
  cells: readonly number[],
  valueAt: (cell: number) => number,
): readonly number[] | undefined {
  const places = [sum.total, ...sum.parts].flatMap((cell) => [...(settledBy.get(cell) ?? [])]);
  for (const cell of cells) {
    const value = valueAt(cell);
    if (value < numberAt(low, cell) || value > numberAt(high, cell)) {
      return undefined;
    }
    low[cell] = value;
    high[cell] = value;
    settledBy.set(cell, new Set([sum.place, ...places]));
  }
  return cells;
}

function isOpen({ low, high }: Bounds, cell: number): boolean {
  return numberAt(low, cell) !== numberAt(high, cell);
}

function added(numbers: readonly number[], cells: readonly number[]): number {
  return cells.reduce((sum, cell) => sum + numberAt(numbers, cell), 0);
}
