import { normalName } from "./normal-name.ts";
import { consonantClasses, soundsOf } from "./spelling.ts";
import type { Token } from "./token.ts";

/** Bits of one word of a name, whatever its length: pairs of its sounds and pairs of its consonant classes. */
const bitsPerWord = { sounds: 36, classes: 20 };
const fewest = 2;
const most = 12;

/**
 * All words of both names as pairs of neighbouring sounds. Which word is the surname is not said, because registers swap
 * names, split them and put them in another order.
 */
export function nameTokens(given: string, surname: string): readonly Token[] {
  const words = [...new Set([...normalName(given), ...normalName(surname)])];
  const bits = new Map<string, number>();
  for (const word of words) {
    const sounds = soundsOf(word);
    addPairs(bits, "s", sounds, bitsPerWord.sounds);
    addPairs(bits, "c", consonantClasses(sounds), bitsPerWord.classes);
  }
  return [...bits].map(([text, count]) => ({ text, bits: count }));
}

function addPairs(bits: Map<string, number>, kind: string, text: string, budget: number): void {
  const padded = `_${text}_`;
  const count = padded.length - 1;
  const each = Math.min(most, Math.max(fewest, Math.round(budget / count)));
  for (let at = 0; at < count; at++) {
    const token = `${kind}:${padded.slice(at, at + 2)}`;
    bits.set(token, Math.max(each, bits.get(token) ?? 0));
  }
}
