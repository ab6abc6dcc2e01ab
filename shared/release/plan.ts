/** One side effect of a publication, as data. Carried out one by one, each at most once, by `azure/carry-out.ts`. */
export type Action =
  /** Put the release's file into the library; `whenLocked` is the name used when somebody has it open. */
  | {
      readonly kind: "upload";
      readonly id: string;
      readonly file: string;
      readonly target: string;
      readonly sha256: string;
      readonly whenLocked?: string;
    }
  /** Record the release's new state; the last action of every plan. */
  | { readonly kind: "record-state"; readonly id: string; readonly state: "published" };

export type Plan = { readonly releaseId: string; readonly actions: readonly Action[] };
