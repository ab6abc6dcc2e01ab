import { dayNumber } from "../../shared/registers/calendar.ts";
import { germanDate, germanPartialDate } from "./dates.ts";
import { type Address, addressOn, movesOf } from "./dwelling.ts";
import { foreignersOf, isGerman, isInResidents } from "./foreigners.ts";
import { dwellings, refugeeFamilies, refugeeFamily, tenants } from "./households.ts";
import { type Family, isPresent, type Member, memberFrom, partialDate, personNumber } from "./lives.ts";
import { Dice } from "./random.ts";
import { city as names } from "./sizes.ts";
import { TextFile } from "./text-file.ts";
import { type City, maritalStatus } from "./write-ewo-alw.ts";

const headings =
  "Stichtag;PersNr;Geburtsdatum;Geschlecht;Familienstand;Staatsang1;Staatsang2;Geburtsstaat;WoStatus;Einzug am;Herkunft;Strassenschluessel;Hausnummer;Zusatz;Auskunftssperre";

/** A resident with main residence on a day. */
export type Resident = {
  readonly family: Family;
  readonly member: Member;
  readonly number: number;
  readonly at: number;
  readonly birth: number;
  readonly sex: string;
  readonly citizenships: readonly [string, string];
  readonly address: Address;
  readonly moved: number;
};

/** Everyone of the wanted households with a main residence in the city on a day, in the order of the file. */
export function* residentsOn(
  city: City,
  day: number,
  wanted: (family: Family) => boolean = () => true,
): Generator<Resident> {
  for (const family of householdsOn(city, day)) {
    if (!wanted(family)) continue;
    yield* family.group === "german"
      ? germanResidents(city, family, day)
      : foreignResidents(city, family, day);
  }
}

function* householdsOn({ seed, plan }: City, day: number): Generator<Family> {
  for (let running = 0; running < refugeeFamilies(plan); running += 1) {
    const family = refugeeFamily(seed, running);
    if (family.arrives <= day && day < family.leaves) yield family;
  }
  for (const group of ["union", "third", "german"] as const) {
    for (let dwelling = 0; dwelling < dwellings(group, plan); dwelling += 1) {
      yield* tenants(seed, group, dwelling, day);
    }
  }
}

function* foreignResidents({ seed, town }: City, family: Family, day: number): Generator<Resident> {
  for (const person of foreignersOf(seed, town, family)) {
    if (!isInResidents(person, day)) continue;
    const { key } = family.origin;
    const citizenships = isGerman(person, day) ? (["000", key] as const) : ([key, ""] as const);
    const { address, day: moved } = addressOn(person.moves, day);
    yield { ...person, citizenships, address, moved };
  }
}

const dualKeys = ["163", "152", "160", "137", "444", "475"];

function* germanResidents({ seed, town }: City, family: Family, day: number): Generator<Resident> {
  const present = [...family.members.entries()].filter(([, member]) => isPresent(family, member, day));
  if (present.length === 0) return;
  const { address, day: moved } = addressOn(movesOf(seed, town, family), day);
  const second = family.id % 17 === 0 ? (dualKeys[family.id % dualKeys.length] ?? "") : "";
  for (const [at, member] of present) {
    const birth = partialDate(member.born);
    yield {
      family,
      member,
      at,
      number: personNumber(family, at),
      birth,
      sex: member.sex,
      citizenships: ["000", second],
      address,
      moved,
    };
  }
}

/** Writes the monthly full export; `seen` is told of every resident with main residence. */
export function writeEwo(
  city: City,
  path: string,
  referenceDate: string,
  seen: (resident: Resident) => void,
): void {
  const day = dayNumber(referenceDate);
  const date = germanDate(day);
  const file = new TextFile(path, "utf-8-bom");
  file.write(`${headings}\n`);
  for (const resident of residentsOn(city, day)) {
    seen(resident);
    const dice = new Dice(city.seed, "row", resident.number, 2);
    const status = dice.next();
    const fields = personFields(dice, resident, day);
    const main = status < 0.012 ? "H" : "A";
    file.write(`${date};${fields};${main};${dwellingFields(dice, resident, resident.address)}\n`);
    if (main === "H" && status < 0.007) file.write(secondHome(city, dice, resident, `${date};${fields}`));
  }
  file.close();
}

function personFields(dice: Dice, resident: Resident, day: number): string {
  const { citizenships, family, member } = resident;
  const corrected = family.group !== "german" && dice.chance(0.01);
  const birth = corrected ? member.born + 1 : member.born;
  const shown = corrected ? germanDate(birth) : germanPartialDate(resident.birth);
  const birthState = family.group === "german" || member.born > family.arrives ? "000" : family.origin.key;
  return `${resident.number};${shown};${resident.sex};${maritalStatus(dice, resident, day)};${citizenships[0]};${citizenships[1]};${birthState}`;
}

function dwellingFields(dice: Dice, { family, member, moved }: Resident, address: Address): string {
  const since = germanDate(Math.max(moved, memberFrom(family, member)));
  const abroad = family.group === "german" ? names.neighbour.ags : family.origin.key;
  const style = dice.next();
  const padded = address.number.padStart(4, "0");
  const house =
    style < 0.1
      ? `${address.number}${address.suffix};`
      : `${style < 0.6 ? padded : address.number};${address.suffix}`;
  return `${since};${dice.chance(0.3) ? "" : abroad};${address.street};${house};${dice.chance(0.006) ? "J" : "N"}`;
}

/** A second dwelling of the same person in the city; the person still counts once. */
function secondHome(city: City, dice: Dice, resident: Resident, start: string): string {
  const side = city.town.sides[city.town.homes[dice.below(city.town.homes.length)] ?? 0];
  const street = city.town.streets[side?.street ?? 0];
  const since = germanDate(resident.moved + 30);
  return `${start};N;${since};;${street?.key};${side?.from};;N\n`;
}
