import { Dice } from "../../../local/city/random.ts";
import type { LinkagePerson } from "../../../shared/linkage/linkage-key.ts";
import type { Known } from "./link-records-city.ts";

const given = words(
  "jack joshua thomas lachlan william james benjamin daniel samuel nicholas matthew alexander ethan liam ryan jacob luke harrison cooper mitchell dylan connor jayden riley bailey zachary hamish flynn angus toby emily isabella jessica olivia sophie chloe georgia charlotte hannah mia lily ella grace ruby sarah lucy zoe amelia holly jasmine alannah brianna caitlin phoebe kiandra mikayla paige tahlia imogen abbey bronte erin lara tiffany nathan mathew kayla sienna talia",
);
const surname = words(
  "smith jones williams brown wilson taylor johnson white martin anderson thompson nguyen thomas walker harris lee ryan robinson kelly king clarke campbell wright mitchell roberts evans baker young hall green edwards morris murphy turner parker cook stewart collins webb green coleman matthews reid dixon rawlings blackwell nunan dawes mcveigh vandenberg papadopoulos rudd crouch haeusler belperio clegg goode humphreys burford stubbs petersen laing ottens mccarthy sherriff bishop campaign lowe dolan hathaway paine wigg shepherd donaldson rollins",
);
const street = words(
  "maranoa carnegie chippindall booroondara florence hardwick stockdale ellenborough la-perouse cadell heard aspinall pinkerton burrendong chapman namatjira mugga lambell tiptree wongoola marrawah noongale dalley bunbury rylah arabana forwood jenkinson louis-loder osmand",
);
const kind = ["street", "place", "crescent", "circuit", "avenue", "close", "drive"];
const suburb = words(
  "toowoomba frankston mandurah burleigh-heads noarlunga ringwood penrith dubbo bendigo ballarat cairns mackay rockhampton geelong wollongong gosford tamworth mildura shepparton albury orange bunbury gladstone redcliffe maroubra randwick cronulla blacktown",
);

function words(list: string): readonly string[] {
  return list.split(" ").map((word) => word.replaceAll("-", " "));
}

type Fields = {
  given: string;
  surname: string;
  number: string;
  street: string;
  suburb: string;
  postcode: string;
  birth: string;
};

/**
 * Two files of the kind that record linkage is often tried on: persons with an Australian name, birth date and address, and
 * each of them again with typing errors: at most one a field and four a record, some fields emptied, some names swapped. Names
 * and birth date are untouched in four of ten pairs.
 */
export function twoFiles(
  seed: number,
  count: number,
): { readonly left: readonly Known[]; readonly right: readonly Known[] } {
  const originals = Array.from({ length: count }, (_, at) => original(new Dice(seed, "names", at)));
  const left = originals.map((fields, at) => known(at, fields));
  const right = originals.map((fields, at) => known(at, mistyped(new Dice(seed, "spelling", at), fields)));
  return { left, right: right.reverse() };
}

function known(at: number, { number, postcode, birth, ...fields }: Fields): Known {
  const [year, month, day] = [birth.slice(0, 4), birth.slice(4, 6), birth.slice(6, 8)].map(Number);
  const birthDate = dateOf(year ?? 0, month ?? 0, day ?? 0);
  const { given: givenName, surname: familyName, street: road, suburb: place } = fields;
  const person: LinkagePerson = {
    given: givenName,
    surname: familyName,
    ...(birthDate !== undefined && { birthDate }),
    street: road,
    houseNumber: number,
    postcode,
    place,
  };
  return { isPerson: String(at), person };
}

/** A mistyped date keeps its numbers, as the command reads it. */
function dateOf(year: number, month: number, day: number): LinkagePerson["birthDate"] {
  if (year === 0) return undefined;
  return { year, ...(month > 0 && { month }), ...(month > 0 && day > 0 && { day }) };
}

function original(dice: Dice): Fields {
  const two = (value: number) => String(value).padStart(2, "0");
  const empty = (chance: number, text: string) => (dice.chance(chance) ? "" : text);
  return {
    given: empty(0.02, dice.pick(given)),
    surname: empty(0.01, dice.pick(surname)),
    number: empty(0.03, String(dice.between(1, 220))),
    street: empty(0.02, `${dice.pick(street)} ${dice.pick(kind)}`),
    suburb: empty(0.01, dice.pick(suburb)),
    postcode: String(dice.between(2000, 7400)),
    birth: empty(0.02, `${dice.between(1900, 1999)}${two(dice.between(1, 12))}${two(dice.between(1, 28))}`),
  };
}

const names = ["given", "surname", "number", "street", "suburb", "postcode", "birth"] as const;
/** Fields that such files also have and a linkage here does not use; errors fall on them as well. */
const unusedFields = 3;

function mistyped(dice: Dice, fields: Fields): Fields {
  const written = { ...fields };
  const errors = dice.between(1, 4);
  const fieldCount = names.length + unusedFields;
  const order = Array.from({ length: fieldCount }, (_, at) => ({ at, by: dice.next() })).sort(
    (a, b) => a.by - b.by,
  );
  for (const { at } of order.slice(0, errors)) {
    const name = names[at];
    if (name !== undefined) written[name] = spoilt(dice, written[name]);
  }
  if (dice.chance(0.03)) [written.given, written.surname] = [written.surname, written.given];
  return written;
}

/** One letter more, less, other or swapped with the next; now and then nothing is left. */
function spoilt(dice: Dice, text: string): string {
  if (text.length < 2) return text;
  const at = dice.below(text.length - 1);
  const other =
    /\d/.test(text) && !/[a-z]/.test(text) ? String(dice.below(10)) : dice.pick([..."aeionrstlm"]);
  const [before, here = "", next = "", after] = [
    text.slice(0, at),
    text[at],
    text[at + 1],
    text.slice(at + 2),
  ];
  const isDate = text.length === 8 && /^\d+$/.test(text);
  switch (dice.weighted(isDate ? [0, 0, 6, 4, 0.5] : [2, 2, 4, 2, 0.5])) {
    case 0:
      return before + here + other + next + after;
    case 1:
      return before + next + after;
    case 2:
      return before + other + next + after;
    case 3:
      return before + next + here + after;
    default:
      return "";
  }
}
