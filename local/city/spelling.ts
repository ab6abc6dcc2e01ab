import type { PersonName } from "./names.ts";
import type { NameGroup } from "./origins.ts";
import { Dice } from "./random.ts";

/** How offices write the same sounds; each pair works in both directions. */
type Variants = readonly (readonly [string, string])[];

const european: Variants = [
  ["ä", "ae"],
  ["ö", "oe"],
  ["ü", "ue"],
  ["ß", "ss"],
  ["Ö", "Oe"],
  ["Ü", "Ue"],
  ["c", "k"],
];
const turkish: Variants = [
  ["ş", "s"],
  ["Ş", "S"],
  ["ç", "c"],
  ["Ç", "C"],
  ["ğ", "g"],
  ["ı", "i"],
  ["İ", "I"],
  ["ü", "u"],
  ["ö", "o"],
  ["ş", "sch"],
  ["ç", "ch"],
];
const arabic: Variants = [
  ["Mohammed", "Muhammad"],
  ["Mohammed", "Mohamad"],
  ["Hussein", "Husain"],
  ["Khaled", "Khalid"],
  ["Yusuf", "Youssef"],
  ["Abdulrahman", "Abd al-Rahman"],
  ["Al-", "El-"],
  ["Al-", "Al "],
  ["Al-", ""],
  ["Kh", "Ch"],
  ["kh", "ch"],
  ["sh", "sch"],
  ["Sh", "Sch"],
  ["J", "Dj"],
  ["q", "k"],
  ["Q", "K"],
  ["gh", "g"],
  ["Gh", "G"],
  ["ou", "u"],
  ["oo", "u"],
  ["ee", "i"],
  ["ai", "ei"],
  ["W", "Ou"],
  ["w", "v"],
  ["y", "i"],
  ["ia", "iya"],
  ["ss", "s"],
  ["a", "ah"],
  ["Abu-", "Abou "],
];
const slavic: Variants = [
  ["Shev", "Schew"],
  ["Olek", "Alek"],
  ["Yu", "Ju"],
  ["liia", "lija"],
  ["iia", "ia"],
  ["ii", "ij"],
  ["kh", "ch"],
  ["Kh", "Ch"],
  ["Zh", "Sch"],
  ["shch", "schtsch"],
  ["ts", "z"],
  ["Ya", "Ja"],
  ["H", "G"],
  ["sh", "sch"],
  ["ska", "skaja"],
  ["v", "w"],
  ["Ye", "Je"],
  ["Vol", "Wol"],
];
const tigrinya: Variants = [
  ["Ghebre", "Gebre"],
  ["Tesfay", "Tesfai"],
  ["Tesfa", "Tesfaa"],
  ["Y", "J"],
  ["Hiw", "Hiy"],
  ["Wold", "Weld"],
  ["ay", "ai"],
  ["Ts", "Z"],
  ["Mehari", "Mehary"],
];
const balkan: Variants = [
  ["ć", "c"],
  ["ž", "z"],
  ["Ž", "Z"],
  ["Đ", "Dj"],
  ["đ", "dj"],
  ["xh", "dsch"],
  ["q", "ch"],
  ["ć", "tsch"],
  ["Ç", "C"],
  ["sh", "sch"],
  ["j", "i"],
];
const latin: Variants = [["é", "e"], ["í", "i"], ["ó", "o"], ["ú", "u"], ["ñ", "n"], ["ã", "a"], ["ê", "e"], ["ț", "t"],
  ["Ț", "T"], ["Ș", "S"], ["ll", "l"], ["ou", "u"], ["y", "i"], ["k", "c"]]; // biome-ignore format: pairs

const variantsOf: Readonly<Record<NameGroup, Variants>> = {
  german: european,
  turkish,
  arabic,
  persian: arabic,
  slavic,
  tigrinya,
  somali: arabic,
  balkan,
  romance: latin,
  african: latin,
  asian: latin,
  caucasian: slavic,
};

/** Registers that spell for themselves; EWO-ALW is the reference. */
export type SpellingRegister = "akdn" | "schild" | "alias";
const parts: Readonly<Record<SpellingRegister, number>> = { akdn: 1, schild: 2, alias: 3 };

export type WrittenPerson = PersonName & {
  /** JJJJMMTT as a number, 0 for unknown parts. */
  readonly birth: number;
};

/**
 * The person as another register knows it: a quarter of the names transliterated differently, some swapped, mistyped
 * or with a birth date known in part only (registers.md section 9).
 */
export function writtenIn(
  register: SpellingRegister,
  seed: number,
  person: number,
  group: NameGroup,
  truth: WrittenPerson,
): WrittenPerson {
  const dice = new Dice(seed, "spelling", person, parts[register]);
  const rarely = group === "german" ? 0.1 : 1;
  const other = register === "alias" ? 1 : 0.25 * rarely;
  let { surname, given } = truth;
  if (dice.chance(other)) {
    surname = respelled(dice, group, surname);
    given = respelled(dice, group, given);
  }
  if (dice.chance(0.02)) surname = mistyped(dice, surname);
  if (given === "") given = singleName(dice, surname);
  if (dice.chance(0.03 * rarely)) [surname, given] = [given, surname];
  if (dice.chance(0.04) && given.includes(" ")) given = given.slice(0, given.indexOf(" "));
  const birth = dice.chance(0.05 * rarely) ? vague(dice, truth.birth) : truth.birth;
  return { surname, given, birth };
}

/** One or two sounds written the other way; unchanged where none occurs. */
function respelled(dice: Dice, group: NameGroup, name: string): string {
  const usable = variantsOf[group].flatMap(([one, other]) =>
    [[one, other] as const, [other, one] as const].filter(([from]) => from.length > 1 && name.includes(from)),
  );
  const letters = variantsOf[group].filter(([one]) => one.length === 1 && name.includes(one));
  const choices = [...usable, ...letters];
  if (choices.length === 0) return name;
  const [from, to] = dice.pick(choices);
  return name.replace(from, to);
}

function mistyped(dice: Dice, name: string): string {
  if (name.length < 4) return name;
  const at = dice.between(1, name.length - 2);
  const letters = [...name];
  const [here = "", next = ""] = [letters[at], letters[at + 1]];
  if (dice.chance(0.5)) letters.splice(at, 2, next, here);
  else letters.splice(at, 1);
  return letters.join("");
}

function singleName(dice: Dice, surname: string): string {
  return dice.pick(["", surname, "XXX", "ohne Vorname"]);
}

/** Year only, first of January, or day and month swapped. */
function vague(dice: Dice, birth: number): number {
  const year = Math.floor(birth / 10_000);
  const month = Math.floor(birth / 100) % 100;
  const day = birth % 100;
  const kind = dice.below(3);
  if (kind === 0) return year * 10_000;
  if (kind === 1 || day > 12 || day === 0) return year * 10_000 + 101;
  return year * 10_000 + day * 100 + month;
}
