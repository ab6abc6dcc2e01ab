import type { CodeEntry } from "../registers/code-table.ts";

/** Classes of residence status, highest first: of several valid titles the class that stands first decides. */
export const statusClasses = [
  "NE_HUM",
  "AE_HUM",
  "FB",
  "AG",
  "AKN",
  "DU",
  "AUSREISEPFL",
  "FAM",
  "NONE",
] as const;
export type StatusClass = (typeof statusClasses)[number];

/**
 * Who is a refugee: a rule over `residence-titles.csv`, versioned, never changed in place.
 * Every table and file prints id and version; a series never mixes two of them without a visible break.
 */
export type RefugeeDefinition = {
  readonly id: "kommunal" | "destatis";
  readonly version: number;
  /** Label of the measure `gefluechtete`. */
  readonly label: string;
  /** The word for the population in titles. */
  readonly word: string;
  readonly validFrom: string;
  readonly validTo?: string;
  /** Column of the code table that decides: "1" counts, "c" counts with one of `asylumStates`, else not. */
  readonly column: "kommunal" | "destatis";
  readonly asylumStates: readonly string[];
  /** Classes that can occur, in the order of the tables' columns. */
  readonly classes: readonly StatusClass[];
};

/**
 * `kommunal`: Ankunftsnachweis, Aufenthaltsgestattung, every Duldung, humanitarian Aufenthaltserlaubnis and
 * Niederlassungserlaubnis (AufenthG chapter 2 section 5). `destatis`: Schutzsuchende as in statistic 12531, a Duldung or
 * an obligation to leave only after a negative decision or a lost humanitarian title (Asylstand N or L), people waiting
 * for § 24 with a Fiktionsbescheinigung included.
 */
const definitions = {
  kommunal: {
    id: "kommunal",
    version: 1,
    label: "Geflüchtete (kommunale Definition)",
    word: "Geflüchtete",
    validFrom: "2010-01-01",
    column: "kommunal",
    asylumStates: [],
    classes: ["AKN", "AG", "DU", "AE_HUM", "NE_HUM"],
  },
  destatis: {
    id: "destatis",
    version: 1,
    label: "Schutzsuchende",
    word: "Schutzsuchende",
    validFrom: "2010-01-01",
    column: "destatis",
    asylumStates: ["N", "L"],
    classes: ["AKN", "AG", "FB", "DU", "AUSREISEPFL", "AE_HUM", "NE_HUM"],
  },
} as const satisfies Record<RefugeeDefinition["id"], RefugeeDefinition>;

export function refugeeDefinition(id: RefugeeDefinition["id"]): RefugeeDefinition {
  return definitions[id];
}

/** True if a title counts under the definition, given the Asylstand that stands beside it. */
export function isCounted(definition: RefugeeDefinition, title: CodeEntry, asylumState: string): boolean {
  const rule = title.fields[definition.column];
  return rule === "1" || (rule === "c" && definition.asylumStates.includes(asylumState));
}

/** @throws {RangeError} if the code table names a class that is not declared. */
export function statusClassOf(title: CodeEntry): StatusClass {
  const found = statusClasses.find((name) => name === title.fields["status_class"]);
  if (found === undefined) {
    throw new RangeError(`Cannot classify title "${title.code}": status_class must be a declared one`);
  }
  return found;
}
