import { Readable } from "node:stream";
import { receiptPage } from "../pages/receipt-page.ts";
import type { Delivery } from "../registers/delivery.ts";
import type { ReadOutcome } from "../registers/outcome.ts";
import type { RegisterId } from "../registers/register.ts";
import type { FileSource } from "../registers/source.ts";
import type { Receipt } from "../report/receipt.ts";
import { receiptWorkbook } from "../report/receipt-workbook.ts";
import type { StorageClients } from "./clients.ts";
import { hasStatus } from "./storage-error.ts";

const htmlType = "text/html; charset=utf-8";
const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const geometryType = "application/geo+json";

/** Writes the receipt of a delivery, page and workbook, over a former one. */
export async function writeReceipt(storage: StorageClients, receipt: Receipt): Promise<void> {
  const { slot, id } = receipt.delivery;
  const workbook = Buffer.from(await receiptWorkbook(receipt));
  await Promise.all([
    write(storage, "receipts", `${slot.register}/${id}.html`, Buffer.from(receiptPage(receipt)), htmlType),
    write(storage, "receipts", `${slot.register}/${id}.xlsx`, workbook, workbookType),
  ]);
}

/** A file of a receipt ("….html", "….xlsx"); undefined where there is none. */
export async function readReceipt(
  storage: StorageClients,
  register: RegisterId,
  fileName: string,
): Promise<Uint8Array | undefined> {
  try {
    return await storage.container("receipts").getBlobClient(`${register}/${fileName}`).downloadToBuffer();
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

/** What operators see of a delivery beside its row: counts, codes of findings, keys that no code table knows. */
export async function writeInternalFacts(
  storage: StorageClients,
  delivery: Delivery,
  outcome: ReadOutcome,
): Promise<void> {
  const facts = {
    deliveryId: delivery.id,
    quality: sorted(outcome.quality),
    notes: outcome.notes.map((note) => note.code),
    findings: findingCounts(outcome),
    workList: sorted(outcome.workList),
  };
  const name = `${delivery.slot.register}/${delivery.id}.json`;
  await write(storage, "internal", name, Buffer.from(`${JSON.stringify(facts)}\n`), "application/json");
}

/** Keeps the accepted geometry as it was delivered: it holds areas and no persons. */
export async function keepGeometry(storage: StorageClients, id: string, source: FileSource): Promise<void> {
  const blob = storage.container("internal").getBlockBlobClient(`geometrie/${id}.geojson`);
  await blob.uploadStream(Readable.from(source.chunks()), undefined, 1, {
    blobHTTPHeaders: { blobContentType: geometryType },
  });
}

function findingCounts(outcome: ReadOutcome): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { code } of outcome.rows.entries()) counts[code] = (counts[code] ?? 0) + 1;
  return sorted(counts);
}

/** The same facts give the same bytes, whatever the order they were found in. */
function sorted<T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function write(
  storage: StorageClients,
  container: "receipts" | "internal",
  name: string,
  bytes: Buffer,
  blobContentType: string,
): Promise<void> {
  const blob = storage.container(container).getBlockBlobClient(name);
  await blob.uploadData(bytes, { blobHTTPHeaders: { blobContentType } });
}
