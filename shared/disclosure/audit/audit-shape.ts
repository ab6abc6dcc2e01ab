import {
  type Category,
  type CountedTable,
  dimensionIds,
  type Measure,
  measureIds,
  stateOf,
} from "../../tables/table.ts";

const kinds: readonly Measure["kind"][] = ["count", "money", "rate", "difference"];

/** True when the table is what the auditor and the writers can rely on; anything unknown is not well formed. */
export function isWellFormed(table: CountedTable): boolean {
  const { dimensions, measures, values, states } = table;
  const size = dimensions.reduce((product, { categories }) => product * categories.length, measures.length);
  const ids = dimensions.map((dimension) => dimension.id);
  return (
    size > 0 &&
    values.length === size &&
    states.length === size &&
    hasConcentrationOf(table, size) &&
    ids.every((id) => dimensionIds.includes(id)) &&
    new Set(ids).size === ids.length &&
    measures.every(({ id, kind }) => measureIds.includes(id) && kinds.includes(kind)) &&
    new Set(measures.map(({ id }) => id)).size === measures.length &&
    dimensions.every(({ categories }) => isForest(categories) && hasOwnCodes(categories)) &&
    hasKnownCells(table)
  );
}

function hasConcentrationOf({ concentration }: CountedTable, size: number): boolean {
  if (concentration === undefined) {
    return true;
  }
  const { recipients, largest, absolute } = concentration;
  const isAmount = (value: number) => value >= 0 && Number.isFinite(value);
  return (
    [recipients, largest, absolute].every((values) => values.length === size) &&
    [recipients, absolute].every((values) => values.every(isAmount)) &&
    largest.every((value) => Number.isNaN(value) || isAmount(value))
  );
}

/** A tree below one total, or a plain list. */
function isForest(categories: readonly Category[]): boolean {
  const roots = categories.filter((category) => category.parent === undefined);
  if (roots.length === categories.length) {
    return true;
  }
  return roots.length === 1 && categories.every((_, index) => reachesTotal(categories, index));
}

function reachesTotal(categories: readonly Category[], start: number): boolean {
  let at: number | undefined = start;
  for (let steps = 0; steps <= categories.length; steps += 1) {
    const category: Category | undefined = categories[at];
    if (category === undefined) {
      return false;
    }
    at = category.parent;
    if (at === undefined) {
      return true;
    }
  }
  return false;
}

function hasOwnCodes(categories: readonly Category[]): boolean {
  const codes = categories.map(({ level, code }) => `${level ?? ""}:${code}`);
  return new Set(codes).size === codes.length && categories.every(({ code }) => code !== "");
}

/** A cell has a value, or none for a reason and then none behind it; only counts are rounded or held. */
function hasKnownCells({ measures, values, states }: CountedTable): boolean {
  return values.every((value, cell) => {
    const kind = measures[cell % measures.length]?.kind;
    const isCount = kind === "count";
    const isCounted = !isCount || (Number.isInteger(value) && value >= 0);
    switch (states[cell]) {
      case stateOf.value:
        return Number.isFinite(value) && isCounted;
      case stateOf.rounded:
      case stateOf.held:
        return isCount && isCounted;
      case stateOf.confidential:
      case stateOf.unavailable:
      case stateOf.impossible:
        return value === 0;
      default:
        return false;
    }
  });
}
