import { createHash } from "node:crypto";
import type { KnownTable } from "../known-table.ts";
import { namedCells } from "../ledger/ledger-cells.ts";
import { type ReadRelease, type ReleaseFiles, readRelease } from "./attack-release.ts";
import { workbookFindings } from "./attack-release-workbook.ts";
import { attackModel } from "./attacker.ts";
import { casesGiveAway } from "./known-cases.ts";
import { type KnownModel, knownModel } from "./known-model.ts";
import type { KnownRules } from "./known-model-cells.ts";
import { universesWithNews } from "./known-news.ts";
import { knownSlicesOf } from "./known-tables.ts";

export type FilesOutcome =
  | { readonly kind: "withstood"; readonly disclosedA: 0; readonly disclosedB: 0 }
  /** Place and rule, no value. */
  | { readonly kind: "failed"; readonly reasons: readonly string[] };

/** Of many disclosed cells the first ones are enough to find the fault. */
const placesNamedAtMost = 20;

/**
 * Whether the finished files of a release keep every hidden count: attacked as they are, together with `earlier` tables of
 * the same universes. Attacker A knows less than B: what B cannot tell, A cannot either.
 *
 * Fails on anything that is not what it must be: files, hashes, figures beside counts, workbook, a proof that is missing.
 */
export async function attackReleasedFiles(
  files: ReleaseFiles & { readonly workbook: Uint8Array },
  earlier: readonly KnownTable[],
  rules: KnownRules,
): Promise<FilesOutcome> {
  try {
    const release = readRelease(files);
    const model = modelOfRelease(release, earlier, rules);
    const reasons = [
      ...release.findings,
      ...(await releasedWorkbookFindings(files.workbook, release)),
      ...(await disclosures(model, rules)),
      ...release.tables
        .filter(({ table }) => casesGiveAway(table, rules.publishFromCount))
        .map(({ table }) => `Table "${table.id}": persons must not follow from cases`),
    ];
    return reasons.length === 0
      ? { kind: "withstood", disclosedA: 0, disclosedB: 0 }
      : { kind: "failed", reasons };
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
    return { kind: "failed", reasons: [error.message] };
  }
}

/**
 * Whether the CSV files show cell by cell what `shown` says; false also where they cannot be read. Labels and the order of
 * rows are nobody's concern here.
 */
export function showsTheSame(files: ReleaseFiles, shown: readonly KnownTable[]): boolean {
  try {
    const { tables } = readRelease(files);
    const read = cellTexts(knownSlicesOf(tables.map(({ table }) => table)).map(({ known }) => known));
    const expected = cellTexts(shown);
    return read.size === expected.size && [...read].every((text) => expected.has(text));
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError) return false;
    throw error;
  }
}

function cellTexts(tables: readonly KnownTable[]): ReadonlySet<string> {
  return new Set(
    tables.flatMap((table) =>
      [...namedCells(table)].map(
        ({ name, cell }) =>
          `${table.name} ${table.universe}|${name} ${cell.kind} ${"value" in cell ? cell.value : ""}`,
      ),
    ),
  );
}

/**
 * Sums name the line of the file that holds the total. A count that no table has, but several together give away, is asked
 * for like a hidden one. @throws {RangeError} as `knownModel` does.
 */
export function modelOfRelease(
  { tables }: ReadRelease,
  earlier: readonly KnownTable[],
  rules: KnownRules,
): KnownModel {
  const slices = knownSlicesOf(tables.map(({ table }) => table));
  const linesOf = new Map(tables.map(({ table, lines }) => [table, lines]));
  const now = slices.map(({ known }) => known);
  const news = universesWithNews(now, earlier);
  const all = [...now, ...earlier.filter(({ universe }) => news.has(universe))];
  return knownModel(all, { ...rules, asksTies: true }, (table, position) => {
    const slice = slices[table];
    const at = slice?.positions[position];
    const line = slice && linesOf.get(slice.table)?.[at ?? -1];
    return `${all[table]?.name ?? ""}:${line ?? position}`;
  });
}

/** Findings of the workbook, its hash among them. @throws {SyntaxError} if it is none. */
export async function releasedWorkbookFindings(
  workbook: Uint8Array,
  { files, workbookHash }: ReadRelease,
): Promise<readonly string[]> {
  const hash = createHash("sha256").update(workbook).digest("hex");
  const isOther = workbookHash !== undefined && workbookHash !== hash;
  return [
    ...(isOther ? ["Cannot publish the workbook: it must have the hash of release.json"] : []),
    ...(await workbookFindings(workbook, files)),
  ];
}

async function disclosures({ model }: KnownModel, rules: KnownRules): Promise<readonly string[]> {
  const outcome = await attackModel(model, "B", rules.publishFromCount);
  if (outcome.kind === "unproven") return [outcome.reason];
  const places = [...new Set(outcome.disclosed.map(({ pinnedBy }) => pinnedBy[0] ?? "the release"))];
  const reasons = places
    .slice(0, placesNamedAtMost)
    .map((place) => `Cannot publish the release: "${place}" must not give a hidden count away`);
  return outcome.disclosed.length === 0
    ? []
    : [
        `Cannot publish the release: ${outcome.disclosed.length} cells are disclosed to attacker B`,
        ...reasons,
      ];
}
