import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from "@azure/functions";
import { readReportRequest } from "../shared/azure/build-report.ts";
import { functionLog } from "../shared/azure/function-log.ts";
import { readOperatorRequest } from "../shared/azure/operator-request.ts";
import { surroundings } from "../shared/azure/surroundings.ts";
import { sendMessage } from "../shared/azure/work-queue.ts";

/**
 * The "now" twin of the timer, for operators: orders the report of the present week, or of `stichtag` (a Friday) to
 * rebuild an earlier one. Ordering the same twice builds it once.
 */
async function startReportNow(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const around = await surroundings(functionLog(context));
  const order = await readOperatorRequest(request, around);
  if (order.kind === "refused") return { status: order.status };
  const { stichtag, ...rest } = order.fields;
  const message = {
    now: around.now().toISOString(),
    ...(stichtag === undefined ? {} : { referenceDate: stichtag }),
  };
  try {
    if (Object.keys(rest).length > 0) return { status: 400 };
    await sendMessage(around.storage, "berichte", readReportRequest(message));
    return { status: 202, jsonBody: { bestellt: true } };
  } catch (error) {
    if (error instanceof SyntaxError) return { status: 400 };
    throw error;
  }
}

app.http("start-report-now", {
  methods: ["POST"],
  authLevel: "anonymous",
  route: "berichte/jetzt",
  handler: startReportNow,
});
