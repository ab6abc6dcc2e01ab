import { joinedRules, letterRules, particles, placeholders, shortForms } from "./spelling-letters.ts";

const letters = new Map(letterRules.map(([letter, becomes]) => [letter, becomes]));
const specialLetter = new RegExp(`[${[...letters.keys()].join("")}]`, "g");
const plain = /^[a-z]+$/;
/** Within a word: apostrophes, signs for ayn and hamza, soft signs, and letters that a code page could not hold. */
const silentSigns = /['’‘ʼʻʹ`´ʿʾ"?\u00bf\ufffd\u00ad]/g;
/** Turkish ı is the vowel that Windows-1252 lacks; a lost letter between consonants is mostly one. */
const lostVowel = /(?<=[bcčdfghjklmnpqrstvwxyz])[?\ufffd](?=[bcčdfghjklmnpqrstvwxz])/g;
const marks = /\p{M}/gu;
const noLetters = /[^\p{L}]+/u;
const fillers = /^(?:x{2,}|y{2,}|z{2,}|n{2,})$/;

/**
 * The words of a name as small plain letters, in the order written, none twice: without marks, articles, titles and
 * placeholders, joined words split. Offices that write one name differently come closer; its sounds are the next step.
 *
 * "Al-Hassan" and "Alhassan" become `["hassan"]`. A name of particles only keeps them; a placeholder or an empty text
 * is `[]`. The class of a pupil must be taken off before.
 */
export function normalName(name: string): readonly string[] {
  const text = plainLetters(name);
  const words = text.split(noLetters).filter((word) => word !== "" && !fillers.test(word));
  if (words.length === 0 || placeholders.has(words.join(" "))) return [];
  const telling = words.filter((word) => !particles.has(word));
  const kept = telling.length === 0 ? words : telling;
  return [...new Set(kept.flatMap((word) => splitWord(shortForms[word] ?? word)))];
}

function plainLetters(name: string): string {
  const lower = name.toLowerCase();
  if (plain.test(lower)) return lower;
  return lower
    .normalize("NFC")
    .replace(specialLetter, (letter) => letters.get(letter) ?? letter)
    .replace(lostVowel, "i")
    .replace(silentSigns, "")
    .normalize("NFD")
    .replace(marks, (mark, at: number, text: string) => (isHardCh(text, at) ? mark : ""))
    .normalize("NFC");
}

function isHardCh(text: string, at: number): boolean {
  return text[at - 1] === "c" && text[at] === "\u030c";
}

function splitWord(word: string): readonly string[] {
  const before: string[] = [];
  let rest = word;
  for (const { start, words } of joinedRules) {
    const found = start.exec(rest)?.[0];
    if (found === undefined) continue;
    before.push(...words.map((part) => (part === "*" ? found : part)));
    rest = rest.slice(found.length);
  }
  return before.length === 0 ? [rest] : [...before, rest];
}
