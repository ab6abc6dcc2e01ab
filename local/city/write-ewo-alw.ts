import { dayNumber, isoWeek } from "../../shared/registers/calendar.ts";
import { germanDate, germanEnd, germanPartialDate } from "./dates.ts";
import { type Address, blockSideKey } from "./dwelling.ts";
import {
  type Foreigner,
  foreignersOf,
  isGerman,
  keptAfterLeaving,
  reportedMove,
  type Standing,
  standingOn,
} from "./foreigners.ts";
import { dwellings, refugeeFamilies, refugeeFamily, tenants } from "./households.ts";
import { type Family, fullYears, memberFrom } from "./lives.ts";
import { nameOf } from "./names.ts";
import { Dice } from "./random.ts";
import type { SizePlan } from "./sizes.ts";
import { writtenIn } from "./spelling.ts";
import type { Town } from "./streets.ts";
import { TextFile } from "./text-file.ts";
import { officeTitle } from "./title-keys.ts";
import type { Title } from "./titles.ts";

/** The invented city as every writer needs it. */
export type City = { readonly seed: number; readonly plan: SizePlan; readonly town: Town };

const headings =
  "Stichtag;PersNr;AZR-Nummer;Familienname;Vornamen;Geburtsdatum;Geschlecht;1. Staatsang.;2. Staatsang.;Geburtsstaat;Familienstand;Titelschlüssel;Aufenthaltstitel;Gültig von;Gültig bis;Letzte Änderung;Asylstand;Ersteinreise;Zuzug am;Meldestatus;StrSchl;Straße;Hausnummer;Zusatz;PLZ;Ort;Blockseite;Unterkunft;Auskunftssperre;Aktenzeichen";

/** Titles that ended earlier are left out of the export, unless the person has no other. */
const keptAfterExpiry = 400;
/** Distance between the number of a person and that of the alias record. */
const aliasDistance = 5_000_000_000;

/** Everyone whom the foreigners register may know on a day, in the order of the file. */
export function* foreignersAround({ seed, plan, town }: City, day: number): Generator<Foreigner> {
  for (const family of familiesAround(seed, plan, day)) yield* foreignersOf(seed, town, family);
}

function* familiesAround(seed: number, plan: SizePlan, day: number): Generator<Family> {
  for (let running = 0; running < refugeeFamilies(plan); running += 1) yield refugeeFamily(seed, running);
  for (const group of ["union", "third"] as const) {
    for (let dwelling = 0; dwelling < dwellings(group, plan); dwelling += 1) {
      yield* tenants(seed, group, dwelling, day, keptAfterLeaving + 80);
    }
  }
}

/** Writes the weekly full export; `seen` is told of every person in it. */
export function writeEwoAlw(
  city: City,
  path: string,
  referenceDate: string,
  seen: (person: Foreigner, standing: Standing) => void,
): void {
  const day = dayNumber(referenceDate);
  const file = new TextFile(path, "windows-1252");
  const week = Number(isoWeek(referenceDate).slice(-2));
  if (week % 3 === 2) {
    file.write(`Ausländerbehörde Musterstadt - Auszug für die Statistikstelle\r\n`);
    file.write(`Stand ${germanDate(day)};;;;nur für den Dienstgebrauch\r\n`);
  }
  file.write(`${headings}\r\n`);
  for (const person of foreignersAround(city, day)) {
    const standing = standingOn(person, day);
    if (standing === undefined) continue;
    seen(person, standing);
    for (const line of linesOf(city, person, standing, day)) file.write(`${line}\r\n`);
  }
  file.close();
}

function linesOf(city: City, person: Foreigner, standing: Standing, day: number): readonly string[] {
  const dice = new Dice(city.seed, "row", person.number);
  const titles = exportedTitles(dice, person.titles, day);
  const plain = fieldsOf(city, dice, person, standing, day);
  const lines = titles.map((title) => rowText(plain, person, title));
  const last = titles.at(-1);
  if (last === undefined) return lines;
  if (dice.chance(0.0005)) lines.push(lines[0] ?? "");
  if (hasAlias(dice, person)) lines.push(rowText(aliasOf(city, person, plain), person, last));
  if (person.family.group !== "refugee" && dice.chance(0.0009))
    lines.push(brokenRow(dice, plain, person, last));
  return lines;
}

/** Issued titles that are valid or ended lately, else the last one; rarely one that starts after the reference date. */
function exportedTitles(dice: Dice, titles: readonly Title[], day: number): readonly Title[] {
  const ahead = dice.chance(0.004) ? 14 : 0;
  const issued = titles.filter((title) => title.from <= day + ahead);
  const recent = issued.filter((title) => title.to >= day - keptAfterExpiry);
  if (recent.some((title) => title.from <= day)) return recent;
  return issued.filter((title) => title.from <= day).slice(-1);
}

function hasAlias(dice: Dice, person: Foreigner): boolean {
  return dice.chance(0.007) && person.family.group === "refugee" && person.member.role !== 3;
}

type Plain = { readonly before: readonly string[]; readonly after: readonly string[]; readonly end: number };

/** The fields before and behind those of the title; the same in all rows of a person. */
function fieldsOf(city: City, dice: Dice, person: Foreigner, standing: Standing, day: number): Plain {
  const { family, member, at } = person;
  const name = nameOf(city.seed, family.origin.names, family.id, at, member.sex === "w");
  const newborn = day - member.born < 60;
  const german = isGerman(person, day);
  const lostZero = dice.chance(0.1) ? "0" : "000";
  const before = [
    germanDate(day),
    dice.chance(0.3) ? String(person.number).padStart(12, "0") : String(person.number),
    member.role === 3 && dice.chance(0.3) ? "" : centralNumber(person.number),
    name.surname,
    newborn ? "" : name.given,
    germanPartialDate(person.birth),
    person.sex,
    german && dice.chance(0.3) ? "000" : family.origin.key,
    german ? lostZero : dice.chance(0.006) ? "163" : "",
    member.born > family.arrives ? "000" : family.origin.key,
    maritalStatus(dice, person, day),
  ];
  const move = reportedMove(person, day);
  const after = [
    germanDate(Math.max(family.arrives, member.born) - (dice.chance(0.2) ? dice.below(900) : 0)),
    germanDate(memberFrom(family, member)),
    standing.status,
    ...addressFields(city.town, dice, move.address),
    dice.chance(0.004) ? "J" : "N",
    `33.1-${person.number % 9_973}/${family.id % 89}`,
  ];
  return { before, after, end: person.number };
}

function centralNumber(number: number): string {
  return `26${[...String(number).padStart(10, "0")].reverse().join("")}`;
}

export function maritalStatus(
  dice: Dice,
  { family, member }: Pick<Foreigner, "family" | "member">,
  day: number,
): string {
  const child = fullYears(member.born, day) < 18 || member.role === 3;
  const weights = family.members[1]?.role === 2 ? couple : alone;
  const drawn = maritalKeys[dice.weighted(weights)] ?? "NB";
  return child ? "LD" : drawn;
}

const maritalKeys = ["LD", "VH", "GS", "VW", "LP", "NB"];
const couple = [14, 83, 0, 0, 3, 0];
const alone = [70, 8, 12, 8, 0, 2];

function addressFields(town: Town, dice: Dice, address: Address): readonly string[] {
  const spelled = dice.chance(0.2) ? address.streetName.replace(/straße$/, "str.") : address.streetName;
  const key = dice.chance(0.95) ? address.street : "";
  const joined = dice.next();
  const house =
    joined < 0.15 ? [address.number + address.suffix, ""]
    : joined < 0.25 ? [`${address.number} ${address.suffix.toUpperCase()}`.trim(), ""]
    : [address.number, address.suffix]; // biome-ignore format: three ways to write it
  const side = dice.chance(0.96) ? blockSideKey(town, address) : "";
  return [
    key,
    spelled,
    ...house,
    address.postalCode,
    address.place,
    side,
    dice.chance(0.03) ? "U" : address.housing,
  ];
}

function rowText({ before, after, end }: Plain, person: Foreigner, title: Title): string {
  const { key, text } = officeTitle(title, person.family.group, person.number);
  const quoted = text.includes(";") ? `"${text}"` : text;
  const until = germanEnd(title.to, end);
  const event = end % 5 === 0 ? "" : germanDate(title.from);
  return `${before.join(";")};${key};${quoted};${germanDate(title.from)};${until};${event};${title.asylum === "U" ? "" : title.asylum};${after.join(";")}`;
}

/** The same person under another spelling and number, as the authority keeps alias identities. */
function aliasOf(city: City, person: Foreigner, plain: Plain): Plain {
  const { family, at, member } = person;
  const name = nameOf(city.seed, family.origin.names, family.id, at, member.sex === "w");
  const other = writtenIn("alias", city.seed, person.number, family.origin.names, {
    ...name,
    birth: person.birth,
  });
  const [date = "", , , , , ...rest] = plain.before;
  const number = String(person.number + aliasDistance);
  return {
    ...plain,
    before: [date, number, centralNumber(person.number), other.surname, other.given, ...rest],
  };
}

/** A row that the door has to refuse, or to put on the work list. The person keeps a good one. */
function brokenRow(dice: Dice, plain: Plain, person: Foreigner, title: Title): string {
  const good = rowText(plain, person, title);
  const fields = good.split(";");
  const kind = dice.below(4);
  if (kind === 0) return `${good};Nachtrag`;
  const [at, text] = (
    [
      [5, "12.03.85"],
      [13, "31.02.2024"],
      [11, "99-ALT"],
    ] as const
  )[kind - 1] ?? [11, ""];
  // The text of some titles holds a separator; there the fields behind it are one further.
  const shift = at > 12 && good.includes('"') ? 1 : 0;
  return fields.with(at + shift, text).join(";");
}
