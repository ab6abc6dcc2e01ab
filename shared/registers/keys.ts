/** What a keyed value may be used for. One derived key each, so values of two purposes never match. */
export const pseudonymPurposes = ["person", "akdn-person", "akdn-fall", "azr", "schueler", "zeile"] as const;
export type PseudonymPurpose = (typeof pseudonymPurposes)[number];

/**
 * Key derivation handed in at the door. Implemented in `linkage`, passed in by `azure`.
 * The same purpose and value always give the same 16 bytes; without the key nothing follows from them.
 */
export type KeyDerivation = {
  pseudonym(purpose: PseudonymPurpose, value: string): Uint8Array;
};
