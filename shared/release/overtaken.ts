import type { ReleaseState } from "./release-states.ts";

/** What decides which of several releases stands in the library. */
export type ReleaseOnItsWay = {
  readonly id: string;
  readonly referenceDate: string;
  readonly state: ReleaseState;
  /** Which one of its week it is by the order of being handed on to publication, from 1; 0 before that. */
  readonly turn: number;
};

/** True if another release of the same week was handed on to publication later: its figures are the corrected ones. */
export function isOvertaken(release: ReleaseOnItsWay, releases: readonly ReleaseOnItsWay[]): boolean {
  return releases.some(
    (other) =>
      other.id !== release.id &&
      other.referenceDate === release.referenceDate &&
      isInLibrary(other) &&
      other.turn > release.turn,
  );
}

/** The turn of a release that is handed on to publication now: after all others of its week. */
export function nextTurn(
  { id, referenceDate }: Pick<ReleaseOnItsWay, "id" | "referenceDate">,
  releases: readonly ReleaseOnItsWay[],
): number {
  const others = releases.filter((other) => other.referenceDate === referenceDate && other.id !== id);
  return Math.max(0, ...others.map(({ turn }) => turn)) + 1;
}

/** True if no later week is published or on its way there: only then the stable file shows this week. */
export function isNewestWeek(
  { referenceDate }: Pick<ReleaseOnItsWay, "referenceDate">,
  releases: readonly ReleaseOnItsWay[],
): boolean {
  return !releases.some((other) => isInLibrary(other) && other.referenceDate > referenceDate);
}

function isInLibrary({ state }: ReleaseOnItsWay): boolean {
  return state === "publishing" || state === "published";
}
