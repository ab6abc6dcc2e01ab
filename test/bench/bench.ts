import { parseArgs } from "node:util";
import { benchCount } from "./count-bench.ts";
import { benchEndToEnd } from "./end-to-end-bench.ts";
import { benchIngest } from "./ingest-bench.ts";
import { print } from "./measure.ts";
import { benchMemory } from "./memory-bench.ts";

const benches = {
  ingest: benchIngest,
  memory: benchMemory,
  count: benchCount,
  "end-to-end": () => benchEndToEnd(),
  /** Takes a quarter of an hour and some gigabytes; only when named. */
  metropole: () => benchEndToEnd(["stadt", "metropole"]),
} as const;

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0)
  throw new RangeError(`Cannot measure "${unknown.join(", ")}": expected ${Object.keys(benches).join(", ")}`);
const wanted =
  positionals.length === 0 ? Object.keys(benches).filter((name) => name !== "metropole") : positionals;
for (const [name, bench] of Object.entries(benches)) {
  if (!wanted.includes(name)) continue;
  for (const measurement of await bench()) print(measurement);
}
