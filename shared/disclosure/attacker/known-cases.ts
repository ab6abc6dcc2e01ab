import { stateOf } from "../../tables/table.ts";
import type { AttackedTable } from "./known-tables.ts";

type Row = { readonly total: number; readonly parts: readonly number[] };

/**
 * True when persons and cases beside each other give a hidden count of persons away: a case has at least one person, so the
 * hidden groups of a row have at least as many persons as cases, and a group without a case of its own has at most what the
 * others leave over.
 *
 * Only rows flat below one total are looked at, as the months of benefits are.
 */
export function casesGiveAway(table: AttackedTable, publishFromCount: number): boolean {
  const cases = table.measures.findIndex(({ id }) => id === "faelle");
  const persons = table.measures.findIndex(({ id }) => id === "personen");
  return (
    cases >= 0 &&
    persons >= 0 &&
    rowsOf(table).some((row) => {
      const left = leftOver(table, row, { cases, persons });
      return left !== undefined && left < publishFromCount;
    })
  );
}

/** The most that a hidden group without cases can have; undefined where there is none, or where nobody can tell. */
function leftOver(
  { values, states }: AttackedTable,
  { total, parts }: Row,
  { cases, persons }: Readonly<Record<"cases" | "persons", number>>,
): number | undefined {
  const isShown = (cell: number) => states[cell] === stateOf.value;
  const isHidden = (cell: number) => states[cell] === stateOf.confidential;
  const withoutCases = parts.filter(
    (part) => isHidden(part + persons) && isShown(part + cases) && values[part + cases] === 0,
  );
  if (withoutCases.length === 0 || !isShown(total + persons) || !isShown(total + cases)) {
    return undefined;
  }
  const hiddenOf = (measure: number) =>
    parts.reduce(
      (rest, part) => rest - (isShown(part + measure) ? (values[part + measure] ?? 0) : 0),
      values[total + measure] ?? 0,
    );
  return hiddenOf(persons) - hiddenOf(cases) - (withoutCases.length - 1);
}

function rowsOf({ dimensions, measures, values }: AttackedTable): readonly Row[] {
  const trees = dimensions.flatMap(({ categories }, at) =>
    categories.some(({ parent }) => parent !== undefined) ? [at] : [],
  );
  const [position = -1] = trees;
  const categories = dimensions[position]?.categories ?? [];
  const root = categories.findIndex(({ parent }) => parent === undefined);
  if (trees.length !== 1 || categories.some(({ parent }, at) => at !== root && parent !== root)) {
    return [];
  }
  const stride = dimensions
    .slice(position + 1)
    .reduce((size, dimension) => size * dimension.categories.length, measures.length);
  const starts = [...values.keys()].filter(
    (at) => at % measures.length === 0 && Math.floor(at / stride) % categories.length === 0,
  );
  return starts.map((start) => ({
    total: start + root * stride,
    parts: categories.flatMap((_, at) => (at === root ? [] : [start + at * stride])),
  }));
}
