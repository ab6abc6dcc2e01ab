import type { Log } from "./surroundings.ts";

/** The log of one invocation: one line per event, its facts as JSON. */
export function functionLog(context: { log(...parts: unknown[]): void }): Log {
  return (event, facts) => context.log(`${event} ${JSON.stringify(facts)}`);
}
