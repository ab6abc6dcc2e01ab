import { isoDayIn } from "../registers/calendar.ts";
import { register } from "../registers/index.ts";
import { officeRegister } from "../registers/office.ts";
import { refuseUnknown } from "../registers/refuse-unknown.ts";
import {
  germanBytes,
  germanChange,
  germanDay,
  germanDayOf,
  germanInstant,
  germanNumber,
  printable,
} from "./german-text.ts";
import { nextDelivery } from "./next-delivery.ts";
import { type Receipt, timeZoneOf, unnamedPart } from "./receipt.ts";
import { delimiterName, isDecidedByPerson, type ReceiptSummary } from "./receipt-summary.ts";

/** How a delivery ended, as a receipt tells it. */
export type ReceiptVerdict =
  | "accepted"
  | "accepted-with-notes"
  | "held"
  | "rejected"
  | "repeated"
  | "repeated-held";

const verdictWords = {
  accepted: "übernommen",
  "accepted-with-notes": "mit Hinweisen übernommen",
  held: "wartet auf Entscheidung",
  rejected: "zurückgewiesen",
  repeated: "bereits übernommen",
  "repeated-held": "wartet bereits auf Entscheidung",
} as const satisfies Record<ReceiptVerdict, string>;

/** What stands first in a receipt, in page, workbook and mail alike. */
export type ReceiptHead = {
  readonly verdict: ReceiptVerdict;
  readonly title: string;
  /** "64.218 Zeilen geliefert · 64.206 übernommen · 12 abgelehnt · Lieferung übernommen" */
  readonly counts: string;
  readonly result: string;
  readonly todo: string;
  readonly facts: readonly { readonly label: string; readonly text: string }[];
};

export function receiptHead(receipt: Receipt, summary: ReceiptSummary): ReceiptHead {
  const verdict = verdictOf(receipt, summary);
  return {
    verdict,
    title: titleOf(receipt),
    counts: countLine(receipt, verdict),
    ...sentences(receipt, summary, verdict),
    facts: headFacts(receipt),
  };
}

function verdictOf({ outcome, repeatedAt }: Receipt, summary: ReceiptSummary): ReceiptVerdict {
  const { verdict } = outcome;
  if (repeatedAt !== undefined && verdict.kind !== "rejected") {
    return verdict.kind === "held" ? "repeated-held" : "repeated";
  }
  switch (verdict.kind) {
    case "accepted":
      return summary.file.length + summary.notes.length > 0 ? "accepted-with-notes" : "accepted";
    case "held":
    case "rejected":
      return verdict.kind;
    default:
      return refuseUnknown(verdict, "verdict of a receipt");
  }
}

function titleOf({ delivery }: Receipt): string {
  const { register: id, part, referenceDate } = delivery.slot;
  const { title } = register(id);
  if (part === unnamedPart) return `Quittung: ${title}`;
  const source = part === "-" ? title : `${title} (${printable(part)})`;
  return `Quittung: ${source}, Stichtag ${germanDay(referenceDate)}`;
}

/** Accepted and rejected rows always add up to the delivered ones: of a rejected delivery no row is taken. */
function countLine({ outcome }: Receipt, verdict: ReceiptVerdict): string {
  const { rowsRead, taken, rejected } = outcome;
  if (verdict === "rejected" && rowsRead === 0) return "Keine Zeile gelesen · Lieferung zurückgewiesen";
  const delivered = rowsRead === 1 ? "1 Zeile geliefert" : `${germanNumber(rowsRead)} Zeilen geliefert`;
  const none = verdict === "rejected";
  const waits = verdict === "held" || verdict === "repeated-held";
  return [
    delivered,
    `${germanNumber(none ? 0 : taken)} ${waits ? "lesbar" : "übernommen"}`,
    `${germanNumber(none ? rowsRead : rejected)} abgelehnt`,
    `Lieferung ${verdictWords[verdict]}`,
  ].join(" · ");
}

type Sentences = Pick<ReceiptHead, "result" | "todo">;

function sentences(receipt: Receipt, summary: ReceiptSummary, verdict: ReceiptVerdict): Sentences {
  const received = germanDayOf(receipt.delivery.receivedAt, timeZoneOf(receipt));
  const subject = `Ihre Lieferung vom ${received}`;
  switch (verdict) {
    case "repeated":
    case "repeated-held":
      return repeatedSentences(receipt, summary, verdict);
    case "rejected":
      return isDecidedByPerson(receipt)
        ? personRejected(subject)
        : decidedSentences(`${subject} wurde nicht übernommen:`, summary);
    case "held":
      return decidedSentences(`${subject} wartet auf eine Entscheidung:`, summary);
    case "accepted":
    case "accepted-with-notes":
      return receipt.outcome.rejected > 0
        ? rejectedRowSentences(subject, receipt, summary)
        : completeSentences(subject, verdict);
    default:
      return refuseUnknown(verdict, "sentences of a receipt");
  }
}

function repeatedSentences(
  receipt: Receipt,
  { file }: ReceiptSummary,
  verdict: "repeated" | "repeated-held",
): Sentences {
  const before = germanInstant(receipt.repeatedAt ?? "", timeZoneOf(receipt));
  return verdict === "repeated"
    ? {
        result: `Diese Datei wurde bereits am ${before} übernommen. Es wurde nichts geändert.`,
        todo: "Es ist nichts zu tun.",
      }
    : {
        result: `Diese Datei liegt seit dem ${before} vor und wartet auf eine Entscheidung. Es wurde nichts geändert.`,
        todo: file[0]?.text.todo ?? "Es ist nichts zu tun.",
      };
}

function personRejected(subject: string): Sentences {
  return {
    result: `${subject} wurde nicht übernommen: Die Statistikstelle hat sie nach Prüfung zurückgewiesen.`,
    todo: "Bitte den Export prüfen und neu liefern.",
  };
}

function decidedSentences(start: string, { file }: ReceiptSummary): Sentences {
  const text = file[0]?.text;
  return {
    result: text === undefined ? `${start} Die Statistikstelle meldet sich.` : `${start} ${text.wrong}`,
    todo: text?.todo ?? "Es ist nichts zu tun.",
  };
}

function completeSentences(subject: string, verdict: "accepted" | "accepted-with-notes"): Sentences {
  return verdict === "accepted"
    ? { result: `${subject} wurde vollständig übernommen.`, todo: "Es ist nichts zu tun." }
    : {
        result: `${subject} wurde mit Hinweisen übernommen.`,
        todo: "Es ist nichts zu tun; bitte sehen Sie die Hinweise bei Gelegenheit an.",
      };
}

function rejectedRowSentences(subject: string, receipt: Receipt, summary: ReceiptSummary): Sentences {
  const { rejected, rowsRead } = receipt.outcome;
  const waiting = summary.rejected.length > 0 && summary.rejected.every(({ code }) => code === "E-016");
  const share = `${germanNumber(rejected)} von ${rowCount(rowsRead)}`;
  const verb = rejected === 1 ? "konnte" : "konnten";
  return {
    result: waiting
      ? `${subject} wurde übernommen; ${share} ${rejected === 1 ? "liegt" : "liegen"} in der Klärungsliste.`
      : `${subject} wurde übernommen; ${share} ${verb} nicht gelesen werden.`,
    todo: waiting ? "Es ist nichts zu tun; die Statistikstelle meldet sich." : correction(receipt, summary),
  };
}

function correction(receipt: Receipt, summary: ReceiptSummary): string {
  const { rejected } = receipt.outcome;
  const next = nextDay(receipt);
  const due = next === undefined ? "" : ` am ${germanDay(next)}`;
  if (summary.rejected.some(({ code }) => code === "E-016")) {
    return `Bitte berichtigen Sie die abgelehnten Zeilen bis zur nächsten Lieferung${due}; um die Zeilen mit E-016 kümmert sich die Statistikstelle. Sie müssen die Datei nicht noch einmal senden.`;
  }
  const rows = rejected === 1 ? "die Zeile" : `die ${germanNumber(rejected)} Zeilen`;
  return `Bitte berichtigen Sie ${rows} bis zur nächsten Lieferung${due}. Sie müssen die Datei nicht noch einmal senden.`;
}

function rowCount(count: number): string {
  return count === 1 ? "1 Zeile" : `${germanNumber(count)} Zeilen`;
}

function nextDay(receipt: Receipt): string | undefined {
  const { delivery, office } = receipt;
  const receivedOn = isoDayIn(new Date(delivery.receivedAt), timeZoneOf(receipt));
  return nextDelivery(officeRegister(office, delivery.slot.register), receivedOn);
}

function headFacts(receipt: Receipt): ReceiptHead["facts"] {
  const { delivery, outcome, office } = receipt;
  const zone = timeZoneOf(receipt);
  const next = nextDay(receipt);
  const fact = (label: string, text: string) => (text === "" ? [] : [{ label, text }]);
  return [
    ...fact("Datei", printable(delivery.blobName.split("/").at(-1) ?? "")),
    ...fact("Größe", germanBytes(delivery.byteLength)),
    ...fact("Prüfsumme (SHA-256)", delivery.sha256),
    ...fact("Lieferkennung", printable(delivery.id)),
    ...fact("Eingegangen", germanInstant(delivery.receivedAt, zone)),
    ...fact("Erkannter Stichtag", recognisedDate(delivery.slot)),
    ...fact("Erkannte Zeichenkodierung", printable(outcome.encoding ?? "")),
    ...fact("Erkanntes Trennzeichen", delimiterName(outcome.delimiter ?? "")),
    ...fact("Zusammengefasste Zeilen", outcome.merged > 0 ? germanNumber(outcome.merged) : ""),
    ...fact("Vorlieferung", comparison(receipt)),
    ...fact("Nächste Lieferung", next === undefined ? "" : `erwartet bis ${germanDay(next)}`),
    ...fact("Fragen", contact(office)),
  ];
}

function recognisedDate({ part, referenceDate }: Receipt["delivery"]["slot"]): string {
  return part === unnamedPart ? "nicht erkannt" : germanDay(referenceDate);
}

/** "64.090 Zeilen (+0,2 %)" */
function comparison({ outcome, previous }: Receipt): string {
  if (previous === undefined) return "";
  const rows = rowCount(previous.rowsRead);
  if (previous.rowsRead === 0 || outcome.rowsRead === 0) return rows;
  return `${rows} (${germanChange(outcome.rowsRead / previous.rowsRead - 1)})`;
}

function contact({ name, kontakt }: Receipt["office"]): string {
  const ways = [kontakt.telefon && `Telefon ${kontakt.telefon}`, kontakt.email].filter((way) => way !== "");
  return [name, kontakt.stelle, ...ways].map(printable).join(", ");
}
