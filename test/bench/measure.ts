/** One line of the benchmark: a measured value, the floor measured beside it, and their ratio. */
export type Measurement = {
  readonly id: string;
  readonly value: number;
  readonly floor: number;
  readonly ratio: number;
  readonly goal: string;
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
  const [value, base] = [median(values), median(floors)];
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

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
