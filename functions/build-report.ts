import { app, type InvocationContext } from "@azure/functions";
import { buildReport, readReportRequest } from "../shared/azure/build-report.ts";
import { functionLog } from "../shared/azure/function-log.ts";
import { surroundings } from "../shared/azure/surroundings.ts";

/** Runs for each order in the queue "berichte": from the deliveries in force to an audited release. */
async function runBuildReport(message: unknown, context: InvocationContext): Promise<void> {
  await buildReport(await surroundings(functionLog(context)), readReportRequest(message));
}

app.storageQueue("build-report", {
  queueName: "berichte",
  connection: "RegisterStorage",
  handler: runBuildReport,
});
