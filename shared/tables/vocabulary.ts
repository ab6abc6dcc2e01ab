import { ageGroupCodes, stayCodes } from "../population/age-group.ts";
import type { Area } from "../population/areas.ts";
import type { RefugeeDefinition, StatusClass } from "../population/definition.ts";
import { newlyArrivedCodes } from "../population/pupils.ts";
import { registerCodes } from "../population/register-comparison.ts";
import type { CodeTable } from "../registers/code-table.ts";
import { refuseUnknown } from "../registers/refuse-unknown.ts";
import type { Category, CoarseningStep, DimensionId, Measure, MeasureId, TableDimension } from "./table.ts";

/**
 * Words of the tables: labels and codes of dimensions and measures. Codes of the groups that coarsening forms:
 * aufenthaltsstatus `OFFEN`, `ANERKANNT`, `DU_AUSREISE`; altersgruppe `0-17`, `18-64`, `30-44_u`, `18-64_u` (with
 * unknown age);
 * pks `gruppe-<group>`; neu_zugewandert `n_u`; `sonstige` for what is merged by size.
 */
export const totalCode = "T";
const otherCode = "sonstige";

const dimensionLabels = {
  raum: "Gebiet",
  aufenthaltsstatus: "Aufenthaltsstatus",
  staatsangehoerigkeit: "Staatsangehörigkeit",
  altersgruppe: "Altersgruppe",
  geschlecht: "Geschlecht",
  aufenthaltsdauer: "Aufenthaltsdauer",
  zeitpunkt: "Stichtag",
  monat: "Monat",
  pks: "Personenkreis",
  pks_gruppe: "Personenkreisgruppe",
  registerlage: "Registerlage",
  schulform: "Schulform",
  neu_zugewandert: "Neu zugewandert (Näherung)",
} as const satisfies Record<DimensionId, string>;

const measures = {
  gefluechtete: { label: "Geflüchtete", kind: "count", unit: "Personen" },
  einwohner: { label: "Einwohnerinnen und Einwohner", kind: "count", unit: "Personen" },
  auslaender: { label: "Ausländerinnen und Ausländer", kind: "count", unit: "Personen" },
  je_1000: { label: "je 1.000 Einwohnerinnen und Einwohner", kind: "rate", unit: "je 1.000" },
  faelle: { label: "Fälle", kind: "count", unit: "Fälle" },
  personen: { label: "Personen", kind: "count", unit: "Personen" },
  ausgaben: { label: "Ausgaben", kind: "money", unit: "Euro" },
  schueler: { label: "Schülerinnen und Schüler", kind: "count", unit: "Personen" },
  differenz: { label: "Veränderung zum aktuellen Stichtag", kind: "difference", unit: "Personen" },
} as const satisfies Record<MeasureId, Omit<Measure, "id">>;

/** A measure; the label of refugees comes from the definition. */
export function measureOf(id: MeasureId, definition: RefugeeDefinition): Measure {
  switch (id) {
    case "gefluechtete":
      return { id, ...measures[id], label: definition.label };
    case "je_1000":
      return { id, ...measures[id], label: `${definition.word} ${measures[id].label}` };
    default:
      return { id, ...measures[id] };
  }
}

function dimensionOf(id: DimensionId, categories: readonly Category[]): TableDimension {
  return { id, label: dimensionLabels[id], categories };
}

/** The total and its parts, in this order. */
export function withTotal(id: DimensionId, parts: readonly Omit<Category, "parent">[]): TableDimension {
  const total: Category = { code: totalCode, label: "Insgesamt" };
  return dimensionOf(id, [total, ...parts.map((part) => ({ ...part, parent: 0 }))]);
}

const statusLabels = {
  AKN: "Ankunftsnachweis",
  AG: "Aufenthaltsgestattung",
  FB: "Fiktionsbescheinigung",
  DU: "Duldung",
  AUSREISEPFL: "Ausreisepflicht ohne Duldung",
  AE_HUM: "Aufenthaltserlaubnis",
  NE_HUM: "Niederlassungserlaubnis",
  FAM: "Familiennachzug",
  NONE: "Sonstiger Titel",
} as const satisfies Record<StatusClass, string>;

export function statusDimension(definition: RefugeeDefinition): TableDimension {
  return withTotal(
    "aufenthaltsstatus",
    definition.classes.map((code) => ({ code, label: statusLabels[code] })),
  );
}

const ageLabels = {
  "0-5": "0 bis 5 Jahre",
  "6-17": "6 bis 17 Jahre",
  "18-29": "18 bis 29 Jahre",
  "30-44": "30 bis 44 Jahre",
  "45-64": "45 bis 64 Jahre",
  "65+": "65 Jahre und älter",
} as const satisfies Record<(typeof ageGroupCodes)[number], string>;

/** `u` (unknown) stands last and only where such persons are. */
export function ageDimension(hasUnknown: boolean): TableDimension {
  const groups = ageGroupCodes.map((code) => ({ code, label: ageLabels[code] }));
  return withTotal(
    "altersgruppe",
    hasUnknown ? [...groups, { code: "u", label: "Alter unbekannt" }] : groups,
  );
}

export const sexDimension = withTotal("geschlecht", [
  { code: "m", label: "männlich" },
  { code: "w", label: "weiblich" },
]);

const stayLabels = {
  "0": "unter 1 Jahr",
  "1-2": "1 bis 2 Jahre",
  "3-5": "3 bis 5 Jahre",
  "6-9": "6 bis 9 Jahre",
  "10+": "10 Jahre und länger",
  u: "unbekannt",
} as const satisfies Record<(typeof stayCodes)[number], string>;

export const stayDimension = withTotal(
  "aufenthaltsdauer",
  stayCodes.map((code) => ({ code, label: stayLabels[code] })),
);

/** The chosen keys and `sonstige`. The label is that of the day, else the last one known. */
export function nationalityDimension(
  keys: readonly string[],
  citizenships: CodeTable,
  day: number,
): TableDimension {
  const chosen = keys.map((code) => ({ code, label: labelOn(citizenships, code, day) }));
  return withTotal("staatsangehoerigkeit", [
    ...chosen,
    { code: otherCode, label: "Sonstige Staatsangehörigkeiten" },
  ]);
}

export function labelOn(table: CodeTable, code: string, day: number): string {
  const label = (table.at(code, day) ?? table.find(code).at(-1))?.label ?? "";
  return label === "" ? code : label;
}

const registerLabels = {
  beide: "in beiden Registern",
  nur_alw: "nur im Ausländerregister",
  nur_ewo: "nur im Einwohnerregister",
} as const satisfies Record<(typeof registerCodes)[number], string>;

export const registerDimension = withTotal(
  "registerlage",
  registerCodes.map((code) => ({ code, label: registerLabels[code] })),
);

const newlyArrivedLabels = {
  j: "ja",
  n: "nein",
  u: "ohne Angabe der Staatsangehörigkeit",
} as const satisfies Record<(typeof newlyArrivedCodes)[number], string>;

export const newlyArrivedDimension = withTotal(
  "neu_zugewandert",
  newlyArrivedCodes.map((code) => ({ code, label: newlyArrivedLabels[code] })),
);

export function areaDimension(areas: readonly Area[]): TableDimension {
  return dimensionOf("raum", areas);
}

/** Days "JJJJ-MM-TT"; no total, because weeks do not add up. */
export function timeDimension(dates: readonly string[]): TableDimension {
  return dimensionOf(
    "zeitpunkt",
    dates.map((code) => ({ code, label: germanDay(code) })),
  );
}

function germanDay(day: string): string {
  return day.split("-").reverse().join(".");
}

const monthNames = [
  "Januar",
  "Februar",
  "März",
  "April",
  "Mai",
  "Juni",
  "Juli",
  "August",
  "September",
  "Oktober",
  "November",
  "Dezember",
] as const;

/** Months "JJJJ-MM"; no total. */
export function monthDimension(months: readonly string[]): TableDimension {
  return dimensionOf(
    "monat",
    months.map((code) => ({
      code,
      label: `${monthNames[Number(code.slice(5)) - 1] ?? ""} ${code.slice(0, 4)}`,
    })),
  );
}

/** `gruppe` of `personenkreis.csv`, else the first digit of the key. */
export function benefitGroupOf(pks: string, table: CodeTable): string {
  const group = table.find(pks).at(-1)?.fields["gruppe"] ?? "";
  return group === "" ? pks.slice(0, 1) : group;
}

/** The groups of some PKS, with the keys they hold. */
export function benefitGroups(
  keys: readonly string[],
  table: CodeTable,
): readonly { readonly code: string; readonly label: string; readonly members: readonly string[] }[] {
  const members = Map.groupBy([...keys].sort(), (pks) => benefitGroupOf(pks, table));
  return [...members]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, pks]) => ({ code, label: `Gruppe ${code} (${pks.join(", ")})`, members: pks }));
}

/** Ways to make a dimension coarser, in order; groups name codes of the counted dimension, whatever was merged before. */
export function coarseningOf(
  dimension: TableDimension,
  definition: RefugeeDefinition,
): readonly CoarseningStep[] {
  switch (dimension.id) {
    case "raum":
      return levelSteps(dimension);
    case "aufenthaltsstatus":
      return [{ kind: "merge", groups: statusGroups(definition) }, { kind: "drop" }];
    case "staatsangehoerigkeit":
      return [
        { kind: "merge-smallest", into: { code: otherCode, label: "Sonstige Staatsangehörigkeiten" } },
        { kind: "drop" },
      ];
    case "altersgruppe":
      return ageSteps(dimension);
    case "aufenthaltsdauer":
      return [{ kind: "merge", groups: stayGroups }, { kind: "drop" }];
    case "pks_gruppe":
    case "schulform":
      return [
        { kind: "merge-smallest", into: { code: otherCode, label: otherLabels[dimension.id] } },
        { kind: "drop" },
      ];
    case "neu_zugewandert":
      return [{ kind: "merge", groups: newlyArrivedGroups }, { kind: "drop" }];
    case "geschlecht":
    case "registerlage":
      return [{ kind: "drop" }];
    case "pks":
    case "zeitpunkt":
    case "monat":
      return [];
    default:
      return refuseUnknown(dimension.id, "dimension");
  }
}

const otherLabels = { pks_gruppe: "Sonstige Personenkreise", schulform: "Sonstige Schulformen" } as const;

/** Steps for the PKS of one month: their groups, the smallest into one, none. */
export function benefitSteps(keys: readonly string[], table: CodeTable): readonly CoarseningStep[] {
  const groups = benefitGroups(keys, table).map(({ code, ...group }) => ({
    code: `gruppe-${code}`,
    ...group,
  }));
  return [
    { kind: "merge", groups },
    { kind: "merge-smallest", into: { code: otherCode, label: otherLabels.pks_gruppe } },
    { kind: "drop" },
  ];
}

/** Levels are left out from the finest upward. */
function levelSteps(dimension: TableDimension): readonly CoarseningStep[] {
  const levels = new Set(dimension.categories.map(({ level }) => level));
  const order = ["baublock", "statbezirk", "stadtteil", "stadtbezirk"];
  return order.filter((level) => levels.has(level)).map((level) => ({ kind: "drop-level", level }));
}

type Group = { readonly code: string; readonly label: string; readonly members: readonly string[] };

function statusGroups(definition: RefugeeDefinition): readonly Group[] {
  const open = { code: "OFFEN", label: "offen" };
  const recognised = { code: "ANERKANNT", label: "anerkannt", members: ["AE_HUM", "NE_HUM"] };
  if (definition.id === "kommunal") return [{ ...open, members: ["AKN", "AG"] }, recognised];
  const leaving = {
    code: "DU_AUSREISE",
    label: "Duldung oder Ausreisepflicht",
    members: ["DU", "AUSREISEPFL"],
  };
  return [{ ...open, members: ["AKN", "AG", "FB"] }, leaving, recognised];
}

/** People of unknown age join the largest group first: two of them must not cost everybody's detail. */
function ageSteps(dimension: TableDimension): readonly CoarseningStep[] {
  const minors: Group = { code: "0-17", label: "0 bis 17 Jahre", members: ["0-5", "6-17"] };
  const adults: Group = { code: "18-64", label: "18 bis 64 Jahre", members: ["18-29", "30-44", "45-64"] };
  const hasUnknown = dimension.categories.some(({ code }) => code === "u");
  if (!hasUnknown) return [{ kind: "merge", groups: [minors, adults] }, { kind: "drop" }];
  return [
    { kind: "merge", groups: [withUnknown({ code: "30-44", label: "30 bis 44 Jahre", members: ["30-44"] })] },
    { kind: "merge", groups: [minors, withUnknown(adults)] },
    { kind: "drop" },
  ];
}

function withUnknown({ code, label, members }: Group): Group {
  return { code: `${code}_u`, label: `${label} oder unbekannt`, members: [...members, "u"] };
}

const stayGroups: readonly Group[] = [
  { code: "0-2", label: "unter 3 Jahre", members: ["0", "1-2"] },
  { code: "3-9", label: "3 bis 9 Jahre", members: ["3-5", "6-9"] },
  { code: "10+_u", label: "10 Jahre und länger oder unbekannt", members: ["10+", "u"] },
];

const newlyArrivedGroups: readonly Group[] = [
  { code: "n_u", label: "nein oder ohne Angabe", members: ["n", "u"] },
];
