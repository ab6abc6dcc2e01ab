import type { ReleaseOnItsWay } from "./overtaken.ts";

/** Weeks that are looked back for a value: what was not shown in so many of them counts as new. */
const weeksBack = 8;

/** The release that readers saw last in each of the weeks before a reference date, newest week first. */
export function formerReleases<Release extends ReleaseOnItsWay>(
  releases: readonly Release[],
  referenceDate: string,
): readonly Release[] {
  const last = new Map<string, Release>();
  for (const release of releases) {
    const isFormer = release.state === "published" && release.referenceDate < referenceDate;
    if (isFormer && release.turn >= (last.get(release.referenceDate)?.turn ?? 0)) {
      last.set(release.referenceDate, release);
    }
  }
  return [...last.values()]
    .toSorted((a, b) => (a.referenceDate < b.referenceDate ? 1 : -1))
    .slice(0, weeksBack);
}
