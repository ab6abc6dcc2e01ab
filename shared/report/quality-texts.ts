import type { FindingText } from "./finding-texts.ts";

/** Rules of the quality report that a department can do something about; the others are for the office alone. */
export const qualityTexts = {
  "zweistelliges-jahr": {
    wrong: "Datumsangaben mit zweistelliger Jahreszahl wurden als leer übernommen.",
    todo: "Bitte Datumsangaben mit vierstelligem Jahr exportieren.",
  },
  "deutsche-im-auslaenderregister": {
    wrong:
      "Zeilen nennen die deutsche Staatsangehörigkeit; sie zählen nicht als Ausländerinnen und Ausländer.",
    todo: "Bitte bei Gelegenheit prüfen.",
  },
  "blockseite-weicht-ab": {
    wrong:
      "Die gelieferte Blockseite weicht von der aus der Anschrift ermittelten ab; gezählt wurde die ermittelte.",
    todo: "Bitte bei Gelegenheit prüfen.",
  },
  "gleiche-zeilen": {
    wrong: "Vollständig gleiche Zeilen kommen mehrfach vor.",
    todo: "Bitte prüfen, ob Zeilen doppelt exportiert wurden.",
  },
  "personen-unter-faellen": {
    wrong: "Es sind weniger Personen als Fälle angegeben.",
    todo: "Bitte prüfen, welche Angabe stimmt.",
  },
  "summenzeile-weicht-ab": {
    wrong: "Teilsummen ergeben nicht die Gesamtzahl.",
    todo: "Bitte die Summenzeilen des Exports prüfen.",
  },
  "schluessel-ohne-name": {
    wrong: "Räumliche Schlüssel haben am Stichtag keinen Namen.",
    todo: "Bitte die Namen der Gliederung ergänzen.",
  },
  "schluessel-ohne-geometrie": {
    wrong: "Räumliche Schlüssel haben keine Fläche in der Geometrie.",
    todo: "Bitte die Geometrie ergänzen.",
  },
  "geometrie-ohne-schluessel": {
    wrong: "Flächen der Geometrie haben keinen räumlichen Schlüssel in der Adressdatei.",
    todo: "Bitte Adressdatei oder Geometrie berichtigen.",
  },
} as const satisfies Readonly<Record<string, FindingText>>;
