import { type AssignmentRules, type Link, LinkAssignment, type Unlinked } from "./assign-links.ts";
import { type LinkQuality, QualityCounts } from "./link-quality.ts";
import { type LinkageKeys, scorePairs } from "./pair-scores.ts";

export type LinkRules = AssignmentRules & {
  /** Threads to share large work among; none for small work. */
  readonly workers: number;
};

/**
 * One threshold and margin for all pairs of registers, with or without addresses.
 *
 * Fixed on labelled draws of the invented city (klein, seeds 101 to 106, AKDN sozial and SchILD with EWO-ALW). SchILD without
 * addresses decides, because most pupils have no partner there: at 0.77 its precision was 0.994, at 0.78 it was 0.997 (seeds 101
 * to 103). Of the margins tried, 0.01, 0.02 and 0.03, none changed a recall by more than 0.003; the middle one was taken.
 * Judged on other draws and on other data in test/spec/linkage/link-records.test.ts.
 */
export const linkRules = { threshold: 0.78, margin: 0.02 } as const satisfies AssignmentRules;

const agreementClasses = ["identical", "close", "sufficient"] as const;
type AgreementClass = (typeof agreementClasses)[number];

/** From this score on a link is close: the sounds of one name differ, or one part of the birth date. */
const closeFrom = 0.9;

export type LinkResult = {
  /** By left. */
  readonly links: readonly Link[];
  readonly unlinkedLeft: Unlinked;
  readonly unlinkedRight: Unlinked;
  /** Links by how much their keys agree. */
  readonly classes: Readonly<Record<AgreementClass, number>>;
  readonly quality: LinkQuality;
};

/** Fewer pairs are compared in this thread, in less time than threads take to start. */
const pairsForWorkers = 20_000_000;

/**
 * Finds the same persons in two registers by their linkage keys, which were made for the same purpose. The result is the same for any order
 * of records and any number of workers.
 *
 * 560 million pairs take 3.3 s of one core. Memory: the keys once more, and 40 bytes a record.
 * @throws {RangeError} if keys do not fill their bytes or the rules are out of range.
 */
export async function linkRecords(
  left: LinkageKeys,
  right: LinkageKeys,
  { workers, ...rules }: LinkRules,
): Promise<LinkResult> {
  const assignment = new LinkAssignment(left.count, right.count, rules);
  const counts = new QualityCounts(left.count, right.count, rules);
  const isLarge = left.count * right.count >= pairsForWorkers;
  const search = { floor: rules.threshold - 2 * rules.margin, workers: isLarge ? workers : 0 };
  await scorePairs(left, right, search, (one, other, score) => {
    assignment.addPair(one, other, score);
    counts.addPair(one, other, score);
  });
  const assigned = assignment.assign();
  return { ...assigned, classes: classesOf(assigned.links), quality: counts.estimate(assigned) };
}

function classesOf(links: readonly Link[]): LinkResult["classes"] {
  const counts = { identical: 0, close: 0, sufficient: 0 };
  for (const { score } of links) counts[classOf(score)] += 1;
  return counts;
}

function classOf(score: number): AgreementClass {
  if (score === 1) return "identical";
  return score >= closeFrom ? "close" : "sufficient";
}
