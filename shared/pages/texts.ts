import type { deliveryStates } from "../registers/delivery.ts";
import { germanNumber } from "../report/german-text.ts";

/** German texts of the pages; another language is an object that satisfies `typeof texts`. */
export const texts = {
  product: "Bevölkerung aktuell",
  skipLink: "Zum Inhalt",
  navigation: "Seiten",
  footer: "Internes Arbeitsmittel der Statistikstelle. Nicht weitergeben.",
  home: {
    title: "Übersicht",
    intro: "Lieferungen prüfen, Quittungen ansehen, Berichte freigeben.",
    status: "Stand der Lieferungen und Berichte",
  },
  refused: {
    signInTitle: "Anmeldung nötig",
    signIn: "Bitte melden Sie sich an und rufen Sie die Seite erneut auf.",
    roleTitle: "Keine Berechtigung",
    role: "Diese Seite ist Beschäftigten mit der Rolle „Betrieb“ vorbehalten. Über die Berechtigung entscheidet die Statistikstelle.",
    missingTitle: "Nicht gefunden",
    missing: "Diese Seite gibt es nicht. Quittungen werden nach Ablauf der Aufbewahrungsfrist gelöscht.",
    failedTitle: "Störung",
    failed: "Die Seite kann gerade nicht gezeigt werden. Bitte versuchen Sie es in einigen Minuten erneut.",
  },
  receipt: {
    footer:
      "Sie erhalten diese Quittung, weil Sie als Lieferstelle eingetragen sind. Sie enthält keine Angaben zu Personen.",
    todo: "Was zu tun ist",
    facts: "Angaben zur Lieferung",
    file: "Zur ganzen Datei",
    rejected: "Abgelehnte Zeilen",
    notes: "Hinweise zu übernommenen Zeilen",
    allRows: "Alle Zeilen mit Erklärung (Excel)",
    moreLines: (count: number) => `und ${germanNumber(count)} weitere`,
    columns: {
      code: "Fehlercode",
      column: "Spalte",
      count: "Anzahl",
      lines: "Zeilen Ihrer Datei",
      wrong: "Was ist falsch",
      todo: "Was tun",
    },
  },
  status: {
    title: "Stand der Lieferungen und Berichte",
    asOf: (instant: string) => `Stand: ${instant}`,
    mistake: "Die Konfiguration ist fehlerhaft",
    mistakeStops:
      "Bis die Datei im Container „config“ berichtigt ist, wird keine Lieferung übernommen und kein Bericht erstellt. Danach geht es von selbst weiter.",
    waiting: "Wartet auf eine Entscheidung",
    nothingWaits: "Keine Lieferung und kein Bericht wartet auf eine Entscheidung.",
    deliveries: "Lieferungen",
    noDelivery: "Es liegt noch keine Lieferung vor.",
    older: (count: number) =>
      count === 1
        ? "1 ältere Lieferung ist nicht aufgeführt."
        : `${germanNumber(count)} ältere Lieferungen sind nicht aufgeführt.`,
    releases: "Berichte",
    noRelease: "Es wurde noch kein Bericht erstellt.",
    failures: "Fehlgeschlagene Aufträge",
    noFailure: "Keine.",
    receipt: "Quittung",
    reason: "Grund (freiwillig, ohne Angaben zu Personen)",
    columns: {
      delivery: "Lieferung",
      part: "Teil",
      state: "Zustand",
      referenceDate: "Stichtag",
      received: "Eingegangen",
      taken: "Übernommen",
      rejected: "Abgelehnt",
      receipt: "Quittung",
      decision: "Entscheidung",
      release: "Bericht",
      week: "Woche",
      updated: "Geändert",
      queue: "Warteschlange",
      count: "Anzahl",
    },
    decide: {
      accept: "Übernehmen",
      refuse: "Zurückweisen",
      publish: "Freigeben",
      withhold: "Nicht veröffentlichen",
    },
    decideHint: (action: string, subject: string) => `${action}: ${subject}`,
  },
} as const;

export const deliveryStateTexts = {
  received: "eingegangen",
  loading: "wird gelesen",
  complete: "übernommen",
  rejected: "zurückgewiesen",
  held: "wartet auf Entscheidung",
  superseded: "ersetzt",
  purged: "gelöscht",
} as const satisfies Record<(typeof deliveryStates)[number], string>;

export const releaseStateTexts = {
  building: "wird erstellt",
  audited: "geprüft",
  held: "wartet auf Freigabe",
  publishing: "wird veröffentlicht",
  published: "veröffentlicht",
  failed: "fehlgeschlagen",
  withdrawn: "zurückgezogen",
} as const;
