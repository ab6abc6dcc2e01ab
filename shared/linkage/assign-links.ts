export type Link = { readonly left: number; readonly right: number; readonly score: number };

export type AssignmentRules = {
  /** A link has this score or more. */
  readonly threshold: number;
  /** By so much or more a link is better than any other pair of either of its records; above 0. */
  readonly margin: number;
};

/** Why records of one side have no link; each record has one reason. */
export type Unlinked = {
  /** No record of the other side reaches the threshold. */
  readonly noCandidate: number;
  /** Two records of the other side are nearly as good. */
  readonly ambiguous: number;
  /** Its one candidate has another record that is better or nearly as good. */
  readonly contested: number;
};

export type Assignment = {
  /** By left. */
  readonly links: readonly Link[];
  readonly unlinkedLeft: Unlinked;
  readonly unlinkedRight: Unlinked;
};

/** The best and the second best pair of every record of one side; which pairs come first changes nothing. */
class BestPairs {
  readonly best: Float64Array;
  readonly second: Float64Array;
  /** The partner of the best pair; some partner of the best where several are equally good. */
  readonly partner: Uint32Array;

  constructor(count: number) {
    this.best = new Float64Array(count);
    this.second = new Float64Array(count);
    this.partner = new Uint32Array(count);
  }

  add(record: number, partner: number, score: number): void {
    const best = this.best[record] ?? 0;
    if (score > best) {
      this.second[record] = best;
      this.best[record] = score;
      this.partner[record] = partner;
    } else if (score > (this.second[record] ?? 0)) this.second[record] = score;
  }
}

type Standing = "noCandidate" | "ambiguous" | "clear";

/**
 * One-to-one assignment: a pair becomes a link if it reaches the threshold and is better than every other pair of
 * its left and of its right record by the margin. What is not clear stays unlinked, so that no order of rows can matter.
 *
 * `addPair` has to be told of every pair that reaches `threshold - margin`.
 * @throws {RangeError} if the threshold is not above the margin and at most 1, or the margin not above 0.
 */
export class LinkAssignment {
  readonly #rules: AssignmentRules;
  readonly #left: BestPairs;
  readonly #right: BestPairs;

  constructor(leftCount: number, rightCount: number, rules: AssignmentRules) {
    const { threshold, margin } = rules;
    if (!(threshold <= 1 && margin > 0 && threshold > margin))
      throw new RangeError(
        "Cannot assign links: the threshold must be above the margin and at most 1, the margin above 0",
      );
    this.#rules = rules;
    this.#left = new BestPairs(leftCount);
    this.#right = new BestPairs(rightCount);
  }

  addPair(left: number, right: number, score: number): void {
    this.#left.add(left, right, score);
    this.#right.add(right, left, score);
  }

  assign(): Assignment {
    const links: Link[] = [];
    for (const [left, score] of this.#left.best.entries()) {
      const right = this.#left.partner[left] ?? 0;
      if (this.#standing(this.#left, left) === "clear" && this.#isMutual(left, right))
        links.push({ left, right, score });
    }
    return {
      links,
      unlinkedLeft: this.#unlinked(this.#left, links.length),
      unlinkedRight: this.#unlinked(this.#right, links.length),
    };
  }

  #isMutual(left: number, right: number): boolean {
    return this.#standing(this.#right, right) === "clear" && this.#right.partner[right] === left;
  }

  #standing({ best, second }: BestPairs, record: number): Standing {
    const score = best[record] ?? 0;
    if (score < this.#rules.threshold) return "noCandidate";
    // Both are quotients of whole numbers; what they differ by must not fail by a rounding of the last digit.
    return score - (second[record] ?? 0) >= this.#rules.margin - 1e-9 ? "clear" : "ambiguous";
  }

  #unlinked(side: BestPairs, links: number): Unlinked {
    const counts = { noCandidate: 0, ambiguous: 0, clear: 0 };
    for (const record of side.best.keys()) counts[this.#standing(side, record)] += 1;
    const { noCandidate, ambiguous, clear } = counts;
    return { noCandidate, ambiguous, contested: clear - links };
  }
}
