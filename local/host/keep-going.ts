import type { HostLog } from "./host-log.ts";
import { isAbortError, wait } from "./wait.ts";

export type Guard = { readonly signal: AbortSignal; readonly log: HostLog; readonly retryMs: number };

/**
 * Repeats `step` until the signal ends it. A step that fails is logged, waited for and repeated: a listener never ends
 * because storage was away for a while.
 */
export async function keepGoing(guard: Guard, name: string, step: () => Promise<void>): Promise<void> {
  while (!guard.signal.aborted) {
    try {
      await step();
    } catch (error) {
      if (guard.signal.aborted || isAbortError(error)) return;
      guard.log.write({ level: "warning", message: `${name}: ${describe(error)}; tried again` });
      await wait(guard.retryMs, guard.signal);
    }
  }
}

/** Status and code of a storage error, the message of any other. */
export function describe(error: unknown): string {
  const status = statusOf(error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (status !== undefined) return `storage answered ${status} ${code}`.trim();
  return error instanceof Error ? error.message : String(error);
}

export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("statusCode" in error)) return undefined;
  return typeof error.statusCode === "number" ? error.statusCode : undefined;
}
