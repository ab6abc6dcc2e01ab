import { refuseUnknown } from "../registers/refuse-unknown.ts";
import { type SoundRule, soundClasses, soundRules } from "./spelling-sounds.ts";

const vowels = "aeiouy";

/** Rules by their first letter, longest first; those for a place before those for any. */
const rulesByLetter = new Map(
  [...Map.groupBy(soundRules, ({ spelling }) => spelling[0] ?? "")].map(([letter, rules]) => [
    letter,
    rules.toSorted((a, b) => b.spelling.length - a.spelling.length || weightOf(b) - weightOf(a)),
  ]),
);

function weightOf({ at }: SoundRule): number {
  return at === undefined ? 0 : 1;
}

/**
 * A word of `normalName` by its sounds: spellings of one name in several registers mostly become the same text.
 * Double sounds are one. Vowels are a, i, u.
 */
export function soundsOf(word: string): string {
  let sounds = "";
  for (let at = 0; at < word.length; ) {
    const rule = ruleAt(word, at);
    sounds = append(sounds, rule?.sound ?? word[at] ?? "");
    at += rule?.spelling.length ?? 1;
  }
  return sounds;
}

function ruleAt(word: string, at: number): SoundRule | undefined {
  return rulesByLetter.get(word[at] ?? "")?.find((rule) => fits(rule, word, at));
}

function fits({ spelling, at: place }: SoundRule, word: string, at: number): boolean {
  if (!word.startsWith(spelling, at)) return false;
  const next = word[at + spelling.length] ?? "";
  switch (place) {
    case undefined:
      return true;
    case "start":
      return at === 0;
    case "end":
      return next === "" && at > 0;
    case "before-consonant":
      return at > 0 && next !== "" && !vowels.includes(next);
    case "start-before-vowel":
      return at === 0 && next !== "" && vowels.includes(next);
    case "before-front-vowel":
      return next === "e" || next === "i" || next === "y";
    default:
      return refuseUnknown(place, "where a spelling counts");
  }
}

function append(sounds: string, sound: string): string {
  return sound !== "" && sounds.endsWith(sound[0] ?? "") ? sounds + sound.slice(1) : sounds + sound;
}

/**
 * The sounds of a word as classes of consonants, for spellings that differ in their vowels or in sounds that transcribers
 * mix up: Mohammed and Muhamad are both "mkmt". A vowel at the start is "a", everything without a class is left out.
 */
export function consonantClasses(sounds: string): string {
  let classes = "";
  for (let at = 0; at < sounds.length; at++) {
    const found = soundClasses[sounds[at] ?? ""] ?? (at === 0 ? startClass(sounds[0] ?? "") : "");
    if (!classes.endsWith(found) || found === "") classes += found;
  }
  return classes;
}

function startClass(sound: string): string {
  return "aiu".includes(sound) ? "a" : sound;
}
