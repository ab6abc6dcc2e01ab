import { app, type InvocationContext, type Timer } from "@azure/functions";
import { functionLog } from "../shared/azure/function-log.ts";
import { surroundings } from "../shared/azure/surroundings.ts";
import { sweepDeliveries } from "../shared/azure/sweep-deliveries.ts";

/** Runs every five minutes, so that a missed event or a killed run costs no more than that. */
app.timer("sweep-deliveries", { schedule: "0 */5 * * * *", handler: sweep });

async function sweep(_timer: Timer, context: InvocationContext): Promise<void> {
  await sweepDeliveries(await surroundings(functionLog(context)), new Date());
}
