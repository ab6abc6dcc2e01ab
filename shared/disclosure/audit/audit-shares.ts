import type { Policy } from "../policy.ts";

/** Who stands behind an amount: how many, and in cents the largest single one and the sum, both by absolute amounts. */
export type Share = Readonly<Record<"recipients" | "largest" | "absolute", number>>;

/** Enough recipients, none of whom has too much; NaN as the largest is history that tells of no single recipient. */
export function isProvenShare(
  { recipients, largest, absolute }: Share,
  { publishFromRecipients, dominancePercent, historyWithoutDominance }: Policy,
): boolean {
  const isShared = Number.isNaN(largest)
    ? historyWithoutDominance.value
    : largest <= (absolute * dominancePercent.value) / 100;
  return recipients >= publishFromRecipients.value && isShared;
}
