import type { FindingCode } from "./finding.ts";

/** The registers of the office, in the order in which reports and pages list them. */
export const registerIds = [
  "ewo-alw",
  "akdn-sozial",
  "ewo",
  "schild",
  "gliederung",
  "fortschreibung",
] as const;
export type RegisterId = (typeof registerIds)[number];

/** A delivery fills a slot: register, part ("-" where the register has none) and reference date. */
export type Slot = {
  readonly register: RegisterId;
  /** Schulnummer for `schild`; `adressen`, `namen`, `geometrie`, `unterkuenfte` for `gliederung`; "-" otherwise. */
  readonly part: string;
  /** "JJJJ-MM-TT", or "JJJJ-MM" for monthly registers. */
  readonly referenceDate: string;
};

/** What becomes of a column at the door (registers.md section 0): kept, hashed, transient or dropped. */
export type Disposition = "K" | "H" | "T" | "D";

/** How the text of a cell is read. The parsers of these kinds live in `values.ts`. */
export type ValueKind =
  | { readonly kind: "text"; readonly maxLength?: number }
  | { readonly kind: "date" }
  | { readonly kind: "partial-date" }
  | { readonly kind: "month" }
  | { readonly kind: "key"; readonly length: number; readonly codes?: CodeListId }
  | { readonly kind: "code"; readonly allowed: readonly string[] }
  | { readonly kind: "sex" }
  | { readonly kind: "yes-no" }
  | { readonly kind: "integer"; readonly min: number; readonly max: number }
  | { readonly kind: "money" };

export type CodeListId =
  | "citizenships"
  | "residence-titles"
  | "personenkreis"
  | "familienstand"
  | "school-types"
  | "titel-mapping"
  | "schulen";

/** One column of a delivery format, as the department sees it. The single place that names it. */
export type ColumnSpec = {
  /** Official heading. */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly value: ValueKind;
  /**
   * "filled": the column must exist and every row must fill it; "present": the column must exist, a value may be
   * missing; "optional": the column may be missing; an array: at least one of the named columns must exist.
   */
  readonly required: "filled" | "present" | "optional" | readonly string[];
  readonly disposition: Disposition;
};

/** How a kept column is stored in a column block (see `record-block.ts`). */
export type StoredType = "u8" | "u16" | "u32" | "f64" | "date" | "month" | "pseudonym" | "text";
export type StoredColumns = Readonly<Record<string, StoredType>>;

/** A finding's rule and place; never the content of a cell. */
export type FileFinding = {
  readonly code: FindingCode;
  readonly facts: Readonly<Record<string, string | number>>;
};
