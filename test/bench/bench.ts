import { parseArgs } from "node:util";
import { benchCount } from "./count-bench.ts";
import { print } from "./measure.ts";

const benches = { count: benchCount } as const;

const { positionals } = parseArgs({ allowPositionals: true });
const wanted = positionals.length === 0 ? Object.keys(benches) : positionals;
for (const [name, bench] of Object.entries(benches)) {
  if (!wanted.includes(name)) continue;
  for (const measurement of await bench()) print(measurement);
}
