import { resumeDelivery } from "../../shared/azure/resume-delivery.ts";
import type { Surroundings } from "../../shared/azure/surroundings.ts";

const ags = "05999000";

const addressHeader =
  "Straßenschlüssel;Straße;HausNrVon;ZusatzVon;HausNrBis;ZusatzBis;Paritaet;Stadtbezirk;Stadtteil;StatBezirk;Baublock;Blockseite;GueltigVon;GueltigBis";

/** An address file: street 00100 with two blocks, from `validFrom` on. */
export function addressFile(validFrom = "01.01.2020"): string {
  return [
    addressHeader,
    `00100;Musterweg;1;;99;;U;1;11;111;11101;111011;${validFrom};`,
    `00100;Musterweg;2;;98;;G;1;11;111;11102;111021;${validFrom};`,
    "",
  ].join("\r\n");
}

const personHeader =
  "Stichtag;PersNr;Familienname;Vornamen;Geburtsdatum;Geschlecht;Staatsang1;Staatsang2;Titelschluessel;GueltigAb;GueltigBis;Ereignisdatum;Asylstand;Meldestatus;Strassenschluessel;Strasse;Hausnummer;Zusatz;Auskunftssperre";

export type PersonFile = {
  /** "2026-11-20" */
  readonly day: string;
  readonly persons: number;
  /** Makes another content of the same size. */
  readonly variant?: string;
  /** Further lines, fields joined by ";". */
  readonly lines?: readonly string[];
  readonly name?: string;
};

/** A foreigners register of invented persons. */
export function personFile({ day, persons, variant = "", lines = [], name = "Muster" }: PersonFile): string {
  const stichtag = germanDay(day);
  const rows = Array.from({ length: persons }, (_, at) =>
    [
      stichtag,
      `${1_000 + at}`,
      name,
      `Person${variant}`,
      `${String((at % 28) + 1).padStart(2, "0")}.05.${1_950 + (at % 60)}`,
      at % 2 === 0 ? "m" : "w",
      "475",
      "",
      "AKN",
      "01.03.2023",
      "",
      "",
      "",
      "A",
      "00100",
      "Musterweg",
      `${(at % 90) + 1}`,
      "",
      "N",
    ].join(";"),
  );
  return [personHeader, ...rows, ...lines, ""].join("\r\n");
}

function germanDay(day: string): string {
  return day.split("-").reverse().join(".");
}

export const addressName = (n = 1, day = "2020-01-01") =>
  `gliederung/GLIEDERUNG-ADRESSEN_${ags}_${day}_${n}.csv`;
export const personName = (n = 1, day = "2026-11-20") => `ewo-alw/EWO-ALW_${ags}_${day}_${n}.csv`;

/** What a department does: puts a file into its folder. */
export async function drop(around: Surroundings, name: string, content: string): Promise<void> {
  await around.storage.container("exports").getBlockBlobClient(name).uploadData(Buffer.from(content));
}

/** Does everything that waits in the queue, and what that sends, as the functions host would. */
export async function workOffQueue(around: Surroundings): Promise<number> {
  const queue = around.storage.queue("lieferungen");
  let done = 0;
  for (;;) {
    const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 32 });
    if (receivedMessageItems.length === 0) return done;
    for (const item of receivedMessageItems) {
      await resumeDelivery(JSON.parse(Buffer.from(item.messageText, "base64").toString("utf8")), around);
      await queue.deleteMessage(item.messageId, item.popReceipt);
      done++;
    }
  }
}

/** Everything storage holds of deliveries, without what the service itself makes up. */
export async function contentsOf(around: Surroundings): Promise<Readonly<Record<string, unknown>>> {
  const contents: Record<string, unknown> = {};
  for (const table of ["Deliveries", "Records"] as const) {
    for await (const entity of around.storage.table(table).listEntities()) {
      const { etag, timestamp, blobEtag, uploadedAt, attempts, ...facts } = entity;
      const isArrival = String(entity.rowKey).startsWith("eingang.");
      const key = isArrival ? `eingang of ${String(entity["delivery"])}` : entity.rowKey;
      contents[`${table}/${entity.partitionKey}/${key}`] = isArrival ? 1 : facts;
    }
  }
  for (const container of ["receipts", "internal"] as const) {
    for await (const { name } of around.storage.container(container).listBlobsFlat()) {
      const bytes = await around.storage.container(container).getBlobClient(name).downloadToBuffer();
      contents[`${container}/${name}`] = bytes.toString("base64");
    }
  }
  return contents;
}
