import type { Token } from "./bloom-filter.ts";
import { normalName } from "./normal-name.ts";
import { consonantClasses, soundsOf } from "./spelling.ts";

/** Bits of one word, whatever its length: a long name tells no more of a person than a short one. */
const bitsPerWord = { sounds: 36, classes: 20 };
/** Bits of one pair of sounds; fewer would let chance decide. */
const bitsPerPair = { fewest: 2, most: 12 };

/**
 * The words of a name as pairs of neighbouring sounds, beginning and end included, and once more as pairs of classes of
 * consonants: the first part tells names apart, the second holds spellings together. There is no token of a whole word,
 * which would be a keyed hash of a name. Pairs tell neither which word they come from nor whether it is the surname.
 */
export function nameTokens(name: string): readonly Token[] {
  return normalName(name).flatMap((word) => {
    const sounds = soundsOf(word);
    const classes = consonantClasses(sounds);
    return [
      ...pairs("sounds", sounds, bitsPerWord.sounds),
      ...pairs("classes", classes, bitsPerWord.classes),
    ];
  });
}

function pairs(kind: string, text: string, budget: number): readonly Token[] {
  const padded = `_${text}_`;
  const count = padded.length - 1;
  const bits = Math.min(bitsPerPair.most, Math.max(bitsPerPair.fewest, Math.round(budget / count)));
  return Array.from({ length: count }, (_, at) => ({ text: `${kind} ${padded.slice(at, at + 2)}`, bits }));
}
