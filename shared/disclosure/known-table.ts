import type { ReadingRules } from "./policy.ts";

/**
 * What a reader sees of a cell. `rounded` and `held` are read by the rules of the policy: an inner rounded 0 means 0 to 2,
 * an inner 3 means 1 to 3, a larger inner one is exact, a recomputed total of a rounded level tells nothing of its own; a
 * held value is at most 2 away from the truth. `absent`: the table has the place but no number anybody knows (status `x`,
 * `z`). `unpublished`: nobody shows it, but what the tables give away of it counts (residents who are no foreigners).
 */
export type ShownCell =
  | { readonly kind: "exact"; readonly value: number }
  | { readonly kind: "rounded"; readonly value: number }
  | { readonly kind: "held"; readonly value: number }
  | { readonly kind: "suppressed" }
  | { readonly kind: "absent" }
  | { readonly kind: "unpublished" };

/** The total is the one category without a parent; a dimension whose categories all have none has no total and no sums. */
export type KnownDimension = {
  readonly id: string;
  readonly categories: readonly {
    readonly code: string;
    /** Position of the parent in the same dimension. */
    readonly parent?: number;
    /** The finest codes that a merged category stands for; without it the category is the one of its code. */
    readonly members?: readonly string[];
  }[];
};

/** A table as it was released: one measure at one time. */
export type KnownTable = {
  readonly name: string;
  /** What is counted, and when: only tables of the same universe share cells. */
  readonly universe: string;
  readonly dimensions: readonly KnownDimension[];
  /** Row-major over the dimensions, the last one fastest. */
  readonly cells: readonly ShownCell[];
  /** The rules it was protected by, where they may be others than those of now; rounded and held cells are read by them. */
  readonly readBy?: ReadingRules;
};
