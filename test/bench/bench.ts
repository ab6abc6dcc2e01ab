import { parseArgs } from "node:util";
import { benchCount } from "./count-bench.ts";
import { benchEndToEnd } from "./end-to-end-bench.ts";
import { benchIngest } from "./ingest-bench.ts";
import { benchLedger } from "./ledger-bench.ts";
import { benchLink } from "./link-bench.ts";
import { print } from "./measure.ts";
import { benchMemory } from "./memory-bench.ts";
import { benchProtect, benchProtectLarge } from "./protect-bench.ts";

const benches = {
  ingest: benchIngest,
  memory: benchMemory,
  count: benchCount,
  ledger: benchLedger,
  link: benchLink,
  protect: benchProtect,
  "end-to-end": () => benchEndToEnd(),
  /** Takes ten minutes. */
  "protect-large": benchProtectLarge,
  /** Takes a quarter of an hour and some gigabytes. */
  metropole: () => benchEndToEnd(["stadt", "metropole"]),
} as const;

const onlyWhenNamed: readonly string[] = ["protect-large", "metropole"];

const usage = `Usage: npm run bench -- [NAME…]

Prints the measured work as JSON lines { id, value, floor, ratio, goal } on standard output and exits with 1 where a
protected table can be seen through. Without a name it measures all but the long ones.

  ingest         reading exports into storage
  memory         memory while reading
  count          counting tables
  ledger         audit of a requested table against a year of reports
  link           pairs of linkage keys, speed and quality on draws of their own
  protect        hiding and rounding, each with its audit: T1, T2, T3, T4a, T4b, T4a with T4b
  end-to-end     from exports to the published report
  protect-large  only when named, some minutes: T5 and T2 with T3 with T5
  metropole      only when named, a quarter of an hour and some gigabytes: the report of a city of millions

DISCLOSURE_EXAMPLES=DIR takes the tables of protect and protect-large from DIR/T1.csv.gz, … , DIR/hierarchy.csv.gz
instead of drawing them; the sums hidden are then compared with those of GaussSuppression.
`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { help: { type: "boolean", short: "h" } },
});
const unknown = positionals.filter((name) => !Object.hasOwn(benches, name));
if (values.help === true) {
  console.log(usage);
} else if (unknown.length > 0) {
  console.error(`Cannot measure "${unknown.join(", ")}": expected one of the names below\n\n${usage}`);
  process.exitCode = 2;
} else {
  const wanted =
    positionals.length === 0
      ? Object.keys(benches).filter((name) => !onlyWhenNamed.includes(name))
      : positionals;
  for (const [name, bench] of Object.entries(benches)) {
    if (!wanted.includes(name)) continue;
    for await (const measurement of await bench()) print(measurement);
  }
}
