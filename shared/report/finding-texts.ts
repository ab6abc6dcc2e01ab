import type { FindingCode } from "../registers/finding.ts";

/**
 * Facts that a wording may name. They are facts of the rule, the file and the column; none of them is for the content
 * of a cell.
 */
export const factNames = [
  "anteil",
  "anzahl",
  "anzahl2",
  "art",
  "beispiel",
  "bis",
  "datum",
  "grenze",
  "id",
  "ist",
  "liste",
  "muster",
  "soll",
  "spalte",
  "spalte2",
  "stichtag",
  "von",
  "vorlage",
  "zeichen",
  "zeile2",
] as const;
export type FactName = (typeof factNames)[number];
export type Facts = Readonly<Partial<Record<FactName, string>>>;

/** What is wrong, and what to do about it. Both are whole sentences. */
export type FindingText = { readonly wrong: string; readonly todo: string };

/** Sentences with `{facts}`, the fullest first; the last one needs no fact. */
type Wordings = readonly [string, ...string[]];
type Wording = { readonly wrong: Wordings; readonly todo: Wordings };

/** Source: the wordings agreed with the departments. A code is never reused and never changes its meaning. */
export const findingWordings = {
  "D-001": {
    wrong: ["Die Datei ist leer."],
    todo: ["Bitte den Export erneut erzeugen und ablegen."],
  },
  "D-002": {
    wrong: [
      "Der Dateiname passt zu keiner vereinbarten Lieferung. Erwartet: {muster}, z. B. {beispiel}.",
      "Der Dateiname passt zu keiner vereinbarten Lieferung. Erwartet: {muster}.",
      "Der Dateiname passt zu keiner vereinbarten Lieferung.",
    ],
    todo: ["Bitte die Datei umbenennen und erneut ablegen."],
  },
  "D-003": {
    wrong: [
      "Die Datei ist keine {art}-Datei, obwohl der Name darauf endet.",
      "Der Inhalt der Datei passt nicht zur Endung ihres Namens.",
    ],
    todo: [
      "Bitte im Fachverfahren als {art} exportieren. Nicht nur umbenennen.",
      "Bitte im vereinbarten Format exportieren. Nicht nur umbenennen.",
    ],
  },
  "D-004": {
    wrong: ["Die Datei ist mit einem Kennwort geschützt."],
    todo: ["Bitte ohne Kennwort ablegen; der Ablageort ist geschützt."],
  },
  "D-005": {
    wrong: ["Die Zeichenkodierung ist nicht erkennbar (Umlaute unlesbar)."],
    todo: ["Bitte als UTF-8 oder Windows-1252 exportieren."],
  },
  "D-006": {
    wrong: ["In der Kopfzeile fehlt die Spalte „{spalte}“.", "In der Kopfzeile fehlt eine Pflichtspalte."],
    todo: [
      "Bitte die vereinbarte Exportvorlage verwenden ({vorlage}).",
      "Bitte die vereinbarte Exportvorlage verwenden.",
    ],
  },
  "D-007": {
    wrong: ["Die Spalte „{spalte}“ kommt mehrfach vor.", "Eine Spalte kommt mehrfach vor."],
    todo: ["Bitte die doppelte Spalte aus der Exportvorlage entfernen."],
  },
  "D-008": {
    wrong: ["Der Stichtag ist nicht erkennbar, oder Dateiname und Zeilen nennen verschiedene Stichtage."],
    todo: [
      "Bitte den Stichtag im Dateinamen angeben, z. B. {beispiel}, und je Stichtag eine Datei liefern.",
      "Bitte den Stichtag im Dateinamen angeben und je Stichtag eine Datei liefern.",
    ],
  },
  "D-009": {
    wrong: ["Der Stichtag {stichtag} liegt in der Zukunft.", "Der Stichtag liegt in der Zukunft."],
    todo: ["Bitte den Stichtag prüfen und erneut liefern."],
  },
  "D-010": {
    wrong: [
      "Diese Datei trägt eine ältere laufende Nummer als die bereits übernommene ({id} vom {datum}).",
      "Diese Datei trägt eine ältere laufende Nummer als die bereits übernommene ({id}).",
      "Diese Datei trägt eine ältere laufende Nummer als die bereits übernommene.",
    ],
    todo: ["Wenn diese Datei gelten soll, bitte mit der nächsten Nummer ablegen."],
  },
  "D-011": {
    wrong: [
      "{anteil} der Zeilen sind fehlerhaft; erlaubt sind {grenze}.",
      "Zu viele Zeilen sind fehlerhaft.",
    ],
    todo: ["Bitte die häufigsten Fehler im Blatt „Zusammenfassung“ beheben und neu liefern."],
  },
  "D-012": {
    wrong: ["Die Datei bricht in der letzten Zeile ab."],
    todo: ["Bitte die Übertragung wiederholen."],
  },
  "D-014": {
    wrong: ["Die Datei ist größer als vereinbart ({grenze}).", "Die Datei ist größer als vereinbart."],
    todo: ["Bitte prüfen, ob der Auswahlzeitraum stimmt."],
  },
  "D-015": {
    wrong: ["Kein Tabellenblatt (oder mehr als eines) enthält alle Pflichtspalten."],
    todo: ["Bitte nur das Blatt mit den Daten liefern oder den Blattnamen absprechen."],
  },
  "D-016": {
    wrong: ["Das alte Excel-Format .xls kann nicht gelesen werden."],
    todo: ["Bitte als .xlsx oder CSV speichern."],
  },
  "D-017": {
    wrong: ["Diese Datei gehört nicht zu den vereinbarten Lieferungen und wurde gelöscht."],
    todo: ["Nichts zu tun; bitte diese Datei künftig nicht ablegen."],
  },
  "E-001": {
    wrong: [
      "Die Zeile hat {ist} Felder, erwartet sind {soll}.",
      "Die Zeile hat zu viele oder zu wenige Felder, erwartet sind {soll}.",
      "Die Zeile hat zu viele oder zu wenige Felder.",
    ],
    todo: [
      "Oft steht ein Trennzeichen ({zeichen}) im Text. Bitte im Fachverfahren entfernen.",
      "Oft steht ein Trennzeichen im Text. Bitte im Fachverfahren entfernen.",
    ],
  },
  "E-002": {
    wrong: ["Pflichtangabe fehlt."],
    todo: ["Bitte im Fachverfahren ergänzen."],
  },
  "E-003": {
    wrong: [
      "Kein gültiger Schlüssel. Erwartet: {soll}, z. B. {beispiel}.",
      "Kein gültiger Schlüssel. Erwartet: {soll}.",
      "Kein gültiger Schlüssel.",
    ],
    todo: [
      "Bitte den Schlüssel im Fachverfahren berichtigen. Liste: {liste}.",
      "Bitte den Schlüssel im Fachverfahren berichtigen.",
    ],
  },
  "E-005": {
    wrong: ["Kein lesbares Datum. Erwartet: TT.MM.JJJJ, z. B. 16.11.2026."],
    todo: ["Bitte das Datum berichtigen."],
  },
  "E-006": {
    wrong: [
      "Das Datum liegt außerhalb des erlaubten Bereichs ({von} bis {bis}).",
      "Das Datum liegt außerhalb des erlaubten Bereichs.",
    ],
    todo: ["Bitte das Datum prüfen."],
  },
  "E-007": {
    wrong: [
      "Keine lesbare Zahl. Erwartet: {soll}, z. B. {beispiel}.",
      "Keine lesbare Zahl. Erwartet: {soll}.",
      "Keine lesbare Zahl.",
    ],
    todo: ["Bitte nur Ziffern und ein Komma verwenden."],
  },
  "E-008": {
    wrong: [
      "Die Zahl liegt außerhalb des erlaubten Bereichs ({von} bis {bis}).",
      "Die Zahl liegt außerhalb des erlaubten Bereichs.",
    ],
    todo: ["Bitte prüfen und berichtigen."],
  },
  "E-009": {
    wrong: ["Der Eintrag ist länger als {grenze} Zeichen.", "Der Eintrag ist zu lang."],
    todo: ["Bitte kürzen."],
  },
  "E-010": {
    wrong: [
      "Derselbe Fall steht bereits in Zeile {zeile2}.",
      "Derselbe Fall steht bereits in einer anderen Zeile.",
    ],
    todo: ["Bitte die doppelte Zeile entfernen."],
  },
  "E-011": {
    wrong: [
      "Die Angaben „{spalte}“ und „{spalte2}“ widersprechen sich.",
      "Die Angabe „{spalte}“ widerspricht einer anderen Angabe der Zeile.",
      "Zwei Angaben der Zeile widersprechen sich.",
    ],
    todo: ["Bitte prüfen, welche Angabe stimmt."],
  },
  "E-012": {
    wrong: ["Die Jahreszahl hat nur zwei Stellen."],
    todo: ["Bitte Datumsangaben mit vierstelligem Jahr exportieren."],
  },
  "E-013": {
    wrong: ["Unzulässiges Zeichen im Feld."],
    todo: ["Bitte das Feld im Fachverfahren neu eingeben."],
  },
  "E-014": {
    wrong: ["Ein Anführungszeichen ist nicht geschlossen."],
    todo: ["Bitte das Anführungszeichen im Fachverfahren entfernen."],
  },
  "E-015": {
    wrong: ["Die Zelle enthält einen Fehlerwert (z. B. #NV), eine Formel ohne Ergebnis oder ist verbunden."],
    todo: ["Bitte nur Werte in einzelnen Zellen liefern."],
  },
  "E-016": {
    wrong: [
      // Of a whole delivery: too many such rows make it wait.
      "{anteil} der Zeilen tragen einen Schlüssel, der noch keiner Kategorie zugeordnet ist; die Lieferung wartet auf eine Entscheidung.",
      "Der Schlüssel ist noch keiner Kategorie zugeordnet; die Zeile liegt in der Klärungsliste.",
    ],
    todo: ["Nichts zu tun; die Statistikstelle ordnet den Schlüssel zu und meldet sich."],
  },
  "H-001": {
    wrong: [
      "Unbekannte Spalte „{spalte}“ wurde nicht beachtet.",
      "Eine unbekannte Spalte wurde nicht beachtet.",
    ],
    todo: ["Nichts zu tun. Neue Spalten bitte vorher absprechen."],
  },
  "H-002": {
    wrong: [
      "Andere Kodierung als vereinbart ({ist} statt {soll}); erkannt und umgesetzt.",
      "Andere Kodierung als vereinbart ({ist}); erkannt und umgesetzt.",
      "Andere Kodierung als vereinbart; erkannt und umgesetzt.",
    ],
    todo: ["Bitte die Exporteinstellung prüfen."],
  },
  "H-003": {
    wrong: ["Nur das Jahr ist bekannt; das Alter ist deshalb geschätzt."],
    todo: ["Wenn möglich ergänzen."],
  },
  "H-004": {
    wrong: [
      "Der Schlüssel war am Stichtag nicht gültig (gültig {von} bis {bis}); er wurde unverändert übernommen.",
      "Der Schlüssel war am Stichtag nicht gültig; er wurde unverändert übernommen.",
    ],
    todo: ["Bitte den Schlüssel im Fachverfahren prüfen."],
  },
  "H-005": {
    wrong: ["Die Anschrift konnte keinem Block zugeordnet werden; gezählt unter „ohne Zuordnung“."],
    todo: ["Bitte Straße und Hausnummer prüfen."],
  },
  "H-006": {
    wrong: ["Leerzeichen am Anfang oder Ende wurden entfernt."],
    todo: ["Nichts zu tun."],
  },
  "H-007": {
    wrong: ["Das Blatt enthält ausgeblendete oder gefilterte Zeilen; sie wurden mitgelesen."],
    todo: ["Bitte prüfen, ob das gewollt ist."],
  },
  "H-008": {
    wrong: ["Führende Nullen wurden ergänzt (sie gehen beim Bearbeiten in Excel verloren)."],
    todo: ["Bitte den Originalexport liefern, nicht in Excel öffnen und speichern."],
  },
  "H-009": {
    wrong: ["Ausgeblendete Tabellenblätter wurden nicht gelesen."],
    todo: ["Bitte prüfen, ob dort Daten fehlen."],
  },
  "H-010": {
    wrong: [
      "Übersprungen wurden Zeilen über der Kopfzeile ({anzahl}) und Summenzeilen ({anzahl2}).",
      "Zeilen über der Kopfzeile wurden übersprungen ({anzahl}).",
      "Summenzeilen wurden übersprungen ({anzahl2}).",
      "Zeilen über der Kopfzeile oder Summenzeilen wurden übersprungen.",
    ],
    todo: ["Nichts zu tun."],
  },
  "H-011": {
    wrong: ["Mehrfach vorhandene Fälle wurden zusammengefasst; gezählt wurde die jüngste Angabe."],
    todo: ["Nichts zu tun."],
  },
  "H-012": {
    wrong: ["Die Anschrift liegt außerhalb des Stadtgebiets."],
    todo: ["Bitte bei Gelegenheit prüfen."],
  },
  "H-013": {
    wrong: [
      "Die Zeilenzahl weicht um {anteil} von der letzten Lieferung ab; die Lieferung wartet auf eine Entscheidung.",
      "Die Zeilenzahl weicht stark von der letzten Lieferung ab; die Lieferung wartet auf eine Entscheidung.",
    ],
    todo: ["Bitte bestätigen, dass die Datei vollständig ist, oder neu liefern."],
  },
} as const satisfies Record<FindingCode, Wording>;

/** The wording of a finding: of each sentence the fullest form whose facts are all known. */
export function findingText(code: FindingCode, facts: Facts): FindingText {
  const { wrong, todo } = findingWordings[code];
  return { wrong: fullest(wrong, facts), todo: fullest(todo, facts) };
}

function fullest(wordings: Wordings, facts: Facts): string {
  for (const wording of wordings) {
    const text = filled(wording, facts);
    if (text !== undefined) return text;
  }
  throw new TypeError("Cannot word finding: its last wording must need no fact");
}

function filled(wording: string, facts: Facts): string | undefined {
  const known = new Map<string, string>(Object.entries(facts));
  let complete = true;
  const text = wording.replace(/\{(\w+)\}/g, (_, name: string) => {
    const fact = known.get(name) ?? "";
    if (fact === "") complete = false;
    return fact;
  });
  return complete ? text : undefined;
}
