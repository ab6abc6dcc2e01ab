// The whole app: one line per trigger, and the settings are checked before the first one runs.
import { app } from "@azure/functions";
import { readSettings } from "../shared/azure/settings.ts";
import "./ingest-export.ts";
import "./resume-delivery.ts";
import "./sweep-deliveries.ts";
import "./decide-delivery.ts";
import "./schedule-report.ts";
import "./start-report-now.ts";
import "./build-report.ts";
import "./publish-release.ts";
import "./decide-release.ts";
import "./web.ts";

app.hook.appStart(() => {
  readSettings(process.env);
});
