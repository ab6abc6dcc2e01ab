import type { Slot } from "./register.ts";

/** States of a delivery, in the order of its life. `rejected` and `held` are ends until a person or a new file comes. */
export const deliveryStates = [
  "received",
  "loading",
  "complete",
  "rejected",
  "held",
  "superseded",
  "purged",
] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** What is known of one delivery: facts and counts, no content. */
export type Delivery = {
  /** Register, part where there is one, reference date and the first 12 hex digits of the content's SHA-256, joined by "-". */
  readonly id: string;
  readonly slot: Slot;
  readonly state: DeliveryState;
  /** Path below the container `exports`, and the ETag of the version that was read, without quotes. */
  readonly blobName: string;
  readonly etag: string;
  readonly sha256: string;
  readonly byteLength: number;
  /** Number at the end of the file name, 1 where there is none. */
  readonly sequence: number;
  readonly rowsRead: number;
  readonly taken: number;
  readonly rejected: number;
  /** Records that were merged with another row of the same record key; part of `taken`, not stored. */
  readonly merged: number;
  readonly blockCount: number;
  readonly codeTableVersion: string;
  /** ISO instants. */
  readonly receivedAt: string;
  readonly settledAt?: string;
  /** Code of the finding that rejected or holds it. */
  readonly reason?: string;
};

export function deliveryId(slot: Slot, sha256: string): string {
  return [
    slot.register,
    ...(slot.part === "-" ? [] : [slot.part]),
    slot.referenceDate,
    sha256.slice(0, 12),
  ].join("-");
}
