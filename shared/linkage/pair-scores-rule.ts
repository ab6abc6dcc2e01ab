/** How well a part of two keys agrees; NaN where one side has nothing. */
export type Agreement = {
  /** 2 x shared bits / (bits of one + bits of the other). */
  readonly dice: number;
  /** Shared bits / bits of the side that has fewer. */
  readonly overlap: number;
};

/**
 * How much each part of a key says. Names and birth date together carry a link, an address supports it.
 * From labelled draws of the invented city (klein, seeds 101 to 106), together with `linkRules`; the weight of the address is the
 * largest that keeps the precision there, because names with typing errors (drawn with seeds 1 and 2) need it.
 */
const weights = { names: 0.5, birth: 0.5, address: 0.7 } as const;
/** What an address that does not agree counts: people move, and one register hears of it later. */
const addressAtLeast = 0.7;
/** What a missing birth date counts: with an address little is lost, but names alone do not make a link. */
const birthIfMissing = { withAddress: 0.8, without: 0.5 } as const;

/** Below this agreement of names a pair is none, however well the rest agrees: families share an address, twins a birth date too. */
const namesAtLeast = 0.45;

/**
 * The score of a pair, 0 to 1: the weighted mean of the agreement of its parts. A missing address is left out. Names too
 * different give 0.
 *
 * A birth date known in part has fewer bits, all of which the whole date has, too; so its agreement is the mean of both measures.
 */
export function pairScore(names: Agreement, birth: Agreement, address: Agreement): number {
  if (!(names.dice >= namesAtLeast)) return 0;
  const hasAddress = !Number.isNaN(address.dice);
  const missing = hasAddress ? birthIfMissing.withAddress : birthIfMissing.without;
  const born = Number.isNaN(birth.dice) ? missing : (birth.dice + birth.overlap) / 2;
  const carried = weights.names * names.dice + weights.birth * born;
  if (!hasAddress) return carried / (weights.names + weights.birth);
  const supported = carried + weights.address * Math.max(address.dice, addressAtLeast);
  return supported / (weights.names + weights.birth + weights.address);
}

/** The least agreement of names, as Dice's coefficient, with which a pair can still reach a score, whatever else agrees. */
export function leastNames(score: number): number {
  const { names, birth, address } = weights;
  return Math.max((score * (names + birth + address) - birth - address) / names, namesAtLeast);
}
