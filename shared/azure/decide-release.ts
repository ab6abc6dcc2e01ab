import { z } from "zod";
import { findRelease, handOnRelease, moveRelease, type Release } from "./release-store.ts";
import type { Surroundings } from "./surroundings.ts";
import { sendMessage } from "./work-queue.ts";

const decisionSchema = z.strictObject({ entscheidung: z.enum(["freigeben", "zurueckweisen"]) });
export type ReleaseDecision = z.output<typeof decisionSchema>["entscheidung"];

/** A decision as an operator's form or program sends it; undefined where it is none. */
export function readReleaseDecision(body: unknown): ReleaseDecision | undefined {
  return decisionSchema.safeParse(body).data?.entscheidung;
}

/**
 * Releases or refuses a held report on an operator's word. Who decided stands in the release.
 * @returns the release afterwards; undefined where there is none, or it is not held.
 */
export async function decideRelease(
  around: Surroundings,
  id: string,
  decision: ReleaseDecision,
  operator: string,
): Promise<Release | undefined> {
  const releases = around.storage.table("Releases");
  const release = await findRelease(releases, id);
  if (release?.state !== "held") return undefined;
  const facts = { decidedBy: operator, decidedAt: around.now().toISOString() };
  const decided =
    decision === "freigeben"
      ? await handOnRelease(releases, release, facts)
      : await moveRelease(releases, id, "withdrawn", facts);
  if (decided.state === "publishing")
    await sendMessage(around.storage, "veroeffentlichungen", { releaseId: id });
  around.log("release.decided", { release: id, state: decided.state });
  return decided;
}
