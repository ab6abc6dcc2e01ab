import { describe, expect, test } from "vitest";
import { receiptPage } from "../../../shared/pages/receipt-page.ts";
import { officeSchema } from "../../../shared/registers/office.ts";
import { type Receipt, unnamedPart } from "../../../shared/report/receipt.ts";
import { invented, type LoggedFinding, receiptOf, wordsOf } from "./receipt-case.ts";

const monday = { wochentag: "montag", uhrzeit: "12:00" } as const;
const comparison = {
  previous: { id: "former", rowsRead: 64_090 },
  office: officeSchema.parse({
    ...invented.office,
    lieferungen: [{ register: "ewo-alw", erwartet: monday }],
  }),
};

/** What a clerk reads: each case beside its golden text in `golden/`. */
const cases = {
  vollstaendig: receiptOf({ rowsRead: 64_218, receipt: comparison }),
  "mit-hinweisen": receiptOf({
    found: [
      ["H-006", 5, 2],
      ["H-006", 7, 2],
      ["H-008", 7, 2],
    ],
    notes: [
      { code: "H-001", facts: { spalte: "Religion" } },
      { code: "H-002", facts: { ist: "Windows-1252", soll: "UTF-8" } },
      { code: "H-010", facts: { anzahl: 2, anzahl2: 1 } },
    ],
  }),
  "zeilen-abgelehnt": receiptOf({
    rowsRead: 64_218,
    rejected: 12,
    found: [
      ...Array.from({ length: 6 }, (_, at): LoggedFinding => ["E-003", 214 + at, 2, 0, "999"]),
      ["E-005", 17, 4],
      ["E-001", 18, -1, 12],
      ["E-010", 20, -1, 19],
      ["E-007", 21, 9],
      ["E-008", 22, 8],
      ["E-009", 23, 0],
    ],
    receipt: comparison,
  }),
  "eine-zeile-abgelehnt": receiptOf({ rejected: 1, found: [["E-002", 3, 4]] }),
  "abgelehnt-und-klaerungsliste": receiptOf({
    rejected: 2,
    found: [
      ["E-002", 3, 4],
      ["E-016", 4, 3],
    ],
    notes: [{ code: "H-010", facts: { anzahl: 1, anzahl2: 0 } }],
  }),
  klaerungsliste: receiptOf({ rejected: 1, found: [["E-016", 3, 3]] }),
  wartet: receiptOf({
    rowsRead: 120,
    rejected: 1,
    found: [["E-011", 9, 4]],
    verdict: { kind: "held", finding: { code: "H-013", facts: {} } },
    receipt: { previous: { id: "former", rowsRead: 200 } },
  }),
  "spalten-fehlen": receiptOf({
    rowsRead: 0,
    headings: [],
    verdict: {
      kind: "rejected",
      findings: [
        { code: "D-006", facts: { spalte: "PersNr" } },
        { code: "D-006", facts: { spalte: "Strassenschluessel“ oder „Strasse" } },
      ],
    },
  }),
  "zu-viele-fehler": receiptOf({
    rowsRead: 200,
    rejected: 10,
    found: [["E-002", 3, 0]],
    verdict: { kind: "rejected", findings: [{ code: "D-011", facts: {} }] },
  }),
  "unbekannte-schluessel": receiptOf({
    rejected: 3,
    found: [["E-016", 3, 3]],
    verdict: { kind: "held", finding: { code: "E-016", facts: { anteil: 0.03 } } },
  }),
  zusammengefasst: receiptOf({
    merged: 4,
    found: [
      ["H-011", 7],
      ["H-011", 9],
    ],
  }),
  widersprueche: receiptOf({
    rejected: 7,
    found: [["E-010", 3, -1, 2]],
    verdict: {
      kind: "rejected",
      findings: [{ code: "D-011", facts: { anteil: 0.08, grenze: "7.000000000000001 %" } }],
    },
  }),
  "nach-pruefung-zurueckgewiesen": receiptOf({
    verdict: { kind: "rejected", findings: [{ code: "H-013", facts: {} }] },
  }),
  "dateiname-unbekannt": unnamed(
    receiptOf({
      rowsRead: 0,
      headings: [],
      verdict: {
        kind: "rejected",
        findings: [
          {
            code: "D-002",
            facts: {
              muster: "EWO-ALW_<AGS>_<Stichtag>_<n>.csv",
              beispiel: "EWO-ALW_05999000_2026-11-20_1.csv",
            },
          },
        ],
      },
    }),
  ),
  "dieselbe-datei-wartet": receiptOf({
    verdict: { kind: "held", finding: { code: "H-013", facts: {} } },
    receipt: { repeatedAt: "2026-11-23T11:04:00Z" },
  }),
  "dieselbe-datei": receiptOf({ receipt: { repeatedAt: "2026-11-23T11:04:00Z" } }),
} as const;

function unnamed(receipt: Receipt): Receipt {
  const { delivery } = receipt;
  const slot = { ...delivery.slot, part: unnamedPart, referenceDate: "2026-11-23" };
  return {
    ...receipt,
    delivery: { ...delivery, slot, sha256: "", blobName: "ewo-alw/Kopie von Export.csv" },
  };
}

describe("receiptPage()", () => {
  test.each(Object.entries(cases))("reads as agreed: %s", async (name, receipt) => {
    await expect(wordsOf(receiptPage(receipt))).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  test("accepted and rejected rows add up to the delivered ones in every variant", () => {
    const lines = Object.values(cases).map((receipt) => wordsOf(receiptPage(receipt)).split("\n")[1] ?? "");
    const counted = lines.filter((line) => line.includes("geliefert"));
    for (const line of counted) {
      const [delivered = 0, taken = 0, rejected = 0] = [...line.replaceAll(".", "").matchAll(/\d+/g)].map(
        Number,
      );
      expect(taken + rejected, line).toBe(delivered);
    }
    expect(counted).toHaveLength(Object.keys(cases).length - 2);
  });

  test("is one complete German page without script, picture or address elsewhere", () => {
    const made = receiptPage(cases["zeilen-abgelehnt"]);
    expect(made).toMatch(/^<!DOCTYPE html>\n<html lang="de">/);
    expect(made).not.toMatch(/<script|<img|<link|@import|url\(|https?:|style="|\son\w+="/i);
    expect(made.match(/<h1>/g)).toHaveLength(1);
    expect(made.match(/<caption>/g)?.length).toBe(made.match(/<table>/g)?.length);
    expect(made).toContain('href="ewo-alw-2026-11-20-3f9a1c0b7d2e.xlsx"');
  });

  test("escapes hostile names of office, file and headings", () => {
    const hostile = '"><script>alert(1)</script>';
    const receipt = receiptOf({ headings: [hostile, `${hostile}2`], found: [["E-002", 2, 0]] });
    const made = receiptPage({
      ...receipt,
      delivery: { ...receipt.delivery, blobName: `ewo-alw/${hostile.replaceAll("/", "")}\u202e.csv` },
      office: {
        ...invented.office,
        name: hostile,
        kontakt: { stelle: hostile, telefon: hostile, email: "" },
      },
    });
    expect(made).not.toContain("<script");
    expect(made).not.toContain("\u202e");
    expect(made).toContain("&lt;script&gt;");
  });

  test("shows no cell: neither a logged code nor a heading that is none", () => {
    const sentinel = "Xyzzysentinel";
    const made = receiptPage(
      receiptOf({
        headings: [sentinel, "Staatsang1"],
        found: [
          ["E-003", 2, 1, 0, "987"],
          ["E-003", 3, 0, 0, sentinel],
        ],
        notes: [
          { code: "H-001", facts: { spalte: `${sentinel};${sentinel}@example.org` } },
          { code: "H-001", facts: { wert: sentinel } },
        ],
        workList: { Staatsang1: { [sentinel]: 4 } },
        quality: { [sentinel]: 1 },
        rejected: 2,
      }),
    );
    expect(made).not.toContain(sentinel);
    expect(made).not.toContain("987");
    expect(made).toContain("<td>Spalte 1</td>");
  });
});
