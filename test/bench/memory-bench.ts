import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Measurement, round } from "./measure.ts";

const [few, many] = [300_000, 4_000_000];

/** Peak memory of reading a residents register of 4 M rows beyond that of one of 300,000; every size in a process of its own. */
export async function benchMemory(): Promise<readonly Measurement[]> {
  const [floor, value] = [await peakMegabytes(few), await peakMegabytes(many)];
  const goal = "peak MB of ingest, 4 M rows minus 300 k rows: <= 50 (ratio is the difference)";
  return [
    { id: "ingest-memory", value: round(value), floor: round(floor), ratio: round(value - floor), goal },
  ];
}

async function peakMegabytes(rows: number): Promise<number> {
  const child = fork(fileURLToPath(new URL("./read-many.ts", import.meta.url)), [String(rows)]);
  return await new Promise((resolve, reject) => {
    child.once("message", (peak) => resolve(Number(peak)));
    child.once("exit", (code) => reject(new Error(`Cannot measure memory: the process ended with ${code}`)));
  });
}
