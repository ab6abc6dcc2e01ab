/** A spelling, what it becomes, and why. */
type LetterRule = readonly [letters: string, becomes: string, reason: string];

/**
 * Letters that are more than a letter with a mark. All other marks are dropped, because Windows-1252 loses most of them.
 * "č" is kept as the letter of a hard ch: the sound tables decide about it. Applied to composed lower case letters.
 */
export const letterRules: readonly LetterRule[] = [
  ["ß", "ss", "German"],
  ["ı", "i", "Turkish i without a dot"],
  ["ç", "č", "Turkish and Albanian, the sound of ch"],
  ["ć", "č", "South Slavic; offices rarely tell both letters apart"],
  ["đ", "dj", "South Slavic"],
  ["ð", "d", "Icelandic; also what a wrong code page makes of đ"],
  ["þ", "th", "Icelandic"],
  ["ł", "l", "Polish and Kurdish"],
  ["ø", "o", "Scandinavian"],
  ["æ", "a", "Scandinavian"],
  ["œ", "o", "French"],
  ["ə", "a", "Azerbaijani, a or e elsewhere"],
  ["ž", "zh", "Slavic"],
  ["š", "sh", "Slavic"],
  ["ş", "sh", "Turkish and Romanian, also without its mark"],
];

/** What stands for a missing name; compared after everything that is no letter became a blank. */
export const placeholders: ReadonlySet<string> = new Set([
  "ohne",
  "ohne vorname",
  "ohne vornamen",
  "ohne nachname",
  "ohne nachnamen",
  "ohne familienname",
  "ohne namen",
  "ohne name",
  "kein vorname",
  "kein nachname",
  "kein name",
  "keine angabe",
  "k a",
  "o a",
  "n n",
  "nn",
  "unbekannt",
  "vorname unbekannt",
  "nachname unbekannt",
  "name unbekannt",
  "nicht bekannt",
  "nicht vorhanden",
  "entfallt",
  "unknown",
  "no name",
  "fnu",
  "lnu",
]);

/** Words beside a name that registers write or leave out. They count only if nothing else is there. */
export const particles: ReadonlySet<string> = new Set([
  ...[
    "al",
    "el",
    "ul",
    "ad",
    "ar",
    "as",
    "ash",
    "an",
    "at",
    "az",
    "ed",
    "er",
    "es",
    "ez",
    "ud",
    "un",
    "ur",
    "us",
  ], // Arabic article
  ...["bin", "ibn", "ben", "bint", "binti", "ould", "oglu", "kyzy", "qizi"], // son or daughter of
  ...["von", "vom", "zu", "zum", "zur", "van", "vander", "der", "den", "de", "di", "da", "do", "dos", "das"],
  ...["del", "della", "des", "du", "la", "le", "los", "y", "e"],
  ...["dr", "prof", "dipl", "ing", "geb", "verw", "genannt", "jr", "sr"],
]);

/** Words of which a short form is in use; "Abdul" takes the article of the next word along. */
export const shortForms: Readonly<Record<string, string>> = {
  md: "mohammed",
  mohd: "mohammed",
  muh: "mohammed",
  abdul: "abd",
  abdel: "abd",
  abdal: "abd",
  abdur: "abd",
};

type JoinedRule = {
  /** Beginning of a word; what follows has at least `minRest` letters. */
  readonly start: RegExp;
  /** Words that the beginning stands for; none if it carries nothing. */
  readonly words: readonly string[];
  readonly reason: string;
};

/** Words that are written in one or in two; split, both ways meet. Applied in this order, each once. */
export const joinedRules: readonly JoinedRule[] = [
  {
    start:
      /^abd(?:[aeiou]{1,2}l(?=a[^aeiouh])|[aeiou]{0,2}[lrsnd](?=[^aeiou])|[iu](?=[^aeiou])|(?=[^aeiou]))(?!l{0,2}ah)(?=[a-zč]{4})/,
    words: ["abd"],
    reason: "Abdul Rahman, Abdulrahman, Abd al-Rahman, Abdelrahman, Abdurrahman, Abdirahman, Abdulaziz",
  },
  {
    start: /^ab(?:u|ou|o)(?=[^aeiou][a-zč]{2})/,
    words: ["abu"],
    reason: "Abu Zaid, Abou-Zeid, Abuzaid",
  },
  {
    start: /^[ae]l(?=[^aeiouyl][a-zč]{3}|a[^aeiou][a-zč]{2})(?!eks|fons|fred|ban|bert|len)/,
    words: [],
    reason: "Al-Hassan, Alhassan, El Hassan, Hassan",
  },
  {
    start: /^(?:gh?ebre|tesfa|habte|w[eo]lde|haile|tekle|kidane)(?=[a-zč]{4})/,
    words: ["*"],
    reason: "Ghebre Medhin, Gebremedhin; Hailemariam, Haile Mariam",
  },
];
