import type { Sum } from "../attack-model.ts";
import type { KnownDimension } from "../known-table.ts";

/** What may be done with the cells of a table: hide them, or nothing, because they are shown whatever happens. */
export type CellRole = "open" | "shown";

/** Counts that are to be protected together with others: row-major over the dimensions, the last one fastest. */
export type UniverseTable = {
  readonly name: string;
  /** What is counted, and when: only tables of the same universe share cells. */
  readonly universe: string;
  readonly dimensions: readonly KnownDimension[];
  /** Whole numbers; NaN where the table has no such cell. */
  readonly counts: ArrayLike<number>;
  readonly role: CellRole;
};

export type UniverseCell = {
  /** Canonical: the same for the same cell whatever the order of tables, dimensions, categories. */
  readonly name: string;
  /** NaN for an unpublished or auxiliary cell whose count does not follow from the tables. */
  readonly count: number;
  /**
   * `open`: every table that has it may hide it. `shown`: at least one table shows it. `hidden`: an earlier release hid it,
   * so it stays hidden. `unpublished`: no table has it, but categories that overlap give it away (0-17 less 0-5).
   * `auxiliary`: a finest cell that ties tables whose margins form a circle.
   */
  readonly role: CellRole | "hidden" | "unpublished" | "auxiliary";
};

/** All cells of tables that are protected together, each once, and every sum between them. */
export type Universe = {
  readonly cells: readonly UniverseCell[];
  readonly sums: readonly Sum[];
  /** By table, by position in its counts: the cell, or -1 where the table has none. */
  readonly places: readonly Int32Array[];
};
