import { Dice } from "../../local/city/random.ts";
import { type Code, type Person, type Protectable, tableOf, totalCode } from "./protect-tables.ts";

const seed = 5;
const personCount = 14_000;
const blockCount = 2_726;
/** Quarters of each borough, and statistical districts of each quarter: some areas have one part only. */
const quartersOf = [5, 4, 4, 3, 2];
const districtsOf = [4, 3, 2, 1, 2, 3, 1, 2, 5, 3, 2, 2, 1, 3, 2, 2, 3, 1];

/** How a group of nationalities differs: shares of its persons. */
type Group = { readonly status: readonly number[]; readonly women: number };
const statuses = ["anerkannt", "gestattet", "geduldet", "voruebergehend"];
const groups = {
  recognised: { status: [71, 19, 9, 0.2], women: 0.45 },
  temporary: { status: [2, 0.3, 0.3, 97], women: 0.64 },
  undecided: { status: [43, 26, 30, 0.4], women: 0.46 },
} as const satisfies Record<string, Group>;

/** Persons of the common nationalities; the other 45 have from a few dozen down to one or two. */
const common = [4_700, 3_560, 1_100, 900, 500, 430, 320, 300, 295, 270, 240, 230, 220, 180, 135];
const rare = Array.from({ length: 45 }, (_, at) => 2 + 58 * 0.91 ** at);
const nationalities = [...common, ...rare].map((weight, at) => ({
  code: `N${String(at + 1).padStart(2, "0")}`,
  weight,
  group: at === 1 ? groups.temporary : at < 4 ? groups.recognised : groups.undecided,
}));

const ages = { "00-05": 9.5, "06-17": 15, "18-29": 25.5, "30-44": 31, "45-64": 16, "65+": 3 } as const;
/** A household has at least one adult; this many persons in all, by share. */
const householdSizes = [45, 25, 13, 8, 4, 2.2, 1.2, 1.3];
/** Of the third value of sex: rare enough to be small in nearly every cell. */
const thirdSex = 0.001;

/** Areas from the borough to the block. */
type Block = { readonly path: readonly Code[]; readonly weight: number };

/**
 * Tables of an invented city, the same at every call: households of one nationality and one status in blocks of which a
 * few have hundreds of refugees, and more than half none.
 */
export function drawnTables(): Protectable {
  const blocks = drawnBlocks();
  const persons = drawnPersons(blocks);
  const inQuarters = persons.map((person) => ({ ...person, geo: person.geo.slice(0, 2) }));
  const merged = inQuarters.map((person) => ({ ...person, nat: person.nat.map(mergedNationality) }));
  const geo = [totalCode, ...new Set(blocks.flatMap(({ path }) => path))];
  const quarters = [totalCode, ...new Set(blocks.flatMap(({ path }) => path.slice(0, 2)))];
  const nat = [totalCode, ...nationalities.map(({ code }) => code)];
  const age = [totalCode, ...Object.keys(ages)];
  const sex = [totalCode, "m", "w", "x"];
  const status = [totalCode, ...statuses];
  return {
    tables: {
      T1: tableOf("T1", merged, { geo: quarters, nat: [...new Set(nat.map(mergedNationality))] }),
      T2: tableOf("T2", persons, { geo, status }),
      T3: tableOf("T3", inQuarters, { geo: quarters, age, sex, status }),
      T4a: tableOf("T4a", inQuarters, { geo: quarters, nat }),
      T4b: tableOf("T4b", persons, { age, nat }),
      T5: tableOf("T5", persons, { geo, age, sex }),
    },
    geo: { name: "hierarchy", dimension: "geo", parents: parentsOf(blocks) },
  };
}

function parentsOf(blocks: readonly Block[]): ReadonlyMap<Code, Code | undefined> {
  return new Map(blocks.flatMap(({ path }) => path.map((code, at) => [code, path[at - 1]] as const)));
}

function mergedNationality(code: Code): Code {
  const isCommon = code === totalCode || nationalities.findIndex((one) => one.code === code) < common.length;
  return isCommon ? code : "sonstige";
}

function drawnBlocks(): readonly Block[] {
  const districts = districtPaths();
  return Array.from({ length: blockCount }, (_, block) => {
    const dice = new Dice(seed, "space", block);
    const { path, demand } = districts[Math.floor((block * districts.length) / blockCount)] ?? {
      path: [],
      demand: 0,
    };
    const code = `${path.at(-1)}${numbered(block, 4)}`;
    return { path: [...path, code], weight: Math.exp(demand + 1.75 * normal(dice)) };
  });
}

/** How much a quarter is in demand shows in all its districts. */
function districtPaths(): readonly { readonly path: readonly Code[]; readonly demand: number }[] {
  const boroughs = quartersOf.flatMap((quarters, at) => Array.from({ length: quarters }, () => `B${at + 1}`));
  return boroughs
    .flatMap((borough, quarter) => {
      const path = [borough, `Q${numbered(quarter + 1, 2)}`];
      const demand = 0.75 * normal(new Dice(seed, "space", quarter, 1));
      return Array.from({ length: districtsOf[quarter] ?? 0 }, () => ({ path, demand }));
    })
    .map(({ path, demand }, at) => ({ path: [...path, `S${numbered(at + 1, 2)}`], demand }));
}

function numbered(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}

/** Of mean 0 and deviation 1. */
function normal(dice: Dice): number {
  return Math.sqrt(2 * dice.wait(1)) * Math.cos(2 * Math.PI * dice.next());
}

function drawnPersons(blocks: readonly Block[]): readonly Person[] {
  const persons: Person[] = [];
  const blockWeights = blocks.map(({ weight }) => weight);
  const weights = nationalities.map(({ weight }) => weight);
  for (let household = 0; persons.length < personCount; household++) {
    const dice = new Dice(seed, "refugees", household);
    const geo = blocks[dice.weighted(blockWeights)]?.path ?? [];
    const nationality = nationalities[dice.weighted(weights)];
    if (nationality === undefined) throw new TypeError("Cannot draw persons: a nationality is missing");
    const status = statuses[dice.weighted(nationality.group.status)] ?? "";
    const size = Math.min(1 + dice.weighted(householdSizes), personCount - persons.length);
    for (let member = 0; member < size; member++)
      persons.push({
        geo,
        nat: [nationality.code],
        age: [ageOf(dice, member)],
        sex: [sexOf(dice, nationality.group.women)],
        status: [status],
      });
  }
  return persons;
}

/** The first of a household is an adult, so the others are children twice as often. */
function ageOf(dice: Dice, member: number): Code {
  const shares = Object.values(ages).map((share, at) => (at < 2 ? share * (member === 0 ? 0 : 2) : share));
  return Object.keys(ages)[dice.weighted(shares)] ?? "";
}

function sexOf(dice: Dice, women: number): Code {
  if (dice.chance(thirdSex)) return "x";
  return dice.chance(women) ? "w" : "m";
}
