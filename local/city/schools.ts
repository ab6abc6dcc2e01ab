import { Dice } from "./random.ts";
import type { City } from "./write-ewo-alw.ts";

export type School = {
  readonly number: string;
  /** Key of `school-types.csv`. */
  readonly type: string;
  readonly name: string;
  readonly quarter: number;
  readonly street: string;
  readonly house: string;
  /** Columns of the school's program: 50, 54, 56 or 58. */
  readonly columns: number;
  /** The exporter puts #Klasse behind every surname. */
  readonly marksClass: boolean;
};

/** Share of pupils by school type over all years, used for the number of schools. */
const typeShares = {
  "02": 0.31,
  "20": 0.24,
  "15": 0.16,
  "10": 0.08,
  "30": 0.12,
  "08": 0.04,
  "14": 0.03,
  "04": 0.02,
};
const typeNames: Readonly<Record<string, string>> = {
  "02": "Grundschule",
  "20": "Gymnasium",
  "15": "Gesamtschule",
  "10": "Realschule",
  "30": "Berufskolleg",
  "08": "Förderschule",
  "14": "Sekundarschule",
  "04": "Hauptschule",
};

/** All schools of the city; primary schools spread over the Stadtteile. */
export function schoolsOf({ seed, plan, town }: City): readonly School[] {
  const dice = new Dice(seed, "school", 0);
  const total = (plan.residents * 0.145) / plan.pupilsPerSchool;
  const schools: School[] = [];
  for (const [type, share] of Object.entries(typeShares).sort(([a], [b]) => (a < b ? -1 : 1))) {
    // Primary schools are small, vocational colleges large.
    const size = type === "02" ? 0.55 : type === "30" ? 3 : type === "20" || type === "15" ? 1.9 : 0.9;
    const count = Math.max(type === "02" ? town.quarters.length : 1, Math.round((total * share) / size));
    for (let at = 0; at < count; at += 1) schools.push(school(dice, town, type, at, schools.length));
  }
  return schools;
}

function school(dice: Dice, town: City["town"], type: string, at: number, running: number): School {
  const side = town.sides[dice.below(town.sides.length)];
  const street = town.streets[side?.street ?? 0];
  const quarter = at % town.quarters.length;
  const place = type === "02" ? (town.quarters[quarter]?.name ?? "") : (street?.name ?? "");
  return {
    number: String(190_001 + running * 13),
    type,
    name: `${typeNames[type]} ${place}`,
    quarter,
    street: street?.key ?? "",
    house: String(side?.from ?? 1),
    columns: [58, 58, 58, 56, 54, 50][dice.weighted([4, 4, 3, 1.5, 1, 0.8])] ?? 58,
    marksClass: dice.chance(0.08),
  };
}

/** `schulen.csv` of the office. */
export function schoolTable(schools: readonly School[]): string {
  const rows = schools.map(
    ({ number, type, name, street, house }) => `${number};${type};${name};${street};${house};01.08.2005;`,
  );
  return `${["Schulnummer;Schulform;Name;Strassenschluessel;Hausnummer;GueltigVon;GueltigBis", ...rows].join("\r\n")}\r\n`;
}
