import type { TableName } from "./protect-tables.ts";

/** What GaussSuppression does with tables of the same kind of another draw. */
type OtherTool = {
  readonly suppressed: number;
  readonly hiddenSum: number;
  readonly disclosedB: number;
  readonly seconds: number;
};

/** What SmallCountRounding does with them: changed cells where they were counted, deviations over all cells. */
type OtherRounding = { readonly changed?: number; readonly max: number; readonly mean: number };

/** At most so much of what GaussSuppression hides, or, where it is known of the example tables, the least that suffices. */
type HiddenGoal =
  | { readonly kind: "ratio"; readonly atMost: number }
  | { readonly kind: "optimum"; readonly ofExample: number };

/** Tables that are protected together. */
export type ProtectInstance = {
  readonly id: string;
  readonly tables: readonly TableName[];
  /** The median of so many runs counts. */
  readonly runs: number;
  readonly goals: { readonly seconds: number; readonly hidden?: HiddenGoal };
  readonly drawn?: OtherTool;
  /** The sum that GaussSuppression hides of the example tables. */
  readonly example?: number;
  readonly rounding?: OtherRounding;
};

export const ordinary: readonly ProtectInstance[] = [
  {
    id: "T1",
    tables: ["T1"],
    runs: 3,
    goals: { seconds: 2, hidden: { kind: "optimum", ofExample: 200 } },
    drawn: { suppressed: 40, hiddenSum: 209, disclosedB: 4, seconds: 0.2 },
    example: 198,
    rounding: { changed: 54, max: 2, mean: 0.15 },
  },
  {
    id: "T2",
    tables: ["T2"],
    runs: 1,
    goals: { seconds: 5, hidden: { kind: "ratio", atMost: 1.18 } },
    drawn: { suppressed: 1_757, hiddenSum: 3_768, disclosedB: 407, seconds: 7 },
    example: 3_813,
    rounding: { max: 3, mean: 0.17 },
  },
  {
    id: "T3",
    tables: ["T3"],
    runs: 1,
    goals: { seconds: 6, hidden: { kind: "ratio", atMost: 1 } },
    drawn: { suppressed: 884, hiddenSum: 60_169, disclosedB: 93, seconds: 6.4 },
    example: 58_445,
    rounding: { max: 5, mean: 0.36 },
  },
  {
    id: "T4a",
    tables: ["T4a"],
    runs: 3,
    goals: { seconds: 2, hidden: { kind: "ratio", atMost: 1.18 } },
    drawn: { suppressed: 239, hiddenSum: 624, disclosedB: 80, seconds: 0.6 },
    example: 512,
  },
  {
    id: "T4b",
    tables: ["T4b"],
    runs: 3,
    goals: { seconds: 2, hidden: { kind: "optimum", ofExample: 242 } },
    drawn: { suppressed: 103, hiddenSum: 187, disclosedB: 44, seconds: 0.2 },
    example: 195,
  },
  {
    id: "T4",
    tables: ["T4a", "T4b"],
    runs: 3,
    goals: { seconds: 2, hidden: { kind: "ratio", atMost: 1.25 } },
    drawn: { suppressed: 328, hiddenSum: 773, disclosedB: 153, seconds: 1.7 },
  },
];

export const large: readonly ProtectInstance[] = [
  {
    id: "T5",
    tables: ["T5"],
    runs: 1,
    goals: { seconds: 120, hidden: { kind: "ratio", atMost: 1.05 } },
    drawn: { suppressed: 10_850, hiddenSum: 59_063, disclosedB: 4_237, seconds: 320 },
    rounding: { max: 5, mean: 0.2 },
  },
  {
    id: "all",
    tables: ["T2", "T3", "T5"],
    runs: 1,
    goals: { seconds: 300 },
  },
];
