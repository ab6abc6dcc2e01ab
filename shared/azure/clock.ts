import type { Environment } from "./settings.ts";

/**
 * The reference "now" of every stored and released fact. Locally the host sets `REFERENCE_NOW`, so that two fresh runs
 * give the same bytes; in Azure it is the clock.
 *
 * @throws {RangeError} if `REFERENCE_NOW` is no instant, or stands beside the address of real storage.
 */
export function now(env: Environment = process.env): Date {
  const reference = env["REFERENCE_NOW"];
  if (reference === undefined || reference === "") return new Date();
  if ((env["RegisterStorage__blobServiceUri"] ?? "") !== "") {
    throw new RangeError("Cannot read the clock: REFERENCE_NOW must not be set where real storage is named");
  }
  const instant = new Date(reference);
  if (Number.isNaN(instant.getTime())) {
    throw new RangeError("Cannot read the clock: REFERENCE_NOW must be an ISO instant");
  }
  return instant;
}
