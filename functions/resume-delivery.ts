import { app, type InvocationContext } from "@azure/functions";
import { functionLog } from "../shared/azure/function-log.ts";
import { resumeDelivery } from "../shared/azure/resume-delivery.ts";
import { surroundings } from "../shared/azure/surroundings.ts";

/** Runs for a delivery that waited or was interrupted: sent by an address file's completion, the sweep or a decision. */
app.storageQueue("resume-delivery", {
  queueName: "lieferungen",
  connection: "RegisterStorage",
  handler: resume,
});

async function resume(message: unknown, context: InvocationContext): Promise<void> {
  await resumeDelivery(message, await surroundings(functionLog(context)));
}
