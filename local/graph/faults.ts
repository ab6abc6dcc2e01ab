import { z } from "zod";
import { GraphRefusal } from "./graph-call.ts";

const kinds = ["status", "status-after", "reset", "reset-after"] as const;

export const faultSchema = z.strictObject({
  /** Answer a status or cut the connection, before the call does anything or after it has. */
  kind: z.enum(kinds),
  /** Default 503 before, 504 after. */
  status: z.int().min(400).max(599).optional(),
  retryAfterSeconds: z.int().nonnegative().optional(),
  /** Only calls of this method. */
  method: z.string().optional(),
  /** Only calls whose decoded address holds this text. */
  path: z.string().optional(),
  /** How many calls; default 1. */
  times: z.int().positive().default(1),
});

type Fault = z.input<typeof faultSchema>;
type Armed = z.output<typeof faultSchema>;

/** Failures on demand: what goes wrong at the next calls, and which files somebody has open. */
export type Faults = {
  add(fault: Fault): void;
  /** The file at this path of the library is open in Excel: writing answers 423. */
  lock(path: string): void;
  unlock(path: string): void;
  clear(): void;
  /** The fault this call meets, if any; it counts as used. */
  take(method: string, path: string): Armed | undefined;
  /** @throws {GraphRefusal} 423 */
  checkLock(path: string): void;
};

export function createFaults(): Faults {
  const locked = new Set<string>();
  let armed: Armed[] = [];
  return {
    add(fault) {
      armed.push(faultSchema.parse(fault));
    },
    lock: (path) => void locked.add(path),
    unlock: (path) => void locked.delete(path),
    clear() {
      armed = [];
      locked.clear();
    },
    take(method, path) {
      const found = armed.find((fault) => fits(fault, method, path));
      if (found === undefined) return undefined;
      found.times -= 1;
      armed = armed.filter((fault) => fault.times > 0);
      return found;
    },
    checkLock(path) {
      if (locked.has(path)) throw new GraphRefusal(423, "resourceLocked", "The file is open for editing");
    },
  };
}

function fits(fault: Armed, method: string, path: string): boolean {
  return (fault.method ?? method) === method && path.includes(fault.path ?? "");
}
