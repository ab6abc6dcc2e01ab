import { type CategoryList, type Relation, totalCategory } from "./known-model-categories.ts";

type Codes = { readonly position: number; readonly codes: readonly string[] };

/**
 * Every sum between categories of a dimension that stand beside each other, the other dimensions fixed: those of the trees;
 * a category is the sum of those within it and of what remains; and where two of them cross, both are sums of what they
 * share and what they do not. What remains or is shared may be a category that nobody shows.
 */
export function relationsAmong(list: CategoryList, present: readonly number[]): readonly Relation[] {
  const isPresent = new Set(present);
  const trees = list.trees.filter(
    ({ whole, parts }) => isPresent.has(whole) && parts.every((part) => isPresent.has(part)),
  );
  const sets = present
    .filter((position) => position !== totalCategory)
    .map((position) => ({ position, codes: list.codes(position) }));
  const groups = crossingGroups(sets);
  const crossed = groups.map((group) => ({ group, pieces: piecesOf(list, group) }));
  const split = crossed.flatMap(({ group, pieces }) => group.flatMap((set) => splitOf(set, pieces)));
  const isCrossing = new Set(groups.flat());
  const nested = new Map(
    [...sets.filter((set) => !isCrossing.has(set)), ...crossed.flatMap(({ pieces }) => pieces)].map((set) => [
      set.position,
      set,
    ]),
  );
  return distinct([...trees, ...split, ...nestedRelations(list, [...nested.values()])]);
}

function distinct(relations: readonly Relation[]): readonly Relation[] {
  const found = new Map<string, Relation>();
  for (const { whole, parts } of relations) {
    const sorted = parts.toSorted((one, other) => one - other);
    const key = `${whole}=${sorted.join("+")}`;
    const isItself = sorted.length === 1 && sorted[0] === whole;
    if (!isItself && !found.has(key)) found.set(key, { whole, parts: sorted });
  }
  return [...found.values()];
}

/** Sets that cross one another, directly or through others; those that cross none are in no group. */
function crossingGroups(sets: readonly Codes[]): readonly (readonly Codes[])[] {
  const crossings = crossingsOf(sets);
  const groupOf = new Map<Codes, Set<Codes>>();
  for (const [one, other] of crossings) {
    const joinedSets = new Set([...(groupOf.get(one) ?? [one]), ...(groupOf.get(other) ?? [other])]);
    for (const set of joinedSets) groupOf.set(set, joinedSets);
  }
  return [...new Set(groupOf.values())].map((group) => [...group]);
}

function crossingsOf(sets: readonly Codes[]): readonly (readonly [Codes, Codes])[] {
  const shared = new Map<number, number>();
  for (const holders of holdersByCode(sets).values()) {
    for (const [at, one] of holders.entries()) {
      for (const other of holders.slice(at + 1)) {
        const pair = one * sets.length + other;
        shared.set(pair, (shared.get(pair) ?? 0) + 1);
      }
    }
  }
  return [...shared].flatMap(([pair, count]): (readonly [Codes, Codes])[] => {
    const one = sets[Math.floor(pair / sets.length)];
    const other = sets[pair % sets.length];
    if (one === undefined || other === undefined) return [];
    return count < Math.min(one.codes.length, other.codes.length) ? [[one, other]] : [];
  });
}

function holdersByCode(sets: readonly Codes[]): ReadonlyMap<string, readonly number[]> {
  const holders = new Map<string, number[]>();
  for (const [at, { codes }] of sets.entries()) {
    for (const code of codes) {
      const list = holders.get(code);
      if (list === undefined) holders.set(code, [at]);
      else list.push(at);
    }
  }
  return holders;
}

/** Codes that the same sets of the group hold, together. */
function piecesOf(list: CategoryList, group: readonly Codes[]): readonly Codes[] {
  const classes = Map.groupBy(holdersByCode(group), ([, holders]) => holders.join());
  return [...classes.values()].map((codes) => {
    const position = list.ofCodes(codes.map(([code]) => code));
    return { position, codes: list.codes(position) };
  });
}

function splitOf(set: Codes, pieces: readonly Codes[]): readonly Relation[] {
  const codes = new Set(set.codes);
  const parts = pieces.filter((piece) => codes.has(piece.codes[0] ?? ""));
  return [{ whole: set.position, parts: parts.map(({ position }) => position) }];
}

/** Of sets of which none cross: each is the sum of the largest within it and of what remains. */
function nestedRelations(categories: CategoryList, sets: readonly Codes[]): readonly Relation[] {
  const ordered = sets.toSorted(
    (one, other) =>
      one.codes.length - other.codes.length ||
      categories.height(one.position) - categories.height(other.position) ||
      one.position - other.position,
  );
  const parts = new Map<Codes, Codes[]>();
  const seen = new Set<Codes>();
  for (const holders of holdersByCode(ordered).values()) {
    for (const [at, holder] of holders.entries()) {
      const [inner, outer] = [ordered[holder], ordered[holders[at + 1] ?? -1]];
      if (inner === undefined || outer === undefined || seen.has(inner)) continue;
      seen.add(inner);
      const list = parts.get(outer);
      if (list === undefined) parts.set(outer, [inner]);
      else list.push(inner);
    }
  }
  return [...parts].map(([whole, inner]) => ({
    whole: whole.position,
    parts: [...inner.map(({ position }) => position), ...restOf(categories, whole, inner)],
  }));
}

function restOf(list: CategoryList, whole: Codes, inner: readonly Codes[]): readonly number[] {
  const taken = new Set(inner.flatMap(({ codes }) => codes));
  const rest = whole.codes.filter((code) => !taken.has(code));
  return rest.length === 0 ? [] : [list.ofCodes(rest)];
}
