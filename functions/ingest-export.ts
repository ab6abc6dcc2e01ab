import { app, type InvocationContext } from "@azure/functions";
import { ResourceFactoryResolver } from "@azure/functions-extensions-base";
import { functionLog } from "../shared/azure/function-log.ts";
import { ingestDelivery } from "../shared/azure/ingest-delivery.ts";
import { surroundings } from "../shared/azure/surroundings.ts";

const container = "exports/";
const resolver = ResourceFactoryResolver.getInstance();
// With a factory the host hands over a pointer instead of the whole blob. The pointer itself is not needed.
if (!resolver.hasResourceFactory("AzureStorageBlobs")) {
  resolver.registerResourceFactory("AzureStorageBlobs", () => ({}));
}

/** Runs when a department has dropped an export into its folder. */
app.storageBlob("ingest-export", {
  path: `${container}{name}`,
  connection: "RegisterStorage",
  source: "EventGrid",
  sdkBinding: true,
  handler: ingestExport,
});

/** The path comes from the trigger: a placeholder such as `{name}` would turn "2026" into a number. */
async function ingestExport(_blob: unknown, context: InvocationContext): Promise<void> {
  const path = String(context.triggerMetadata?.["blobTrigger"]);
  if (!path.startsWith(container)) throw new RangeError('Cannot ingest: the blob must lie in "exports"');
  await ingestDelivery(path.slice(container.length), await surroundings(functionLog(context)));
}
