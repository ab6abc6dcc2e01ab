/**
 * States of a release, and where each may go. `failed` may be tried again; a published release is audited anew where its
 * content comes into force again after a correction; a withdrawn release never comes back.
 */
const transitions = {
  building: ["audited", "failed"],
  audited: ["held", "publishing", "failed"],
  held: ["publishing", "withdrawn", "failed"],
  publishing: ["published", "failed"],
  published: ["audited", "withdrawn"],
  failed: ["building", "withdrawn"],
  withdrawn: [],
} as const satisfies Record<string, readonly string[]>;

export type ReleaseState = keyof typeof transitions;
export const releaseStates: readonly ReleaseState[] = Object.keys(transitions).filter(isReleaseState);

export function isReleaseState(value: string): value is ReleaseState {
  return Object.hasOwn(transitions, value);
}

export function canBecome(from: ReleaseState, to: ReleaseState): boolean {
  const allowed: readonly ReleaseState[] = transitions[from];
  return allowed.includes(to);
}
