import type { Invoke } from "./invoke.ts";
import type { Guard } from "./keep-going.ts";
import type { PumpOptions } from "./queue-pump.ts";
import type { MessageEncoding } from "./queue-text.ts";

/** host.json with this machine's overrides; all times in milliseconds. */
export type HostSettings = {
  readonly routePrefix: string;
  readonly maxBodyBytes: number;
  readonly queues: PumpOptions & { readonly messageEncoding: MessageEncoding };
  readonly blobs: PumpOptions & {
    /** Shortest pause between two scans of a container. */
    readonly pollMs: number;
  };
  readonly timers: {
    /** Storage allows 15 to 60 s. */
    readonly leaseSeconds: number;
  };
};

/** What every listener needs. The host id is part of all names of its state, as in Azure. */
export type HostContext = Guard & {
  readonly hostId: string;
  readonly invoke: Invoke;
  readonly options: HostSettings;
};

/** Container of receipts, locks and timer states in the host's own storage. */
export const hostContainer = "azure-webjobs-hosts";

/** The id of a function in the names of the host's state. */
export function stateName(functionName: string): string {
  return `Host.Functions.${functionName}`;
}
