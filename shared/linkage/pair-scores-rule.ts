/**
 * How much each part of a key says. Names and birth date together carry a link, an address supports it.
 * From labelled draws of the invented city (test/spec/linkage/link-records-city.ts), chosen together with `linkRules`.
 */
const weights = { names: 0.6, birth: 0.4, address: 0.2 } as const;
/** What an address that does not agree counts: people move, and one register hears of it later. */
const addressAtLeast = 0.7;
/** What a missing birth date counts, as much as one of which the year agrees: names alone do not make a link. */
const birthIfMissing = 0.5;

/**
 * The score of a pair, 0 to 1, from the agreement of its parts, each 0 to 1 or NaN where one side has nothing: their weighted
 * mean. A missing address is left out.
 */
export function pairScore(names: number, birth: number, address: number): number {
  const carried = weights.names * names + weights.birth * (Number.isNaN(birth) ? birthIfMissing : birth);
  if (Number.isNaN(address)) return carried / (weights.names + weights.birth);
  const supported = carried + weights.address * Math.max(address, addressAtLeast);
  return supported / (weights.names + weights.birth + weights.address);
}

/** The least agreement of names with which a pair can still reach a score, whatever else agrees. */
export function leastNames(score: number): number {
  const { names, birth, address } = weights;
  return (score * (names + birth + address) - birth - address) / names;
}
