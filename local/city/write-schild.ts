import { join } from "node:path";
import { dayNumber } from "../../shared/registers/calendar.ts";
import { germanDate, germanPartialDate } from "./dates.ts";
import { type Family, fullYears, memberFrom } from "./lives.ts";
import { nameOf } from "./names.ts";
import { Dice } from "./random.ts";
import type { School } from "./schools.ts";
import { city as cityNames } from "./sizes.ts";
import { writtenIn } from "./spelling.ts";
import { TextFile } from "./text-file.ts";
import { type Resident, residentsOn } from "./write-ewo.ts";
import type { City } from "./write-ewo-alw.ts";

/** As the schools' program prints them; readers go by position. */
const headings =
  "Nachname|Vorname|Geburtsdatum|Geschlecht|Status|PLZ|Ort|Straße|Aussiedler|1. Staatsang.|Konfession|StatistikKrz Konfession|Aufnahmedatum|Abmeldedatum Religionsunterricht|Anmeldedatum Religionsunterricht|Schulpflicht erf.|Reform-Pädagogik|Nr. Stammschule|Jahr|Abschnitt|Jahrgang|Klasse|Schulgliederung|OrgForm|Klassenart|Fachklasse|Noch frei|Verpflichtung Sprachförderkurs|Teilnahme Sprachförderkurs|Einschulungsjahr|Übergangsempf. JG5|Jahr Wechsel S1|1. Schulform S1|Jahr Wechsel S2|Förderschwerpunkt|2. Förderschwerpunkt|Schwerstbehinderung|Autist|LS Schulnr.|LS Schulform|Herkunft|LS Entlassdatum|LS Jahrgang|LS Versetzung|LS Reformpädagogik|LS Gliederung|LS Fachklasse|LS Abschluss|Abschluss|Schulnr. neue Schule|Zuzugsjahr|Geburtsland Schüler|Geburtsland Mutter|Geburtsland Vater|Verkehrssprache|Dauer Kindergartenbesuch|Ende Eingliederungsphase|Ende Anschlussförderung".split(
    "|",
  );

export type PupilRow = { readonly school: string; readonly line: number; readonly number: number };

type Year = { readonly first: number; readonly day: number; readonly start: number };
type Place = {
  readonly school: School;
  readonly grade: string;
  readonly newcomer: boolean;
  readonly entered: number;
};
type Shelf = {
  readonly school: School;
  readonly file: TextFile;
  lines: number;
};

/**
 * Writes one file per school with all pupils of the day, in the city's order, and returns their paths below `directory`.
 * `seen` is told of every row of a resident.
 */
export function writeSchild(
  city: City,
  directory: string,
  schools: readonly School[],
  referenceDate: string,
  seen: (row: PupilRow) => void,
): readonly string[] {
  const day = dayNumber(referenceDate);
  const first = Number(referenceDate.slice(0, 4)) - (referenceDate.slice(5) < "08-01" ? 1 : 0);
  const year = { first, day, start: dayNumber(`${first}-09-30`) };
  const paths = schools.map(({ number }) => `schild/${number}/${referenceDate}/SchuelerBasisdaten.dat`);
  const shelves = schools.map((school, at) => ({
    school,
    file: new TextFile(join(directory, paths[at] ?? ""), "windows-1252"),
    lines: 1,
  }));
  for (const { school, file } of shelves) file.write(`${headings.slice(0, school.columns).join("|")}\r\n`);
  const choose = schoolChoice(shelves);
  const hasPupil = (family: Family) =>
    family.members.some(({ born }) => isSchoolAge(fullYears(born, year.start)));
  for (const resident of residentsOn(city, day, hasPupil)) writePupil(city, year, resident, choose, seen);
  for (const shelf of shelves) writeOutsiders(city, year, shelf);
  for (const { file } of shelves) file.close();
  return paths;
}

function isSchoolAge(age: number): boolean {
  return age >= 6 && age <= 19;
}

type Choice = (dice: Dice, type: string, quarter: number) => Shelf | undefined;

function schoolChoice(shelves: readonly Shelf[]): Choice {
  const byType = Map.groupBy(shelves, ({ school }) => school.type);
  const near = Map.groupBy(byType.get("02") ?? [], ({ school }) => school.quarter);
  return (dice, type, quarter) => {
    const list = (type === "02" ? near.get(quarter) : undefined) ?? byType.get(type) ?? [];
    return list.length === 0 ? undefined : dice.pick(list);
  };
}

function writePupil(
  city: City,
  year: Year,
  resident: Resident,
  choose: Choice,
  seen: (row: PupilRow) => void,
): void {
  const age = fullYears(resident.member.born, year.start);
  if (!isSchoolAge(age)) return;
  const dice = new Dice(city.seed, "school", resident.number, 1);
  const arrived = memberFrom(resident.family, resident.member);
  const newcomer =
    resident.family.group !== "german" && resident.member.born < arrived && year.day - arrived < 760;
  const place = schoolType(dice, age, newcomer);
  const shelf = place === "" ? undefined : choose(dice, place, resident.address.quarter);
  if (shelf === undefined) return;
  const entered = enteredOn(year, age, arrived);
  const twice = dice.chance(0.002);
  append(
    city,
    year,
    shelf,
    resident,
    { school: shelf.school, grade: gradeOf(age, place), newcomer, entered },
    seen,
  );
  const other = twice
    ? choose(dice, place, (resident.address.quarter + 1) % city.town.quarters.length)
    : undefined;
  if (other === undefined || other === shelf) return;
  append(
    city,
    year,
    other,
    resident,
    { school: other.school, grade: gradeOf(age, place), newcomer, entered: entered - 365 },
    seen,
  );
}

/** School types by age with their weights; "" stays away from school or goes elsewhere. */
const choices = {
  child: { types: ["02", "08", ""], weights: [96, 3, 1] },
  middle: { types: ["20", "15", "10", "14", "04", "08"], weights: [40, 28, 15, 5, 6, 5] },
  sixteen: { types: ["20", "15", "30", ""], weights: [45, 20, 30, 5] },
  older: { types: ["20", "15", "30", ""], weights: [30, 12, 30, 28] },
  newcomer: { types: ["30", ""], weights: [90, 10] },
} as const;

function schoolType(dice: Dice, age: number, newcomer: boolean): string {
  const { types, weights } = choices[stageOf(age, newcomer)];
  return types[dice.weighted(weights)] ?? "";
}

function stageOf(age: number, newcomer: boolean): keyof typeof choices {
  if (age < 10) return "child";
  if (age < 16) return "middle";
  if (newcomer) return "newcomer";
  return age === 16 ? "sixteen" : "older";
}

const upperGrades = ["EF", "Q1", "Q2"];

function gradeOf(age: number, type: string): string {
  if (type === "30") return String(Math.min(3, Math.max(1, age - 15))).padStart(2, "0");
  const grade = age - 5;
  if (grade > 10 && (type === "20" || type === "15")) return upperGrades[Math.min(2, grade - 11)] ?? "Q2";
  return String(Math.min(10, grade)).padStart(2, "0");
}

function enteredOn(year: Year, age: number, arrived: number): number {
  const years = age < 10 ? age - 6 : age < 16 ? age - 10 : age - 16;
  return Math.max(year.start - 50 - years * 365, arrived + 30);
}

/** Class kind for the newly arrived: other words in other school years. */
function classKind(year: Year, place: Place): string {
  if (place.school.type === "30") return "";
  if (!place.newcomer) return "RK";
  return year.first < 2024 ? "SG" : "DF";
}

function division(dice: Dice, year: Year, { school, newcomer }: Place): string {
  if (school.type === "20") return "GY9";
  if (school.type !== "30") return "***";
  if (newcomer) return year.first < 2025 ? "A12" : dice.chance(0.7) ? "A17" : "A18";
  return dice.pick(["A01", "A12", "B06", "C03", "D02"]);
}

function append(
  city: City,
  year: Year,
  shelf: Shelf,
  resident: Resident,
  place: Place,
  seen: (row: PupilRow) => void,
): void {
  const { family, member, at, address } = resident;
  const dice = new Dice(city.seed, "school", resident.number, 2);
  const name = nameOf(city.seed, family.origin.names, family.id, at, member.sex === "w");
  const written = writtenIn("schild", city.seed, resident.number, family.origin.names, {
    ...name,
    birth: resident.birth,
  });
  // A school's program needs a whole date and both names.
  const birth = wholeDate(written.birth);
  const street =
    address.side === -1 && address.number === ""
      ? ""
      : `${address.streetName} ${address.number}${address.suffix}`;
  const origin = {
    birthState: member.born > family.arrives || family.group === "german" ? "000" : family.origin.key,
    ...family.origin,
  };
  const arrived = family.group === "german" || member.born > family.arrives ? undefined : family.arrives;
  const fields = pupilFields(dice, year, place, {
    surname: written.surname || written.given,
    given: written.given || written.surname,
    birth,
    sex: resident.sex === "" ? "x" : resident.sex,
    postalCode: address.postalCode,
    city: address.place,
    street,
    citizenship: resident.citizenships[0],
    birthState: origin.birthState,
    language: arrived !== undefined || dice.chance(0.4) ? family.origin.language : "de",
    arrived,
  });
  shelf.file.write(`${fields.slice(0, shelf.school.columns).join("|")}\r\n`);
  shelf.lines += 1;
  seen({ school: shelf.school.number, line: shelf.lines, number: resident.number });
}

function wholeDate(birth: number): number {
  const year = Math.floor(birth / 10_000) || 2012;
  const month = Math.floor(birth / 100) % 100 || 1;
  return year * 10_000 + month * 100 + (birth % 100 || 1);
}

type Pupil = {
  readonly surname: string;
  readonly given: string;
  readonly birth: number;
  readonly sex: string;
  readonly postalCode: string;
  readonly city: string;
  readonly street: string;
  readonly citizenship: string;
  readonly birthState: string;
  readonly language: string;
  readonly arrived: number | undefined;
};

function pupilFields(dice: Dice, year: Year, place: Place, pupil: Pupil): readonly string[] {
  const fields = new Array<string>(58).fill("");
  const set = (position: number, value: string) => {
    fields[position - 1] = value;
  };
  const group = `${place.grade}${dice.pick(["a", "b", "c"])}`;
  const status = ["2", "3", "6", "8", "9", "0"][dice.weighted([970, 6, 6, 6, 8, 4])] ?? "2";
  set(1, place.school.marksClass ? `${pupil.surname}#${group}` : pupil.surname);
  set(2, pupil.given);
  set(3, germanPartialDate(pupil.birth));
  set(4, pupil.sex);
  set(5, status);
  set(6, pupil.postalCode);
  set(7, pupil.city);
  set(8, pupil.street.slice(0, 50));
  set(9, "N");
  set(10, dice.chance(0.004) ? "" : pupil.citizenship);
  set(13, germanDate(place.entered));
  set(16, "J");
  if (status === "6") set(18, "190001");
  set(19, String(year.first));
  set(20, "1");
  set(21, place.grade);
  set(22, group);
  set(23, division(dice, year, place));
  set(25, classKind(year, place));
  set(28, place.newcomer ? "J" : "N");
  set(29, place.newcomer ? "J" : "N");
  set(37, "N");
  set(38, "N");
  newcomerFields(set, pupil, place);
  return fields;
}

function newcomerFields(set: (position: number, value: string) => void, pupil: Pupil, place: Place): void {
  set(52, pupil.birthState);
  set(55, pupil.language);
  if (pupil.arrived === undefined) return;
  set(51, germanDate(pupil.arrived).slice(6));
  if (!place.newcomer) return;
  set(57, germanDate(pupil.arrived + 730));
  set(58, germanDate(pupil.arrived + 1_460));
}

/** Pupils who live in the next town. */
function writeOutsiders(city: City, year: Year, shelf: Shelf): void {
  const count = Math.round(shelf.lines * 0.035);
  for (let at = 0; at < count; at += 1) {
    const dice = new Dice(city.seed, "outside", Number(shelf.school.number), at);
    const age =
      shelf.school.type === "02"
        ? dice.between(6, 9)
        : shelf.school.type === "30"
          ? dice.between(16, 18)
          : dice.between(10, 15);
    const name = nameOf(city.seed, "german", 900_000_000 + Number(shelf.school.number), at, at % 2 === 0);
    const born = (year.first - age) * 10_000 - 10_000 + dice.between(10, 12) * 100 + dice.between(1, 28);
    const entered = year.start - 50 - dice.below(3) * 365;
    const place = { school: shelf.school, grade: gradeOf(age, shelf.school.type), newcomer: false, entered };
    const fields = pupilFields(dice, year, place, {
      ...name,
      birth: born,
      sex: at % 2 === 0 ? "w" : "m",
      postalCode: cityNames.neighbour.postalCode,
      city: cityNames.neighbour.name,
      street: `Grenzweg ${dice.between(1, 80)}`,
      citizenship: "000",
      birthState: "000",
      language: "de",
      arrived: undefined,
    });
    shelf.file.write(`${fields.slice(0, shelf.school.columns).join("|")}\r\n`);
    shelf.lines += 1;
  }
}
