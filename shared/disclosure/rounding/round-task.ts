/** An inner cell of the rounded level. */
export type RoundingCell = {
  /** Canonical: the same for the same cell whatever the order of the task. */
  readonly name: string;
  /** A whole number of 0 or more. */
  readonly count: number;
  /** True: another table shows its count, so it stays. */
  readonly shown: boolean;
  /** What was shown for it once while its count was the same: stays. */
  readonly kept?: number;
  /** Values it must not take: they would differ too little from the one shown before. */
  readonly forbidden?: readonly number[];
};

/** A sum of inner cells. Its total is recomputed from what they show, or, where another table shows it, stays as it is. */
export type RoundingMargin = {
  readonly name: string;
  /** Positions of inner cells. */
  readonly parts: readonly number[];
  readonly shown: boolean;
};

/** Two sets of inner cells that add up to the same, because two tables share a cell that they reach by different parts. */
export type RoundingTie = { readonly one: readonly number[]; readonly other: readonly number[] };

export type RoundingTask = {
  readonly cells: readonly RoundingCell[];
  readonly margins: readonly RoundingMargin[];
  readonly ties: readonly RoundingTie[];
};
