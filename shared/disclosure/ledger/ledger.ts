import type { KnownTable } from "../known-table.ts";
import type { ReadingRules } from "../policy.ts";

/** What one release, or one answered request, showed. */
export type Showing = {
  /** Id of the release or the request. */
  readonly release: string;
  readonly kind: "report" | "request";
  /** "2026-KW47" */
  readonly week: string;
  /** "JJJJ-MM-TT" */
  readonly referenceDate: string;
  /** Version of the method and the policy by which it was protected. */
  readonly methodVersion: string;
  /** What its rounded and held cells mean, for good: an office may tighten its policy later. */
  readonly rules: ReadingRules;
  /** Every table as readers see it; a withheld one has no dimensions and no cells. */
  readonly tables: readonly KnownTable[];
};

/** A showing at its place in the ledger. */
export type LedgerEntry = Showing & {
  /** 1 for the first entry. */
  readonly sequence: number;
  /** SHA-256 of the bytes of the entry before, in hex digits; "" for the first. */
  readonly previous: string;
};

/** What ties an entry to its neighbours; `hash` is the SHA-256 of its own bytes. */
export type LedgerLink = Pick<LedgerEntry, "sequence" | "previous"> & { readonly hash: string };

/** The last entry of a ledger; sequence 0 and hash "" stand for an empty one. */
export type LedgerHead = Pick<LedgerLink, "sequence" | "hash">;

export const emptyLedger: LedgerHead = { sequence: 0, hash: "" };

/**
 * Whether the links, in any order, are one unbroken chain from the first entry on.
 *
 * A chain shows every change but a cut tail or a ledger written anew from some entry on: these show by a head that was
 * noted elsewhere, see {@link checkHead}.
 *
 * @returns the head of the chain.
 * @throws {RangeError} naming the sequence number: an entry that is missing or there twice, or does not carry the hash of
 * the entry before.
 */
export function checkChain(links: readonly LedgerLink[]): LedgerHead {
  let head = emptyLedger;
  for (const link of links.toSorted((one, other) => one.sequence - other.sequence)) {
    checkLink(head, link);
    head = { sequence: link.sequence, hash: link.hash };
  }
  return head;
}

function checkLink(before: LedgerHead, { sequence, previous }: LedgerLink): void {
  const expected = before.sequence + 1;
  if (sequence === before.sequence)
    throw new RangeError(`Cannot trust the ledger: entry ${sequence} must stand in it once`);
  if (sequence !== expected)
    throw new RangeError(`Cannot trust the ledger: entry ${expected} must stand before entry ${sequence}`);
  if (previous !== before.hash)
    throw new RangeError(
      `Cannot trust the ledger: entry ${sequence} must carry the hash of the entry before it`,
    );
}

/** @throws {RangeError} naming the sequence number, unless the entry that was noted as head is still in the chain. */
export function checkHead(links: readonly LedgerLink[], noted: LedgerHead): void {
  const found = links.find(({ sequence }) => sequence === noted.sequence)?.hash ?? "";
  if (found !== noted.hash)
    throw new RangeError(`Cannot trust the ledger: entry ${noted.sequence} must be the one that was noted`);
}

/**
 * The entries that a release was, or is to be, audited against: those before its own where it is in the ledger, else all.
 * So a build that is repeated after its entry was written meets the same history.
 */
export function entriesBefore<Entry extends Pick<LedgerEntry, "release" | "sequence">>(
  entries: readonly Entry[],
  release: string,
): readonly Entry[] {
  const own = entries.find((entry) => entry.release === release);
  return own === undefined ? entries : entries.filter(({ sequence }) => sequence < own.sequence);
}
