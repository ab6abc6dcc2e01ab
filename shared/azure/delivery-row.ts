import { z } from "zod";
import type { Delivery } from "../registers/delivery.ts";
import { deliveryStates } from "../registers/delivery.ts";
import { registerIds } from "../registers/register.ts";

/** A delivery as its row in table `Deliveries` holds it. */
export type StoredDelivery = Delivery & {
  /** ETag of the row: every change is conditional on it. */
  readonly version: string;
  /** When the row was last written, by the service's own clock (ISO). */
  readonly changedAt: string;
  /** When the blob was written (ISO). Orders two files of one slot with the same number. */
  readonly uploadedAt: string;
  /** Amtlicher Gemeindeschlüssel of the file name, "" where it has none. */
  readonly ags: string;
  /** Since when it has been waiting for the address file (ISO); moves when a person lets it wait on. */
  readonly waitingSince: string;
  /** How often reading was begun since it was received. */
  readonly attempts: number;
  /** Hash of everything its records depend on beside the file: code tables, office settings, address file. */
  readonly stand: string;
  /** What persons decided, oldest first. */
  readonly decisions: readonly Decision[];
};

export type NewDelivery = Omit<StoredDelivery, "version" | "changedAt">;

/** One decision of an operator, for the audit trail. */
export type Decision = {
  readonly who: string;
  readonly what: "freigeben" | "zurueckweisen";
  readonly when: string;
  readonly why: string;
};

const decisionSchema = z.object({
  who: z.string(),
  what: z.enum(["freigeben", "zurueckweisen"]),
  when: z.string(),
  why: z.string(),
});

const rowSchema = z.object({
  partitionKey: z.enum(registerIds),
  rowKey: z.string(),
  etag: z.string(),
  timestamp: z.string(),
  part: z.string(),
  referenceDate: z.string(),
  state: z.enum(deliveryStates),
  blobName: z.string(),
  blobEtag: z.string(),
  sha256: z.string(),
  byteLength: z.number(),
  sequence: z.number(),
  rowsRead: z.number(),
  taken: z.number(),
  rejected: z.number(),
  merged: z.number(),
  blockCount: z.number(),
  codeTableVersion: z.string(),
  receivedAt: z.string(),
  settledAt: z.string(),
  reason: z.string(),
  uploadedAt: z.string(),
  ags: z.string(),
  waitingSince: z.string(),
  attempts: z.number(),
  stand: z.string(),
  decisions: z.string(),
});

type Row = z.output<typeof rowSchema>;
/** Facts of a delivery that a change may set. A text is taken back by "". */
export type DeliveryChange = Partial<Omit<StoredDelivery, "id" | "slot" | "version" | "changedAt">>;

/**
 * @throws {TypeError} if a stored row has not the declared form, a state of another version included. Names the fields only.
 */
export function asDelivery(entity: object): StoredDelivery {
  const result = rowSchema.safeParse(entity);
  if (!result.success) {
    const fields = result.error.issues.map((issue) => issue.path.join(".")).join(", ");
    throw new TypeError(`Cannot read a delivery: its row must have the declared form in ${fields}`);
  }
  const { partitionKey, rowKey, etag, timestamp, part, referenceDate, blobEtag, decisions, ...facts } =
    result.data;
  const { settledAt, reason, ...always } = facts;
  return {
    ...always,
    id: rowKey,
    slot: { register: partitionKey, part, referenceDate },
    etag: blobEtag,
    version: etag,
    changedAt: timestamp,
    decisions: z.array(decisionSchema).parse(JSON.parse(decisions)),
    ...(settledAt === "" ? {} : { settledAt }),
    ...(reason === "" ? {} : { reason }),
  };
}

/** The properties of a new row. */
export function asRow(delivery: NewDelivery): Omit<Row, "etag" | "timestamp"> {
  const { id, slot, etag, decisions, ...facts } = delivery;
  return {
    ...facts,
    partitionKey: slot.register,
    rowKey: id,
    part: slot.part,
    referenceDate: slot.referenceDate,
    blobEtag: etag,
    settledAt: delivery.settledAt ?? "",
    reason: delivery.reason ?? "",
    decisions: JSON.stringify(decisions),
  };
}

/** The properties that a change sets. */
export function asRowChange(change: DeliveryChange): Partial<Row> {
  const { etag, decisions, ...facts } = change;
  return {
    ...facts,
    ...(etag === undefined ? {} : { blobEtag: etag }),
    ...(decisions === undefined ? {} : { decisions: JSON.stringify(decisions) }),
  };
}
