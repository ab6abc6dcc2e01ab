import { z } from "zod";
import { hostRequestSchema } from "./host-messages.ts";
import { type Host, startHost } from "./start-host.ts";

/** The environment variable in which the start program passes the host's options as JSON. */
const optionsVariable = "LOCAL_HOST_OPTIONS";

const optionsSchema = z.strictObject({
  app: z.string(),
  connectionString: z.string(),
  port: z.int().exactOptional(),
  hostId: z.string().exactOptional(),
  token: z.string().exactOptional(),
  tokenResources: z.array(z.url()).exactOptional(),
  keys: z.object({ master: z.string(), function: z.string(), blobs: z.string() }).exactOptional(),
  localSecret: z.string().exactOptional(),
  logFile: z.string().exactOptional(),
  pollMs: z.number().exactOptional(),
  queuePollMs: z.number().exactOptional(),
  retryAfterMs: z.number().exactOptional(),
  messageLeaseMs: z.number().exactOptional(),
  timerLeaseSeconds: z.number().exactOptional(),
  storageRetryMs: z.number().exactOptional(),
  maxBodyBytes: z.number().exactOptional(),
  drainMs: z.number().exactOptional(),
});

function readOptions() {
  const options = optionsSchema.parse(JSON.parse(process.env[optionsVariable] ?? "{}"));
  delete process.env[optionsVariable]; // it holds keys, which the application has no business with
  return options;
}

async function main(): Promise<void> {
  let host: Host | undefined;
  let isStopping = false;
  async function stop(): Promise<void> {
    if (isStopping) return;
    isStopping = true;
    await host?.stop();
    process.exit(0);
  }
  process.on("SIGTERM", () => void stop());
  process.on("SIGINT", () => void stop());
  process.on("disconnect", () => void stop()); // whoever started it is gone
  process.on("message", (message) => {
    const request = hostRequestSchema.parse(message);
    if ("now" in request) {
      host?.setNow(request.now);
      process.send?.({ now: request.now });
    } else void stop();
  });
  host = await startHost(readOptions());
  process.send?.({ ready: true, url: host.url });
  console.log(`Functions host on ${host.url}`);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : "unknown";
  process.send?.({ failed: message });
  console.error(message);
  process.exitCode = 1;
  if (process.connected) process.disconnect();
  setImmediate(() => process.exit(1));
});
