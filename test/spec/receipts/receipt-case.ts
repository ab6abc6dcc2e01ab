import { FindingLog } from "../../../shared/registers/finding-log.ts";
import { officeSchema } from "../../../shared/registers/office.ts";
import type { ReadOutcome } from "../../../shared/registers/outcome.ts";
import type { ColumnSpec } from "../../../shared/registers/register.ts";
import type { Receipt } from "../../../shared/report/receipt.ts";

export const invented = {
  office: officeSchema.parse({
    name: "Musterstadt",
    kontakt: { stelle: "Statistikstelle", telefon: "0000 123", email: "statistik@musterstadt.example" },
  }),
  sha256: "3f9a1c0b7d2e".padEnd(64, "0"),
} as const;

function column(
  name: string,
  value: ColumnSpec["value"],
  disposition: ColumnSpec["disposition"],
): ColumnSpec {
  return { name, aliases: [], value, required: "present", disposition };
}

/** Columns of an invented format: one of each kind of value. */
const columns: readonly ColumnSpec[] = [
  column("PersNr", { kind: "text", maxLength: 20 }, "H"),
  column("Familienname", { kind: "text" }, "T"),
  column("Staatsang1", { kind: "key", length: 3, codes: "citizenships" }, "K"),
  column("Titelschluessel", { kind: "key", length: 0, codes: "titel-mapping" }, "K"),
  column("GueltigAb", { kind: "date" }, "K"),
  column("Meldestatus", { kind: "code", allowed: ["A", "V", "U"] }, "K"),
  column("Geschlecht", { kind: "sex" }, "K"),
  column("Sperre", { kind: "yes-no" }, "T"),
  column("Klasse", { kind: "integer", min: 1, max: 13 }, "K"),
  column("Betrag", { kind: "money" }, "K"),
  column("Geburtsdatum", { kind: "partial-date" }, "T"),
  column("Monat", { kind: "month" }, "K"),
  column("StrSchl", { kind: "key", length: 5 }, "T"),
  column("Titel", { kind: "text", maxLength: 20 }, "K"),
  column("Bezeichnung", { kind: "text", maxLength: 200 }, "K"),
];

export type LoggedFinding = Parameters<FindingLog["add"]>;

type Case = Partial<Omit<ReadOutcome, "rows">> & {
  readonly found?: readonly LoggedFinding[];
  readonly receipt?: Partial<Receipt>;
};

/** A receipt of an invented delivery: 100 rows, all taken, unless the case says otherwise. */
export function receiptOf({ found = [], receipt = {}, ...outcome }: Case = {}): Receipt {
  const rows = new FindingLog();
  for (const finding of found) rows.add(...finding);
  const rowsRead = outcome.rowsRead ?? 100;
  const rejected = outcome.rejected ?? 0;
  const taken = rowsRead - rejected;
  const delivery = {
    id: "ewo-alw-2026-11-20-3f9a1c0b7d2e",
    slot: { register: "ewo-alw", part: "-", referenceDate: "2026-11-20" },
    state: "complete",
    blobName: "ewo-alw/EWO-ALW_05999000_2026-11-20_1.csv",
    etag: "0x1",
    sha256: invented.sha256,
    byteLength: 24_576,
    sequence: 1,
    rowsRead,
    taken,
    rejected,
    merged: 0,
    blockCount: 1,
    codeTableVersion: "v",
    receivedAt: "2026-11-23T11:04:00Z",
  } as const;
  return {
    delivery,
    office: invented.office,
    columns,
    outcome: {
      verdict: { kind: "accepted" },
      rowsRead,
      taken,
      rejected,
      merged: 0,
      blockCount: 1,
      codeTableVersion: "v",
      notes: [],
      headings: columns.map(({ name }) => name),
      encoding: "UTF-8",
      delimiter: ";",
      quality: {},
      workList: {},
      ...outcome,
      rows,
    },
    ...receipt,
  };
}

/** What a reader sees of a page: its words, one block a line, cells parted by " | ". */
export function wordsOf(page: string): string {
  return page
    .replace(/[\s\S]*?<main[^>]*>|<\/main>[\s\S]*/g, "")
    .replace(/<\/t[hd]>(?=<t[hd])/g, " | ")
    .replace(/<\/dt>/g, ": ")
    .replace(/<caption>.*?<\/caption>/g, "")
    .replace(/<[^>]+>/g, "")
    .replaceAll("&#39;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replaceAll("\u00a0", " ")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");
}
