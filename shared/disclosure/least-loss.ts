/** By position the number of the option that is chosen; options stand in the order of their losses. */
export type Choice = readonly number[];

/** `wanting`: positions that must choose another option, as far as the attempt can tell; none means that any may. */
export type Attempted<Result> =
  | { readonly kind: "passed"; readonly result: Result }
  | { readonly kind: "wanting"; readonly positions: readonly number[] };

/**
 * The result of the choice with the least total loss that passes, by uniform-cost search: a choice that fails is followed by
 * those in which one wanting position takes its next option. Equal losses go by the choice that prefers earlier options in
 * earlier positions. After `attemptsAtMost` attempts every wanting position takes its last option, until one passes.
 *
 * @param losses by position the loss of each of its options, ascending; the last option of every position passes.
 * @throws {TypeError} if not even the last options of all positions pass.
 */
export async function leastLoss<Result>(
  losses: readonly (readonly number[])[],
  attempt: (choice: Choice) => Promise<Attempted<Result>>,
  attemptsAtMost: number,
): Promise<Result> {
  const open: Choice[] = [losses.map(() => 0)];
  const known = new Set(open.map(String));
  const last = losses.map((options) => options.length - 1);
  let choice = open[0] ?? [];
  for (let attempts = 0; open.length > 0 && attempts < attemptsAtMost; attempts += 1) {
    choice = takeLeast(open, losses);
    const attempted = await attempt(choice);
    if (attempted.kind === "passed") {
      return attempted.result;
    }
    for (const next of nextChoices(choice, attempted.positions, last)) {
      if (!known.has(String(next))) {
        known.add(String(next));
        open.push(next);
      }
    }
  }
  return await lastOptions(choice, last, attempt);
}

function takeLeast(open: Choice[], losses: readonly (readonly number[])[]): Choice {
  const lossOf = (choice: Choice) => choice.reduce((sum, option, at) => sum + (losses[at]?.[option] ?? 0), 0);
  const [least = []] = open.toSorted((a, b) => lossOf(a) - lossOf(b) || compare(a, b));
  open.splice(open.indexOf(least), 1);
  return least;
}

function compare(a: Choice, b: Choice): number {
  const at = a.findIndex((option, position) => option !== b[position]);
  return (a[at] ?? 0) - (b[at] ?? 0);
}

function nextChoices(choice: Choice, wanting: readonly number[], last: Choice): readonly Choice[] {
  return movable(choice, wanting, last).map((at) => choice.with(at, (choice[at] ?? 0) + 1));
}

/** A finding without a place that could give way must still end: then any position may. */
function movable(choice: Choice, wanting: readonly number[], last: Choice): readonly number[] {
  const canMove = (at: number) => (choice[at] ?? 0) < (last[at] ?? 0);
  const positions = wanting.filter(canMove);
  return positions.length > 0 ? positions : [...choice.keys()].filter(canMove);
}

async function lastOptions<Result>(
  from: Choice,
  last: Choice,
  attempt: (choice: Choice) => Promise<Attempted<Result>>,
): Promise<Result> {
  let choice = from;
  for (;;) {
    const attempted = await attempt(choice);
    if (attempted.kind === "passed") {
      return attempted.result;
    }
    const positions = movable(choice, attempted.positions, last);
    if (positions.length === 0) {
      throw new TypeError("Cannot protect tables: the audit must pass when every table is withheld");
    }
    choice = choice.map((option, at) => (positions.includes(at) ? (last[at] ?? option) : option));
  }
}
