import { createHash } from "node:crypto";
import type { TableResult } from "../tables/table.ts";

/** What a release was made from, as far as it decides its content. */
export type ReleaseInputs = {
  readonly week: string;
  readonly deliveries: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  readonly results: readonly TableResult[];
};

/**
 * Id of a release: its week and the first 12 hex digits of a hash over everything it says and rests on. The same inputs
 * give the same id on any day, so a repeated build meets the first one; a correction gives another id.
 */
export function releaseId(inputs: ReleaseInputs): string {
  const hash = createHash("sha256").update(
    JSON.stringify([inputs.week, inputs.deliveries, sorted(inputs.versions)]),
  );
  for (const result of inputs.results) addResult(hash, result);
  return `${inputs.week}-${hash.digest("hex").slice(0, 12)}`;
}

function addResult(hash: ReturnType<typeof createHash>, result: TableResult): void {
  if (result.kind === "missing") {
    hash.update(JSON.stringify(result.table));
    return;
  }
  const { values, states, concentration, ...facts } = result.table;
  hash.update(JSON.stringify(facts)).update(bytesOf(values)).update(states);
  for (const part of Object.values(concentration ?? {})) hash.update(bytesOf(part));
}

function bytesOf(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function sorted(versions: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(versions).sort(([a], [b]) => (a < b ? -1 : 1));
}
