import { AuditedRelease } from "../disclosure/audited-release.ts";

/**
 * The first line of every writer: a cast, a copy or a clone of a release stops here.
 *
 * @throws {TypeError} unless `AuditedRelease.audit` made the release.
 */
export function checkAudited(release: AuditedRelease): void {
  if (typeof release !== "object" || release === null || !AuditedRelease.isAudited(release)) {
    throw new TypeError("Cannot write a release: it must come from the audit itself");
  }
}
