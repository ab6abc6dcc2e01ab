import type { CountedTable, DimensionId } from "../tables/table.ts";

/** How a table may be treated; a policy lists a ladder of them per table. `withhold` ends every ladder. */
export const methods = ["suppress", "round", "coarsen", "withhold"] as const;
export type Method = (typeof methods)[number];

/** What coarsening did to one dimension, for the sentence on the sheet and for `release.json`. */
export type Treatment =
  | { readonly kind: "dropped-level"; readonly dimension: DimensionId; readonly level: string }
  | {
      readonly kind: "merged";
      readonly dimension: DimensionId;
      readonly into: string;
      readonly members: readonly string[];
    }
  | { readonly kind: "dropped-dimension"; readonly dimension: DimensionId };

/** A table after protection, before or after the audit. Withheld and missing tables keep their place in the report. */
export type ProtectedTable =
  | {
      readonly kind: "published";
      readonly method: "none" | Exclude<Method, "withhold">;
      readonly table: CountedTable;
      readonly treatments: readonly Treatment[];
    }
  | {
      readonly kind: "withheld";
      readonly id: string;
      readonly name: string;
      readonly title: string;
      readonly dimensions: readonly DimensionId[];
      readonly referenceDates: Readonly<Record<string, string>>;
      readonly deliveries: readonly string[];
      /** Number of cells of the counted table: for the audit trail inside, never printed. */
      readonly cells: number;
      /** Id of the next coarser table that is published in the same release. */
      readonly alternative?: string;
    }
  | {
      readonly kind: "missing";
      readonly id: string;
      readonly name: string;
      readonly title: string;
      readonly dimensions: readonly DimensionId[];
      readonly missing: readonly string[];
    };

/** Disclosed cells under the weaker and the stronger attacker; both are 0 in everything that is released. */
type AuditVerdict = { readonly disclosedA: number; readonly disclosedB: number };
export type AuditedTable = ProtectedTable & { readonly audit: AuditVerdict };
