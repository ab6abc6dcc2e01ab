import { type MeasureId, stateOf } from "../../tables/table.ts";
import { stridesOf } from "../grid.ts";
import type { AttackedTable } from "./known-tables.ts";

/**
 * Rates and differences of a released table that say more than the counts beside them: shown where one of these counts is
 * not, or another number than they give. Place and rule, no value.
 */
export function figureFindings(table: AttackedTable): readonly string[] {
  return table.measures.flatMap(({ id, kind }) => {
    if (kind === "count" || kind === "money") return [];
    const expected = id === "je_1000" ? ratesIn(table) : id === "differenz" ? differencesIn(table) : [];
    const wrong = shownOf(table, id).findIndex(
      (value, cell) => value !== undefined && !isNear(value, expected[cell]),
    );
    return wrong < 0
      ? []
      : [
          `Cannot publish "${table.id}": "${id}" of combination ${wrong} must follow from the counts shown beside it`,
        ];
  });
}

type Shown = readonly (number | undefined)[];

function isNear(value: number, expected: number | undefined): boolean {
  return expected !== undefined && Math.abs(value - expected) < 1e-6;
}

/** The numbers of a measure, one per combination of categories; none where the table lacks the measure. */
function shownOf({ measures, values, states }: AttackedTable, id: MeasureId): Shown {
  const offset = measures.findIndex((measure) => measure.id === id);
  const size = offset < 0 ? 0 : values.length / measures.length;
  const shown: readonly number[] = [stateOf.value, stateOf.rounded, stateOf.held];
  return Array.from({ length: size }, (_, cell) => {
    const at = cell * measures.length + offset;
    return shown.includes(states[at] ?? -1) ? values[at] : undefined;
  });
}

/** Refugees per 1,000 residents, as files show them: one decimal. */
function ratesIn(table: AttackedTable): Shown {
  const residents = shownOf(table, "einwohner");
  return shownOf(table, "gefluechtete").map((persons, cell) => {
    const of = residents[cell];
    return persons === undefined || of === undefined ? undefined : Math.round((persons * 10_000) / of) / 10;
  });
}

/** The newest day less the day of the cell. */
function differencesIn(table: AttackedTable): Shown {
  const counts = shownOf(table, "gefluechtete");
  const time = table.dimensions.findIndex(({ id }) => id === "zeitpunkt");
  const days = table.dimensions[time]?.categories.map(({ code }) => code) ?? [];
  const newest = days.indexOf(days.toSorted().at(-1) ?? "");
  const stride = (stridesOf(table)[time] ?? 1) / table.measures.length;
  return counts.map((count, cell) => {
    const day = Math.floor(cell / stride) % days.length;
    const now = counts[cell + (newest - day) * stride];
    return count === undefined || now === undefined ? undefined : now - count;
  });
}
