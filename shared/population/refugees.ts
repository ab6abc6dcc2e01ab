import { ageGroupOf, stayOf } from "./age-group.ts";
import { isCounted, type RefugeeDefinition, type StatusClass, statusClassOf } from "./definition.ts";
import { type Foreigners, standingOf } from "./foreigners.ts";
import { pseudonymAt } from "./person-index.ts";
import { statusRules } from "./resolve-status.ts";

/** Refugees at a reference date, one row a person, all columns small integer codes. */
export type Refugees = {
  readonly count: number;
  /** Row of attributes in the foreigners register. */
  readonly row: Uint32Array;
  /** Position in the classes of the definition. */
  readonly status: Uint8Array;
  /** Key as a number; `noKey`, `unknownKey`. */
  readonly nationality: Uint16Array;
  /** Position in `ageGroupCodes`; their number is "unknown". */
  readonly ageGroup: Uint8Array;
  /** 0 male, 1 female. */
  readonly sex: Uint8Array;
  /** Position in `stayCodes`. */
  readonly stay: Uint8Array;
  /** Figures for the office's quality report, never published. */
  readonly quality: Readonly<Record<string, number>>;
};

export type RefugeesInput = {
  readonly foreigners: Foreigners;
  readonly definition: RefugeeDefinition;
  /** Month number of the reference date. */
  readonly referenceMonth: number;
  readonly referenceDay: number;
  /** Male or female for `d`, `x` and unknown, as official statistics do; always the same for a person. */
  readonly choose: (person: Uint8Array) => "m" | "w";
};

/**
 * The refugees among the persons of the foreigners register: Meldestatus A, address inside the city, not German, and a
 * resolved status that counts under the definition. Source: population concept.
 */
export function formRefugees(input: RefugeesInput): Refugees {
  const quality = new Map<string, number>();
  const { persons, status } = input.foreigners;
  const classify = classifier(input, quality);
  const chosen = new Uint32Array(persons.count);
  const classes = new Uint8Array(persons.count);
  let count = 0;
  for (let person = 0; person < persons.count; person++) {
    const position = classify(person);
    if (position === -1) continue;
    chosen[count] = person;
    classes[count++] = position;
  }
  add(quality, "foreigners.rows-after-reference-date", status.futureRows);
  add(quality, "foreigners.aliases-merged", persons.aliasCount);
  return {
    count,
    status: classes.slice(0, count),
    ...attributesOf(input, chosen.subarray(0, count), quality),
    quality: Object.fromEntries([...quality].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Position of a person's class among those of the definition, -1 for who is no refugee; counts the reasons. */
function classifier(input: RefugeesInput, quality: Map<string, number>): (person: number) => number {
  const { foreigners, definition } = input;
  const { columns, status } = foreigners;
  const standing = standingOf(foreigners);
  const isInside = columns.numbers("in_stadt");
  const title = columns.text("titel");
  const asylum = columns.text("asylstand");
  return (person) => {
    const reason = standing(person);
    if (reason !== "foreigner") return excluded(quality, reason);
    if (isInside[status.attributeRow[person] ?? 0] !== 1) return excluded(quality, "outside-city");
    const row = status.statusRow[person] ?? -1;
    const entry = row === -1 ? undefined : status.titles[title.index[row] ?? 0];
    if (entry === undefined) return excluded(quality, reasonWithoutStatus(foreigners, person));
    countDecision(quality, input, person, entry);
    const isRefugee = isCounted(definition, entry, asylum.values[asylum.index[row] ?? 0] ?? "");
    return isRefugee ? classPosition(definition, statusClassOf(entry)) : -1;
  };
}

function excluded(quality: Map<string, number>, reason: string): -1 {
  add(quality, `foreigners.${reason}`, 1);
  return -1;
}

function reasonWithoutStatus(foreigners: Foreigners, person: number): string {
  const title = foreigners.columns.text("titel");
  const row = foreigners.status.attributeRow[person] ?? 0;
  const isKnown = foreigners.status.titles[title.index[row] ?? 0] !== undefined;
  return isKnown ? "without-valid-status" : "status-unclear";
}

type Title = NonNullable<Foreigners["status"]["titles"][number]>;

function countDecision(
  quality: Map<string, number>,
  input: RefugeesInput,
  person: number,
  title: Title,
): void {
  const { status } = input.foreigners;
  const rule = statusRules[status.decidedBy[person] ?? 0] ?? "only-row";
  add(quality, `status.${rule}`, 1);
  if (status.expired[person] === 1) add(quality, "status.expired", 1);
  if (title.code === continuedTitle) add(quality, "status.title-continued", 1);
  if (title.validTo < input.referenceDay && title.validTo > 0)
    add(quality, "status.code-outside-validity", 1);
}

/** § 81 (4) AufenthG: the former humanitarian title is deemed to continue while its renewal is pending. */
const continuedTitle = "FB_HUM";

function classPosition(definition: RefugeeDefinition, statusClass: StatusClass): number {
  const position = definition.classes.indexOf(statusClass);
  if (position === -1) {
    throw new RangeError(
      `Cannot count status class "${statusClass}": definition "${definition.id}" must name it`,
    );
  }
  return position;
}

function attributesOf(input: RefugeesInput, chosen: Uint32Array, quality: Map<string, number>) {
  const { columns, persons, status, residentOf } = input.foreigners;
  const row = chosen.map((person) => status.attributeRow[person] ?? 0);
  const age = columns.numbers("alter");
  const entry = columns.numbers("einreise");
  const nationality = columns.numbers("staatsang1");
  const isResident = chosen.reduce((sum, person) => sum + ((residentOf[person] ?? -1) === -1 ? 0 : 1), 0);
  add(quality, "refugees.in-residents-register", isResident);
  add(quality, "refugees.not-in-residents-register", chosen.length - isResident);
  return {
    row,
    nationality: Uint16Array.from(row, (at) => nationality[at] ?? 0),
    ageGroup: Uint8Array.from(row, (at) => ageGroupOf(age[at] ?? 0)),
    stay: Uint8Array.from(row, (at) => stayOf(entry[at] ?? 0, input.referenceMonth)),
    sex: sexOf(input, chosen, persons.representativeRow, quality),
  };
}

/** By the hash of the PersNr that stands for the person, so that neither row order nor an alias changes the choice. */
function sexOf(
  input: RefugeesInput,
  chosen: Uint32Array,
  representativeRow: Uint32Array,
  quality: Map<string, number>,
): Uint8Array {
  const { columns, status } = input.foreigners;
  const sex = columns.numbers("geschlecht");
  const pseudonyms = columns.pseudonyms("person");
  return Uint8Array.from(chosen, (person) => {
    const code = sex[status.attributeRow[person] ?? 0];
    if (code === male || code === female) return code - male;
    add(quality, "refugees.sex-assigned", 1);
    return input.choose(pseudonymAt(pseudonyms, representativeRow[person] ?? 0)) === "m" ? 0 : 1;
  });
}

const male = 1;
const female = 2;

function add(quality: Map<string, number>, rule: string, count: number): void {
  quality.set(rule, (quality.get(rule) ?? 0) + count);
}
