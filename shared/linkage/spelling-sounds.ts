/** Where a spelling counts: at the start or end of a word, inside before a consonant, before e, i, y; missing: anywhere. */
type Place = "start" | "end" | "before-consonant" | "start-before-vowel" | "before-front-vowel";

export type SoundRule = {
  readonly spelling: string;
  readonly sound: string;
  readonly at?: Place;
  readonly reason: string;
};

function rules(reason: string, spellings: string, at?: Place): readonly SoundRule[] {
  return spellings.split(" ").map((pair) => {
    const [spelling = "", sound = ""] = pair.split(">");
    return at === undefined ? { spelling, sound, reason } : { spelling, sound, at, reason };
  });
}

/**
 * Spellings of one sound in German, Turkish, Arabic, Persian, Slavic, Tigrinya and Amharic names. At each place of a word
 * the longest spelling that fits there counts; among equally long ones the first. A letter without a rule stays.
 *
 * Vowels come out as a, i, u only. Sounds: s for all of s, š, ş; c for tsch, č, ç; h for kh and the German ch; j at the
 * start only, for the sounds of Yusuf and of Jamal, which German offices write alike.
 */
export const soundRules: readonly SoundRule[] = [
  ...rules("Ukrainian and Russian щ: shch, schtsch, šč", "shch>sc schtsch>sc shč>sc"),
  ...rules("English, German, Turkish, Slavic and Polish sh", "sch>s sh>s sz>s"),
  ...rules("English, French, Polish and German tsch", "tsch>c tch>c č>c cz>c"),
  ...rules("South Slavic -ić, also without its mark", "ic>ic ich>ic itsch>ic", "end"),
  ...rules("Ukrainian -chenko, -chuk, -chyk beside -tschenko, -čenko", "chenk>cink chuk>cuk chyk>cik"),
  ...rules("Arabic, Persian and Slavic kh, in German ch", "kh>h ch>h"),
  ...rules("h after a vowel, silent in German and left out by many", "h> kh> ch>", "before-consonant"),
  ...rules("the same beside Greek and Latin words", "chr>kr christ>krist", "start"),
  ...rules("gh and dh of passports", "gh>g dh>d th>t ph>f"),
  ...rules("ts, German z", "ts>z tz>z"),
  ...rules("Ukrainian -ts- in scholarly spelling", "c>c", "before-front-vowel"),
  ...rules("hard c, k, q", "ck>k c>k q>k x>ks"),
  ...rules("Slavic and Albanian zh, German sch", "zh>s"),
  ...rules("the sound of Jamal: dj, dsch, dž; and of Yusuf", "dj>j dsch>j dzh>j j>j", "start"),
  ...rules("y and i before a vowel, as in Yusuf, Iuliia", "y>j i>j", "start-before-vowel"),
  ...rules("the same sounds inside a word", "dj>i dsch>i dzh>i dz>i xh>i j>i y>i"),
  ...rules("Ou- for W- in French spelling", "ou>v", "start-before-vowel"),
  ...rules("w, v and f at the end of Slavic names", "w>v ff>v"),
  ...rules("umlauts written out", "ae>a oe>u ue>u"),
  ...rules("double vowels of English spelling", "oo>u ou>u ee>i"),
  ...rules("ai, ay, ei, ey, ej", "ai>i ay>i aj>i ei>i ey>i ej>i"),
  ...rules("feminine -skaya, -skaja beside -ska", "skaya>ska skaja>ska skaia>ska", "end"),
  ...rules("final -a, -ah, -eh, -e; silent final h", "ah>a eh>a e>a h>", "end"),
  ...rules("o and u, e and i are not told apart by transcribers", "o>u e>i"),
  ...rules("Oleksandr, Aleksandr, Alexander", "olek>alik aleksandr>aliksandr alexander>aliksandr", "start"),
  ...rules("Oleksii, Alexej; Olena stays", "oleks>aliks", "start"),
  ...rules("Yevhen, Jewhen, Evgen, Eugen", "yev>iv jev>iv jew>iv iev>iv eug>ivg", "start"),
  ...rules("Volodymyr beside Wolodymyr and Vladimir", "vladim>vuludim wladim>vuludim", "start"),
  ...rules("Othman, Osman, Uthman", "othman>usman uthman>usman osman>usman", "start"),
];

/** Sounds that transcribers mix up, as one class each; vowels are left out, but one at the start is a class. */
export const soundClasses: Readonly<Record<string, string>> = {
  k: "k", // q, k, g; kh, ch, h; h and g of Ukrainian and Russian; č without its mark is c
  g: "k",
  h: "k",
  c: "k",
  s: "s",
  z: "s",
  d: "t",
  t: "t",
  b: "p", // Arabic has no p
  p: "p",
  f: "f",
  v: "f",
  m: "m",
  n: "n",
  l: "l",
  r: "r",
};
