import { app, type InvocationContext, type Timer } from "@azure/functions";
import { functionLog } from "../shared/azure/function-log.ts";
import { scheduleReports } from "../shared/azure/schedule-reports.ts";
import { surroundings } from "../shared/azure/surroundings.ts";

/**
 * Wakes on REPORT_SCHEDULE (UTC, hourly) and orders what is due: weekday and hour of the report stand in office.json and
 * are meant in OFFICE_TIME_ZONE. A late wake-up is normal and changes nothing.
 */
async function scheduleReport(_timer: Timer, context: InvocationContext): Promise<void> {
  await scheduleReports(await surroundings(functionLog(context)));
}

app.timer("schedule-report", { schedule: "%REPORT_SCHEDULE%", handler: scheduleReport });
