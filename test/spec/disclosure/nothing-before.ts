import type { Before } from "../../../shared/disclosure/before.ts";

/** A house that has released nothing yet; ties are broken by the names themselves. */
export const nothingBefore: Before = {
  earlier: [],
  lastShown: () => undefined,
  digest: (name) => name,
};
