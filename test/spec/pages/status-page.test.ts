import { describe, expect, test } from "vitest";
import { type StatusData, statusPage } from "../../../shared/pages/status-page.ts";
import { releaseStateTexts } from "../../../shared/pages/texts.ts";
import { type Delivery, deliveryStates } from "../../../shared/registers/delivery.ts";
import { releaseStates } from "../../../shared/release/release-states.ts";
import { receiptOf, wordsOf } from "../receipts/receipt-case.ts";

const { delivery } = receiptOf({ rowsRead: 12_345, rejected: 12 });

function school(number: number, change: Partial<Delivery> = {}): Delivery {
  const part = String(100_000 + number);
  return {
    ...delivery,
    id: `schild-${part}-2026-10-15-3f9a1c0b7d2e`,
    slot: { register: "schild", part, referenceDate: "2026-10-15" },
    blobName: `schild/${part}/2026-10-15/SchuelerBasisdaten.dat`,
    ...change,
  };
}

function dataWith(change: Partial<StatusData> = {}): StatusData {
  return {
    registers: [{ id: "ewo-alw", title: "Ausländerregister", deliveries: [delivery] }],
    releases: [],
    now: "2026-11-23T05:00:00Z",
    timeZone: "Europe/Berlin",
    formToken: "zeichen",
    ...change,
  };
}

const release = {
  id: "2026-KW47-aaaaaaaaaaaa",
  week: "2026-KW47",
  state: "held",
  referenceDate: "2026-11-20",
  updatedAt: "2026-11-24T05:00:00Z",
  reason: "",
} as const;

describe("statusPage()", () => {
  test("lists deliveries that came together by their day of reference, the newest first", () => {
    const days = ["2026-10-02", "2026-11-20", "2026-09-25"];
    const deliveries = days.map((day) => ({
      ...delivery,
      id: `ewo-alw-${day}-3f9a1c0b7d2e`,
      slot: { ...delivery.slot, referenceDate: day },
    }));
    const page = statusPage(dataWith({ registers: [{ id: "ewo-alw", title: "Register", deliveries }] }));
    expect([...page.matchAll(/<th scope="row">([\d.]+)<\/th>/g)].map(([, day]) => day)).toEqual([
      ...["20.11.2026", "02.10.2026", "25.09.2026"],
    ]);
  });

  test("shows deliveries, reports and what failed", () => {
    const words = wordsOf(
      statusPage(
        dataWith({
          registers: [
            {
              id: "ewo-alw",
              title: "Ausländerregister",
              deliveries: [
                delivery,
                {
                  ...delivery,
                  id: "x",
                  state: "rejected",
                  reason: "D-011",
                  receivedAt: "2026-11-16T11:00:00Z",
                },
              ],
            },
            { id: "schild", title: "Schulen", deliveries: [school(1, { state: "loading" })] },
            { id: "ewo", title: "Einwohnerregister", deliveries: [] },
          ],
          releases: [{ ...release, state: "published" }],
          poison: [
            { queue: "berichte", count: 2 },
            { queue: "lieferungen", count: 0 },
          ],
        }),
      ),
    );
    expect(words).toBe(`Stand der Lieferungen und Berichte
Stand: 23.11.2026 um 06:00 Uhr
Wartet auf eine Entscheidung
Keine Lieferung und kein Bericht wartet auf eine Entscheidung.
Lieferungen
Ausländerregister
Stichtag | Zustand | Eingegangen | Übernommen | Abgelehnt | Quittung
20.11.2026 | übernommen | 23.11.2026 um 12:04 Uhr | 12.333 | 12 | Quittung: EWO-ALW_05999000_2026-11-20_1.csv
20.11.2026 | zurückgewiesen (D-011: Zu viele Zeilen sind fehlerhaft) | 16.11.2026 um 12:00 Uhr | 0 | 12.345 | Quittung: EWO-ALW_05999000_2026-11-20_1.csv
Schulen
Stichtag | Teil | Zustand | Eingegangen | Übernommen | Abgelehnt | Quittung
15.10.2026 | 100001 | wird gelesen | 23.11.2026 um 12:04 Uhr | 12.333 | 12 | –
Einwohnerregister
Es liegt noch keine Lieferung vor.
Berichte
Woche | Stichtag | Zustand | Geändert | Bericht
2026-KW47 | 20.11.2026 | veröffentlicht | 24.11.2026 um 06:00 Uhr | 2026-KW47-aaaaaaaaaaaa
Fehlgeschlagene Aufträge
Warteschlange | Anzahl
berichte | 2`);
  });

  test("says first what is wrong with the office's files, and what that stops", () => {
    const words = wordsOf(statusPage(dataWith({ mistake: "Cannot read office.json: it must be JSON" })));
    expect(words.split("\n").slice(2, 5)).toEqual([
      "Die Konfiguration ist fehlerhaft",
      "Bis die Datei im Container „config“ berichtigt ist, wird keine Lieferung übernommen und kein Bericht erstellt. Danach geht es von selbst weiter.",
      "Cannot read office.json: it must be JSON",
    ]);
  });

  test("offers a decision for what waits, with the token in every form, and for nothing else", () => {
    const states = deliveryStates.map((state) => school(deliveryStates.indexOf(state), { state }));
    const releases = releaseStates.map((state, at) => ({ ...release, id: `2026-KW47-${at}`, state }));
    const made = statusPage(
      dataWith({ registers: [{ id: "schild", title: "Schulen", deliveries: states }], releases }),
    );
    const actions = [...made.matchAll(/<form method="post" action="([^"]+)">/g)].map((match) => match[1]);
    expect(actions).toEqual([
      `/lieferungen/schild-${100_000 + deliveryStates.indexOf("held")}-2026-10-15-3f9a1c0b7d2e/entscheidung`,
      `/berichte/2026-KW47-${releaseStates.indexOf("held")}/entscheidung`,
    ]);
    expect(made.match(/name="formular" value="zeichen"/g)).toHaveLength(actions.length);
    expect(made.match(/<button type="submit" name="entscheidung"/g)).toHaveLength(2 * actions.length);
  });

  test("Enter in the field for the reason decides nothing: the first button of that form is disabled", () => {
    const made = statusPage(
      dataWith({
        registers: [{ id: "schild", title: "Schulen", deliveries: [school(1, { state: "held" })] }],
        releases: [release],
      }),
    );
    const forms = [...made.matchAll(/<form.*?<\/form>/gs)].map(([form]) => form);
    const withField = forms.filter((form) => form.includes('type="text"'));
    expect(withField).toHaveLength(1);
    expect(withField[0]?.match(/<button[^>]*>/)?.[0]).toContain(" disabled ");
  });

  test("every state of a release has a word", () => {
    expect(Object.keys(releaseStateTexts).sort()).toEqual([...releaseStates].sort());
  });

  test("a register with hundreds of deliveries shows the newest and says how many are left out", () => {
    const deliveries = Array.from({ length: 130 }, (_, at) =>
      school(at, { receivedAt: new Date(Date.UTC(2026, 10, 1, at)).toISOString() }),
    );
    const made = statusPage(dataWith({ registers: [{ id: "schild", title: "Schulen", deliveries }] }));
    expect(made).toContain("105 ältere Lieferungen sind nicht aufgeführt.");
    expect(made).toContain(">100129<");
    expect(made).not.toContain(">100104<");
  });

  test("escapes hostile names", () => {
    const hostile = `"><script>alert('x')</script>`;
    const made = statusPage(
      dataWith({
        registers: [
          {
            id: "schild",
            title: hostile,
            deliveries: [
              school(1, {
                id: hostile,
                state: "held",
                reason: hostile,
                blobName: hostile,
                slot: { register: "schild", part: hostile, referenceDate: hostile },
              }),
            ],
          },
        ],
        releases: [
          {
            ...release,
            id: hostile,
            week: hostile,
            referenceDate: hostile,
            updatedAt: hostile,
            reason: hostile,
          },
        ],
        poison: [{ queue: hostile, count: 1 }],
        mistake: hostile,
        formToken: hostile,
      }),
    );
    expect(made).not.toContain("<script");
    expect(made).not.toContain('="">');
  });
});
