/** Street names are compared in this form: case, umlauts, hyphens, blanks and the usual abbreviations do not matter. */
export function normalisedStreet(name: string): string {
  return name
    .normalize("NFC")
    .toLowerCase()
    .replaceAll("ä", "ae")
    .replaceAll("ö", "oe")
    .replaceAll("ü", "ue")
    .replaceAll("ß", "ss")
    .replace(/str(?:asse|\.)?(?=$|[^\p{L}])/gu, "strasse")
    .replace(/(?<![\p{L}])st(?:\.|(?=[ -]))/gu, "sankt")
    .replace(/pl(?:atz|\.)(?=$|[^\p{L}])/gu, "platz")
    .replace(/(?<![\p{L}])pl(?=$|[^\p{L}])/gu, "platz")
    .replace(/[^\p{L}\p{N}]/gu, "");
}
