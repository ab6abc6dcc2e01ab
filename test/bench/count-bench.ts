import { DuckDBInstance } from "@duckdb/node-api";
import { type Axis, axisOf, type CountedAxis, countCube } from "../../shared/tables/count.ts";
import { compare, cpuSeconds, type Measurement, wallSeconds } from "./measure.ts";

/** Categories below the total of each invented dimension, as many as the report's own. */
const sizes = {
  raum: 23,
  aufenthaltsstatus: 5,
  staatsangehoerigkeit: 16,
  altersgruppe: 6,
  geschlecht: 2,
  dauer: 6,
};
type Dimension = keyof typeof sizes;
const dimensions: readonly Dimension[] = [
  "raum",
  "aufenthaltsstatus",
  "staatsangehoerigkeit",
  "altersgruppe",
  "geschlecht",
  "dauer",
];

/** 20 tables: every pair, and the five triples that the report would ask for first. */
const tables: readonly (readonly Dimension[])[] = [
  ...dimensions.flatMap((first, at) => dimensions.slice(at + 1).map((second) => [first, second] as const)),
  ["raum", "aufenthaltsstatus", "geschlecht"],
  ["raum", "altersgruppe", "geschlecht"],
  ["raum", "staatsangehoerigkeit", "aufenthaltsstatus"],
  ["staatsangehoerigkeit", "altersgruppe", "geschlecht"],
  ["aufenthaltsstatus", "altersgruppe", "dauer"],
];

type Persons = Readonly<Record<Dimension, { readonly axis: Axis; readonly codes: Uint8Array }>>;

export async function benchCount(): Promise<readonly Measurement[]> {
  const many = persons(4_000_000);
  const few = persons(300_000);
  const scan = await compare(
    "count",
    "20 tables with all totals, 4 M persons, CPU / column scan: <= 5",
    5,
    () => cpuSeconds(() => countAll(many)),
    () => cpuSeconds(() => scanAll(many)),
  );
  return [scan, await compareWithDuckDb(few)];
}

function persons(count: number): Persons {
  const columns = dimensions.map((dimension, seed) => {
    const size = sizes[dimension];
    const codes = new Uint8Array(count);
    let state = 12_345 + seed;
    for (let at = 0; at < count; at++) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      codes[at] = 1 + ((state >>> 8) % size);
    }
    const categories = Array.from({ length: size + 1 }, (_, at) => (at === 0 ? {} : { parent: 0 }));
    return [dimension, { axis: axisOf(categories), codes }] as const;
  });
  return Object.fromEntries(columns) as Persons; // every dimension has its column
}

function countAll(rows: Persons): number {
  return tables.reduce((sum, table) => {
    const axes: readonly CountedAxis[] = table.map((dimension) => rows[dimension]);
    return sum + (countCube(axes, rows.raum.codes.length)[0] ?? 0);
  }, 0);
}

/** The floor: every column that the 20 tables read, looked at once per table and added up. */
function scanAll(rows: Persons): number {
  return tables.flat().reduce((sum, dimension) => sum + total(rows[dimension].codes), 0);
}

function total(codes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < codes.length; at++) sum += codes[at] ?? 0;
  return sum;
}

async function compareWithDuckDb(rows: Persons): Promise<Measurement> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run(`create table person (${dimensions.map((name) => `${name} utinyint`).join(", ")})`);
  const appender = await connection.createAppender("person");
  for (let at = 0; at < rows.raum.codes.length; at++) {
    for (const dimension of dimensions) appender.appendUTinyInt(rows[dimension].codes[at] ?? 0);
    appender.endRow();
  }
  appender.closeSync();
  const queries = tables.map(
    (table) => `select ${table.join(", ")}, count(*) from person group by cube (${table.join(", ")})`,
  );
  const duck = async () => {
    for (const query of queries) await (await connection.runAndReadAll(query)).getRows();
  };
  const measured = await compare(
    "count-vs-duckdb",
    "DuckDB CUBE / ours, 300 k persons: >= 2.5",
    5,
    () => wallSeconds(duck),
    () => wallSeconds(() => countAll(rows)),
  );
  connection.closeSync();
  return measured;
}
