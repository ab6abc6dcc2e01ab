import { app, type InvocationContext } from "@azure/functions";
import { functionLog } from "../shared/azure/function-log.ts";
import { libraryOf, publishRelease, readPublishMessage } from "../shared/azure/publish-release.ts";
import { surroundings } from "../shared/azure/surroundings.ts";

/** Runs for each release in the queue "veroeffentlichungen": carries out its plan, going on where it stopped. */
async function runPublishRelease(message: unknown, context: InvocationContext): Promise<void> {
  const around = await surroundings(functionLog(context));
  await publishRelease(around, libraryOf(around.settings), readPublishMessage(message));
}

app.storageQueue("publish-release", {
  queueName: "veroeffentlichungen",
  connection: "RegisterStorage",
  handler: runPublishRelease,
});
