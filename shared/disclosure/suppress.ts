import type { Change } from "./attack-model.ts";
import type { Universe } from "./universe.ts";

export type SuppressionRules = {
  /** A count of at least this is published, a smaller one above 0 is small: 3 is published, 2 is not. */
  readonly publishFromCount: number;
  /** True: also somebody who knows to be the only person of a cell must not learn of another small one. */
  readonly ownContribution: boolean;
};

/**
 * `suppressed`: positions of the cells to hide, ascending; `table`, a number for every cell of the universe: its count, and
 * for cells whose count nobody told one that fits all sums (NaN where none was needed); and `table` with each of the
 * `changes` is another possible one: they prove the hidden cells safe.
 * `impossible`: cells that are shown whatever happens leave no way to hide these ones.
 */
export type Suppression =
  | {
      readonly kind: "suppressed";
      readonly hidden: readonly number[];
      readonly table: Float64Array;
      readonly changes: readonly Change[];
    }
  | { readonly kind: "impossible"; readonly cells: readonly number[] };

export async function suppress(_universe: Universe, _rules: SuppressionRules): Promise<Suppression> {
  throw new TypeError("Cannot suppress cells: not built");
}
