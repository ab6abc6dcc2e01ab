import type { RegisterId } from "../registers/register.ts";

/** Ids of dimensions; they are column names of released files. */
export const dimensionIds = [
  "raum",
  "aufenthaltsstatus",
  "staatsangehoerigkeit",
  "altersgruppe",
  "geschlecht",
  "aufenthaltsdauer",
  "zeitpunkt",
  "monat",
  "pks",
  "pks_gruppe",
  "registerlage",
  "schulform",
  "neu_zugewandert",
] as const;
export type DimensionId = (typeof dimensionIds)[number];

/** Ids of measures; they are values of the column `merkmal` in released files. */
export const measureIds = [
  "gefluechtete",
  "einwohner",
  "auslaender",
  "je_1000",
  "faelle",
  "personen",
  "ausgaben",
  "schueler",
  "differenz",
] as const;
export type MeasureId = (typeof measureIds)[number];

/** The register whose reference date is the day of a measure; rates have none of their own. */
export const registerOfMeasure = {
  gefluechtete: "ewo-alw",
  einwohner: "ewo",
  auslaender: "ewo",
  je_1000: undefined,
  faelle: "akdn-sozial",
  personen: "akdn-sozial",
  ausgaben: "akdn-sozial",
  schueler: "schild",
  differenz: "ewo-alw",
} as const satisfies Record<MeasureId, RegisterId | undefined>;

/**
 * One category of a dimension. Additive dimensions form a tree: the cell of a category is the sum of the cells of its
 * children; the root is the total, code `T`. A dimension without total (`zeitpunkt`, `monat`) has no parents at all.
 */
export type Category = {
  readonly code: string;
  readonly label: string;
  /** Position of the parent in the same dimension. */
  readonly parent?: number;
  /** `raum` only: stadt, stadtbezirk, stadtteil, statbezirk, baublock. */
  readonly level?: string;
  /** Codes that coarsening merged into this category. */
  readonly merged?: readonly string[];
};

export type TableDimension = {
  readonly id: DimensionId;
  readonly label: string;
  readonly categories: readonly Category[];
};

export type Measure = {
  readonly id: MeasureId;
  readonly label: string;
  /** Persons, cases, pupils are counts and fall under the small-count rule; money, rates and differences do not by themselves. */
  readonly kind: "count" | "money" | "rate" | "difference";
  readonly unit: string;
};

/** State of a cell, by position in this list. The last two have no value. */
export const cellStates = ["value", "confidential", "rounded", "held", "unavailable", "impossible"] as const;
export type CellState = (typeof cellStates)[number];
export const stateOf = {
  value: 0,
  confidential: 1,
  rounded: 2,
  held: 3,
  unavailable: 4,
  impossible: 5,
} as const;

/** One step by which a dimension may be made coarser, in the order in which a definition lists them. */
export type CoarseningStep =
  /** `raum`: leave out this level; its parents stay. Levels are left out from the finest upward. */
  | { readonly kind: "drop-level"; readonly level: string }
  /** Replace categories by the named groups (sums of their members). */
  | {
      readonly kind: "merge";
      readonly groups: readonly {
        readonly code: string;
        readonly label: string;
        readonly members: readonly string[];
      }[];
    }
  /** Merge the categories with the smallest totals into one, as few as are needed. */
  | { readonly kind: "merge-smallest"; readonly into: { readonly code: string; readonly label: string } }
  /** Keep only the total. */
  | { readonly kind: "drop" };

/**
 * A counted table: the full grid of its dimensions, totals included, times its measures.
 * `values` and `states` are row-major: dimensions in order, the measure fastest. Money is in whole cents,
 * rates are plain numbers. Where the state is `unavailable` or `impossible` the value is 0 and means nothing.
 */
export type CountedTable = {
  readonly id: string;
  /** Short ASCII name for files and table objects, e.g. "Stadtteil_Status". */
  readonly name: string;
  readonly title: string;
  readonly dimensions: readonly TableDimension[];
  readonly measures: readonly Measure[];
  /** Ways to make it coarser, per dimension; what is not listed stays as it is. */
  readonly coarsening: Readonly<Partial<Record<DimensionId, readonly CoarseningStep[]>>>;
  /** Table to point to when this one is withheld. */
  readonly coarserTable?: string;
  /** Dimensions that stand as columns of the sheet; the others are its rows. */
  readonly columnDimensions: readonly DimensionId[];
  readonly values: Float64Array;
  readonly states: Uint8Array;
  /**
   * For money cells: the recipients behind it and the largest single one, in cents, and the sum of absolute amounts;
   * aligned with `values`, 0 elsewhere. Upper bounds after merging.
   */
  readonly concentration?: {
    readonly recipients: Float64Array;
    readonly largest: Float64Array;
    readonly absolute: Float64Array;
  };
  /** Reference date of each source the table rests on, e.g. `{ "ewo-alw": "2026-11-20" }`. */
  readonly referenceDates: Readonly<Record<string, string>>;
  /** Ids of the deliveries the table rests on. */
  readonly deliveries: readonly string[];
  /** Ids of notes (texts in `report/texts.ts`), in the order in which they are printed. */
  readonly notes: readonly string[];
};

/** A table that could not be counted at all: a source is missing. */
type MissingTable = {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly dimensions: readonly DimensionId[];
  /** Register ids without a usable delivery. */
  readonly missing: readonly string[];
};

/** What counting hands on, in the order of the report definition. */
export type TableResult =
  | { readonly kind: "counted"; readonly table: CountedTable }
  | { readonly kind: "missing"; readonly table: MissingTable };
