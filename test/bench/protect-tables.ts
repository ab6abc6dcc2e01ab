import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  type HierarchyFile,
  readHierarchy,
  readPlainTable,
  type TableFile,
} from "../../shared/disclosure/files/table-file.ts";

export const totalCode = "Total";
export type Code = string;

const tableNames = ["T1", "T2", "T3", "T4a", "T4b", "T5"] as const;
export type TableName = (typeof tableNames)[number];

/** Tables of one city, and the hierarchy of its areas. */
export type Protectable = {
  readonly tables: Readonly<Record<TableName, TableFile>>;
  readonly geo: HierarchyFile;
};

/** By dimension, the codes that count a person, coarse to fine, the total left out. */
export type Person = Readonly<Record<"geo" | "nat" | "age" | "sex" | "status", readonly Code[]>>;

/** Every combination of `codes` with the number of persons that it counts, zeros included. */
export function tableOf(
  name: string,
  persons: readonly Person[],
  codes: Partial<Readonly<Record<keyof Person, readonly Code[]>>>,
): TableFile {
  const lists = Object.values(codes);
  const dimensions = Object.keys(codes) as (keyof Person)[]; // Object.keys knows no narrower type
  const places = lists.map((list) => new Map(list.map((code, place) => [code, place])));
  const counts = new Float64Array(lists.reduce((product, { length }) => product * length, 1));
  for (const person of persons) {
    let positions: readonly number[] = [0];
    for (const [at, dimension] of dimensions.entries()) {
      const own = [totalCode, ...person[dimension]].map((code) => places[at]?.get(code) ?? Number.NaN);
      const size = lists[at]?.length ?? 1;
      positions = positions.flatMap((position) => own.map((place) => position * size + place));
    }
    for (const position of positions) counts[position] = (counts[position] ?? 0) + 1;
  }
  const rows = Array.from(counts, (value, position) => ({
    line: position + 2,
    codes: codesAt(lists, position),
    cell: { status: "" as const, value },
  }));
  return { name, dimensions, rows };
}

function codesAt(lists: readonly (readonly Code[])[], position: number): readonly Code[] {
  const codes: Code[] = [];
  let rest = position;
  for (const list of lists.toReversed()) {
    codes.unshift(list[rest % list.length] ?? "");
    rest = Math.floor(rest / list.length);
  }
  return codes;
}

/** The packed tables and the hierarchy of a folder: `T1.csv.gz` to `T5.csv.gz`, `hierarchy.csv.gz`. */
export async function tablesIn(folder: string): Promise<Protectable> {
  const bytesOf = async (name: string) =>
    new Uint8Array(gunzipSync(await readFile(join(folder, `${name}.csv.gz`))));
  const files = tableNames.map(async (name) => [name, readPlainTable(name, await bytesOf(name))] as const);
  return {
    tables: Object.fromEntries(await Promise.all(files)) as Protectable["tables"], // every name has its table
    geo: readHierarchy("geo", "hierarchy", await bytesOf("hierarchy")),
  };
}
