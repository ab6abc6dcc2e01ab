export const auditRules = [
  /** The table is not what protection hands on: sizes, trees, codes, states, counts that are not whole persons. */
  "malformed-table",
  /** A published count is small. */
  "small-count",
  /** Two published counts of the same cell, one within the other, leave a small count. */
  "small-remainder",
  /** All persons of a group are shown in one category, where the policy does not allow it. */
  "group-disclosure",
  /** A published rate or difference does not follow from the counts beside it. */
  "unjudged-figure",
  /** A published amount has too few recipients or a dominant one. */
  "unsafe-amount",
  /** Everything shown together leaves of a hidden or rounded count one value, or only small ones. */
  "disclosed-count",
  /** Amounts that are shown leave over one that nobody has judged, or that is unsafe. */
  "derived-amount",
  /** They contradict each other: the same cell with two values, or parts that are not their sum. */
  "contradiction",
  /** The attack did not come to an end within its limits. */
  "unproven",
] as const;
export type AuditRule = (typeof auditRules)[number];

/** Place and rule of what would be disclosed: ids of tables, never a cell or a value. */
export type AuditFinding = { readonly rule: AuditRule; readonly tables: readonly string[] };
