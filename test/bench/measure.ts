/**
 * One line of the benchmark: a measured value, the floor measured beside it, and their ratio; both null where nothing can be
 * compared. More fields describe what was measured.
 */
export type Measurement = {
  readonly id: string;
  readonly value: number;
  readonly floor: number | null;
  readonly ratio: number | null;
  readonly goal: string;
  readonly [detail: string]: number | string | null | object;
};

/** Medians of alternating runs, so that both sides see the same machine; `ratio` is value / floor. */
export async function compare(
  id: string,
  goal: string,
  runs: number,
  ours: () => Promise<number>,
  floor: () => Promise<number>,
): Promise<Measurement> {
  const values: number[] = [];
  const floors: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const [own, other] = [await ours(), await floor()];
    if (run === 0) continue; // warm-up: compilers and caches
    values.push(own);
    floors.push(other);
  }
  const [value, base] = [medianOf(values), medianOf(floors)];
  return { id, value: round(value), floor: round(base), ratio: round(value / base), goal };
}

export function print(measurement: Measurement): void {
  console.log(JSON.stringify(measurement));
}

/** Seconds of wall clock that `work` takes. */
export async function wallSeconds(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

/** Seconds of CPU of this process that `work` takes. */
export async function cpuSeconds(work: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

export function round(value: number): number {
  return Number(value.toPrecision(4));
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
