import type { CountedTable } from "../../tables/table.ts";
import type { AttackModel, Sum } from "../attack-model.ts";
import { type KnownModel, knownModel } from "../attacker/known-model.ts";
import { type KnownSlice, knownSlicesOf } from "../attacker/known-tables.ts";
import { type Policy, readingRulesOf } from "../policy.ts";
import { isProvenShare, type Share } from "./audit-shares.ts";

/**
 * Ids of tables whose amounts together leave over one that nobody has judged or that is unsafe: where all of a sum but one
 * amount is known, or all but several hidden ones of which too few persons, or one of them too much, stand behind them all.
 *
 * Amounts may be negative, so nothing follows from how large they are; they are attacked by adding and subtracting only.
 */
export function derivedAmounts(
  published: readonly CountedTable[],
  policy: Policy,
): readonly (readonly string[])[] {
  const tables = published.flatMap((table) =>
    table.measures.flatMap(({ kind }, offset) => (kind === "money" ? [amountsOf(table, offset)] : [])),
  );
  const slices = knownSlicesOf(tables);
  const built = modelOf(slices, policy);
  if (built === undefined) {
    return [tables.map(({ id }) => id)];
  }
  const amounts = new KnownAmounts(built.model, sharesOf(slices, tables, built), policy);
  const leaks = amounts.leaks().map((sum) => idsIn(slices, built, sum));
  return [...new Map(leaks.map((ids) => [ids.join(" "), ids])).values()];
}

/** The tables that have a cell of the sum. */
function idsIn(
  slices: readonly KnownSlice[],
  { places }: KnownModel,
  { total, parts }: Sum,
): readonly string[] {
  const cells = new Set([total, ...parts]);
  const having = slices.filter((_, index) => places[index]?.some((cell) => cells.has(cell)));
  return [...new Set(having.map(({ table }) => table.id))];
}

/** One money measure of a table, written as if it were its only count. */
function amountsOf(table: CountedTable, offset: number): CountedTable {
  const width = table.measures.length;
  const own = (values: Float64Array) => values.filter((_, cell) => cell % width === offset);
  const { concentration, measures, values, states, ...shape } = table;
  return {
    ...shape,
    measures: measures.slice(offset, offset + 1).map((measure) => ({ ...measure, kind: "count" as const })),
    values: own(values),
    states: states.filter((_, cell) => cell % width === offset),
    ...(concentration !== undefined && {
      concentration: {
        recipients: own(concentration.recipients),
        largest: own(concentration.largest),
        absolute: own(concentration.absolute),
      },
    }),
  };
}

/** Nothing where the tables contradict each other. */
function modelOf(slices: readonly KnownSlice[], policy: Policy): KnownModel | undefined {
  try {
    return knownModel(
      slices.map(({ known }) => known),
      readingRulesOf(policy),
    );
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** By cell of the model what stands behind its amount, where a table has it. */
function sharesOf(
  slices: readonly KnownSlice[],
  tables: readonly CountedTable[],
  { places }: KnownModel,
): ReadonlyMap<number, Share> {
  const shares = new Map<number, Share>();
  for (const [index, { table, positions }] of slices.entries()) {
    const behind = tables.find((other) => other === table)?.concentration;
    for (const [position, cell] of places[index]?.entries() ?? []) {
      const at = positions[position] ?? -1;
      if (behind !== undefined && at >= 0) {
        shares.set(cell, {
          recipients: behind.recipients[at] ?? 0,
          largest: behind.largest[at] ?? 0,
          absolute: behind.absolute[at] ?? 0,
        });
      }
    }
  }
  return shares;
}

/** What follows from sums, one unknown amount at a time. */
class KnownAmounts {
  readonly #sums: readonly Sum[];
  readonly #shares: ReadonlyMap<number, Share>;
  readonly #policy: Policy;
  readonly #values: (number | undefined)[];

  constructor({ cells, sums }: AttackModel, shares: ReadonlyMap<number, Share>, policy: Policy) {
    this.#sums = sums;
    this.#shares = shares;
    this.#policy = policy;
    this.#values = cells.map(({ knowledge }) => (knowledge.kind === "exact" ? knowledge.value : undefined));
  }

  leaks(): readonly Sum[] {
    const found = new Set<Sum>();
    for (let isNew = true; isNew; ) {
      isNew = false;
      for (const sum of this.#sums) {
        const [only, ...others] = this.#unknownIn(sum);
        if (only !== undefined && others.length === 0) {
          if (this.#derive(sum, only)) found.add(sum);
          isNew = true;
        }
      }
    }
    return [...found, ...this.#sums.filter((sum) => this.#leavesUnsafe(sum))];
  }

  #unknownIn({ total, parts }: Sum): readonly number[] {
    return [total, ...parts].filter((cell) => this.#values[cell] === undefined);
  }

  /** True when the amount found was meant to be hidden, or nobody has judged it. */
  #derive({ total, parts }: Sum, unknown: number): boolean {
    const added = parts.reduce((sum, part) => sum + (this.#values[part] ?? 0), 0);
    const value = unknown === total ? added : (this.#values[total] ?? 0) - added;
    this.#values[unknown] = value;
    const isSumOfShown = unknown === total && !this.#shares.has(unknown);
    return value !== 0 && !isSumOfShown;
  }

  /** The hidden parts of a known total are known together; parts that nobody has judged are unsafe. */
  #leavesUnsafe({ total, parts }: Sum): boolean {
    const hidden = parts.filter((part) => this.#values[part] === undefined);
    const shares = hidden.flatMap((part) => this.#shares.get(part) ?? []);
    if (this.#values[total] === undefined || hidden.length === 0) {
      return false;
    }
    return shares.length < hidden.length || !isProvenShare(togetherOf(shares), this.#policy);
  }
}

/** Recipients of two amounts may be the same persons: only the larger number is certain, and the largest shares may add up. */
function togetherOf(shares: readonly Share[]): Share {
  const sum = (of: (share: Share) => number) => shares.reduce((all, share) => all + of(share), 0);
  return {
    recipients: Math.max(...shares.map(({ recipients }) => recipients)),
    largest: sum(({ largest }) => largest),
    absolute: sum(({ absolute }) => absolute),
  };
}
