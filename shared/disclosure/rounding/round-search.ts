export type SearchProblem = {
  readonly base: number;
  /** Small counts, in the order that breaks ties. */
  readonly counts: readonly number[];
  /** By cell: 0 (becomes 0), 1 (becomes the base), or both. */
  readonly allowed: readonly (readonly number[])[];
  readonly margins: readonly { readonly cells: readonly number[]; readonly weight: number }[];
};

/** How many times all cells are tried: each time costs as much, and few change anything after the first ones. */
const roundsAtMost = 30;
/** Partners are looked for in margins of at most this many small cells. */
const neighboursAtMost = 60;

/** What deviations cost: each its weight, and one of a whole base or more far above that. */
export function costOf(
  search: SearchProblem,
  ups: readonly number[],
): { readonly total: number; readonly beyond: number } {
  const { base, counts, margins } = search;
  let total = 0;
  let beyond = 0;
  for (const { cells, weight } of margins) {
    const deviation = cells.reduce((sum, cell) => sum + base * (ups[cell] ?? 0) - (counts[cell] ?? 0), 0);
    total += priceOf(base, weight, deviation);
    if (Math.abs(deviation) >= base) beyond += 1;
  }
  return { total, beyond };
}

function priceOf(base: number, weight: number, deviation: number): number {
  const size = Math.abs(deviation);
  return weight * size + 10 * Math.max(0, size - base + 1);
}

/** `start`, or every count to its nearest multiple, with single cells and pairs turned over as long as that saves anything. */
export function improved(search: SearchProblem, start: readonly number[] | undefined): readonly number[] {
  const local = new LocalSearch(search, start);
  for (let turn = 0; turn < roundsAtMost; turn += 1) {
    const singles = local.turnSingles();
    const pairs = singles ? false : local.turnPairs();
    if (!singles && !pairs) break;
  }
  return local.ups;
}

class LocalSearch {
  readonly ups: number[];
  readonly #search: SearchProblem;
  readonly #marginsOf: readonly number[][];
  readonly #deviations: number[];

  constructor(search: SearchProblem, start: readonly number[] | undefined) {
    this.#search = search;
    const { base, counts, allowed, margins } = search;
    this.ups = counts.map((count, cell) => {
      const wished = start?.[cell] ?? (2 * count > base ? 1 : 0);
      return allowed[cell]?.includes(wished) ? wished : 1 - wished;
    });
    this.#marginsOf = counts.map(() => []);
    for (const [at, { cells }] of margins.entries())
      for (const cell of cells) this.#marginsOf[cell]?.push(at);
    this.#deviations = margins.map(({ cells }) =>
      cells.reduce((sum, cell) => sum + base * (this.ups[cell] ?? 0) - (counts[cell] ?? 0), 0),
    );
  }

  turnSingles(): boolean {
    let hasTurned = false;
    for (const cell of this.ups.keys()) {
      if (!this.#canTurn(cell) || this.#savedBy(cell) <= 0) continue;
      this.#turn(cell);
      hasTurned = true;
    }
    return hasTurned;
  }

  turnPairs(): boolean {
    let hasTurned = false;
    for (const cell of this.ups.keys()) {
      if (!this.#canTurn(cell)) continue;
      const saved = this.#savedBy(cell);
      this.#turn(cell);
      const partner = this.#partnerOf(cell, saved);
      if (partner === undefined) this.#turn(cell);
      else {
        this.#turn(partner);
        hasTurned = true;
      }
    }
    return hasTurned;
  }

  #partnerOf(cell: number, saved: number): number | undefined {
    const { margins } = this.#search;
    for (const at of this.#marginsOf[cell] ?? []) {
      const cells = margins[at]?.cells ?? [];
      if (cells.length > neighboursAtMost) continue;
      const partner = cells.find(
        (other) =>
          other !== cell &&
          this.#canTurn(other) &&
          this.ups[other] === this.ups[cell] &&
          saved + this.#savedBy(other) > 0,
      );
      if (partner !== undefined) return partner;
    }
    return undefined;
  }

  #canTurn(cell: number): boolean {
    return this.#search.allowed[cell]?.length === 2;
  }

  #savedBy(cell: number): number {
    const { base, margins } = this.#search;
    const step = this.ups[cell] === 1 ? -base : base;
    let saved = 0;
    for (const at of this.#marginsOf[cell] ?? []) {
      const weight = margins[at]?.weight ?? 0;
      const deviation = this.#deviations[at] ?? 0;
      saved += priceOf(base, weight, deviation) - priceOf(base, weight, deviation + step);
    }
    return saved;
  }

  #turn(cell: number): void {
    const up = this.ups[cell] === 1 ? 0 : 1;
    const step = up === 1 ? this.#search.base : -this.#search.base;
    this.ups[cell] = up;
    for (const at of this.#marginsOf[cell] ?? []) this.#deviations[at] = (this.#deviations[at] ?? 0) + step;
  }
}
