import type { Attacker, AttackModel, AttackOutcome, Knowledge, KnownCell } from "../attack-model.ts";

export type Unproven = Extract<AttackOutcome, { kind: "unproven" }>;

/** The whole numbers that a cell can be, or is known to have been; `high` may be Infinity. */
export type Ends = { readonly low: number; readonly high: number };

export function unproven(place: string, rule: string): Unproven {
  return { kind: "unproven", reason: `Cannot prove ${place}: ${rule}` };
}

/** The number at a position that the model has been checked to have. */
export function numberAt(numbers: ArrayLike<number>, position: number): number {
  const number = numbers[position];
  if (number === undefined) {
    throw new RangeError("Cannot read a cell of the attacked model: its position must exist");
  }
  return number;
}

/** What makes the model no set of counts and sums at all; nothing where it is one. */
export function checkModel({ cells, sums }: AttackModel): Unproven | undefined {
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
    case "between":
    case "held": {
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

/** What the attacker knows of the cell before he adds anything up. */
export function endsOf(knowledge: Knowledge, attacker: Attacker): Ends {
  switch (knowledge.kind) {
    case "exact":
      return { low: knowledge.value, high: knowledge.value };
    case "suppressed":
      return { low: attacker === "B" ? 1 : 0, high: Infinity };
    case "between":
    case "held":
      return { low: Math.max(0, knowledge.low), high: knowledge.high };
    case "unpublished":
    case "auxiliary":
      return { low: 0, high: Infinity };
    default:
      return refuseKnowledge(knowledge);
  }
}

/**
 * Whether a cell that can be all of `ends`, and no other number, is disclosed. Only the ends decide: more numbers never make
 * a safe cell a disclosed one.
 */
export function isDisclosed(kind: Knowledge["kind"], { low, high }: Ends, publishFromCount: number): boolean {
  const isSmall = low >= 1 && high < publishFromCount;
  switch (kind) {
    case "suppressed":
      return isSmall || low === high;
    case "between":
      return isSmall || (low === high && low !== 0); // zeros are shown
    case "held":
    case "unpublished":
      return isSmall;
    case "exact":
    case "auxiliary":
      return false;
    default:
      return refuseKnowledge(kind);
  }
}

/** Whether a cell is one that readers do not see, and that an attacker would like to. */
export function isHidden(kind: Knowledge["kind"] | undefined): boolean {
  return kind === "suppressed" || kind === "between" || kind === "held" || kind === "unpublished";
}
