/**
 * How much each part of a key says. Names and birth date together carry a link, an address supports it.
 * From labelled draws of the invented city (klein, seeds 101 to 106), together with `linkRules`; of the
 * weights of the address that were tried (0.65, 0.7, 0.8) the largest that kept the precision there: typing errors need it,
 * which was seen on files drawn with seeds 1 and 2.
 */
const weights = { names: 0.5, birth: 0.5, address: 0.7 } as const;
/** What an address that does not agree counts: people move, and one register hears of it later. */
const addressAtLeast = 0.7;
/** What a missing birth date counts: with an address little is lost, but names alone do not make a link. */
const birthIfMissing = { withAddress: 0.8, without: 0.5 } as const;

/** Below this agreement of names a pair is none, however well the rest agrees: families share an address, twins a birth date too. */
const namesAtLeast = 0.45;

/**
 * The score of a pair, 0 to 1: the weighted mean of the agreement of its parts, each NaN where one side has nothing. A missing
 * address is left out. Names too different give 0.
 */
export function pairScore(names: number, birth: number, address: number): number {
  if (!(names >= namesAtLeast)) return 0;
  const hasAddress = !Number.isNaN(address);
  const missing = hasAddress ? birthIfMissing.withAddress : birthIfMissing.without;
  const carried = weights.names * names + weights.birth * (Number.isNaN(birth) ? missing : birth);
  if (!hasAddress) return carried / (weights.names + weights.birth);
  const supported = carried + weights.address * Math.max(address, addressAtLeast);
  return supported / (weights.names + weights.birth + weights.address);
}

/** Dice's coefficient. Source: Schnell, Bachteler, Reiher 2009 (doi:10.1186/1472-6947-9-41). */
export function agreement(shared: number, left: number, right: number): number {
  return left === 0 || right === 0 ? Number.NaN : (2 * shared) / (left + right);
}

/**
 * The mean of Dice's coefficient and the overlap, shared bits / bits of the side that has fewer: a birth date known in part has
 * fewer bits, all of which the whole date has, too.
 */
export function partialAgreement(shared: number, left: number, right: number): number {
  return (agreement(shared, left, right) + shared / Math.min(left, right)) / 2;
}

/** The least agreement of names with which a pair can still reach a score, whatever else agrees. */
export function leastNames(score: number): number {
  const { names, birth, address } = weights;
  return Math.max((score * (names + birth + address) - birth - address) / names, namesAtLeast);
}
