import type { EarlierTable, LastShown } from "./ledger/ledger-history.ts";

/** What readers remember when a release comes out. */
export type Before = {
  /** Tables of earlier releases that count the same at the same time. */
  readonly earlier: readonly EarlierTable[];
  /** The number that readers last saw in a cell. */
  readonly lastShown: LastShown;
  /** Keyed digest of a name: breaks ties so that nobody outside can foresee them. */
  readonly digest: (name: string) => string;
};

/**
 * Possible tables that protection hands to the audit, by canonical name of the cell: one number for every cell that is not
 * published exactly, and what each change adds to some of them. The audit adds all of them up before it uses any.
 */
export type Evidence = {
  readonly numbers: ReadonlyMap<string, number>;
  readonly changes: readonly ReadonlyMap<string, number>[];
};
