import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Measurement, round } from "./measure.ts";

const residents = { klein: 30_000, stadt: 265_000, metropole: 3_900_000 } as const;
type Size = keyof typeof residents;

/** From the first export dropped to the report published, for a town and a city; `metropole` only where it is asked for. */
export async function benchEndToEnd(
  sizes: readonly Size[] = ["klein", "stadt"],
): Promise<readonly Measurement[]> {
  const seconds = new Map<Size, number>();
  for (const size of sizes) seconds.set(size, await secondsOf(size));
  const [small, large] = [sizes[0] ?? "klein", sizes.at(-1) ?? "stadt"];
  const [first, last] = [seconds.get(small) ?? Number.NaN, seconds.get(large) ?? Number.NaN];
  const exponent = Math.log(last / first) / Math.log(residents[large] / residents[small]);
  const goal = `${large} in seconds, ${small} beside it; stadt <= 30; ratio is the exponent of growth: <= 1.05`;
  return [{ id: "end-to-end", value: round(last), floor: round(first), ratio: round(exponent), goal }];
}

async function secondsOf(size: Size): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), "bench-"));
  try {
    const output = await start([
      "--once",
      "--data",
      directory,
      "--city",
      size,
      "--weeks",
      "1",
      "--port",
      "0",
    ]);
    const steps = [...output.matchAll(/(abgelegt|veröffentlicht).*\((\d+),(\d) s\)/g)];
    if (steps.length !== 2) throw new Error("Cannot measure: a report must have been published");
    return steps.reduce((sum, [, , whole, tenth]) => sum + Number(`${whole}.${tenth}`), 0);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function start(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ["local/start.ts", ...args], {
    env: { ...process.env, NO_COLOR: "1" },
  });
  let output = "";
  child.stdout.on("data", (text) => {
    output += text;
  });
  return new Promise((resolve) => child.once("exit", () => resolve(output)));
}
