/**
 * What an attacker knows of a cell.
 *
 * - `exact`: its value.
 * - `suppressed`: that it is hidden, and so at least 1 where zeros are shown (attacker B) or at least 0 (attacker A).
 * - `between`: an interval, as for a rounded cell.
 * - `held`: an interval around the number shown before. It is disclosed where it can only be a small count; that it follows
 *   from others is no secret: those others are shown.
 * - `unpublished`: nobody shows it, but it follows from categories that overlap (0-17 less 0-5): at least 0. It is
 *   disclosed where it can only be a small count; that it can only be 0 or a large one is nobody's secret.
 * - `auxiliary`: a finest cell that only ties tables together; at least 0, and nobody asks for it.
 */
export type Knowledge =
  | { readonly kind: "exact"; readonly value: number }
  | { readonly kind: "suppressed" }
  | { readonly kind: "between" | "held"; readonly low: number; readonly high: number }
  | { readonly kind: "unpublished" }
  | { readonly kind: "auxiliary" };

/** A cell of everything released, identified once over all tables. */
export type KnownCell = { readonly name: string; readonly knowledge: Knowledge };

/** A published relation: the cell at `total` is the sum of the cells at `parts`. `place` names table and rule, never a value. */
export type Sum = { readonly total: number; readonly parts: readonly number[]; readonly place: string };

export type AttackModel = { readonly cells: readonly KnownCell[]; readonly sums: readonly Sum[] };

/** `A` knows only that counts are not negative, `B` also that a hidden cell is at least 1, because zeros are shown. */
export type Attacker = "A" | "B";

/** What a change adds to single cells; cells that are not in it stay. */
export type Change = ReadonlyMap<number, number>;

/**
 * Tables that are possible, handed on by whoever protected the cells: `table`, a number for every cell of the model, and
 * `table` with each of the `changes`. The attacker believes none of them: each is checked by whole-number addition, and
 * one that does not fit is left out.
 */
export type Proofs = { readonly table: ArrayLike<number>; readonly changes: readonly Change[] };

export type DisclosedCell = {
  /** Position in the model's cells. */
  readonly cell: number;
  /** The whole numbers it can still be: a single one, or 1 and 2. */
  readonly low: number;
  readonly high: number;
  /** Places of the sums that pin it. */
  readonly pinnedBy: readonly string[];
};

/** All that a hidden cell can be: both ends can be reached; `high` may be Infinity. */
type CellInterval = { readonly cell: number; readonly low: number; readonly high: number };

export type AttackOutcome =
  | {
      readonly kind: "proven";
      readonly disclosed: readonly DisclosedCell[];
      /** Of every cell that is neither exact nor auxiliary, where they were asked for. */
      readonly intervals?: readonly CellInterval[];
    }
  /** No answer: what is released contradicts itself, or a program ended without a proof. Nothing may be published. */
  | { readonly kind: "unproven"; readonly reason: string };
