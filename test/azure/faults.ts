import type { StorageClients } from "../../shared/azure/clients.ts";

/** What a dead process does at its next call. The status makes no repetition try to heal it. */
class Crash extends Error {
  readonly statusCode = 418;
  readonly code = "Crash";
}

/** Decides what happens at call `n` (from 1) of a run. */
export type Fault = (
  n: number,
  name: string,
) => "none" | "crash-before" | "crash-after" | (() => Promise<void>);

export type FaultyStorage = { readonly storage: StorageClients; calls(): number };

/**
 * The real clients with a fault at a chosen call. After a crash every call of this storage fails: the process is dead,
 * a restart takes the undamaged clients.
 */
export function faultyStorage(real: StorageClients, fault: Fault): FaultyStorage {
  let n = 0;
  let dead = false;

  async function call(name: string, work: () => Promise<unknown>): Promise<unknown> {
    if (dead) throw new Crash("dead");
    const decision = fault(++n, name);
    if (typeof decision === "function") await decision();
    if (decision === "crash-before") throw die();
    if (decision === "crash-after") {
      await work().catch(() => undefined);
      throw die();
    }
    const result = await work();
    if (dead) throw new Crash("dead");
    return result;
  }

  function die(): Crash {
    dead = true;
    return new Crash("crashed");
  }

  async function* list(name: string, items: AsyncIterable<unknown>): AsyncGenerator<unknown> {
    await call(name, async () => undefined);
    yield* items;
  }

  function wrapped<T extends object>(client: T): T {
    return new Proxy(client, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== "function") return value;
        const name = String(property);
        return (...input: unknown[]) => {
          const start = () => Reflect.apply(value, target, input);
          if (/^(get(Block)?BlobClient)$/.test(name)) return wrapped(start());
          if (/^list/.test(name)) return list(name, start());
          return call(name, async () => start());
        };
      },
    });
  }

  return {
    calls: () => n,
    storage: {
      table: (name) => wrapped(real.table(name)),
      container: (name) => wrapped(real.container(name)),
      queue: (name) => wrapped(real.queue(name)),
    },
  };
}
